package leiden

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// A search for an exact number of footprints goes on from a good layout by
// rounds. Each round cuts the footprints into blocks, which are what another
// run of the method, at a finer resolution, would keep together. It moves whole
// blocks by simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983,
// doi:10.1126/science.220.4598.671), then single units while that gains. A
// block holds its hospital and the areas around it, so that a move need not
// first tear them apart: moves of single units almost never pass that barrier.

const (
	// finest is how many times finer the resolution of a round's blocks may be.
	finest = 8
	// stepsPerBlock is the number of proposals of a round for each block.
	stepsPerBlock = 250
	// swapsOneIn is of how many proposals one exchanges two units.
	swapsOneIn = 8
	// manyUnits is the number of units up to which every other round moves units
	// as they are.
	manyUnits = 150
	// cooling is the temperature at the start of a round over that at its end.
	cooling = 40
)

// temperatures are the least and the largest temperature that a round begins
// with, as a share of the mean footprint's patients.
var temperatures = [2]float64{0.05, 0.3}

// refinery improves layouts of one plan.
type refinery struct {
	e      *Engine
	s      *search
	unit   []int32 // of each node
	gamma  float64 // at which the method gives about the number wanted
	seed   uint64
	stream uint64
	refine bool
	rounds int
}

// newRefinery makes the refinery of a plan of objective and demands.
func (e *Engine) newRefinery(o *workspace, p *plan, j *planJob, stream uint64) *refinery {
	s := &search{p: p, o: o, k: j.l.Constraints.Footprints, rng: rand.New(rand.NewPCG(j.l.Seed, stream))}
	return &refinery{e: e, s: s, unit: j.unit, gamma: j.gamma, seed: j.l.Seed, stream: stream, refine: j.refine}
}

// merit is how good a layout is: what is missing first, then the score.
type merit struct {
	short, score float64
}

// better says whether a is better than b by more than rounding.
func (a merit) better(b merit, penalty float64) bool {
	if a.short != b.short && math.Abs(a.short-b.short) > 1e-12 {
		return a.short < b.short
	}
	return a.score > b.score+float64(1e-12*penalty)
}

// merit of a layout; a wrong number of footprints counts as what is missing.
func (r *refinery) merit(y *layout) merit {
	s := merit{y.short(), y.score()}
	if k := r.s.k; k > 0 {
		s.short += math.Abs(float64(y.footprints() - k))
	}
	return s
}

// improve goes through a number of rounds and leaves the best layout in y.
func (r *refinery) improve(ctx context.Context, y *layout, rounds int) (merit, error) {
	best, top := slices.Clone(y.label), r.merit(y)
	for round := range rounds {
		if ctx.Err() != nil {
			return top, context.Cause(ctx)
		}
		if round%3 == 2 {
			r.rearrange(y)
		}
		block, blocks, err := r.blocks(ctx, y.label)
		if err != nil {
			return top, err
		}
		r.moveBlocks(y, block, blocks)
		if r.s.p.large() {
			y.improve(grouping.Sequence(r.s.p.g.Nodes), true)
		} else {
			r.s.settle(y, true)
		}
		if now := r.merit(y); now.better(top, r.s.p.rules.penalty) {
			copy(best, y.label)
			top = now
		} else {
			copy(y.label, best)
			y.count()
		}
	}
	return top, nil
}

// rearrange joins two footprints and cuts another, which no moves of blocks do.
func (r *refinery) rearrange(y *layout) {
	if r.s.p.large() || r.s.k == 0 || !r.s.shake(y) {
		return
	}
	r.s.reach(y)
	r.s.settle(y, true)
}

// blocks cuts a layout where a finer run of the method has borders.
func (r *refinery) blocks(ctx context.Context, label []int32) ([]int32, int, error) {
	o, p := r.s.o, r.s.p
	gamma := r.gamma * portable.Exp(portable.Log(finest)*r.s.rng.Float64())
	r.rounds++
	if p.g.Nodes <= manyUnits && r.rounds%2 == 0 {
		return grouping.Sequence(p.g.Nodes), p.g.Nodes, nil
	}
	fine, err := r.e.run(ctx, o, gamma, r.seed, r.stream+uint64(r.rounds)<<16, r.refine, nil)
	if err != nil {
		return nil, 0, err
	}
	part := r.e.startOfUnits(o, p, r.unit, fine)
	key := make(map[[2]int32]int32, 4*r.s.k)
	for u, c := range part {
		at := [2]int32{label[u], c}
		id, ok := key[at]
		if !ok {
			id = int32(len(key))
			key[at] = id
		}
		part[u] = id
	}
	block := r.s.pieces(part)
	n := grouping.Count(block)
	if p.large() {
		n = r.s.condense(block, n, blocksWanted(r.s.k), label)
	}
	return block, n, nil
}

