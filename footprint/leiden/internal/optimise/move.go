package optimise

import (
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Move takes nodes off a queue and puts each where quality gains most, or alone
// where that is best, until no node wants to move. Labels are below the number
// of nodes. It gives the number of moves, and leaves in o.Inside each node's
// weight to its own footprint.
func (o *Optimiser) Move(g *network.Network, label []int32) int {
	n := g.Nodes
	o.countLabels(g, label)
	o.order(g, o.Queue)
	moves, head, length := 0, 0, n
	for length > 0 {
		v := o.Queue[head]
		if head++; head == n {
			head = 0
		}
		length--
		o.waiting[v] = false
		from := label[v]
		to := o.place(g, label, v)
		if to == from {
			continue
		}
		moves++
		label[v] = to
		o.resize(from, to)
		thin, wide := g.Rows(v)
		length = enqueue(o, thin, label, from, to, head, length)
		length = enqueue(o, wide, label, from, to, head, length)
	}
	return moves
}

// countLabels adds up the masses and sizes of labels, lists the free ones, and
// has every node wait.
func (o *Optimiser) countLabels(g *network.Network, label []int32) {
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
}

// place takes v out of the masses of its footprint and puts it into those of
// the best, which it gives. What moving gains is added to o.gained.
func (o *Optimiser) place(g *network.Network, label []int32, v int32) int32 {
	c := label[v]
	met := g.Gather(v, label, o.Flow, o.Met)
	x := g.X[v]
	px, py := o.Gamma*x, 0.0
	if o.TwoMasses {
		px, py = o.Gamma*g.Y[v], o.Gamma*x
	}
	o.massX[c] -= x
	inside := o.Flow[c]
	stay := inside - float64(px*o.massX[c])
	if o.TwoMasses {
		o.massY[c] -= g.Y[v]
		stay -= float64(py * o.massY[c])
	}
	best, to, there := o.choose(met, px, py, stay+o.Tolerance, c, inside)
	if best < 0 && o.size[c] > 1 && stay < -o.Tolerance {
		to, there = o.free[len(o.free)-1], 0
	}
	o.Inside[v] = there
	o.massX[to] += x
	if o.TwoMasses {
		o.massY[to] += g.Y[v]
	}
	if to != c {
		if there == 0 { // alone, which gains nothing and loses nothing
			best = 0
		}
		o.gained += best - stay
	}
	return to
}

// choose finds the best of the footprints met: the flow there, less the flow
// that is expected of a node with masses px and py times γ. It begins with
// footprint to, worth best, with the flow there. It clears o.Flow.
func (o *Optimiser) choose(met []int32, px, py, best float64, to int32, there float64) (float64, int32, float64) {
	for _, d := range met {
		w := o.Flow[d]
		s := w - float64(px*o.massX[d])
		if o.TwoMasses {
			s -= float64(py * o.massY[d])
		}
		if s > best || s == best && d < to {
			best, to, there = s, d, w
		}
		o.Flow[d] = 0
	}
	return best, to, there
}

// resize counts a node out of a footprint and into another. A footprint without
// nodes has no mass, not even rounding.
func (o *Optimiser) resize(from, to int32) {
	if o.size[to]++; o.size[to] == 1 {
		o.free = o.free[:len(o.free)-1]
	}
	if o.size[from]--; o.size[from] == 0 {
		o.massX[from] = 0
		if o.TwoMasses {
			o.massY[from] = 0
		}
		o.free = append(o.free, from)
	}
}

// enqueue puts the neighbours of a node that moved from one footprint to
// another, except those there, at the end of the queue.
func enqueue[W network.Weight](o *Optimiser, arcs []network.Arc[W], label []int32, from, to int32, head, length int) int {
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
