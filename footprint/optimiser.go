package footprint

import (
	"context"
	"math/rand/v2"
)

// optimiser is the working memory of one run at a time, kept between runs so
// that a sweep allocates once.
type optimiser struct {
	f      float64 // γ times the network's factor
	single bool    // start from single nodes, not from areas at their best provider
	whole  bool    // what optimise gave is known to be footprints in one piece
	gained float64 // what moves have gained, in patients
	tol    float64 // gains up to this are taken for rounding
	two    bool    // nodes have two masses
	refine bool    // Leiden; without it, Louvain
	keep   bool    // moves neither empty a label nor open one
	rng    *rand.Rand
	pcg    *rand.PCG

	levels []*level
	top    int // the highest level of the last iteration
	stars  stars

	// Scratch, by label or node.
	sx, sy   []float64 // masses of each label
	size     []int32   // nodes of each label
	free     []int32   // labels without nodes
	acc      []float64
	met      []int32
	queue    []int32
	waiting  []bool
	inside   []float64 // weight of a node to its own footprint
	rx, ry   []float64 // refinement: masses of each part
	start    []int32
	members  []int32
	relabel  []int32
	placed   []bool
	newLabel []int32
}

// level is one network of the hierarchy with its labels; part maps its nodes
// to the nodes of the next level.
type level struct {
	g     *network
	own   network // what g points to, except at the lowest level
	label []int32
	part  []int32
}

func newOptimiser(n int) *optimiser {
	o := &optimiser{pcg: rand.NewPCG(0, 0)}
	o.rng = rand.New(o.pcg)
	o.acc = make([]float64, n)
	o.met = make([]int32, 0, n+1)
	return o
}

func (o *optimiser) level(d int) *level {
	for len(o.levels) <= d {
		o.levels = append(o.levels, &level{})
	}
	return o.levels[d]
}

// optimise improves the labels of g's nodes until an iteration of all levels
// moves nothing, and returns them. The labels are below g.n; start nil begins
// with each node alone.
func (o *optimiser) optimise(ctx context.Context, g *network, start []int32) ([]int32, error) {
	l := o.level(0)
	l.g = g
	o.whole = false
	l.label = grow(l.label, g.n)
	l.part = grow(l.part, g.n)
	if g.providers > 0 && !o.single {
		return o.optimiseStars(ctx, g, start)
	}
	if start != nil {
		copy(l.label, start)
	}
	for first := start == nil; ; first = false {
		moves, err := o.iterate(ctx, 0, first)
		if err != nil {
			return nil, err
		}
		if moves == 0 && !first {
			return l.label, nil
		}
	}
}

// iterate goes once up all levels:
//  1. move nodes between footprints while that gains;
//  2. refine: build each footprint anew of well-connected parts;
//  3. make the parts the nodes of the next level, placed as their members were;
//  4. when nothing is left to join, hand the labels down.
func (o *optimiser) iterate(ctx context.Context, base int, first bool) (moves int, err error) {
	if l := o.level(base); first {
		for v := range l.label {
			l.label[v] = int32(v)
		}
	}
	d := base
	for {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		l := o.level(d)
		parts := 0
		moves += o.move(l.g, l.label)
		if o.refine {
			parts = o.refineParts(l)
		} else {
			copy(l.part, l.label)
			parts = o.compact(l.part, l.g.n)
		}
		if parts == l.g.n {
			break
		}
		up := o.level(d + 1)
		o.aggregate(l, parts, up)
		up.label = grow(up.label, parts)
		up.part = grow(up.part, parts)
		for v, p := range l.part {
			up.label[p] = l.label[v]
		}
		o.compact(up.label, l.g.n)
		d++
	}
	o.top = d
	for ; d > base; d-- {
		up, down := o.levels[d], o.levels[d-1]
		for v, p := range down.part {
			down.label[v] = up.label[p]
		}
	}
	return moves, nil
}

// compact renames labels, all under below, to 0, 1, … in the order of their first node and gives
// their number.
func (o *optimiser) compact(label []int32, below int) int {
	o.relabel = grow(o.relabel, below)
	for i := range o.relabel {
		o.relabel[i] = -1
	}
	k := int32(0)
	for v, c := range label {
		if o.relabel[c] < 0 {
			o.relabel[c] = k
			k++
		}
		label[v] = o.relabel[c]
	}
	return int(k)
}

