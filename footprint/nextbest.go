package footprint

import (
	"cmp"
	"slices"

	"stpmap/flow"
)

// NextPlaces finds the next best footprint of every node of a partition: of
// those that a move there would leave within the demands, the one with which
// the node exchanges most patients; of equals the one that loses least
// modularity, then the first. A footprint without exchange is never one.
type NextPlaces struct {
	m  *flow.Matrix
	p  Partition
	cs Constraints

	areas            []int     // of each footprint
	people           []float64 // 0 where they are not known
	resident, inside []float64
	strength         []float64         // Σ of what its nodes send and receive
	counted          []int             // providers that count for the demand on their number
	joined           map[int32][]int32 // by node: all nodes that must be with it
	least, smallest  float64           // localisation index and patients that a footprint may not fall below, if it is not there
}

// NewNextPlaces prepares the search; cs may be the zero value.
func NewNextPlaces(m *flow.Matrix, p Partition, cs Constraints) *NextPlaces {
	n := p.Len()
	x := &NextPlaces{
		m: m, p: p, cs: cs, areas: make([]int, n), people: make([]float64, n),
		resident: make([]float64, n), inside: make([]float64, n), strength: make([]float64, n),
	}
	least, ofMean := cs.Floor(m.OneMode())
	x.least, x.smallest = least, ofMean*m.Total().Value/float64(max(1, n))
	x.counted, x.joined = make([]int, n), map[int32][]int32{}
	for j, f := range p.Providers {
		if f >= 0 && cs.Counts(j) {
			x.counted[f]++
		}
	}
	for _, g := range cs.Joined() {
		for _, v := range g {
			x.joined[v] = append(x.joined[v], g...)
		}
	}
	for a, f := range p.Areas {
		if f < 0 {
			continue
		}
		x.areas[f]++
		if cs.Population != nil {
			x.people[f] += cs.Population[a]
		}
	}
	for f, c := range m.Containments(p.Areas, x.providers(), n) {
		x.resident[f], x.inside[f] = c.Resident.Value, c.Inside.Value
		x.strength[f] = c.Resident.Value + c.Treated.Value
	}
	return x
}

func (x *NextPlaces) providers() []int32 {
	if x.m.OneMode() {
		return x.p.Areas
	}
	return x.p.Providers
}

// Of gives the next best footprint of a node, an area's index or the number of
// areas plus a provider's; -1 where there is none.
func (x *NextPlaces) Of(node int) int32 {
	exchange := x.exchange(node)
	own := x.own(node)
	order := make([]int32, 0, len(exchange))
	for f, w := range exchange {
		if w > 0 && int32(f) != own {
			order = append(order, int32(f))
		}
	}
	slices.SortStableFunc(order, func(f, g int32) int {
		return cmp.Or(cmp.Compare(exchange[g], exchange[f]), cmp.Compare(x.strength[f], x.strength[g]))
	})
	for _, f := range order {
		if x.feasible(node, f, exchange) {
			return f
		}
	}
	return -1
}

func (x *NextPlaces) own(node int) int32 {
	if n := len(x.p.Areas); node >= n {
		return x.p.Providers[node-n]
	}
	return x.p.Areas[node]
}

// exchange is what a node has in common with each footprint; in a one-mode
// matrix of both directions, without what stays in the place itself.
func (x *NextPlaces) exchange(node int) []float64 {
	out := make([]float64, x.p.Len())
	add := func(others []int32, counts []float64, labels []int32) {
		for i, o := range others {
			if f := labels[o]; f >= 0 && !(x.m.OneMode() && int(o) == node) {
				out[f] += counts[i]
			}
		}
	}
	if n := len(x.p.Areas); node >= n {
		others, counts := x.m.Column(node - n)
		add(others, counts, x.p.Areas)
		return out
	}
	others, counts := x.m.Row(node)
	add(others, counts, x.providers())
	if x.m.OneMode() {
		others, counts = x.m.Column(node)
		add(others, counts, x.p.Areas)
	}
	return out
}

