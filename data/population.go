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
	numbers := &table.PointedNumbers{}
	opts = append(slices.Clone(opts), table.WholeNumbers(numbers))
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
			at := len(list)
			list = append(list, Population{Area: code, Line: t.Line()})
			if err := numbers.Read(t, people, text, func(n float64) { list[at].People = n }); err != nil {
				list = list[:at]
				return false, err
			}
			if list[at].People < 0 {
				list = list[:at]
				return false, t.Fault(people, fmt.Errorf("%w: %s", table.ErrNegativeCount, text))
			}
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	slices.SortFunc(list, func(a, b Population) int { return cmp.Compare(a.Area, b.Area) })
	return list, rep, nil
}
