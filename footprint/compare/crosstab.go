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
	nA := len(m.Areas())
	own := int32(footprint.Unplaced)
	if node < nA {
		own = p.Areas[node]
	} else {
		own = p.Providers[node-nA]
	}
	if own < 0 || to < 0 || int(to) >= p.Len() {
		return math.NaN(), math.NaN()
	}
	if to == own {
		return 0, 0
	}
	total := m.Total().Value
	var strength, flows [2]float64 // of the own footprint and of the other
	side := func(f int32) int {
		switch f {
		case own:
			return 0
		case to:
			return 1
		}
		return -1
	}
	for a, f := range p.Areas {
		if k := side(f); k >= 0 {
			strength[k] += m.RowTotal(a)
			if m.OneMode() {
				strength[k] += m.ColumnTotal(a)
			}
		}
	}
	for j, f := range p.Providers {
		if k := side(f); k >= 0 {
			strength[k] += m.ColumnTotal(j)
		}
	}
	add := func(others []int32, of []int32, ws []float64) {
		for i, v := range others {
			if m.OneMode() && int(v) == node {
				continue
			}
			if k := side(of[v]); k >= 0 {
				flows[k] += ws[i]
			}
		}
	}
	s := 0.0
	switch {
	case m.OneMode():
		s = m.RowTotal(node) + m.ColumnTotal(node)
		ps, ws := m.Row(node)
		add(ps, p.Areas, ws)
		as, ws := m.Column(node)
		add(as, p.Areas, ws)
	case node < nA:
		s = m.RowTotal(node)
		ps, ws := m.Row(node)
		add(ps, p.Providers, ws)
	default:
		s = m.ColumnTotal(node - nA)
		as, ws := m.Column(node - nA)
		add(as, p.Areas, ws)
	}
	inside = flows[1] - flows[0]
	return inside/total - resolution*s*(strength[1]-strength[0]+s)/(2*total*total), inside
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
	partOf := func(c CrossCell) string {
		if len(c.Things) <= 3 {
			return fmt.Sprintf("%s (from %s)", thingNames(c.Things, names), names.B[c.B])
		}
		return fmt.Sprintf("%d of the %d areas of %s", len(c.Things), sizeB[c.B], names.B[c.B])
	}
	var list []string
	if len(whole) == 0 {
		for _, c := range parts {
			list = append(list, partOf(c))
		}
		return joined(list)
	}
	var missing []int32
	for _, c := range whole {
		list = append(list, names.B[c.B])
		for _, other := range byB[c.B] {
			if other.A != c.A {
				missing = append(missing, other.Things...)
			}
		}
	}
	text := strings.Join(list, " + ") // names of groups have commas and ands of their own
	if len(missing) > 0 {
		slices.Sort(missing)
		text += " less " + thingNames(missing, names)
	}
	if len(parts) > 0 {
		list = list[:0]
		for _, c := range parts {
			list = append(list, partOf(c))
		}
		text += " plus " + joined(list)
	}
	return text
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
