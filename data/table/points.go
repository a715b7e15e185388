package table

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"stpmap/flow/fault"
)

// ErrPoints marks a number such as 1.234 in a table parted by semicolons, which
// may be 1234 or 1 and 234 thousandths.
var ErrPoints = errors.New("points may part thousands or decimals")

var (
	// DottedForm is a number such as 1.234, which can be read in two ways.
	DottedForm     = regexp.MustCompile(`^[1-9]\d{0,2}(?:\.\d{3})+$`)
	dottedSeveral  = regexp.MustCompile(`^[1-9]\d{0,2}(?:\.\d{3}){2,}$`)
	dottedDecimals = regexp.MustCompile(`^\d{1,3}(?:\.\d{3})*,\d+$`)
	pointDecimals  = regexp.MustCompile(`^\d*\.\d+$`)
)

// Pointed decides, for the counts of one table parted by semicolons, what a
// point in a number means. On the continent 1.234 is 1234; elsewhere it is
// between 1 and 2. The other numbers of the column tell.
type Pointed struct {
	Thousands bool // "1.234.567", "1.234,5", "12,5": nothing else writes that
	Decimals  bool // "0.125", "12.5", "1234.500"
	Whole     bool // a whole number under 1000
	Large     bool // a whole number of 1000 or more, without points
	Commas    bool // "1,234", which is a number of the other kind
}

// See looks at a count that is no run of digits; dotted is true for one that
// can be read in two ways, or only with points between thousands.
func (p *Pointed) See(text string) (thousands, decimal float64, dotted bool) {
	switch {
	case DottedForm.MatchString(text):
		p.Thousands = p.Thousands || dottedSeveral.MatchString(text)
		thousands, _ = strconv.ParseFloat(strings.ReplaceAll(text, ".", ""), 64)
		decimal, _ = strconv.ParseFloat(text, 64)
		return thousands, decimal, true
	case dottedDecimals.MatchString(text):
		if whole, part, _ := strings.Cut(text, ","); strings.Contains(whole, ".") || len(part) != 3 {
			p.Thousands = true
			thousands, _ = strconv.ParseFloat(strings.ReplaceAll(whole, ".", "")+"."+part, 64)
			return thousands, thousands, true
		}
		p.Commas = true
	case pointDecimals.MatchString(text):
		p.Decimals = true
	}
	return 0, 0, false
}

// Digits looks at a count that is a run of digits.
func (p *Pointed) Digits(n float64) {
	if n >= 1000 {
		p.Large = true
	} else {
		p.Whole = true
	}
}

// Meaning says what the points mean; known is false where nothing tells.
func (p *Pointed) Meaning() (thousands, known bool) {
	switch {
	case p.Thousands && (p.Decimals || p.Commas):
		return false, false
	case p.Thousands:
		return true, true
	case p.Decimals:
		return false, true
	case p.Whole && !p.Large:
		return true, true
	}
	return false, false
}

// Fault asks for what the table does not tell.
func (p *Pointed) Fault(thousands, decimal float64) error {
	return fmt.Errorf("%w: is this %s or %s? say --decimal comma or --decimal point", ErrPoints, FormatNumber(thousands), strconv.FormatFloat(decimal, 'f', 3, 64))
}

// PointedNumbers reads the whole numbers of a table of one row a thing, in which
// points may part thousands: those that can be read in two ways are settled at
// its end.
type PointedNumbers struct {
	watch *Pointed // nil where points part decimals
	later []laterNumber
}

type laterNumber struct {
	set                func(float64)
	thousands, decimal float64
	fault              *fault.Error
}

// Read hands the number of a field to set: at once, and once more at the end
// where only the whole table tells what it is.
func (p *PointedNumbers) Read(t *Reader, col int, text string, set func(float64)) error {
	if p.watch != nil {
		if n, ok := Digits([]byte(text)); ok {
			p.watch.Digits(n)
		} else if thousands, decimal, ok := p.watch.See(text); ok {
			p.later = append(p.later, laterNumber{set, thousands, decimal, t.Fault(col, p.watch.Fault(thousands, decimal))})
			set(thousands)
			return nil
		}
	}
	n, err := ParseNumber(text)
	if err != nil {
		return t.Fault(col, err)
	}
	set(n)
	return nil
}

// settle sets the numbers that could be read in two ways; the fault is at the
// first of them, where nothing tells.
func (p *PointedNumbers) settle() error {
	if len(p.later) == 0 {
		return nil
	}
	thousands, known := p.watch.Meaning()
	if !known {
		return p.later[0].fault
	}
	for _, l := range p.later {
		if !thousands {
			l.set(l.decimal)
		}
	}
	return nil
}
