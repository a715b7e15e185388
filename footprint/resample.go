package footprint

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"stpmap/flow"
)

// resampled redraws every count of a matrix from a Poisson distribution with
// the count as its mean. An area or provider that would come out with nobody
// keeps one patient in its largest cell (ties: the first), so that the result
// has the same areas and providers.
func resampled(m *flow.Matrix, seed, stream uint64) (*flow.Matrix, error) {
	b := flow.NewBuilder()
	if m.OneMode() {
		b = flow.NewOneModeBuilder()
	}
	src := rand.NewPCG(seed, stream)
	reached := make([]bool, len(m.Providers()))
	add := func(area int, provider int32, n float64) error {
		reached[provider] = true
		if m.OneMode() {
			reached[area] = true
		}
		return b.Add(m.Areas()[area], m.Providers()[provider], flow.Exactly(n))
	}
	for a := range m.Areas() {
		ps, ws := m.Row(a)
		some := false
		for i, j := range ps {
			n := distuv.Poisson{Lambda: ws[i], Src: src}.Rand()
			if n > 0 {
				some = true
				if err := add(a, j, n); err != nil {
					return nil, err
				}
			}
		}
		if !some && len(ps) > 0 {
			if err := add(a, ps[largest(ws)], 1); err != nil {
				return nil, err
			}
		}
	}
	for j, ok := range reached {
		if as, ws := m.Column(j); !ok && len(as) > 0 {
			if err := add(int(as[largest(ws)]), int32(j), 1); err != nil {
				return nil, err
			}
		}
	}
	r, _, err := b.Build()
	return r, err
}

// largest is the place of the greatest number, the first of equals.
func largest(xs []float64) int {
	best := 0
	for i, x := range xs {
		if x > xs[best] {
			best = i
		}
	}
	return best
}
