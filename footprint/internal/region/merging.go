package region

import (
	"context"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// A merging joins regions (sets of areas and providers) two by two. It keeps
// what methods ask of a region and of a pair up to date, at a cost of the two
// regions' neighbours a step, and joins only regions between which patients
// flow, so that every region stays connected in the flow network; under a
// demand of contiguity, only regions that also share a border.
type Merging struct {
	Demands *Demands
	Regions []Region
	Volume  []float64 // of each region: its strength in the undirected flow network
	up      []int32   // regions that were merged point to what they are part of
	alive   int
	Cut     float64 // patients that cross between regions, counted from both ends
	// value says how good it is for region i to join the region at the other
	// end of l; the method's criterion, higher is better.
	value func(g *Merging, i int32, l Link) float64

	slot  []int32 // room for tidy: place of each region in a list, plus one
	mark  []int32 // regions that share a border with the one in hand hold stamp
	stamp int32
}

type Region struct {
	first            int32 // lowest node
	areas, providers int32
	Landed           int32   // areas that have a neighbour on the map
	People           float64 // 0 where populations are unknown
	Out              float64 // patients of its areas, wherever treated
	In               float64 // patients of its providers, wherever they live
	Inside           float64 // patients of its areas at its providers
	Tags             []Tag
	Links            []Link  // regions that exchange patients with it; may name merged ones
	Beside           []int32 // regions that share a border with it; may name merged ones
}

// Link is the flow between a region and another.
type Link struct {
	To      int32
	Out, In float64 // patients of the region treated in to, and the other way round
}

// Localisation index; 0 where nobody lives in the region.
func (r *Region) Localisation() float64 {
	if r.Out == 0 {
		return 0
	}
	return r.Inside / r.Out
}

// NewMerging starts from the regions that node labels 0 to n-1 make.
func NewMerging(d *Demands, label []int32, n int, value func(*Merging, int32, Link) float64) *Merging {
	g := &Merging{
		Demands: d, Regions: make([]Region, n), Volume: make([]float64, n), up: make([]int32, n), alive: n, value: value,
		slot: make([]int32, n), mark: make([]int32, n),
	}
	for i := range g.up {
		g.up[i] = int32(i)
	}
	m, oneMode := d.Matrix, d.Providers == 0
	start, member := grouping.Members(label, n)
	for c := range int32(n) {
		r := &g.Regions[c]
		add := func(other int32, out, in float64) {
			if other == c {
				r.Inside += out
				return
			}
			if g.slot[other] == 0 {
				r.Links = append(r.Links, Link{To: other})
				g.slot[other] = int32(len(r.Links))
			}
			l := &r.Links[g.slot[other]-1]
			l.Out += out
			l.In += in
		}
		nodes := member[start[c]:start[c+1]]
		for k, v := range nodes {
			if k == 0 {
				r.first = v
			}
			if int(v) < d.Areas {
				r.areas++
				r.Out += m.RowTotal(int(v))
				if d.Constraints.Population != nil {
					r.People += d.Constraints.Population[v]
				}
				ps, ws := m.Row(int(v))
				for x, p := range ps {
					if oneMode {
						add(label[p], ws[x], 0)
					} else {
						add(label[d.Areas+int(p)], ws[x], 0)
					}
				}
			}
			if p := int(v) - d.Areas; p >= 0 || oneMode {
				if oneMode {
					p = int(v)
				} else {
					r.providers++
				}
				r.In += m.ColumnTotal(p)
				as, ws := m.Column(p)
				for x, a := range as {
					if label[a] != c {
						add(label[a], 0, ws[x])
					}
				}
			}
			for _, t := range d.Tags[v] {
				if !slices.Contains(r.Tags, t) {
					r.Tags = append(r.Tags, t)
				}
			}
			if d.Constraints.Contiguous != nil && int(v) < d.Areas {
				neighbours := d.Neighbours(int(v))
				if len(neighbours) > 0 {
					r.Landed++
				}
				for _, b := range neighbours {
					if label[b] != c {
						r.Beside = append(r.Beside, label[b])
					}
				}
			}
		}
		for _, l := range r.Links {
			g.slot[l.To] = 0
		}
		slices.SortFunc(r.Links, func(x, y Link) int { return int(x.To - y.To) })
		slices.Sort(r.Beside)
		r.Beside = slices.Compact(r.Beside)
		g.Volume[c] = r.Out + r.In
		g.Cut += g.Volume[c] - 2*r.Inside
	}
	return g
}

// find is the region that i is part of.
func (g *Merging) find(i int32) int32 { return grouping.Root(g.up, i) }

// IsAlive reports whether i has not been merged into another.
func (g *Merging) IsAlive(i int32) bool { return g.up[i] == i }

// tidy brings a region's lists up to date with the merges since.
func (g *Merging) tidy(i int32) {
	r := &g.Regions[i]
	n := 0
	for _, l := range r.Links {
		l.To = g.find(l.To)
		if l.To == i {
			continue
		}
		if s := g.slot[l.To]; s > 0 {
			r.Links[s-1].Out += l.Out
			r.Links[s-1].In += l.In
			continue
		}
		r.Links[n] = l
		n++
		g.slot[l.To] = int32(n)
	}
	r.Links = r.Links[:n]
	for _, l := range r.Links {
		g.slot[l.To] = 0
	}
	if g.Demands.Constraints.Contiguous == nil {
		return
	}
	n = 0
	g.stamp++
	for _, b := range r.Beside {
		b = g.find(b)
		if b != i && g.mark[b] != g.stamp {
			g.mark[b] = g.stamp
			r.Beside[n] = b
			n++
		}
	}
	r.Beside = r.Beside[:n]
}

// may reports whether two regions may become one; i must have been tidied
// last, so that its borders are marked.
func (g *Merging) may(i, j int32) bool {
	x, y, c := &g.Regions[i], &g.Regions[j], &g.Demands.Constraints
	if c.MaxPopulation > 0 && x.People+y.People > c.MaxPopulation {
		return false
	}
	if c.MaxShare > 0 && x.Out+y.Out > c.MaxShare*g.Demands.Matrix.Total().Value {
		return false
	}
	if c.Contiguous != nil && x.Landed > 0 && y.Landed > 0 && g.mark[j] != g.stamp {
		return false
	}
	return len(x.Tags) == 0 || len(y.Tags) == 0 || !Clash(x.Tags, y.Tags)
}

// Best is the link over which i had best merge; ties go to the lowest region.
func (g *Merging) Best(i int32) (best Link, value float64, ok bool) {
	g.tidy(i)
	for _, l := range g.Regions[i].Links {
		v := g.value(g, i, l)
		if (!ok || v > value || v == value && l.To < best.To) && g.may(i, l.To) {
			best, value, ok = l, v, true
		}
	}
	return best, value, ok
}

// Merge makes one region of two, which keeps the lower number, and gives both
// numbers. Its lists are tidy.
func (g *Merging) Merge(i, j int32) (kept, gone int32) {
	i, j = min(i, j), max(i, j)
	x, y := &g.Regions[i], &g.Regions[j]
	for _, l := range x.Links {
		if g.find(l.To) == j {
			x.Inside += l.Out + l.In
			g.Cut -= 2 * (l.Out + l.In)
		}
	}
	x.first = min(x.first, y.first)
	x.areas += y.areas
	x.providers += y.providers
	x.Landed += y.Landed
	x.People += y.People
	x.Out += y.Out
	x.In += y.In
	x.Inside += y.Inside
	g.Volume[i] = x.Out + x.In
	for _, t := range y.Tags {
		if !slices.Contains(x.Tags, t) {
			x.Tags = append(x.Tags, t)
		}
	}
	x.Links = append(x.Links, y.Links...)
	x.Beside = append(x.Beside, y.Beside...)
	y.Links, y.Beside, y.Tags = nil, nil, nil
	g.up[j] = i
	g.alive--
	g.tidy(i)
	return i, j
}

// Greedy merges the best pair, again and again, until stop says so or no pair
// may be merged. record, where not nil, is told of each merge.
func (g *Merging) Greedy(ctx context.Context, stop func() bool, record func(kept, gone int32, value float64)) error {
	n := len(g.Regions)
	queue := NewQueue(n)
	partner, seen, version := make([]int32, n), make([]int32, n), make([]int32, n)
	scan := func(i int32) {
		l, v, ok := g.Best(i)
		if !ok {
			queue.Drop(i)
			return
		}
		partner[i], seen[i] = l.To, version[l.To]
		queue.Set(i, -v)
	}
	for i := range int32(n) {
		if g.IsAlive(i) {
			scan(i)
		}
	}
	for steps := 0; queue.Len() > 0 && !stop(); steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		// A key may be out of date, since merges elsewhere have mostly made it
		// worse: whatever comes first is looked at again before it counts.
		i := queue.heap[0]
		if j := partner[i]; !g.IsAlive(j) || version[j] != seen[i] {
			scan(i)
			continue
		}
		value := -queue.key[i]
		kept, gone := g.Merge(i, partner[i])
		queue.Drop(gone)
		version[kept]++
		if record != nil {
			record(kept, gone, value)
		}
		// Where a merge has made a pair better, its key must follow at once.
		for _, l := range g.Regions[kept].Links {
			v := g.value(g, l.To, Link{kept, l.In, l.Out})
			if (queue.at[l.To] < 0 || -v < queue.key[l.To]) && g.may(kept, l.To) {
				partner[l.To], seen[l.To] = kept, version[kept]
				queue.Set(l.To, -v)
			}
		}
		scan(kept)
	}
	return nil
}

