package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/footprint"
)

// CrossCell is what one group of a grouping and one of another share.
type CrossCell struct {
	A, B   int32   // labels
	Things []int32 // indices of what is in both, rising
}

// CrossTable lists the cells of two groupings of the same things that are not
// empty, by A and then B; things with a negative label in either are left out.
func CrossTable(a, b []int32) []CrossCell {
	order := make([]int32, 0, len(a))
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(a[i], a[j]), cmp.Compare(b[i], b[j]))
	})
	var out []CrossCell
	for _, i := range order {
		if n := len(out); n == 0 || out[n-1].A != a[i] || out[n-1].B != b[i] {
			out = append(out, CrossCell{A: a[i], B: b[i]})
		}
		out[len(out)-1].Things = append(out[len(out)-1].Things, i)
	}
	return out
}

// Moved is a thing outside its matched group.
type Moved struct {
	Thing    int32
	From, To int32 // group of b, and group of a
	// Counterpart is the group of a that is matched with From: where the thing
	// would lie if it had not moved; −1 if From has no partner.
	Counterpart int32
}

// MovedThings lists what lies outside the matched groups of two groupings,
// after the best one-to-one matching, as moves from b to a, by thing.
func MovedThings(a, b []int32) []Moved {
	counterpart := map[int32]int32{}
	for _, m := range MatchGroups(a, b) {
		if m.B >= 0 {
			counterpart[m.B] = m.A
		}
	}
	var out []Moved
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 && counterpart[b[i]] != a[i] {
			out = append(out, Moved{Thing: int32(i), From: b[i], To: a[i], Counterpart: counterpart[b[i]]})
		}
	}
	return out
}

// MoveGain is the change of Newman's modularity at a resolution if a node of a
// partition (an area's index, or the number of areas plus a provider's) moved
// to footprint to, and the change of the number of patients treated inside
// their footprint. Both are NaN where the node is unplaced.
func MoveGain(m *flow.Matrix, p footprint.Partition, node int, to int32, resolution float64) (gain, inside float64) {
	own := slices.Concat(p.Areas, p.Providers)[node]
	if own < 0 || to < 0 || int(to) >= p.Len() {
		return math.NaN(), math.NaN()
	}
	if to == own {
		return 0, 0
	}
	s := &sides{m: m, node: node, own: own, to: to}
	s.addStrengths(p)
	strength := s.addFlows(p)
	total := m.Total().Value
	inside = s.flows[1] - s.flows[0]
	return inside/total - resolution*strength*(s.strength[1]-s.strength[0]+strength)/(2*total*total), inside
}

// sides are the footprint of a node and another one.
type sides struct {
	m               *flow.Matrix
	node            int
	own, to         int32
	strength, flows [2]float64 // of the own footprint and of the other; flows with the node
}

// of is 0 for the own footprint, 1 for the other and -1 for the rest.
func (s *sides) of(f int32) int {
	switch f {
	case s.own:
		return 0
	case s.to:
		return 1
	}
	return -1
}

func (s *sides) addStrengths(p footprint.Partition) {
	for a, f := range p.Areas {
		if k := s.of(f); k >= 0 {
			s.strength[k] += s.m.RowTotal(a)
			if s.m.OneMode() {
				s.strength[k] += s.m.ColumnTotal(a)
			}
		}
	}
	for j, f := range p.Providers {
		if k := s.of(f); k >= 0 {
			s.strength[k] += s.m.ColumnTotal(j)
		}
	}
}

// addFlows adds up the node's flow with both footprints, and gives its strength.
func (s *sides) addFlows(p footprint.Partition) (strength float64) {
	m, nA := s.m, len(s.m.Areas())
	switch {
	case m.OneMode():
		ps, ws := m.Row(s.node)
		s.add(ps, p.Areas, ws)
		as, ws := m.Column(s.node)
		s.add(as, p.Areas, ws)
		return m.RowTotal(s.node) + m.ColumnTotal(s.node)
	case s.node < nA:
		ps, ws := m.Row(s.node)
		s.add(ps, p.Providers, ws)
		return m.RowTotal(s.node)
	}
	as, ws := m.Column(s.node - nA)
	s.add(as, p.Areas, ws)
	return m.ColumnTotal(s.node - nA)
}

