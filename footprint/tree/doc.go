// Package tree makes footprints by merging two regions at a time: Ward and
// Intramax.
//
// In: a flow matrix and demands. Out: a partition, or the whole tree of merges.
// It may import flow, footprint and footprint/internal.
package tree
