package data

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// TableReport says what reading a table of one row a thing came to.
type TableReport struct {
	File     string
	Rows     int // rows under the header, blank and repeated header rows left out
	Kept     int // rows that gave something
	Filtered int // rows that a condition left out
	Absent   int // rows that say nothing: the code is there, the rest is not
	Faults   Faults
	Notes    []string // what was assumed, in words
}

// readRows reads the header, and then calls row for each row that the
// conditions keep; row says whether the row said anything, or its fault. The
// error is a *Faults where there are faults.
func readRows(ctx context.Context, name string, r io.Reader, opts []Option, roles []wanted,
	start func(t *Table, cols []int) error, row func() (bool, error),
) (TableReport, error) {
	rep := TableReport{File: name}
	o := collect(opts)
	t, cols, err := o.open(name, r, roles...)
	var f filter
	if err == nil {
		f, err = o.filter(t)
	}
	if err == nil {
		err = start(t, cols)
	}
	if err != nil {
		return rep, rep.faulty(err)
	}
	err = t.Each(ctx, &rep.Faults, func() error {
		rep.Rows++
		if !f.keeps(t) {
			rep.Filtered++
			return nil
		}
		said, err := row()
		switch {
		case err != nil:
			return err
		case said:
			rep.Kept++
		default:
			rep.Absent++
		}
		return nil
	})
	if err != nil {
		return rep, err
	}
	if rep.Kept == 0 && rep.Faults.Len() == 0 {
		what := "under the header"
		if rep.Rows > 0 {
			what = "that say anything"
		}
		rep.Faults.Add(t.HeaderFault(-1, fmt.Errorf("%w %s", ErrEmptyTable, what)))
	}
	return rep, rep.Faults.Err()
}

// faulty is headerFaults for a table read by rows.
func (rep *TableReport) faulty(err error) error {
	return headerFaults(&rep.Faults, err)
}

// headerFaults takes the faults of a header into a report's, and gives them as
// the error; an error of another sort it passes on.
func headerFaults(report *Faults, err error) error {
	var faults *Faults
	var bad *InputError
	switch {
	case errors.As(err, &faults):
		*report = *faults
	case errors.As(err, &bad):
		report.Add(bad)
	default:
		return err
	}
	return report.Err()
}

// newCode reads a code that no row before has; lines holds those of the rows so
// far. The fault is located.
func (t *Table) newCode(col int, role Role, lines map[string]int) (string, error) {
	code, err := t.code(col, role)
	if err != nil {
		return "", err
	}
	if first, ok := lines[code]; ok {
		return "", t.repeated(col, role, code, first)
	}
	lines[code] = t.Line()
	return code, nil
}

// code reads a code; the fault is located.
func (t *Table) code(col int, role Role) (string, error) {
	text := t.Field(col)
	if err := t.CodeFault(text, role); err != nil {
		return "", t.Fault(col, err)
	}
	return string(text), nil
}

// repeated is the fault of a code that stood on an earlier line.
func (t *Table) repeated(col int, role Role, code string, first int) error {
	return t.Fault(col, fmt.Errorf("%w %s: %s, first on line %d", ErrDuplicate, role.Name, quoted(code), first))
}
