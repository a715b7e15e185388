package data

import (
	"bytes"
	"context"
	"io"
	"slices"

	"stpmap/data/table"
)

// AreaUnit says in which unit an area lies: a county, a council, a place that
// is to stay whole.
type AreaUnit struct {
	Area, Unit string
	Line       int // in the table
}

// unitRole is the column of the unit that an area lies in.
var unitRole = table.Role{
	Name: "unit",
	Headings: []string{
		"unitcode", "unitname", "county", "council", "district", "place", "localauthority", "utla", "utlacode", "ltla", "ltlacode", "lad", "ladcode", "group",
	},
}

// ReadUnits reads a table of areas and their units: columns area and unit, by
// their headings or, where these say nothing, the first two. An area stands in
// it once; one without a unit is passed over. The error is a *fault.List where there are faults.
func ReadUnits(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]AreaUnit, table.Report, error) {
	return readPairs(ctx, name, r, opts, unitAreaRole, unitRole, func(first, second string, line int) AreaUnit { return AreaUnit{first, second, line} })
}

// readPairs reads a table of codes and what they belong to: the columns of two
// roles, by their headings or, where these say nothing, the first two. A code
// stands in it once; one without a second column is passed over.
func readPairs[T any](ctx context.Context, name string, r io.Reader, opts []table.Option, one, two table.Role, pair func(first, second string, line int) T) ([]T, table.Report, error) {
	var t *table.Reader
	var first, second int
	var list []T
	lines := map[string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: one, Optional: true}, {Role: two, Optional: true}},
		func(table *table.Reader, cols []int) error {
			t = table
			var err error
			first, second, err = firstTwo(t, cols[0], cols[1], one, two)
			return err
		},
		func() (bool, error) {
			a, err := t.NewCode(first, one, lines)
			if err != nil {
				return false, err
			}
			if len(bytes.TrimSpace(t.Field(second))) == 0 {
				return false, nil
			}
			b, err := t.Code(second, two)
			if err != nil {
				return false, err
			}
			list = append(list, pair(a, b, t.Line()))
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}

// unitAreaRole is the area's column in a table of units.
var unitAreaRole = inTable(AreaRole, "", "code", "id")

// firstTwo gives the columns of two roles: those found, else the first of the
// others.
func firstTwo(t *table.Reader, first, second int, one, two table.Role) (a, b int, err error) {
	taken := []int{first, second}
	next := func(found int, role table.Role) (int, error) {
		if found >= 0 {
			return found, nil
		}
		for i := range t.Header() {
			if !slices.Contains(taken, i) {
				taken = append(taken, i)
				return i, nil
			}
		}
		return -1, t.HeaderFault(-1, role.Missing(t.Header(), ""))
	}
	if a, err = next(first, one); err != nil {
		return 0, 0, err
	}
	b, err = next(second, two)
	return a, b, err
}
