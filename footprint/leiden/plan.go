package leiden

import (
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
	"stpmap/footprint/leiden/internal/optimise"
)

// A plan is the clustering under demands: units (nodes that must stay together)
// with what the demands are about, on the flow network and on the ground.
type plan struct {
	g      *network.Network
	unit   []totals
	ground *footprint.Ground // nil where contiguity is not asked
	apart  [][]int32
	inside [][]int32 // groups of apart that each unit is in; nil without apart
	rules  rules
	f      float64 // γ times the network's factor

	own    optimise.Level // what g and ground of a coarse plan point to
	around footprint.Ground
}

// totals is what a unit or a footprint holds.
type totals struct {
	x, y      float64 // masses
	people    float64
	residents float64 // patients who live there
	inside    float64 // of these, treated there
	size      int32   // units
	areas     int32
	providers int32
	counted   int32 // providers that count for the demand on their number
	onGround  int32 // units with a neighbour on the ground
	anchor    int32 // 1 + the footprint that fixed nodes hold it to; 0 for none
}

func (t *totals) add(u *totals, w float64) {
	t.x += u.x
	t.y += u.y
	t.people += u.people
	t.residents += u.residents
	t.inside += u.inside + w
	t.size += u.size
	t.areas += u.areas
	t.providers += u.providers
	t.counted += u.counted
	t.onGround += u.onGround
	t.anchor = max(t.anchor, u.anchor)
}

func (t *totals) remove(u *totals, w float64) {
	t.x -= u.x
	t.y -= u.y
	t.people -= u.people
	t.residents -= u.residents
	t.inside -= u.inside + w
	t.size -= u.size
	t.areas -= u.areas
	t.providers -= u.providers
	t.counted -= u.counted
	t.onGround -= u.onGround // an anchored unit never leaves
}

// rules are the demands on one footprint.
type rules struct {
	minPeople, maxPeople float64 // maxPeople +Inf where there is none
	minLocalisation      float64
	minResidents         float64 // least and most patients a footprint may hold
	maxResidents         float64
	minProviders         int32 // least number of providers that count
	bothKinds            bool
	penalty              float64 // in patients, for one whole demand unmet
}

// short says by how much a footprint misses its demands: 0 where it meets
// them, else at least a half for each demand missed and more the more is
// missing. To be too large counts more than two too small, so that these do
// not join into it.
func (r *rules) short(t *totals) float64 {
	if t.size == 0 {
		return 0
	}
	s := 0.0
	if t.people < r.minPeople {
		s += 0.5 + 0.5*(r.minPeople-t.people)/r.minPeople
	}
	if t.people > r.maxPeople {
		s += 2 + (t.people-r.maxPeople)/r.maxPeople
	}
	if t.residents > r.maxResidents {
		s += 2 + (t.residents-r.maxResidents)/r.maxResidents
	}
	if r.minLocalisation > 0 && t.inside < r.minLocalisation*t.residents {
		s += 0.5 + float64(0.5*(r.minLocalisation-t.inside/t.residents))
	}
	if t.residents < r.minResidents {
		s += 0.5 + float64(0.5*(r.minResidents-t.residents)/r.minResidents)
	}
	if t.counted < r.minProviders {
		s += 0.5 + float64(0.5*float64(r.minProviders-t.counted)/float64(r.minProviders))
	}
	if r.bothKinds {
		if t.areas == 0 {
			s++
		}
		if t.providers == 0 {
			s++
		}
	}
	return s
}

// coarsen makes the plan whose units are the parts, numbered 0, 1, …, of p's.
// Its memory is taken from o and may be given back with o.release.
func (p *plan) coarsen(o *workspace, part []int32, parts int) *plan {
	q := &plan{}
	if n := len(o.spare); n > 0 {
		q, o.spare = o.spare[n-1], o.spare[:n-1]
	}
	o.TwoMasses = p.g.Y != nil
	o.Aggregate(&optimise.Level{Network: p.g, Part: part}, parts, &q.own)
	q.g, q.rules, q.f = q.own.Network, p.rules, p.f
	q.unit = work.Zeroed(q.unit, parts)
	q.ground, q.apart, q.inside = nil, nil, nil
	for v, c := range part {
		q.unit[c].add(&p.unit[v], 0)
	}
	for c := range q.unit {
		t := &q.unit[c]
		t.inside = q.g.Loop[c]
		t.size = 1
		t.onGround = min(t.onGround, 1)
	}
	if p.ground != nil {
		// Aggregate has listed the members of each part.
		o.Renamed = work.Grow(o.Renamed, parts)
		p.ground.Merge(&q.around, part, o.PartStart, o.PartMembers, o.Renamed)
		q.ground = &q.around
	}
	if len(p.apart) > 0 {
		q.setApart(partsOf(p.apart, part))
	}
	return q
}

