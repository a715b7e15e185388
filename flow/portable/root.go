package portable

import "math"

// Hypot is √(p² + q²), which overflows only where the result does.
func Hypot(p, q float64) float64 {
	p, q = math.Abs(p), math.Abs(q)
	switch {
	case math.IsInf(p, 1) || math.IsInf(q, 1):
		return math.Inf(1)
	case math.IsNaN(p) || math.IsNaN(q):
		return math.NaN()
	}
	if p < q {
		p, q = q, p
	}
	if p == 0 {
		return 0
	}
	q /= p
	return p * math.Sqrt(1+float64(q*q))
}

// Cbrt is the cube root of x.
func Cbrt(x float64) float64 {
	const (
		b1 = 715094163 // (1023 × 2/3 − 0.0331) × 2**20
		c  = 5.42857142857142815906e-01
		d  = -7.05306122448979611050e-01
		e  = 1.41428571428571436819e+00
		f  = 1.60714285714285720630e+00
		g  = 3.57142857142857150787e-01
	)
	size := math.Abs(x)
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) || size < 0x1p-1022 {
		return math.Cbrt(x)
	}
	// To 5 bits, then to 23.
	t := math.Float64frombits(math.Float64bits(size)/3 + b1<<32)
	r := t * t / size
	s := c + float64(r*t)
	t *= g + f/(s+e+d/s)
	// Cut to 22 bits, above the root; then one step of Newton.
	t = math.Float64frombits(math.Float64bits(t)&(0xFFFFFFFFC<<28) + 1<<30)
	s = t * t
	r = size / s
	w := t + t
	r = (r - t) / (w + r)
	return signed(t+float64(t*r), x < 0)
}
