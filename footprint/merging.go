package footprint

import (
	"context"
	"slices"
)

// A merging joins regions (sets of areas and providers) two by two. It keeps
// what methods ask of a region and of a pair up to date, at a cost of the two
// regions' neighbours a step, and joins only regions between which patients
// flow, so that every region stays connected in the flow network; under a
// demand of contiguity, only regions that also share a border.
type merging struct {
	d       *demands
	regions []region
	volume  []float64 // of each region: its strength in the undirected flow network
	up      []int32   // regions that were merged point to what they are part of
	alive   int
	cut     float64 // patients that cross between regions, counted from both ends
	// value says how good it is for region i to join the region at the other
	// end of l; the method's criterion, higher is better.
	value func(g *merging, i int32, l link) float64

	slot  []int32 // room for tidy: place of each region in a list, plus one
	mark  []int32 // regions that share a border with the one in hand hold stamp
	stamp int32
}

type region struct {
	first            int32 // lowest node
	areas, providers int32
	land             int32   // areas that have a neighbour on the map
	people           float64 // 0 where populations are unknown
	out              float64 // patients of its areas, wherever treated
	in               float64 // patients of its providers, wherever they live
	inside           float64 // patients of its areas at its providers
	tags             []tag
	links            []link  // regions that exchange patients with it; may name merged ones
	beside           []int32 // regions that share a border with it; may name merged ones
}

// link is the flow between a region and another.
type link struct {
	to      int32
	out, in float64 // patients of the region treated in to, and the other way round
}

// localisation index; 0 where nobody lives in the region.
func (r *region) localisation() float64 {
	if r.out == 0 {
		return 0
	}
	return r.inside / r.out
}

// newMerging starts from the regions that node labels 0 to n-1 make.
func newMerging(d *demands, label []int32, n int, value func(*merging, int32, link) float64) *merging {
	g := &merging{
		d: d, regions: make([]region, n), volume: make([]float64, n), up: make([]int32, n), alive: n, value: value,
		slot: make([]int32, n), mark: make([]int32, n),
	}
	for i := range g.up {
		g.up[i] = int32(i)
	}
	m, oneMode := d.m, d.providers == 0
	start, member := membersByLabel(label, n)
	for c := range int32(n) {
		r := &g.regions[c]
		add := func(other int32, out, in float64) {
			if other == c {
				r.inside += out
				return
			}
			if g.slot[other] == 0 {
				r.links = append(r.links, link{to: other})
				g.slot[other] = int32(len(r.links))
			}
			l := &r.links[g.slot[other]-1]
			l.out += out
			l.in += in
		}
		nodes := member[start[c]:start[c+1]]
		for k, v := range nodes {
			if k == 0 {
				r.first = v
			}
			if int(v) < d.areas {
				r.areas++
				r.out += m.RowTotal(int(v))
				if d.c.Population != nil {
					r.people += d.c.Population[v]
				}
				ps, ws := m.Row(int(v))
				for x, p := range ps {
					if oneMode {
						add(label[p], ws[x], 0)
					} else {
						add(label[d.areas+int(p)], ws[x], 0)
					}
				}
			}
			if p := int(v) - d.areas; p >= 0 || oneMode {
				if oneMode {
					p = int(v)
				} else {
					r.providers++
				}
				r.in += m.ColumnTotal(p)
				as, ws := m.Column(p)
				for x, a := range as {
					if label[a] != c {
						add(label[a], 0, ws[x])
					}
				}
			}
			for _, t := range d.tags[v] {
				if !slices.Contains(r.tags, t) {
					r.tags = append(r.tags, t)
				}
			}
			if d.c.Contiguous != nil && int(v) < d.areas {
				neighbours := d.neighbours(int(v))
				if len(neighbours) > 0 {
					r.land++
				}
				for _, b := range neighbours {
					if label[b] != c {
						r.beside = append(r.beside, label[b])
					}
				}
			}
		}
		for _, l := range r.links {
			g.slot[l.to] = 0
		}
		slices.SortFunc(r.links, func(x, y link) int { return int(x.to - y.to) })
		slices.Sort(r.beside)
		r.beside = slices.Compact(r.beside)
		g.volume[c] = r.out + r.in
		g.cut += g.volume[c] - 2*r.inside
	}
	return g
}

// find is the region that i is part of.
func (g *merging) find(i int32) int32 { return root(g.up, i) }

