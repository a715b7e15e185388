package score

import (
	"math"

	"stpmap/footprint/score/interval"
	"stpmap/footprint/score/spc"
)

// TrendRow is one indicator of one footprint in one of several periods: a row of
// trend.csv. NaN is unknown.
type TrendRow struct {
	Footprint, Indicator, Period string
	Value, Lower, Upper          float64
	// Change is Value less that of the period before, with its 95% interval, and
	// Direction what that is: "better", "worse" or "unclear"; empty where it is
	// not known.
	Change, ChangeLower, ChangeUpper float64
	Direction                        string
	// Expected is what the target asks for at the end of the period, OnTrack
	// whether Value is at least as good, and Standing the word for it.
	Expected float64
	OnTrack  Answer
	Standing Standing
	due      bool // the goal's date has come
	// Control limits of a monthly series, and what stands out of them.
	Mean, LowerLimit, UpperLimit float64
	Signals                      []spc.Signal
}

// trends compares the periods of every indicator that has several.
func (r *Result) trends() {
	for _, m := range r.measures {
		s := m.series
		if len(s.Periods) < 2 {
			continue
		}
		n, nf := len(s.Periods), len(r.in.Partition.IDs)
		rows := make([]TrendRow, n*nf)
		monthly := n >= spc.MinPoints
		for t, p := range s.Periods {
			monthly = monthly && p.Months() == 1
			r.trendPeriod(m, t, func(f int) *TrendRow { return &rows[f*n+t] })
		}
		side := -float64(m.ind.EffectivePolarity())
		for f := range nf {
			series := rows[f*n : (f+1)*n]
			for t := range series {
				series[t].compare(series[max(0, t-1)], t > 0, side)
			}
			if monthly {
				control(series)
			}
		}
		r.Trends = append(r.Trends, rows...)
	}
}

// trendPeriod fills the rows of one period of an indicator.
func (r *Result) trendPeriod(m *measure, t int, row func(f int) *TrendRow) {
	p, nan := m.series.Periods[t], math.NaN()
	at := r.base.Attribute(m.ind, m.series.Level, m.series.Figures[t], r.Options.View)
	use := r.usable(at)
	aim := m.aimOf(p.End, len(r.in.Partition.IDs))
	for f, id := range r.in.Partition.IDs {
		one := TrendRow{
			Footprint: id, Indicator: m.ind.ID, Period: p.Label, Value: nan, Lower: nan, Upper: nan,
			Change: nan, ChangeLower: nan, ChangeUpper: nan, Expected: aim.at[f], Mean: nan, LowerLimit: nan, UpperLimit: nan, due: aim.due,
		}
		if use[f] {
			one.Value = at.Value[f]
			one.Lower, one.Upper = interval.Of(m.ind, at.Numerator[f], at.Denominator[f], at.Value[f], at.StandardError[f], at.Weighted, 0.95)
		}
		*row(f) = one
	}
}

func (row *TrendRow) compare(before TrendRow, hasBefore bool, side float64) {
	if !math.IsNaN(row.Value) && !math.IsNaN(row.Expected) && side != 0 {
		good := side*(row.Value-row.Expected) <= 0
		row.OnTrack, row.Standing = answer(good), standingOf(good, row.due)
	}
	if !hasBefore || math.IsNaN(row.Value) || math.IsNaN(before.Value) {
		return
	}
	row.Change = row.Value - before.Value
	row.ChangeLower, row.ChangeUpper = interval.Difference(row.Value, row.Lower, row.Upper, before.Value, before.Lower, before.Upper)
	switch {
	case side == 0 || math.IsNaN(row.ChangeLower):
	case row.ChangeLower <= 0 && row.ChangeUpper >= 0:
		row.Direction = "unclear"
	case side*row.Change > 0:
		row.Direction = "worse"
	default:
		row.Direction = "better"
	}
}

func control(series []TrendRow) {
	values := make([]float64, len(series))
	for t := range series {
		values[t] = series[t].Value
	}
	c := spc.XmR(values, spc.Rules{})
	for t := range series {
		series[t].Mean, series[t].LowerLimit, series[t].UpperLimit = c.Mean, c.Lower, c.Upper
		series[t].Signals = c.Signals[t]
	}
}
