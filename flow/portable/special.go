package portable

import "math"

// LogFactorial is ln n! of a whole number of 0 or more.
func LogFactorial(n float64) float64 {
	x := n + 1
	switch {
	case x <= 2:
		return 0
	case x < 8:
		return Log(factorial(n))
	}
	z := 1 / x
	y := z * z
	const half = 4.18938533204672725052e-01 // (ln 2π − 1)/2
	tail := half + float64(z*polynomial(y, []float64{
		-1.63092934096575273989e-03, 8.36339918996282139126e-04, -5.95187557450339963135e-04, 7.93650558643019558500e-04,
		-2.77777777728775536470e-03, 8.33333333333329678849e-02,
	}))
	return float64((x-0.5)*(Log(x)-1)) + tail
}

// Coefficients of Erfc from FreeBSD's s_erf.c, the highest power's first, by the
// size of x: to 0.84375, to 1.25, to 1/0.35 and to 28.
var (
	erfP = []float64{
		-2.37630166566501626084e-05, -5.77027029648944159157e-03, -2.84817495755985104766e-02, -3.25042107247001499370e-01,
		1.28379167095512558561e-01,
	}
	erfQ = []float64{
		-3.96022827877536812320e-06, 1.32494738004321644526e-04, 5.08130628187576562776e-03, 6.50222499887672944485e-02,
		3.97917223959155352819e-01, 1,
	}
	erfPA = []float64{
		-2.16637559486879084300e-03, 3.54783043256182359371e-02, -1.10894694282396677476e-01, 3.18346619901161753674e-01,
		-3.72207876035701323847e-01, 4.14856118683748331666e-01, -2.36211856075265944077e-03,
	}
	erfQA = []float64{
		1.19844998467991074170e-02, 1.36370839120290507362e-02, 1.26171219808761642112e-01, 7.18286544141962662868e-02,
		5.40397917702171048937e-01, 1.06420880400844228286e-01, 1,
	}
	erfRA = []float64{
		-9.81432934416914548592e+00, -8.12874355063065934246e+01, -1.84605092906711035994e+02, -1.62396669462573470355e+02,
		-6.23753324503260060396e+01, -1.05586262253232909814e+01, -6.93858572707181764372e-01, -9.86494403484714822705e-03,
	}
	erfSA = []float64{
		-6.04244152148580987438e-02, 6.57024977031928170135e+00, 1.08635005541779435134e+02, 4.29008140027567833386e+02,
		6.45387271733267880336e+02, 4.34565877475229228821e+02, 1.37657754143519042600e+02, 1.96512716674392571292e+01, 1,
	}
	erfRB = []float64{
		-4.83519191608651397019e+02, -1.02509513161107724954e+03, -6.37566443368389627722e+02, -1.60636384855821916062e+02,
		-1.77579549177547519889e+01, -7.99283237680523006574e-01, -9.86494292470009928597e-03,
	}
	erfSB = []float64{
		-2.24409524465858183362e+01, 4.74528541206955367215e+02, 2.55305040643316442583e+03, 3.19985821950859553908e+03,
		1.53672958608443695994e+03, 3.25792512996573918826e+02, 3.03380607434824582924e+01, 1,
	}
)

// Erfc is the complementary error function of x: 2/√π times the area under
// exp(−t²) from x on.
func Erfc(x float64) float64 {
	size := math.Abs(x)
	var y float64
	switch {
	case math.IsNaN(x):
		return x
	case size < 0.84375:
		return nearErfc(x)
	case size < 1.25:
		const middle = 8.45062911510467529297e-01 // erf(1), cut to 24 bits
		s := size - 1
		y = 1 - middle - polynomial(s, erfPA)/polynomial(s, erfQA)
		if x < 0 {
			return 1 + middle + polynomial(s, erfPA)/polynomial(s, erfQA)
		}
	case size < 28 && x > -6:
		y = farErfc(size)
	}
	if x < 0 {
		return 2 - y
	}
	return y
}

// nearErfc is Erfc for |x| < 0.84375.
func nearErfc(x float64) float64 {
	size := math.Abs(x)
	part := size
	if size >= 1.0/(1<<56) {
		z := x * x
		y := polynomial(z, erfP) / polynomial(z, erfQ)
		if part = size + float64(size*y); size >= 0.25 {
			part = 0.5 + (float64(size*y) + (size - 0.5))
		}
	}
	if x < 0 {
		return 1 + part
	}
	return 1 - part
}

// farErfc is Erfc for 1.25 ≤ x < 28.
func farErfc(x float64) float64 {
	s := 1 / (x * x)
	ratio := polynomial(s, erfRB) / polynomial(s, erfSB)
	if x < 1/0.35 {
		ratio = polynomial(s, erfRA) / polynomial(s, erfSA)
	}
	z := math.Float64frombits(math.Float64bits(x) & 0xffffffff00000000)
	return Exp(float64(-z*z)-0.5625) * Exp(float64((z-x)*(z+x))+ratio) / x
}