// moveBlocks anneals the layout of blocks and puts the best found into y.
func (r *refinery) moveBlocks(y *layout, block []int32, blocks int) {
	o, p, rng := r.s.o, r.s.p, r.s.rng
	q := p.coarsen(o, block, blocks)
	label := make([]int32, blocks)
	for v, b := range block {
		label[b] = y.label[v]
	}
	o.Compact(label, p.g.Nodes)
	share := temperatures[0] * portable.Pow(temperatures[1]/temperatures[0], rng.Float64())
	if blocks == p.g.Nodes {
		share *= 3 // single units stand behind higher barriers
	}
	a := &annealing{y: newLayout(q, label), rng: rng, hot: share * r.e.total / float64(max(1, r.s.k))}
	a.run(stepsPerBlock * blocks)
	for v, b := range block {
		y.label[v] = a.y.label[b]
	}
	o.release(q)
	y.count()
}

// annealing moves units of a layout at random, also where that costs score: the
// less the lower the temperature is.
type annealing struct {
	y       *layout
	rng     *rand.Rand
	hot     float64 // temperature at the start, in patients
	now     merit
	best    []int32
	top     float64
	hasBest bool

	there, back relocation // those that are weighed
}

// run makes a number of proposals and leaves the best layout that meets all
// demands in a.y, or the last where none did.
func (a *annealing) run(steps int) {
	a.now = merit{a.y.short(), a.y.score()}
	a.note()
	t, rate := a.hot, portable.Pow(cooling, -1/float64(steps))
	for range steps {
		t *= rate
		a.propose(t)
	}
	if a.hasBest {
		copy(a.y.label, a.best)
	}
	a.y.count()
}

// note keeps the layout if it is the best so far that meets all demands.
func (a *annealing) note() {
	if a.now.short > 1e-9 || a.hasBest && a.now.score <= a.top {
		return
	}
	a.best = append(a.best[:0], a.y.label...)
	a.top, a.hasBest = a.now.score, true
}

// propose draws a unit and a footprint beside it, and moves the unit there if
// the temperature allows it; now and then it exchanges two units instead. No
// footprint is emptied or falls apart.
func (a *annealing) propose(t float64) {
	y := a.y
	v := int32(a.rng.IntN(y.p.g.Nodes))
	if a.rng.IntN(swapsOneIn) == 0 {
		a.swap(v, t)
		return
	}
	c := y.label[v]
	d := a.beside(v)
	if d < 0 || d == c {
		return
	}
	m := &a.there
	if !a.weigh(m, v, d) || !a.accepts(m.gain-float64(y.p.rules.penalty*m.short), t) || !y.mayLeave(v) {
		return
	}
	a.make(m)
	a.note()
}

// swap exchanges v with a unit that shares a neighbour with it. It passes what
// two moves one after the other may not: two footprints of one provider each
// that exchange them.
func (a *annealing) swap(v int32, t float64) {
	y := a.y
	w := a.sharer(v)
	if w < 0 || y.label[w] == y.label[v] {
		return
	}
	c, d := y.label[v], y.label[w]
	if !y.touches(v, d) || !y.touches(w, c) {
		return
	}
	there, back := &a.there, &a.back
	if !a.weigh(there, v, d) || !y.mayLeave(v) {
		return
	}
	a.make(there)
	ok := a.weigh(back, w, c)
	total := there.gain + back.gain - float64(y.p.rules.penalty*(there.short+back.short))
	if !ok || !y.touches(w, c) || !a.accepts(total, t) || !y.mayLeave(w) {
		a.unmake(there)
		return
	}
	a.make(back)
	a.note()
}

// accepts says whether a change of the score passes at a temperature.
func (a *annealing) accepts(gain, t float64) bool {
	return gain >= 0 || a.rng.Float64() < portable.Exp(max(gain/t, -700))
}

// relocation is the move of a unit to another footprint: what it adds to flow
// inside above expectation and to what is missing, and the holdings after it.
type relocation struct {
	v, from, to int32
	gain, short float64
	left, grown totals
	was, is     totals // the holdings before it, once it is made
}

