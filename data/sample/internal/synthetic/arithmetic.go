package synthetic

import (
	"math"
	"math/rand/v2"
)

// The sample must come out the same on every architecture. A compiler may fuse
// x*y + z into one rounding, and math.Exp has assembly on some machines, so
// every product that is added to something is rounded by an explicit float64
// conversion, and the exponential is written out here. math.Sqrt is exact
// everywhere; rand's Float64 scales by a power of two, which loses nothing.

// exp is e^x for x in [-700, 40].
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	const ln2 = 0.6931471805599453
	k := math.Round(x / ln2)
	r := x - float64(k*ln2)
	sum := 1.0
	for i := 14; i >= 1; i-- {
		sum = 1 + float64(float64(r*sum)/float64(i))
	}
	return math.Ldexp(sum, int(k))
}

// stream is an independent source of random numbers, one for each step of the
// making, so that a change in one step leaves the others as they were.
func stream(seed, step uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, step)) }

// normal draws from a standard normal distribution, cut at ±6: the sum of
// twelve uniform numbers less six.
func normal(r *rand.Rand) float64 {
	s := -6.0
	for range 12 {
		s += r.Float64()
	}
	return s
}

// poisson draws a count with the given mean; above 50 by the normal
// approximation.
func poisson(r *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	if mean > 50 {
		return max(0, int(math.Round(mean+float64(math.Sqrt(mean)*normal(r)))))
	}
	limit, k := exp(-mean), 0
	for p := r.Float64(); p > limit; p *= r.Float64() {
		k++
	}
	return k
}

// clamp is x, or the nearer of low and high where x lies outside them.
func clamp(x, low, high float64) float64 { return max(low, min(high, x)) }
