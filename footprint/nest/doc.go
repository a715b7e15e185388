// Package nest makes partitions whose footprints lie in each other.
//
// In: a flow matrix, and numbers of footprints or a partition to nest around.
// Out: levels of partitions. It may import flow, footprint, footprint/leiden and
// footprint/internal.
package nest
