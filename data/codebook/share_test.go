package codebook

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		total  float64
		shares []float64
		want   []float64
	}{
		{10, []float64{1, 1, 1}, []float64{4, 3, 3}},
		{10, []float64{0.5, 0.5}, []float64{5, 5}},
		{1, []float64{0.2, 0.5, 0.3}, []float64{0, 1, 0}},
		{0, []float64{1, 2}, []float64{0, 0}},
		{7, []float64{0, 1}, []float64{0, 7}},
		{2.5, []float64{1, 1}, []float64{1.25, 1.25}},
		{100, []float64{0.7, 0.1, 0.2}, []float64{70, 10, 20}},
	} {
		if got := largestRemainder(c.total, c.shares); !slices.Equal(got, c.want) {
			t.Errorf("%v by %v: got %v, want %v", c.total, c.shares, got, c.want)
		}
	}
	rng := rand.New(rand.NewPCG(2, 2))
	for range 2000 {
		shares := make([]float64, 1+rng.IntN(20))
		for i := range shares {
			shares[i] = rng.Float64()
		}
		total := float64(rng.IntN(100000))
		sum, all := 0.0, 0.0
		for _, s := range shares {
			all += s
		}
		for i, n := range largestRemainder(total, shares) {
			sum += n
			if quota := total * shares[i] / all; n < quota-1 || n > quota+1 {
				t.Fatalf("%v of quota %v", n, quota)
			}
		}
		if sum != total {
			t.Fatalf("%v came out of %v", sum, total)
		}
	}
}
