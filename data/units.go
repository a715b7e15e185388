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
	var t *table.Reader
	var area, unit int
	var list []AreaUnit
	lines := map[string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: unitAreaRole, Optional: true}, {Role: unitRole, Optional: true}},
		func(table *table.Reader, cols []int) error {
			t = table
			var err error
			area, unit, err = firstTwo(t, cols[0], cols[1])
			return err
		},
		func() (bool, error) {
			a, err := t.NewCode(area, unitAreaRole, lines)
			if err != nil {
				return false, err
			}
			if len(bytes.TrimSpace(t.Field(unit))) == 0 {
				return false, nil
			}
			u, err := t.Code(unit, unitRole)
			if err != nil {
				return false, err
			}
			list = append(list, AreaUnit{a, u, t.Line()})
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}

// unitAreaRole is the area's column in a table of units.
var unitAreaRole = inTable(AreaRole, "", "code", "id")

// firstTwo gives the columns of areas and units: those found, else the first of
// the others.
func firstTwo(t *table.Reader, area, unit int) (a, u int, err error) {
	taken := []int{area, unit}
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
	if a, err = next(area, unitAreaRole); err != nil {
		return 0, 0, err
	}
	u, err = next(unit, unitRole)
	return a, u, err
}
