package scale

import (
	"math"
	"slices"
	"testing"
)

// The scales of three values and an unknown one, worked out by hand.
func TestScales(t *testing.T) {
	nan := math.NaN()
	x := []float64{1, 2, nan, 4}
	sd := math.Sqrt((16./9 + 1./9 + 25./9) / 2) // about the mean of 7/3
	s := Of(x)
	for name, c := range map[string]struct {
		put  func(u []float64)
		want []float64
	}{
		"min-max":   {func(u []float64) { s.MinMax(x, u) }, []float64{0, 1. / 3, nan, 1}},
		"z":         {func(u []float64) { s.Scores(x, u) }, []float64{-4 / 3. / sd, -1 / 3. / sd, nan, 5 / 3. / sd}},
		"distances": {func(u []float64) { s.Distances(x, u, []float64{2, 2, 2, 3}) }, []float64{-1 / sd, 0, nan, 1 / sd}},
		"ranks":     {func(u []float64) { Ranks(x, u, make([]int, 4)) }, []float64{0, 0.5, nan, 1}},
	} {
		u := make([]float64, len(x))
		c.put(u)
		for f := range u {
			if !(math.Abs(u[f]-c.want[f]) < 1e-12) && !(math.IsNaN(u[f]) && math.IsNaN(c.want[f])) {
				t.Errorf("%s: got %v, want %v", name, u, c.want)
				break
			}
		}
	}
	flat, u := []float64{3, 3, nan}, make([]float64, 3)
	s = Of(flat)
	s.Distances(flat, u, []float64{2, 4, 1})
	if !slices.Equal(u[:2], []float64{1, -1}) || !math.IsNaN(u[2]) {
		t.Errorf("equal values: got %v, want their sides", u)
	}
	if s = Of([]float64{nan}); !s.Empty() || s.Deviation(flat) != 0 {
		t.Error("no values have a spread")
	}
}

// Long distances stay below ten, in their order.
func TestBounded(t *testing.T) {
	for _, u := range []float64{0, 0.5, -3, 5} {
		if Bounded(u) != u {
			t.Errorf("%v became %v", u, Bounded(u))
		}
	}
	last := 5.0
	for _, u := range []float64{5.1, 7, 30, 1e3, 1e6} {
		if b := Bounded(u); !(b > last && b < 10) || Bounded(-u) != -b {
			t.Errorf("%v became %v after %v", u, b, last)
		}
		last = Bounded(u)
	}
	if Bounded(math.Inf(1)) != 10 || !math.IsNaN(Bounded(math.NaN())) {
		t.Error("the ends are not kept")
	}
}
