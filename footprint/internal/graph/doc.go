// Package graph is the flow network as a graph without the codes.
//
// In: a flow matrix. Out: a graph in compressed rows, or walks over the
// matrix's pairs. It may import flow only.
package graph