// isAlive reports whether i has not been merged into another.
func (g *merging) isAlive(i int32) bool { return g.up[i] == i }

// tidy brings a region's lists up to date with the merges since.
func (g *merging) tidy(i int32) {
	r := &g.regions[i]
	n := 0
	for _, l := range r.links {
		l.to = g.find(l.to)
		if l.to == i {
			continue
		}
		if s := g.slot[l.to]; s > 0 {
			r.links[s-1].out += l.out
			r.links[s-1].in += l.in
			continue
		}
		r.links[n] = l
		n++
		g.slot[l.to] = int32(n)
	}
	r.links = r.links[:n]
	for _, l := range r.links {
		g.slot[l.to] = 0
	}
	if g.d.c.Contiguous == nil {
		return
	}
	n = 0
	g.stamp++
	for _, b := range r.beside {
		b = g.find(b)
		if b != i && g.mark[b] != g.stamp {
			g.mark[b] = g.stamp
			r.beside[n] = b
			n++
		}
	}
	r.beside = r.beside[:n]
}

// may reports whether two regions may become one; i must have been tidied
// last, so that its borders are marked.
func (g *merging) may(i, j int32) bool {
	x, y, c := &g.regions[i], &g.regions[j], &g.d.c
	if c.MaxPopulation > 0 && x.people+y.people > c.MaxPopulation {
		return false
	}
	if c.MaxShare > 0 && x.out+y.out > c.MaxShare*g.d.m.Total().Value {
		return false
	}
	if c.Contiguous != nil && x.land > 0 && y.land > 0 && g.mark[j] != g.stamp {
		return false
	}
	return len(x.tags) == 0 || len(y.tags) == 0 || !clash(x.tags, y.tags)
}

// best is the link over which i had best merge; ties go to the lowest region.
func (g *merging) best(i int32) (best link, value float64, ok bool) {
	g.tidy(i)
	for _, l := range g.regions[i].links {
		v := g.value(g, i, l)
		if (!ok || v > value || v == value && l.to < best.to) && g.may(i, l.to) {
			best, value, ok = l, v, true
		}
	}
	return best, value, ok
}

// merge makes one region of two, which keeps the lower number, and gives both
// numbers. Its lists are tidy.
func (g *merging) merge(i, j int32) (kept, gone int32) {
	i, j = min(i, j), max(i, j)
	x, y := &g.regions[i], &g.regions[j]
	for _, l := range x.links {
		if g.find(l.to) == j {
			x.inside += l.out + l.in
			g.cut -= 2 * (l.out + l.in)
		}
	}
	x.first = min(x.first, y.first)
	x.areas += y.areas
	x.providers += y.providers
	x.land += y.land
	x.people += y.people
	x.out += y.out
	x.in += y.in
	x.inside += y.inside
	g.volume[i] = x.out + x.in
	for _, t := range y.tags {
		if !slices.Contains(x.tags, t) {
			x.tags = append(x.tags, t)
		}
	}
	x.links = append(x.links, y.links...)
	x.beside = append(x.beside, y.beside...)
	y.links, y.beside, y.tags = nil, nil, nil
	g.up[j] = i
	g.alive--
	g.tidy(i)
	return i, j
}

// greedy merges the best pair, again and again, until stop says so or no pair
// may be merged. record, where not nil, is told of each merge.
func (g *merging) greedy(ctx context.Context, stop func() bool, record func(kept, gone int32, value float64)) error {
	n := len(g.regions)
	queue := newPriority(n)
	partner, seen, version := make([]int32, n), make([]int32, n), make([]int32, n)
	scan := func(i int32) {
		l, v, ok := g.best(i)
		if !ok {
			queue.drop(i)
			return
		}
		partner[i], seen[i] = l.to, version[l.to]
		queue.set(i, -v)
	}
	for i := range int32(n) {
		if g.isAlive(i) {
			scan(i)
		}
	}
	for steps := 0; queue.len() > 0 && !stop(); steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		// A key may be out of date, since merges elsewhere have mostly made it
		// worse: whatever comes first is looked at again before it counts.
		i := queue.heap[0]
		if j := partner[i]; !g.isAlive(j) || version[j] != seen[i] {
			scan(i)
			continue
		}
		value := -queue.key[i]
		kept, gone := g.merge(i, partner[i])
		queue.drop(gone)
		version[kept]++
		if record != nil {
			record(kept, gone, value)
		}
		// Where a merge has made a pair better, its key must follow at once.
		for _, l := range g.regions[kept].links {
			v := g.value(g, l.to, link{kept, l.in, l.out})
			if (queue.at[l.to] < 0 || -v < queue.key[l.to]) && g.may(kept, l.to) {
				partner[l.to], seen[l.to] = kept, version[kept]
				queue.set(l.to, -v)
			}
		}
		scan(kept)
	}
	return nil
}

