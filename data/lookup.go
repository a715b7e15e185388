package data

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ErrLookup marks a lookup that does not have what it is asked for.
var ErrLookup = errors.New("lookup")

// lookupFormat is a table of areas and the larger areas that they lie in: the
// lookups of the Office for National Statistics of any year (LSOA11CD,
// CCG21CD, CCG21CDH, CCG21NM, …), the practices of NHS England
// (PRACTICE_CODE, ONS_CCG_CODE, CCG_CODE, …), and tables like them.
func lookupFormat() *Format {
	return &Format{
		Name: "lookup", Title: "ONS and NHS lookups: LSOA, MSOA, CCG or sub-ICB, STP or ICB, region",
		Kinds: []FormatKind{LookupTable},
		layouts: []layout{{
			era:  "lookup",
			also: func(h *sheetHeader) bool { return codeLevels(h.names) >= 2 },
			what: "with codes of two levels at least, such as LSOA11CD and CCG21CD",
		}},
		open: func(im *importer) tableReader { return &lookupReader{im: im} },
	}
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
	names  names
}

var lookupHeading = regexp.MustCompile(`^(ons)?(oa|lsoa|msoa|ward|wd|lad|ltla|utla|ctyua|cty|ccg|sicbl|subicblocation|subicb|icb|stp|cal|nhser|rgn|region|commregion|practice|pcn|nhstrust|trust|provider|postcode|pcds?)(\d{2})?(cdh|cd|nm|code|name)$`)

// lookupColumns are the columns that belong to a level; at is the place of the
// heading of each.
func lookupColumns(headings []string) (columns []LookupColumn, at []int) {
	for i, name := range headings {
		m := lookupHeading.FindStringSubmatch(Normalise(name))
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
		case Normalise(name) == "code":
			c.Level = "code"
		default:
			continue
		}
		columns, at = append(columns, c), append(at, i)
	}
	return columns, at
}

// codeLevels is how many levels have a column of codes.
func codeLevels(headings []string) int {
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
	return slices.EqualFunc(l.Columns, m.Columns, func(a, b LookupColumn) bool { return Normalise(a.Heading) == Normalise(b.Heading) })
}

// Add adds a row: the code or name of each column.
func (l *Lookup) Add(row [][]byte) {
	for i := range l.Columns {
		c := &l.Columns[i]
		c.values = append(c.values, c.names.id(row[i]))
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
		if slices.ContainsFunc(c.names.list, onsCode.MatchString) {
			c.Kind = ONSColumn
		}
	}
}

// Rows is the number of rows.
func (l *Lookup) Rows() int { return l.rows }

type lookupReader struct {
	im     *importer
	at     []int
	weight int
	cells  [][]byte
}

func (x *lookupReader) heading(h *sheetHeader) error {
	l, at := NewLookup(h.names)
	x.at, x.weight = at, -1
	for i, n := range h.names {
		if k := Normalise(n); strings.HasPrefix(k, "proportion") || k == "weight" || k == "share" {
			x.weight = i
		}
	}
	first := &x.im.out.Lookup
	if *first == nil {
		*first = l
		return nil
	}
	if !(*first).SameColumns(l) {
		return fmt.Errorf("%w: the columns differ from those of the first table", ErrLookup)
	}
	return nil
}

func (x *lookupReader) row(r sheetRow) error {
	some := 0
	x.cells = x.cells[:0]
	for _, c := range x.at {
		cell := r.cell(c)
		x.cells = append(x.cells, cell)
		if len(cell) > 0 {
			some++
		}
	}
	if some < 2 {
		x.im.out.Report.leave("fewer than two codes")
		return nil
	}
	if x.weight < 0 {
		x.im.out.Lookup.Add(x.cells)
	} else {
		w, err := x.im.number(r, x.weight)
		if err != nil {
			return err
		}
		if w.Value < 0 {
			return x.im.fault(r, x.weight, fmt.Errorf("%w: %g", ErrNegativeCount, w.Value))
		}
		x.im.out.Lookup.AddWeighted(x.cells, w.Value)
	}
	x.im.out.Report.Used++
	return nil
}

func (x *lookupReader) finish() error {
	x.im.out.Lookup.Settle()
	return nil
}

// Find gives the column that a word means: its heading; or its level, with or
// without the year, where the codes of nine characters come first.
func (l *Lookup) Find(word string) (*LookupColumn, error) {
	want := Normalise(word)
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
		case Normalise(c.Heading):
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
		if near := nearest(heads, []string{word}); near != "" {
			return nil, fmt.Errorf("%w: no column %s; did you mean %s?", ErrLookup, quoted(word), quoted(near))
		}
		return nil, fmt.Errorf("%w: no column %s among %s", ErrLookup, quoted(word), quotedList(heads))
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
			if _, ok := c.names.ids[code]; ok {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best, most
}

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
		return nil, fmt.Errorf("%w: %s cannot be mapped to itself", ErrLookup, quoted(f.Heading))
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
		if f.names.list[p.from] == "" || t.names.list[p.to] == "" {
			continue
		}
		if _, ok := sums[p]; !ok {
			order = append(order, p)
		}
		w := 1.0
		switch {
		case weight != nil:
			w = weight[small.names.list[small.values[i]]]
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
			code := f.names.list[p.from]
			m.parts[code] = append(m.parts[code], Part{t.names.list[p.to], share})
		}
	}
	for _, parts := range m.parts {
		slices.SortFunc(parts, func(a, b Part) int {
			return cmp.Or(cmp.Compare(b.Share, a.Share), strings.Compare(a.Code, b.Code))
		})
	}
	return m, nil
}

var onsCode = regexp.MustCompile(`^[EWSNK]\d{8}$`)
