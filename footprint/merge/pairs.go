package merge

import (
	"cmp"
	"slices"
)

// Pair is two of today's systems as one.
type Pair struct {
	Rank         int // 1 is the pair that gains most
	A, B         int32
	Patients     float64 // who would no longer leave their system
	Gain         float64 // the same as a share of all patients
	People       float64 // NaN where not known
	Providers    int     // that count
	Localisation float64 // of the weakest system of the map with this one merger
	Neighbours   bool    // they border each other, or exchange patients where no borders are known
	Nested       bool    // they lie in one unit, or consist of whole ones
	Reason       string  // what the union breaks; empty where it meets every demand
}

// Feasible says whether the union meets every demand.
func (p Pair) Feasible() bool { return p.Reason == "" }

// Pairs lists every two systems that are neighbours or exchange patients, from
// the greatest gain to the least, pairs of equal gain by their systems.
func (p *Problem) Pairs() []Pair {
	var list []Pair
	for i := range int32(p.Systems) {
		for j := i + 1; j < int32(p.Systems); j++ {
			if p.Between(i, j) > 0 || p.touch[i].has(j) {
				list = append(list, p.Pair(i, j))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Pair) int { return cmp.Compare(b.Patients, a.Patients) })
	for k := range list {
		list[k].Rank = k + 1
	}
	return list
}

// Pair is two systems as one, without a rank.
func (p *Problem) Pair(i, j int32) Pair {
	s := setOf(i, j)
	t := p.sum(&s)
	pair := Pair{
		A: i, B: j, Patients: p.Between(i, j), People: t.people, Providers: t.providers,
		Neighbours: p.touch[i].has(j), Nested: p.nested(&s), Reason: p.Reason([]int32{i, j}),
	}
	pair.Gain = pair.Patients / p.Total
	groups := [][]int32{{i, j}}
	for k := range int32(p.Systems) {
		if k != i && k != j {
			groups = append(groups, []int32{k})
		}
	}
	pair.Localisation = p.Weakest(groups)
	return pair
}

// Weakest is the least localisation index of some unions; NaN without patients.
func (p *Problem) Weakest(groups [][]int32) float64 {
	var all []float64
	for _, g := range groups {
		s := setOf(g...)
		if t := p.sum(&s); t.resident > 0 {
			all = append(all, t.localisation())
		}
	}
	return least(all)
}
