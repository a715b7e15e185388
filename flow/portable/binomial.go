package portable

import (
	"math"
	"math/rand/v2"
)

// SymmetricBeta draws from the beta distribution whose two parameters are both
// a, 1/2 or more: Ulrich's method (Devroye 1986, Non-Uniform Random Variate
// Generation, chapter IX.4).
func SymmetricBeta(rng *rand.Rand, a float64) float64 {
	if a <= 0.5 {
		a = 0.5 + 1e-9
	}
	var x, q float64
	for q = 0; q == 0 || q > 1; {
		x = float64(2*rng.Float64()) - 1
		y := float64(2*rng.Float64()) - 1
		q = float64(x*x) + float64(y*y)
	}
	radius := math.Sqrt(max(0, 1-Pow(1-rng.Float64(), 2/(2*a-1))))
	return 0.5 + float64(0.5*radius*(x/math.Sqrt(q)))
}

// Binomial draws how many of n things fall to one side, each with probability
// p. The middle one of an odd number of uniform draws is beta
// distributed, and tells on which side of p its half of them lie (Relles 1972,
// doi:10.1080/01621459.1972.10481259).
func Binomial(rng *rand.Rand, n, p float64) float64 {
	count := 0.0
	for n > 15 && p > 0 && p < 1 {
		if math.Mod(n, 2) == 0 {
			if rng.Float64() < p {
				count++
			}
			n--
		}
		half := (n + 1) / 2
		if middle := SymmetricBeta(rng, half); middle <= p {
			count += half
			p = (p - middle) / (1 - middle)
		} else {
			p /= middle
		}
		n = half - 1
	}
	for ; n >= 1; n-- {
		if rng.Float64() < p {
			count++
		}
	}
	return count
}
