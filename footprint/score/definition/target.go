package definition

import (
	"math"
	"time"
)

// Step is a value that was to be reached by a date. Of an own baseline it is the
// share of the baseline.
type Step struct {
	Value float64
	By    time.Time
}

// Target is what an indicator is held against. The zero value is no target.
type Target struct {
	Set bool
	// Value is the goal, in the indicator's own terms: a proportion in [0, 1]. Of
	// an own baseline it is the share of the baseline that is to be reached.
	Value float64
	// By is when the goal is to be reached; zero where it always holds.
	By time.Time
	// Steps lead to the goal, by rising date.
	Steps []Step
	// Baseline is where the way starts; its By is the date of the baseline.
	// Where the definition says "share_of_baseline", Value is that share of it.
	Baseline Step
	// Own says that each footprint starts from its own figure at the date of the
	// baseline. Goal and steps are then shares of that figure.
	Own bool
	// Stepped holds each value of the way until the date of the next one; else the
	// way between two dates is a straight line.
	Stepped bool
}

// HasTrajectory reports whether the target says where to be when.
func (t Target) HasTrajectory() bool {
	return t.Set && !t.By.IsZero() && (!t.Baseline.By.IsZero() || len(t.Steps) > 0)
}

// Due reports whether the goal is to be reached by a day. A target without a
// date always holds. A day that is not known counts as after the date.
func (t Target) Due(day time.Time) bool {
	return t.By.IsZero() || day.IsZero() || !day.Before(t.By)
}

// Goal is the value to be reached in the end. own is the footprint's own
// baseline, which only an own target looks at; it may be NaN.
func (t Target) Goal(own float64) float64 {
	switch {
	case !t.Set:
		return math.NaN()
	case t.Own:
		return t.Value * own
	}
	return t.Value
}

// At is what the target asks for on a day: a value on the way from the baseline
// over the steps to the goal, and the goal from its date on. It is NaN before the
// first value of the way: nothing is due yet. A figure of an unknown day is held
// against the goal. own is as for Goal.
func (t Target) At(day time.Time, own float64) float64 {
	if !t.Set || t.Due(day) {
		return t.Goal(own)
	}
	unit := 1.0
	if t.Own {
		unit = own
	}
	way := t.way()
	for i := len(way) - 2; i >= 0; i-- {
		a, b := way[i], way[i+1]
		if day.Before(a.By) {
			continue
		}
		if t.Stepped {
			return a.Value * unit
		}
		part := day.Sub(a.By).Hours() / b.By.Sub(a.By).Hours()
		return (a.Value + float64(part*(b.Value-a.Value))) * unit
	}
	return math.NaN()
}

// way is the dated values of a target, by rising date.
func (t Target) way() []Step {
	var way []Step
	if !t.Baseline.By.IsZero() {
		base := t.Baseline
		if t.Own {
			base.Value = 1
		}
		way = append(way, base)
	}
	way = append(way, t.Steps...)
	return append(way, Step{t.Value, t.By})
}
