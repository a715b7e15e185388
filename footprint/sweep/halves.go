package sweep

import (
	"math"
	"math/rand/v2"

	"stpmap/flow"
	"stpmap/flow/portable"
)

// OverDispersion is how much more than by chance a count differs from one year
// to the next: a count of mean μ has the variance μ + α·μ², α being its value,
// 0 or more. It is the squared coefficient of variation of a large count, so
// that 0.01 stands for 10%. 0 is Poisson.
type OverDispersion float64

// DefaultOverDispersion is used where neither years nor the user give one: the
// count of a busy pair of area and provider lies within 10% of its mean in two
// years of three.
const DefaultOverDispersion OverDispersion = 0.01

// halver splits the counts of a matrix at random into two halves. Each patient
// goes to either half with the same probability, which for each pair is drawn
// about 1/2 from a symmetric beta distribution of parameter 1/α: two negative
// binomial years split their sum like that (Johnson, Kemp and Kotz 2005,
// Univariate Discrete Distributions, chapter 6). An area or provider that the
// first half would lose keeps one patient there.
type halver struct {
	*resampler
	first, second []float64
}

func newHalver(m *flow.Matrix) *halver {
	h := &halver{resampler: &resampler{m: m}}
	h.first, h.second = make([]float64, m.Len()), make([]float64, m.Len())
	h.rowMax, h.colMax = largestPairs(m)
	h.reached = make([]bool, len(m.Providers()))
	return h
}

// split fills both halves.
func (h *halver) split(src *rand.PCG, alpha OverDispersion) {
	m, rng := h.m, rand.New(src)
	clear(h.reached)
	for a := range m.Areas() {
		providers, values := m.Row(a)
		off := m.RowOffset(a)
		some := false
		for i, count := range values {
			if c := m.Cell(off + i); c.Suppressed() {
				count = drawBetween(rng, c.Lower, c.Upper)
			}
			part := 0.5
			if alpha > 0 {
				part = portable.SymmetricBeta(rng, 1/float64(alpha))
			}
			n := math.Floor(count + rng.Float64())
			w := portable.Binomial(rng, n, part)
			h.first[off+i], h.second[off+i] = w, n-w
			if w > 0 {
				some, h.reached[providers[i]] = true, true
			}
		}
		if k := h.rowMax[a]; !some && k >= 0 && !m.OneMode() {
			h.first[k] = 1
		}
	}
	for p, some := range h.reached {
		if k := h.colMax[p]; !some && k >= 0 && !m.OneMode() {
			h.first[k] = max(h.first[k], 1)
		}
	}
}

// insideShare is the share of counts, in the matrix's row order, between areas
// and providers of one footprint.
func insideShare(m *flow.Matrix, counts []float64, areas, providers []int32) float64 {
	if m.OneMode() {
		providers = areas
	}
	inside, total := 0.0, 0.0
	for a := range m.Areas() {
		to, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, p := range to {
			w := counts[off+i]
			total += w
			if f := areas[a]; f >= 0 && f == providers[p] {
				inside += w
			}
		}
	}
	if total == 0 {
		return math.NaN()
	}
	return inside / total
}