func (s *sides) add(others []int32, label []int32, flows []float64) {
	for i, v := range others {
		if s.m.OneMode() && int(v) == s.node {
			continue
		}
		if k := s.of(label[v]); k >= 0 {
			s.flows[k] += flows[i]
		}
	}
}

// Labels are what CrossWords needs to name things.
type Labels struct {
	A, B   []string // names of the groups, by label
	Things []string // names of the things, by index
}

// CrossWords says in sentences how grouping a is made of the groups of b: one
// for each group of a ("F07 = West Yorkshire less Craven"), in the order of the
// labels, and then one for each group of b that is spread over several of a.
func CrossWords(a, b []int32, names Labels) []string {
	cells := CrossTable(a, b)
	sizeB := map[int32]int{}
	byB := map[int32][]CrossCell{}
	var orderB []int32
	for _, c := range cells {
		if sizeB[c.B] == 0 {
			orderB = append(orderB, c.B)
		}
		sizeB[c.B] += len(c.Things)
		byB[c.B] = append(byB[c.B], c)
	}
	slices.Sort(orderB)
	var out []string
	for i := 0; i < len(cells); {
		j := i
		for j < len(cells) && cells[j].A == cells[i].A {
			j++
		}
		out = append(out, names.A[cells[i].A]+" = "+madeOf(cells[i:j], sizeB, byB, names))
		i = j
	}
	for _, g := range orderB {
		parts := byB[g]
		if len(parts) < 2 {
			continue
		}
		parts = slices.Clone(parts)
		slices.SortStableFunc(parts, func(x, y CrossCell) int { return cmp.Compare(len(y.Things), len(x.Things)) })
		var in []string
		for _, c := range parts {
			in = append(in, fmt.Sprintf("%s (%d)", names.A[c.A], len(c.Things)))
		}
		out = append(out, fmt.Sprintf("%s is spread over %s", names.B[g], joined(in)))
	}
	return out
}

// madeOf puts the cells of one group of a in words.
func madeOf(cells []CrossCell, sizeB map[int32]int, byB map[int32][]CrossCell, names Labels) string {
	var whole, parts []CrossCell // groups of b that lie here for the most part, and others
	for _, c := range cells {
		if 2*len(c.Things) > sizeB[c.B] {
			whole = append(whole, c)
		} else {
			parts = append(parts, c)
		}
	}
	bySize := func(x, y CrossCell) int { return cmp.Compare(len(y.Things), len(x.Things)) }
	slices.SortStableFunc(whole, bySize)
	slices.SortStableFunc(parts, bySize)
	var list []string
	for _, c := range parts {
		list = append(list, partOf(c, sizeB, names))
	}
	switch {
	case len(whole) == 0:
		return joined(list)
	case len(parts) == 0:
		return wholeGroups(whole, byB, names)
	}
	return wholeGroups(whole, byB, names) + " plus " + joined(list)
}

// partOf puts a part of a group of b in words.
func partOf(c CrossCell, sizeB map[int32]int, names Labels) string {
	if len(c.Things) <= 3 {
		return fmt.Sprintf("%s (from %s)", thingNames(c.Things, names), names.B[c.B])
	}
	return fmt.Sprintf("%d of the %d areas of %s", len(c.Things), sizeB[c.B], names.B[c.B])
}

// wholeGroups names groups of b, less what of them lies elsewhere.
func wholeGroups(whole []CrossCell, byB map[int32][]CrossCell, names Labels) string {
	var list []string
	for _, c := range whole {
		list = append(list, names.B[c.B])
	}
	text := strings.Join(list, " + ") // names of groups have commas and ands of their own
	if missing := elsewhere(whole, byB); len(missing) > 0 {
		text += " less " + thingNames(missing, names)
	}
	return text
}

// elsewhere lists the things of groups of b that lie in other groups of a.
func elsewhere(whole []CrossCell, byB map[int32][]CrossCell) []int32 {
	var missing []int32
	for _, c := range whole {
		for _, other := range byB[c.B] {
			if other.A != c.A {
				missing = append(missing, other.Things...)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// thingNames lists up to four things by name, and counts more.
func thingNames(things []int32, names Labels) string {
	if len(things) > 4 {
		return fmt.Sprintf("%d areas", len(things))
	}
	list := make([]string, len(things))
	for i, t := range things {
		list[i] = names.Things[t]
	}
	return joined(list)
}

func joined(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
