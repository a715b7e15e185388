package portable

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// functions is every function of one number, with package math's and where it
// is compared.
var functions = []struct {
	name       string
	ours       func(float64) float64
	reference  func(float64) float64
	from, upTo float64
	ulps       float64 // of both together: package math's own functions are up to two off on some processors
	bits       string  // the hash of ours over the range
}{
	{"Exp", Exp, math.Exp, -708, 709, 3, "86ed2c46f5b27d1c"},
	{"Log", Log, math.Log, 0, 1e6, 2, "8d95a39b06851189"},
	{"Log near 1", Log, math.Log, 0.5, 2, 2, "557a003c97cec073"},
	{"Log2", Log2, math.Log2, 0, 1e6, 2, "9167be7a9b651ddb"},
	{"Log10", Log10, math.Log10, 0, 1e6, 3, "6f0c4ec7427102ec"},
	{"log1p", log1p, math.Log1p, -0.99, 50, 2, "40f916e84debe658"},
	{"Sin", Sin, math.Sin, -50, 50, 2, "868209d33db4af02"},
	{"Cos", Cos, math.Cos, -50, 50, 2, "39b04d8d1a8d501b"},
	{"Tan", Tan, math.Tan, -50, 50, 2, "079072fe81f7d720"},
	{"Asin", Asin, math.Asin, -1, 1, 2, "a064746b90db66e9"},
	{"Atan", Atan, math.Atan, -40, 40, 2, "7e6084f2a5592ca2"},
	{"Sinh", Sinh, math.Sinh, -30, 30, 3, "24f37393aa4a981d"},
	{"Asinh", Asinh, math.Asinh, -30, 30, 3, "f759cfa2886c4693"},
	{"Atanh", Atanh, math.Atanh, -1, 1, 2, "c4d97c3d7474e4dc"},
	{"Cbrt", Cbrt, math.Cbrt, -1e5, 1e5, 2, "11b4e5992ae53689"},
	{"Erfc", Erfc, math.Erfc, -7, 27, 6, "19e50d12394018f5"},
	{"LogFactorial", wholes(LogFactorial), wholes(func(n float64) float64 { l, _ := math.Lgamma(n + 1); return l }), 0, 1e5, 2, "bb505311bd1a48e0"},
	{"NormalQuantile", NormalQuantile, distuv.UnitNormal.Quantile, 0, 1, 3, "e1e62ed14b427d91"},
}

func wholes(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 { return f(math.Floor(x)) }
}

// apart is how many units in the last place two numbers lie apart.
func apart(x, y float64) float64 {
	if x == y || math.IsNaN(x) && math.IsNaN(y) {
		return 0
	}
	return math.Abs(x-y) / (math.Nextafter(math.Abs(y), math.Inf(1)) - math.Abs(y))
}

func TestAgainstMath(t *testing.T) {
	for _, f := range functions {
		rng := rand.New(rand.NewPCG(1, 2))
		for range 20000 {
			x := f.from + (f.upTo-f.from)*rng.Float64()
			if got, want := f.ours(x), f.reference(x); apart(got, want) > f.ulps {
				t.Fatalf("%s(%v) = %v, want %v", f.name, x, got, want)
			}
		}
	}
}

// TestBits wants the same bits on every processor: the hashes stand here, and CI
// runs this test on each.
func TestBits(t *testing.T) {
	for _, f := range functions {
		rng, sum := rand.New(rand.NewPCG(3, 4)), fnv.New64a()
		for range 20000 {
			x := f.from + float64((f.upTo-f.from)*rng.Float64())
			fmt.Fprintf(sum, "%x ", math.Float64bits(f.ours(x)))
		}
		if got := fmt.Sprintf("%016x", sum.Sum64()); got != f.bits {
			t.Errorf("%s: the bits hash to %s, want %s", f.name, got, f.bits)
		}
	}
}

