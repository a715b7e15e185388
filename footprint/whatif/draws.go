package whatif

import (
	"math"
	"math/rand/v2"

	"stpmap/flow/portable"
)

// poisson draws from a Poisson distribution: exactly up to a rate of 30, and as a
// rounded normal beyond.
func poisson(rate float64, rng *rand.Rand) float64 {
	if rate > 30 {
		return max(0, math.Round(rate+float64(math.Sqrt(rate)*portable.Normal(rng))))
	}
	limit, product, n := portable.Exp(-rate), rng.Float64(), 0.0
	for product > limit {
		product *= rng.Float64()
		n++
	}
	return n
}

// binomial draws how many of n succeed with probability p: exactly up to 30, and
// as a rounded normal beyond where neither outcome is rare.
func binomial(n, p float64, rng *rand.Rand) float64 {
	switch {
	case p <= 0 || n <= 0:
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - binomial(n, 1-p, rng)
	case n*p < 15 && n > 30:
		return min(n, poisson(n*p, rng))
	case n <= 30:
		k := 0.0
		for range int(n) {
			if rng.Float64() < p {
				k++
			}
		}
		return k
	}
	return min(n, max(0, math.Round(float64(n*p)+float64(math.Sqrt(n*p*(1-p))*portable.Normal(rng)))))
}

// multinomial adds to out how many of n choose each place.
func multinomial(n float64, share []float64, rng *rand.Rand, out func(k int, n float64)) {
	left, rest := n, 1.0
	for k, p := range share {
		if left <= 0 {
			return
		}
		x := left
		if k < len(share)-1 {
			x = binomial(left, min(1, p/rest), rng)
		}
		if x > 0 {
			out(k, x)
		}
		left -= x
		rest -= p
		if rest <= 0 {
			rest = 1e-300
		}
	}
}
