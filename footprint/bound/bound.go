package bound

import (
	"cmp"
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
)

// Bound is how far a map is from the best possible.
type Bound struct {
	Value float64 // what the map reaches: modularity, or the share inside
	Bound float64 // what no map can pass, in the same units
	Gap   float64 // by how much of Value the bound is above it; 0 where Value is none
}

// Options are what is bounded, and how long the search for it takes.
type Options struct {
	// Objective is BestQuality (modularity at Resolution) or MostInside.
	Objective  footprint.Objective
	Resolution float64 // γ; 0 means 1
	Footprints int     // exact number; 0 for any
	Steps      int     // of the descent; 0 means 200
}

const defaultSteps = 200

// Of bounds what any map can reach, by Lagrangian relaxation. Each footprint is
// known by the provider of it that treats most; that each place lies in exactly
// one footprint is priced instead of asked, and so are the bounds on people. The
// square of a footprint's size is replaced by a tangent, which is never above
// it. The best footprint of a provider is then a minimum cut, and the best
// footprints together are a bound for any prices (Geoffrion 1974,
// doi:10.1007/BFb0120690); a descent along subgradients finds good prices. The
// error is an *InfeasibleError for what has no bound here.
func Of(ctx context.Context, m *flow.Matrix, p footprint.Partition, c footprint.Constraints, o Options) (Bound, error) {
	if m.OneMode() {
		return Bound{}, footprint.Infeasible("the best possible is bounded for areas and providers only, not for one-mode flows")
	}
	if o.Objective == footprint.StrongestWeakest {
		return Bound{}, footprint.Infeasible("the best possible is bounded for quality and inside, not for weakest")
	}
	r := newRelaxation(m, p, c, o)
	total, value := m.Total().Value, r.value()
	best, err := r.descend(ctx, value, cmp.Or(o.Steps, defaultSteps))
	if err != nil {
		return Bound{}, err
	}
	best += 1e-9 * total // for rounding
	if o.Objective == footprint.MostInside {
		best = min(best, total)
	}
	b := Bound{Value: value / total, Bound: best / total}
	if value > 0 {
		b.Gap = (best - value) / value
	}
	return b, nil
}

// relaxation holds the prices. Nodes are areas, then providers.
type relaxation struct {
	m                *flow.Matrix
	areas, providers int
	label            []int32   // of the map to start from
	footprints       int       // exact number; 0 for any
	mass             []float64 // strength of each node
	square           float64   // what the square of a footprint's strength costs
	people           []float64 // of areas, as patients; nil where not bounded
	least, most      float64   // people of a footprint, as patients; most 0 for no bound
	rank             []int     // of providers: 0 treats most
	scale            float64   // mean patients of a footprint

	price     []float64 // of each node
	tangent   []float64 // of each provider's footprint: the size at which it is exact
	few, many []float64 // prices of too few and too many people, by provider
	worth     []float64 // of the best footprint of each provider
	members   [][]int32 // of that footprint
	chosen    []int     // providers whose footprints count
	cut       *cutter
	covered   []float64 // by node: 1 less the number of chosen footprints that hold it
	linear    []float64
}

func newRelaxation(m *flow.Matrix, p footprint.Partition, c footprint.Constraints, o Options) *relaxation {
	nA, nP := len(m.Areas()), len(m.Providers())
	n, total := nA+nP, m.Total().Value
	r := &relaxation{
		m: m, areas: nA, providers: nP, label: slices.Concat(p.Areas, p.Providers), footprints: o.Footprints,
		mass: make([]float64, n), price: make([]float64, n), covered: make([]float64, n), linear: make([]float64, n),
		tangent: make([]float64, nP), few: make([]float64, nP), many: make([]float64, nP), worth: make([]float64, nP),
		members: make([][]int32, nP), cut: newCutter(m), scale: total / float64(max(1, p.Len())),
	}
	for a := range nA {
		r.mass[a] = m.RowTotal(a)
	}
	for j := range nP {
		r.mass[nA+j] = m.ColumnTotal(j)
	}
	if o.Objective == footprint.BestQuality && total > 0 {
		r.square = cmp.Or(o.Resolution, 1) / (4 * total)
	}
	r.bounds(c, total)
	order := make([]int, nP)
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.ColumnTotal(b), m.ColumnTotal(a)) })
	r.rank = make([]int, nP)
	for k, j := range order {
		r.rank[j] = k
	}
	r.start(p.Len())
	return r
}

// bounds takes over the bounds on people, measured in patients.
func (r *relaxation) bounds(c footprint.Constraints, total float64) {
	if c.Population == nil || c.MinPopulation == 0 && c.MaxPopulation == 0 {
		return
	}
	all := 0.0
	for _, x := range c.Population {
		all += x
	}
	if all == 0 {
		return
	}
	r.people = make([]float64, r.areas)
	for a, x := range c.Population {
		r.people[a] = x * total / all
	}
	r.least, r.most = c.MinPopulation*total/all, c.MaxPopulation*total/all
}

