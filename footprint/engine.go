package footprint

import (
	"context"
	"fmt"
	"math"
	"sync"

	"stpmap/flow"
)

// Engine holds the network of one matrix, ready for many runs of Leiden or
// Louvain at different resolutions and seeds. It may be used by several
// goroutines at once; each run borrows working memory that is kept for the
// next.
type Engine struct {
	m       *flow.Matrix
	g       *network
	src     sources
	quality Quality
	factor  float64
	scale   float64
	idle    sync.Pool
}

// NewEngine prepares a matrix for a quality. The error is an *InfeasibleError
// where the quality does not suit the matrix.
func NewEngine(m *flow.Matrix, q Quality) (*Engine, error) {
	if q < Modularity || q > Bipartite {
		return nil, fmt.Errorf("unknown quality %v", q)
	}
	if q == Bipartite && m.OneMode() {
		return nil, infeasible("bipartite modularity needs areas and providers; a one-mode matrix has places only: use modularity")
	}
	e := &Engine{m: m, quality: q}
	e.g, e.src = newNetwork(m)
	e.factor, e.scale = e.g.weigh(q)
	e.idle.New = func() any { return newOptimiser(e.g.n) }
	return e, nil
}

func checkResolution(r float64) (float64, error) {
	if !(r >= 0) || math.IsInf(r, 0) {
		return 0, fmt.Errorf("resolution must be a number above 0, got %v", r)
	}
	if r == 0 {
		return 1, nil
	}
	return r, nil
}

// run optimises from start (nil: from nothing) and gives labels by node, valid
// until the optimiser runs again.
func (e *Engine) run(ctx context.Context, o *optimiser, resolution float64, seed, stream uint64, refine bool, start []int32) ([]int32, error) {
	o.pcg.Seed(seed, stream)
	o.f = resolution * e.factor
	o.tol = 1e-13 * e.scale
	if e.quality == CPM {
		o.tol = 1e-12
	}
	o.two = e.quality == Bipartite
	o.refine = refine
	// Small networks have many near-best partitions: every other restart begins
	// from single nodes, and all do for Barber's modularity, which needs it more.
	o.single = e.g.n < smallNetwork && (stream%2 == 1 || e.quality == Bipartite)
	return o.optimise(ctx, e.g, start)
}

// partition turns labels of nodes into a partition without names.
func (e *Engine) partition(label []int32) Partition {
	p := Partition{Areas: make([]int32, len(e.src.area))}
	for a, v := range e.src.area {
		p.Areas[a] = label[v]
	}
	if e.src.provider != nil {
		p.Providers = make([]int32, len(e.src.provider))
		for j, v := range e.src.provider {
			p.Providers[j] = label[v]
		}
	}
	return p
}