// feasible reports whether a move leaves both footprints within the demands.
func (x *NextPlaces) feasible(node int, to int32, exchange []float64) bool {
	cs, own := &x.cs, x.own(node)
	if cs.Fixed != nil && node < len(cs.Fixed) && cs.Fixed[node] || !x.groupsAllow(node, to) {
		return false
	}
	if node >= len(x.p.Areas) {
		return x.providerFeasible(node-len(x.p.Areas), own, to, exchange)
	}
	if own >= 0 && x.areas[own] == 1 && (!cs.AllowSingleKind || cs.Footprints > 0) {
		return false // it is all there is of its footprint
	}
	people, total := 0.0, x.m.RowTotal(node)
	if cs.Population != nil {
		people = cs.Population[node]
	}
	gets := exchange[to]
	if x.m.OneMode() {
		gets += x.m.At(node, node).Value
	}
	switch {
	case cs.MaxPopulation > 0 && x.people[to]+people > cs.MaxPopulation:
		return false
	case cs.MaxShare > 0 && x.resident[to]+total > cs.MaxShare*x.m.Total().Value*(1+1e-9):
		return false
	case cs.MinLocalisation > 0 && x.inside[to]+gets < (cs.MinLocalisation-1e-9)*(x.resident[to]+total):
		return false
	case own >= 0 && cs.MinPopulation > 0 && x.people[own]-people < cs.MinPopulation:
		return false
	case own >= 0 && cs.MinLocalisation > 0 && x.inside[own]-exchange[own] < (cs.MinLocalisation-1e-9)*(x.resident[own]-total):
		return false
	case x.sinks(to, x.resident[to]+total, x.inside[to]+gets), own >= 0 && x.sinks(own, x.resident[own]-total, x.inside[own]-exchange[own]):
		return false
	}
	return cs.Contiguous == nil || x.borders(node, to) && (own < 0 || x.staysWhole(node, own))
}

// sinks reports whether a footprint falls below the floor of what a health system
// is, by these residents' patients and those of them who stay inside. One that is
// below it already does not.
func (x *NextPlaces) sinks(f int32, resident, inside float64) bool {
	was := x.inside[f] < (x.least-1e-9)*x.resident[f] || x.resident[f] < x.smallest
	return !was && (inside < (x.least-1e-9)*resident || resident < x.smallest*(1-1e-9))
}

// providerFeasible is feasible for a provider: neither footprint may be left
// without one, nor keep too few of its residents' patients.
func (x *NextPlaces) providerFeasible(j int, own, to int32, exchange []float64) bool {
	cs := &x.cs
	if own < 0 {
		return true
	}
	others := 0
	for k, f := range x.p.Providers {
		if k != j && f == own {
			others++
		}
	}
	if others == 0 && !cs.AllowSingleKind || cs.Counts(j) && x.counted[own] <= cs.MinProviders && cs.MinProviders > 0 {
		return false
	}
	if x.sinks(own, x.resident[own], x.inside[own]-exchange[own]) {
		return false
	}
	return cs.MinLocalisation <= 0 || x.inside[own]-exchange[own] >= (cs.MinLocalisation-1e-9)*x.resident[own]
}

// groupsAllow reports whether --together, --keep-whole and --apart let a node go.
func (x *NextPlaces) groupsAllow(node int, to int32) bool {
	if slices.ContainsFunc(x.joined[int32(node)], func(v int32) bool { return int(v) != node && x.own(int(v)) != to }) {
		return false
	}
	for _, g := range x.cs.Apart {
		if slices.Contains(g, int32(node)) && slices.ContainsFunc(g, func(v int32) bool { return int(v) != node && x.own(int(v)) == to }) {
			return false
		}
	}
	return true
}

// borders reports whether an area has a neighbour in a footprint, or none at
// all.
func (x *NextPlaces) borders(area int, to int32) bool {
	island := true
	for b := range x.cs.Contiguous.Neighbours(area) {
		island = false
		if x.p.Areas[b] == to {
			return true
		}
	}
	return island
}

// staysWhole reports whether the neighbours of an area in its own footprint are
// connected without it.
func (x *NextPlaces) staysWhole(area int, own int32) bool {
	var near []int
	for b := range x.cs.Contiguous.Neighbours(area) {
		if x.p.Areas[b] == own && !slices.Contains(near, b) {
			near = append(near, b)
		}
	}
	if len(near) < 2 {
		return true
	}
	seen := map[int]bool{area: true, near[0]: true}
	queue := []int{near[0]}
	for len(queue) > 0 {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for b := range x.cs.Contiguous.Neighbours(v) {
			if x.p.Areas[b] == own && !seen[b] {
				seen[b] = true
				queue = append(queue, b)
			}
		}
	}
	return !slices.ContainsFunc(near, func(b int) bool { return !seen[b] })
}
