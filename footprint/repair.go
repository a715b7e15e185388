package footprint

// repair makes health systems of labels, in place: a footprint in several
// pieces of the flow network is split, and a piece of one kind only, which is
// one node, joins the neighbour where quality gains most. Nothing is split
// where o.whole says so. Labels come out as 0, 1, ….
func (o *optimiser) repair(g *network, label []int32, allowSingleKind bool) []int32 {
	if !o.whole {
		o.split(g, label)
	}
	if g.providers == 0 || allowSingleKind {
		return label
	}
	n := g.n
	o.sx, o.size = zeroed(o.sx, n), zeroed(o.size, n)
	o.sy = zeroed(o.sy, n)
	for v, c := range label {
		o.size[c]++
		o.sx[c] += g.x[v]
		if o.two {
			o.sy[c] += g.y[v]
		}
	}
	for v := range int32(n) {
		c := label[v]
		if o.size[c] > 1 {
			continue
		}
		if int(v) < g.providers {
			g = g.both()
		}
		met := g.gather(v, label, o.acc, o.met)
		px, py := o.f*g.x[v], 0.0
		if o.two {
			px, py = o.f*g.y[v], o.f*g.x[v]
		}
		best, to := 0.0, int32(-1)
		for _, d := range met {
			s := o.acc[d] - px*o.sx[d]
			if o.two {
				s -= py * o.sy[d]
			}
			if o.acc[d] > 0 && (to < 0 || s > best || s == best && d < to) {
				best, to = s, d
			}
			o.acc[d] = 0
		}
		if to < 0 {
			continue // no flow at all, as a resample may have it
		}
		label[v] = to
		o.size[to]++
		o.size[c]--
		o.sx[to] += g.x[v]
		o.sx[c] = 0
		if o.two {
			o.sy[to] += g.y[v]
			o.sy[c] = 0
		}
	}
	o.compact(label, n)
	return label
}

// split gives each connected piece of each footprint its own label, 0, 1, … in
// the order of first nodes.
func (o *optimiser) split(g *network, label []int32) int {
	o.newLabel = grow(o.newLabel, g.n)
	up := o.newLabel // to an earlier node of the same piece
	for v := range up {
		up[v] = int32(v)
	}
	for v := g.providers; v < g.n; v++ {
		if g.thin != nil {
			joinArcs(g.thin[g.ptr[v]:g.ptr[v+1]], label, int32(v), up)
		} else {
			joinArcs(g.wide[g.ptr[v]:g.ptr[v+1]], label, int32(v), up)
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
func joinArcs[W weight](arcs []arc[W], label []int32, v int32, up []int32) {
	c, r := label[v], root(up, v)
	for _, e := range arcs {
		if label[e.to] != c || e.w <= 0 {
			continue
		}
		if q := root(up, e.to); q != r {
			r, q = min(r, q), max(r, q)
			up[q] = r
		}
	}
}

func spread[W weight](arcs []arc[W], label []int32, c int32, mark []int32, k int32, stack []int32) []int32 {
	for _, e := range arcs {
		if label[e.to] == c && mark[e.to] < 0 && e.w > 0 {
			mark[e.to] = k
			stack = append(stack, e.to)
		}
	}
	return stack
}
