package importer

import (
	"errors"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// Count reads a cell as a number of patients; absent is true for a cell that
// says nothing.
func (im *Import) Count(r Row, column int) (c flow.Count, absent bool, err error) {
	b := r.Cell(column)
	if n, ok := table.Digits(b); ok {
		return flow.Exactly(n), false, nil
	}
	if n, ok, err := im.pointed(r, column, b); ok || err != nil {
		return flow.Exactly(n), false, err
	}
	c, absent, err = table.ParseCount(string(b), im.Options.Suppressed)
	if err != nil {
		return c, false, im.Fault(r, column, err)
	}
	if absent {
		im.Result.Report.Absent++
	}
	if c.Suppressed() {
		im.Result.Report.Suppressed++
	}
	return c, absent, nil
}

// Number reads a cell as a number, which may be below 0; a suppressed or empty
// cell is unknown.
func (im *Import) Number(r Row, column int) (data.Number, error) {
	if column < 0 {
		return data.Number{}, nil
	}
	b := r.Cell(column)
	if n, ok := table.Digits(b); ok {
		return data.Known(n), nil
	}
	text := string(b)
	if _, _, ok := im.Options.Suppressed.Bounds(text); ok {
		im.Result.Report.Suppressed++
		return data.Number{}, nil
	}
	if table.Absent(text) {
		im.Result.Report.Absent++
		return data.Number{}, nil
	}
	if n, ok, err := im.pointed(r, column, b); ok || err != nil {
		return data.Known(n), err
	}
	n, err := parseSigned(text)
	if err != nil {
		return data.Number{}, im.Fault(r, column, err)
	}
	return data.Known(n), nil
}

// Fault is an error about a cell of the table at hand.
func (im *Import) Fault(r Row, column int, err error) error {
	line, col := r.Position(column)
	return &fault.Error{File: im.Heading.File, Line: line, Column: col, Err: err}
}

// located is err with its place, unless it has one.
func (im *Import) located(err error, line int) error {
	var bad *fault.Error
	if errors.As(err, &bad) {
		return err
	}
	return &fault.Error{File: im.Heading.File, Line: line, Err: err}
}

var currencies = strings.NewReplacer("£", "", "$", "", "€", "")

// parseSigned reads a number that may have a currency sign, a unit of millions
// or a percent sign, as accounts print it: "£(1.2m)" is -1,200,000, "93.4%" is
// 0.934.
func parseSigned(text string) (float64, error) {
	n, err := table.ParseNumber(text)
	if err == nil {
		return n, nil
	}
	s := strings.TrimSpace(currencies.Replace(text))
	sign, scale := 1.0, 1.0
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, sign = strings.TrimSpace(s[1:len(s)-1]), -1
	}
	for suffix, by := range map[string]float64{"%": 0.01, "m": 1e6, "k": 1e3, "bn": 1e9} {
		if rest, ok := strings.CutSuffix(strings.ToLower(s), suffix); ok {
			s, scale = strings.TrimSpace(rest), by
			break
		}
	}
	x, perr := table.ParseNumber(s)
	if perr != nil {
		return 0, err
	}
	if scale == 0.01 {
		return sign * x / 100, nil // 93.4/100 is the nearer double
	}
	return sign * x * scale, nil
}
