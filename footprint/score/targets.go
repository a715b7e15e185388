package score

import (
	"math"
	"time"

	"stpmap/footprint/score/attribution"
)

// Standing is where a figure is against its target: ahead or behind before the
// target's date, met or missed from then on.
type Standing string

// The standings as files write them. NotDue is a figure of a time before the
// target asks for anything.
const (
	Ahead  Standing = "ahead"
	Behind Standing = "behind"
	Met    Standing = "met"
	Missed Standing = "missed"
	NotDue Standing = "not due"
)

// aim is what the footprints' figures of one day are held against.
type aim struct {
	set  bool
	due  bool
	goal []float64 // by footprint: the value to reach in the end; NaN unknown
	at   []float64 // by footprint: what is due on the day; NaN where nothing is
}

// aimOf finds the targets of an indicator on a day, for every footprint. own are
// the footprints' own baselines; nil unless the target asks for them.
func (m *measure) aimOf(day time.Time, n int) aim {
	t := m.ind.Target
	a := aim{set: t.Set, due: t.Due(day), goal: make([]float64, n), at: make([]float64, n)}
	for f := range n {
		own := math.NaN()
		if m.own != nil {
			own = m.own[f]
		}
		a.goal[f], a.at[f] = t.Goal(own), t.At(day, own)
	}
	return a
}

// baselines finds every footprint's own figure at the date of an own baseline: of
// the period that holds the day. nil where the target has none.
func (r *Result) baselines(c *chosen) []float64 {
	t := c.ind.Target
	if !t.Set || !t.Own {
		return nil
	}
	own := make([]float64, len(r.in.Partition.IDs))
	for f := range own {
		own[f] = math.NaN()
	}
	found := -1
	for p, period := range c.series.Periods {
		inside := !period.End.IsZero() && !t.Baseline.By.Before(period.Start) && !t.Baseline.By.After(period.End)
		if inside && len(c.series.Figures[p]) > 0 && (found < 0 || period.Months() > c.series.Periods[found].Months()) {
			found = p
		}
	}
	if found < 0 {
		r.note("%s: no figures of %s, from which its target starts: it is judged without a target.", c.ind.ID, t.Baseline.By.Format(time.DateOnly))
		return own
	}
	at := r.base.Attribute(c.ind, c.series.Level, c.series.Figures[found], r.Options.View)
	for f, ok := range r.usable(at) {
		if ok {
			own[f] = at.Value[f]
		}
	}
	return own
}

// against compares a value with its target; side is 1 where lower is better, -1
// where higher is.
func (row *IndicatorRow) against(a *aim, f int, side float64) {
	if !a.set {
		return
	}
	row.Target, row.TargetAtPeriod = a.goal[f], a.at[f]
	if math.IsNaN(row.Value) {
		return
	}
	if math.IsNaN(row.TargetAtPeriod) {
		if !a.due && !math.IsNaN(row.Target) {
			row.Standing = NotDue
		}
		return
	}
	row.Gap = side * (row.Value - row.TargetAtPeriod)
	row.MeetsTarget = answer(row.Gap <= 0)
	row.OnTrack = row.MeetsTarget
	row.Standing = standingOf(row.Gap <= 0, a.due)
}

// standingOf names where a figure is.
func standingOf(good, due bool) Standing {
	switch {
	case due && good:
		return Met
	case due:
		return Missed
	case good:
		return Ahead
	}
	return Behind
}

// targetFor is the value that a footprint is judged against, and whether there
// is one.
func (m *measure) targetFor(f int) (float64, bool) {
	v := m.aim.at[f]
	return v, m.aim.set && !math.IsNaN(v)
}

// attribute brings the figures of the window to the footprints.
func (m *measure) attribute(a *attribution.Attributor, view attribution.View) *attribution.Attributed {
	return a.Attribute(m.ind, m.series.Level, m.figures, view)
}
