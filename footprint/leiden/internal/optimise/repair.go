package optimise

import (
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
)

// Repair makes health systems of labels, in place: a footprint in several
// pieces of the flow network is split, and a piece of one kind only, which is
// one node, joins the neighbour where quality gains most. Nothing is split
// where o.Joined says so. Labels come out as 0, 1, ….
func (o *Optimiser) Repair(g *network.Network, label []int32, allowSingleKind bool) []int32 {
	if !o.Joined {
		o.Split(g, label)
	}
	if g.Providers == 0 || allowSingleKind {
		return label
	}
	o.countLabels(g, label)
	for v := range int32(g.Nodes) {
		c := label[v]
		if o.size[c] > 1 {
			continue
		}
		if int(v) < g.Providers {
			g = g.Both()
		}
		to := o.nearest(g, v, label)
		if to < 0 {
			continue // no flow at all, as a resample may have it
		}
		label[v] = to
		o.massX[to] += g.X[v]
		if o.TwoMasses {
			o.massY[to] += g.Y[v]
		}
		o.resize(c, to)
	}
	o.Compact(label, g.Nodes)
	return label
}

// nearest is the footprint with flow, other than its own, that a node by itself
// gains most in, or loses least; -1 where it has no flow.
func (o *Optimiser) nearest(g *network.Network, v int32, label []int32) int32 {
	px, py := o.Gamma*g.X[v], 0.0
	if o.TwoMasses {
		px, py = o.Gamma*g.Y[v], o.Gamma*g.X[v]
	}
	best, to := 0.0, int32(-1)
	for _, d := range g.Gather(v, label, o.Flow, o.Met) {
		s := o.Flow[d] - px*o.massX[d]
		if o.TwoMasses {
			s -= py * o.massY[d]
		}
		if o.Flow[d] > 0 && (to < 0 || s > best || s == best && d < to) {
			best, to = s, d
		}
		o.Flow[d] = 0
	}
	return to
}

// Split gives each connected piece of each footprint its own label, 0, 1, … in
// the order of first nodes, and counts them.
func (o *Optimiser) Split(g *network.Network, label []int32) int {
	o.piece = work.Grow(o.piece, g.Nodes)
	up := grouping.Sets(o.piece) // to an earlier node of the same piece
	for v := range up {
		up[v] = int32(v)
	}
	for v := int32(g.Providers); int(v) < g.Nodes; v++ {
		thin, wide := g.Rows(v)
		joinArcs(thin, label, v, up)
		joinArcs(wide, label, v, up)
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
func joinArcs[W network.Weight](arcs []network.Arc[W], label []int32, v int32, up grouping.Sets) {
	c, r := label[v], up.Find(v)
	for _, e := range arcs {
		if label[e.To] != c || e.Weight <= 0 {
			continue
		}
		if q := up.Find(e.To); q != r {
			r, q = min(r, q), max(r, q)
			up.Attach(q, r)
		}
	}
}
