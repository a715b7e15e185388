package data

import (
	"fmt"
	"math"
	"strings"
)

// shmiFormat is the Summary Hospital-level Mortality Indicator, by NHS England
// (NHS Digital until 2023): observed over expected deaths by trust.
func shmiFormat() *Format {
	return &Format{
		Name: "shmi", Title: "NHS England, Summary Hospital-level Mortality Indicator",
		Kinds:  []FormatKind{IndicatorTable},
		sheets: []string{"Data"},
		layouts: []layout{
			{era: "SHMI from 2021", need: []string{"Provider code", "SHMI value", "Observed deaths", "Expected deaths"}},
			{era: "SHMI 2011 to 2014", need: []string{"PROVIDER", "DENOMINATOR", "OBSERVED", "EXPECTED", "VALUE", "OD_BANDING"}},
		},
		open: func(im *importer) tableReader { return &shmiReader{im: im} },
	}
}

type shmiReader struct {
	im                                    *importer
	months                                monthColumn
	code, observed, expected, value, band int
	seen                                  map[string]int
}

func (x *shmiReader) heading(h *sheetHeader) error {
	x.months.heading(x.im, h, "Reporting period", "PERIOD")
	x.code = h.col("Provider code", "PROVIDER")
	x.observed, x.expected = h.col("Observed deaths", "OBSERVED"), h.col("Expected deaths", "EXPECTED")
	x.value = h.col("SHMI value", "VALUE")
	// OD_LL and OD_UL are the limits of a funnel about 1, not of the trust's
	// own value: they are no interval, and not taken.
	x.band = h.col("SHMI banding", "OD_BANDING")
	x.seen = map[string]int{}
	return nil
}

func (x *shmiReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	code := r.text(x.code)
	if code == "" || sumName(code) || !odsCode.MatchString(code) || national.MatchString(code) {
		rep.leave("not a trust") // England's row, and the notes below the table
		return nil
	}
	if reason := x.months.skip(x.im, r); reason != "" {
		rep.leave(reason)
		return nil
	}
	period, err := x.months.of(x.im, r)
	if err != nil {
		return err
	}
	if line, ok := x.seen[code+" "+period]; ok {
		return x.im.fault(r, x.code, fmt.Errorf("%w: %s is in line %d too", ErrDuplicate, code, line))
	}
	x.seen[code+" "+period] = r.line
	f := Figure{Entity: code, Indicator: "shmi", Period: period}
	for _, c := range []struct {
		col int
		to  *Number
	}{{x.observed, &f.Numerator}, {x.expected, &f.Denominator}, {x.value, &f.Value}} {
		if *c.to, err = x.im.number(r, c.col); err != nil {
			return err
		}
		if c.to.Value < 0 {
			return x.im.fault(r, c.col, fmt.Errorf("%w: %g", ErrNegativeCount, c.to.Value))
		}
	}
	if !f.Numerator.Known && !f.Value.Known {
		rep.leave("no figures in the row")
		return nil
	}
	// Published counts are rounded; the ratio shows that columns changed places.
	if f.Numerator.Known && f.Denominator.Known && f.Denominator.Value > 0 && f.Value.Known && f.Denominator.Value >= 100 {
		ratio := f.Numerator.Value / f.Denominator.Value
		if math.Abs(ratio-f.Value.Value) > 0.1 && math.Abs(100*ratio-f.Value.Value) > 10 {
			x.im.differs(x.im.head.file, r.line, "observed over expected deaths of "+code)
		}
	}
	rep.Used++
	x.im.figure(f)
	if b := strings.ToLower(r.text(x.band)); x.band >= 0 && !Absent(b) {
		n, ok := map[string]float64{"1": 1, "2": 2, "3": 3, "higher than expected": 1, "as expected": 2, "lower than expected": 3}[b]
		if !ok {
			return x.im.fault(r, x.band, fmt.Errorf("%s is no band: 1 (higher), 2 (as expected) or 3 (lower)", quoted(b)))
		}
		x.im.figure(Figure{Entity: code, Indicator: "shmi_band", Period: period, Value: Known(n)})
	}
	return nil
}

func (x *shmiReader) finish() error {
	x.im.figures()
	return nil
}
