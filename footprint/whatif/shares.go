package whatif

import (
	"cmp"
	"slices"
)

// LeastCell is how many patients an area must have for its own shares to count.
const LeastCell = 25

// Pools are the shares by which each area's patients choose, without regard to
// distance. An area with fewer than 25 patients takes those of a larger unit: of
// the small areas that lie in it together. Where these are too few, or there is no
// unit, it takes those of the areas whose shares are most alike.
type Pools struct {
	flows  *flows
	unit   []int32 // by area: a unit below 0 is its own
	pooled *flows  // by unit
	alike  map[int32]*flows
	all    []float64 // of everybody, by provider
}

// newPools puts areas together.
func newPools(f *flows, layers [][]int32) *Pools {
	p := &Pools{flows: f, unit: slices.Repeat([]int32{-1}, f.areas()), pooled: &flows{providers: f.providers, start: []int32{0}}, alike: map[int32]*flows{}, all: f.loads()}
	for _, layer := range layers {
		p.pool(layer)
	}
	p.pooled.addUp()
	return p
}

// pool puts the areas that are still too small together by their units.
func (p *Pools) pool(layer []int32) {
	members := map[int32][]int32{}
	var units []int32
	for a, u := range layer {
		if u < 0 || p.unit[a] >= 0 || p.flows.total[a] >= LeastCell {
			continue
		}
		if members[u] == nil {
			units = append(units, u)
		}
		members[u] = append(members[u], int32(a))
	}
	for _, u := range units {
		to, count, total := p.flows.sum(members[u])
		if total < LeastCell {
			continue
		}
		for _, a := range members[u] {
			p.unit[a] = int32(len(p.pooled.start) - 1)
		}
		p.pooled.to, p.pooled.count = append(p.pooled.to, to...), append(p.pooled.count, count...)
		p.pooled.start = append(p.pooled.start, int32(len(p.pooled.to)))
	}
}

// sum adds the flows of some areas up.
func (f *flows) sum(areas []int32) (to []int32, count []float64, total float64) {
	sum := make([]float64, f.providers)
	for _, a := range areas {
		js, ns := f.row(int(a))
		for i, j := range js {
			sum[j] += ns[i]
		}
	}
	for j, n := range sum {
		if n > 0 {
			to, count, total = append(to, int32(j)), append(count, n), total+n
		}
	}
	return to, count, total
}

// row is what an area's patients choose by: its own, its unit's, or that of
// areas that are alike.
func (p *Pools) row(a int) (to []int32, count []float64) {
	if u := p.unit[a]; u >= 0 {
		return p.pooled.row(int(u))
	}
	if p.flows.total[a] >= LeastCell {
		return p.flows.row(a)
	}
	return p.likest(a, nil)
}

// likest adds up the areas whose shares are most alike to those of an area, until
// they have enough patients outside the providers that are shut.
func (p *Pools) likest(a int, shut []bool) (to []int32, count []float64) {
	if shut == nil {
		if f := p.alike[int32(a)]; f != nil {
			return f.row(0)
		}
	}
	group := []int32{int32(a)}
	enough := p.open(a, shut)
	for _, b := range p.resembling(a) {
		if enough >= LeastCell {
			break
		}
		group = append(group, b)
		enough += p.open(int(b), shut)
	}
	to, count, _ = p.flows.sum(group)
	if shut == nil {
		f := &flows{providers: p.flows.providers, start: []int32{0, int32(len(to))}, to: to, count: count}
		p.alike[int32(a)] = f
	}
	return to, count
}

// open counts an area's patients at providers that are not shut.
func (p *Pools) open(a int, shut []bool) (n float64) {
	to, count := p.flows.row(a)
	for i, j := range to {
		if shut == nil || !shut[j] {
			n += count[i]
		}
	}
	return n
}

// resembling lists the areas that share a provider with an area, those first whose
// shares overlap most.
func (p *Pools) resembling(a int) []int32 {
	own := make([]float64, p.flows.providers)
	to, count := p.flows.row(a)
	for i, j := range to {
		own[j] = count[i] / p.flows.total[a]
	}
	type likeness struct {
		area    int32
		overlap float64
	}
	var list []likeness
	for b := range p.flows.areas() {
		if b == a || !(p.flows.total[b] > 0) {
			continue
		}
		sum := 0.0
		js, ns := p.flows.row(b)
		for i, j := range js {
			sum += min(own[j], ns[i]/p.flows.total[b])
		}
		if sum > 0 {
			list = append(list, likeness{int32(b), sum})
		}
	}
	slices.SortFunc(list, func(x, y likeness) int {
		return cmp.Or(cmp.Compare(y.overlap, x.overlap), cmp.Compare(x.area, y.area))
	})
	out := make([]int32, len(list))
	for i, l := range list {
		out[i] = l.area
	}
	return out
}

// shares sets the probability of each provider that is open to an area's
// patients; shut has an entry for each provider, those that are new among them.
func (p *Pools) shares(a int, shut []bool, out []float64) {
	clear(out)
	to, count := p.row(a)
	if spread(to, count, shut, out) {
		return
	}
	to, count = p.likest(a, shut)
	if spread(to, count, shut, out) {
		return
	}
	everybody := make([]int32, len(p.all))
	for j := range everybody {
		everybody[j] = int32(j)
	}
	spread(everybody, p.all, shut, out)
}

// spread makes shares of counts, leaving out what is shut; false where nothing is
// left.
func spread(to []int32, count []float64, shut []bool, out []float64) bool {
	sum := 0.0
	for i, j := range to {
		if !shut[j] {
			sum += count[i]
		}
	}
	if !(sum > 0) {
		return false
	}
	for i, j := range to {
		if !shut[j] {
			out[j] = count[i] / sum
		}
	}
	return true
}