// move takes nodes off a queue and puts each where quality gains most, or alone
// where that is best, until no node wants to move. Labels are below g.n. It
// gives the number of moves, and leaves in o.inside each node's weight to its
// own footprint.
func (o *optimiser) move(g *network, label []int32) int {
	n := g.n
	o.sx, o.size = zeroed(o.sx, n), zeroed(o.size, n)
	o.waiting, o.queue = grow(o.waiting, n), grow(o.queue, n)
	o.inside = grow(o.inside, n)
	if o.two {
		o.sy = zeroed(o.sy, n)
	}
	for v, c := range label {
		o.sx[c] += g.x[v]
		o.size[c]++
		if o.two {
			o.sy[c] += g.y[v]
		}
		o.waiting[v] = true
	}
	o.free = o.free[:0]
	for c := n - 1; c >= 0; c-- {
		if o.size[c] == 0 {
			o.free = append(o.free, int32(c))
		}
	}
	o.order(g, o.queue)

	moves := 0
	head, length := 0, n
	for length > 0 {
		v := o.queue[head]
		if head++; head == n {
			head = 0
		}
		length--
		o.waiting[v] = false

		c := label[v]
		met := g.gather(v, label, o.acc, o.met)
		xv := g.x[v]
		px, py := o.f*xv, 0.0
		if o.two {
			px, py = o.f*g.y[v], o.f*xv
		}
		// Leave c for the time of the comparison.
		o.sx[c] -= xv
		inside := o.acc[c]
		stay := inside - px*o.sx[c]
		if o.two {
			o.sy[c] -= g.y[v]
			stay -= py * o.sy[c]
		}
		best, to, there := stay+o.tol, c, inside
		for _, d := range met {
			w := o.acc[d]
			s := w - px*o.sx[d]
			if o.two {
				s -= py * o.sy[d]
			}
			if s > best || s == best && d < to {
				best, to, there = s, d, w
			}
			o.acc[d] = 0
		}
		if o.keep {
			if o.size[c] == 1 {
				to, there = c, inside
			}
		} else if best < 0 && o.size[c] > 1 && stay < -o.tol {
			to, there = o.free[len(o.free)-1], 0
		}
		o.inside[v] = there
		o.sx[to] += xv
		if o.two {
			o.sy[to] += g.y[v]
		}
		if to == c {
			continue
		}
		moves++
		if there == 0 { // alone, which gains nothing and loses nothing
			best = 0
		}
		o.gained += best - stay
		label[v] = to
		if o.size[to]++; o.size[to] == 1 {
			o.free = o.free[:len(o.free)-1]
		}
		if o.size[c]--; o.size[c] == 0 {
			o.sx[c] = 0
			if o.two {
				o.sy[c] = 0
			}
			o.free = append(o.free, c)
		}
		if g.thin != nil {
			length = enqueue(g.thin[g.ptr[v]:g.ptr[v+1]], label, c, to, o, head, length)
		} else {
			length = enqueue(g.wide[g.ptr[v]:g.ptr[v+1]], label, c, to, o, head, length)
		}
	}
	return moves
}

// enqueue puts the neighbours of a node that moved from one footprint to
// another, except those there, at the end of the queue.
func enqueue[W weight](arcs []arc[W], label []int32, from, to int32, o *optimiser, head, length int) int {
	queue, waiting, inside := o.queue, o.waiting, o.inside
	for _, e := range arcs {
		c := label[e.to]
		if c == to {
			inside[e.to] += float64(e.w)
			continue
		}
		if c == from {
			inside[e.to] -= float64(e.w)
		}
		if waiting[e.to] {
			continue
		}
		waiting[e.to] = true
		at := head + length
		if at >= len(queue) {
			at -= len(queue)
		}
		queue[at] = e.to
		length++
	}
	return length
}

// smallNetwork is the number of nodes below which a walk in random order costs
// no more than one along memory.
const smallNetwork = 2000

// order fills queue with the nodes: in a flow network the areas as they lie,
// from a random one on, and then the providers shuffled; else all shuffled.
func (o *optimiser) order(g *network, queue []int32) {
	nA := g.n - g.providers
	if g.providers == 0 || g.n < smallNetwork {
		for i := range queue {
			queue[i] = int32(i)
		}
		o.rng.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
		return
	}
	turn := o.rng.IntN(max(1, nA))
	for i := range nA {
		v := i + turn
		if v >= nA {
			v -= nA
		}
		queue[i] = int32(g.providers + v)
	}
	tail := queue[nA:]
	for i := range tail {
		tail[i] = int32(i)
	}
	o.rng.Shuffle(len(tail), func(i, j int) { tail[i], tail[j] = tail[j], tail[i] })
}