// settle merges each region that is bad, the one of lowest key first, with the
// region it values most, until none is bad. What cannot be helped is named,
// with the demand as a verb; without one it is left alone.
func (g *Merging) settle(ctx context.Context, bad func(r *Region) (key float64, is bool), demand string) error {
	queue := NewQueue(len(g.Regions))
	look := func(i int32) {
		if key, is := bad(&g.Regions[i]); is {
			queue.Set(i, key)
		} else {
			queue.Drop(i)
		}
	}
	for i := range int32(len(g.Regions)) {
		if g.IsAlive(i) {
			look(i)
		}
	}
	for steps := 0; queue.Len() > 0; steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		i := queue.heap[0]
		if _, is := bad(&g.Regions[i]); !is { // may hang on how many are left
			queue.Drop(i)
			continue
		}
		l, _, ok := g.Best(i)
		from, to := i, l.To
		if !ok {
			if demand == "" {
				queue.Drop(i)
				continue
			}
			if from, to, ok = g.bridge(i); !ok {
				return g.stuck(i, demand)
			}
		}
		kept, gone := g.Merge(from, to)
		queue.Drop(gone)
		look(kept)
	}
	return nil
}

// bridge helps a region none of whose neighbours on the map exchanges patients
// with it: one of them must first merge with another region. Best is one that
// does exchange patients.
func (g *Merging) bridge(i int32) (from, to int32, ok bool) {
	g.tidy(i)
	near := slices.Clone(g.Regions[i].Beside)
	slices.Sort(near)
	var value float64
	var linked bool
	for _, b := range near {
		l, v, can := g.Best(b)
		if !can {
			continue
		}
		helps := slices.ContainsFunc(g.Regions[i].Links, func(x Link) bool { return x.To == l.To })
		if !ok || helps && !linked || helps == linked && v > value {
			from, to, value, linked, ok = b, l.To, v, helps, true
		}
	}
	return from, to, ok
}

