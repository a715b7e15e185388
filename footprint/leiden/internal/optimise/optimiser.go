package optimise

import (
	"context"
	"math"
	"math/rand/v2"

	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Optimiser is the working memory of one run at a time, kept between runs so
// that a sweep allocates once.
type Optimiser struct {
	Gamma       float64 // γ times the network's factor
	FromSingles bool    // start from single nodes, not from areas at their best provider
	Joined      bool    // what optimise gave is known to be footprints in one piece
	gained      float64 // what moves have gained, in patients
	Tolerance   float64 // gains up to this are taken for rounding
	TwoMasses   bool    // nodes have two masses
	Refine      bool    // Leiden; without it, Louvain
	KeepNumber  bool    // moves neither empty a label nor open one
	Rand        *rand.Rand
	Source      *rand.PCG

	levels []*Level
	top    int // the highest level of the last iteration
	stars  stars

	// Scratch, by label or node.
	massX, massY []float64 // masses of each label
	size         []int32   // nodes of each label
	free         []int32   // labels without nodes
	Flow         []float64
	Met          []int32
	Queue        []int32
	waiting      []bool
	Inside       []float64 // weight of a node to its own footprint
	partX, partY []float64 // refinement: masses of each part
	PartStart    []int32
	PartMembers  []int32
	Renamed      []int32
	placed       []bool
	Piece        []int32
}

// Level is one network of the hierarchy with its labels; part maps its nodes
// to the nodes of the next level.
type Level struct {
	Network *network.Network
	own     network.Network // what g points to, except at the lowest level
	Label   []int32
	Part    []int32
}

func New(n int) *Optimiser {
	o := &Optimiser{Source: rand.NewPCG(0, 0)}
	o.Rand = rand.New(o.Source)
	o.Flow = make([]float64, n)
	o.Met = make([]int32, 0, n+1)
	return o
}

func (o *Optimiser) level(d int) *Level {
	for len(o.levels) <= d {
		o.levels = append(o.levels, &Level{})
	}
	return o.levels[d]
}

// Optimise improves the labels of g's nodes until an iteration of all levels
// moves nothing, and returns them. The labels are below g.n; start nil begins
// with each node alone.
func (o *Optimiser) Optimise(ctx context.Context, g *network.Network, start []int32) ([]int32, error) {
	l := o.level(0)
	l.Network = g
	o.Joined = false
	l.Label = work.Grow(l.Label, g.Nodes)
	l.Part = work.Grow(l.Part, g.Nodes)
	if g.Providers > 0 && !o.FromSingles {
		return o.optimiseStars(ctx, g, start)
	}
	if start != nil {
		copy(l.Label, start)
	}
	for first := start == nil; ; first = false {
		moves, err := o.iterate(ctx, 0, first)
		if err != nil {
			return nil, err
		}
		if moves == 0 && !first {
			return l.Label, nil
		}
	}
}

// iterate goes once up all levels:
//  1. move nodes between footprints while that gains;
//  2. refine: build each footprint anew of well-connected parts;
//  3. make the parts the nodes of the next level, placed as their members were;
//  4. when nothing is left to join, hand the labels down.
func (o *Optimiser) iterate(ctx context.Context, base int, first bool) (moves int, err error) {
	if l := o.level(base); first {
		for v := range l.Label {
			l.Label[v] = int32(v)
		}
	}
	d := base
	for {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		l := o.level(d)
		parts := 0
		moves += o.Move(l.Network, l.Label)
		if o.Refine {
			parts = o.RefineParts(l)
		} else {
			copy(l.Part, l.Label)
			parts = o.Compact(l.Part, l.Network.Nodes)
		}
		if parts == l.Network.Nodes {
			break
		}
		up := o.level(d + 1)
		o.Aggregate(l, parts, up)
		up.Label = work.Grow(up.Label, parts)
		up.Part = work.Grow(up.Part, parts)
		for v, p := range l.Part {
			up.Label[p] = l.Label[v]
		}
		o.Compact(up.Label, l.Network.Nodes)
		d++
	}
	o.top = d
	for ; d > base; d-- {
		up, down := o.levels[d], o.levels[d-1]
		for v, p := range down.Part {
			down.Label[v] = up.Label[p]
		}
	}
	return moves, nil
}

// Compact renames labels, all under below, to 0, 1, … in the order of their first node and gives
// their number.
func (o *Optimiser) Compact(label []int32, below int) int {
	o.Renamed = work.Grow(o.Renamed, below)
	for i := range o.Renamed {
		o.Renamed[i] = -1
	}
	k := int32(0)
	for v, c := range label {
		if o.Renamed[c] < 0 {
			o.Renamed[c] = k
			k++
		}
		label[v] = o.Renamed[c]
	}
	return int(k)
}

// Move takes nodes off a queue and puts each where quality gains most, or alone
// where that is best, until no node wants to move. Labels are below g.n. It
// gives the number of moves, and leaves in o.inside each node's weight to its
// own footprint.
func (o *Optimiser) Move(g *network.Network, label []int32) int {
	n := g.Nodes
	o.massX, o.size = work.Zeroed(o.massX, n), work.Zeroed(o.size, n)
	o.waiting, o.Queue = work.Grow(o.waiting, n), work.Grow(o.Queue, n)
	o.Inside = work.Grow(o.Inside, n)
	if o.TwoMasses {
		o.massY = work.Zeroed(o.massY, n)
	}
	for v, c := range label {
		o.massX[c] += g.X[v]
		o.size[c]++
		if o.TwoMasses {
			o.massY[c] += g.Y[v]
		}
		o.waiting[v] = true
	}
	o.free = o.free[:0]
	for c := n - 1; c >= 0; c-- {
		if o.size[c] == 0 {
			o.free = append(o.free, int32(c))
		}
	}
	o.order(g, o.Queue)

	moves := 0
	head, length := 0, n
	for length > 0 {
		v := o.Queue[head]
		if head++; head == n {
			head = 0
		}
		length--
		o.waiting[v] = false

		c := label[v]
		met := g.Gather(v, label, o.Flow, o.Met)
		xv := g.X[v]
		px, py := o.Gamma*xv, 0.0
		if o.TwoMasses {
			px, py = o.Gamma*g.Y[v], o.Gamma*xv
		}
		// Leave c for the time of the comparison.
		o.massX[c] -= xv
		inside := o.Flow[c]
		stay := inside - px*o.massX[c]
		if o.TwoMasses {
			o.massY[c] -= g.Y[v]
			stay -= py * o.massY[c]
		}
		best, to, there := stay+o.Tolerance, c, inside
		for _, d := range met {
			w := o.Flow[d]
			s := w - px*o.massX[d]
			if o.TwoMasses {
				s -= py * o.massY[d]
			}
			if s > best || s == best && d < to {
				best, to, there = s, d, w
			}
			o.Flow[d] = 0
		}
		if o.KeepNumber {
			if o.size[c] == 1 {
				to, there = c, inside
			}
		} else if best < 0 && o.size[c] > 1 && stay < -o.Tolerance {
			to, there = o.free[len(o.free)-1], 0
		}
		o.Inside[v] = there
		o.massX[to] += xv
		if o.TwoMasses {
			o.massY[to] += g.Y[v]
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
			o.massX[c] = 0
			if o.TwoMasses {
				o.massY[c] = 0
			}
			o.free = append(o.free, c)
		}
		if g.Thin != nil {
			length = enqueue(g.Thin[g.Ptr[v]:g.Ptr[v+1]], label, c, to, o, head, length)
		} else {
			length = enqueue(g.Wide[g.Ptr[v]:g.Ptr[v+1]], label, c, to, o, head, length)
		}
	}
	return moves
}

// enqueue puts the neighbours of a node that moved from one footprint to
// another, except those there, at the end of the queue.
func enqueue[W network.Weight](arcs []network.Arc[W], label []int32, from, to int32, o *Optimiser, head, length int) int {
	queue, waiting, inside := o.Queue, o.waiting, o.Inside
	for _, e := range arcs {
		c := label[e.To]
		if c == to {
			inside[e.To] += float64(e.Weight)
			continue
		}
		if c == from {
			inside[e.To] -= float64(e.Weight)
		}
		if waiting[e.To] {
			continue
		}
		waiting[e.To] = true
		at := head + length
		if at >= len(queue) {
			at -= len(queue)
		}
		queue[at] = e.To
		length++
	}
	return length
}

// SmallNetwork is the number of nodes below which a walk in random order costs
// no more than one along memory.
const SmallNetwork = 2000

// order fills queue with the nodes: in a flow network the areas as they lie,
// from a random one on, and then the providers shuffled; else all shuffled.
func (o *Optimiser) order(g *network.Network, queue []int32) {
	nA := g.Nodes - g.Providers
	if g.Providers == 0 || g.Nodes < SmallNetwork {
		for i := range queue {
			queue[i] = int32(i)
		}
		o.Rand.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
		return
	}
	turn := o.Rand.IntN(max(1, nA))
	for i := range nA {
		v := i + turn
		if v >= nA {
			v -= nA
		}
		queue[i] = int32(g.Providers + v)
	}
	tail := queue[nA:]
	for i := range tail {
		tail[i] = int32(i)
	}
	o.Rand.Shuffle(len(tail), func(i, j int) { tail[i], tail[j] = tail[j], tail[i] })
}

// RefineParts builds l.part: nodes start alone and join, within their
// footprint, the part where quality gains most; both must be well connected to
// the rest of the footprint. o.inside holds each node's weight to its own
// footprint. It gives the number of parts.
func (o *Optimiser) RefineParts(l *Level) int {
	g, n := l.Network, l.Network.Nodes
	label, part := l.Label, l.Part
	o.massX = work.Zeroed(o.massX, n)
	o.partX = work.Grow(o.partX, n)
	copy(o.partX, g.X)
	if o.TwoMasses {
		o.massY = work.Zeroed(o.massY, n)
		o.partY = work.Grow(o.partY, n)
		copy(o.partY, g.Y)
	}
	o.placed, o.Queue = work.Zeroed(o.placed, n), work.Grow(o.Queue, n)
	// From here on inside is the weight from a part to the rest of its footprint.
	for v, c := range label {
		part[v] = int32(v)
		o.massX[c] += g.X[v]
		if o.TwoMasses {
			o.massY[c] += g.Y[v]
		}
	}
	o.order(g, o.Queue)
	for _, v := range o.Queue {
		if o.placed[v] {
			continue // others joined it
		}
		c := label[v]
		if !o.wellConnected(v, c) {
			continue
		}
		met := g.GatherWithin(v, label, c, part, o.Flow, o.Met)
		px, py := o.Gamma*g.X[v], 0.0
		if o.TwoMasses {
			px, py = o.Gamma*g.Y[v], o.Gamma*g.X[v]
		}
		best, to := 0.0, v
		for _, s := range met {
			if s == v {
				continue
			}
			gain := o.Flow[s] - px*o.partX[s]
			if o.TwoMasses {
				gain -= py * o.partY[s]
			}
			if (gain > best || gain == best && gain > 0 && s < to) && o.wellConnected(s, c) {
				best, to = gain, s
			}
		}
		if to != v {
			part[v] = to
			o.placed[to] = true
			o.Inside[to] += o.Inside[v] - 2*o.Flow[to]
			o.partX[to] += g.X[v]
			o.partX[v] = 0
			if o.TwoMasses {
				o.partY[to] += g.Y[v]
				o.partY[v] = 0
			}
		}
		for _, s := range met {
			o.Flow[s] = 0
		}
	}
	return o.Compact(part, n)
}

// wellConnected says that part s has at least the expected flow with the rest
// of footprint c.
func (o *Optimiser) wellConnected(s, c int32) bool {
	expected := 0.0
	if o.TwoMasses {
		expected = o.Gamma * (o.partX[s]*(o.massY[c]-o.partY[s]) + o.partY[s]*(o.massX[c]-o.partX[s]))
	} else {
		expected = o.Gamma * o.partX[s] * (o.massX[c] - o.partX[s])
	}
	return o.Inside[s] >= expected-o.Tolerance
}

// Aggregate makes the network whose nodes are the parts of l's.
func (o *Optimiser) Aggregate(l *Level, parts int, up *Level) {
	g, part := l.Network, l.Part
	o.PartStart, o.PartMembers = work.Zeroed(o.PartStart, parts+1), work.Grow(o.PartMembers, g.Nodes)
	for _, p := range part {
		o.PartStart[p+1]++
	}
	for p := range parts {
		o.PartStart[p+1] += o.PartStart[p]
	}
	o.Renamed = work.Grow(o.Renamed, parts)
	copy(o.Renamed, o.PartStart[:parts])
	for v, p := range part {
		o.PartMembers[o.Renamed[p]] = int32(v)
		o.Renamed[p]++
	}
	h := &up.own
	up.Network = h
	h.Nodes, h.Providers = parts, 0
	h.Ptr = work.Grow(h.Ptr, parts+1)
	h.Loop, h.X = work.Zeroed(h.Loop, parts), work.Zeroed(h.X, parts)
	if o.TwoMasses {
		h.Y = work.Zeroed(h.Y, parts)
	}
	h.Thin = nil
	arcs := h.Wide[:0]
	h.Ptr[0] = 0
	for p := range parts {
		met := o.Met[:0]
		for _, v := range o.PartMembers[o.PartStart[p]:o.PartStart[p+1]] {
			if g.Thin != nil {
				met = network.Gather(g.Thin[g.Ptr[v]:g.Ptr[v+1]], part, o.Flow, met)
			} else {
				met = network.Gather(g.Wide[g.Ptr[v]:g.Ptr[v+1]], part, o.Flow, met)
			}
			h.Loop[p] += g.Loop[v]
			h.X[p] += g.X[v]
			if o.TwoMasses {
				h.Y[p] += g.Y[v]
			}
		}
		for _, q := range met {
			w := o.Flow[q]
			o.Flow[q] = 0
			if w == 0 {
				continue
			}
			if int(q) == p {
				h.Loop[p] += w / 2
				continue
			}
			arcs = append(arcs, network.Arc[float64]{To: q, Weight: w})
		}
		h.Ptr[p+1] = len(arcs)
		o.Met = met
	}
	h.Wide = arcs
}

// CheapestUnion gives the two nodes a < b that share flow and gain most, or
// lose least, by joining; -1 where no two do.
func (o *Optimiser) CheapestUnion(g *network.Network) (a, b int32) {
	best := math.Inf(-1)
	a, b = -1, -1
	for c := range int32(g.Nodes) {
		g.Neighbours(c, func(d int32, w float64) {
			if d <= c {
				return
			}
			gain := w - o.Gamma*g.X[c]*g.X[d]
			if o.TwoMasses {
				gain = w - o.Gamma*(g.X[c]*g.Y[d]+g.Y[c]*g.X[d])
			}
			if gain > best || gain == best && (c < a || c == a && d < b) {
				best, a, b = gain, c, d
			}
		})
	}
	return a, b
}
