package data

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
)

// PopulationRole is the column with the number of residents.
var PopulationRole = Role{
	Name: "population", Flag: "--population-column",
	Headings: []string{
		"pop", "residents", "inhabitants", "people", "persons", "totalpopulation", "populationestimate", "residentpopulation",
		"allages", "allpersons", "numberofpatients", "total", "count", "n", "value",
	},
}

// codeRole is AreaRole that also takes a plain "code".
var codeRole = Role{
	Name: AreaRole.Name, Flag: AreaRole.Flag, Pattern: AreaRole.Pattern,
	Headings: append(slices.Clone(AreaRole.Headings), "code", "id"),
}

// Population is the number of an area's residents.
type Population struct {
	Area   string
	People float64 // finite, 0 or more
	Line   int     // 1-based line in the table
}

// ReadPopulation reads a table of areas and their residents, sorted by code.
// An area whose number is missing is left out, and counted as Absent. The
// error is a *Faults where the table has faults, such as an area that stands
// twice.
func ReadPopulation(ctx context.Context, name string, r io.Reader, opts ...Option) ([]Population, TableReport, error) {
	var t *Table
	var area, people int
	var list []Population
	lines := map[string]int{}
	rep, err := readRows(ctx, name, r, opts, []wanted{{role: codeRole}, {role: PopulationRole}},
		func(opened *Table, cols []int) error {
			t, area, people = opened, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			code, err := t.newCode(area, AreaRole, lines)
			if err != nil {
				return false, err
			}
			text := t.Text(people)
			if Absent(text) {
				return false, nil
			}
			n, err := ParseNumber(text)
			if err != nil {
				return false, t.Fault(people, err)
			}
			if n < 0 {
				return false, t.Fault(people, fmt.Errorf("%w: %s", ErrNegativeCount, text))
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