// weigh works out a move; false where it is not allowed. Most moves that are
// weighed are not made: nothing is copied that is not needed.
func (a *annealing) weigh(m *relocation, v, to int32) bool {
	y := a.y
	p := y.p
	u, from := &p.unit[v], y.label[v]
	if u.anchor != 0 || y.held[from].size == u.size {
		return false
	}
	out, in := p.g.WeightToBoth(v, y.label, from, to)
	if in == 0 || y.conflicts(v, to) {
		return false
	}
	was, is := &y.held[from], &y.held[to]
	m.v, m.from, m.to, m.left, m.grown = v, from, to, *was, *is
	m.left.remove(u, out)
	m.gain = in - out - p.expected(u, &m.grown) + p.expected(u, &m.left)
	m.grown.add(u, in)
	r := &p.rules
	m.short = r.short(&m.left) + r.short(&m.grown) - r.short(was) - r.short(is)
	return true
}

// make carries a move out.
func (a *annealing) make(m *relocation) {
	y := a.y
	m.was, m.is = y.held[m.from], y.held[m.to]
	y.held[m.from], y.held[m.to], y.label[m.v] = m.left, m.grown, m.to
	a.now.score += m.gain - float64(y.p.rules.penalty*m.short)
	a.now.short += m.short
}

// unmake takes the last move back.
func (a *annealing) unmake(m *relocation) {
	y := a.y
	y.held[m.from], y.held[m.to], y.label[m.v] = m.was, m.is, m.from
	a.now.score -= m.gain - float64(y.p.rules.penalty*m.short)
	a.now.short -= m.short
}

// touches says whether v, where it lies on the ground, has a neighbour there in
// footprint c; c without any land is touched by all.
func (y *layout) touches(v, c int32) bool {
	p := y.p
	if p.ground == nil || p.unit[v].onGround == 0 || y.held[c].onGround == 0 {
		return true
	}
	for _, u := range p.ground.Near(v) {
		if y.label[u] == c {
			return true
		}
	}
	return false
}

// sharer draws a unit two arcs of flow away from v, or -1.
func (a *annealing) sharer(v int32) int32 {
	g := a.y.p.g
	for range 2 {
		at, end := g.Ptr[v], g.Ptr[v+1]
		if at == end {
			return -1
		}
		v = g.End(at + a.rng.IntN(end-at))
	}
	return v
}

// beside draws the footprint of a neighbour of v: on the ground where it lies
// there, else by flow; -1 where it has none.
func (a *annealing) beside(v int32) int32 {
	p, label := a.y.p, a.y.label
	if p.ground != nil && p.unit[v].onGround > 0 {
		near := p.ground.Near(v)
		if len(near) == 0 { // all its neighbours are inside its own block
			return -1
		}
		return label[near[a.rng.IntN(len(near))]]
	}
	at, end := p.g.Ptr[v], p.g.Ptr[v+1]
	if at == end {
		return -1
	}
	return label[p.g.End(at+a.rng.IntN(end-at))]
}

// strongest raises the localisation index of the weakest footprint: it asks for
// more and more of it, by halving, and keeps what could be had.
func (r *refinery) strongest(ctx context.Context, y *layout, rounds int) (merit, error) {
	rules := &r.s.p.rules
	top := r.merit(y)
	// What is missing weighs about a footprint here, not more than all together,
	// so that a search may pass maps that miss a little.
	rules.penalty = 2 * r.e.total / float64(max(1, r.s.k))
	best, asked := slices.Clone(y.label), rules.minLocalisation
	halvings, tries := 8, 8
	if r.e.g.Nodes < fewNodes {
		tries = 16 // which are cheap
	}
	for low, high, i := y.weakest(), 1.0, 0; i < tries && top.short == 0; i++ {
		if rules.minLocalisation = (low + high) / 2; i >= halvings {
			rules.minLocalisation = low * (1 + 1e-9) // anything better
		}
		now, err := r.improve(ctx, y, rounds)
		if err != nil {
			return top, err
		}
		if now.short == 0 {
			copy(best, y.label)
			low, asked, top = y.weakest(), rules.minLocalisation, now
			continue
		}
		high = rules.minLocalisation
		copy(y.label, best)
		y.count()
	}
	rules.minLocalisation = asked
	copy(y.label, best)
	y.count()
	return r.merit(y), nil
}

// weakest is the least localisation index of a footprint with residents.
func (y *layout) weakest() float64 {
	least := 1.0
	for c := range y.held {
		if t := &y.held[c]; t.size > 0 && t.residents > 0 {
			least = min(least, t.inside/t.residents)
		}
	}
	return least
}

// objectiveGamma is the resolution at which an objective scores.
func objectiveGamma(o footprint.Objective, resolution float64) float64 {
	if o == footprint.MostInside {
		return 0
	}
	return resolution
}
