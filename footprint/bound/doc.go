// Package bound says how good any map could be: an upper bound on what an
// objective can reach, so that the gap of a map found by search is known.
//
// In: a flow matrix, [footprint.Constraints], and a map to start from. Out: a
// bound that no map passes which meets the number of footprints, the bounds on
// people, and one piece on the ground. The other demands are left out: they could
// only lower the best. It may import flow, footprint and footprint/internal.
package bound
