package published

import (
	"fmt"
	"strings"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
	"stpmap/data/internal/intern"
	"stpmap/data/table"
	"stpmap/data/tally"
)

// dtocFormat is delayed transfers of care, by NHS England until February 2020:
// provider by local authority by reason. A columns count patients on the last
// Thursday of the month (until March 2017), B columns days of delay.
func dtocFormat() *importer.Format {
	return &importer.Format{
		Name: "dtoc", Title: "NHS England, delayed transfers of care, monthly extract (to February 2020)",
		Kinds: []importer.Kind{importer.IndicatorTable},
		Layouts: []importer.Layout{{
			Era:  "delayed transfers of care",
			Need: []string{"Period Name", "Provider Org Code", "Local Authority Code", "Reason For Delay", "NHS B SUM", "Social Care B SUM", "Both B SUM"},
		}},
		Open: func(im *importer.Import) importer.Reader { return &dtocReader{im: im} },
	}
}

type dtocReader struct {
	im                   *importer.Import
	year, period, entity int
	other, reason        int
	patients, days       []int
	codes                intern.Names
	sums                 tally.Sums
}

func (x *dtocReader) Heading(h *importer.Heading) error {
	x.year, x.period = h.Column("Year"), h.Column("Period Name")
	x.entity, x.other = h.Column("Provider Org Code"), h.Column("Local Authority Code")
	if x.im.Options.Level == "commissioner" || x.im.Options.Level == "area" {
		x.entity, x.other = x.other, x.entity
	}
	x.reason = h.Column("Reason For Delay")
	x.patients, x.days = nil, nil
	for i, name := range h.Names {
		switch k := table.Normalise(name); {
		case strings.HasSuffix(k, "asum"):
			x.patients = append(x.patients, i)
		case strings.HasSuffix(k, "bsum"):
			x.days = append(x.days, i)
		}
	}
	return nil
}

func (x *dtocReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	code := r.Cell(x.entity)
	if kind, err := x.im.Place(r, x.entity); err != nil {
		return err
	} else if kind != table.APlace || table.IsSum(r.Text(x.other)) {
		rep.LeaveOut("sum over organisations")
		return nil
	}
	period, ok := calendar.MonthOfYear(r.Text(x.year), r.Text(x.period))
	if !ok {
		return x.im.Fault(r, x.period, fmt.Errorf("%w: %s of %s is none", importer.ErrPeriod, table.Quoted(r.Text(x.period)), table.Quoted(r.Text(x.year))))
	}
	if !x.im.Wanted(period) {
		rep.LeaveOut("other period")
		return nil
	}
	var n [2]data.Number
	for i, cols := range [][]int{x.patients, x.days} {
		for _, c := range cols {
			v, err := x.im.Number(r, c)
			if err != nil {
				return err
			}
			if v.Value < 0 {
				return x.im.Fault(r, c, fmt.Errorf("%w: %g", table.ErrNegativeCount, v.Value))
			}
			if v.Known {
				n[i] = data.Known(n[i].Value + v.Value)
			}
		}
	}
	rep.Used++
	total := table.IsSum(r.Text(x.reason)) || strings.HasPrefix(strings.ToUpper(r.Text(x.reason)), "ALL ")
	x.sums.Add(tally.Key{Entity: x.codes.Kept(code), Period: period, Series: "dtoc", Other: x.codes.Kept(r.Cell(x.other))}, n[:], total, x.im.Heading.File, r.Line)
	return nil
}

func (x *dtocReader) Finish() error {
	// Beds of a quarter or a month, by provider.
	beds := map[[2]string]float64{}
	for _, f := range x.im.Options.Beds {
		if f.Indicator == "beds_occupied" && f.Value.Known {
			beds[[2]string{f.Entity, f.Period}] = f.Value.Value
		}
	}
	without := 0
	for _, s := range x.sums.Checked(x.im.Differs) {
		days := float64(calendar.DaysIn(s.Period))
		if s.N[0].Known && s.N[0].Value > 0 {
			x.im.AddFigure(data.Figure{Entity: s.Entity, Indicator: "dtoc_patients", Period: s.Period, Value: s.N[0]})
		}
		if !s.N[1].Known || days == 0 {
			continue
		}
		x.im.AddFigure(data.Figure{Entity: s.Entity, Indicator: "dtoc_days", Period: s.Period, Value: s.N[1]})
		x.im.AddFigure(data.Figure{Entity: s.Entity, Indicator: "dtoc_beds", Period: s.Period, Numerator: s.N[1], Denominator: data.Known(days), Value: data.Known(s.N[1].Value / days)})
		b, ok := beds[[2]string{s.Entity, s.Period}]
		if !ok {
			b, ok = beds[[2]string{s.Entity, calendar.Longer(s.Period, "quarter")}]
		}
		switch {
		case ok && b > 0:
			x.im.AddFigure(data.Figure{Entity: s.Entity, Indicator: "dtoc", Period: s.Period, Numerator: s.N[1], Denominator: data.Known(b * days)})
		case len(beds) > 0:
			without++
		}
	}
	if len(beds) == 0 {
		x.im.Result.Report.Note("no share of occupied bed days (dtoc): it needs the beds of KH03 (--beds)")
	}
	if without > 0 {
		x.im.Result.Report.Note("no occupied beds known for %d providers' months: no dtoc for them", without)
	}
	x.im.SettleFigures()
	return nil
}
