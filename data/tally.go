package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
)

// names keeps one copy of each code, numbered in the order of appearance.
type names struct {
	ids  map[string]int32
	list []string
}

func (n *names) id(b []byte) int32 {
	if i, ok := n.ids[string(b)]; ok {
		return i
	}
	if n.ids == nil {
		n.ids = map[string]int32{}
	}
	i := int32(len(n.list))
	s := string(b)
	n.ids[s] = i
	n.list = append(n.list, s)
	return i
}

// kept is the one copy of a code.
func (n *names) kept(b []byte) string { return n.list[n.id(b)] }

// differing is told of a published total, in a line of a file, that its rows do
// not add up to, and what it is the total of.
type differing func(file string, line int, what string)

// pairTally adds up patients by area and provider, and holds the rows that a
// publisher marks as sums ("Total", C_999, sex "ALL") apart from those they
// sum, within a group (a month, a part) in which both were published.
type pairTally struct {
	areas, providers, groups, files names

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

// add counts one cell of a published table, which stands in a line of a file.
func (t *pairTally) add(area, provider, group []byte, c flow.Count, total bool, file string, line int) {
	k := pairKey{t.areas.id(area), t.providers.id(provider), t.groups.id(group)}
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
		cell.hasTotal, cell.file, cell.line = true, t.files.id([]byte(file)), int32(line)
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

// records are the patients by area and provider, from the detail wherever
// there is any: one record for what was published of a pair, and one for every
// cell of it that was suppressed, so that no bound is lost. Sorted by area,
// provider, and the suppressed cells behind the published ones. differs is told
// of totals that their rows do not add up to; nil where no row is a total.
func (t *pairTally) records(differs differing) []Record {
	// 1. Totals against their rows, within the bounds of what is suppressed.
	type both struct{ detail, total []flow.Count }
	hidden := make(map[int32]*both, len(t.withheld))
	for _, w := range t.withheld {
		h := hidden[w.cell]
		if h == nil {
			h = &both{}
			hidden[w.cell] = h
		}
		if w.total {
			h.total = append(h.total, w.count)
		} else {
			h.detail = append(h.detail, w.count)
		}
	}
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
		h := cmp.Or(hidden[int32(i)], &both{})
		lower, upper := bounds(c.detail, h.detail)
		least, most := bounds(c.total, h.total)
		if most < lower-sumSlack(lower) || least > upper+sumSlack(upper) {
			differs(t.files.list[c.file], int(c.line), fmt.Sprintf("%s from %s%s", t.providers.list[c.provider], t.areas.list[c.area], inGroup(t.groups.list[c.group])))
		}
	}
	// 2. What is published, by pair.
	order := make([]int32, len(t.cells))
	for i := range order {
		order[i] = int32(i)
	}
	pair := func(i, j int32) int {
		a, b := &t.cells[i], &t.cells[j]
		if a.area != b.area {
			return cmp.Compare(t.areas.list[a.area], t.areas.list[b.area])
		}
		if a.provider != b.provider {
			return cmp.Compare(t.providers.list[a.provider], t.providers.list[b.provider])
		}
		return 0
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(pair(i, j), cmp.Compare(t.groups.list[t.cells[i].group], t.groups.list[t.cells[j].group]))
	})
	out := make([]Record, 0, len(order))
	for i := 0; i < len(order); {
		var published float64
		var some bool
		var marks []flow.Count
		j := i
		for ; j < len(order) && pair(order[i], order[j]) == 0; j++ {
			c := &t.cells[order[j]]
			h := cmp.Or(hidden[order[j]], &both{})
			n, m := c.detail, h.detail
			if !c.hasDetail {
				n, m = c.total, h.total
			}
			published += n
			marks = append(marks, m...)
			some = some || n > 0 || len(m) == 0
		}
		c := &t.cells[order[i]]
		area, provider := t.areas.list[c.area], t.providers.list[c.provider]
		if some {
			out = append(out, Record{Area: area, Provider: provider, Count: flow.Exactly(published)})
		}
		slices.SortFunc(marks, func(a, b flow.Count) int {
			return cmp.Or(cmp.Compare(a.Lower, b.Lower), cmp.Compare(a.Upper, b.Upper))
		})
		for _, m := range marks {
			out = append(out, Record{Area: area, Provider: provider, Count: m})
		}
		i = j
	}
	return out
}

func inGroup(group string) string {
	if group == "" {
		return ""
	}
	return ", " + group
}

// sumSlack is how far a sum of n patients may be off by rounding of the
// arithmetic alone.
func sumSlack(n float64) float64 { return 1e-9*math.Abs(n) + 1e-6 }

