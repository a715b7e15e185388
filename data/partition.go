package data

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"stpmap/data/table"
)

// Membership says which group an area or a provider is in.
type Membership struct {
	Provider   bool // a provider; else an area
	Code, Name string
	Group      string  // code of the group as it stands, or its name where there is no code
	GroupName  string  // empty where the table has none
	Confidence float64 // in [0, 1]; NaN where the table has none
	Line       int     // 1-based line in the table
}

// ReadPartition reads a partition, in file order: our own partition.csv (kind,
// code, name, footprint, confidence), or any table with the code of an area or
// a provider and one code or name of its group. Column(GroupRole.Name, …)
// picks the group where there are several. A row whose group is blank places
// nothing, and is counted as Absent. The error is a *fault.List where the table
// has faults, such as a code in two groups.
func ReadPartition(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Membership, table.Report, error) {
	rep := table.Report{File: name}
	o := table.Collect(opts)
	p, f, err := openPartition(name, r, o)
	if err != nil {
		return nil, rep, rep.Faulty(err)
	}
	rep.Columns = table.TakenOf(p.t.Header(), []int{p.c.area, p.c.provider, p.c.group}, []table.Wanted{{Role: AreaRole}, {Role: ProviderRole}, {Role: table.Role{Name: "group", Headings: GroupRole.Headings, Pattern: GroupRole.Pattern}}})
	if err := rep.Read(ctx, p.t, f, p.row); err != nil {
		return nil, rep, err
	}
	if len(p.list) == 0 && rep.Faults.Len() == 0 {
		rep.Faults.Add(p.t.HeaderFault(-1, fmt.Errorf("%w that place anything", table.ErrEmptyTable)))
	}
	if err := rep.Faults.Err(); err != nil {
		return nil, rep, err
	}
	return p.list, rep, nil
}

// partitionReader reads the rows of one table of memberships.
type partitionReader struct {
	t     *table.Reader
	c     partitionColumns
	list  []Membership
	first map[member]Membership // the row that placed each member first
}

type member struct {
	provider bool
	code     string
}

// openPartition reads the header, and the conditions on rows.
func openPartition(name string, r io.Reader, o *table.Settings) (*partitionReader, table.Filter, error) {
	t, err := table.New(name, r, table.Layout{Comma: o.Comma, Header: func(cells []string) bool {
		_, err := findPartitionColumns(o, cells)
		return err == nil
	}})
	if err != nil {
		return nil, nil, err
	}
	c, err := findPartitionColumns(o, t.Header())
	if err != nil {
		return nil, nil, t.HeaderFault(-1, err)
	}
	for _, col := range []int{c.kind, c.area, c.provider, c.group} {
		if col >= 0 {
			if err := t.Doubled(col); err != nil {
				return nil, nil, err
			}
		}
	}
	f, err := o.Filter(t)
	return &partitionReader{t: t, c: c, first: map[member]Membership{}}, f, err
}

// row reads the row at hand, and says whether it placed anything.
func (p *partitionReader) row() (said bool, err error) {
	t, c := p.t, p.c
	switch {
	case c.kind >= 0:
		switch kind := strings.ToLower(t.Text(c.kind)); kind {
		case "area":
			return p.place(false, c.area, c.areaName)
		case "provider":
			return p.place(true, c.area, c.areaName)
		default:
			return false, t.Fault(c.kind, fmt.Errorf("kind must be area or provider: %s", table.Quoted(kind)))
		}
	case c.area >= 0 && c.provider >= 0:
		// Either code may be blank, not both.
		if len(t.Field(c.area)) > 0 || len(t.Field(c.provider)) == 0 {
			said, err = p.place(false, c.area, c.areaName)
		}
		if err == nil && len(t.Field(c.provider)) > 0 {
			var also bool
			also, err = p.place(true, c.provider, c.providerName)
			said = said || also
		}
		return said, err
	case c.area >= 0:
		return p.place(false, c.area, c.areaName)
	}
	return p.place(true, c.provider, c.providerName)
}

// text is a cell, empty for a column that is not there.
func (p *partitionReader) text(col int) string {
	if col < 0 {
		return ""
	}
	return p.t.Text(col)
}

// place puts an area or a provider into its group.
func (p *partitionReader) place(provider bool, codeCol, nameCol int) (bool, error) {
	role := AreaRole
	if provider {
		role = ProviderRole
	}
	code, err := p.t.Code(codeCol, role)
	if err != nil {
		return false, err
	}
	m := Membership{
		Provider: provider, Code: code, Name: p.text(nameCol), Group: p.text(p.c.group), GroupName: p.text(p.c.groupName), Line: p.t.Line(),
	}
	if table.Absent(m.Group) {
		return false, nil
	}
	if err := table.CodeFault([]byte(m.Group), GroupRole); err != nil {
		return false, p.t.Fault(p.c.group, err)
	}
	if m.Confidence, err = p.confidence(); err != nil {
		return false, err
	}
	key := member{provider, code}
	if before, ok := p.first[key]; ok {
		if before.Group == m.Group {
			return true, nil // a lookup with finer rows says it again
		}
		return false, p.t.Fault(codeCol, fmt.Errorf("%w %s: %s is in %s, and in %s on line %d",
			table.ErrDuplicate, role.Name, table.Quoted(code), table.Quoted(m.Group), table.Quoted(before.Group), before.Line))
	}
	p.first[key] = m
	p.list = append(p.list, m)
	return true, nil
}

// confidence reads the confidence of a row; NaN where it has none.
func (p *partitionReader) confidence() (float64, error) {
	text := p.text(p.c.confidence)
	if table.Absent(text) {
		return math.NaN(), nil
	}
	x, err := table.ParseNumber(text)
	if err != nil {
		return 0, p.t.Fault(p.c.confidence, err)
	}
	if x < 0 || x > 1 {
		return 0, p.t.Fault(p.c.confidence, fmt.Errorf("confidence must be from 0 to 1: %s", text))
	}
	return x, nil
}
