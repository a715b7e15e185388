package score

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with definitions; test with errors.Is.
var (
	ErrSyntax           = errors.New("definitions cannot be read")
	ErrUnknownField     = errors.New("unknown field")
	ErrMissingField     = errors.New("missing field")
	ErrBadID            = errors.New("an id is letters, digits, '_', '-' and '.'")
	ErrDuplicateID      = errors.New("duplicate")
	ErrUnknownKind      = errors.New("unknown kind")
	ErrUnknownDomain    = errors.New("unknown domain")
	ErrUnknownIndicator = errors.New("unknown indicator")
	ErrWeight           = errors.New("a weight is a finite number, not negative")
	ErrTargetPolarity   = errors.New("a target needs a polarity, higher or lower")
	ErrStepOrder        = errors.New("the dates of baseline, steps and target must rise")
	ErrCycle            = errors.New("cycle")
	ErrNoIndicators     = errors.New("no indicators")
	ErrUnknownSet       = errors.New("unknown set of definitions")
)

// What can be wrong with a table of indicators; test with errors.Is.
var (
	ErrUnknownEntity  = errors.New("unknown entity")
	ErrNumeratorAbove = errors.New("numerator above denominator")
	ErrNegative       = errors.New("negative figure")
	ErrDenominator    = errors.New("denominator must be above 0")
	ErrNotFinite      = errors.New("not a finite number")
	ErrDoubled        = errors.New("doubled entity, indicator and period")
	ErrPeriods        = errors.New("numerator and denominator of different periods")
	ErrMixedLevels    = errors.New("rows of different levels of one indicator would be counted twice")
	ErrBand           = errors.New("not one of the bands")
	ErrNoFigure       = errors.New("neither numerator nor value")
	ErrInterval       = errors.New("value outside its interval")
	ErrNothing        = errors.New("no figure to score")
	ErrUnknownPeriod  = errors.New("no figures of the period")
)

// Fault locates one fault of an input. Source is the Source of the observation
// it is in, empty for definitions; Line and Column are 1-based, Column in
// characters, 0 where there is none.
type Fault struct {
	Source       string
	Line, Column int
	Err          error
}

func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Source)
	switch {
	case f.Line > 0 && f.Column > 0:
		fmt.Fprintf(&b, ":%d:%d: ", f.Line, f.Column)
	case f.Line > 0:
		fmt.Fprintf(&b, ":%d: ", f.Line)
	case f.Source != "":
		b.WriteString(": ")
	}
	b.WriteString(f.Err.Error())
	return b.String()
}

func (f Fault) Unwrap() error { return f.Err }

// MaxFaults is how many faults of an input are kept in full.
const MaxFaults = 20

// Faults are the faults of an input in the order of the input: the first
// MaxFaults, and the number of the rest.
type Faults struct {
	List []Fault
	More int
}

func (f *Faults) add(fault Fault) {
	if len(f.List) < MaxFaults {
		f.List = append(f.List, fault)
	} else {
		f.More++
	}
}

func (f *Faults) err() error {
	if len(f.List) == 0 {
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

// Unwrap gives the faults kept, for errors.Is and errors.As.
func (f *Faults) Unwrap() []error {
	errs := make([]error, len(f.List))
	for i, e := range f.List {
		errs[i] = e
	}
	return errs
}
