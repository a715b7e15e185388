package codebook

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow"
)

// finer are the kinds of areas, by the first three characters of their codes,
// that make up those of another kind.
var finer = map[string][]string{
	"E10": {"E07"}, "E11": {"E08"}, "E47": {"E06", "E07", "E08"},
	"E54": {"E38"}, "E40": {"E54", "E38"}, "E39": {"E54", "E38"},
	"E02": {"E01", "E00"}, "E01": {"E00"}, "E38": {"E01", "E02"},
	"W02": {"W01"}, "W06": {"W01", "W02"}, "S02": {"S01"},
}

// Repeat is areas of a matrix that hold others of it.
type Repeat struct {
	Codes    []string // sorted
	Patients float64
	// Proven says that their patients are those of the others, at every
	// provider: counting both counts everybody twice. Otherwise the two may be
	// of different places.
	Proven bool
	Other  string // a code of those that they hold
}

// String says what the areas are, in a sentence.
func (r Repeat) String() string {
	are := "larger than other areas of the table such as " + r.Other + ": if they hold the same patients, these are counted twice"
	if r.Proven {
		are = "left out: the patients of other areas, such as " + r.Other + ", once more"
	}
	return fmt.Sprintf("%s (%s), %s patients, %s", areasOf(len(r.Codes)), data.SomeCodes(r.Codes), table.FormatNumber(r.Patients), are)
}

// Repeats finds areas that hold other areas of the same matrix: counties beside
// their districts, systems beside their parts, and one area whose patients are,
// at each of two providers or more, the sum of those of all others. A one-mode
// matrix has none that can be proven.
func Repeats(m *flow.Matrix) []Repeat {
	kinds := map[string][]int{}
	for a, c := range m.Areas() {
		if table.OnsCode.MatchString(c) {
			kinds[c[:3]] = append(kinds[c[:3]], a)
		}
	}
	var out []Repeat
	coarse := make([]string, 0, len(finer))
	for k := range finer {
		coarse = append(coarse, k)
	}
	slices.Sort(coarse)
	for _, k := range coarse {
		var parts []int
		for _, f := range finer[k] {
			parts = append(parts, kinds[f]...)
		}
		if len(kinds[k]) == 0 || len(parts) == 0 {
			continue
		}
		out = append(out, repeatOf(m, kinds[k], parts))
	}
	if r, ok := wholeArea(m); ok && len(out) == 0 {
		out = append(out, r)
	}
	return out
}

func repeatOf(m *flow.Matrix, large, small []int) Repeat {
	r := Repeat{Other: m.Areas()[slices.Min(small)]}
	for _, a := range large {
		r.Codes = append(r.Codes, m.Areas()[a])
		r.Patients += m.RowTotal(a)
	}
	r.Proven = !m.OneMode() && sameColumns(columnSums(m, large), columnSums(m, small))
	return r
}

// span is what a sum lies between: it is one number where all counts are known.
type span struct{ lower, upper float64 }

func (s *span) add(c flow.Count) { s.lower, s.upper = s.lower+c.Lower, s.upper+c.Upper }

// meets reports whether two sums can be the same.
func (s span) meets(t span) bool {
	slack := tally.Slack(max(s.upper, t.upper))
	return s.lower <= t.upper+slack && t.lower <= s.upper+slack
}

func columnSums(m *flow.Matrix, areas []int) []span {
	sums := make([]span, len(m.Providers()))
	for _, a := range areas {
		providers, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, j := range providers {
			sums[j].add(m.Cell(off + i))
		}
	}
	return sums
}

func sameColumns(a, b []span) bool {
	for i := range a {
		if !a[i].meets(b[i]) {
			return false
		}
	}
	return true
}

// wholeArea finds an area that sums all the others, of three or more, at two
// providers or more at which several others have patients.
func wholeArea(m *flow.Matrix) (Repeat, bool) {
	if m.OneMode() || len(m.Areas()) < 4 {
		return Repeat{}, false
	}
	all := columnSums(m, everyArea(m))
	total := m.Total()
	for a, code := range m.Areas() {
		row := m.RowCount(a)
		if !(span{2 * row.Lower, 2 * row.Upper}).meets(span{total.Lower, total.Upper}) {
			continue
		}
		if sumsOthers(m, a, all) {
			other := m.Areas()[0]
			if a == 0 {
				other = m.Areas()[1]
			}
			return Repeat{Codes: []string{code}, Patients: m.RowTotal(a), Proven: true, Other: other}, true
		}
	}
	return Repeat{}, false
}

func everyArea(m *flow.Matrix) []int {
	all := make([]int, len(m.Areas()))
	for a := range all {
		all[a] = a
	}
	return all
}

// sumsOthers reports whether an area has, at each provider, the patients of all
// others, and at two providers those of several others.
func sumsOthers(m *flow.Matrix, area int, all []span) bool {
	own := columnSums(m, []int{area})
	shared := 0
	for j := range all {
		rest := span{all[j].lower - own[j].lower, all[j].upper - own[j].upper}
		if !own[j].meets(rest) {
			return false
		}
		areas, _ := m.Column(j)
		others := len(areas)
		if slices.Contains(areas, int32(area)) {
			others--
		}
		if others >= 2 {
			shared++
		}
	}
	return shared >= 2
}

// WithoutAreas are the flows of a matrix but for those of some areas.
func WithoutAreas(m *flow.Matrix, codes []string) []data.Record {
	return slices.DeleteFunc(RecordsOf(m), func(r data.Record) bool { return slices.Contains(codes, r.Area) })
}

// RepeatsOf is Repeats for records; kept are the records without the areas that
// are proven to repeat others.
func RepeatsOf(records []data.Record) (kept []data.Record, found []Repeat) {
	b := flow.NewBuilder()
	for _, r := range records {
		if r.Absent || strings.TrimSpace(r.Area) == "" || strings.TrimSpace(r.Provider) == "" || b.Add(r.Area, r.Provider, r.Count) != nil {
			continue
		}
	}
	m, _, err := b.Build()
	if err != nil {
		return records, nil
	}
	found = Repeats(m)
	var drop []string
	for _, r := range found {
		if r.Proven {
			drop = append(drop, r.Codes...)
		}
	}
	if len(drop) == 0 {
		return records, found
	}
	return slices.DeleteFunc(slices.Clone(records), func(r data.Record) bool { return slices.Contains(drop, r.Area) }), found
}

func areasOf(n int) string {
	if n == 1 {
		return "1 area"
	}
	return fmt.Sprintf("%d areas", n)
}
