// Package fault says where in an input something is wrong, in the form that
// editors jump to. Tables, boundaries and definitions all report their faults
// with it, so that a command prints them alike.
//
// In: a place and an error. Out: one error with its place, or a list of them. It
// imports nothing of ours.
package fault

import (
	"fmt"
	"strings"
)

// Error locates a fault in an input that somebody gave us.
type Error struct {
	File         string // "" where the reader was not told
	Line, Column int    // 1-based, column in bytes; 0 where there is none
	Err          error
}

// Place is the line and column to go to, both 0 where there is no line. What is
// wrong with a whole line is at its first column.
func (e *Error) Place() (line, column int) {
	if e.Line <= 0 {
		return 0, 0
	}
	return e.Line, max(e.Column, 1)
}

// Error is the place and what is wrong there: "flows.csv:3:9: negative count".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if line, column := e.Place(); line > 0 {
		fmt.Fprintf(&b, ":%d:%d: ", line, column)
	} else if e.File != "" {
		b.WriteString(": ")
	}
	b.WriteString(e.Err.Error())
	return b.String()
}

// Unwrap gives the fault without its place.
func (e *Error) Unwrap() error { return e.Err }

// Max is how many faults of an input are spelled out.
const Max = 20

// List collects what is wrong with an input, in its order: the first Max faults
// in full, the rest as a number. The zero value is empty.
type List struct {
	List []*Error
	More int
}

// Add notes a fault.
func (l *List) Add(e *Error) {
	if len(l.List) < Max {
		l.List = append(l.List, e)
	} else {
		l.More++
	}
}

// Join adds the faults of another list after those of l.
func (l *List) Join(other *List) {
	for _, e := range other.List {
		l.Add(e)
	}
	l.More += other.More
}

// Len is the number of faults, spelled out or not.
func (l *List) Len() int { return len(l.List) + l.More }

// Err is nil where there is no fault, and l otherwise.
func (l *List) Err() error {
	if l.Len() == 0 {
		return nil
	}
	return l
}

// Error is one line a fault, and the number of those that are not spelled out.
func (l *List) Error() string {
	var b strings.Builder
	for i, e := range l.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
	}
	if l.More == 1 {
		b.WriteString("\nand 1 more fault")
	} else if l.More > 0 {
		fmt.Fprintf(&b, "\nand %d more faults", l.More)
	}
	return b.String()
}

// Unwrap gives the faults that are spelled out, for errors.Is and errors.As.
func (l *List) Unwrap() []error {
	errs := make([]error, len(l.List))
	for i, e := range l.List {
		errs[i] = e
	}
	return errs
}
