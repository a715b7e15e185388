package data

import (
	"fmt"
	"regexp"
	"strings"

	"stpmap/flow"
)

// matrixFormat is a wide table as councils publish for needs assessments: a row
// an area, a column a hospital, by name, with a column for hospitals elsewhere
// and one for the total.
func matrixFormat() *Format {
	return &Format{
		Name: "matrix", Title: "A wide table: areas in rows, hospitals in columns",
		Kinds: []FormatKind{FlowTable},
		layouts: []layout{
			{
				era:  "wide table",
				also: func(h *sheetHeader) bool { return wideColumns(h) && wideTotal(h) >= 0 },
				what: `of an area, two hospitals at least, and "Total"`,
			},
			{
				era: "wide table", asked: true,
				also: func(h *sheetHeader) bool { return len(h.names) >= 2 },
				what: "of an area and of hospitals",
			},
		},
		open: func(im *importer) tableReader { return &wideReader{im: im} },
	}
}

func wideColumns(h *sheetHeader) bool {
	return AreaRole.Find(h.names) >= 0 && ProviderRole.Find(h.names) < 0 && len(h.names) >= 4
}

func wideTotal(h *sheetHeader) int {
	for i, n := range h.names {
		if sumName(n) {
			return i
		}
	}
	return -1
}

// national are the codes of countries and regions, which sum areas.
var national = regexp.MustCompile(`^(?:E92|E12|E13|E15|W92|S92|N92|K0[2-4])\d{6}$`)

type wideReader struct {
	im        *importer
	area      int
	total     int
	name      int
	providers []string // of each column; "" for those that are none
	pairs     pairTally
	seen      map[string]int
	odd       int // rows whose total does not follow from their cells
}

func (x *wideReader) heading(h *sheetHeader) error {
	x.area = AreaRole.Find(h.names)
	if q := x.im.opts.Area; q != "" {
		if x.area = FindHeading(h.names, q); x.area < 0 {
			return AreaRole.Missing(h.names, q)
		}
	}
	if x.area < 0 {
		x.area = 0
	}
	x.total = wideTotal(h)
	x.name = h.col("Area Name", "LSOA Name", "MSOA Name", "CCG Name", "Name", "Ward Name")
	x.providers = make([]string, len(h.names))
	x.seen = map[string]int{}
	columns := map[string]int{}
	for i, n := range h.names {
		if i == x.area || i == x.total || i == x.name || n == "" {
			continue
		}
		if code, ok := x.im.opts.Names[OrganisationNameKey(n)]; ok {
			n = code
		}
		if j, ok := columns[n]; ok {
			return fmt.Errorf("%w: columns %d and %d are both %s", ErrDuplicate, j+1, i+1, quoted(n))
		}
		columns[n] = i
		x.providers[i] = n
	}
	return nil
}

func (x *wideReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	code := r.cell(x.area)
	if len(code) == 0 {
		return x.im.fault(r, x.area, ErrMissingCode)
	}
	if sumName(string(code)) || national.Match(code) {
		rep.leave("sum over a region or the country")
		return nil
	}
	if line, ok := x.seen[string(code)]; ok {
		return x.im.fault(r, x.area, fmt.Errorf("%w: %s is in line %d too", ErrDuplicate, code, line))
	}
	x.seen[string(code)] = r.line
	var sum flow.Count
	some := false
	for i, p := range x.providers {
		if p == "" {
			continue
		}
		c, absent, err := x.im.count(r, i)
		if err != nil {
			return err
		}
		if absent {
			continue
		}
		some = true
		sum = sum.Plus(c)
		x.pairs.add(code, []byte(p), nil, c, false, x.im.head.file, r.line)
	}
	if !some {
		rep.leave("no figures in the row")
		return nil
	}
	rep.Used++
	if x.total < 0 {
		return nil
	}
	t, absent, err := x.im.count(r, x.total)
	if err != nil {
		return err
	}
	// Councils sum what they print, or what they know, or some of the columns:
	// the total says too little to refuse a table by.
	if !absent && (t.Upper < sum.Published-sumSlack(sum.Published) || t.Lower > sum.Upper+sumSlack(sum.Upper)) {
		x.odd++
	}
	return nil
}

func (x *wideReader) finish() error {
	if x.odd > 0 {
		x.im.out.Report.note("rows whose total does not follow from their cells: %d; the cells count", x.odd)
	}
	x.im.out.Flows = x.pairs.records(x.im.differs)
	x.im.outside()
	return nil
}

// catchAll tells a column that stands for providers elsewhere.
func catchAll(name string) bool {
	s := strings.ToLower(strings.TrimSpace(name))
	for _, p := range []string{"outside", "out of area", "elsewhere", "other provider", "other hospital", "all other", "unknown"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return s == "other" || s == "others"
}