// differs notes a published total that its rows do not add up to. The numbers
// stay out of the message: they may be small.
func (im *importer) differs(file string, line int, what string) {
	im.out.Report.Differences = append(im.out.Report.Differences,
		&InputError{File: file, Line: line, Err: fmt.Errorf("%w: %s", ErrTotal, what)})
}

// sumKey names a set of sums: of one entity, one period and one series; within
// it, of one other organisation (the commissioner of a provider's patients),
// as far as published sums go.
type sumKey struct{ entity, period, series, other string }

// maxSums is how many numbers are added up side by side in a series.
const maxSums = 8

type sums struct {
	detail, total [maxSums]float64
	known         [maxSums]bool // some row had the number
	hasDetail     bool
	hasTotal      bool
	file          string // of the total
	line          int
}

// sumTally adds up numerators and denominators, with published sums apart.
type sumTally struct{ by map[sumKey]*sums }

func (t *sumTally) at(k sumKey) *sums {
	if t.by == nil {
		t.by = map[sumKey]*sums{}
	}
	s := t.by[k]
	if s == nil {
		s = &sums{}
		t.by[k] = s
	}
	return s
}

// add adds a row's numbers; unknown ones add nothing.
func (t *sumTally) add(k sumKey, numbers []Number, total bool, file string, line int) {
	s := t.at(k)
	if total {
		s.hasTotal, s.file, s.line = true, file, line
	} else {
		s.hasDetail = true
	}
	for i, n := range numbers {
		if !n.Known {
			continue
		}
		s.known[i] = true
		if total {
			s.total[i] += n.Value
		} else {
			s.detail[i] += n.Value
		}
	}
}

// keys are the keys by entity, series and period.
func (t *sumTally) keys() []sumKey {
	ks := make([]sumKey, 0, len(t.by))
	for k := range t.by {
		ks = append(ks, k)
	}
	slices.SortFunc(ks, func(a, b sumKey) int {
		return cmp.Or(strings.Compare(a.entity, b.entity), strings.Compare(a.series, b.series), strings.Compare(a.period, b.period), strings.Compare(a.other, b.other))
	})
	return ks
}

// check holds the published sums against the rows, and gives the numbers that
// count: the rows' where there are any.
func (s *sums) check(differs differing, what string) [maxSums]Number {
	from := s.detail
	if !s.hasDetail {
		from = s.total
	} else if s.hasTotal {
		for i := range from {
			if math.Abs(s.detail[i]-s.total[i]) > sumSlack(s.detail[i]) {
				differs(s.file, s.line, what)
				break
			}
		}
	}
	var out [maxSums]Number
	for i := range out {
		out[i] = Number{from[i], s.known[i]}
	}
	return out
}

// checked are the sums by entity, series and period, in that order, each held
// against what was published of it.
func (t *sumTally) checked(differs differing) []checkedSums {
	var out []checkedSums
	for _, k := range t.keys() {
		what := k.entity
		for _, s := range []string{k.other, k.series, k.period} {
			if s != "" {
				what += ", " + s
			}
		}
		n := t.by[k].check(differs, what)
		k.other = ""
		if i := len(out) - 1; i >= 0 && out[i].sumKey == k {
			for j := range n {
				out[i].n[j] = Number{out[i].n[j].Value + n[j].Value, out[i].n[j].Known || n[j].Known}
			}
			continue
		}
		out = append(out, checkedSums{k, n})
	}
	return out
}

type checkedSums struct {
	sumKey
	n [maxSums]Number
}

// figure adds a number to the result; periods are added up as asked later.
func (im *importer) figure(f Figure) { im.out.Figures = append(im.out.Figures, f) }

// figures brings the figures into their order, and adds up the periods as
// asked: numerators and denominators, never values. A figure without both
// stays by itself only where its period does.
func (im *importer) figures() {
	fs := im.out.Figures
	if im.opts.Period != "" {
		fs = slices.DeleteFunc(fs, func(f Figure) bool { return !im.wanted(f.Period) })
	}
	order := func(a, b Figure) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Indicator, b.Indicator), strings.Compare(a.Period, b.Period))
	}
	slices.SortStableFunc(fs, order)
	if im.opts.By != "" {
		out := fs[:0]
		for _, f := range fs {
			f.Period = longer(f.Period, im.opts.By)
			if n := len(out); n > 0 && order(out[n-1], f) == 0 {
				p := &out[n-1]
				p.Numerator, p.Denominator = p.Numerator.plus(f.Numerator), p.Denominator.plus(f.Denominator)
				p.Value, p.Lower, p.Upper = Number{}, Number{}, Number{}
				continue
			}
			out = append(out, f)
		}
		fs = out
	}
	im.out.Figures = fs
}

// plus is the sum of two numbers, known where both are.
func (n Number) plus(m Number) Number {
	if !n.Known || !m.Known {
		return Number{}
	}
	return Known(n.Value + m.Value)
}
