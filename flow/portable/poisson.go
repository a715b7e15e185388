package portable

import (
	"math"
	"math/rand/v2"
	"sync"
)

// tabled is the largest whole rate of which poisson holds the distribution.
// Most flows of small areas are below it.
const tabled = 128

// poissonTable is the distribution function of one rate, for inversion: below
// under[k] of 2⁶⁴ equal draws give at most k.
type poissonTable struct {
	from  [256]uint8 // by the draw's first eight bits, the least it may give
	under []uint64   // the last is 2⁶⁴−1: what is beyond has less than 2⁻⁶⁴
}

var poissonTables = sync.OnceValue(func() *[tabled + 1]poissonTable {
	var all [tabled + 1]poissonTable
	for rate := 1; rate <= tabled; rate++ {
		all[rate] = newPoissonTable(float64(rate))
	}
	return &all
})

func newPoissonTable(rate float64) poissonTable {
	// Probabilities, to where they no longer count.
	var p []float64
	for k, x := 0, Exp(-rate); float64(k) < rate || x > 0x1p-64; k++ {
		p = append(p, x)
		x *= rate / float64(k+1)
	}
	t := poissonTable{under: make([]uint64, len(p))}
	// Each half is added up from its thin end, so that no digit is lost.
	mode, low := int(rate), 0.0
	for k := range mode {
		low += p[k]
		t.under[k] = uint64(low * 0x1p64)
	}
	t.under[len(p)-1] = math.MaxUint64
	high := p[len(p)-1]
	for k := len(p) - 2; k >= mode; k-- {
		t.under[k] = -uint64(high * 0x1p64) // 2⁶⁴ less what is above k
		high += p[k]
	}
	k := uint8(0)
	for i := range t.from {
		for t.under[k] <= uint64(i)<<56 && int(k) < len(p)-1 {
			k++
		}
		t.from[i] = k
	}
	return t
}

// Poisson draws from Poisson distributions, exactly to the resolution of a
// float64: by inversion, from a table where the rate is whole and small, and
// for rates of 10 or more by transformed rejection, algorithm PTRS of Hörmann
// 1993, doi:10.1016/0167-6687(93)90997-4.
type Poisson struct {
	src    *rand.PCG
	tables *[tabled + 1]poissonTable
}

// NewPoisson draws from a source.
func NewPoisson(src *rand.PCG) Poisson { return Poisson{src, poissonTables()} }

// Draw draws a count about a rate of 0 or more.
func (d *Poisson) Draw(rate float64) float64 {
	if n := int(rate); n <= tabled && float64(n) == rate && n > 0 {
		t := &d.tables[n]
		u := d.src.Uint64()
		k := int(t.from[u>>56])
		for k < len(t.under)-1 && u >= t.under[k] {
			k++
		}
		return float64(k)
	}
	switch {
	case rate >= 10:
		return d.reject(rate)
	case rate > 0:
		p, k := Exp(-rate), 0.0
		for u := d.uniform(); u >= p && p > 0; {
			u -= p
			k++
			p *= rate / k
		}
		return k
	}
	return 0
}

// uniform draws from [0, 1).
func (d *Poisson) uniform() float64 { return float64(d.src.Uint64()>>11) * 0x1p-53 }

// reject is PTRS.
func (d *Poisson) reject(rate float64) float64 {
	root := math.Sqrt(rate)
	b := 0.931 + float64(2.53*root)
	a := -0.059 + float64(0.02483*b)
	vr := 0.9277 - 3.6224/(b-2)
	log := 0.0
	for {
		u, v := d.uniform()-0.5, 1-d.uniform()
		us := 0.5 - math.Abs(u)
		k := math.Floor(float64((2*a/us+b)*u) + rate + 0.43)
		if us >= 0.07 && v <= vr {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		if log == 0 {
			log = Log(rate)
		}
		invAlpha := 1.1239 + 1.1328/(b-3.4)
		if Log(v*invAlpha/(a/(us*us)+b)) <= float64(k*log)-rate-logFactorial(k) {
			return k
		}
	}
}

// logFactorial is ln k!, from 16 on by Stirling's series, whose next term is
// below 1e-14 there.
func logFactorial(k float64) float64 {
	if k < 16 {
		return LogFactorial(k)
	}
	r := 1 / k
	q := r * r
	return float64((k+0.5)*Log(k)) - k + float64(0.5*Log(2*math.Pi)) + float64(r*(1.0/12-float64(q*(1.0/360-float64(q*(1.0/1260-float64(q*(1.0/1680-q/1188))))))))
}
