// Package whatif says where patients go when a provider closes, opens or moves,
// under four models side by side, and what that does to the others.
//
//	in:     a flow.Matrix, costs of travel, a [Scenario]
//	out:    a [Result]: the flows after it, loads, diversion, travel
//	import: flow, footprint
//
// Observed flows stay as they are. Only the patients of what changes move: a
// model says with which probability an area's patients choose each provider,
// before and after, and the difference says who leaves and where to.
//
// # References
//
//   - Santos Silva and Tenreyro 2006, doi:10.1162/rest.88.4.641: Poisson maximum
//     likelihood of gravity models.
//   - Raval, Rosenbaum and Wilson 2021, doi:10.1111/1756-2171.12397: models of
//     choice held against hospitals that closed. All standard logits predict too
//     little diversion to the largest receiver; a random coefficient helps.
//   - Luo and Wang 2003, doi:10.1068/b29120, and Luo and Qi 2009,
//     doi:10.1016/j.healthplace.2009.06.002: floating catchments.
package whatif
