// Package network holds a flow network in the form that Leiden and Louvain walk
// over: arcs of each node, with their flow in four bytes or eight.
//
// In: a flow matrix and a quality. Out: the network, its masses, and sums over a
// node's arcs. It may import flow, footprint and footprint/internal.
package network
