package region

import (
	"slices"

	"stpmap/footprint/internal/grouping"
)

// Criterion says how good it is for region i to join the region at the other
// end of l: what a method goes by. Higher is better.
type Criterion func(g *Merging, i int32, l Link) float64

// Merging joins regions (sets of areas and providers) two by two. It keeps
// what methods ask of a region and of a pair up to date, at a cost of the two
// regions' neighbours a step, and joins only regions between which patients
// flow, so that every region stays connected in the flow network; under a
// demand of contiguity, only regions that also share a border.
type Merging struct {
	Demands *Demands
	Regions []Region
	Volume  []float64     // of each region: its strength in the undirected flow network
	up      grouping.Sets // regions that were merged are one set
	alive   int
	Cut     float64 // patients that cross between regions, counted from both ends
	value   Criterion

	slot  []int32 // room for tidy: place of each region in a list, plus one
	mark  []int32 // regions that share a border with the one in hand hold stamp
	stamp int32
}

// Region is a set of areas and providers.
type Region struct {
	first   int32   // lowest node
	Landed  int32   // areas that have a neighbour on the map
	Counted int     // providers that count for the demand on their number
	People  float64 // 0 where populations are unknown
	Out     float64 // patients of its areas, wherever treated
	In      float64 // patients of its providers, wherever they live
	Inside  float64 // patients of its areas at its providers
	Tags    []Tag
	Links   []Link  // regions that exchange patients with it; may name merged ones
	Beside  []int32 // regions that share a border with it; may name merged ones
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

// NewMerging starts from the regions that node labels 0 to n-1 make. value may
// be nil where nothing merges.
func NewMerging(d *Demands, label []int32, n int, value Criterion) *Merging {
	g := &Merging{
		Demands: d, Regions: make([]Region, n), Volume: make([]float64, n), up: grouping.NewSets(n), alive: n, value: value,
		slot: make([]int32, n), mark: make([]int32, n),
	}
	start, member := grouping.Members(label, n)
	for c := range int32(n) {
		g.fill(c, member[start[c]:start[c+1]], label)
	}
	return g
}

// fill makes region c of its nodes, rising.
func (g *Merging) fill(c int32, nodes, label []int32) {
	r, d := &g.Regions[c], g.Demands
	if len(nodes) > 0 {
		r.first = nodes[0]
	}
	for _, v := range nodes {
		if int(v) < d.Areas {
			g.addArea(c, v, label)
		}
		if int(v) >= d.Areas || d.Providers == 0 {
			g.addProvider(c, v, label)
		}
		r.addTags(d.Tags[v])
		if d.Ground != nil && int(v) < d.Areas {
			g.addBorders(c, v, label)
		}
	}
	for _, l := range r.Links {
		g.slot[l.To] = 0
	}
	slices.SortFunc(r.Links, func(x, y Link) int { return int(x.To - y.To) })
	slices.Sort(r.Beside)
	r.Beside = slices.Compact(r.Beside)
	g.Volume[c] = r.Out + r.In
	g.Cut += g.Volume[c] - float64(2*r.Inside)
}

// addArea adds an area's people, and its patients by where they are treated.
func (g *Merging) addArea(c, area int32, label []int32) {
	r, d := &g.Regions[c], g.Demands
	r.Out += d.Matrix.RowTotal(int(area))
	r.People += d.People(area)
	ps, ws := d.Matrix.Row(int(area))
	for x, p := range ps {
		if other := label[d.Provider(p)]; other == c {
			r.Inside += ws[x]
		} else {
			g.link(r, other).Out += ws[x]
		}
	}
}

// addProvider adds a provider's patients by where they live; a node of a
// one-mode matrix is one too.
func (g *Merging) addProvider(c, node int32, label []int32) {
	r, d := &g.Regions[c], g.Demands
	p := int(node)
	if d.Providers > 0 {
		if p -= d.Areas; d.Constraints.Counts(p) {
			r.Counted++
		}
	}
	r.In += d.Matrix.ColumnTotal(p)
	as, ws := d.Matrix.Column(p)
	for x, a := range as {
		if label[a] != c {
			g.link(r, label[a]).In += ws[x]
		}
	}
}

// link is the link of a region in hand to another, made where there is none.
func (g *Merging) link(r *Region, other int32) *Link {
	if g.slot[other] == 0 {
		r.Links = append(r.Links, Link{To: other})
		g.slot[other] = int32(len(r.Links))
	}
	return &r.Links[g.slot[other]-1]
}

func (g *Merging) addBorders(c, area int32, label []int32) {
	r, ground := &g.Regions[c], g.Demands.Ground
	if ground.Landed(area) {
		r.Landed++
	}
	for _, b := range ground.Near(area) {
		if label[b] != c {
			r.Beside = append(r.Beside, label[b])
		}
	}
}

func (r *Region) addTags(tags []Tag) {
	for _, t := range tags {
		if !slices.Contains(r.Tags, t) {
			r.Tags = append(r.Tags, t)
		}
	}
}

// find is the region that i is part of.
func (g *Merging) find(i int32) int32 { return g.up.Find(i) }

// IsAlive reports whether i has not been merged into another.
func (g *Merging) IsAlive(i int32) bool { return g.up[i] == i }

// tidy brings a region's lists up to date with the merges since.
func (g *Merging) tidy(i int32) {
	g.tidyLinks(i)
	if g.Demands.Ground != nil {
		g.tidyBorders(i)
	}
}

func (g *Merging) tidyLinks(i int32) {
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
}

// tidyBorders marks with a new stamp what borders a region.
func (g *Merging) tidyBorders(i int32) {
	r := &g.Regions[i]
	n := 0
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
	x, y := &g.Regions[i], &g.Regions[j]
	if !g.Demands.Fits(x.People+y.People, x.Out+y.Out) {
		return false
	}
	if g.Demands.Ground != nil && x.Landed > 0 && y.Landed > 0 && g.mark[j] != g.stamp {
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
			g.Cut -= float64(2 * (l.Out + l.In))
		}
	}
	x.first = min(x.first, y.first)
	x.Landed += y.Landed
	x.People += y.People
	x.Counted += y.Counted
	x.Out += y.Out
	x.In += y.In
	x.Inside += y.Inside
	g.Volume[i] = x.Out + x.In
	x.addTags(y.Tags)
	x.Links = append(x.Links, y.Links...)
	x.Beside = append(x.Beside, y.Beside...)
	y.Links, y.Beside, y.Tags = nil, nil, nil
	g.up.Union(i, j)
	g.alive--
	g.tidy(i)
	return i, j
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
