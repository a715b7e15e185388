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
// Absent. The error is a *fault.List where the table has faults, such as an
// entity, indicator and period that stand twice; whether a numerator may
// exceed its denominator is for who knows the indicator's kind.
func ReadIndicators(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Observation, table.Report, error) {
	numbers := &table.PointedNumbers{}
	opts = append(slices.Clone(opts), table.WholeNumbers(numbers))
	x := &indicatorReader{name: name, marks: table.Collect(opts).Marks, numbers: numbers, lines: map[[3]string]int{}}
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
	rep, err := table.ReadRows(ctx, name, r, opts, roles, x.start, x.row)
	if x.suppressed > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%d suppressed figures are taken at the middle of what they may be", x.suppressed))
	}
	if err != nil {
		return nil, rep, err
	}
	return x.list, rep, nil
}

// indicatorReader reads the rows of one table of indicators.
type indicatorReader struct {
	name  string
	t     *table.Reader
	marks table.Suppression
	// numbers are the counts, whose points may part thousands.
	numbers *table.PointedNumbers
	// columns; -1 for none
	entity, indicator, num, den, value, period, lower, upper, coverage int

	list       []Observation
	lines      map[[3]string]int // of entity, indicator and period
	suppressed int               // figures
}

func (x *indicatorReader) start(t *table.Reader, cols []int) error {
	x.t = t
	x.entity, x.indicator, x.num, x.den = cols[0], cols[1], cols[2], cols[3]
	x.value, x.period, x.lower, x.upper, x.coverage = cols[4], cols[5], cols[6], cols[7], cols[8]
	if x.num < 0 && x.value < 0 {
		return t.HeaderFault(-1, NumeratorRole.Missing(t.Header(), ""))
	}
	return nil
}

// number reads one figure, absent as NaN. A mark stands for a small count,
// never for a small value.
func (x *indicatorReader) number(col int, count bool) (float64, error) {
	if col < 0 {
		return math.NaN(), nil
	}
	text := x.t.Text(col)
	if lower, upper, ok := x.marks.Bounds(text); ok && count {
		x.suppressed++
		return (lower + upper) / 2, nil
	} else if ok || table.Absent(text) {
		return math.NaN(), nil
	}
	if count {
		return x.count(col, strings.TrimSuffix(text, "%"))
	}
	n, err := table.ParseNumber(strings.TrimSuffix(text, "%"))
	if err != nil {
		return 0, x.t.Fault(col, err)
	}
	return n, nil
}

// count reads a count, which may be settled at the end of the table only: its
// row is the next of the list, if nothing is wrong with it.
func (x *indicatorReader) count(col int, text string) (n float64, err error) {
	at := len(x.list)
	err = x.numbers.Read(x.t, col, text, func(meant float64) {
		n = meant
		if at < len(x.list) && col == x.num {
			x.list[at].Numerator = meant
		} else if at < len(x.list) {
			x.list[at].Denominator = meant
		}
	})
	return n, err
}

// share reads the share of the entity's patients that the figure is of.
func (x *indicatorReader) share(one *Observation) (err error) {
	if x.coverage < 0 || table.Absent(x.t.Text(x.coverage)) {
		return nil
	}
	text := x.t.Text(x.coverage)
	if one.Share, err = table.ParseNumber(text); err != nil || !(one.Share > 0 && one.Share <= 1) {
		return x.t.Fault(x.coverage, fmt.Errorf("share_of_patients must be above 0 and at most 1: %s", table.Quoted(text)))
	}
	return nil
}

// row reads the row at hand, and says whether it said anything.
func (x *indicatorReader) row() (bool, error) {
	one := Observation{Source: x.name, Line: x.t.Line()}
	if err := x.keys(&one); err != nil {
		return false, err
	}
	if err := x.figures(&one); err != nil {
		return false, err
	}
	if math.IsNaN(one.Numerator) && math.IsNaN(one.Denominator) && math.IsNaN(one.Value) && one.Label == "" {
		return false, nil
	}
	x.list = append(x.list, one)
	return true, nil
}

// keys reads what a row is about, and where it says so.
func (x *indicatorReader) keys(one *Observation) (err error) {
	t := x.t
	if one.Entity, err = t.Code(x.entity, EntityRole); err != nil {
		return err
	}
	if one.Indicator, err = t.Code(x.indicator, IndicatorRole); err != nil {
		return err
	}
	if x.period >= 0 {
		one.Period = t.Text(x.period)
	}
	for _, f := range []struct {
		col int
		to  *int32
	}{{x.entity, &one.Column.Entity}, {x.num, &one.Column.Numerator}, {x.den, &one.Column.Denominator}, {x.value, &one.Column.Value}} {
		if f.col >= 0 {
			_, at := t.Pos(f.col)
			*f.to = int32(at)
		}
	}
	key := [3]string{one.Entity, one.Indicator, one.Period}
	if first, ok := x.lines[key]; ok {
		return t.Fault(x.entity, fmt.Errorf("%w entity, indicator and period: %s, first on line %d", table.ErrDuplicate, table.Quoted(strings.TrimSpace(strings.Join(key[:], " "))), first))
	}
	x.lines[key] = t.Line()
	return nil
}

// figures reads the numbers of a row; a value may be the name of a band.
func (x *indicatorReader) figures(one *Observation) (err error) {
	for _, f := range []struct {
		col   int
		to    *float64
		count bool
	}{{x.num, &one.Numerator, true}, {x.den, &one.Denominator, true}, {x.lower, &one.Lower, false}, {x.upper, &one.Upper, false}} {
		if *f.to, err = x.number(f.col, f.count); err != nil {
			return err
		}
	}
	if err := x.share(one); err != nil {
		return err
	}
	if one.Value, err = x.number(x.value, false); err != nil {
		if !isLabel(x.t.Text(x.value)) {
			return err
		}
		one.Value, one.Label = math.NaN(), x.t.Text(x.value)
	}
	return nil
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
