package leiden

import (
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// sound joins footprints that are no health systems by themselves to the one
// that each exchanges most patients with, the weakest first. Labels come and go
// as 0, 1, ….
func (e *Engine) sound(o *workspace, label []int32, c *footprint.Constraints) []int32 {
	least, ofMean := c.Floor(e.m.OneMode())
	if least == 0 && ofMean == 0 {
		return label
	}
	for {
		n := grouping.Count(label)
		residents, inside := e.holdings(label, n)
		weak := e.weakest(residents, inside, least, float64(ofMean*e.total)/float64(n))
		for len(weak) > 0 && !e.joinMost(label, weak[0], n) {
			weak = weak[1:]
		}
		if len(weak) == 0 {
			return label
		}
		o.Compact(label, n)
	}
}

// connected says whether the flow network is one piece. A piece by itself may be
// of any size.
func (e *Engine) connected() bool {
	g, sets := e.g.Both(), grouping.NewSets(e.g.Nodes)
	for p := range int32(g.Nodes) {
		g.Neighbours(p, func(u int32, w float64) {
			if w > 0 {
				sets.Union(p, u)
			}
		})
	}
	_, n := sets.Labels()
	return n == 1
}

// raiseFloor asks for more patients in a footprint where a map of no given
// number has one far below the mean, and says whether it did.
func (e *Engine) raiseFloor(j *planJob, y *layout) bool {
	_, ofMean := j.l.Constraints.Floor(e.m.OneMode())
	if j.l.Constraints.Footprints > 0 || ofMean == 0 || j.goal.rules.minResidents > 0 {
		return false
	}
	size, k := e.total, float64(y.footprints())
	for c := range y.held {
		if t := &y.held[c]; t.size > 0 {
			size = min(size, t.residents)
		}
	}
	if size >= float64(ofMean*e.total)/k || !e.connected() {
		return false
	}
	// Fewer footprints have a larger mean: ask for a little more.
	j.goal.rules.minResidents = float64(2*ofMean*e.total) / k
	return true
}

// holdings are the patients of each footprint's areas, and those of them who are
// treated there.
func (e *Engine) holdings(label []int32, n int) (residents, inside []float64) {
	residents, inside = make([]float64, n), make([]float64, n)
	for a, v := range e.src.Area {
		residents[label[v]] += e.rowTotal(a)
	}
	g := e.g.Both()
	for p := range int32(g.Providers) {
		inside[label[p]] += g.WeightTo(p, label, label[p])
	}
	return residents, inside
}

// weakest lists the footprints below the floor, by localisation index.
func (e *Engine) weakest(residents, inside []float64, least, size float64) []int32 {
	var weak []int32
	for f := range residents {
		if x := residents[f]; x > 0 && (inside[f] < least*x || x < size) {
			weak = append(weak, int32(f))
		}
	}
	slices.SortStableFunc(weak, func(a, b int32) int {
		return compareShares(inside[a], residents[a], inside[b], residents[b])
	})
	return weak
}

// compareShares compares a/b with c/d, of which b and d are above 0.
func compareShares(a, b, c, d float64) int {
	switch x, y := float64(a*d), float64(c*b); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// joinMost joins footprint f to the one that it exchanges most patients with,
// and says whether there is one.
func (e *Engine) joinMost(label []int32, f int32, n int) bool {
	flow := make([]float64, n)
	g := e.g.Both()
	for v := range int32(g.Nodes) {
		if label[v] == f {
			g.Neighbours(v, func(u int32, w float64) { flow[label[u]] += w })
		}
	}
	to := int32(-1)
	for d, w := range flow {
		if int32(d) != f && w > 0 && (to < 0 || w > flow[to]) {
			to = int32(d)
		}
	}
	if to < 0 {
		return false
	}
	for v, c := range label {
		if c == f {
			label[v] = to
		}
	}
	return true
}

// soundCount is how many footprints a layout has once each that misses a demand
// has joined others; 0 where that does not help.
func (s *search) soundCount(y *layout) int {
	part := slices.Clone(y.label)
	n := s.o.Compact(part, s.p.g.Nodes)
	q := s.p.coarsen(s.o, part, n)
	for {
		c, d := q.mend()
		if c < 0 {
			break
		}
		n--
		next := q.coarsen(s.o, mergedLabels(n+1, min(c, d), max(c, d)), n)
		s.o.release(q)
		q = next
	}
	defer s.o.release(q)
	if s.mendable(q.unit) {
		return 0
	}
	return n
}

// mend finds the unit that misses most and what it had best join; c is -1 where
// nothing is missing or nothing may join.
func (p *plan) mend() (c, d int32) {
	most := 0.0
	c, d = -1, -1
	for v := range p.unit {
		if s := p.rules.short(&p.unit[v]); s > most {
			most, c = s, int32(v)
		}
	}
	if c < 0 {
		return -1, -1
	}
	best := 0.0
	p.g.Neighbours(c, func(u int32, w float64) {
		if u == c || w == 0 || !p.joinable(c, u) {
			return
		}
		if gain := p.union(c, u, w); d < 0 || gain > best {
			best, d = gain, u
		}
	})
	if d < 0 {
		return -1, -1
	}
	return c, d
}
