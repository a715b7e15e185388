package score

import (
	"math"
	"slices"

	"stpmap/footprint/score/interval"
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
	Signals                      []Signal
}

// Signal is what a rule for control charts finds in a point.
type Signal struct {
	Rule string // "beyond_limit", "shift", "trend" or "two_of_three"
	// Up says on which side of the mean, or whether the trend rises.
	Up bool
}

// SPCRules are the rules by which a point of a control chart stands out. The
// zero value is the default.
type SPCRules struct {
	Run   int // points in a row on one side of the mean; 0 is 7
	Trend int // points in a row that rise or fall; 0 is 6
}

// minControl is how many months a control chart needs.
const minControl = 12

// Control is a chart of individual values and their moving range.
type Control struct {
	Mean, Lower, Upper float64
	Signals            [][]Signal // by point
}

// XmR makes the control chart of a series: the limits are the mean ± 2.66 times
// the mean moving range. A point signals beyond a limit; in a run of points on
// one side of the mean; in a run that rises or falls; and as one of two in three
// successive points that lie beyond two thirds of the way to the same limit.
// NaN breaks every run. NHS England, Making Data Count (2019); Wheeler DJ (1993),
// Understanding variation, SPC Press.
func XmR(values []float64, rules SPCRules) Control {
	if rules.Run == 0 {
		rules.Run = 7
	}
	if rules.Trend == 0 {
		rules.Trend = 6
	}
	c := Control{Mean: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Signals: make([][]Signal, len(values))}
	mean, reach := meanAndReach(values)
	if math.IsNaN(reach) {
		return c
	}
	c.Mean, c.Lower, c.Upper = mean, mean-reach, mean+reach
	for i, v := range values {
		if v > c.Upper || v < c.Lower {
			c.mark(i, i+1, Signal{"beyond_limit", v > c.Upper})
		}
	}
	c.markShifts(values, rules.Run)
	c.markTrends(values, rules.Trend)
	c.markPairs(values, reach*2/3)
	return c
}

// meanAndReach are the mean, and how far the limits are from it; NaN without a
// step from one point to the next.
func meanAndReach(values []float64) (mean, reach float64) {
	var sum, n, moving, moves float64
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		sum += v
		n++
		if i > 0 && !math.IsNaN(values[i-1]) {
			moving += math.Abs(v - values[i-1])
			moves++
		}
	}
	if n == 0 || moves == 0 {
		return math.NaN(), math.NaN()
	}
	return sum / n, 2.66 * moving / moves
}

// mark gives points a signal, once.
func (c *Control) mark(from, to int, s Signal) {
	for i := from; i < to; i++ {
		if !slices.Contains(c.Signals[i], s) {
			c.Signals[i] = append(c.Signals[i], s)
		}
	}
}

// sign is 1, -1, or 0, which NaN is too.
func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// runs calls visit for each longest run of points from first on with one sign,
// zeros left out.
func runs(first, n int, signOf func(i int) int, visit func(from, to int, up bool)) {
	for from := first; from < n; {
		to := from + 1
		for to < n && signOf(to) == signOf(from) {
			to++
		}
		if s := signOf(from); s != 0 {
			visit(from, to, s > 0)
		}
		from = to
	}
}

// markShifts marks runs on one side of the mean.
func (c *Control) markShifts(values []float64, least int) {
	side := func(i int) int { return sign(values[i] - c.Mean) }
	runs(0, len(values), side, func(from, to int, up bool) {
		if to-from >= least {
			c.mark(from, to, Signal{"shift", up})
		}
	})
}

// markTrends marks runs that rise or fall.
func (c *Control) markTrends(values []float64, least int) {
	step := func(i int) int { return sign(values[i] - values[i-1]) }
	runs(1, len(values), step, func(from, to int, up bool) {
		if to-from+1 >= least {
			c.mark(from-1, to, Signal{"trend", up})
		}
	})
}

// markPairs marks the points of which two in three successive ones are farther
// than some way from the mean, on the same side.
func (c *Control) markPairs(values []float64, way float64) {
	for i := 0; i+3 <= len(values); i++ {
		for _, up := range []bool{true, false} {
			far := func(v float64) bool {
				if up {
					return v > c.Mean+way
				}
				return v < c.Mean-way
			}
			count := 0
			for _, v := range values[i : i+3] {
				if far(v) {
					count++
				}
			}
			for j := i; count >= 2 && j < i+3; j++ {
				if far(values[j]) {
					c.mark(j, j+1, Signal{"two_of_three", up})
				}
			}
		}
	}
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
		monthly := n >= minControl
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
	c := XmR(values, SPCRules{})
	for t := range series {
		series[t].Mean, series[t].LowerLimit, series[t].UpperLimit = c.Mean, c.Lower, c.Upper
		series[t].Signals = c.Signals[t]
	}
}
