package interval

import (
	"math"

	"stpmap/flow/portable"
	"stpmap/footprint/score/definition"
)

// The normal quantiles of the two intervals that are published.
const (
	Z95  = 1.959963984540054
	Z998 = 3.090232306167814
)

// Z is the normal quantile of a two-sided confidence.
func Z(confidence float64) float64 {
	switch confidence {
	case 0.95:
		return Z95
	case 0.998:
		return Z998
	}
	return portable.NormalQuantile(0.5 + confidence/2)
}

// Wilson is the score interval of a proportion of r in n cases, 0 <= r <= n and
// n > 0, at a two-sided confidence in (0, 1):
//
//	(2r + z² ± z √(z² + 4r(1 − r/n))) / 2(n + z²)
//
// It is NaN outside those ranges. Wilson EB (1927), J Am Stat Assoc 22:209,
// doi:10.1080/01621459.1927.10502953.
func Wilson(r, n, confidence float64) (lower, upper float64) {
	if !(r >= 0 && r <= n && n > 0 && confidence > 0 && confidence < 1) {
		return math.NaN(), math.NaN()
	}
	z := Z(confidence)
	half := float64(z * math.Sqrt(float64(z*z)+float64(4*r*(1-r/n))))
	lower = (float64(2*r) + float64(z*z) - half) / (2 * (n + float64(z*z)))
	upper = (float64(2*r) + float64(z*z) + half) / (2 * (n + float64(z*z)))
	return max(0, lower), min(1, upper)
}

// Byar is Byar's approximation to the interval of a Poisson count, at a
// two-sided confidence in (0, 1):
//
//	x (1 − 1/9x − z/3√x)³  to  (x+1) (1 − 1/9(x+1) + z/3√(x+1))³
//
// It is NaN for a negative count. Breslow NE, Day NE (1987), Statistical methods
// in cancer research II, IARC, p. 69.
func Byar(count, confidence float64) (lower, upper float64) {
	if !(count >= 0 && confidence > 0 && confidence < 1) {
		return math.NaN(), math.NaN()
	}
	z := Z(confidence)
	if count > 0 {
		lower = count * portable.Pow(max(0, 1-1/(9*count)-z/(3*math.Sqrt(count))), 3)
	}
	c := count + 1
	upper = c * portable.Pow(1-1/(9*c)+z/(3*math.Sqrt(c)), 3)
	return lower, upper
}

// ExactPoisson is the exact interval of a Poisson count, at a two-sided
// confidence in (0, 1): half the χ² quantiles of 2x and 2x+2 degrees of
// freedom. It is NaN for a negative count. Garwood F (1936), Biometrika 28:437,
// doi:10.1093/biomet/28.3-4.437.
func ExactPoisson(count, confidence float64) (lower, upper float64) {
	if !(count >= 0 && confidence > 0 && confidence < 1) {
		return math.NaN(), math.NaN()
	}
	alpha := 1 - confidence
	if count > 0 {
		lower = portable.GammaQuantile(count, alpha/2)
	}
	upper = portable.GammaQuantile(count+1, 1-alpha/2)
	return lower, upper
}

// PoissonInterval is the exact interval for fewer than 10 events and Byar's
// from there, the practice of public health in England.
func PoissonInterval(count, confidence float64) (lower, upper float64) {
	if count < 10 {
		return ExactPoisson(count, confidence)
	}
	return Byar(count, confidence)
}

// Difference is the interval of a − b of two independent estimates with
// intervals of the same confidence, by squaring and adding the distances to
// their limits (for proportions with Wilson limits, Newcombe's method 10). It is
// NaN where a limit is. Newcombe RG (1998), Stat Med 17:873,
// doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I; Donner A,
// Zou GY (2012), Stat Methods Med Res 21:347, doi:10.1177/0962280210383082.
func Difference(a, aLower, aUpper, b, bLower, bUpper float64) (lower, upper float64) {
	return a - b - portable.Hypot(a-aLower, bUpper-b), a - b + portable.Hypot(aUpper-a, b-bLower)
}

// Of is that of a footprint's value; NaN where its sampling error is not
// known.
func Of(ind *definition.Indicator, num, den, value, se float64, weighted bool, confidence float64) (lower, upper float64) {
	switch {
	case math.IsNaN(value):
		return math.NaN(), math.NaN()
	case !math.IsNaN(se):
		d := float64(Z(confidence) * se)
		if ind.Kind == definition.Proportion {
			return max(0, value-d), min(1, value+d)
		}
		return value - d, value + d
	case weighted || math.IsNaN(num) || math.IsNaN(den):
	case ind.Kind == definition.Proportion:
		return Wilson(num, den, confidence)
	case ind.Kind == definition.Rate, ind.Kind == definition.Ratio:
		lower, upper = PoissonInterval(num, confidence)
		return lower / den * ind.EffectivePer(), upper / den * ind.EffectivePer()
	}
	return math.NaN(), math.NaN()
}

// CriticalCount is the count at which a limit of Byar's interval meets e0: the
// lower limit where high is bad, the upper where low is.
func CriticalCount(e0 float64, highIsBad bool, z float64) float64 {
	lower := func(x float64) float64 {
		return x * portable.Pow(max(0, 1-1/(9*x)-z/(3*math.Sqrt(x))), 3)
	}
	upper := func(x float64) float64 {
		return (x + 1) * portable.Pow(1-1/(9*(x+1))+z/(3*math.Sqrt(x+1)), 3)
	}
	e0 = max(0, e0)
	lo, hi := 0.0, e0+float64(20*math.Sqrt(e0+1))+20
	for range 60 {
		mid := (lo + hi) / 2
		below := upper(mid) < e0
		if highIsBad {
			below = lower(mid) <= e0
		}
		if below {
			lo = mid
		} else {
			hi = mid
		}
	}
	if !highIsBad && upper(0) >= e0 {
		return -1 // even no event at all is within the interval
	}
	return lo
}
