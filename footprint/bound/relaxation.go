package bound

import (
	"cmp"
	"context"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// relaxation holds the prices. Nodes are areas, then providers.
type relaxation struct {
	limits
	m                *flow.Matrix
	areas, providers int
	label            []int32   // of the map to start from
	footprints       int       // exact number; 0 for any
	mass             []float64 // strength of each node
	square           float64   // what the square of a footprint's strength costs
	order            []int     // providers; the one that treats most is first
	rank             []int     // place of each provider in order
	scale            float64   // mean patients of a footprint

	price    []float64   // of each node
	branches [][]*branch // of each provider
	chosen   []*branch   // the leading branches of the providers that count
	least    float64     // worth of the last of them: what is below does not count
	cut      *cutter
	covered  []float64 // by node: 1 less the number of chosen footprints that hold it
	linear   []float64
	marked   []bool // by area
}

func newRelaxation(m *flow.Matrix, p footprint.Partition, c footprint.Constraints, o Options) *relaxation {
	nA, nP := len(m.Areas()), len(m.Providers())
	n, total := nA+nP, m.Total().Value
	r := &relaxation{
		m: m, areas: nA, providers: nP, label: slices.Concat(p.Areas, p.Providers), footprints: o.Footprints,
		limits: newLimits(nA, total, c), mass: make([]float64, n), scale: total / float64(max(1, p.Len())),
		price: make([]float64, n), branches: make([][]*branch, nP), cut: newCutter(m),
		covered: make([]float64, n), linear: make([]float64, n), marked: make([]bool, nA),
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
	r.order, r.rank = make([]int, nP), make([]int, nP)
	for j := range r.order {
		r.order[j] = j
	}
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(m.ColumnTotal(b), m.ColumnTotal(a)) })
	for k, j := range r.order {
		r.rank[j] = k
	}
	r.start(p.Len())
	return r
}

// start sets prices at which the map to start from is worth what it is: each
// place's half of what it exchanges inside, less its share of the size.
func (r *relaxation) start(k int) {
	size := r.sizes(k)
	for v, f := range r.label {
		if f >= 0 {
			r.price[v] = -2 * r.square * size[f] * r.mass[v]
		}
	}
	r.eachInside(func(a, j int, w float64) {
		r.price[a] += w / 2
		r.price[r.areas+j] += w / 2
	})
	areas := grouping.Sequence(r.areas)
	for j := range r.providers {
		b := &branch{leader: j, areas: areas, worth: math.Inf(1)}
		if f := r.label[r.areas+j]; f >= 0 {
			b.tangent = size[f]
		}
		r.branches[j] = []*branch{b}
	}
}

// sizes are the strengths of the footprints of the map to start from.
func (r *relaxation) sizes(k int) []float64 {
	size := make([]float64, k)
	for v, f := range r.label {
		if f >= 0 {
			size[f] += r.mass[v]
		}
	}
	return size
}

// eachInside visits the flows inside footprints of the map to start from.
func (r *relaxation) eachInside(visit func(area, provider int, w float64)) {
	for a := range r.areas {
		ps, ws := r.m.Row(a)
		for k, j := range ps {
			if f := r.label[a]; f >= 0 && f == r.label[r.areas+int(j)] {
				visit(a, int(j), ws[k])
			}
		}
	}
}

// value is what the map to start from reaches, in patients.
func (r *relaxation) value() float64 {
	k, v := int32(0), 0.0
	for _, f := range r.label {
		k = max(k, f+1)
	}
	r.eachInside(func(_, _ int, w float64) { v += w })
	for _, x := range r.sizes(int(k)) {
		v -= float64(r.square * x * x)
	}
	return v
}

const (
	// firstSteps are made before branches are parted: at first prices are too far
	// from good ones to say which of them matter.
	firstSteps = 10
	// manyPairs is from how many pairs of area and provider on half of the steps
	// are made before: branches there cost nearly as much as what they are part of.
	manyPairs = 20_000
	// partEvery is how many steps lie between partings.
	partEvery = 2
	// patience is how many steps may pass without a lower bound until steps become
	// shorter by the factor shorter.
	patience = 5
	shorter  = 0.7
	// mostWork is how many pairs of area and provider all cuts may look at.
	mostWork = 20_000_000_000
)

// descend lowers the bound by steps along subgradients, whose length Polyak's
// rule gives, and by parting branches. It returns the lowest bound met.
func (r *relaxation) descend(ctx context.Context, value float64, steps int) (float64, error) {
	best, pace, idle, first := math.Inf(1), shorter, 0, firstSteps
	if r.m.Len() >= manyPairs {
		first = max(first, steps/2)
	}
	for step := range steps {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		now, parting := r.evaluate(), step >= first && step%partEvery == 0
		parted := parting && r.part()
		if parted {
			now = r.evaluate()
		}
		if now < best-1e-7*value {
			best, idle = now, 0
		} else if idle++; idle == patience {
			pace, idle = pace*shorter, 0
		}
		if best-value < 1e-7*value || r.cut.work > mostWork {
			break
		}
		if moved := r.move(pace * max(now-value, 0)); !moved && parting && !parted {
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
	r.chosen = r.chosen[:0]
	for j := range r.providers {
		if b := r.leading(j); b != nil {
			r.chosen = append(r.chosen, b)
		}
	}
	slices.SortStableFunc(r.chosen, func(a, b *branch) int { return cmp.Compare(b.worth, a.worth) })
	k := r.footprints
	if k == 0 {
		for k < len(r.chosen) && r.chosen[k].worth > 0 {
			k++
		}
	}
	r.chosen, r.least = r.chosen[:min(k, len(r.chosen))], 0
	for _, b := range r.chosen {
		sum += b.worth
		if r.footprints > 0 {
			r.least = b.worth
		}
	}
	return sum
}

// move changes the prices against the subgradient of the chosen footprints by a
// step of this excess; false where there is nothing to move along. Sizes and
// people are measured in mean footprints, so that all slopes are alike.
func (r *relaxation) move(excess float64) bool {
	for v := range r.covered {
		r.covered[v] = 1
	}
	norm := 0.0
	for _, b := range r.chosen {
		for _, v := range b.members {
			r.covered[v]--
		}
		norm += r.slope(b)
	}
	for _, g := range r.covered {
		norm += float64(g * g)
	}
	if norm == 0 || excess == 0 {
		return false
	}
	step := excess / norm
	for _, b := range r.chosen {
		r.shift(b, step)
	}
	r.raise(step)
	for v, g := range r.covered {
		r.price[v] -= float64(step * g)
	}
	return true
}

// raise adds to what each branch is worth at most what it can gain as prices go
// down by step times what is not covered.
func (r *relaxation) raise(step float64) {
	later := make([]float64, r.providers+1) // what providers from a rank on gain
	for k, j := range slices.Backward(r.order) {
		later[k] = later[k+1] + max(0, r.covered[r.areas+j])
	}
	for j, bs := range r.branches {
		from := r.covered[r.areas+j] + later[r.rank[j]+1]
		for _, b := range bs {
			gain := from
			for _, a := range b.areas {
				gain += max(0, r.covered[a])
			}
			for _, a := range b.in {
				gain += min(0, r.covered[a])
			}
			b.worth += float64(step * gain)
			b.fresh = false
		}
	}
}
