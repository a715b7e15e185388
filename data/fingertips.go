package data

import (
	"fmt"
	"slices"
	"strings"
)

// fingertipsFormat is the CSV that the Fingertips service of OHID (Public Health
// England until 2021) gives out: any indicator, by area, sex, age and category.
func fingertipsFormat() *Format {
	return &Format{
		Name: "fingertips", Title: "OHID, Fingertips indicator data",
		Kinds: []FormatKind{IndicatorTable},
		layouts: []layout{{
			era:  "Fingertips",
			need: []string{"Indicator ID", "Area Code", "Area Type", "Sex", "Age", "Category Type", "Time period", "Value", "Count", "Denominator"},
		}},
		open: func(im *importer) tableReader { return &fingertipsReader{im: im} },
	}
}

type fingertipsReader struct {
	im                                             *importer
	id, area, areaType, sex, age, category, period int
	value, lower, upper, count, denominator        int
	types                                          []string
	seen                                           map[sumKey]fingertipsRow
}

type fingertipsRow struct {
	figure Figure
	who    string // sex and age
	line   int
}

func (x *fingertipsReader) heading(h *sheetHeader) error {
	x.id, x.area, x.areaType = h.col("Indicator ID"), h.col("Area Code"), h.col("Area Type")
	x.sex, x.age, x.category, x.period = h.col("Sex"), h.col("Age"), h.col("Category Type"), h.col("Time period")
	x.value, x.count, x.denominator = h.col("Value"), h.col("Count"), h.col("Denominator")
	x.lower, x.upper = h.col("Lower CI 95.0 limit", "Lower CI limit"), h.col("Upper CI 95.0 limit", "Upper CI limit")
	if x.seen == nil {
		x.seen = map[sumKey]fingertipsRow{}
	}
	return nil
}

func (x *fingertipsReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	area := r.text(x.area)
	switch {
	case area == "":
		return x.im.fault(r, x.area, ErrMissingCode)
	case national.MatchString(area) || strings.EqualFold(r.text(x.areaType), "England"):
		rep.leave("England or a region")
		return nil
	case r.text(x.category) != "":
		rep.leave("part of an area's people") // by deprivation, ethnic group, …
		return nil
	}
	period := r.text(x.period)
	if p, ok := Period(period); ok {
		period = p
	}
	if want := x.im.opts.Period; !x.im.wanted(period) && r.text(x.period) != want {
		rep.leave("other period")
		return nil
	}
	id := r.text(x.id)
	if name, ok := x.im.opts.Indicators[id]; ok {
		id = name
	}
	f := Figure{Entity: area, Indicator: id, Period: period}
	for _, c := range []struct {
		col int
		to  *Number
	}{{x.count, &f.Numerator}, {x.denominator, &f.Denominator}, {x.value, &f.Value}, {x.lower, &f.Lower}, {x.upper, &f.Upper}} {
		var err error
		if *c.to, err = x.im.number(r, c.col); err != nil {
			return err
		}
	}
	if !f.Value.Known && !f.Numerator.Known {
		rep.leave("no figures in the row")
		return nil
	}
	if t := r.text(x.areaType); !slices.Contains(x.types, t) {
		x.types = append(x.types, t)
	}
	who := r.text(x.sex) + ", " + r.text(x.age)
	k := sumKey{entity: area, period: period, series: id}
	if old, ok := x.seen[k]; ok {
		if old.who == who && old.figure == f {
			rep.leave("same row again, under another parent")
			return nil
		}
		if old.who == who {
			return x.im.fault(r, x.area, fmt.Errorf("%w: %s has other figures in line %d", ErrDuplicate, area, old.line))
		}
		return x.im.fault(r, x.sex, fmt.Errorf("%w: indicator %s is by sex and age (%s; %s): choose one with --where Sex=… --where Age=…", ErrMixedSets, id, old.who, who))
	}
	x.seen[k] = fingertipsRow{f, who, r.line}
	rep.Used++
	x.im.figure(f)
	return nil
}

func (x *fingertipsReader) finish() error {
	if len(x.types) > 1 {
		slices.Sort(x.types)
		return &InputError{File: x.im.head.file, Line: x.im.head.line, Err: fmt.Errorf("%w: areas of %d types (%s): choose one with --where 'Area Type=…'", ErrMixedSets, len(x.types), quotedList(x.types))}
	}
	x.im.figures()
	return nil
}
