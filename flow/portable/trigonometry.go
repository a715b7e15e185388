package portable

import "math"

// largestAngle is the largest size of an angle, in radians, that is reduced
// with all its digits by subtracting multiples of π/4 in three parts.
const largestAngle = 1 << 29

// Coefficients from Cephes.
var (
	sinParts = [...]float64{
		1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136212857245213e-6,
		-1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1,
	}
	cosParts = [...]float64{
		-1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
		2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2,
	}
)

// Sin is the sine of x radians, |x| < 2²⁹; NaN of what is not finite.
func Sin(x float64) float64 {
	sin, _ := Sincos(x)
	return sin
}

// Cos is the cosine of x radians, |x| < 2²⁹; NaN of what is not finite.
func Cos(x float64) float64 {
	_, cos := Sincos(x)
	return cos
}

// Sincos is Sin(x) and Cos(x).
func Sincos(x float64) (sin, cos float64) {
	switch {
	case x == 0:
		return x, 1
	case !(math.Abs(x) < largestAngle):
		return math.NaN(), math.NaN()
	}
	octant, z := reducedAngle(math.Abs(x))
	octant &= 7
	negativeSin, negativeCos := x < 0, false
	if octant > 3 {
		octant -= 4
		negativeSin, negativeCos = !negativeSin, true
	}
	if octant > 1 {
		negativeCos = !negativeCos
	}
	zz := z * z
	cos = 1.0 - float64(0.5*zz) + float64(zz*zz*polynomial(zz, cosParts[:]))
	sin = z + float64(z*zz*polynomial(zz, sinParts[:]))
	if octant == 1 || octant == 2 {
		sin, cos = cos, sin
	}
	return signed(sin, negativeSin), signed(cos, negativeCos)
}

// reducedAngle is x, not negative, less an even number of π/4, and that number.
func reducedAngle(x float64) (quarters uint64, z float64) {
	const (
		quarterA = 7.85398125648498535156e-1 // π/4 in three parts
		quarterB = 3.77489470793079817668e-8
		quarterC = 2.69515142907905952645e-15
	)
	quarters = uint64(x * (4 / math.Pi))
	quarters += quarters & 1
	y := float64(quarters)
	return quarters, ((x - float64(y*quarterA)) - float64(y*quarterB)) - float64(y*quarterC)
}

// polynomial is the polynomial in x with the given coefficients, the highest
// power's first.
func polynomial(x float64, coefficients []float64) float64 {
	y := coefficients[0]
	for _, c := range coefficients[1:] {
		y = float64(y*x) + c
	}
	return y
}

func signed(x float64, negative bool) float64 {
	if negative {
		return -x
	}
	return x
}

// Tan is the tangent of x radians, |x| < 2²⁹; NaN of what is not finite.
func Tan(x float64) float64 {
	switch {
	case x == 0:
		return x
	case !(math.Abs(x) < largestAngle):
		return math.NaN()
	}
	quarters, z := reducedAngle(math.Abs(x))
	y := z
	if zz := z * z; zz > 1e-14 {
		p := polynomial(zz, []float64{-1.30936939181383777646e4, 1.15351664838587416140e6, -1.79565251976484877988e7})
		q := polynomial(zz, []float64{1, 1.36812963470692954678e4, -1.32089234440210967447e6, 2.50083801823357915839e7, -5.38695755929454629881e7})
		y = z + float64(z*(zz*p/q))
	}
	if quarters&2 == 2 {
		y = -1 / y
	}
	return signed(y, x < 0)
}

// Atan is the arctangent of x, in radians.
func Atan(x float64) float64 {
	switch {
	case x > 0:
		return positiveAtan(x)
	case x < 0:
		return -positiveAtan(-x)
	}
	return x
}

// positiveAtan brings x into the range of the series.
func positiveAtan(x float64) float64 {
	const (
		more     = 6.123233995736765886130e-17 // π/2 − float64(π/2)
		tan3pio8 = 2.41421356237309504880      // tan(3π/8)
	)
	switch {
	case x <= 0.66:
		return atanSeries(x)
	case x > tan3pio8:
		return math.Pi/2 - atanSeries(1/x) + more
	}
	return math.Pi/4 + atanSeries((x-1)/(x+1)) + 0.5*more
}

// atanSeries is Atan from 0 to 0.66.
func atanSeries(x float64) float64 {
	z := x * x
	p := polynomial(z, []float64{
		-8.750608600031904122785e-01, -1.615753718733365076637e+01, -7.500855792314704667340e+01, -1.228866684490136173410e+02,
		-6.485021904942025371773e+01,
	})
	q := polynomial(z, []float64{
		1, 2.485846490142306297962e+01, 1.650270098316988542046e+02, 4.328810604912902668951e+02, 4.853903996359136964868e+02,
		1.945506571482613964425e+02,
	})
	return float64(x*(z*p/q)) + x
}

// Atan2 is the angle of the point (x, y), in radians from −π to π, with the
// special cases of math.Atan2.
func Atan2(y, x float64) float64 {
	if x == 0 || y == 0 || math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return math.Atan2(y, x) // told by signs alone
	}
	q := Atan(y / x)
	switch {
	case x > 0:
		return q
	case q <= 0:
		return q + math.Pi
	}
	return q - math.Pi
}

// Asin is the arcsine of x, in radians; NaN outside −1 to 1.
func Asin(x float64) float64 {
	size := math.Abs(x)
	switch {
	case x == 0:
		return x
	case !(size <= 1):
		return math.NaN()
	}
	other := math.Sqrt(1 - float64(size*size))
	angle := positiveAtan(size / other)
	if size > 0.7 {
		angle = math.Pi/2 - positiveAtan(other/size)
	}
	return signed(angle, x < 0)
}
