package attribution

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// Window is the time that a figure is of: one period of a series, or several
// months of it added up.
type Window struct {
	Label string
	// Start is its first and End its last day; both zero where that is not known.
	Start, End time.Time
	// Periods are those of the series that it holds, by index.
	Periods []int
}

// Of says what a window is of, for people: its label, and how many months it
// adds up.
func (w Window) Of() string {
	if len(w.Periods) > 1 {
		return fmt.Sprintf("%s, %d months added up", w.Label, len(w.Periods))
	}
	return w.Label
}

// Latest is the window that ends with the latest period with figures that ends
// after from and not after to; a zero time is no limit. Where that period is a
// month, the window holds the months with figures of the twelve up to it. False
// where there is none.
func (s *Series) Latest(from, to time.Time) (Window, bool) {
	last := -1
	for p := range s.Periods {
		if end := s.Periods[p].End; len(s.Figures[p]) > 0 && (from.IsZero() || end.After(from)) && (to.IsZero() || !end.After(to)) {
			last = p
		}
	}
	if last < 0 {
		return Window{}, false
	}
	if s.Periods[last].Months() != 1 {
		return s.window([]int{last}), true
	}
	return s.window(s.months(yearBefore(s.Periods[last].End), s.Periods[last].End)), true
}

// Named is the window of a label: a period of the series, or its months in the
// time that the label stands for. The error wraps ErrUnknownPeriod.
func (s *Series) Named(label string) (Window, error) {
	at, err := FindPeriod(s.Periods, label)
	if err == nil {
		return s.window([]int{at}), nil
	}
	for _, dashIsYear := range []bool{true, false} {
		p, ok := parsePeriod(label, dashIsYear)
		if !ok || p.End.IsZero() {
			continue
		}
		if months := s.months(p.Start.AddDate(0, 0, -1), p.End); len(months) > 0 {
			w := s.window(months)
			return w, nil
		}
	}
	return Window{}, err
}

// yearBefore is the last day of the month that ended a year before a month.
func yearBefore(end time.Time) time.Time {
	return time.Date(end.Year()-1, end.Month()+1, 0, 0, 0, 0, 0, time.UTC)
}

// months lists the months with figures that end after one day and by another.
func (s *Series) months(after, by time.Time) []int {
	var list []int
	for p := range s.Periods {
		if end := s.Periods[p].End; s.Periods[p].Months() == 1 && len(s.Figures[p]) > 0 && end.After(after) && !end.After(by) {
			list = append(list, p)
		}
	}
	return list
}

// window is that of some periods, in order of time.
func (s *Series) window(periods []int) Window {
	first, last := s.Periods[periods[0]], s.Periods[periods[len(periods)-1]]
	w := Window{Label: last.Label, Start: first.Start, End: last.End, Periods: periods}
	if len(periods) > 1 {
		w.Label = first.Label + " to " + last.Label
	}
	return w
}

// Pool adds up the figures of a window by entity: numerators and denominators
// over its months. Values without counts are averaged. A band is that of the last
// month: categories can't be added.
func (s *Series) Pool(ind *definition.Indicator, w Window) []Figure {
	if len(w.Periods) == 1 {
		return s.Figures[w.Periods[0]]
	}
	by := map[string][]Figure{}
	var codes []string
	for _, p := range w.Periods {
		for _, f := range s.Figures[p] {
			if by[f.Code] == nil {
				codes = append(codes, f.Code)
			}
			by[f.Code] = append(by[f.Code], f)
		}
	}
	slices.SortFunc(codes, strings.Compare)
	out := make([]Figure, len(codes))
	for i, code := range codes {
		list := by[code]
		if out[i] = list[len(list)-1]; ind.Kind != definition.Band {
			out[i] = added(list)
		}
	}
	return out
}

// added is the sum of an entity's figures; its value is their mean, with the
// error that the mean of independent values has.
func added(list []Figure) Figure {
	out, n := list[len(list)-1], float64(len(list))
	out.Numerator, out.Denominator, out.Value, out.share = 0, 0, 0, 0
	variance := 0.0
	for _, f := range list {
		out.Numerator += f.Numerator
		out.Denominator += f.Denominator
		out.Value += f.Value / n
		out.share += f.share / n
		se := (f.upper - f.lower) / (2 * interval.Z95)
		variance += float64(se * se)
	}
	reach := interval.Z95 * math.Sqrt(variance) / n
	out.lower, out.upper = out.Value-reach, out.Value+reach
	return out
}