// refineParts builds l.part: nodes start alone and join, within their
// footprint, the part where quality gains most; both must be well connected to
// the rest of the footprint. o.inside holds each node's weight to its own
// footprint. It gives the number of parts.
func (o *optimiser) refineParts(l *level) int {
	g, n := l.g, l.g.n
	label, part := l.label, l.part
	o.sx = zeroed(o.sx, n)
	o.rx = grow(o.rx, n)
	copy(o.rx, g.x)
	if o.two {
		o.sy = zeroed(o.sy, n)
		o.ry = grow(o.ry, n)
		copy(o.ry, g.y)
	}
	o.placed, o.queue = zeroed(o.placed, n), grow(o.queue, n)
	// From here on inside is the weight from a part to the rest of its footprint.
	for v, c := range label {
		part[v] = int32(v)
		o.sx[c] += g.x[v]
		if o.two {
			o.sy[c] += g.y[v]
		}
	}
	o.order(g, o.queue)
	for _, v := range o.queue {
		if o.placed[v] {
			continue // others joined it
		}
		c := label[v]
		if !o.wellConnected(v, c) {
			continue
		}
		met := g.gatherWithin(v, label, c, part, o.acc, o.met)
		px, py := o.f*g.x[v], 0.0
		if o.two {
			px, py = o.f*g.y[v], o.f*g.x[v]
		}
		best, to := 0.0, v
		for _, s := range met {
			if s == v {
				continue
			}
			gain := o.acc[s] - px*o.rx[s]
			if o.two {
				gain -= py * o.ry[s]
			}
			if (gain > best || gain == best && gain > 0 && s < to) && o.wellConnected(s, c) {
				best, to = gain, s
			}
		}
		if to != v {
			part[v] = to
			o.placed[to] = true
			o.inside[to] += o.inside[v] - 2*o.acc[to]
			o.rx[to] += g.x[v]
			o.rx[v] = 0
			if o.two {
				o.ry[to] += g.y[v]
				o.ry[v] = 0
			}
		}
		for _, s := range met {
			o.acc[s] = 0
		}
	}
	return o.compact(part, n)
}

// wellConnected says that part s has at least the expected flow with the rest
// of footprint c.
func (o *optimiser) wellConnected(s, c int32) bool {
	expected := 0.0
	if o.two {
		expected = o.f * (o.rx[s]*(o.sy[c]-o.ry[s]) + o.ry[s]*(o.sx[c]-o.rx[s]))
	} else {
		expected = o.f * o.rx[s] * (o.sx[c] - o.rx[s])
	}
	return o.inside[s] >= expected-o.tol
}

// weightTo is the weight of v's arcs to nodes with label c.
func (g *network) weightTo(v int32, label []int32, c int32) float64 {
	if g.thin != nil {
		return weightTo(g.thin[g.ptr[v]:g.ptr[v+1]], label, c)
	}
	return weightTo(g.wide[g.ptr[v]:g.ptr[v+1]], label, c)
}

func weightTo[W weight](arcs []arc[W], label []int32, c int32) float64 {
	s := 0.0
	for _, e := range arcs {
		if label[e.to] == c {
			s += float64(e.w)
		}
	}
	return s
}

// aggregate makes the network whose nodes are the parts of l's.
func (o *optimiser) aggregate(l *level, parts int, up *level) {
	g, part := l.g, l.part
	o.start, o.members = zeroed(o.start, parts+1), grow(o.members, g.n)
	for _, p := range part {
		o.start[p+1]++
	}
	for p := range parts {
		o.start[p+1] += o.start[p]
	}
	o.relabel = grow(o.relabel, parts)
	copy(o.relabel, o.start[:parts])
	for v, p := range part {
		o.members[o.relabel[p]] = int32(v)
		o.relabel[p]++
	}
	h := &up.own
	up.g = h
	h.n, h.providers = parts, 0
	h.ptr = grow(h.ptr, parts+1)
	h.loop, h.x = zeroed(h.loop, parts), zeroed(h.x, parts)
	if o.two {
		h.y = zeroed(h.y, parts)
	}
	h.thin = nil
	arcs := h.wide[:0]
	h.ptr[0] = 0
	for p := range parts {
		met := o.met[:0]
		for _, v := range o.members[o.start[p]:o.start[p+1]] {
			if g.thin != nil {
				met = gather(g.thin[g.ptr[v]:g.ptr[v+1]], part, o.acc, met)
			} else {
				met = gather(g.wide[g.ptr[v]:g.ptr[v+1]], part, o.acc, met)
			}
			h.loop[p] += g.loop[v]
			h.x[p] += g.x[v]
			if o.two {
				h.y[p] += g.y[v]
			}
		}
		for _, q := range met {
			w := o.acc[q]
			o.acc[q] = 0
			if w == 0 {
				continue
			}
			if int(q) == p {
				h.loop[p] += w / 2
				continue
			}
			arcs = append(arcs, arc[float64]{q, w})
		}
		h.ptr[p+1] = len(arcs)
		o.met = met
	}
	h.wide = arcs
}

// quality is the quality of labels, in the scale of weigh.
func (g *network) quality(q Quality, f, scale float64, label []int32) float64 {
	sx, sy := make([]float64, g.n), make([]float64, g.n)
	inside := 0.0
	for v := range int32(g.n) {
		c := label[v]
		switch {
		case g.providers == 0:
			inside += g.loop[v] + g.weightTo(v, label, c)/2
		case int(v) >= g.providers:
			inside += g.weightTo(v, label, c)
		}
		sx[c] += g.x[v]
		if g.y != nil {
			sy[c] += g.y[v]
		}
	}
	expected := 0.0
	for c := range sx {
		switch q {
		case CPM:
			expected += sx[c] * (sx[c] - 1) / 2
		case Bipartite:
			expected += sx[c] * sy[c]
		default:
			expected += sx[c] * sx[c] / 2
		}
	}
	return (inside - f*expected) / scale
}
