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
	units := townUnits(d, hosts, rooted)
	town := slices.Repeat([]int32{-1}, d.Units)
	kernels := d.Providers
	if d.Providers == 0 {
		kernels = d.Areas
	}
	for p := range int32(kernels) {
		u := units.Find(d.Unit[d.Provider(p)])
		if town[u] < 0 {
			town[u] = int32(t.n)
			t.n++
			t.host = append(t.host, -1)
		}
		if hosts != nil {
			t.host[town[u]] = hosts[p]
		} else if d.Providers == 0 && t.host[town[u]] < 0 {
			t.host[town[u]] = p
		}
	}
	for v := range t.of {
		t.of[v] = town[units.Find(d.Unit[v])]
	}
	if t.label = slices.Clone(t.of); d.Providers == 0 {
		t.label = slices.Repeat([]int32{-1}, d.Areas)
	}
	return t
}

// townUnits joins the units of providers that one area hosts; where rooted, the
// area's too.
func townUnits(d *region.Demands, hosts []int32, rooted bool) grouping.Sets {
	units := grouping.NewSets(d.Units)
	first := make([]int32, d.Areas) // a provider that each area hosts, plus one
	for p, a := range hosts {
		unit := d.Unit[d.Areas+p]
		if first[a] > 0 {
			units.Union(unit, d.Unit[d.Areas+int(first[a]-1)])
		} else {
			first[a] = int32(p) + 1
		}
		if rooted {
			units.Union(unit, d.Unit[a])
		}
	}
	return units
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
			if town := t.of[t.d.Provider(p)]; town >= 0 {
				list = append(list, offer{town, ws[k]})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y offer) int { return cmp.Compare(x.town, y.town) })
	n := 0
	for _, o := range list {
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
		r.people[town] += d.People(v)
	}
	r.tags[town] = append(r.tags[town], d.Tags[v]...)
}

// fits reports whether a town may take all of a unit.
func (r *room) fits(town int32, unit []int32) bool {
	d, people, out := r.t.d, r.people[town], r.out[town]
	for _, a := range unit {
		out += d.Matrix.RowTotal(int(a))
		people += d.People(a)
		if region.Clash(d.Tags[a], r.tags[town]) {
			return false
		}
	}
	return d.Fits(people, out)
}

// fill puts every free area to the town that treats most of its patients (ties:
// the first), the largest areas first where a limit may turn some away. An
// area that no town may take, or without patients, becomes a label of its own
// from n up. Under a demand of contiguity a town keeps the areas that are
// connected with its host, or, without one, the piece that sends it the most;
// the others go, those with the most patients there first, to a town that they
// border.
func (t *towns) fill() {
	units := t.freeUnits()
	room := t.newRoom()
	var left [][]int32
	for _, i := range t.bySize(units) {
		if !t.put(units[i], t.offers(units[i]), room, nil) {
			left = append(left, units[i])
		}
	}
	if t.d.Ground != nil {
		t.tieToMap(units)
		t.spread()
		left = t.freeUnits()
	}
	for i, u := range left {
		t.set(u, int32(t.n+i))
	}
}

// set labels the areas of a unit.
func (t *towns) set(unit []int32, label int32) {
	for _, a := range unit {
		t.label[a] = label
	}
}

// bySize orders units by falling number of patients.
func (t *towns) bySize(units [][]int32) []int {
	size, order := make([]float64, len(units)), make([]int, len(units))
	for i, u := range units {
		order[i] = i
		for _, a := range u {
			size[i] += t.d.Matrix.RowTotal(int(a))
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(size[j], size[i]) })
	return order
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

// tieToMap frees the units that no chain of borders connects with their town,
// islands aside.
func (t *towns) tieToMap(units [][]int32) {
	ground, pieces := t.d.Ground, grouping.NewSets(t.d.Areas)
	ground.Join(t.label[:t.d.Areas], pieces)
	keep := t.mainPieces(pieces)
	for _, u := range units {
		c := t.label[u[0]]
		if c >= 0 && !slices.ContainsFunc(u, func(a int32) bool { return !ground.Landed(a) || pieces.Find(a) == keep[c] }) {
			t.set(u, -1)
		}
	}
}

// mainPieces is the piece on the map that each town keeps, named by its first
// area: that of its host, or else the one that sends it the most; -1 for none.
func (t *towns) mainPieces(pieces grouping.Sets) []int32 {
	ground, sent := t.d.Ground, t.sentToTown(pieces)
	keep := slices.Repeat([]int32{-1}, t.n)
	for a := range int32(t.d.Areas) {
		c := t.label[a]
		if c < 0 || pieces.Find(a) != a || !ground.Landed(a) {
			continue
		}
		if keep[c] < 0 || sent[a] > sent[keep[c]] {
			keep[c] = a
		}
	}
	for c, h := range t.host {
		if h >= 0 && t.label[h] == int32(c) && ground.Landed(h) {
			keep[c] = pieces.Find(h)
		}
	}
	return keep
}

// sentToTown adds up the patients of each piece who go to its own town.
func (t *towns) sentToTown(pieces grouping.Sets) []float64 {
	sent := make([]float64, t.d.Areas)
	for a := range int32(t.d.Areas) {
		if t.label[a] < 0 || !t.d.Ground.Landed(a) {
			continue
		}
		piece := pieces.Find(a)
		ps, ws := t.d.Matrix.Row(int(a))
		for k, p := range ps {
			if t.of[t.d.Provider(p)] == t.label[a] {
				sent[piece] += ws[k]
			}
		}
	}
	return sent
}

// spread gives free units to towns that they border and send patients to, the
// unit with the most patients to give first, until none is left that can.
func (t *towns) spread() {
	units := t.freeUnits()
	unitOf := make([]int32, t.d.Areas)
	offers := make([][]offer, len(units))
	for i, u := range units {
		offers[i] = t.offers(u)
		for _, a := range u {
			unitOf[a] = int32(i)
		}
	}
	room, queue := t.newRoom(), region.NewQueue(len(units))
	look := func(i int32) {
		for _, o := range offers[i] {
			if t.borders(units[i])(o.town) && room.fits(o.town, units[i]) {
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
		if !t.put(units[i], offers[i], room, t.borders(units[i])) {
			continue
		}
		for _, a := range units[i] {
			for _, b := range t.d.Ground.Near(a) {
				if t.label[b] < 0 {
					look(unitOf[b])
				}
			}
		}
	}
}

// borders says of towns whether a unit borders them.
func (t *towns) borders(unit []int32) func(town int32) bool {
	return func(town int32) bool {
		return slices.ContainsFunc(unit, func(a int32) bool {
			return slices.ContainsFunc(t.d.Ground.Near(a), func(b int32) bool { return t.label[b] == town })
		})
	}
}