// stuck says why a region that must merge cannot.
func (g *Merging) stuck(i int32, demand string) error {
	g.tidy(i)
	r, c := &g.Regions[i], &g.Demands.Constraints
	name := g.Demands.node(r.first)
	if len(r.Links) == 0 {
		return footprint.Infeasible("the footprint of %s must merge to %s but exchanges no patients with any other: loosen that demand", name, demand)
	}
	// The nearest miss explains best: the partner it would have had.
	var miss Link
	value, any := 0.0, false
	for _, l := range r.Links {
		if v := g.value(g, i, l); !any || v > value {
			miss, value, any = l, v, true
		}
	}
	other := &g.Regions[miss.To]
	pair := [2]string{name, g.Demands.node(other.first)}
	switch {
	case c.MaxPopulation > 0 && r.People+other.People > c.MaxPopulation:
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but together pass max-population %.0f: raise it, or loosen the other", pair[0], pair[1], demand, c.MaxPopulation)
	case c.MaxShare > 0 && r.Out+other.Out > c.MaxShare*g.Demands.Matrix.Total().Value:
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but together pass max-share %v: raise it, or loosen the other", pair[0], pair[1], demand, c.MaxShare)
	case Clash(r.Tags, other.Tags):
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but must be apart or are fixed: drop one of the two demands", pair[0], pair[1], demand)
	}
	return footprint.Infeasible("the footprint of %s must merge to %s but exchanges no patients with any footprint that it borders: loosen that demand, or contiguity", name, demand)
}

// labels gives each node, labelled as NewMerging was, the region it ended in,
// numbered from 0.
func (g *Merging) labels(label []int32) ([]int32, int) {
	out := make([]int32, len(label))
	for v, l := range label {
		out[v] = g.find(l)
	}
	return out, grouping.Compact(out, len(g.Regions))
}
