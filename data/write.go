package data

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"stpmap/data/table"
	"stpmap/flow"
)

// ErrBounds marks suppressed counts that no mark of the canonical form stands
// for.
var ErrBounds = errors.New("bounds of suppressed counts that cannot be written")

// WriteFlows writes flows in canonical form: area, provider, count. A
// suppressed count of 1 to n is written "<n+1", which reads back as the same.
// Counts of other bounds are written "*", if all have the same: mark is then
// what --suppressed must say for them, and empty otherwise.
func WriteFlows(w io.Writer, records []Record) (mark string, err error) {
	var odd *flow.Count
	out := table.NewWriter(w, "area", "provider", "count")
	for _, r := range records {
		if r.Absent {
			continue
		}
		c := r.Count
		text := table.FormatNumber(c.Value)
		if c.Suppressed() {
			switch {
			case c.Published == 0 && c.Lower == 1 && c.Upper == float64(int(c.Upper)):
				text = "<" + strconv.Itoa(int(c.Upper)+1)
			case odd == nil || *odd == c:
				odd, text = &c, "*"
			default:
				return "", fmt.Errorf("%w: %v to %v beside %v to %v", ErrBounds, c.Lower, c.Upper, odd.Lower, odd.Upper)
			}
		}
		out.Row(r.Area, r.Provider, text)
	}
	if odd != nil {
		mark = fmt.Sprintf("*=%s:%s", table.FormatNumber(odd.Lower), table.FormatNumber(odd.Upper))
	}
	return mark, out.Close()
}

// WriteFigures writes figures in the form that --indicators reads.
func WriteFigures(w io.Writer, figures []Figure) error {
	out := table.NewWriter(w, "entity", "indicator", "period", "numerator", "denominator", "value", "lower", "upper")
	for _, f := range figures {
		out.Row(f.Entity, f.Indicator, f.Period, f.Numerator.Text(), f.Denominator.Text(), f.Value.Text(), f.Lower.Text(), f.Upper.Text())
	}
	return out.Close()
}

// WritePopulations writes people by area.
func WritePopulations(w io.Writer, people []Population) error {
	out := table.NewWriter(w, "area", "population")
	for _, p := range people {
		out.Row(p.Area, table.FormatNumber(p.People))
	}
	return out.Close()
}

// CountText is a count as a table of flows has it: a number, "<n+1" for a
// suppressed count of 1 to n, and otherwise "published+lower:upper", the bounds
// being those of the part that was suppressed.
func CountText(c flow.Count) string {
	switch {
	case !c.Suppressed():
		return table.FormatNumber(c.Value)
	case c.Published == 0 && c.Lower == 1 && c.Upper == float64(int(c.Upper)):
		return "<" + strconv.Itoa(int(c.Upper)+1)
	}
	return table.FormatNumber(c.Published) + "+" + table.FormatNumber(c.Lower-c.Published) + ":" + table.FormatNumber(c.Upper-c.Published)
}
