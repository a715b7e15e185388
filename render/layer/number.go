package layer

import (
	"math"

	"stpmap/flow"
	"stpmap/flow/portable"
)

// PlainNumber writes a number for a legend: grouped, and with no more decimals
// than it has, up to two.
func PlainNumber(x float64) string {
	for d := range 3 {
		r := portable.Pow(10, float64(d))
		if math.Abs(float64(x*r)-math.Round(x*r)) < 1e-9*max(1, math.Abs(x*r)) || d == 2 {
			return flow.Grouped(x, d)
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
