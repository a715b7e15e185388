package footprint

import (
	"iter"
	"math"
	"slices"

	"stpmap/flow"
)

// Live is a partition that is changed by hand, with its figures. A change costs
// the members of the footprints that it touches, whatever the size of the rest.
// The figures are those that Measure gives, to the last bit.
type Live struct {
	m          *flow.Matrix
	population []float64
	ground     *Ground // nil where no adjacency was given

	Partition Partition
	Measures  Measures

	rows, columns    []flow.Count // totals of areas and of providers
	unplaced         bool         // a place was in no footprint at the last measuring
	areas, providers [][]int32    // members of each footprint, rising
	mark             []int32      // room by node: 1 + the footprint that is searched
	stack            []int32
}

// NewLive measures a partition, which it copies. population and adjacency are
// those of Measure, and may be nil.
func NewLive(m *flow.Matrix, p Partition, population []float64, adjacency Adjacency) *Live {
	l := &Live{m: m, population: population, mark: make([]int32, len(m.Areas())+len(m.Providers()))}
	if adjacency != nil {
		l.ground = GroundOf(adjacency, len(m.Areas()))
	}
	for a := range m.Areas() {
		l.rows = append(l.rows, m.RowCount(a))
	}
	l.columns = m.ColumnCounts()
	l.Set(p)
	return l
}

// Ground is the ground of the areas; nil where no adjacency was given.
func (l *Live) Ground() *Ground { return l.ground }

// Set takes another partition of the same matrix, which it copies.
func (l *Live) Set(p Partition) {
	l.Partition = Partition{Areas: slices.Clone(p.Areas), Providers: slices.Clone(p.Providers), IDs: slices.Clone(p.IDs)}
	l.areas, l.providers = membersOf(p.Areas, p.Len()), membersOf(p.Providers, p.Len())
	var adjacency Adjacency
	if l.ground != nil {
		adjacency = near{l.ground}
	}
	l.Measures = Measure(l.m, l.Partition, l.population, adjacency)
	l.unplaced = l.Measures.UnplacedAreas+l.Measures.UnplacedProviders > 0
}

// membersOf lists the places of each label, rising.
func membersOf(label []int32, n int) [][]int32 {
	out := make([][]int32, n)
	for v, f := range label {
		if f >= 0 {
			out[f] = append(out[f], int32(v))
		}
	}
	return out
}

// Members lists the areas and the providers of a footprint, rising. The slices
// are its own: read them only, and before the next change.
func (l *Live) Members(f int32) (areas, providers []int32) { return l.areas[f], l.providers[f] }

// Of is the footprint of a node, an area's index or the number of areas plus a
// provider's index; Unplaced where it has none.
func (l *Live) Of(node int32) int32 {
	if n := int32(len(l.Partition.Areas)); node >= n {
		return l.Partition.Providers[node-n]
	}
	return l.Partition.Areas[node]
}

// Move puts nodes into footprints, to[i] being that of nodes[i], and measures
// what that touches.
func (l *Live) Move(nodes, to []int32) {
	var touched []int32
	for i, v := range nodes {
		was := l.Of(v)
		if was == to[i] {
			continue
		}
		l.place(v, was, to[i])
		touched = append(touched, was, to[i])
	}
	slices.Sort(touched)
	touched = slices.DeleteFunc(slices.Compact(touched), func(f int32) bool { return f < 0 })
	l.measure(touched)
}

// MoveBack undoes the last Move: nodes go to where they were, and the figures are
// the copy of those before it.
func (l *Live) MoveBack(nodes, to []int32, ms Measures) {
	for i, v := range nodes {
		if was := l.Of(v); was != to[i] {
			l.place(v, was, to[i])
		}
	}
	l.Measures = ms
	l.unplaced = ms.UnplacedAreas+ms.UnplacedProviders > 0
}

// AddFootprint adds a footprint without members.
func (l *Live) AddFootprint(id string) {
	p := l.Partition
	p.IDs = append(p.IDs, id)
	l.Set(p)
}

// place moves one node in the lists of members.
func (l *Live) place(node, was, to int32) {
	labels, members, v := l.Partition.Areas, l.areas, node
	if n := int32(len(labels)); node >= n {
		labels, members, v = l.Partition.Providers, l.providers, node-n
	}
	labels[v] = to
	if was >= 0 {
		i, _ := slices.BinarySearch(members[was], v)
		members[was] = slices.Delete(members[was], i, i+1)
	}
	if to >= 0 {
		i, _ := slices.BinarySearch(members[to], v)
		members[to] = slices.Insert(members[to], i, v)
	}
}

