package spreadsheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// epoch is the day that a workbook counts its days from.
type epoch int8

const (
	since1900 epoch = iota
	since1904
)

// cellFormat is what a cell's format does to what it means. The zero value
// shows a number as it is.
type cellFormat struct {
	date bool
	// mask is a code's form, 0 for a digit and other characters as they are:
	// "000", "E00000000".
	mask string
}

// formatOf reads a number format: the id of a built-in one, or its code
// (ECMA-376, part 1, section 18.8.30).
func formatOf(id int, code string) cellFormat {
	if code == "" {
		return cellFormat{date: id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58}
	}
	section, _, _ := strings.Cut(code, ";")
	var mask strings.Builder
	zeros, isMask := 0, true
	var letters []byte // outside quotes, brackets and escapes
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return cellFormat{}
			}
			text := section[i+1 : i+1+end]
			isMask = isMask && !strings.Contains(text, "0")
			mask.WriteString(text)
			i += end + 1
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return cellFormat{}
			}
			i += end
		case '\\', '_', '*':
			if i++; i < len(section) && c == '\\' {
				isMask = isMask && section[i] != '0'
				mask.WriteByte(section[i])
			}
		case '0':
			zeros++
			mask.WriteByte(c)
		case '-', ' ', '/', '(', ')':
			mask.WriteByte(c)
		default:
			isMask = false
			letters = append(letters, c|0x20)
		}
	}
	switch text := string(letters); {
	case strings.ContainsAny(text, "yd"), strings.Contains(text, "m") && !strings.ContainsAny(text, "hs"):
		return cellFormat{date: !strings.Contains(text, "general") && !strings.Contains(text, "standard")}
	case isMask && zeros >= 2:
		return cellFormat{mask: mask.String()}
	}
	return cellFormat{}
}

// text shows a number: a date as 2018-03-01, a code with its zeros; what is
// written with an exponent and is whole as digits.
func (f cellFormat) text(value string, days epoch) string {
	x, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	switch {
	case err != nil:
		return value
	case f.date && x >= 1 && x < 3e6:
		return dayText(x, days)
	case x != math.Trunc(x) || math.Abs(x) >= 1e15:
		return value
	case f.mask != "" && x >= 0:
		return masked(f.mask, strconv.FormatInt(int64(x), 10))
	case strings.ContainsAny(value, "eE."):
		return strconv.FormatInt(int64(x), 10)
	}
	return value
}

// dayText is a number of days as a date, with the time of day where there is
// one. Excel counts a 29 February 1900 that was none.
func dayText(x float64, days epoch) string {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case days == since1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case x < 60:
		start = start.AddDate(0, 0, 1)
	}
	whole, part := math.Modf(x)
	t := start.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if t.Hour()+t.Minute()+t.Second() > 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format(time.DateOnly)
}

// masked puts digits into the zeros of a mask, from the right; digits too many
// come before the first.
func masked(mask, digits string) string {
	out := make([]byte, 0, len(mask)+len(digits))
	zeros := strings.Count(mask, "0")
	for len(digits) < zeros {
		digits = "0" + digits
	}
	over := len(digits) - zeros
	at := 0
	for i := range len(mask) {
		if mask[i] != '0' {
			out = append(out, mask[i])
			continue
		}
		if at == 0 {
			out = append(out, digits[:over]...)
		}
		out = append(out, digits[over+at])
		at++
	}
	return string(out)
}
