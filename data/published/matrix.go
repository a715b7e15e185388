package published

import (
	"fmt"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow"
)

// matrixFormat is a wide table as councils publish for needs assessments: a row
// an area, a column a hospital, by name, with a column for hospitals elsewhere
// and one for the total.
func matrixFormat() *importer.Format {
	return &importer.Format{
		Name: "matrix", Title: "A wide table: areas in rows, hospitals in columns",
		Kinds: []importer.Kind{importer.FlowTable},
		Layouts: []importer.Layout{
			{
				Era:  "wide table",
				Also: func(h *importer.Heading) bool { return wideColumns(h) && wideTotal(h) >= 0 },
				What: `of an area, two hospitals at least, and "Total"`,
			},
			{
				Era: "wide table", Asked: true,
				Also: func(h *importer.Heading) bool { return len(h.Names) >= 2 },
				What: "of an area and of hospitals",
			},
		},
		Open: func(im *importer.Import) importer.Reader { return &wideReader{im: im} },
	}
}

func wideColumns(h *importer.Heading) bool {
	return data.AreaRole.Find(h.Names) >= 0 && data.ProviderRole.Find(h.Names) < 0 && len(h.Names) >= 4
}

func wideTotal(h *importer.Heading) int {
	for i, n := range h.Names {
		if table.IsSum(n) {
			return i
		}
	}
	return -1
}

type wideReader struct {
	im        *importer.Import
	area      int
	total     int
	name      int
	providers []string // of each column; "" for those that are none
	pairs     tally.Pairs
	seen      map[string]int
	odd       int // rows whose total does not follow from their cells
}

func (x *wideReader) Heading(h *importer.Heading) error {
	x.area = data.AreaRole.Find(h.Names)
	if q := x.im.Options.Area; q != "" {
		if x.area = table.FindHeading(h.Names, q); x.area < 0 {
			return data.AreaRole.Missing(h.Names, q)
		}
	}
	if x.area < 0 {
		x.area = 0
	}
	x.total = wideTotal(h)
	x.name = h.Column("Area Name", "LSOA Name", "MSOA Name", "CCG Name", "Name", "Ward Name")
	x.providers = make([]string, len(h.Names))
	x.seen = map[string]int{}
	columns := map[string]int{}
	for i, n := range h.Names {
		if i == x.area || i == x.total || i == x.name || n == "" {
			continue
		}
		if code, ok := x.im.Options.Names[codebook.OrganisationNameKey(n)]; ok {
			n = code
		}
		switch table.KindOfPlace([]byte(n)) {
		case table.SumOfRows, table.PerhapsSum, table.WithoutCode, table.Nowhere:
			x.im.Result.Report.Note("column %s is no hospital, and is left out", table.Quoted(n))
			continue
		}
		if j, ok := columns[n]; ok {
			return fmt.Errorf("%w: columns %d and %d are both %s", table.ErrDuplicate, j+1, i+1, table.Quoted(n))
		}
		columns[n] = i
		x.providers[i] = n
	}
	return nil
}

func (x *wideReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	code := r.Cell(x.area)
	if len(code) == 0 {
		return x.im.Fault(r, x.area, table.ErrMissingCode)
	}
	kind, _, err := table.ReadCode(code, table.UTF8, data.AreaRole, true)
	switch {
	case err != nil:
		return x.im.Fault(r, x.area, err)
	case kind == table.PerhapsSum, kind == table.SumOfRows:
		rep.LeaveOut("sum over a region or the country")
		return nil
	case kind == table.WithoutCode:
		rep.LeaveOut("without a code")
		return nil
	case kind == table.Nowhere:
		rep.LeaveOut(table.LeftNowhere)
		return nil
	}
	if line, ok := x.seen[string(code)]; ok {
		return x.im.Fault(r, x.area, fmt.Errorf("%w: %s is in line %d too", table.ErrDuplicate, code, line))
	}
	x.seen[string(code)] = r.Line
	var sum flow.Count
	some := false
	for i, p := range x.providers {
		if p == "" {
			continue
		}
		c, absent, err := x.im.Count(r, i)
		if err != nil {
			return err
		}
		if absent {
			continue
		}
		some = true
		sum = sum.Plus(c)
		x.pairs.Add(code, []byte(p), nil, c, false, x.im.Heading.File, r.Line)
	}
	if !some {
		rep.LeaveOut("no figures in the row")
		return nil
	}
	rep.Used++
	if x.total < 0 {
		return nil
	}
	t, absent, err := x.im.Count(r, x.total)
	if err != nil {
		return err
	}
	// Councils sum what they print, or what they know, or some of the columns:
	// the total says too little to refuse a table by.
	if !absent && (t.Upper < sum.Published-tally.Slack(sum.Published) || t.Lower > sum.Upper+tally.Slack(sum.Upper)) {
		x.odd++
	}
	return nil
}

func (x *wideReader) Finish() error {
	if x.odd > 0 {
		x.im.Result.Report.Note("rows whose total does not follow from their cells: %d; the cells count", x.odd)
	}
	x.im.Result.Flows = x.pairs.Records(x.im.Differs)
	x.im.CountOutside()
	return nil
}
