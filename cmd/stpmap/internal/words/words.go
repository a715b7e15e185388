package words

import (
	"fmt"
	"strconv"
	"strings"

	"stpmap/flow"
)

// Counted is a number with its noun: "1 area", "3 areas".
func Counted[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return Thousands(int(n)) + " " + strings.TrimSuffix(noun, "y") + "ies"
	}
	return Thousands(int(n)) + " " + noun + "s"
}

// Has is "has" for one thing and "have" for several.
func Has(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// Are is "is" for one thing and "are" for several.
func Are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Was is "was" for one thing and "were" for several.
func Was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// Thousands writes a number with commas between thousands.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Few lists up to five codes and the number of the rest.
func Few(codes []string) string {
	const few = 5
	if len(codes) <= few {
		return strings.Join(codes, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(codes[:few], ", "), len(codes)-few)
}

// First is the first of some codes, as an example; "none" where there is none.
func First(codes []string) string {
	if len(codes) == 0 {
		return "none"
	}
	return codes[0]
}

// Percent writes a share from 0 to 1 as a percentage with one decimal.
func Percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }

// Plain is a number as a person writes it: 3000000, not 3e+06.
func Plain(x float64) string { return string(flow.AppendNumber(nil, x)) }

// Patients is a number of patients; those under 10 are not said.
func Patients(n float64) string {
	if n < 10 {
		return "fewer than 10 patients"
	}
	return Plain(n) + " patients"
}
