package codebook

import (
	"cmp"
	"slices"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

// Crossing is how many patients of one country have their care in another.
type Crossing struct {
	From, To string // as table.CountryOf names them
	Patients flow.Count
}

// border adds up patients whose area and provider are of two countries.
type border struct {
	of   map[string]string // country by code
	sums map[[2]string]flow.Count
}

func newBorder() *border { return &border{map[string]string{}, map[[2]string]flow.Count{}} }

func (b *border) country(code string) string {
	c, ok := b.of[code]
	if !ok {
		c = table.CountryOf(code)
		b.of[code] = c
	}
	return c
}

// add counts one pair; a country that is not known crosses nothing.
func (b *border) add(from, to string, c flow.Count) {
	if from != "" && to != "" && from != to && c != (flow.Count{}) {
		b.sums[[2]string{from, to}] = b.sums[[2]string{from, to}].Plus(c)
	}
}

func (b *border) crossings() []Crossing {
	list := make([]Crossing, 0, len(b.sums))
	for k, c := range b.sums {
		list = append(list, Crossing{k[0], k[1], c})
	}
	slices.SortFunc(list, func(a, b Crossing) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

// Crossings are the patients who cross a border between two countries, as far as
// codes tell, sorted by both. Their bounds are the sums of those of the records.
func Crossings(records []data.Record) []Crossing {
	b := newBorder()
	for _, r := range records {
		b.add(b.country(r.Area), b.country(r.Provider), r.Count)
	}
	return b.crossings()
}

// CrossingsOf are the Crossings of a matrix; none of one mode, whose places are
// no providers.
func CrossingsOf(m *flow.Matrix) []Crossing {
	if m.OneMode() {
		return nil
	}
	b := newBorder()
	to := make([]string, len(m.Providers()))
	for j, code := range m.Providers() {
		to[j] = table.CountryOf(code)
	}
	for a, code := range m.Areas() {
		from := table.CountryOf(code)
		if from == "" {
			continue
		}
		providers, _ := m.Row(a)
		for k, j := range providers {
			b.add(from, to[j], m.Cell(m.RowOffset(a)+k))
		}
	}
	return b.crossings()
}
