package score

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// chosen is a series in the window that it is scored on.
type chosen struct {
	series *attribution.Series
	ind    *definition.Indicator
	window attribution.Window
	// aside says that the figures are of another year than the score: they are
	// shown and not counted.
	aside bool
}

// choose finds the window of every series. One score is of one year, unless
// Options.MixedPeriods takes the latest of each indicator, or Options.Period
// names the time. The year is the one that ends with the latest period of most
// indicators; of two, the later.
func (r *Result) choose() (list []chosen, missing error) {
	end := r.yearEnd()
	for i := range r.table.Series {
		s := &r.table.Series[i]
		c := chosen{series: s, ind: &r.Definitions.Indicators[s.Indicator]}
		ok := true
		switch {
		case r.Options.Period != "":
			var err error
			if c.window, err = s.Named(r.Options.Period); err != nil {
				missing = err
				r.note("%s: %v", c.ind.ID, err)
				continue
			}
		case end.IsZero():
			c.window, ok = s.Latest(time.Time{}, time.Time{})
		default:
			if c.window, ok = s.Latest(end.AddDate(-1, 0, 0), end); !ok {
				c.window, ok = s.Latest(time.Time{}, time.Time{})
				c.aside = ok && !c.window.End.IsZero()
			}
		}
		if ok {
			list = append(list, c)
		}
	}
	return list, missing
}

// yearEnd is the day on which the year of the score ends; zero where periods are
// named, mixed by leave, or not known.
func (r *Result) yearEnd() time.Time {
	if r.Options.Period != "" || r.Options.MixedPeriods {
		return time.Time{}
	}
	var ends []time.Time
	for i := range r.table.Series {
		if w, ok := r.table.Series[i].Latest(time.Time{}, time.Time{}); ok && !w.End.IsZero() {
			ends = append(ends, w.End)
		}
	}
	var best time.Time
	most := 0
	for _, end := range ends {
		n := 0
		for _, other := range ends {
			if other.After(end.AddDate(-1, 0, 0)) && !other.After(end) {
				n++
			}
		}
		if n > most || n == most && end.After(best) {
			best, most = end, n
		}
	}
	return best
}

// describePeriods says what the score is of, and what is of another time.
func (r *Result) describePeriods() {
	of := map[string][]string{}
	var order, aside, undated []string
	for _, m := range r.measures {
		label := m.window.Of()
		if m.aside {
			aside = append(aside, fmt.Sprintf("%s (%s)", m.ind.ID, label))
			continue
		}
		if of[label] == nil {
			order = append(order, label)
		}
		of[label] = append(of[label], m.ind.ID)
		if m.window.End.IsZero() && m.ind.Target.Set && !m.ind.Target.By.IsZero() {
			undated = append(undated, m.ind.ID)
		}
	}
	slices.Sort(order)
	r.Aside = aside
	var parts []string
	for _, label := range order {
		parts = append(parts, fmt.Sprintf("%s of %s", strings.Join(of[label], ", "), label))
	}
	if len(order) > 1 && r.differentYears() {
		r.Mixed = true
		r.note("The score mixes periods: %s.", strings.Join(parts, "; "))
	} else if len(order) > 1 || slices.ContainsFunc(order, func(s string) bool { return strings.Contains(s, "added up") }) {
		r.note("Scored on %s.", strings.Join(parts, "; "))
	}
	if r.Period = strings.Join(parts, "; "); len(order) == 1 {
		r.Period = order[0]
	}
	if len(aside) > 0 {
		r.note("Figures of another year are shown in grey and not counted: %s. --period chooses the year; --mixed-periods counts them.", strings.Join(aside, ", "))
	}
	if loose := r.withoutPeriod(); len(loose) > 0 {
		r.note("The time of %s is not known: counted as if of the score's.", strings.Join(loose, ", "))
	}
	if len(undated) > 0 {
		r.note("No date is known for the figures of %s: they are held against the target of the end date.", strings.Join(undated, ", "))
	}
}

// withoutPeriod lists the indicators that count though their time is not known,
// where that of others is.
func (r *Result) withoutPeriod() (list []string) {
	for _, m := range r.measures {
		if m.window.End.IsZero() {
			list = append(list, m.ind.ID)
		}
	}
	if len(list) == len(r.measures) {
		return nil
	}
	return list
}

// differentYears says whether the figures that count end more than a year apart,
// or in windows that do not lie within one year.
func (r *Result) differentYears() bool {
	var first, last time.Time
	for _, m := range r.measures {
		end := m.window.End
		if m.aside || end.IsZero() {
			continue
		}
		if first.IsZero() || end.Before(first) {
			first = end
		}
		if end.After(last) {
			last = end
		}
	}
	return !first.IsZero() && !first.After(last.AddDate(-1, 0, 0))
}

// note adds a line for people.
func (r *Result) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}
