package flow

import (
	"math"
	"strconv"
	"strings"
)

// ParseNumber reads a finite number as spreadsheets write them: with thousands
// parted by commas, spaces or apostrophes, or negative in brackets. ok is false
// for text that is none.
func ParseNumber(text string) (x float64, ok bool) {
	s := strings.TrimSpace(text)
	negative := false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s, negative = s[1:len(s)-1], true
	}
	for _, c := range []string{",", " ", "\u00a0", "\u202f", "\u2009", "'", "’"} {
		if strings.Contains(s, c) {
			if !inThrees(s, c) {
				return 0, false
			}
			s = strings.ReplaceAll(s, c, "")
			break
		}
	}
	for i := range len(s) {
		// ParseFloat would take "inf", "nan", "0x1p-2" and "1_000" too.
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == '+', c == '-', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, false
	}
	if negative {
		x = -x
	}
	return x + 0, true // -0 becomes 0
}

// inThrees reports whether the marks in s part its whole part in threes.
func inThrees(s, mark string) bool {
	s = strings.TrimLeft(s, "+-")
	whole, _, _ := strings.Cut(s, ".")
	groups := strings.Split(whole, mark)
	for i, g := range groups {
		if i == 0 && (len(g) < 1 || len(g) > 3) || i > 0 && len(g) != 3 {
			return false
		}
		for j := range len(g) {
			if g[j] < '0' || g[j] > '9' {
				return false
			}
		}
	}
	return !strings.Contains(s[len(whole):], mark)
}

// maxDecimals is how many digits after the point counts may have for their sums
// to be those of decimal arithmetic.
const maxDecimals = 6

// decimals is how many digits x has after the point; maxDecimals + 1 for more
// than that.
func decimals(x float64) int8 {
	if x == math.Trunc(x) {
		return 0
	}
	p := 1.0
	for d := int8(1); d <= maxDecimals; d++ {
		p *= 10
		if math.Round(x*p)/p == x {
			return d
		}
	}
	return maxDecimals + 1
}

// Tidy takes the error of adding up decimals off a sum of the matrix's counts:
// 0.3 for 0.1 and 0.2. Where counts have more than 6 digits after the point the
// sum stays as it is.
func (m *Matrix) Tidy(sum float64) float64 {
	if m.decimals == 0 || m.decimals > maxDecimals || math.Abs(sum) > 1e9 {
		return sum
	}
	p := math.Pow10(int(m.decimals))
	return math.Round(sum*p) / p
}

func (m *Matrix) tidyCount(c Count) Count {
	return Count{m.Tidy(c.Value), m.Tidy(c.Published), m.Tidy(c.Lower), m.Tidy(c.Upper)}
}

// Grouped writes a number with so many decimals, commas between its thousands and a
// true minus: what a person reads.
func Grouped(x float64, decimals int) string {
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
