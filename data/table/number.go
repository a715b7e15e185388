package table

import (
	"fmt"
	"strings"

	"stpmap/flow"
)

// ParseCount reads the text of a count: a number of 0 or more, thousands
// parted by commas or not, a mark that stands for a suppressed one, or a sum of
// both in our own canonical form, "published+lower:upper". absent is true for a mark that says nothing. The error wraps ErrNegativeCount or
// ErrNotANumber.
func ParseCount(text string, s Suppression) (c flow.Count, absent bool, err error) {
	text = strings.TrimSpace(text)
	// Marks first: the user may have given a meaning to what looks like a
	// number, such as -1.
	if lower, upper, ok := s.Bounds(text); ok {
		return flow.Between(lower, upper), false, nil
	}
	if Absent(text) {
		return flow.Count{}, true, nil
	}
	if c, ok := parseBounds(text); ok {
		return c, false, nil
	}
	x, err := ParseNumber(text)
	if err != nil {
		return flow.Count{}, false, err
	}
	if x < 0 {
		return flow.Count{}, false, fmt.Errorf("%w: %s", ErrNegativeCount, text)
	}
	return flow.Exactly(x), false, nil
}

// parseBounds reads "published+lower:upper", the bounds being those of the
// part that was suppressed; ok is false for any other text.
func parseBounds(text string) (c flow.Count, ok bool) {
	published, rest, ok1 := strings.Cut(text, "+")
	lower, upper, ok2 := strings.Cut(rest, ":")
	if !ok1 || !ok2 {
		return c, false
	}
	p, ok1 := flow.ParseNumber(published)
	lo, ok2 := flow.ParseNumber(lower)
	hi, ok3 := flow.ParseNumber(upper)
	if !ok1 || !ok2 || !ok3 || p < 0 || lo < 0 || hi < lo {
		return c, false
	}
	return flow.Exactly(p).Plus(flow.Between(lo, hi)), true
}

// Digits reads a count that is a run of at most 15 digits, as nearly all are.
func Digits(b []byte) (float64, bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return float64(n), true
}

// ParseNumber reads a finite number as spreadsheets write them: with
// thousands parted by commas, spaces or apostrophes, or negative in brackets. The error wraps
// ErrNotANumber and quotes the text.
func ParseNumber(text string) (float64, error) {
	s := withoutNotes(strings.TrimSpace(text))
	if len(s) > 1 && s[0] == '=' {
		return 0, fmt.Errorf("%w: %s is %s", ErrNotANumber, Quoted(s), formulaWithoutValue)
	}
	x, ok := flow.ParseNumber(s)
	if !ok {
		return 0, fmt.Errorf("%w: %s", ErrNotANumber, Quoted(text))
	}
	return x, nil
}
