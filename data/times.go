package data

import (
	"context"
	"fmt"
	"io"

	"stpmap/data/table"
	"stpmap/flow"
)

// Time is what it takes to get from an area to a provider.
type Time struct {
	Area, Provider string
	Minutes        float64 // finite, 0 or more
	Line           int     // 1-based line in the table
}

// minutesRole is the column of the minutes.
var minutesRole = table.Role{Name: "minutes", Headings: []string{"min", "mins", "time", "traveltime", "duration", "cost", "km", "kilometres", "distance"}}

// The codes of a table of times.
var (
	timeAreaRole     = inTable(AreaRole, "")
	timeProviderRole = inTable(ProviderRole, "")
)

// ReadTimes reads a table of areas, providers and minutes, in the table's order. A
// pair without a time is left out, and counted as Absent. The error is a
// *fault.List where the table has faults, such as a pair that stands twice.
func ReadTimes(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Time, table.Report, error) {
	var t *table.Reader
	var area, provider, minutes int
	var list []Time
	seen := map[[2]string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: timeAreaRole}, {Role: timeProviderRole}, {Role: minutesRole}},
		func(opened *table.Reader, cols []int) error {
			t, area, provider, minutes = opened, cols[0], cols[1], cols[2]
			return nil
		},
		func() (bool, error) {
			one := Time{Line: t.Line()}
			var err error
			if one.Area, err = t.Code(area, timeAreaRole); err != nil {
				return false, err
			}
			if one.Provider, err = t.Code(provider, timeProviderRole); err != nil {
				return false, err
			}
			text := t.Text(minutes)
			if table.Absent(text) {
				return false, nil
			}
			var ok bool
			if one.Minutes, ok = flow.ParseNumber(text); !ok || one.Minutes < 0 {
				return false, t.Fault(minutes, fmt.Errorf("not a number of minutes: %q", text))
			}
			pair := [2]string{one.Area, one.Provider}
			if line := seen[pair]; line > 0 {
				return false, t.Fault(provider, fmt.Errorf("%w: %s to %s, as in line %d", table.ErrDuplicate, one.Area, one.Provider, line))
			}
			seen[pair] = t.Line()
			list = append(list, one)
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}
