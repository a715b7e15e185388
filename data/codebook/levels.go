package codebook

import (
	"fmt"
	"math"
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

func columnSums(m *flow.Matrix, areas []int) []float64 {
	sums := make([]float64, len(m.Providers()))
	for _, a := range areas {
		providers, counts := m.Row(a)
		for i, j := range providers {
			sums[j] += counts[i]
		}
	}
	return sums
}

func sameColumns(a, b []float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > tally.Slack(a[i]) {
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
	half := m.Total().Value / 2
	for a, code := range m.Areas() {
		if math.Abs(m.RowTotal(a)-half) > tally.Slack(half) {
			continue
		}
		shared, sums := 0, true
		for j := range m.Providers() {
			areas, counts := m.Column(j)
			rest, n := 0.0, 0
			own := 0.0
			for i, b := range areas {
				if int(b) == a {
					own = counts[i]
				} else {
					rest += counts[i]
					n++
				}
			}
			if sums = math.Abs(own-rest) <= tally.Slack(rest); !sums {
				break
			}
			if n >= 2 {
				shared++
			}
		}
		if sums && shared >= 2 {
			other := m.Areas()[0]
			if a == 0 {
				other = m.Areas()[1]
			}
			return Repeat{Codes: []string{code}, Patients: m.RowTotal(a), Proven: true, Other: other}, true
		}
	}
	return Repeat{}, false
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
