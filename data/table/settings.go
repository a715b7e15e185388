package table

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"stpmap/flow/fault"
)

// Option changes how a table is read.
type Option func(*Settings)

// Settings is what the options come to.
type Settings struct {
	Columns map[string]string // heading by the name of its role
	Where   []Condition
	Marks   Suppression
	Comma   byte
	Decimal byte            // that parts a number's decimals; 0 where the numbers tell
	cells   bool            // the table is a sheet: columns of faults are numbers of cells
	numbers *PointedNumbers // of a table of one row a thing; nil for none
	Shares  *ShareOptions   // of counts that are shares; nil for counts
	// SkipMissing leaves rows without a code out.
	SkipMissing bool
}

// Condition keeps the rows that have Value in Column; "*" keeps every row.
type Condition struct{ Column, Value string }

// Column names the heading of a role outright: Column("area", "Ward of
// residence"). An empty heading changes nothing.
func Column(role, heading string) Option {
	return func(o *Settings) {
		if heading == "" {
			return
		}
		if o.Columns == nil {
			o.Columns = map[string]string{}
		}
		o.Columns[role] = heading
	}
}

// Where keeps only the rows whose field under column is value. Several values
// of one column are alternatives; conditions on different columns must all
// hold. The value "*" keeps every row, and says that rows which differ in that
// column may be added up.
func Where(column, value string) Option {
	return func(o *Settings) { o.Where = append(o.Where, Condition{column, strings.TrimSpace(value)}) }
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
func Suppressed(s Suppression) Option { return func(o *Settings) { o.Marks = s } }

// Comma sets the separator, where guessing it is not wanted.
func Comma(c byte) Option { return func(o *Settings) { o.Comma = c } }

// SkipMissing leaves out rows without the code of an area or a provider, and
// counts them; they are faults otherwise.
func SkipMissing(skip bool) Option { return func(o *Settings) { o.SkipMissing = skip } }

// Decimal says what parts the decimals of numbers: '.' or ','; 0 lets the
// numbers of the table tell.
func Decimal(c byte) Option { return func(o *Settings) { o.Decimal = c } }

// WholeNumbers has the numbers of a table read by what their points mean.
func WholeNumbers(p *PointedNumbers) Option { return func(o *Settings) { o.numbers = p } }

// NumberedCells says that the table is a sheet of a workbook written as text, so that
// the column of a fault is the number of the cell.
func NumberedCells() Option { return func(o *Settings) { o.cells = true } }

// Points gives what watches the points of numbers, for a table in which they
// may part thousands; nil otherwise.
func (o *Settings) Points(t *Reader) *Pointed {
	switch {
	case o.Decimal == ',':
		return &Pointed{Thousands: true}
	case o.Decimal == 0 && t.comma == ';':
		return &Pointed{}
	}
	return nil
}

// Collect puts options together; of several for one thing the last holds.
func Collect(opts []Option) *Settings {
	o := &Settings{}
	for _, f := range opts {
		f(o)
	}
	return o
}

// Wanted is a role that a reader looks for.
type Wanted struct {
	Role     Role
	Optional bool
}

// Open reads the header of a table and finds the columns of roles in it; -1
// for one that is not there and optional. The error is a *fault.List where columns
// are missing or doubled.
func (o *Settings) Open(name string, r io.Reader, roles ...Wanted) (*Reader, []int, error) {
	t, err := New(name, r, Layout{Comma: o.Comma, Cells: o.cells, Header: func(cells []string) bool {
		cols := o.Find(cells, roles)
		for i, w := range roles {
			if cols[i] < 0 && !w.Optional {
				return false
			}
		}
		return true
	}})
	if err != nil {
		return nil, nil, err
	}
	cols := o.Find(t.Header(), roles)
	var faults fault.List
	for i, w := range roles {
		heading := o.Columns[w.Role.Name]
		if cols[i] < 0 && (!w.Optional || heading != "") {
			faults.Add(t.HeaderFault(-1, w.Role.Missing(t.Header(), heading)))
		}
		if cols[i] >= 0 {
			if err := t.Doubled(cols[i]); err != nil {
				faults.Add(err)
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	return t, cols, nil
}

// Find gives the column of each role: named ones first, and no column twice.
func (o *Settings) Find(header []string, roles []Wanted) []int {
	norm := make([]string, len(header))
	for i, h := range header {
		norm[i] = Normalise(h)
	}
	cols := make([]int, len(roles))
	for i, w := range roles {
		cols[i] = -1
		if heading := o.Columns[w.Role.Name]; heading != "" {
			if cols[i] = FindHeading(header, heading); cols[i] >= 0 {
				norm[cols[i]] = ""
			}
		}
	}
	for i, w := range roles {
		if o.Columns[w.Role.Name] != "" {
			continue
		}
		if cols[i] = w.Role.FindNormalised(norm); cols[i] >= 0 {
			norm[cols[i]] = ""
		}
	}
	return cols
}

// Doubled is the fault of a heading in use that stands twice in the header.
func (t *Reader) Doubled(col int) *fault.Error {
	for i, h := range t.header {
		if i != col && Normalise(h) == Normalise(t.header[col]) {
			return t.HeaderFault(max(i, col), fmt.Errorf("%w heading: %s", ErrDuplicate, Quoted(h)))
		}
	}
	return nil
}

// ShareOptions say how published shares become counts: each is a part of all
// patients of its area, or of its provider.
type ShareOptions struct {
	Column string // heading of the shares, from 0 to 1, or in per cent where it or they say so
	// TotalColumn is the heading of the total in the same table; else Totals has
	// it by code.
	TotalColumn string
	Totals      map[string]float64
	Of          string // "area" or "provider", whose shares they are; "" is told by the totals
}
