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
	o := l.overlaps(f, t, func(row int) float64 {
		switch {
		case weight != nil:
			return weight[small.names.List[small.values[row]]]
		case l.weight != nil:
			return l.weight[row]
		}
		return 1
	})
	return o.mapping(f, t), nil
}

// overlap is an area of one column and one of another that share rows.
type overlap struct{ from, to int32 }

// overlaps are all that two columns have, in the order of the rows.
type overlaps struct {
	order      []overlap
	sums, rows map[overlap]float64 // of weight, and their number
}

func (l *Lookup) overlaps(f, t *LookupColumn, weight func(row int) float64) overlaps {
	o := overlaps{sums: map[overlap]float64{}, rows: map[overlap]float64{}}
	for i := range l.rows {
		p := overlap{f.values[i], t.values[i]}
		if f.names.List[p.from] == "" || t.names.List[p.to] == "" {
			continue
		}
		if _, ok := o.sums[p]; !ok {
			o.order = append(o.order, p)
		}
		o.sums[p] += weight(i)
		o.rows[p]++
	}
	return o
}

// mapping turns weights into shares; rows count where nobody is known to live.
func (o overlaps) mapping(f, t *LookupColumn) *Mapping {
	m := &Mapping{From: f.Heading, To: t.Heading, parts: make(map[string][]Part, len(o.order))}
	total, people := map[int32]float64{}, map[int32]float64{}
	for _, p := range o.order {
		total[p.from] += o.rows[p]
		people[p.from] += o.sums[p]
	}
	for _, p := range o.order {
		share := 0.0
		if people[p.from] > 0 {
			share = o.sums[p] / people[p.from]
		} else {
			share = o.rows[p] / total[p.from]
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
	return m
}
