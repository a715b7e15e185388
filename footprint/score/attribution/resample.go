package attribution

import (
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/flow/portable"
)

// Resample is an Attributor whose flows are drawn again: the patients of each
// provider from each footprint are a Poisson count about the number that was
// seen. A provider that drew nobody keeps what was seen. What the footprints'
// coverage is measured by stays as it is.
func (a *Attributor) Resample(rng *rand.Rand) *Attributor {
	b := *a
	b.flow, b.total = make([]float64, len(a.flow)), slices.Clone(a.total)
	for j := range a.prov {
		from, to := a.ptr[j], a.ptr[j+1]
		total := 0.0
		for k := from; k < to; k++ {
			b.flow[k] = poisson(rng, a.flow[k])
			total += b.flow[k]
		}
		if total == 0 {
			copy(b.flow[from:to], a.flow[from:to])
			continue
		}
		b.total[j] = total
	}
	return &b
}

// poisson draws a count: by Knuth's product of uniforms where few are expected,
// and from 30 on by the normal that it comes close to.
func poisson(rng *rand.Rand, mean float64) float64 {
	if mean >= 30 {
		return max(0, math.Round(mean+float64(math.Sqrt(mean)*portable.Normal(rng))))
	}
	n, p, limit := 0.0, rng.Float64(), portable.Exp(-mean)
	for p > limit {
		n++
		p *= rng.Float64()
	}
	return n
}
