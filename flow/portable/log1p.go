package portable

import "math"

// log1p is log(1+x), also where 1+x would lose the digits of x.
func log1p(x float64) float64 {
	const (
		sqrt2M1     = 4.142135623730950488017e-01  // √2 − 1
		sqrt2HalfM1 = -2.928932188134524755992e-01 // √2/2 − 1
	)
	size := math.Abs(x)
	switch {
	case x < -1 || math.IsNaN(x):
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	case math.IsInf(x, 1) || size < 1.0/(1<<54):
		return x
	case size < 1.0/(1<<29):
		return x - float64(x*x*0.5)
	case sqrt2HalfM1 < x && x < sqrt2M1:
		return log1pOf(x, 0, 0)
	}
	f, c, k := reduced(x)
	return log1pOf(f, c, k)
}

// reduced is 1+x = (1+f) × 2**k with √2/2 < 1+f < √2, and what 1+x lost of x.
func reduced(x float64) (f, lost, k float64) {
	const mantissa, sqrt2 = 1<<52 - 1, 0x6a09e667f3bcd
	u := x
	if math.Abs(x) < 1<<53 {
		u = 1 + x
	}
	bits := math.Float64bits(u)
	n := int(bits>>52) - 1023
	switch {
	case u == x: // too large to lose anything
	case n > 0:
		lost = (1 - (u - x)) / u
	default:
		lost = (x - (u - 1)) / u
	}
	if bits &= mantissa; bits < sqrt2 {
		u = math.Float64frombits(bits | 0x3ff<<52)
	} else {
		n++
		u = math.Float64frombits(bits | 0x3fe<<52)
	}
	return u - 1, lost, float64(n)
}

func log1pOf(f, lost, k float64) float64 {
	const (
		p1 = 6.666666666666735130e-01
		p2 = 3.999999999940941908e-01
		p3 = 2.857142874366239149e-01
		p4 = 2.222219843214978396e-01
		p5 = 1.818357216161805012e-01
		p6 = 1.531383769920937332e-01
		p7 = 1.479819860511658591e-01
	)
	halved := float64(0.5 * f * f)
	s := f / (2 + f)
	z := s * s
	r := float64(z * (p1 + float64(z*(p2+float64(z*(p3+float64(z*(p4+float64(z*(p5+float64(z*(p6+float64(z*p7)))))))))))))
	if k == 0 {
		return f - (halved - float64(s*(halved+r)))
	}
	return float64(k*ln2Hi) - ((halved - (float64(s*(halved+r)) + (float64(k*ln2Lo) + lost))) - f)
}
