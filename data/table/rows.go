package table

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Report says what reading a table of one row a thing came to.
type Report struct {
	File     string
	Rows     int // rows under the header, blank and repeated header rows left out
	Kept     int // rows that gave something
	Filtered int // rows that a condition left out
	Absent   int // rows that say nothing: the code is there, the rest is not
	Faults   Faults
	Notes    []string // what was assumed, in words
	Columns  []Taken  // the columns in use
}

// ReadRows reads the header, and then calls row for each row that the
// conditions keep; row says whether the row said anything, or its fault. The
// error is a *Faults where there are faults.
func ReadRows(ctx context.Context, name string, r io.Reader, opts []Option, roles []Wanted,
	start func(t *Reader, cols []int) error, row func() (bool, error),
) (Report, error) {
	rep := Report{File: name}
	o := Collect(opts)
	t, cols, err := o.Open(name, r, roles...)
	var f Filter
	if err == nil {
		f, err = o.Filter(t)
	}
	if err == nil {
		err = start(t, cols)
	}
	if err != nil {
		return rep, rep.Faulty(err)
	}
	if o.numbers != nil {
		o.numbers.watch = o.Points(t)
	}
	rep.Columns = TakenOf(t.header, cols, roles)
	err = t.Each(ctx, &rep.Faults, func() error {
		rep.Rows++
		if !f.Keeps(t) {
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
	if o.numbers != nil {
		if err := o.numbers.settle(); err != nil {
			_ = HeaderFaults(&rep.Faults, err)
		}
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

// Faulty is HeaderFaults for a table read by rows.
func (rep *Report) Faulty(err error) error {
	return HeaderFaults(&rep.Faults, err)
}

// HeaderFaults takes the faults of a header into a report's, and gives them as
// the error; an error of another sort it passes on.
func HeaderFaults(report *Faults, err error) error {
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
