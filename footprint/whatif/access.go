package whatif

import "math"

// Decay is how much a provider counts at a distance, from 0 to 1.
type Decay func(cost float64) float64

// Within counts all alike up to a limit: the two-step floating catchment (Luo and
// Wang 2003, doi:10.1068/b29120; Radke and Mu 2000).
func Within(limit float64) Decay {
	return func(cost float64) float64 {
		if cost <= limit {
			return 1
		}
		return 0
	}
}

// Zones counts the nearest third of a catchment in full, the middle third 0.68 and
// the last 0.22: the enhanced form (Luo and Qi 2009,
// doi:10.1016/j.healthplace.2009.06.002).
func Zones(limit float64) Decay {
	return func(cost float64) float64 {
		switch {
		case cost <= limit/3:
			return 1
		case cost <= 2*limit/3:
			return 0.68
		case cost <= limit:
			return 0.22
		}
		return 0
	}
}

// Power counts the power −1 of the cost, at least 1, up to a limit.
func Power(limit float64) Decay {
	return func(cost float64) float64 {
		if cost <= limit {
			return 1 / max(cost, 1)
		}
		return 0
	}
}

// Access is the accessibility of each area: first each provider's supply for each
// person of its catchment, and then the sum of these over the providers that an
// area reaches:
//
//	A_i = Σ_j w_ij S_j / Σ_k w_kj P_k
//
// cost sets the costs from an area to every provider, NaN for none. supply and
// people are not negative. An area without people still has access.
func Access(people, supply []float64, cost func(area int, out []float64), w Decay) []float64 {
	row, demand := make([]float64, len(supply)), make([]float64, len(supply))
	for i, n := range people {
		if !(n > 0) {
			continue
		}
		cost(i, row)
		for j, c := range row {
			if !math.IsNaN(c) {
				demand[j] += float64(w(c) * n)
			}
		}
	}
	out := make([]float64, len(people))
	for i := range people {
		cost(i, row)
		for j, c := range row {
			if !math.IsNaN(c) && demand[j] > 0 {
				out[i] += float64(w(c) * (supply[j] / demand[j]))
			}
		}
	}
	return out
}

// Access gives each area's accessibility before and after: supply is what each
// provider treats today, its capacity where that is given, and its size where it
// opens. people are those of each area; patients where nil.
func (r *Result) Access(people []float64, w Decay) (before, after []float64) {
	if r.world.Costs.Of == nil {
		return nil, nil
	}
	if people == nil {
		people = r.world.flows.total
	}
	supplied := func(shut []bool) []float64 {
		supply := make([]float64, len(r.Codes))
		for j, code := range r.Codes {
			if shut[j] {
				continue
			}
			supply[j] = r.world.sizeOf(j)
			if n, ok := r.world.Capacity[code]; ok {
				supply[j] = n
			}
		}
		return supply
	}
	at := func(after bool) func(int, []float64) {
		return func(a int, out []float64) { r.world.costs(a, after, out) }
	}
	before = Access(people, supplied(r.world.shutBefore), at(false), w)
	return before, Access(people, supplied(r.world.shutAfter), at(true), w)
}
