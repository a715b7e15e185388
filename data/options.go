package data

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Option changes how a table is read.
type Option func(*options)

type options struct {
	columns map[string]string // heading by the name of its role
	where   []condition
	marks   Suppression
	comma   byte
}

type condition struct{ column, value string }

// Column names the heading of a role outright: Column("area", "Ward of
// residence"). An empty heading changes nothing.
func Column(role, heading string) Option {
	return func(o *options) {
		if heading == "" {
			return
		}
		if o.columns == nil {
			o.columns = map[string]string{}
		}
		o.columns[role] = heading
	}
}

// Columns names the headings of a flow table outright; empty ones are found by
// their usual names.
func Columns(area, provider, count string) Option {
	return func(o *options) {
		Column(AreaRole.Name, area)(o)
		Column(ProviderRole.Name, provider)(o)
		Column(CountRole.Name, count)(o)
	}
}

// Where keeps only the rows whose field under column is value. Several values
// of one column are alternatives; conditions on different columns must all
// hold. The value "*" keeps every row, and says that rows which differ in that
// column may be added up.
func Where(column, value string) Option {
	return func(o *options) { o.where = append(o.where, condition{column, strings.TrimSpace(value)}) }
}

// ErrWhere says that a condition could not be read.
var ErrWhere = errors.New("not a condition like column=value")

// ParseWhere reads a condition, "column=value". The error wraps ErrWhere.
func ParseWhere(s string) (Option, error) {
	column, value, ok := strings.Cut(s, "=")
	if !ok || strings.TrimSpace(column) == "" {
		return nil, fmt.Errorf("%w: %q", ErrWhere, s)
	}
	return Where(strings.TrimSpace(column), value), nil
}

// Suppressed gives the meaning of suppression marks.
func Suppressed(s Suppression) Option { return func(o *options) { o.marks = s } }

// Comma sets the separator, where guessing it is not wanted.
func Comma(c byte) Option { return func(o *options) { o.comma = c } }

func collect(opts []Option) *options {
	o := &options{}
	for _, f := range opts {
		f(o)
	}
	return o
}

// wanted is a role that a reader looks for.
type wanted struct {
	role     Role
	optional bool
}

// open reads the header of a table and finds the columns of roles in it; -1
// for one that is not there and optional. The error is a *Faults where columns
// are missing or doubled.
func (o *options) open(name string, r io.Reader, roles ...wanted) (*Table, []int, error) {
	t, err := NewTable(name, r, TableOptions{Comma: o.comma, Header: func(cells []string) bool {
		cols := o.find(cells, roles)
		for i, w := range roles {
			if cols[i] < 0 && !w.optional {
				return false
			}
		}
		return true
	}})
	if err != nil {
		return nil, nil, err
	}
	cols := o.find(t.Header(), roles)
	var faults Faults
	for i, w := range roles {
		heading := o.columns[w.role.Name]
		if cols[i] < 0 && (!w.optional || heading != "") {
			faults.Add(t.HeaderFault(-1, w.role.Missing(t.Header(), heading)))
		}
		if cols[i] >= 0 {
			if err := t.doubled(cols[i]); err != nil {
				faults.Add(err)
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	return t, cols, nil
}

// find gives the column of each role: named ones first, and no column twice.
func (o *options) find(header []string, roles []wanted) []int {
	norm := make([]string, len(header))
	for i, h := range header {
		norm[i] = Normalise(h)
	}
	cols := make([]int, len(roles))
	for i, w := range roles {
		cols[i] = -1
		if heading := o.columns[w.role.Name]; heading != "" {
			if cols[i] = FindHeading(header, heading); cols[i] >= 0 {
				norm[cols[i]] = ""
			}
		}
	}
	for i, w := range roles {
		if o.columns[w.role.Name] != "" {
			continue
		}
		if cols[i] = w.role.find(norm); cols[i] >= 0 {
			norm[cols[i]] = ""
		}
	}
	return cols
}

// doubled is the fault of a heading in use that stands twice in the header.
func (t *Table) doubled(col int) *InputError {
	for i, h := range t.header {
		if i != col && Normalise(h) == Normalise(t.header[col]) {
			return t.HeaderFault(max(i, col), fmt.Errorf("%w heading: %s", ErrDuplicate, quoted(h)))
		}
	}
	return nil
}

// filter is the conditions of the options on the columns of one table.
type filter []filterColumn

type filterColumn struct {
	col    int
	values []string // any of them will do
	any    bool     // every value will
}

// filter finds the columns of the conditions. The error is a *Faults.
func (o *options) filter(t *Table) (filter, error) {
	var f filter
	var faults Faults
next:
	for _, c := range o.where {
		col := FindHeading(t.Header(), c.column)
		if col < 0 {
			faults.Add(t.HeaderFault(-1, Role{Name: c.column}.Missing(t.Header(), c.column)))
			continue
		}
		for i := range f {
			if f[i].col == col {
				f[i].values = append(f[i].values, c.value)
				f[i].any = f[i].any || c.value == "*"
				continue next
			}
		}
		f = append(f, filterColumn{col, []string{c.value}, c.value == "*"})
	}
	return f, faults.Err()
}

// keeps reports whether the row that t is at meets the conditions.
func (f filter) keeps(t *Table) bool {
next:
	for i := range f {
		if f[i].any {
			continue
		}
		field := t.Field(f[i].col)
		for _, v := range f[i].values {
			if string(field) == v {
				continue next
			}
		}
		return false
	}
	return true
}

// names reports whether there is a condition on a column.
func (f filter) names(col int) bool {
	for i := range f {
		if f[i].col == col {
			return true
		}
	}
	return false
}
