package published

import (
	"fmt"
	"math"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// shmiFormat is the Summary Hospital-level Mortality Indicator, by NHS England
// (NHS Digital until 2023): observed over expected deaths by trust.
func shmiFormat() *importer.Format {
	return &importer.Format{
		Name: "shmi", Title: "NHS England, Summary Hospital-level Mortality Indicator",
		Kinds:  []importer.Kind{importer.IndicatorTable},
		Sheets: []string{"Data"},
		Layouts: []importer.Layout{
			{Era: "SHMI from 2021", Need: []string{"Provider code", "SHMI value", "Observed deaths", "Expected deaths"}},
			{Era: "SHMI 2011 to 2014", Need: []string{"PROVIDER", "DENOMINATOR", "OBSERVED", "EXPECTED", "VALUE", "OD_BANDING"}},
		},
		Open: func(im *importer.Import) importer.Reader { return &shmiReader{im: im} },
	}
}

type shmiReader struct {
	im                                    *importer.Import
	months                                importer.MonthColumn
	code, observed, expected, value, band int
	seen                                  map[string]int
}

func (x *shmiReader) Heading(h *importer.Heading) error {
	x.months.Heading(x.im, h, "Reporting period", "PERIOD")
	x.code = h.Column("Provider code", "PROVIDER")
	x.observed, x.expected = h.Column("Observed deaths", "OBSERVED"), h.Column("Expected deaths", "EXPECTED")
	x.value = h.Column("SHMI value", "VALUE")
	// OD_LL and OD_UL are the limits of a funnel about 1, not of the trust's
	// own value: they are no interval, and not taken.
	x.band = h.Column("SHMI banding", "OD_BANDING")
	x.seen = map[string]int{}
	return nil
}

func (x *shmiReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	code := r.Text(x.code)
	if code == "" || table.IsSum(code) || !table.ODSCode.MatchString(code) || table.National.MatchString(code) {
		rep.LeaveOut("not a trust") // England's row, and the notes below the table
		return nil
	}
	if reason := x.months.Skip(x.im, r); reason != "" {
		rep.LeaveOut(reason)
		return nil
	}
	period, err := x.months.Of(x.im, r)
	if err != nil {
		return err
	}
	if line, ok := x.seen[code+" "+period]; ok {
		return x.im.Fault(r, x.code, fmt.Errorf("%w: %s is in line %d too", table.ErrDuplicate, code, line))
	}
	x.seen[code+" "+period] = r.Line
	f := data.Figure{Entity: code, Indicator: "shmi", Period: period}
	for _, c := range []struct {
		col int
		to  *data.Number
	}{{x.observed, &f.Numerator}, {x.expected, &f.Denominator}, {x.value, &f.Value}} {
		if *c.to, err = x.im.Number(r, c.col); err != nil {
			return err
		}
		if c.to.Value < 0 {
			return x.im.Fault(r, c.col, fmt.Errorf("%w: %g", table.ErrNegativeCount, c.to.Value))
		}
	}
	if !f.Numerator.Known && !f.Value.Known {
		rep.LeaveOut("no figures in the row")
		return nil
	}
	x.check(r, f)
	rep.Used++
	x.im.AddFigure(f)
	return x.banding(r, f)
}

// check holds the published ratio against the deaths. Published counts are
// rounded; the ratio shows that columns changed places.
func (x *shmiReader) check(r importer.Row, f data.Figure) {
	if f.Numerator.Known && f.Denominator.Known && f.Denominator.Value > 0 && f.Value.Known && f.Denominator.Value >= 100 {
		ratio := f.Numerator.Value / f.Denominator.Value
		if math.Abs(ratio-f.Value.Value) > 0.1 && math.Abs(float64(100*ratio)-f.Value.Value) > 10 {
			x.im.Differs(x.im.Heading.File, r.Line, "observed over expected deaths of "+f.Entity)
		}
	}
}

// banding adds the band of a row, where it has one.
func (x *shmiReader) banding(r importer.Row, f data.Figure) error {
	if b := strings.ToLower(r.Text(x.band)); x.band >= 0 && !table.Absent(b) {
		n, ok := map[string]float64{"1": 1, "2": 2, "3": 3, "higher than expected": 1, "as expected": 2, "lower than expected": 3}[b]
		if !ok {
			return x.im.Fault(r, x.band, fmt.Errorf("%s is no band: 1 (higher), 2 (as expected) or 3 (lower)", table.Quoted(b)))
		}
		x.im.AddFigure(data.Figure{Entity: f.Entity, Indicator: "shmi_band", Period: f.Period, Value: data.Known(n)})
	}
	return nil
}

func (x *shmiReader) Finish() error {
	x.im.SettleFigures()
	return nil
}
