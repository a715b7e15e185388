package sweep

import (
	"math/rand/v2"

	"stpmap/flow"
)

// resampled is a matrix whose counts are drawn as Bootstrap draws them.
func resampled(m *flow.Matrix, seed, stream uint64) (*flow.Matrix, error) {
	r := resampler{m: m}
	return m.WithCounts(r.draw(rand.NewPCG(seed, stream), 0))
}
