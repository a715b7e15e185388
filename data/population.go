package data

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"stpmap/data/table"
	"stpmap/flow/fault"
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
	lines := map[string]int{}
	list, rep, err := readPeople(ctx, name, r, opts, populationAreaRole, func(t *table.Reader, area int) (string, error) {
		return t.NewCode(area, AreaRole, lines)
	})
	slices.SortFunc(list, func(a, b Population) int { return cmp.Compare(a.Area, b.Area) })
	return list, rep, err
}

// ReadFlowPopulation reads the residents of areas from a table of flows, in which
// each row of an area gives the same number, or none. It is sorted by code. The
// error is a *fault.List, as where two rows of an area differ.
func ReadFlowPopulation(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Population, table.Report, error) {
	list, rep, err := readPeople(ctx, name, r, opts, AreaRole, func(t *table.Reader, area int) (string, error) {
		return t.Code(area, AreaRole)
	})
	if err != nil {
		return nil, rep, err
	}
	slices.SortStableFunc(list, func(a, b Population) int { return cmp.Compare(a.Area, b.Area) })
	out := list[:0]
	for _, p := range list {
		switch last := len(out) - 1; {
		case last < 0 || out[last].Area != p.Area:
			out = append(out, p)
		case out[last].People != p.People:
			rep.Faults.Add(&fault.Error{File: name, Line: p.Line, Err: fmt.Errorf("area %s has %s people here and %s on line %d: one number is wanted for each area", table.Quoted(p.Area), plainNumber(p.People), plainNumber(out[last].People), out[last].Line)})
		}
	}
	return out, rep, rep.Faults.Err()
}

// plainNumber writes a number without an exponent.
func plainNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// readPeople reads the rows of a table of people; code reads the area's code.
func readPeople(ctx context.Context, name string, r io.Reader, opts []table.Option, role table.Role, code func(t *table.Reader, area int) (string, error)) ([]Population, table.Report, error) {
	var t *table.Reader
	var area, people int
	var list []Population
	numbers := &table.PointedNumbers{}
	opts = append(slices.Clone(opts), table.WholeNumbers(numbers))
	rep, err := table.ReadRows(ctx, name, r, opts, []table.Wanted{{Role: role}, {Role: PopulationRole}},
		func(opened *table.Reader, cols []int) error {
			t, area, people = opened, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			code, err := code(t, area)
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
	return list, rep, nil
}