// measure brings the figures up to date after some footprints have changed.
func (l *Live) measure(touched []int32) {
	ms, p := &l.Measures, l.Partition
	for _, f := range touched {
		fm := FootprintMeasures{
			ID: p.IDs[f], Areas: len(l.areas[f]), Providers: len(l.providers[f]), Population: l.people(f), Containment: l.containment(f),
		}
		fm.setIndices(l.m.Total().Value)
		fm.Connected = l.connected(f)
		fm.Contiguous = l.ground != nil && len(l.ground.Parts(l.areas[f])) <= 1
		ms.ByFootprint[f] = fm
	}
	*ms = Measures{Footprints: p.Len(), Patients: ms.Patients, Contiguous: ms.Contiguous, ByFootprint: ms.ByFootprint, Coverage: ms.Coverage}
	ms.reset()
	l.countAll()
	inside := ms.addFootprints()
	ms.Modularity, ms.BipartiteModularity = modularities(l.m, p, containmentsOf(ms.ByFootprint), inside)
}

// countAll counts what Measure counts footprint by footprint.
func (l *Live) countAll() {
	ms := &l.Measures
	if l.ground != nil {
		ms.Contiguous = 0
	}
	for f := range ms.ByFootprint {
		fm := &ms.ByFootprint[f]
		ms.Areas += fm.Areas
		ms.Providers += fm.Providers
		if !fm.Connected {
			ms.Disconnected++
		}
		if fm.Contiguous {
			ms.Contiguous++
		}
	}
	ms.UnplacedAreas, ms.UnplacedProviders = len(l.Partition.Areas)-ms.Areas, len(l.Partition.Providers)-ms.Providers
	if ms.UnplacedAreas+ms.UnplacedProviders > 0 || l.unplaced {
		ms.Coverage = coverage(l.m, l.Partition, l.population)
	}
	l.unplaced = ms.UnplacedAreas+ms.UnplacedProviders > 0
}

// people adds up the people of a footprint; NaN unless known for all its areas.
func (l *Live) people(f int32) (sum float64) {
	if l.population == nil {
		return math.NaN()
	}
	for _, a := range l.areas[f] {
		sum += l.population[a]
	}
	return sum
}

// containment adds up the flows of a footprint, in the order of Containments.
func (l *Live) containment(f int32) (c flow.Containment) {
	m, providers := l.m, l.Partition.Providers
	treating := l.providers[f]
	if m.OneMode() {
		providers, treating = l.Partition.Areas, l.areas[f]
	}
	for _, a := range l.areas[f] {
		c.Resident = c.Resident.Plus(l.rows[a])
		ps, _ := m.Row(int(a))
		off := m.RowOffset(int(a))
		for i, j := range ps {
			if providers[j] == f {
				c.Inside = c.Inside.Plus(m.Cell(off + i))
			}
		}
	}
	for _, j := range treating {
		c.Treated = c.Treated.Plus(l.columns[j])
	}
	for _, sum := range []*flow.Count{&c.Resident, &c.Treated, &c.Inside} {
		sum.Value, sum.Published, sum.Lower, sum.Upper = m.Tidy(sum.Value), m.Tidy(sum.Published), m.Tidy(sum.Lower), m.Tidy(sum.Upper)
	}
	return c
}

// connected says whether a footprint is one piece in the flow network.
func (l *Live) connected(f int32) bool {
	n := int32(len(l.Partition.Areas))
	want := len(l.areas[f]) + len(l.providers[f])
	if want <= 1 {
		return true
	}
	first := n
	if len(l.areas[f]) > 0 {
		first = l.areas[f][0]
	} else {
		first += l.providers[f][0]
	}
	clear(l.mark)
	l.mark[first] = 1
	l.stack = append(l.stack[:0], first)
	seen := 0
	for len(l.stack) > 0 {
		v := l.stack[len(l.stack)-1]
		l.stack = l.stack[:len(l.stack)-1]
		seen++
		l.visit(v, f)
	}
	return seen == want
}

// visit puts the nodes of f that exchange patients with a node on the stack, once.
func (l *Live) visit(v, f int32) {
	n := int32(len(l.Partition.Areas))
	add := func(u int32) {
		if l.mark[u] == 0 && l.Of(u) == f {
			l.mark[u] = 1
			l.stack = append(l.stack, u)
		}
	}
	first := n
	if l.m.OneMode() {
		first = 0
	}
	if v < n {
		ps, _ := l.m.Row(int(v))
		for _, j := range ps {
			add(first + j)
		}
	}
	if v >= first {
		as, _ := l.m.Column(int(v - first))
		for _, a := range as {
			add(a)
		}
	}
}

// containmentsOf are the flows of footprints that have been measured.
func containmentsOf(list []FootprintMeasures) []flow.Containment {
	out := make([]flow.Containment, len(list))
	for f := range list {
		out[f] = list[f].Containment
	}
	return out
}

// near makes an Adjacency of a ground.
type near struct{ *Ground }

// Neighbours implements Adjacency.
func (n near) Neighbours(area int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, u := range n.Near(int32(area)) {
			if !yield(int(u)) {
				return
			}
		}
	}
}
