// Package ensemble says where a map lies among all the maps that the rules
// allow: it draws maps at random from a stated distribution, by Markov chains
// whose every step is reversible, and says how far the draws can be trusted.
//
// In: areas, who borders whom, demands, and flows where there are any. Out: maps,
// figures of each map, percentiles with their error, and exact lists of all
// maps where there are few. It may import flow, flow/portable, footprint and
// footprint/internal.
//
//	space, err := ensemble.NewSpace(ensemble.Problem{Areas: n, Pairs: pairs, Demands: footprint.Constraints{Footprints: 4}})
//	run := ensemble.Sampling{Space: space, Samples: 10_000, Chains: 4}
//	err = run.Run(ctx, run.None(), keep)
//
// # What is sampled
//
// The measure Trees gives a map a weight in proportion to the product of its
// parts' numbers of spanning trees, which favours compact maps. The measure
// Uniform gives every map that meets the demands the same weight.
//
// # Kernels
//
// Merge-split joins two neighbouring parts, draws a uniform spanning tree of
// both (Wilson), and cuts it at an edge chosen among those that leave both sides
// within the bounds of people. The state holds a spanning tree of each part, so
// that the Metropolis–Hastings ratio needs counts of edges only, and a
// determinant for Uniform alone. A flip moves one area over a border. A map that
// breaks any other demand is turned down.
//
// # References
//
//   - Wilson DB (1996). Generating random spanning trees more quickly than the
//     cover time. STOC 96:296-303. doi:10.1145/237814.237880
//   - Autry EA, Carter D, Herschlag GJ, Hunter Z, Mattingly JC (2021).
//     Metropolized multiscale forest recombination for redistricting. Multiscale
//     Modeling & Simulation 19:1885-1914. doi:10.1137/21M1406854
//   - Cannon S, Duchin M, Randall D, Rule P (2022). Spanning tree methods for
//     sampling graph partitions. arXiv:2210.01401
//   - Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021).
//     Rank-normalization, folding, and localization: an improved R-hat. Bayesian
//     Analysis 16:667-718. doi:10.1214/20-BA1221
//   - Besag J, Clifford P (1989). Generalized Monte Carlo significance tests.
//     Biometrika 76:633-642. doi:10.1093/biomet/76.4.633
//   - Chikina M, Frieze A, Pegden W (2017). Assessing significance in a Markov
//     chain without mixing. PNAS 114:2860-2864. doi:10.1073/pnas.1617540114
package ensemble
