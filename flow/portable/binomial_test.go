package portable

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Draws follow the binomial distribution.
func TestBinomial(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []float64{1, 15, 16, 17, 100, 4001} {
		for _, p := range []float64{0.1, 0.5, 0.93} {
			const draws = 20_000
			sum, squares := 0.0, 0.0
			for range draws {
				k := Binomial(rng, n, p)
				if k < 0 || k > n || k != math.Trunc(k) {
					t.Fatalf("%v of %v", k, n)
				}
				sum += k
				squares += k * k
			}
			mean, want, spread := sum/draws, n*p, n*p*(1-p)
			variance := squares/draws - mean*mean
			if math.Abs(mean-want) > 5*math.Sqrt(spread/draws) || math.Abs(variance/spread-1) > 0.07 {
				t.Errorf("n = %v, p = %v: mean %.3f, variance %.3f; want %.3f, %.3f", n, p, mean, variance, want, spread)
			}
		}
	}
}

// Draws from the symmetric beta distribution have the mean 1/2 and the variance
// 1/(4·(2a+1)), and lie on both sides alike.
func TestSymmetricBeta(t *testing.T) {
	const draws = 100_000
	for i, a := range []float64{0.5, 0.75, 1, 4, 100, 1e6} {
		rng := rand.New(rand.NewPCG(5, uint64(i)))
		sum, squares := 0.0, 0.0
		for range draws {
			x := SymmetricBeta(rng, a) - 0.5
			if !(math.Abs(x) <= 0.5) {
				t.Fatalf("a %v: %v is outside [0, 1]", a, x+0.5)
			}
			sum += x
			squares += float64(x * x)
		}
		want := 1 / (4 * (2*a + 1))
		if mean := sum / draws; math.Abs(mean) > 4*math.Sqrt(want/draws) {
			t.Errorf("a %v: mean 1/2%+v", a, mean)
		}
		if got := squares / draws; math.Abs(got-want) > 0.03*want {
			t.Errorf("a %v: variance %v, want %v", a, got, want)
		}
	}
}
