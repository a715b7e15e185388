package data

import (
	"math"

	"stpmap/data/table"
)

// Figure is one number about an entity: a provider, an area or a footprint.
type Figure struct {
	Entity, Indicator, Period string
	Numerator, Denominator    Number
	Value, Lower, Upper       Number
}

// Number is a number that may be unknown; the zero value is unknown.
type Number struct {
	Value float64
	Known bool
}

// Known is a number that is known.
func Known(v float64) Number { return Number{v, true} }

// Text is the number for a table, empty where it is not known.
func (n Number) Text() string {
	if !n.Known {
		return ""
	}
	return table.FormatNumber(n.Value)
}

// Plus is the sum of two numbers, known where both are.
func (n Number) Plus(m Number) Number {
	if !n.Known || !m.Known {
		return Number{}
	}
	return Known(n.Value + m.Value)
}

// Observation is the figure as a row of a table of indicators: NaN for what is
// not known.
func (f Figure) Observation() Observation {
	num := func(n Number) float64 {
		if !n.Known {
			return math.NaN()
		}
		return n.Value
	}
	return Observation{
		Entity: f.Entity, Indicator: f.Indicator, Period: f.Period,
		Numerator: num(f.Numerator), Denominator: num(f.Denominator),
		Value: num(f.Value), Lower: num(f.Lower), Upper: num(f.Upper),
	}
}
