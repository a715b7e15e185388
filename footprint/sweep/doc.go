// Package sweep runs methods many times: over resolutions and seeds, to choose a
// number of footprints, and on resampled flows, to say how sure a partition is.
//
// In: a flow matrix and settings. Out: runs, what they have in common, a
// recommendation with its reasons. It may import flow, footprint,
// footprint/compare, footprint/leiden and footprint/internal.
package sweep
