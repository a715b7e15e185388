package data

import (
	"cmp"
	"context"
	"io"
	"regexp"
	"slices"
)

// NameRole is the column with the name of what a code stands for.
var NameRole = Role{
	Name: "name", Flag: "--name-column",
	Headings: []string{"areaname", "ccgname", "commissionername", "providername", "trustname", "label", "title"},
	Pattern:  regexp.MustCompile(`(?:name|nm)$`),
}

// Name is what a code stands for.
type Name struct {
	Code, Name string
	Line       int // 1-based line in the table
}

// ReadNames reads a table of codes and names, sorted by code. A code without a
// name is left out, and counted as Absent. The error is a *Faults where the
// table has faults, such as a code that stands twice.
func ReadNames(ctx context.Context, name string, r io.Reader, opts ...Option) ([]Name, TableReport, error) {
	var t *Table
	var code, text int
	var list []Name
	lines := map[string]int{}
	role := EntityRole
	role.Name = "code"
	rep, err := readRows(ctx, name, r, opts, []wanted{{role: role}, {role: NameRole}},
		func(table *Table, cols []int) error {
			t, code, text = table, cols[0], cols[1]
			return nil
		},
		func() (bool, error) {
			one := Name{Name: t.Text(text), Line: t.Line()}
			var err error
			if one.Code, err = t.newCode(code, role, lines); err != nil {
				return false, err
			}
			if one.Name == "" {
				return false, nil
			}
			list = append(list, one)
			return true, nil
		})
	if err != nil {
		return nil, rep, err
	}
	slices.SortFunc(list, func(a, b Name) int { return cmp.Compare(a.Code, b.Code) })
	return list, rep, nil
}
