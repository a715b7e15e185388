// Package merge finds which of today's systems should become one.
//
//	in:     flows, today's map, who borders whom, and what new systems must be
//	out:    a table of pairs, the best map for each number of systems with a proof
//	        or a bound, the maps that are nearly as good, and mergers weighed
//	import: flow, footprint
//
// What a map of whole systems keeps is a sum over pairs: the patients that
// today's systems keep, and those that systems of one union exchange. So a map of
// K systems is a partition of today's into K unions, and the best one is found
// exactly for the 42 to 150 systems that there are:
//
//	p, err := merge.New(merge.Input{Matrix: m, Today: today, Neighbours: borders})
//	best, err := merge.NewSolver(p).Best(ctx, 37)
//	// best.Groups, best.Kept, best.Bound, best.Optimal
//
// # How
//
// Unions that meet the demands are columns of a set partition. The linear program
// over all of them, of which those are made that matter (column generation),
// bounds each part of a search that has pairs of systems together or apart. The
// best union at given prices is one side of a smallest cut, because what a union
// keeps never falls as it grows; where that union breaks a demand, a search
// decides about one system at a time. A map is called optimal only where no part
// of the search is left whose bound exceeds it.
//
// # References
//
//   - Garfinkel and Nemhauser 1970, districts by set partitioning,
//     doi:10.1287/mnsc.16.8.B495
//   - Barnhart et al. 1998, branch and price, doi:10.1287/opre.46.3.316
//   - Picard and Ratliff 1975, quadratic functions and smallest cuts,
//     doi:10.1002/net.3230050405
//   - Dinic 1970, the largest flow, Soviet Mathematics Doklady 11, 1277–1280
//   - Ryan and Foster 1981, branching on pairs, in Computer Scheduling of Public
//     Transport, 269–280
package merge
