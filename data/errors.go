package data

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with a value; test with errors.Is.
var (
	ErrNegativeCount = errors.New("negative count")
	ErrNotANumber    = errors.New("not a number")
	ErrMissingColumn = errors.New("missing column")
	ErrEmptyTable    = errors.New("no rows")
	ErrMissingCode   = errors.New("missing code")
	ErrDuplicate     = errors.New("duplicate")
	ErrEncoding      = errors.New("neither UTF-8 nor Windows-1252 text")
	ErrMixedSets     = errors.New("rows of several sets that must not be added")
	ErrUnknownCode   = errors.New("unknown code")
	ErrQuote         = errors.New("broken quoting")
	ErrRagged        = errors.New("row does not fit the header")
	ErrFieldSize     = errors.New("field longer than 1 MiB")
	ErrCoordinate    = errors.New("not a longitude and latitude")
)

// InputError locates a fault in a file the user gave us.
type InputError struct {
	File         string
	Line, Column int // 1-based, column in bytes; 0 where there is none
	Err          error
}

func (e *InputError) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

func (e *InputError) Unwrap() error { return e.Err }

// MaxFaults is how many faults of an input are spelled out.
const MaxFaults = 20

// Faults collects what is wrong with the inputs of a run: the first MaxFaults
// in full, the rest as a number. The zero value is empty.
type Faults struct {
	List []*InputError
	More int
}

// Add notes a fault.
func (f *Faults) Add(e *InputError) {
	if len(f.List) < MaxFaults {
		f.List = append(f.List, e)
	} else {
		f.More++
	}
}

// Len is the number of faults, listed or not.
func (f *Faults) Len() int { return len(f.List) + f.More }

// Err is nil where there is no fault, and f otherwise.
func (f *Faults) Err() error {
	if f.Len() == 0 {
		return nil
	}
	return f
}

func (f *Faults) Error() string {
	var b strings.Builder
	for i, e := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
	}
	if f.More > 0 {
		fmt.Fprintf(&b, "\nand %d more faults", f.More)
	}
	return b.String()
}

// Unwrap gives the listed faults, for errors.Is and errors.As.
func (f *Faults) Unwrap() []error {
	errs := make([]error, len(f.List))
	for i, e := range f.List {
		errs[i] = e
	}
	return errs
}
