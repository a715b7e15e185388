package attribution

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Period is a label of a table's period column and the time it stands for.
type Period struct {
	Label string
	// Start is its first and End its last day; both zero where the label says
	// neither.
	Start, End time.Time
}

// Months is the length of the period, rounded; 0 where it is not known.
func (p Period) Months() int {
	if p.End.IsZero() {
		return 0
	}
	return max(1, int(p.End.Sub(p.Start).Hours()/24/30.4+0.5))
}

// pattern is compiled when it is first asked for: most runs need few of them, and a
// page that opens none.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

var (
	periodYear      = pattern(`^(?:cy ?)?(\d{4})$`)
	periodFinancial = pattern(`^(?:fy ?)?(\d{4}) ?/ ?(?:\d\d)?(\d\d)$`)
	periodDash      = pattern(`^(?:fy ?)?(\d{4})-(\d\d)$`)
	periodMonth     = pattern(`^(\d{4})(\d\d)$`)
	periodDay       = pattern(`^(\d{4})-(\d\d)-(\d\d)(?:[t ]00:00(?::00)?z?)?$`)
	periodNamed     = pattern(`^([a-z]{3})[a-z]*[ _-]?(\d{4}|\d\d)$`)
	periodNamedLast = pattern(`^(\d{4})[ _-]([a-z]{3})[a-z]*$`)
	periodQuarter   = pattern(`^(\d{4})(?: ?/ ?(?:\d\d)?(\d\d))?[ _-]?q([1-4])$`)
	periodQFirst    = pattern(`^q([1-4])[ _-]?(\d{4})(?: ?/ ?(?:\d\d)?(\d\d))?$`)
)

var monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// parsePeriods puts labels in order of time: financial years from April
// (2016/17), years, quarters (2017 Q1, or 2016/17 Q1 of the financial year),
// months (2017-03, March 2017, Mar-17) and days. A label as 2011-12 is a
// financial year where every label of that form has years that follow each
// other, and a month otherwise. Where a label can't be read, all are taken in
// the order of their text; ordered says which it was.
func parsePeriods(labels []string) (periods []Period, ordered bool) {
	labels = slices.Clone(labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	dashIsYear := true
	for _, l := range labels {
		if g := periodDash().FindStringSubmatch(strings.ToLower(l)); g != nil && !follows(g[1], g[2]) {
			dashIsYear = false
		}
	}
	ordered = true
	for _, l := range labels {
		p, ok := parsePeriod(l, dashIsYear)
		ordered = ordered && ok
		periods = append(periods, p)
	}
	if !ordered {
		if len(labels) == 1 {
			return periods, true
		}
		return periods, false
	}
	slices.SortStableFunc(periods, func(a, b Period) int {
		return cmp.Or(a.End.Compare(b.End), a.Start.Compare(b.Start), strings.Compare(a.Label, b.Label))
	})
	return periods, true
}

// parsePeriod reads one label. A year and a number after a dash, as in 2017-18,
// are a financial year where dashIsYear, else a month.
func parsePeriod(label string, dashIsYear bool) (Period, bool) {
	s := strings.ToLower(strings.TrimSpace(label))
	if p, matched, ok := patternPeriod(s, dashIsYear); matched {
		p.Label = label
		return p, ok
	}
	p, ok := namedPeriod(s)
	p.Label = label
	return p, ok
}

// patternPeriod reads a label of digits; matched is false for any other.
func patternPeriod(s string, dashIsYear bool) (p Period, matched, ok bool) {
	find := func(pattern func() *regexp.Regexp) []string { return pattern().FindStringSubmatch(s) }
	if g := find(periodYear); g != nil {
		p, ok = months(atoi(g[1]), 1, 12)
	} else if g := find(periodFinancial); g != nil {
		if p, ok = months(atoi(g[1]), 4, 12); !follows(g[1], g[2]) {
			return Period{}, true, false
		}
	} else if g := find(periodDash); g != nil {
		if p, ok = months(atoi(g[1]), 4, 12); !dashIsYear {
			p, ok = months(atoi(g[1]), atoi(g[2]), 1)
		}
	} else if g := find(periodMonth); g != nil {
		p, ok = months(atoi(g[1]), atoi(g[2]), 1)
	} else if g := find(periodDay); g != nil {
		p, ok = dayPeriod(g[1] + "-" + g[2] + "-" + g[3])
	} else if g := find(periodQuarter); g != nil {
		p, ok = quarter(atoi(g[3]), g[1], g[2])
	} else if g := find(periodQFirst); g != nil {
		p, ok = quarter(atoi(g[1]), g[2], g[3])
	} else {
		return Period{}, false, false
	}
	return p, true, ok
}

// months is a period of some months from one on.
func months(year, month, n int) (Period, bool) {
	if month < 1 || month > 12 {
		return Period{}, false
	}
	start := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	return Period{Start: start, End: start.AddDate(0, n, -1)}, true
}

// quarter is a quarter of a year, or of the financial year from one to the next.
func quarter(q int, year, next string) (Period, bool) {
	month := 3*q - 2
	if next == "" {
		return months(atoi(year), month, 3)
	}
	if !follows(year, next) {
		return Period{}, false
	}
	if month += 3; month > 12 { // the last quarter ends the financial year
		return months(atoi(year)+1, month-12, 3)
	}
	return months(atoi(year), month, 3)
}

// dayPeriod is a day; the first or the last day of a month stands for the month.
func dayPeriod(date string) (Period, bool) {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Period{}, false
	}
	if t.Day() == 1 || t.AddDate(0, 0, 1).Day() == 1 {
		return months(t.Year(), int(t.Month()), 1)
	}
	return Period{Start: t, End: t}, true
}

// namedPeriod is a month by its name.
func namedPeriod(s string) (Period, bool) {
	name, year := "", ""
	if g := periodNamed().FindStringSubmatch(s); g != nil {
		name, year = g[1], g[2]
	} else if g := periodNamedLast().FindStringSubmatch(s); g != nil {
		name, year = g[2], g[1]
	}
	m := slices.Index(monthNames, name)
	if m < 0 {
		return Period{}, false
	}
	y := atoi(year)
	if y < 100 {
		y += 2000
	}
	return months(y, m+1, 1)
}

// follows reports whether a two-digit year is the one after a four-digit one.
func follows(year, next string) bool { return (atoi(year)+1)%100 == atoi(next) }

// atoi reads digits.
func atoi(s string) int {
	n, _ := strconv.Atoi(s) // digits by the pattern that found them
	return n
}

// FindPeriod is the place of a label among periods, matched as text or as time.
func FindPeriod(periods []Period, label string) (int, error) {
	for i, p := range periods {
		if strings.EqualFold(p.Label, label) {
			return i, nil
		}
	}
	for _, dashIsYear := range []bool{true, false} {
		if want, ok := parsePeriod(label, dashIsYear); ok {
			for i, p := range periods {
				if !p.End.IsZero() && p.Start.Equal(want.Start) && p.End.Equal(want.End) {
					return i, nil
				}
			}
		}
	}
	labels := make([]string, len(periods))
	for i, p := range periods {
		labels[i] = p.Label
	}
	return -1, fmt.Errorf("%w %q (the table has %s)", ErrUnknownPeriod, label, strings.Join(labels, ", "))
}
