package codebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Mapping says which parts of the areas of one geography lie in which areas of
// another.
type Mapping struct {
	From, To string // headings
	parts    map[string][]Part
}

// Of gives the parts of an area, the largest first, ties by code; nil for an
// unknown one. The shares add up to 1.
func (m *Mapping) Of(code string) []Part { return m.parts[code] }

// Len is the number of areas that are mapped.
func (m *Mapping) Len() int { return len(m.parts) }

// Map relates two columns, each given as Find takes it. An area that lies in
// several others is parted by the rows of the lookup (its small areas), by
// weight where that is given, a number of people by code of column by; or by
// the lookup's own proportions.
func (l *Lookup) Map(from, to string, by string, weight map[string]float64) (*Mapping, error) {
	f, err := l.Find(from)
	if err != nil {
		return nil, err
	}
	t, err := l.Find(to)
	if err != nil {
		return nil, err
	}
	if f == t {
		return nil, fmt.Errorf("%w: %s cannot be mapped to itself", ErrLookup, table.Quoted(f.Heading))
	}
	var small *LookupColumn
	if weight != nil {
		if small, err = l.Find(by); err != nil {
			return nil, err
		}
	}
	type pair struct{ from, to int32 }
	sums := map[pair]float64{}
	rows := map[pair]float64{}
	var order []pair
	for i := range l.rows {
		p := pair{f.values[i], t.values[i]}
		if f.names.List[p.from] == "" || t.names.List[p.to] == "" {
			continue
		}
		if _, ok := sums[p]; !ok {
			order = append(order, p)
		}
		w := 1.0
		switch {
		case weight != nil:
			w = weight[small.names.List[small.values[i]]]
		case l.weight != nil:
			w = l.weight[i]
		}
		sums[p] += w
		rows[p]++
	}
	m := &Mapping{From: f.Heading, To: t.Heading, parts: make(map[string][]Part, len(order))}
	total, people := map[int32]float64{}, map[int32]float64{}
	for _, p := range order {
		total[p.from] += rows[p]
		people[p.from] += sums[p]
	}
	for _, p := range order {
		share := 0.0
		if people[p.from] > 0 {
			share = sums[p] / people[p.from]
		} else {
			share = rows[p] / total[p.from] // nobody known to live there
		}
		if share > 0 {
			code := f.names.List[p.from]
			m.parts[code] = append(m.parts[code], Part{t.names.List[p.to], share})
		}
	}
	for _, parts := range m.parts {
		slices.SortFunc(parts, func(a, b Part) int {
			return cmp.Or(cmp.Compare(b.Share, a.Share), strings.Compare(a.Code, b.Code))
		})
	}
	return m, nil
}