// start sets prices at which the map to start from is worth what it is: each
// place's half of what it exchanges inside, less its share of the size.
func (r *relaxation) start(k int) {
	size := make([]float64, k)
	for v, f := range r.label {
		if f >= 0 {
			size[f] += r.mass[v]
		}
	}
	for v, f := range r.label {
		if f >= 0 {
			r.price[v] = -2 * r.square * size[f] * r.mass[v]
		}
	}
	r.eachPair(func(a, j int, w float64) {
		if f := r.label[a]; f >= 0 && f == r.label[r.areas+j] {
			r.price[a] += w / 2
			r.price[r.areas+j] += w / 2
		}
	})
	for j := range r.providers {
		if f := r.label[r.areas+j]; f >= 0 {
			r.tangent[j] = size[f]
		}
	}
}

func (r *relaxation) eachPair(visit func(area, provider int, w float64)) {
	for a := range r.areas {
		ps, ws := r.m.Row(a)
		for k, j := range ps {
			visit(a, int(j), ws[k])
		}
	}
}

// value is what the map to start from reaches, in patients.
func (r *relaxation) value() float64 {
	k := int32(0)
	for _, f := range r.label {
		k = max(k, f+1)
	}
	size, v := make([]float64, k), 0.0
	for i, f := range r.label {
		if f >= 0 {
			size[f] += r.mass[i]
		}
	}
	r.eachPair(func(a, j int, w float64) {
		if f := r.label[a]; f >= 0 && f == r.label[r.areas+j] {
			v += w
		}
	})
	for _, x := range size {
		v -= float64(r.square * x * x)
	}
	return v
}

// descend lowers the bound by steps along subgradients, whose length Polyak's
// rule gives, and returns the lowest bound met.
func (r *relaxation) descend(ctx context.Context, value float64, steps int) (float64, error) {
	best, pace, idle := 0.0, 1.0, 0
	for step := range steps {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		now := r.evaluate()
		switch {
		case step == 0 || now < best-1e-7*value:
			best, idle = now, 0
		default:
			if idle++; idle == 6 {
				pace, idle = pace*0.6, 0
			}
		}
		if best-value < 1e-7*value || !r.move(pace*max(now-value, 0)) {
			break
		}
	}
	return best, nil
}

// evaluate is the bound at the present prices.
func (r *relaxation) evaluate() float64 {
	sum := 0.0
	for _, u := range r.price {
		sum += u
	}
	for j := range r.providers {
		r.bestFootprint(j)
	}
	order := make([]int, r.providers)
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.worth[b], r.worth[a]) })
	k := r.footprints
	if k == 0 {
		for k < len(order) && r.worth[order[k]] > 0 {
			k++
		}
	}
	r.chosen = order[:min(k, len(order))]
	for _, j := range r.chosen {
		sum += r.worth[j]
	}
	return sum
}

// bestFootprint finds the most that a footprint can be worth of which provider j
// treats most.
func (r *relaxation) bestFootprint(j int) {
	t := r.tangent[j]
	for v := range r.linear {
		r.linear[v] = -r.price[v] - float64(2*r.square*t*r.mass[v])
	}
	fixed := r.square * t * t
	if r.people != nil {
		for a, x := range r.people {
			r.linear[a] += float64((r.few[j] - r.many[j]) * x)
		}
		fixed += float64(r.many[j]*r.most) - float64(r.few[j]*r.least)
	}
	w, members := r.cut.best(r.linear, j, r.rank, r.members[j][:0])
	r.worth[j], r.members[j] = fixed+w, members
}

// move changes the prices against the subgradient of the chosen footprints by a
// step of this excess; false where there is nothing to move along. Sizes and
// people are measured in mean footprints, so that all slopes are alike.
func (r *relaxation) move(excess float64) bool {
	for v := range r.covered {
		r.covered[v] = 1
	}
	slopes := make([]slope, len(r.chosen))
	norm := 0.0
	for i, j := range r.chosen {
		for _, v := range r.members[j] {
			r.covered[v]--
		}
		slopes[i] = r.slopeOf(j)
		norm += slopes[i].square()
	}
	for _, g := range r.covered {
		norm += float64(g * g)
	}
	if norm == 0 || excess == 0 {
		return false
	}
	step := excess / norm
	for v, g := range r.covered {
		r.price[v] -= float64(step * g)
	}
	for i, j := range r.chosen {
		r.few[j] = max(0, r.few[j]-float64(step*slopes[i].few/r.scale))
		r.many[j] = max(0, r.many[j]-float64(step*slopes[i].many/r.scale))
		if r.square > 0 {
			r.tangent[j] = max(0, r.tangent[j]-float64(step*slopes[i].tangent/(2*r.square*r.scale)))
		}
	}
	return true
}

// slope is how the bound changes with the prices of one footprint.
type slope struct{ few, many, tangent float64 }

func (s slope) square() float64 {
	return float64(s.few*s.few) + float64(s.many*s.many) + float64(s.tangent*s.tangent)
}

// slopeOf is the slope of the chosen footprint of a provider.
func (r *relaxation) slopeOf(j int) (s slope) {
	held, size := 0.0, 0.0
	for _, v := range r.members[j] {
		size += r.mass[v]
		if r.people != nil && int(v) < r.areas {
			held += r.people[v]
		}
	}
	if x := (held - r.least) / r.scale; r.least > 0 && (x < 0 || r.few[j] > 0) {
		s.few = x
	}
	if x := (r.most - held) / r.scale; r.most > 0 && (x < 0 || r.many[j] > 0) {
		s.many = x
	}
	if r.square > 0 {
		s.tangent = (r.tangent[j] - size) / r.scale
	}
	return s
}
