package table

import (
	"context"
	"errors"
	"fmt"
	"io"

	"stpmap/flow/fault"
)

// Report says what reading a table of one row a thing came to.
type Report struct {
	File     string
	Rows     int // rows under the header, blank and repeated header rows left out
	Kept     int // rows that gave something
	Filtered int // rows that a condition left out
	Absent   int // rows that say nothing: the code is there, the rest is not
	Faults   fault.List
	Notes    []string // what was assumed, in words
	Columns  []Taken  // the columns in use
	Encoding string   // "ASCII", "UTF-8" or "Windows-1252"
}

// ReadRows reads the header, and then calls row for each row that the
// conditions keep; row says whether the row said anything, or its fault. The
// error is a *fault.List where there are faults.
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
	rep.Columns = TakenOf(t.header, cols, roles)
	if o.numbers != nil {
		o.numbers.watch = o.Points(t)
	}
	if err := rep.Read(ctx, t, f, row); err != nil {
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

// Read calls row for the rows that the conditions keep, and counts them; row says
// whether it said anything. Faults go into the report; another error ends the
// reading.
func (rep *Report) Read(ctx context.Context, t *Reader, f Filter, row func() (bool, error)) error {
	defer func() { rep.Encoding = t.Encoding() }()
	return t.Each(ctx, &rep.Faults, func() error {
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
}

// Faulty is HeaderFaults for a table read by rows.
func (rep *Report) Faulty(err error) error {
	return HeaderFaults(&rep.Faults, err)
}

// HeaderFaults takes the faults of a header into a report's, and gives them as
// the error; an error of another sort it passes on.
func HeaderFaults(report *fault.List, err error) error {
	var faults *fault.List
	var bad *fault.Error
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
