package spc

import (
	"math"
	"slices"
	"testing"

	"stpmap/footprint/internal/footprinttest"
)

// Worked by hand: the values 10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 30 have
// the mean 155/12 and moving ranges that add up to 2+1+2+3+2+1+2+3+2+1+19 = 38.
func TestXmRByHand(t *testing.T) {
	c := XmR([]float64{10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 30}, Rules{})
	mean := 155. / 12
	reach := 2.66 * 38 / 11
	if !footprinttest.Near(c.Mean, mean, 1e-12) || !footprinttest.Near(c.Upper, mean+reach, 1e-12) || !footprinttest.Near(c.Lower, mean-reach, 1e-12) {
		t.Errorf("got %v, %v to %v; want %v, %v to %v", c.Mean, c.Lower, c.Upper, mean, mean-reach, mean+reach)
	}
	if !slices.Equal(c.Signals[11], []Signal{{"beyond_limit", true}}) {
		t.Errorf("got %v for the last point", c.Signals[11])
	}
	for i, s := range c.Signals[:11] {
		for _, sig := range s {
			if sig.Rule != "shift" || sig.Up {
				t.Errorf("point %d: got %v", i, sig)
			}
		}
	}
}

func TestXmRRules(t *testing.T) {
	nan := math.NaN()
	has := func(c Control, i int, rule string, up bool) bool {
		return slices.Contains(c.Signals[i], Signal{rule, up})
	}
	// Seven above the mean, five far enough below it.
	shift := XmR([]float64{5, 6, 5, 6, 5, 6, 5, 1, 0, 1, 0, 1}, Rules{})
	for i := range 7 {
		if !has(shift, i, "shift", true) {
			t.Errorf("point %d of 7 above the mean does not signal", i)
		}
	}
	if has(shift, 8, "shift", false) {
		t.Error("5 below the mean signal a shift")
	}
	// A missing month breaks the run.
	if broken := XmR([]float64{5, 6, 5, nan, 5, 6, 5, 1, 0, 1, 0, 1}, Rules{}); has(broken, 0, "shift", true) {
		t.Error("a run goes on over a missing month")
	}
	trend := XmR([]float64{5, 1, 2, 3, 4, 5, 6, 2, 5, 3, 4, 3}, Rules{})
	for i := 1; i <= 6; i++ {
		if !has(trend, i, "trend", true) {
			t.Errorf("point %d of 6 rising does not signal", i)
		}
	}
	if has(trend, 0, "trend", true) || has(trend, 7, "trend", true) {
		t.Error("a point outside the trend signals")
	}
	if five := XmR([]float64{5, 1, 2, 3, 4, 5, 2, 2, 5, 3, 4, 3}, Rules{}); has(five, 3, "trend", true) {
		t.Error("5 rising points signal a trend")
	}
	// Mean 1/3 of 12, limits near ±: two high points beside each other.
	two := XmR([]float64{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2.9, 3}, Rules{})
	if !has(two, 10, "two_of_three", true) || !has(two, 11, "two_of_three", true) || has(two, 9, "two_of_three", true) {
		t.Errorf("got %v", two.Signals)
	}
	for _, none := range [][]float64{nil, {1}, {nan, nan}, {1, nan, 2}} {
		if c := XmR(none, Rules{}); !math.IsNaN(c.Mean) || len(c.Signals) != len(none) {
			t.Errorf("%v: got %+v, want no chart", none, c)
		}
	}
}
