package synthetic

import (
	"math"
	"slices"
	"testing"
)

func TestExp(t *testing.T) {
	for x := -700.0; x < 40; x += 0.37 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	if got := exp(-1e6); got != 0 {
		t.Errorf("exp(-1e6) = %v, want 0", got)
	}
}

func TestPoisson(t *testing.T) {
	rng := stream(3, 1)
	for _, mean := range []float64{0, 0.3, 4, 49, 51, 3000} {
		const n = 20_000
		sum, squares := 0.0, 0.0
		for range n {
			x := float64(poisson(rng, mean))
			sum += x
			squares += x * x
		}
		m := sum / n
		v := squares/n - m*m
		// Five standard errors of the mean and, nearly, of the variance.
		if math.Abs(m-mean) > 5*math.Sqrt(mean/n) {
			t.Errorf("mean %v, want %v", m, mean)
		}
		if math.Abs(v-mean) > 5*math.Sqrt((mean+2*mean*mean)/n)+0.1*math.Sqrt(mean/n) {
			t.Errorf("variance %v at mean %v", v, mean)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		name   string
		total  int
		weight []float64
		least  int
		want   []int
	}{
		{"even", 6, []float64{1, 1, 1}, 1, []int{2, 2, 2}},
		{"largest remainder", 4, []float64{5, 3, 2}, 0, []int{2, 1, 1}},
		{"least", 5, []float64{100, 1, 1}, 1, []int{3, 1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := share(c.total, c.weight, c.least); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestCode(t *testing.T) {
	if got := code("SA", 3, 42); got != "SA042" {
		t.Errorf("got %q, want SA042", got)
	}
}

func TestRingContains(t *testing.T) {
	r := ring{{0, 0}, {10, 0}, {10, 10}, {5, 3}, {0, 10}}
	for _, c := range []struct {
		p    point
		want bool
	}{
		{point{5, 2}, true},
		{point{5, 5}, false},
		{point{1, 7}, true},
		{point{11, 1}, false},
		{point{5, -1}, false},
	} {
		if got := r.contains(c.p); got != c.want {
			t.Errorf("contains(%v) = %v", c.p, got)
		}
		if got := newLocator(r).contains(c.p); got != c.want {
			t.Errorf("locator: contains(%v) = %v", c.p, got)
		}
	}
}
