package portable

import "math"

// Sinh is the hyperbolic sine of x.
func Sinh(x float64) float64 {
	size := math.Abs(x)
	switch {
	case size > 21:
		return math.Copysign(Exp(size)*0.5, x)
	case size > 0.5:
		e := Exp(size)
		return math.Copysign((e-1/e)*0.5, x)
	}
	// Hart and Cheney, number 2029.
	square := size * size
	p := polynomial(square, []float64{
		-0.2630563213397497062819489e+2, -0.2894211355989563807284660366e+4, -0.8991272022039509355398013511e+5,
		-0.6307673640497716991184787251e+6,
	})
	q := polynomial(square, []float64{1, -0.173678953558233699533450911e+3, 0.1521517378790019070696485176e+5, -0.6307673640497716991212077277e+6})
	return math.Copysign(p*size/q, x)
}

// Asinh is the inverse hyperbolic sine of x.
func Asinh(x float64) float64 {
	size := math.Abs(x)
	var y float64
	switch {
	case size > 1<<28:
		y = Log(size) + math.Ln2
	case size > 2:
		y = Log(float64(2*size) + 1/(math.Sqrt(float64(size*size)+1)+size))
	case size < 1.0/(1<<28):
		y = size
	default:
		y = log1p(size + size*size/(1+math.Sqrt(1+float64(size*size))))
	}
	return math.Copysign(y, x)
}

// Atanh is the inverse hyperbolic tangent of x: ±Inf of ±1, NaN beyond.
func Atanh(x float64) float64 {
	size := math.Abs(x)
	var y float64
	switch {
	case size < 1.0/(1<<28):
		y = size
	case size < 0.5:
		double := size + size
		y = 0.5 * log1p(double+double*size/(1-size))
	case size == 1:
		y = math.Inf(1)
	default:
		y = 0.5 * log1p((size+size)/(1-size))
	}
	return math.Copysign(y, x)
}
