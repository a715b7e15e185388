package layer

import (
	"math"
	"strconv"
	"strings"

	"stpmap/flow/portable"
)

// groupDigits writes a number with commas between thousands.
func groupDigits(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteByte('.')
		b.WriteString(frac)
	}
	return b.String()
}

// PlainNumber writes a number for a legend: grouped, and with no more decimals
// than it has, up to two.
func PlainNumber(x float64) string {
	for d := range 3 {
		r := portable.Pow(10, float64(d))
		if math.Abs(float64(x*r)-math.Round(x*r)) < 1e-9*max(1, math.Abs(x*r)) || d == 2 {
			return groupDigits(x, d)
		}
	}
	return ""
}

// RoundDown is the largest 1, 2 or 5 times a power of ten that is not above x.
func RoundDown(x float64) float64 {
	p := portable.Pow(10, math.Floor(portable.Log10(x)))
	for _, f := range [...]float64{5, 2, 1} {
		if f*p <= x*(1+1e-12) {
			return f * p
		}
	}
	return p
}