func TestSpecialValues(t *testing.T) {
	values := []float64{
		0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e-300, 1e300, -1e300, math.Inf(1), math.Inf(-1), math.NaN(), 1 << 52, 0.3,
		1e-9, -1e-9, 1e-18, 1e9, 22, -22, 1<<53 + 2,
	}
	for _, f := range functions {
		for _, x := range values {
			if f.name == "LogFactorial" && !(x >= 0) || f.name == "NormalQuantile" && !(x >= 0 && x <= 1) || isAngle(f.name) && math.Abs(x) >= 1<<29 {
				continue
			}
			if got, want := f.ours(x), f.reference(x); apart(got, want) > f.ulps || math.Signbit(got) != math.Signbit(want) && got == 0 {
				t.Errorf("%s(%v) = %v, want %v", f.name, x, got, want)
			}
		}
		if got := f.ours(math.NaN()); !math.IsNaN(got) {
			t.Errorf("%s(NaN) = %v", f.name, got)
		}
	}
	for _, x := range values {
		for _, y := range append(values, 7, 2.4, 1/2.4) {
			for _, c := range []struct {
				name            string
				ours, reference func(x, y float64) float64
			}{{"Pow", Pow, math.Pow}, {"Atan2", Atan2, math.Atan2}, {"Hypot", Hypot, math.Hypot}} {
				if got, want := c.ours(x, y), c.reference(x, y); apart(got, want) > 4 || math.Signbit(got) != math.Signbit(want) && got == 0 {
					t.Errorf("%s(%v, %v) = %v, want %v", c.name, x, y, got, want)
				}
			}
		}
	}
	// Package math's Log is wrong on some processors below 2⁻¹⁰²².
	if got := Log(1e-320); math.Abs(got+320*math.Ln10) > 1e-4 {
		t.Errorf("Log(1e-320) = %v", got)
	}
	if NormalQuantile(0.5) != 0 || !math.IsNaN(NormalQuantile(1.5)) {
		t.Error("NormalQuantile outside 0 to 1")
	}
}

func isAngle(name string) bool { return name == "Sin" || name == "Cos" || name == "Tan" }

func TestTwoArguments(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		x, y := 100*rng.Float64(), 20*rng.Float64()-10
		if got, want := Pow(x, y), math.Pow(x, y); apart(got, want) > 4 {
			t.Fatalf("Pow(%v, %v) = %v, want %v", x, y, got, want)
		}
		if got, want := Atan2(y, x-50), math.Atan2(y, x-50); apart(got, want) > 2 {
			t.Fatalf("Atan2(%v, %v) = %v, want %v", y, x-50, got, want)
		}
		if got, want := Hypot(x, y), math.Hypot(x, y); apart(got, want) > 2 {
			t.Fatalf("Hypot(%v, %v) = %v, want %v", x, y, got, want)
		}
		sin, cos := Sincos(y)
		if sin != Sin(y) || cos != Cos(y) {
			t.Fatalf("Sincos(%v) = %v, %v", y, sin, cos)
		}
	}
}

// TestNormal holds the draws against those of package rand, from the same
// stream: the same strips, and tails that differ by a rounding at most.
func TestNormal(t *testing.T) {
	ours, theirs := rand.New(rand.NewPCG(7, 8)), rand.New(rand.NewPCG(7, 8))
	tails := 0
	for range 2_000_000 {
		got, want := Normal(ours), theirs.NormFloat64()
		if apart(got, want) > 2 {
			t.Fatalf("%v, want %v", got, want)
		}
		if math.Abs(got) > baseStart {
			tails++
		}
	}
	if tails < 900 || tails > 1400 { // 2 × 2,000,000 × 0.00028797
		t.Errorf("%d draws of the tails", tails)
	}
}

func TestGamma(t *testing.T) {
	for _, shape := range []float64{0.05, 0.3, 1, 2.5, 16, 300} {
		rng := rand.New(rand.NewPCG(9, 10))
		const n = 200_000
		below := [3]float64{}
		want := [3]float64{0.1, 0.5, 0.95}
		limits := [3]float64{}
		for i, p := range want {
			limits[i] = GammaQuantile(shape, p)
		}
		for range n {
			x := Gamma(shape, rng)
			for i, limit := range limits {
				if x < limit {
					below[i] += 1.0 / n
				}
			}
		}
		for i, p := range want {
			if math.Abs(below[i]-p) > 0.005 {
				t.Errorf("shape %v: %v of the draws lie below the %v quantile", shape, below[i], p)
			}
		}
	}
}

func TestGammaQuantile(t *testing.T) {
	for _, shape := range []float64{0.5, 1, 1.5, 2, 5, 9.25, 10, 40} {
		for _, p := range []float64{0.001, 0.025, 0.5, 0.975, 0.999} {
			got, want := GammaQuantile(shape, p), distuv.Gamma{Alpha: shape, Beta: 1}.Quantile(p)
			if math.Abs(got-want) > 1e-12*want {
				t.Errorf("shape %v, p %v: %v, want %v", shape, p, got, want)
			}
		}
	}
	// Of an exponential variable the quantile is −ln(1 − p).
	for _, p := range []float64{0.025, 0.5, 0.975, 0.999} {
		if got, want := GammaQuantile(1, p), -math.Log1p(-p); apart(got, want) > 4 {
			t.Errorf("the %v quantile of an exponential variable is %v, want %v", p, got, want)
		}
	}
	for _, p := range []float64{-0.1, 1, math.NaN()} {
		if got := GammaQuantile(2, p); !math.IsNaN(got) {
			t.Errorf("the %v quantile is %v", p, got)
		}
	}
	if got := GammaQuantile(2, 0); got > 1e-300 {
		t.Errorf("the 0 quantile is %v", got)
	}
}