// partsOf gives the parts that hold members of groups.
func partsOf(groups [][]int32, part []int32) [][]int32 {
	out := make([][]int32, len(groups))
	for i, group := range groups {
		for _, v := range group {
			out[i] = append(out[i], part[v])
		}
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}

func (p *plan) setApart(groups [][]int32) {
	p.apart = groups
	p.inside = make([][]int32, p.g.Nodes)
	for i, group := range groups {
		for _, v := range group {
			p.inside[v] = append(p.inside[v], int32(i))
		}
	}
}

// release gives back a plan of coarsen that is no longer needed.
func (o *workspace) release(q *plan) { o.spare = append(o.spare, q) }

// touching says whether two units may share a footprint as far as the ground
// goes: they border each other, or one is an island.
func (p *plan) touching(c, d int32) bool {
	return p.ground == nil || p.unit[c].onGround == 0 || p.unit[d].onGround == 0 || p.ground.Borders(c, d)
}

// expected is the expected flow between two holdings.
func (p *plan) expected(a, b *totals) float64 {
	if p.g.Y != nil {
		return p.f * (float64(a.x*b.y) + float64(a.y*b.x))
	}
	return p.f * a.x * b.x
}

// layout is a division of a plan's units into footprints.
type layout struct {
	p     *plan
	label []int32
	held  []totals // by label; size 0 where the label is free

	acc     []float64
	met     []int32
	touch   []int32 // by label: 1 + the unit whose ground neighbour has it
	queue   []int32
	waiting []bool
	walk    grouping.Walk // on the ground
	flows   network.Walk
	near    []int32
}

// newLayout takes labels below the number of units.
func newLayout(p *plan, label []int32) *layout {
	y := &layout{}
	y.reset(p, label)
	return y
}

// reset makes y the layout of another plan in the same memory.
func (y *layout) reset(p *plan, label []int32) {
	n := p.g.Nodes
	y.p, y.label = p, label
	y.held = work.Grow(y.held, n)
	// These are left as a search needs to find them.
	y.acc, y.touch, y.waiting = work.Grow(y.acc, n), work.Grow(y.touch, n), work.Grow(y.waiting, n)
	y.walk.Room(n)
	y.flows.Room(n)
	y.met = work.Grow(y.met, n+1)[:0]
	y.count()
}

// count fills held from the labels.
func (y *layout) count() {
	clear(y.held)
	for v, c := range y.label {
		y.held[c].add(&y.p.unit[v], y.p.g.WeightTo(int32(v), y.label, c)/2)
	}
}

// short is how much all footprints together miss their demands.
func (y *layout) short() float64 {
	s := 0.0
	for c := range y.held {
		s += y.p.rules.short(&y.held[c])
	}
	return s
}

// score is what the search makes larger: flow inside above expectation, less
// the penalty of what is missing.
func (y *layout) score() float64 {
	s := 0.0
	for c := range y.held {
		t := &y.held[c]
		if t.size == 0 {
			continue
		}
		s += t.inside - y.p.expected(t, t)/2 - float64(y.p.rules.penalty*y.p.rules.short(t))
	}
	return s
}

func (y *layout) footprints() int {
	k := 0
	for c := range y.held {
		if y.held[c].size > 0 {
			k++
		}
	}
	return k
}

// conflicts says whether a unit that must be apart from v is in footprint d.
func (y *layout) conflicts(v, d int32) bool {
	if y.p.inside == nil {
		return false
	}
	for _, i := range y.p.inside[v] {
		for _, u := range y.p.apart[i] {
			if u != v && y.label[u] == d {
				return true
			}
		}
	}
	return false
}

// improve moves units of the queue, and those whose surroundings changed, to
// footprints beside them while that raises the score, and says whether any
// moved. Every footprint stays in one piece. With keep, none is emptied.
func (y *layout) improve(queue []int32, keep bool) bool {
	y.queue = append(y.queue[:0], queue...)
	for _, v := range y.queue {
		y.waiting[v] = true
	}
	tol := 1e-12 * y.p.rules.penalty
	moved := false
	for head := 0; head < len(y.queue); head++ {
		v := y.queue[head]
		y.waiting[v] = false
		if head > 4096 && head > len(y.queue)/2 {
			y.queue = append(y.queue[:0], y.queue[head+1:]...)
			head = -1
		}
		if to := y.bestMove(v, keep, tol); to >= 0 {
			y.put(v, to)
			moved = true
		}
	}
	return moved
}

// put moves a unit and queues its neighbours.
func (y *layout) put(v, to int32) {
	p, c := y.p, y.label[v]
	y.held[c].remove(&p.unit[v], p.g.WeightTo(v, y.label, c))
	y.held[to].add(&p.unit[v], p.g.WeightTo(v, y.label, to))
	if y.held[c].size == 0 {
		y.held[c] = totals{}
	}
	y.label[v] = to
	wake := func(u int32) {
		if !y.waiting[u] {
			y.waiting[u] = true
			y.queue = append(y.queue, u)
		}
	}
	p.g.Neighbours(v, func(u int32, _ float64) { wake(u) })
	if p.ground != nil {
		for _, u := range p.ground.Near(v) {
			wake(u)
		}
	}
}

// bestMove gives the footprint that v should move to, or -1.
func (y *layout) bestMove(v int32, keep bool, tol float64) int32 {
	p, c := y.p, y.label[v]
	u := &p.unit[v]
	if u.anchor != 0 || keep && y.held[c].size == u.size {
		return -1
	}
	y.met = p.g.Gather(v, y.label, y.acc, y.met)
	left := y.held[c]
	left.remove(u, y.acc[c])
	if left.size == 0 {
		left = totals{}
	}
	r := &p.rules
	stay := y.acc[c] - p.expected(u, &left) - float64(r.penalty*(r.short(&y.held[c])-r.short(&left)))
	y.markGround(v, v+1)
	to := y.bestFootprint(v, stay, tol)
	y.markGround(v, 0)
	for _, d := range y.met {
		y.acc[d] = 0
	}
	if to >= 0 && left.size > 0 && !y.mayLeave(v) {
		return -1
	}
	return to
}

// bestFootprint is the footprint of those met, other than its own, where v
// raises the score most above stay, and by more than tol; -1 where none does.
func (y *layout) bestFootprint(v int32, stay, tol float64) int32 {
	p, u, r, c := y.p, &y.p.unit[v], &y.p.rules, y.label[v]
	bound := p.ground != nil && u.onGround > 0
	best, to := tol, int32(-1)
	for _, d := range y.met {
		w := y.acc[d]
		if d == c || w == 0 {
			continue
		}
		h := &y.held[d]
		if bound && h.onGround > 0 && y.touch[d] != v+1 {
			continue
		}
		after := *h
		after.add(u, w)
		s := w - p.expected(u, h) - float64(r.penalty*(r.short(&after)-r.short(h))) - stay
		if (s > best || s == best && d < to) && !y.conflicts(v, d) {
			best, to = s, d
		}
	}
	return to
}

// markGround marks the footprints that v borders.
func (y *layout) markGround(v, mark int32) {
	if y.p.ground == nil {
		return
	}
	for _, w := range y.p.ground.Near(v) {
		y.touch[y.label[w]] = mark
	}
}

// mayLeave says whether v's footprint stays in one piece without it, in the
// flow network and on the ground. The footprint is in one piece with it.
func (y *layout) mayLeave(v int32) bool {
	p, c := y.p, y.label[v]
	if p.ground != nil && p.ground.Landed(v) {
		y.near = y.near[:0]
		for _, u := range p.ground.Near(v) {
			if y.label[u] == c {
				y.near = append(y.near, u)
			}
		}
		if !y.walk.Joins(y.label, v, y.near, p.ground.Visit) {
			return false
		}
	}
	return y.flows.Joins(p.g, y.label, v)
}

// flows calls visit for each unit that exchanges patients with one.
func (p *plan) flows(unit int32, visit func(int32)) {
	p.g.Neighbours(unit, func(t int32, w float64) {
		if w > 0 {
			visit(t)
		}
	})
}
