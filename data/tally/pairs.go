package tally

import (
	"cmp"
	"fmt"
	"slices"

	"stpmap/data"
	"stpmap/data/internal/intern"
	"stpmap/flow"
)

// Differs is told of a published total, in a line of a file, that its rows do
// not add up to, and what it is the total of.
type Differs func(file string, line int, what string)

// Pairs adds up patients by area and provider, and holds the rows that a
// publisher marks as sums ("Total", C_999, sex "ALL") apart from those they
// sum, within a group (a month, a part) in which both were published.
type Pairs struct {
	areas, providers, Groups, files intern.Names

	at       map[pairKey]int32
	cells    []pairCell
	withheld []withheldCell
}

type pairKey struct{ area, provider, group int32 }

// pairCell holds what was published of a pair: suppressed cells are kept
// apart, as there are few.
type pairCell struct {
	pairKey
	hasDetail, hasTotal bool
	detail, total       float64
	line, file          int32 // of the total; the file as numbered in files
}

type withheldCell struct {
	cell  int32
	total bool
	count flow.Count
}

// Add counts one cell of a published table, which stands in a line of a file.
func (t *Pairs) Add(area, provider, group []byte, c flow.Count, total bool, file string, line int) {
	k := pairKey{t.areas.ID(area), t.providers.ID(provider), t.Groups.ID(group)}
	if t.at == nil {
		t.at = map[pairKey]int32{}
	}
	i, ok := t.at[k]
	if !ok {
		i = int32(len(t.cells))
		t.at[k] = i
		t.cells = append(t.cells, pairCell{pairKey: k})
	}
	cell := &t.cells[i]
	if c.Suppressed() {
		t.withheld = append(t.withheld, withheldCell{i, total, c})
	}
	switch {
	case total:
		cell.hasTotal, cell.file, cell.line = true, t.files.ID([]byte(file)), int32(line)
		if !c.Suppressed() {
			cell.total += c.Value
		}
	default:
		cell.hasDetail = true
		if !c.Suppressed() {
			cell.detail += c.Value
		}
	}
}

// Records are the patients by area and provider, from the detail wherever
// there is any: one record for what was published of a pair, and one for every
// cell of it that was suppressed, so that no bound is lost. Sorted by area,
// provider, and the suppressed cells behind the published ones. differs is told
// of totals that their rows do not add up to; nil where no row is a total.
func (t *Pairs) Records(differs Differs) []data.Record {
	hidden := t.hidden()
	t.check(hidden, differs)
	order := t.order()
	out := make([]data.Record, 0, len(order))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && t.comparePairs(order[i], order[j]) == 0 {
			j++
		}
		out = t.appendPair(out, order[i:j], hidden)
		i = j
	}
	return out
}

// marks are the suppressed counts of one cell.
type marks struct{ detail, total []flow.Count }

// hidden are the suppressed counts by cell.
func (t *Pairs) hidden() map[int32]*marks {
	hidden := make(map[int32]*marks, len(t.withheld))
	for _, w := range t.withheld {
		h := hidden[w.cell]
		if h == nil {
			h = &marks{}
			hidden[w.cell] = h
		}
		if w.total {
			h.total = append(h.total, w.count)
		} else {
			h.detail = append(h.detail, w.count)
		}
	}
	return hidden
}

// check holds totals against their rows, within the bounds of what is
// suppressed.
func (t *Pairs) check(hidden map[int32]*marks, differs Differs) {
	bounds := func(n float64, marks []flow.Count) (lower, upper float64) {
		lower, upper = n, n
		for _, m := range marks {
			lower, upper = lower+m.Lower, upper+m.Upper
		}
		return lower, upper
	}
	for i := range t.cells {
		c := &t.cells[i]
		if !c.hasDetail || !c.hasTotal {
			continue
		}
		h := cmp.Or(hidden[int32(i)], &marks{})
		lower, upper := bounds(c.detail, h.detail)
		least, most := bounds(c.total, h.total)
		if most < lower-Slack(lower) || least > upper+Slack(upper) {
			differs(t.files.List[c.file], int(c.line), fmt.Sprintf("%s from %s%s", t.providers.List[c.provider], t.areas.List[c.area], inGroup(t.Groups.List[c.group])))
		}
	}
}

// comparePairs compares two cells by area and provider.
func (t *Pairs) comparePairs(i, j int32) int {
	a, b := &t.cells[i], &t.cells[j]
	if a.area != b.area {
		return cmp.Compare(t.areas.List[a.area], t.areas.List[b.area])
	}
	if a.provider != b.provider {
		return cmp.Compare(t.providers.List[a.provider], t.providers.List[b.provider])
	}
	return 0
}

// order is the cells by area, provider and group.
func (t *Pairs) order() []int32 {
	order := make([]int32, len(t.cells))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(t.comparePairs(i, j), cmp.Compare(t.Groups.List[t.cells[i].group], t.Groups.List[t.cells[j].group]))
	})
	return order
}

// appendPair adds what the cells of one pair hold.
func (t *Pairs) appendPair(out []data.Record, cells []int32, hidden map[int32]*marks) []data.Record {
	var published float64
	var some bool
	var withheld []flow.Count
	for _, i := range cells {
		c := &t.cells[i]
		h := cmp.Or(hidden[i], &marks{})
		n, m := c.detail, h.detail
		if !c.hasDetail {
			n, m = c.total, h.total
		}
		published += n
		withheld = append(withheld, m...)
		some = some || n > 0 || len(m) == 0
	}
	c := &t.cells[cells[0]]
	area, provider := t.areas.List[c.area], t.providers.List[c.provider]
	if some {
		out = append(out, data.Record{Area: area, Provider: provider, Count: flow.Exactly(published)})
	}
	slices.SortFunc(withheld, func(a, b flow.Count) int {
		return cmp.Or(cmp.Compare(a.Lower, b.Lower), cmp.Compare(a.Upper, b.Upper))
	})
	for _, m := range withheld {
		out = append(out, data.Record{Area: area, Provider: provider, Count: m})
	}
	return out
}

func inGroup(group string) string {
	if group == "" {
		return ""
	}
	return ", " + group
}
