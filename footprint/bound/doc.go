// Package bound says how good any map could be: an upper bound on what an
// objective can reach, so that the gap of a map found by search is known.
//
// In: a flow matrix, [footprint.Constraints], and a map to start from. Out: a
// bound that no map passes which meets the number of footprints and the bounds on
// people. The other demands are left out: they could only lower the best.
// It may import flow and footprint.
package bound
