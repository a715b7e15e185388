package portable

import (
	"math"
	"math/rand/v2"
)

// Gamma draws from the gamma distribution of a shape above 0 and scale 1.
// Marsaglia G, Tsang WW (2000), ACM Transactions on Mathematical Software 26:363,
// doi:10.1145/358407.358414.
func Gamma(shape float64, rng *rand.Rand) float64 {
	d, scale := shape-1.0/3, 1.0
	if shape < 1 {
		d++
		scale = Pow(rng.Float64(), 1/shape)
	}
	c := 1 / (3 * math.Sqrt(d))
	for {
		x := Normal(rng)
		v := 1 + float64(x*c)
		if v <= 0 {
			continue
		}
		v = float64(v * v * v)
		u := rng.Float64()
		if u < 1.0-float64(0.0331*(x*x)*(x*x)) || Log(u) < float64(0.5*x*x)+float64(d*(1-v+Log(v))) {
			return scale * d * v
		}
	}
}

// GammaQuantile is the value that a gamma variable of a shape above 0 and scale
// 1 stays below with probability p, from 0 to below 1; NaN outside. It is found
// by halving, to the last digits that the distribution function tells apart.
func GammaQuantile(shape, p float64) float64 {
	if !(shape > 0 && p >= 0 && p < 1) {
		return math.NaN()
	}
	tooLow := func(x float64) bool { return gammaBelow(shape, x) < p }
	if shape == math.Floor(shape) && p > 0.5 {
		tooLow = func(x float64) bool { return gammaAbove(shape, x) > 1-p } // keeps the digits of 1 − p
	}
	low, high := 0.0, shape+1
	for tooLow(high) {
		low, high = high, 2*high
	}
	for {
		middle := low + (high-low)/2
		switch {
		case middle <= low || middle >= high:
			return middle
		case tooLow(middle):
			low = middle
		default:
			high = middle
		}
	}
}

// gammaAbove is the probability that a gamma variable of a whole shape is above
// x: that a Poisson variable of mean x is below the shape. DLMF 8.4.10.
func gammaAbove(shape, x float64) float64 {
	term := Exp(-x)
	sum := term
	for k := 1.0; k < shape; k++ {
		term = float64(term * (x / k))
		sum += term
	}
	return sum
}

// gammaBelow is the probability that a gamma variable is below x, by its power
// series, all of whose terms are positive. DLMF 8.7.1, https://dlmf.nist.gov/8.7
func gammaBelow(shape, x float64) float64 {
	if x == 0 {
		return 0
	}
	term := 1.0
	sum := term
	for n := 1.0; term > sum*0x1p-56; n++ {
		term = float64(term * (x / (shape + n)))
		sum += term
	}
	if shape == math.Floor(shape) && shape <= 20 {
		return sum * Pow(x, shape) * Exp(-x) / factorial(shape)
	}
	return sum * Exp(float64(shape*Log(x))-x-logGamma(shape+1))
}

// factorial is n! of a whole number to 20, exactly.
func factorial(n float64) float64 {
	product := 1.0
	for k := 2.0; k <= n; k++ {
		product *= k
	}
	return product
}

// logGamma is ln Γ(x), x > 0, by the series of LogFactorial at x + 8.
func logGamma(x float64) float64 {
	product := 1.0
	for k := range 8 {
		product *= x + float64(k)
	}
	return LogFactorial(x+7) - Log(product)
}
