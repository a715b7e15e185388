package chart

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// binned puts every value in the bar that it lies in, by looking at each bar.
func binned(h Histogram, low, width float64, bars int) []float64 {
	out, total := make([]float64, bars), 0.0
	for i, x := range h.Values {
		w := 1.0
		if h.Weights != nil {
			w = h.Weights[i]
		}
		total += w
		at := bars - 1
		for b := range bars {
			if x < low+float64(b+1)*width {
				at = b
				break
			}
		}
		out[at] += w
	}
	for b := range out {
		out[b] /= total
	}
	return out
}

// Bars hold the share of the values that lie in them and add up to 1; whole
// numbers that lie close have a bar each.
func TestBins(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for trial := range 200 {
		h := Histogram{}
		whole := trial%2 == 0
		for range 1 + rng.IntN(50) {
			x := 100 * rng.Float64()
			if whole {
				x = float64(rng.IntN(20))
			}
			h.Values = append(h.Values, x)
			if trial%3 == 0 {
				h.Weights = append(h.Weights, 1+rng.Float64())
			}
		}
		low, width, shares := h.bins()
		sum := 0.0
		for _, s := range shares {
			sum += s
		}
		if math.Abs(sum-1) > 1e-9 || len(shares) > mostBins || !(width > 0) {
			t.Fatalf("trial %d: %d bars of %v add up to %v", trial, len(shares), width, sum)
		}
		if whole && (width != 1 && len(shares) > 1 || low != math.Trunc(low-0.5)+0.5 && len(shares) > 1) {
			t.Errorf("trial %d: whole numbers have bars of %v from %v", trial, width, low)
		}
		for b, want := range binned(h, low, width, len(shares)) {
			if math.Abs(shares[b]-want) > 1e-9 && whole {
				t.Errorf("trial %d: bar %d has %v, want %v", trial, b, shares[b], want)
			}
		}
	}
	for _, x := range []float64{0, 7, -3, 1e9} {
		h := Histogram{Values: []float64{x, x, x}}
		if low, width, shares := h.bins(); len(shares) != 1 || shares[0] != 1 || !(low < x && low+width > x) {
			t.Errorf("three times %v: %v from %v, %v wide", x, shares, low, width)
		}
	}
}

// A histogram is drawn with its line and its name; one whose values are not known
// is an error and no endless search for the axis.
func TestHistogramIsDrawn(t *testing.T) {
	h := Histogram{Name: "x", Title: "Borders that are cut", Values: []float64{1, 2, 2, 3}, Value: 2, Label: "today", Notice: "invented"}
	for format, start := range map[string]string{"svg": "<?xml", "png": "\x89PNG"} {
		c, err := OfHistogram(h)
		if err != nil {
			t.Fatal(err)
		}
		var b, again bytes.Buffer
		if err := c.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if c.Name != "histogram_"+h.Name || !strings.HasPrefix(b.String(), start) {
			t.Errorf("%s: %q begins with %q", format, c.Name, b.String()[:8])
		}
		if c, err = OfHistogram(h); err != nil {
			t.Fatal(err)
		}
		if err := c.Write(&again, format); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: other bytes the second time (%v)", format, err)
		}
		if format == "svg" && !strings.Contains(b.String(), "today") {
			t.Error("the line's name is missing")
		}
	}
	for name, values := range map[string][]float64{"none": nil, "unknown": {math.NaN(), math.NaN()}, "without end": {math.Inf(1)}} {
		if _, err := OfHistogram(Histogram{Title: "People", Values: values, Value: math.NaN()}); err == nil || !strings.Contains(err.Error(), "People: no value is known") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	some := Histogram{Title: "People", Values: []float64{math.NaN(), 4, 5}, Weights: []float64{9, 1, 3}, Value: math.NaN()}
	if !some.keepKnown() || len(some.Values) != 2 || some.Weights[1] != 3 {
		t.Errorf("of what is known there is left %+v", some)
	}
	if _, err := OfHistogram(some); err != nil {
		t.Error(err)
	}
}

// An axis whose ends are not known has no ticks.
func TestNoTicksOfWhatIsNotKnown(t *testing.T) {
	for _, ends := range [][2]float64{{math.NaN(), 1}, {0, math.NaN()}, {math.NaN(), math.NaN()}, {math.Inf(-1), 3}, {0, math.Inf(1)}} {
		if ticks := (chartTicks{chartNumber}).Ticks(ends[0], ends[1]); len(ticks) != 0 {
			t.Errorf("from %v to %v: %v", ends[0], ends[1], ticks)
		}
	}
}
