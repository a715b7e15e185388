package fault_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"stpmap/flow/fault"
)

func TestErrorSaysWhere(t *testing.T) {
	for _, c := range []struct {
		e    fault.Error
		want string
	}{
		{fault.Error{File: "flows.csv", Line: 3, Column: 9, Err: io.EOF}, "flows.csv:3:9: EOF"},
		{fault.Error{File: "flows.csv", Line: 3, Column: 0, Err: io.EOF}, "flows.csv:3:1: EOF"},
		{fault.Error{File: "flows.csv", Line: 0, Column: 0, Err: io.EOF}, "flows.csv: EOF"},
		{fault.Error{File: "", Line: 3, Column: 9, Err: io.EOF}, ":3:9: EOF"},
		{fault.Error{File: "", Line: 0, Column: 0, Err: io.EOF}, "EOF"},
	} {
		if got := c.e.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestListKeepsTheFirstAndCountsTheRest(t *testing.T) {
	var l fault.List
	if l.Err() != nil || l.Len() != 0 {
		t.Fatal("the zero value is not empty")
	}
	var other fault.List
	for i := range 25 {
		other.Add(&fault.Error{File: "a", Line: i + 1, Err: io.EOF})
	}
	l.Add(&fault.Error{File: "b", Err: io.ErrUnexpectedEOF})
	l.Join(&other)
	if len(l.List) != fault.Max || l.Len() != 26 {
		t.Errorf("%d in full of %d", len(l.List), l.Len())
	}
	text := l.Err().Error()
	if !strings.HasPrefix(text, "b: unexpected EOF\na:1:1: EOF\n") || !strings.HasSuffix(text, "\nand 6 more faults") {
		t.Errorf("says %s", text)
	}
	var e *fault.Error
	if !errors.Is(l.Err(), io.ErrUnexpectedEOF) || !errors.As(l.Err(), &e) || e.File != "b" {
		t.Error("the faults cannot be asked for")
	}
}