// settle merges each region that is bad, the one of lowest key first, with the
// region it values most, until none is bad. What cannot be helped is named,
// with the demand as a verb; without one it is left alone.
func (g *merging) settle(ctx context.Context, bad func(r *region) (key float64, is bool), demand string) error {
	queue := newPriority(len(g.regions))
	look := func(i int32) {
		if key, is := bad(&g.regions[i]); is {
			queue.set(i, key)
		} else {
			queue.drop(i)
		}
	}
	for i := range int32(len(g.regions)) {
		if g.isAlive(i) {
			look(i)
		}
	}
	for steps := 0; queue.len() > 0; steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		i := queue.heap[0]
		if _, is := bad(&g.regions[i]); !is { // may hang on how many are left
			queue.drop(i)
			continue
		}
		l, _, ok := g.best(i)
		from, to := i, l.to
		if !ok {
			if demand == "" {
				queue.drop(i)
				continue
			}
			if from, to, ok = g.bridge(i); !ok {
				return g.stuck(i, demand)
			}
		}
		kept, gone := g.merge(from, to)
		queue.drop(gone)
		look(kept)
	}
	return nil
}

// bridge helps a region none of whose neighbours on the map exchanges patients
// with it: one of them must first merge with another region. Best is one that
// does exchange patients.
func (g *merging) bridge(i int32) (from, to int32, ok bool) {
	g.tidy(i)
	near := slices.Clone(g.regions[i].beside)
	slices.Sort(near)
	var value float64
	var linked bool
	for _, b := range near {
		l, v, can := g.best(b)
		if !can {
			continue
		}
		helps := slices.ContainsFunc(g.regions[i].links, func(x link) bool { return x.to == l.to })
		if !ok || helps && !linked || helps == linked && v > value {
			from, to, value, linked, ok = b, l.to, v, helps, true
		}
	}
	return from, to, ok
}

// stuck says why a region that must merge cannot.
func (g *merging) stuck(i int32, demand string) error {
	g.tidy(i)
	r, c := &g.regions[i], &g.d.c
	name := g.d.node(r.first)
	if len(r.links) == 0 {
		return infeasible("the footprint of %s must merge to %s but exchanges no patients with any other: loosen that demand", name, demand)
	}
	// The nearest miss explains best: the partner it would have had.
	var miss link
	value, any := 0.0, false
	for _, l := range r.links {
		if v := g.value(g, i, l); !any || v > value {
			miss, value, any = l, v, true
		}
	}
	other := &g.regions[miss.to]
	pair := [2]string{name, g.d.node(other.first)}
	switch {
	case c.MaxPopulation > 0 && r.people+other.people > c.MaxPopulation:
		return infeasible("the footprints of %s and %s must merge to %s but together pass max-population %.0f: raise it, or loosen the other", pair[0], pair[1], demand, c.MaxPopulation)
	case c.MaxShare > 0 && r.out+other.out > c.MaxShare*g.d.m.Total().Value:
		return infeasible("the footprints of %s and %s must merge to %s but together pass max-share %v: raise it, or loosen the other", pair[0], pair[1], demand, c.MaxShare)
	case clash(r.tags, other.tags):
		return infeasible("the footprints of %s and %s must merge to %s but must be apart or are fixed: drop one of the two demands", pair[0], pair[1], demand)
	}
	return infeasible("the footprint of %s must merge to %s but exchanges no patients with any footprint that it borders: loosen that demand, or contiguity", name, demand)
}

// labels gives each node, labelled as newMerging was, the region it ended in,
// numbered from 0.
func (g *merging) labels(label []int32) ([]int32, int) {
	out := make([]int32, len(label))
	for v, l := range label {
		out[v] = g.find(l)
	}
	return out, compactLabels(out, len(g.regions))
}
