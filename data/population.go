package data

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"stpmap/data/table"
)

// Population is the number of an area's residents.
type Population struct {
	Area   string
	People float64 // finite, 0 or more
	Line   int     // 1-based line in the table
}

// ReadPopulation reads a table of areas and their residents, sorted by code.
// An area whose number is missing is left out, and counted as Absent. The
// error is a *fault.List where the table has faults, such as an area that stands
// twice.
func ReadPopulation(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Population, table.Report, error) {
	var t *table.Reader
	var area, people int
	var list []Population
	lines := map[string]int{}
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: populationAreaRole}, {Role: PopulationRole}},
		func(opened *table.Reader, cols []int) error {
			t, area, people = opened, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			code, err := t.NewCode(area, AreaRole, lines)
			if err != nil {
				return false, err
			}
			text := t.Text(people)
			if table.Absent(text) {
				return false, nil
			}
			n, err := table.ParseNumber(text)
			if err != nil {
				return false, t.Fault(people, err)
			}
			if n < 0 {
				return false, t.Fault(people, fmt.Errorf("%w: %s", table.ErrNegativeCount, text))
			}
			list = append(list, Population{Area: code, People: n, Line: t.Line()})
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	slices.SortFunc(list, func(a, b Population) int { return cmp.Compare(a.Area, b.Area) })
	return list, rep, nil
}
