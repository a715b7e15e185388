package optimise

import (
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Repair makes health systems of labels, in place: a footprint in several
// pieces of the flow network is split, and a piece of one kind only, which is
// one node, joins the neighbour where quality gains most. Nothing is split
// where o.whole says so. Labels come out as 0, 1, ….
func (o *Optimiser) Repair(g *network.Network, label []int32, allowSingleKind bool) []int32 {
	if !o.Joined {
		o.Split(g, label)
	}
	if g.Providers == 0 || allowSingleKind {
		return label
	}
	n := g.Nodes
	o.massX, o.size = work.Zeroed(o.massX, n), work.Zeroed(o.size, n)
	o.massY = work.Zeroed(o.massY, n)
	for v, c := range label {
		o.size[c]++
		o.massX[c] += g.X[v]
		if o.TwoMasses {
			o.massY[c] += g.Y[v]
		}
	}
	for v := range int32(n) {
		c := label[v]
		if o.size[c] > 1 {
			continue
		}
		if int(v) < g.Providers {
			g = g.Both()
		}
		met := g.Gather(v, label, o.Flow, o.Met)
		px, py := o.Gamma*g.X[v], 0.0
		if o.TwoMasses {
			px, py = o.Gamma*g.Y[v], o.Gamma*g.X[v]
		}
		best, to := 0.0, int32(-1)
		for _, d := range met {
			s := o.Flow[d] - px*o.massX[d]
			if o.TwoMasses {
				s -= py * o.massY[d]
			}
			if o.Flow[d] > 0 && (to < 0 || s > best || s == best && d < to) {
				best, to = s, d
			}
			o.Flow[d] = 0
		}
		if to < 0 {
			continue // no flow at all, as a resample may have it
		}
		label[v] = to
		o.size[to]++
		o.size[c]--
		o.massX[to] += g.X[v]
		o.massX[c] = 0
		if o.TwoMasses {
			o.massY[to] += g.Y[v]
			o.massY[c] = 0
		}
	}
	o.Compact(label, n)
	return label
}

// Split gives each connected piece of each footprint its own label, 0, 1, … in
// the order of first nodes.
func (o *Optimiser) Split(g *network.Network, label []int32) int {
	o.Piece = work.Grow(o.Piece, g.Nodes)
	up := o.Piece // to an earlier node of the same piece
	for v := range up {
		up[v] = int32(v)
	}
	for v := g.Providers; v < g.Nodes; v++ {
		if g.Thin != nil {
			joinArcs(g.Thin[g.Ptr[v]:g.Ptr[v+1]], label, int32(v), up)
		} else {
			joinArcs(g.Wide[g.Ptr[v]:g.Ptr[v+1]], label, int32(v), up)
		}
	}
	k := int32(0)
	for v := range label {
		if u := up[v]; int(u) == v {
			label[v] = k
			k++
		} else {
			label[v] = label[u] // which is renamed already
		}
	}
	return int(k)
}

// joinArcs joins the pieces of v and of those ends of its arcs that have its
// label.
func joinArcs[W network.Weight](arcs []network.Arc[W], label []int32, v int32, up []int32) {
	c, r := label[v], grouping.Root(up, v)
	for _, e := range arcs {
		if label[e.To] != c || e.Weight <= 0 {
			continue
		}
		if q := grouping.Root(up, e.To); q != r {
			r, q = min(r, q), max(r, q)
			up[q] = r
		}
	}
}

func Spread[W network.Weight](arcs []network.Arc[W], label []int32, c int32, mark []int32, k int32, stack []int32) []int32 {
	for _, e := range arcs {
		if label[e.To] == c && mark[e.To] < 0 && e.Weight > 0 {
			mark[e.To] = k
			stack = append(stack, e.To)
		}
	}
	return stack
}
