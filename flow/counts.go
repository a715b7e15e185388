package flow

import (
	"fmt"
	"math"
)

// WithCounts is the matrix with other counts for its stored pairs, such as a
// resample, in the order of Cell; they are taken as exact. A pair of 0 leaves.
// All codes stay, even those left without any flow, so that indices mean what
// they meant. The error wraps ErrNegative, ErrNotFinite or ErrOverflow.
func (m *Matrix) WithCounts(counts []float64) (*Matrix, error) {
	if len(counts) != m.Len() {
		return nil, fmt.Errorf("%d counts for %d pairs", len(counts), m.Len())
	}
	var recs records
	k := 0
	for a := range m.areas {
		providers, _ := m.Row(a)
		for _, p := range providers {
			w := counts[k]
			k++
			switch {
			case w < 0:
				return nil, fmt.Errorf("%w: %v", ErrNegative, w)
			case !(w <= math.MaxFloat64):
				return nil, fmt.Errorf("%w: %v", ErrNotFinite, w)
			case w > 0:
				recs.add(triple{int32(a), p, w})
			}
		}
	}
	n := &Matrix{areas: m.areas, providers: m.providers, oneMode: m.oneMode}
	n.fill(&recs)
	if math.IsInf(n.total.Value, 0) {
		return nil, ErrOverflow
	}
	return n, nil
}
