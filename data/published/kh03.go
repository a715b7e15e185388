package published

import (
	"fmt"
	"math"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// kh03Format is the quarterly return of beds, KH03, by NHS England: available
// and occupied beds of each provider, in sections that a row above the heading
// names.
func kh03Format() *importer.Format {
	return &importer.Format{
		Name: "kh03", Title: "NHS England, bed availability and occupancy (KH03)",
		Kinds:  []importer.Kind{importer.IndicatorTable},
		Sheets: []string{"NHS Trust by Sector", "Data"},
		Layouts: []importer.Layout{{
			Era:  "KH03",
			Need: []string{"Org Code"},
			Also: func(h *importer.Heading) bool { a, o := bedColumns(h); return a >= 0 && o >= 0 },
			What: `"Total" under "Available" and under "Occupied"`,
		}},
		Open: func(im *importer.Import) importer.Reader { return &bedsReader{im: im} },
	}
}

// bedColumns finds the columns of all beds, available and occupied: by their
// own names, or as the first and second "Total" below the names of sections.
func bedColumns(h *importer.Heading) (available, occupied int) {
	available = h.Column("Total Available", "Available Total", "Available Beds Total", "Available", "Total Available Beds")
	occupied = h.Column("Total Occupied", "Occupied Total", "Occupied Beds Total", "Occupied", "Total Occupied Beds")
	if available >= 0 && occupied >= 0 {
		return available, occupied
	}
	available, occupied = -1, -1
	section := ""
	for i, name := range h.Names {
		if i < len(h.Above) && h.Above[i] != "" {
			section = strings.ToLower(h.Above[i])
		}
		if table.Normalise(name) != "total" {
			continue
		}
		switch {
		case strings.Contains(section, "%"), strings.Contains(section, "occupancy"):
		case strings.Contains(section, "available"):
			if available < 0 {
				available = i
			}
		case strings.Contains(section, "occupied"):
			if occupied < 0 {
				occupied = i
			}
		}
	}
	return available, occupied
}

type bedsReader struct {
	im                                      *importer.Import
	year, period, code, available, occupied int
	filePeriod                              string
	seen                                    map[tally.Key]int
	england                                 tally.Sum
	rows                                    int // that make up england
}

func (x *bedsReader) Heading(h *importer.Heading) error {
	x.year, x.period, x.code = h.Column("Year"), h.Column("Period End", "Period", "Quarter"), h.Column("Org Code")
	x.available, x.occupied = bedColumns(h)
	x.filePeriod, _ = calendar.PeriodIn(h.File)
	x.seen = map[tally.Key]int{}
	x.check()
	x.england, x.rows = tally.Sum{}, 0
	return nil
}

// check holds the beds of England in the last table against its rows. Beds are
// averages of a quarter, rounded for each trust.
func (x *bedsReader) check() {
	s := &x.england
	for i := range 2 {
		if s.HasTotal && s.HasDetail && math.Abs(s.Detail[i]-s.Total[i]) > 0.5+float64(0.5*float64(x.rows)) {
			x.im.Differs(s.File, s.Line, "beds of England")
			return
		}
	}
}

// quarterOf is the quarter of a year "2016-17" that ends in a month.
func quarterOf(year, end string) (string, bool) {
	if p, ok := calendar.Period(year + " " + end); ok && strings.Contains(p, "Q") {
		return p, true
	}
	m, ok := calendar.MonthOfYear(year, end)
	if !ok {
		return "", false
	}
	return calendar.Longer(m, "quarter"), true
}

func (x *bedsReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	a, err := x.im.Number(r, x.available)
	if err != nil {
		return err
	}
	o, err := x.im.Number(r, x.occupied)
	if err != nil {
		return err
	}
	for i, n := range []data.Number{a, o} {
		if n.Value < 0 {
			return x.im.Fault(r, []int{x.available, x.occupied}[i], fmt.Errorf("%w: %g", table.ErrNegativeCount, n.Value))
		}
	}
	code := r.Text(x.code)
	if kind, err := x.im.Place(r, x.code); err != nil {
		return err
	} else if kind != table.APlace {
		if a.Known && o.Known && !x.england.HasTotal {
			x.england.HasTotal, x.england.File, x.england.Line = true, x.im.Heading.File, r.Line
			x.england.Total[0], x.england.Total[1] = a.Value, o.Value
		}
		rep.LeaveOut("sum over organisations")
		return nil
	}
	period, err := x.quarter(r)
	if err != nil {
		return err
	}
	if !x.im.Wanted(period) {
		rep.LeaveOut("other period")
		return nil
	}
	if !a.Known || !o.Known {
		rep.LeaveOut("no figures in the row")
		return nil
	}
	k := tally.Key{Entity: code, Period: period}
	if line, ok := x.seen[k]; ok {
		return x.im.Fault(r, x.code, fmt.Errorf("%w: %s is in line %d too", table.ErrDuplicate, code, line))
	}
	x.seen[k] = r.Line
	x.add(k, a, o)
	return nil
}

// quarter is the period of a row, or of its file.
func (x *bedsReader) quarter(r importer.Row) (string, error) {
	if x.period < 0 && x.year < 0 {
		return x.filePeriod, nil
	}
	year, end := r.Text(x.year), r.Text(x.period)
	p, ok := quarterOf(year, end)
	if !ok {
		return "", x.im.Fault(r, max(x.period, x.year), fmt.Errorf("%w: %s of %s is none", importer.ErrPeriod, table.Quoted(end), table.Quoted(year)))
	}
	return p, nil
}

// add counts a provider's beds, available (a) and occupied (o).
func (x *bedsReader) add(k tally.Key, a, o data.Number) {
	x.england.HasDetail = true
	x.rows++
	x.england.Detail[0] += a.Value
	x.england.Detail[1] += o.Value
	x.im.Result.Report.Used++
	x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: "beds_available", Period: k.Period, Value: a})
	x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: "beds_occupied", Period: k.Period, Value: o})
	if a.Value > 0 {
		x.im.AddFigure(data.Figure{Entity: k.Entity, Indicator: "bed_occupancy", Period: k.Period, Numerator: o, Denominator: a})
	}
}

func (x *bedsReader) Finish() error {
	x.check()
	x.im.SettleFigures()
	return nil
}
