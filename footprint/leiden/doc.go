// Package leiden finds footprints with the Leiden and Louvain algorithms, under
// any demands.
//
// In: a flow matrix, a quality with its resolution, and demands. Out: a
// partition. An [Engine] holds the network of a matrix for many runs. It may
// import flow, footprint, footprint/internal and its own internal packages.
package leiden
