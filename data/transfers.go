package data

import (
	"fmt"
	"strings"
)

// dtocFormat is delayed transfers of care, by NHS England until February 2020:
// provider by local authority by reason. A columns count patients on the last
// Thursday of the month (until March 2017), B columns days of delay.
func dtocFormat() *Format {
	return &Format{
		Name: "dtoc", Title: "NHS England, delayed transfers of care, monthly extract (to February 2020)",
		Kinds: []FormatKind{IndicatorTable},
		layouts: []layout{{
			era:  "delayed transfers of care",
			need: []string{"Period Name", "Provider Org Code", "Local Authority Code", "Reason For Delay", "NHS B SUM", "Social Care B SUM", "Both B SUM"},
		}},
		open: func(im *importer) tableReader { return &dtocReader{im: im} },
	}
}

type dtocReader struct {
	im                   *importer
	year, period, entity int
	other, reason        int
	patients, days       []int
	codes                names
	sums                 sumTally
}

func (x *dtocReader) heading(h *sheetHeader) error {
	x.year, x.period = h.col("Year"), h.col("Period Name")
	x.entity, x.other = h.col("Provider Org Code"), h.col("Local Authority Code")
	if x.im.opts.Level == "commissioner" || x.im.opts.Level == "area" {
		x.entity, x.other = x.other, x.entity
	}
	x.reason = h.col("Reason For Delay")
	x.patients, x.days = nil, nil
	for i, name := range h.names {
		switch k := Normalise(name); {
		case strings.HasSuffix(k, "asum"):
			x.patients = append(x.patients, i)
		case strings.HasSuffix(k, "bsum"):
			x.days = append(x.days, i)
		}
	}
	return nil
}

func (x *dtocReader) row(r sheetRow) error {
	rep := &x.im.out.Report
	code := r.cell(x.entity)
	if len(code) == 0 || sumName(string(code)) || sumName(r.text(x.other)) {
		rep.leave("sum over organisations")
		return nil
	}
	period, ok := monthOfYear(r.text(x.year), r.text(x.period))
	if !ok {
		return x.im.fault(r, x.period, fmt.Errorf("%w: %s of %s is none", ErrPeriod, quoted(r.text(x.period)), quoted(r.text(x.year))))
	}
	if !x.im.wanted(period) {
		rep.leave("other period")
		return nil
	}
	var n [2]Number
	for i, cols := range [][]int{x.patients, x.days} {
		for _, c := range cols {
			v, err := x.im.number(r, c)
			if err != nil {
				return err
			}
			if v.Value < 0 {
				return x.im.fault(r, c, fmt.Errorf("%w: %g", ErrNegativeCount, v.Value))
			}
			if v.Known {
				n[i] = Known(n[i].Value + v.Value)
			}
		}
	}
	rep.Used++
	total := sumName(r.text(x.reason)) || strings.HasPrefix(strings.ToUpper(r.text(x.reason)), "ALL ")
	x.sums.add(sumKey{entity: x.codes.kept(code), period: period, series: "dtoc", other: x.codes.kept(r.cell(x.other))}, n[:], total, x.im.head.file, r.line)
	return nil
}

func (x *dtocReader) finish() error {
	// Beds of a quarter or a month, by provider.
	beds := map[[2]string]float64{}
	for _, f := range x.im.opts.Beds {
		if f.Indicator == "beds_occupied" && f.Value.Known {
			beds[[2]string{f.Entity, f.Period}] = f.Value.Value
		}
	}
	without := 0
	for _, s := range x.sums.checked(x.im.differs) {
		days := float64(daysIn(s.period))
		if s.n[0].Known && s.n[0].Value > 0 {
			x.im.figure(Figure{Entity: s.entity, Indicator: "dtoc_patients", Period: s.period, Value: s.n[0]})
		}
		if !s.n[1].Known || days == 0 {
			continue
		}
		x.im.figure(Figure{Entity: s.entity, Indicator: "dtoc_days", Period: s.period, Value: s.n[1]})
		x.im.figure(Figure{Entity: s.entity, Indicator: "dtoc_beds", Period: s.period, Numerator: s.n[1], Denominator: Known(days), Value: Known(s.n[1].Value / days)})
		b, ok := beds[[2]string{s.entity, s.period}]
		if !ok {
			b, ok = beds[[2]string{s.entity, longer(s.period, "quarter")}]
		}
		switch {
		case ok && b > 0:
			x.im.figure(Figure{Entity: s.entity, Indicator: "dtoc", Period: s.period, Numerator: s.n[1], Denominator: Known(b * days)})
		case len(beds) > 0:
			without++
		}
	}
	if len(beds) == 0 {
		x.im.out.Report.note("no share of occupied bed days (dtoc): it needs the beds of KH03 (--beds)")
	}
	if without > 0 {
		x.im.out.Report.note("no occupied beds known for %d providers' months: no dtoc for them", without)
	}
	x.im.figures()
	return nil
}
