// Package infomap finds footprints by the map equation.
//
// In: a flow matrix and demands. Out: a partition, or the codelength of one. It
// may import flow, footprint and footprint/internal.
package infomap
