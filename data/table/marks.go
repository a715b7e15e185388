package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Suppression says what the marks stand for that publishers print in place of
// small counts. The zero value knows the usual ones: "<n" is 1 to n-1, "*",
// "c" and "[c]" are 1 to 7, "#" is 1 to 4, "[low]", which rounds to 0, is 0 to 1. (Hospital Episode Statistics
// publish 1 to 7 as "*"; local needs assessments 1 to 4 as "#".)
type Suppression struct {
	Marks []mark
}

type mark struct {
	text         string
	lower, upper float64
}

var usualMarks = []mark{{"*", 1, 7}, {"c", 1, 7}, {"[c]", 1, 7}, {"#", 1, 4}, {"[low]", 0, 1}}

// ErrSuppression says that the meaning of a mark could not be read.
var ErrSuppression = errors.New("not a suppression mark like '*=1:4'")

// ParseSuppression reads the meaning of marks, "*=1:4" each: the mark as it
// stands in the table, the least and the greatest count it may hide. Of a mark
// given twice the last holds; marks not given keep their usual meaning. The
// error wraps ErrSuppression.
func ParseSuppression(marks ...string) (Suppression, error) {
	var s Suppression
	for _, m := range marks {
		i := strings.LastIndexByte(m, '=')
		if i <= 0 || strings.TrimSpace(m[:i]) == "" {
			return s, fmt.Errorf("%w: %q", ErrSuppression, m)
		}
		low, high, ok := strings.Cut(m[i+1:], ":")
		lower, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
		upper, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
		if !ok || err1 != nil || err2 != nil || !(lower >= 0 && lower <= upper && upper <= 1e9) {
			return s, fmt.Errorf("%w: %q", ErrSuppression, m)
		}
		s.Marks = append([]mark{{strings.TrimSpace(m[:i]), lower, upper}}, s.Marks...)
	}
	return s, nil
}

// Bounds gives what a mark may hide; ok is false for text that is no mark.
func (s Suppression) Bounds(text string) (lower, upper float64, ok bool) {
	for _, m := range s.Marks {
		if strings.EqualFold(m.text, text) {
			return m.lower, m.upper, true
		}
	}
	for _, m := range usualMarks {
		if strings.EqualFold(m.text, text) {
			return m.lower, m.upper, true
		}
	}
	rest, found := strings.CutPrefix(text, "<")
	orEqual := false
	if found {
		rest, orEqual = strings.CutPrefix(rest, "=")
	} else if rest, found = strings.CutPrefix(text, "≤"); found {
		orEqual = true
	}
	if !found {
		return 0, 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 32)
	if err != nil {
		return 0, 0, false
	}
	if !orEqual {
		n--
	}
	if n < 1 {
		return 0, 0, false
	}
	return 1, float64(n), true
}

// absentMarks stand for "nothing was published here", in lower case. They say
// neither zero nor a small count.
var absentMarks = map[string]bool{
	"": true, "-": true, "--": true, "–": true, "—": true, ".": true, "..": true, "...": true, "…": true, ":": true,
	"x": true, "[x]": true, "z": true, "[z]": true, "[w]": true, "[u]": true, "na": true, "n/a": true, "n.a.": true, "#n/a": true,
	"null": true, "none": true, "nil": true, "not available": true, "not applicable": true,
}

// Absent reports whether text is one of the marks for a value that is missing,
// not suppressed: blank, "-", ".", "..", ":", "[x]", "[z]", "[w]", "[u]", "NA" and
// the like.
func Absent(text string) bool {
	if len(text) > 16 {
		return false
	}
	return absentMarks[strings.ToLower(strings.TrimSpace(text))]
}
