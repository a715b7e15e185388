package data

import (
	"fmt"
	"math"
	"strings"
)

// kh03Format is the quarterly return of beds, KH03, by NHS England: available
// and occupied beds of each provider, in sections that a row above the heading
// names.
func kh03Format() *Format {
	return &Format{
		Name: "kh03", Title: "NHS England, bed availability and occupancy (KH03)",
		Kinds:  []FormatKind{IndicatorTable},
		sheets: []string{"NHS Trust by Sector", "Data"},
		layouts: []layout{{
			era:  "KH03",
			need: []string{"Org Code"},
			also: func(h *sheetHeader) bool { a, o := bedColumns(h); return a >= 0 && o >= 0 },
			what: `"Total" under "Available" and under "Occupied"`,
		}},
		open: func(im *importer) tableReader { return &bedsReader{im: im} },
	}
}

// bedColumns finds the columns of all beds, available and occupied: by their
// own names, or as the first and second "Total" below the names of sections.
func bedColumns(h *sheetHeader) (available, occupied int) {
	available = h.col("Total Available", "Available Total", "Available Beds Total", "Available", "Total Available Beds")
	occupied = h.col("Total Occupied", "Occupied Total", "Occupied Beds Total", "Occupied", "Total Occupied Beds")
	if available >= 0 && occupied >= 0 {
		return available, occupied
	}
	available, occupied = -1, -1
	section := ""
	for i, name := range h.names {
		if i < len(h.above) && h.above[i] != "" {
			section = strings.ToLower(h.above[i])
		}
		if Normalise(name) != "total" {
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
	im                                      *importer
	year, period, code, available, occupied int
	filePeriod                              string
	seen                                    map[sumKey]int
	england                                 sums
	rows                                    int // that make up england
}

func (x *bedsReader) heading(h *sheetHeader) error {
	x.year, x.period, x.code = h.col("Year"), h.col("Period End", "Period", "Quarter"), h.col("Org Code")
	x.available, x.occupied = bedColumns(h)
	x.filePeriod, _ = periodIn(h.file)
	x.seen = map[sumKey]int{}
	x.check()
	x.england, x.rows = sums{}, 0
	return nil
}

// check holds the beds of England in the last table against its rows. Beds are
// averages of a quarter, rounded for each trust.
func (x *bedsReader) check() {
	s := &x.england
	for i := range 2 {
		if s.hasTotal && s.hasDetail && math.Abs(s.detail[i]-s.total[i]) > 0.5+0.5*float64(x.rows) {
			x.im.differs(s.file, s.line, "beds of England")
			return
		}
	}
}

// quarterOf is the quarter of a year "2016-17" that ends in a month.
func quarterOf(year, end string) (string, bool) {
	if p, ok := Period(year + " " + end); ok && strings.Contains(p, "Q") {
		return p, true
	}
	m, ok := monthOfYear(year, end)
	if !ok {
		return "", false
	}
	return longer(m, "quarter"), true
}

func (x *bedsReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	a, err := x.im.number(r, x.available)
	if err != nil {
		return err
	}
	o, err := x.im.number(r, x.occupied)
	if err != nil {
		return err
	}
	for i, n := range []Number{a, o} {
		if n.Value < 0 {
			return x.im.fault(r, []int{x.available, x.occupied}[i], fmt.Errorf("%w: %g", ErrNegativeCount, n.Value))
		}
	}
	code := r.text(x.code)
	if code == "" || code == "-" || sumName(code) {
		if a.Known && o.Known && !x.england.hasTotal {
			x.england.hasTotal, x.england.file, x.england.line = true, x.im.head.file, r.line
			x.england.total[0], x.england.total[1] = a.Value, o.Value
		}
		rep.leave("sum over organisations")
		return nil
	}
	period := x.filePeriod
	if x.period >= 0 || x.year >= 0 {
		year, end := r.text(x.year), r.text(x.period)
		p, ok := quarterOf(year, end)
		if !ok {
			return x.im.fault(r, max(x.period, x.year), fmt.Errorf("%w: %s of %s is none", ErrPeriod, quoted(end), quoted(year)))
		}
		period = p
	}
	if !x.im.wanted(period) {
		rep.leave("other period")
		return nil
	}
	if !a.Known || !o.Known {
		rep.leave("no figures in the row")
		return nil
	}
	k := sumKey{entity: code, period: period}
	if line, ok := x.seen[k]; ok {
		return x.im.fault(r, x.code, fmt.Errorf("%w: %s is in line %d too", ErrDuplicate, code, line))
	}
	x.seen[k] = r.line
	x.england.hasDetail = true
	x.rows++
	x.england.detail[0] += a.Value
	x.england.detail[1] += o.Value
	rep.Used++
	x.im.figure(Figure{Entity: code, Indicator: "beds_available", Period: period, Value: a})
	x.im.figure(Figure{Entity: code, Indicator: "beds_occupied", Period: period, Value: o})
	if a.Value > 0 {
		x.im.figure(Figure{Entity: code, Indicator: "bed_occupancy", Period: period, Numerator: o, Denominator: a})
	}
	return nil
}

func (x *bedsReader) finish() error {
	x.check()
	x.im.figures()
	return nil
}
