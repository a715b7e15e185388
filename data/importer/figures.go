package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/flow/fault"
)

// Wanted reports whether a period is the one asked for, or lies in it: a month
// in its quarter or financial year.
func (im *Import) Wanted(period string) bool {
	want := im.Options.Period
	return want == "" || period == want || calendar.Longer(period, "quarter") == want || calendar.Longer(period, "year") == want
}

// Differs notes a published total that its rows do not add up to. The numbers
// stay out of the message: they may be small.
func (im *Import) Differs(file string, line int, what string) {
	im.Result.Report.Differences = append(im.Result.Report.Differences,
		&fault.Error{File: file, Line: line, Err: fmt.Errorf("%w: %s", ErrTotal, what)})
}

// AddFigure adds a number to the result; periods are added up as asked later.
func (im *Import) AddFigure(f data.Figure) { im.Result.Figures = append(im.Result.Figures, f) }

// SettleFigures brings the figures into their order, and adds up the periods as
// asked: numerators and denominators, never values. A figure without both
// stays by itself only where its period does.
func (im *Import) SettleFigures() {
	fs := im.Result.Figures
	if im.Options.Period != "" {
		fs = slices.DeleteFunc(fs, func(f data.Figure) bool { return !im.Wanted(f.Period) })
	}
	order := func(a, b data.Figure) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Indicator, b.Indicator), strings.Compare(a.Period, b.Period))
	}
	slices.SortStableFunc(fs, order)
	if im.Options.By != "" {
		out := fs[:0]
		for _, f := range fs {
			f.Period = calendar.Longer(f.Period, im.Options.By)
			if n := len(out); n > 0 && order(out[n-1], f) == 0 {
				p := &out[n-1]
				p.Numerator, p.Denominator = p.Numerator.Plus(f.Numerator), p.Denominator.Plus(f.Denominator)
				p.Value, p.Lower, p.Upper = data.Number{}, data.Number{}, data.Number{}
				continue
			}
			out = append(out, f)
		}
		fs = out
	}
	im.Result.Figures = fs
}
