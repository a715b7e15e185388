package portable

import "math"

// Pow is x**y, with the special cases of math.Pow.
func Pow(x, y float64) float64 {
	switch {
	case y == 1:
		return x
	case x > 0 && y == 0.5:
		return math.Sqrt(x)
	case x > 0 && y == -0.5:
		return 1 / math.Sqrt(x)
	case special(x, y):
		return math.Pow(x, y) // has no sum to round, and no logarithm
	}
	whole, part := math.Modf(math.Abs(y))
	if part != 0 && x < 0 {
		return math.NaN()
	}
	power := 1.0
	if part != 0 {
		if part > 0.5 {
			part--
			whole++
		}
		power = Exp(part * Log(x))
	}
	return raised(x, power, whole, y < 0)
}

// special says whether the result is told by sizes and signs alone.
func special(x, y float64) bool {
	return x == 0 || x == 1 || y == 0 || math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0) || math.Abs(y) >= 1<<63
}

// raised is power × x**whole, or one over it, by squaring.
func raised(x, power, whole float64, inverse bool) float64 {
	exponent := 0
	x1, xe := math.Frexp(x)
	for i := int64(whole); i != 0; i >>= 1 {
		if xe < -1<<12 || 1<<12 < xe {
			exponent += xe // enough for 0 or +Inf
			break
		}
		if i&1 == 1 {
			power *= x1
			exponent += xe
		}
		x1 = float64(x1 * x1)
		xe <<= 1
		if x1 < .5 {
			x1 += x1
			xe--
		}
	}
	if inverse {
		power, exponent = 1/power, -exponent
	}
	return math.Ldexp(power, exponent)
}
