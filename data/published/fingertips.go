package published

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/data/tally"
	"stpmap/flow/fault"
)

// fingertipsFormat is the CSV that the Fingertips service of OHID (Public Health
// England until 2021) gives out: any indicator, by area, sex, age and category.
func fingertipsFormat() *importer.Format {
	return &importer.Format{
		Name: "fingertips", Title: "OHID, Fingertips indicator data",
		Kinds: []importer.Kind{importer.IndicatorTable},
		Layouts: []importer.Layout{{
			Era:  "Fingertips",
			Need: []string{"Indicator ID", "Area Code", "Area Type", "Sex", "Age", "Category Type", "Time period", "Value", "Count", "Denominator"},
		}},
		Open: func(im *importer.Import) importer.Reader { return &fingertipsReader{im: im} },
	}
}

type fingertipsReader struct {
	im                                             *importer.Import
	id, area, areaType, sex, age, category, period int
	value, lower, upper, count, denominator        int
	types                                          []string
	seen                                           map[tally.Key]fingertipsRow
}

type fingertipsRow struct {
	figure data.Figure
	who    string // sex and age
	line   int
}

func (x *fingertipsReader) Heading(h *importer.Heading) error {
	x.id, x.area, x.areaType = h.Column("Indicator ID"), h.Column("Area Code"), h.Column("Area Type")
	x.sex, x.age, x.category, x.period = h.Column("Sex"), h.Column("Age"), h.Column("Category Type"), h.Column("Time period")
	x.value, x.count, x.denominator = h.Column("Value"), h.Column("Count"), h.Column("Denominator")
	x.lower, x.upper = h.Column("Lower CI 95.0 limit", "Lower CI limit"), h.Column("Upper CI 95.0 limit", "Upper CI limit")
	if x.seen == nil {
		x.seen = map[tally.Key]fingertipsRow{}
	}
	return nil
}

func (x *fingertipsReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	area := r.Text(x.area)
	switch {
	case area == "":
		return x.im.Fault(r, x.area, table.ErrMissingCode)
	case table.National.MatchString(area) || strings.EqualFold(r.Text(x.areaType), "England"):
		rep.LeaveOut("England or a region")
		return nil
	case r.Text(x.category) != "":
		rep.LeaveOut("part of an area's people") // by deprivation, ethnic group, …
		return nil
	}
	period := r.Text(x.period)
	if p, ok := calendar.Period(period); ok {
		period = p
	}
	if want := x.im.Options.Period; !x.im.Wanted(period) && r.Text(x.period) != want {
		rep.LeaveOut("other period")
		return nil
	}
	id := r.Text(x.id)
	if id == "" {
		return x.im.Fault(r, x.id, fmt.Errorf("%w: no indicator", table.ErrMissingCode))
	}
	if name, ok := x.im.Options.Indicators[id]; ok {
		id = name
	}
	f := data.Figure{Entity: area, Indicator: id, Period: period}
	if err := x.numbers(r, &f); err != nil {
		return err
	}
	if !f.Value.Known && !f.Numerator.Known {
		rep.LeaveOut("no figures in the row")
		return nil
	}
	if t := r.Text(x.areaType); !slices.Contains(x.types, t) {
		x.types = append(x.types, t)
	}
	return x.take(r, f)
}

// numbers reads the figures of a row.
func (x *fingertipsReader) numbers(r importer.Row, f *data.Figure) (err error) {
	for _, c := range []struct {
		col int
		to  *data.Number
	}{{x.count, &f.Numerator}, {x.denominator, &f.Denominator}, {x.value, &f.Value}, {x.lower, &f.Lower}, {x.upper, &f.Upper}} {
		if *c.to, err = x.im.Number(r, c.col); err != nil {
			return err
		}
	}
	return nil
}

// take keeps a figure, once for each area, indicator and period.
func (x *fingertipsReader) take(r importer.Row, f data.Figure) error {
	rep := &x.im.Result.Report
	who := r.Text(x.sex) + ", " + r.Text(x.age)
	k := tally.Key{Entity: f.Entity, Period: f.Period, Series: f.Indicator}
	if old, ok := x.seen[k]; ok {
		if old.who == who && old.figure == f {
			rep.LeaveOut("same row again, under another parent")
			return nil
		}
		if old.who == who {
			return x.im.Fault(r, x.area, fmt.Errorf("%w: %s has other figures in line %d", table.ErrDuplicate, f.Entity, old.line))
		}
		return x.im.Fault(r, x.sex, fmt.Errorf("%w: indicator %s is by sex and age (%s; %s): choose one with --where Sex=… --where Age=…", table.ErrMixedSets, f.Indicator, old.who, who))
	}
	x.seen[k] = fingertipsRow{f, who, r.Line}
	rep.Used++
	x.im.AddFigure(f)
	return nil
}

func (x *fingertipsReader) Finish() error {
	if len(x.types) > 1 {
		slices.Sort(x.types)
		return &fault.Error{File: x.im.Heading.File, Line: x.im.Heading.Line, Err: fmt.Errorf("%w: areas of %d types (%s): choose one with --where 'Area Type=…'", table.ErrMixedSets, len(x.types), table.QuotedList(x.types))}
	}
	x.im.SettleFigures()
	return nil
}
