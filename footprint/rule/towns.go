package rule

import (
	"cmp"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// hostsOf is the area in which each provider lies: as given, or the area that
// sends it the most patients (ties: the lowest) where none is given.
func hostsOf(d *region.Demands, given []int32) ([]int32, error) {
	if given != nil && len(given) != d.Providers {
		return nil, footprint.BadParameter("%d hosts were given for %d providers", len(given), d.Providers)
	}
	hosts := make([]int32, d.Providers)
	for p := range hosts {
		a := int32(-1)
		if given != nil {
			a = given[p]
		}
		if int(a) >= d.Areas {
			return nil, footprint.BadParameter("provider %s is hosted by area %d of %d", d.Matrix.Providers()[p], a, d.Areas)
		}
		if a < 0 {
			as, ws := d.Matrix.Column(p)
			most := 0.0
			for k, w := range ws {
				if w > most {
					a, most = as[k], w
				}
			}
		}
		hosts[p] = a
	}
	return hosts, nil
}

// towns are the kernels that areas are put to by where their patients go.
type towns struct {
	d     *region.Demands
	n     int
	of    []int32 // town that a node is as a provider; -1 for areas
	label []int32 // town of each node; -1 for areas that are in none yet
	host  []int32 // an area in which each town lies; -1 where it has none
}

// newTowns groups providers that lie in one area or must stay together. Where
// rooted is set the host area belongs to its town from the start; otherwise
// areas are free, unless they must stay together with a provider. hosts may be
// nil in a two-mode matrix: each provider is then a town of its own. In a
// one-mode matrix each place is a town, and free.
func newTowns(d *region.Demands, hosts []int32, rooted bool) *towns {
	t := &towns{d: d, of: make([]int32, d.Nodes())}
	up := make([]int32, d.Units)
	for u := range up {
		up[u] = int32(u)
	}
	join := func(a, b int32) {
		a, b = grouping.Root(up, a), grouping.Root(up, b)
		up[max(a, b)] = min(a, b)
	}
	first := make([]int32, d.Areas) // a provider that each area hosts, plus one
	for p, a := range hosts {
		if first[a] > 0 {
			join(d.Unit[d.Areas+p], d.Unit[d.Areas+int(first[a]-1)])
		} else {
			first[a] = int32(p) + 1
		}
		if rooted {
			join(d.Unit[d.Areas+p], d.Unit[a])
		}
	}
	town := make([]int32, d.Units)
	for u := range town {
		town[u] = -1
	}
	kernels, from := d.Providers, d.Areas
	if d.Providers == 0 {
		kernels, from = d.Areas, 0
	}
	for p := range kernels {
		u := grouping.Root(up, d.Unit[from+p])
		if town[u] < 0 {
			town[u] = int32(t.n)
			t.n++
			t.host = append(t.host, -1)
		}
		if hosts != nil {
			t.host[town[u]] = hosts[p]
		} else if d.Providers == 0 && t.host[town[u]] < 0 {
			t.host[town[u]] = int32(p)
		}
	}
	for v := range t.of {
		t.of[v] = town[grouping.Root(up, d.Unit[v])]
	}
	t.label = slices.Clone(t.of)
	if d.Providers == 0 {
		for v := range t.label {
			t.label[v] = -1
		}
	}
	return t
}

// freeUnits lists the areas without a town by the unit they must move in.
func (t *towns) freeUnits() [][]int32 {
	place := map[int32]int{}
	var units [][]int32
	for a := range int32(t.d.Areas) {
		if t.label[a] >= 0 {
			continue
		}
		u := t.d.Unit[a]
		i, ok := place[u]
		if !ok {
			i = len(units)
			place[u] = i
			units = append(units, nil)
		}
		units[i] = append(units[i], a)
	}
	return units
}

// offer is a town that a unit's patients go to.
type offer struct {
	town     int32
	patients float64
}

// offers ranks the towns of a unit by its patients, ties by number.
func (t *towns) offers(unit []int32) []offer {
	var list []offer
	for _, a := range unit {
		ps, ws := t.d.Matrix.Row(int(a))
		for k, p := range ps {
			if t.d.Providers > 0 {
				p += int32(t.d.Areas)
			}
			list = append(list, offer{t.of[p], ws[k]})
		}
	}
	slices.SortStableFunc(list, func(x, y offer) int { return cmp.Compare(x.town, y.town) })
	n := 0
	for _, o := range list {
		if o.town < 0 {
			continue
		}
		if n > 0 && list[n-1].town == o.town {
			list[n-1].patients += o.patients
		} else {
			list[n] = o
			n++
		}
	}
	list = list[:n]
	slices.SortStableFunc(list, func(x, y offer) int { return cmp.Compare(y.patients, x.patients) })
	return list
}

// room keeps what limits a town: people, patients and what must be apart.
type room struct {
	t      *towns
	people []float64
	out    []float64
	tags   [][]region.Tag
}

func (t *towns) newRoom() *room {
	r := &room{t: t, people: make([]float64, t.n), out: make([]float64, t.n), tags: make([][]region.Tag, t.n)}
	for v, l := range t.label {
		if l >= 0 && int(l) < t.n {
			r.take(l, int32(v))
		}
	}
	return r
}

func (r *room) take(town, v int32) {
	d := r.t.d
	if int(v) < d.Areas {
		r.out[town] += d.Matrix.RowTotal(int(v))
		if d.Constraints.Population != nil {
			r.people[town] += d.Constraints.Population[v]
		}
	}
	r.tags[town] = append(r.tags[town], d.Tags[v]...)
}

// fits reports whether a town may take all of a unit.
func (r *room) fits(town int32, unit []int32) bool {
	d, people, out := r.t.d, r.people[town], r.out[town]
	for _, a := range unit {
		out += d.Matrix.RowTotal(int(a))
		if d.Constraints.Population != nil {
			people += d.Constraints.Population[a]
		}
		if region.Clash(d.Tags[a], r.tags[town]) {
			return false
		}
	}
	return (d.Constraints.MaxPopulation == 0 || people <= d.Constraints.MaxPopulation) &&
		(d.Constraints.MaxShare == 0 || out <= d.Constraints.MaxShare*d.Matrix.Total().Value)
}

// fill puts every free area to the town that treats most of its patients (ties:
// the first), the largest areas first where a limit may turn some away. An
// area that no town may take, or without patients, becomes a label of its own
// from n up. Under a demand of contiguity a town keeps the areas that are
// connected with its host, or, without one, the piece that sends it the most;
// the others go, those with the most patients there first, to a town that they
// border.
func (t *towns) fill() {
	d := t.d
	units := t.freeUnits()
	size := make([]float64, len(units))
	order := make([]int, len(units))
	for i, u := range units {
		order[i] = i
		for _, a := range u {
			size[i] += d.Matrix.RowTotal(int(a))
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(size[j], size[i]) })
	room := t.newRoom()
	var left [][]int32
	for _, i := range order {
		if !t.put(units[i], t.offers(units[i]), room, nil) {
			left = append(left, units[i])
		}
	}
	if d.Constraints.Contiguous != nil {
		t.tieToMap(units)
		t.spread()
		left = t.freeUnits()
	}
	for i, u := range left {
		for _, a := range u {
			t.label[a] = int32(t.n + i)
		}
	}
}

// put gives a unit to the first town that offers, borders it and has room.
func (t *towns) put(unit []int32, offers []offer, room *room, borders func(town int32) bool) bool {
	for _, o := range offers {
		if (borders != nil && !borders(o.town)) || !room.fits(o.town, unit) {
			continue
		}
		for _, a := range unit {
			t.label[a] = o.town
			room.take(o.town, a)
		}
		return true
	}
	return false
}

// tieToMap frees the units that no chain of borders connects with their town.
func (t *towns) tieToMap(units [][]int32) {
	d := t.d
	// 1. Pieces on the map, each named by one of its areas.
	up := make([]int32, d.Areas)
	for a := range up {
		up[a] = int32(a)
	}
	for a := range int32(d.Areas) {
		for _, b := range d.Neighbours(int(a)) {
			if t.label[b] == t.label[a] {
				x, y := grouping.Root(up, a), grouping.Root(up, b)
				up[max(x, y)] = min(x, y)
			}
		}
	}
	// 2. The piece that each town keeps.
	sent := make([]float64, d.Areas) // patients of each piece at its town
	keep := make([]int32, t.n)
	for c := range keep {
		keep[c] = -1
	}
	for a := range d.Areas {
		if t.label[a] < 0 || len(d.Neighbours(a)) == 0 {
			continue
		}
		piece := grouping.Root(up, int32(a))
		ps, ws := d.Matrix.Row(a)
		for k, p := range ps {
			if d.Providers > 0 {
				p += int32(d.Areas)
			}
			if t.of[p] == t.label[a] {
				sent[piece] += ws[k]
			}
		}
	}
	for a := range int32(d.Areas) {
		c := t.label[a]
		if c < 0 || grouping.Root(up, a) != a || len(d.Neighbours(int(a))) == 0 {
			continue
		}
		if keep[c] < 0 || sent[a] > sent[keep[c]] {
			keep[c] = a
		}
	}
	for c, h := range t.host {
		if h >= 0 && t.label[h] == int32(c) && len(d.Neighbours(int(h))) > 0 {
			keep[c] = grouping.Root(up, h)
		}
	}
	// 3. What is not in it, islands aside.
	for _, u := range units {
		c := t.label[u[0]]
		if c < 0 || slices.ContainsFunc(u, func(a int32) bool {
			return len(d.Neighbours(int(a))) == 0 || grouping.Root(up, a) == keep[c]
		}) {
			continue
		}
		for _, a := range u {
			t.label[a] = -1
		}
	}
}

// spread gives free units to towns that they border and send patients to, the
// unit with the most patients to give first, until none is left that can.
func (t *towns) spread() {
	d := t.d
	units := t.freeUnits()
	unitOf := make([]int32, d.Areas)
	for i, u := range units {
		for _, a := range u {
			unitOf[a] = int32(i)
		}
	}
	offers := make([][]offer, len(units))
	for i, u := range units {
		offers[i] = t.offers(u)
	}
	room := t.newRoom()
	borders := func(i int32) func(int32) bool {
		return func(town int32) bool {
			return slices.ContainsFunc(units[i], func(a int32) bool {
				return slices.ContainsFunc(d.Neighbours(int(a)), func(b int32) bool { return t.label[b] == town })
			})
		}
	}
	queue := region.NewQueue(len(units))
	look := func(i int32) {
		for _, o := range offers[i] {
			if borders(i)(o.town) && room.fits(o.town, units[i]) {
				queue.Set(i, -o.patients)
				return
			}
		}
		queue.Drop(i)
	}
	for i := range units {
		look(int32(i))
	}
	for queue.Len() > 0 {
		i, _ := queue.First()
		queue.Drop(i)
		if !t.put(units[i], offers[i], room, borders(i)) {
			continue
		}
		for _, a := range units[i] {
			for _, b := range d.Neighbours(int(a)) {
				if t.label[b] < 0 {
					look(unitOf[b])
				}
			}
		}
	}
}
