package codebook

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"stpmap/data"
	"stpmap/data/internal/intern"
	"stpmap/data/table"
)

// ErrLookup marks a lookup that does not have what it is asked for.
var ErrLookup = errors.New("lookup")

// FlowsIn reports whether a heading has a provider and a count of patients:
// what it is of is flows, though it also has codes of two levels.
func FlowsIn(headings []string) bool {
	return data.ProviderRole.Find(headings) >= 0 && data.CountRole.Find(headings) >= 0
}

// ColumnKind is what a column of a lookup holds.
type ColumnKind string

// The kinds of columns. The two sorts of codes never mix: a join of one with
// the other finds nothing.
const (
	ONSColumn  ColumnKind = "CD"  // nine characters: E38000006
	ODSColumn  ColumnKind = "CDH" // the health service's own: 02P, QOP, Y62, R0A
	NameColumn ColumnKind = "NM"
)

// LookupColumn is a column of a lookup.
type LookupColumn struct {
	Heading string
	Level   string // "lsoa", "ccg", "icb", "trust", …
	Year    string // of the vintage, two digits; empty where the heading has none
	Kind    ColumnKind

	values []int32 // of each row
	names  intern.Names
}

var lookupHeading = regexp.MustCompile(`^(ons)?(oa|lsoa|msoa|ward|wd|lad|ltla|utla|ctyua|cty|ccg|sicbl|subicblocation|subicb|icb|stp|cal|nhser|rgn|region|commregion|practice|pcn|nhstrust|trust|provider|postcode|pcds?)(\d{2})?(cdh|cd|nm|code|name)$`)

// lookupColumns are the columns that belong to a level; at is the place of the
// heading of each.
func lookupColumns(headings []string) (columns []LookupColumn, at []int) {
	for i, name := range headings {
		m := lookupHeading.FindStringSubmatch(table.Normalise(name))
		c := LookupColumn{Heading: name}
		switch {
		case m != nil:
			c.Level, c.Year = m[2], m[3]
			switch m[4] {
			case "cd":
				c.Kind = ONSColumn
			case "cdh":
				c.Kind = ODSColumn
			case "nm", "name":
				c.Kind = NameColumn
			default:
				if m[1] != "" {
					c.Kind = ONSColumn
				}
			}
			switch c.Level { // names that mean the same
			case "subicblocation", "subicb":
				c.Level = "sicbl"
			case "nhstrust":
				c.Level = "trust"
			case "commregion":
				c.Level = "region"
			}
		case table.Normalise(name) == "code":
			c.Level = "code"
		default:
			continue
		}
		columns, at = append(columns, c), append(at, i)
	}
	return columns, at
}

// CodeLevels is how many levels have a column of codes.
func CodeLevels(headings []string) int {
	levels := map[string]bool{}
	columns, _ := lookupColumns(headings)
	for _, c := range columns {
		if c.Kind != NameColumn {
			levels[c.Level] = true
		}
	}
	return len(levels)
}

// Lookup holds which areas lie in which.
type Lookup struct {
	Columns []LookupColumn
	rows    int
	weight  []float64 // of each row, from a column of proportions; nil for none
}

// NewLookup makes a lookup without rows, of those headings that name a level;
// at is the place of the heading of each of its columns.
func NewLookup(headings []string) (l *Lookup, at []int) {
	columns, at := lookupColumns(headings)
	return &Lookup{Columns: columns}, at
}

// SameColumns reports whether two lookups have the same headings in the same
// order, but for case, spaces and underscores.
func (l *Lookup) SameColumns(m *Lookup) bool {
	return slices.EqualFunc(l.Columns, m.Columns, func(a, b LookupColumn) bool { return table.Normalise(a.Heading) == table.Normalise(b.Heading) })
}

// Add adds a row: the code or name of each column.
func (l *Lookup) Add(row [][]byte) {
	for i := range l.Columns {
		c := &l.Columns[i]
		c.values = append(c.values, c.names.ID(row[i]))
	}
	l.rows++
}

// AddWeighted adds a row that stands for a share of an area, 0 or more. Either
// all rows of a lookup have one, or none has.
func (l *Lookup) AddWeighted(row [][]byte, weight float64) {
	l.Add(row)
	l.weight = append(l.weight, weight)
}

// Settle tells apart the codes of columns whose headings do not say, by the
// codes themselves. Call it after the last row.
func (l *Lookup) Settle() {
	for i := range l.Columns {
		c := &l.Columns[i]
		if c.Kind != "" {
			continue
		}
		c.Kind = ODSColumn
		if slices.ContainsFunc(c.names.List, table.OnsCode.MatchString) {
			c.Kind = ONSColumn
		}
	}
}

// Rows is the number of rows.
func (l *Lookup) Rows() int { return l.rows }

// Find gives the column that a word means: its heading; or its level, with or
// without the year, where the codes of nine characters come first.
func (l *Lookup) Find(word string) (*LookupColumn, error) {
	want := table.Normalise(word)
	var best *LookupColumn
	rank := func(c *LookupColumn) int {
		switch c.Kind {
		case ONSColumn:
			return 0
		case ODSColumn:
			return 1
		}
		return 2
	}
	for i := range l.Columns {
		c := &l.Columns[i]
		switch want {
		case table.Normalise(c.Heading):
			return c, nil
		case c.Level, c.Level + c.Year:
			if best == nil || rank(c) < rank(best) {
				best = c
			}
		}
	}
	if best == nil {
		heads := make([]string, len(l.Columns))
		for i, c := range l.Columns {
			heads[i] = c.Heading
		}
		if near := table.Nearest(heads, []string{word}); near != "" {
			return nil, fmt.Errorf("%w: no column %s; did you mean %s?", ErrLookup, table.Quoted(word), table.Quoted(near))
		}
		return nil, fmt.Errorf("%w: no column %s among %s", ErrLookup, table.Quoted(word), table.QuotedList(heads))
	}
	return best, nil
}

// Holding is the column that has most of the codes, and how many: a name comes
// last, of equals the first counts.
func (l *Lookup) Holding(codes []string) (*LookupColumn, int) {
	var best *LookupColumn
	most := 0
	for i := range l.Columns {
		c := &l.Columns[i]
		n := 0
		for _, code := range codes {
			if _, ok := c.names.IDs[code]; ok {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best, most
}
