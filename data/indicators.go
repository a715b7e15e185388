package data

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Observation is one row of a table of indicators; NaN is absent. Its fields
// are those of score.Observation, so that one converts to the other.
type Observation struct {
	Entity    string // code of a provider, an area or a footprint
	Indicator string // id of its definition
	Period    string // empty where the table has no periods
	// Numerator and Denominator are what the indicator's definition says; the
	// midpoint of a suppressed one.
	Numerator, Denominator float64
	// Value serves where there is no numerator or denominator; per cent for a
	// proportion. Lower and Upper are its 95% interval.
	Value, Lower, Upper float64
	Label               string // a value that is no number: the name of a band
	Source              string // the table it is from, for messages
	Line                int    // 1-based line in that table
	// Column is where the cells stand in that line: 1-based, in bytes; 0 where not
	// known.
	Column struct{ Entity, Numerator, Denominator, Value int32 }
	// Share of the entity's patients that the figure is of, in (0, 1]; 0 stands
	// for all.
	Share float64
}

// ReadIndicators reads a long table of indicators, in file order. A row
// without numerator, denominator and value says nothing, and is counted as
// Absent. The error is a *Faults where the table has faults, such as an
// entity, indicator and period that stand twice; whether a numerator may
// exceed its denominator is for who knows the indicator's kind.
func ReadIndicators(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Observation, table.Report, error) {
	var t *table.Reader
	var c struct{ entity, indicator, num, den, value, period, lower, upper, coverage int }
	marks := table.Collect(opts).Marks
	var list []Observation
	lines := map[[3]string]int{}
	suppressed := 0
	numbers := &table.PointedNumbers{}
	opts = append(slices.Clone(opts), table.WholeNumbers(numbers))

	// number reads one figure, absent as NaN. A mark stands for a small count,
	// never for a small value.
	number := func(col int, count bool) (float64, error) {
		if col < 0 {
			return math.NaN(), nil
		}
		text := t.Text(col)
		if lower, upper, ok := marks.Bounds(text); ok && count {
			suppressed++
			return (lower + upper) / 2, nil
		} else if ok || table.Absent(text) {
			return math.NaN(), nil
		}
		if count {
			// The row is the next of the list, if nothing is wrong with it.
			at, x := len(list), 0.0
			err := numbers.Read(t, col, strings.TrimSuffix(text, "%"), func(n float64) {
				x = n
				if at < len(list) && col == c.num {
					list[at].Numerator = n
				} else if at < len(list) {
					list[at].Denominator = n
				}
			})
			return x, err
		}
		x, err := table.ParseNumber(strings.TrimSuffix(text, "%"))
		if err != nil {
			return 0, t.Fault(col, err)
		}
		return x, nil
	}

	roles := []table.Wanted{
		{Role: EntityRole},
		{Role: IndicatorRole},
		{Role: NumeratorRole, Optional: true},
		{Role: DenominatorRole, Optional: true},
		{Role: ValueRole, Optional: true},
		{Role: PeriodRole, Optional: true},
		{Role: LowerRole, Optional: true},
		{Role: UpperRole, Optional: true},
		{Role: CoverageRole, Optional: true},
	}
	rep, err := table.ReadRows(ctx, name, r, opts, roles,
		func(opened *table.Reader, cols []int) error {
			t = opened
			c.entity, c.indicator, c.num, c.den = cols[0], cols[1], cols[2], cols[3]
			c.value, c.period, c.lower, c.upper, c.coverage = cols[4], cols[5], cols[6], cols[7], cols[8]
			if c.num < 0 && c.value < 0 {
				return t.HeaderFault(-1, NumeratorRole.Missing(t.Header(), ""))
			}
			return nil
		},
		func() (bool, error) {
			one := Observation{Source: name, Line: t.Line()}
			var err error
			if one.Entity, err = t.Code(c.entity, EntityRole); err != nil {
				return false, err
			}
			if one.Indicator, err = t.Code(c.indicator, IndicatorRole); err != nil {
				return false, err
			}
			if c.period >= 0 {
				one.Period = t.Text(c.period)
			}
			for _, f := range []struct {
				col int
				to  *int32
			}{{c.entity, &one.Column.Entity}, {c.num, &one.Column.Numerator}, {c.den, &one.Column.Denominator}, {c.value, &one.Column.Value}} {
				if f.col >= 0 {
					_, at := t.Pos(f.col)
					*f.to = int32(at)
				}
			}
			key := [3]string{one.Entity, one.Indicator, one.Period}
			if first, ok := lines[key]; ok {
				return false, t.Fault(c.entity, fmt.Errorf("%w entity, indicator and period: %s, first on line %d", table.ErrDuplicate, table.Quoted(strings.TrimSpace(strings.Join(key[:], " "))), first))
			}
			lines[key] = t.Line()
			for _, f := range []struct {
				col   int
				to    *float64
				count bool
			}{{c.num, &one.Numerator, true}, {c.den, &one.Denominator, true}, {c.lower, &one.Lower, false}, {c.upper, &one.Upper, false}} {
				if *f.to, err = number(f.col, f.count); err != nil {
					return false, err
				}
			}
			if c.coverage >= 0 && !table.Absent(t.Text(c.coverage)) {
				if one.Share, err = table.ParseNumber(t.Text(c.coverage)); err != nil || !(one.Share > 0 && one.Share <= 1) {
					return false, t.Fault(c.coverage, fmt.Errorf("share_of_patients must be above 0 and at most 1: %s", table.Quoted(t.Text(c.coverage))))
				}
			}
			if one.Value, err = number(c.value, false); err != nil {
				if !isLabel(t.Text(c.value)) {
					return false, err
				}
				one.Value, one.Label = math.NaN(), t.Text(c.value)
			}
			if math.IsNaN(one.Numerator) && math.IsNaN(one.Denominator) && math.IsNaN(one.Value) && one.Label == "" {
				return false, nil
			}
			list = append(list, one)
			return true, nil
		})
	if suppressed > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%d suppressed figures are taken at the middle of what they may be", suppressed))
	}
	if err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}

// isLabel reports whether text that is no number may be the name of a band.
func isLabel(text string) bool {
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "nan", "inf", "infinity":
		return false
	}
	c := text[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
