package footprint

import (
	"errors"
	"fmt"
)

// InfeasibleError names a demand that the data cannot meet, and what to change.
type InfeasibleError struct{ Reason string }

// Error implements error.
func (e *InfeasibleError) Error() string { return e.Reason }

// Infeasible makes an *InfeasibleError of a sentence.
func Infeasible(format string, args ...any) error {
	return &InfeasibleError{Reason: fmt.Sprintf(format, args...)}
}

// UnsupportedError names a demand that a method has no way to honour.
type UnsupportedError struct {
	Method string // as the method is called on the command line
	Demand string // what was asked, in words
}

// Error implements error.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s cannot honour %s", e.Method, e.Demand)
}

// ParameterError names a parameter whose value makes no sense, whatever the
// data, or two that contradict each other.
type ParameterError struct{ Reason string }

// Error implements error.
func (e *ParameterError) Error() string { return e.Reason }

// IsInfeasible says whether an error is, or wraps, an *InfeasibleError.
func IsInfeasible(err error) bool {
	var e *InfeasibleError
	return errors.As(err, &e)
}

// BadParameter makes a *ParameterError of a sentence.
func BadParameter(format string, args ...any) error {
	return &ParameterError{Reason: fmt.Sprintf(format, args...)}
}
