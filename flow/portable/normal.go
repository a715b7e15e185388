package portable

import (
	"math"
	"math/rand/v2"
)

// Coefficients of Wichura's algorithm AS 241, the highest power's first.
var (
	centreP = []float64{
		2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
		1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
	}
	centreQ = []float64{
		5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
		687.1870074920579083, 42.313330701600911252, 1,
	}
	sideP = []float64{
		7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
		5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
	}
	sideQ = []float64{
		1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
		1.6763848301838038494, 2.05319162663775882187, 1,
	}
	tailP = []float64{
		2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
		1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
	}
	tailQ = []float64{
		2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
		0.13692988092273580531, 0.59983220655588793769, 1,
	}
)

// NormalQuantile is the value that a standard normal variable stays below with
// probability p from 0 to 1; NaN outside. Wichura MJ (1988), Applied Statistics
// 37:477, doi:10.2307/2347330.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0 || p == 1:
		return math.Inf(int(float64(2*p) - 1))
	}
	d := p - 0.5
	if math.Abs(d) <= 0.425 {
		z := 0.180625 - float64(d*d)
		return d * polynomial(z, centreP) / polynomial(z, centreQ)
	}
	tail := p
	if d > 0 {
		tail = 1 - p
	}
	r := math.Sqrt(-Log(tail))
	y := 0.0
	if r <= 5 {
		y = polynomial(r-1.6, sideP) / polynomial(r-1.6, sideQ)
	} else {
		y = polynomial(r-5, tailP) / polynomial(r-5, tailQ)
	}
	return signed(y, d < 0)
}

// The ziggurat's strips: where its base begins, and their area.
const (
	baseStart = 3.442619855899
	stripArea = 9.91256303526217e-3
)

// ziggurat is the table of Marsaglia and Tsang: of each strip the widest draw
// that lies inside it, the width of one, and the density at its edge.
type ziggurat struct {
	inside  [128]uint32
	width   [128]float32
	density [128]float32
}

var strips = newZiggurat()

func newZiggurat() *ziggurat {
	const m = 1 << 31
	z := &ziggurat{}
	edge := baseStart
	density := Exp(-0.5 * edge * edge)
	base := stripArea / density
	z.inside[0], z.inside[1] = uint32(edge/base*m), 0
	z.width[0], z.width[127] = float32(base/m), float32(edge/m)
	z.density[0], z.density[127] = 1, float32(density)
	for i := 126; i >= 1; i-- {
		next := math.Sqrt(-2 * Log(stripArea/edge+density))
		density = Exp(-0.5 * next * next)
		z.inside[i+1] = uint32(next / edge * m)
		z.density[i], z.width[i] = float32(density), float32(next/m)
		edge = next
	}
	return z
}

// Normal draws from the standard normal distribution, the same values as
// (*rand.Rand).NormFloat64. Marsaglia G, Tsang WW (2000), Journal of Statistical
// Software 5(8), doi:10.18637/jss.v005.i08.
func Normal(rng *rand.Rand) float64 {
	for {
		u := rng.Uint64()
		j, i := int32(u), u>>32&0x7F
		x := float64(j) * float64(strips.width[i])
		switch {
		case size32(j) < strips.inside[i]:
			return x
		case i == 0:
			return signed(baseStart+beyondBase(rng), j <= 0)
		}
		above, below := strips.density[i-1], strips.density[i]
		if below+float32(float32(rng.Float64())*(above-below)) < float32(Exp(-.5*x*x)) {
			return x
		}
	}
}

// beyondBase draws how far a value of the tail lies beyond the base's start.
func beyondBase(rng *rand.Rand) float64 {
	for {
		x := -Log(rng.Float64()) * (1.0 / baseStart)
		if y := -Log(rng.Float64()); y+y >= x*x {
			return x
		}
	}
}

func size32(i int32) uint32 {
	if i < 0 {
		return uint32(-i)
	}
	return uint32(i)
}
