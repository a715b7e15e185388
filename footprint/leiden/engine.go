package leiden

import (
	"context"
	"fmt"
	"math"
	"sync"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/network"
	"stpmap/footprint/leiden/internal/optimise"
)

// Engine holds the network of one matrix, ready for many runs of Leiden or
// Louvain at different resolutions and seeds: a sweep builds it once. It may
// be used by several goroutines at once; each run borrows working memory that
// is kept for the next.
type Engine struct {
	m       *flow.Matrix
	g       *network.Network
	src     network.Sources
	quality footprint.Quality
	factor  float64
	scale   float64
	rows    []float64 // patients of each area, where counts replace the matrix's
	total   float64   // patients
	idle    *sync.Pool
}

// NewEngine prepares a matrix for a quality. The error is an *InfeasibleError
// where the quality does not suit the matrix.
func NewEngine(m *flow.Matrix, q footprint.Quality) (*Engine, error) {
	if q < footprint.Modularity || q > footprint.Bipartite {
		return nil, fmt.Errorf("unknown quality %v", q)
	}
	if q == footprint.Bipartite && m.OneMode() {
		return nil, footprint.Infeasible("bipartite modularity needs areas and providers; a one-mode matrix has places only: use modularity")
	}
	e := &Engine{m: m, quality: q, total: m.Total().Value}
	e.g, e.src = network.New(m)
	e.factor, e.scale = e.g.Weigh(q)
	n := e.g.Nodes
	e.idle = &sync.Pool{New: func() any { return &workspace{Optimiser: optimise.New(n)} }}
	return e, nil
}

// WithCounts is the engine of the same matrix with other counts, such as a
// resample: counts has one for each stored pair, in the order of Matrix.Cell,
// finite and not negative. A count of 0 takes the pair out; an area or provider
// left without any is Unplaced in the partitions. Where reuse is not nil, an
// earlier result of WithCounts that is no longer needed, its memory is used
// again.
func (e *Engine) WithCounts(counts []float64, reuse *Engine) (*Engine, error) {
	if len(counts) != e.m.Len() {
		return nil, fmt.Errorf("%d counts for %d pairs", len(counts), e.m.Len())
	}
	thin := true
	for _, w := range counts {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("count must be a number of 0 or more, got %v", w)
		}
		thin = thin && float64(float32(w)) == w
	}
	r := reuse
	if r == nil || r.rows == nil || r.m != e.m {
		r = &Engine{g: &network.Network{}}
	}
	g, rows := r.g, r.rows
	*r = *e
	g.Nodes, g.Providers = e.g.Nodes, e.g.Providers
	if e.m.OneMode() {
		g.FillOneMode(e.m, &r.src, counts)
	} else {
		g.Fill(e.m, &r.src, counts, thin)
	}
	r.g = g
	r.factor, r.scale = g.Weigh(r.quality)
	r.rows = work.Zeroed(rows, len(e.m.Areas()))
	r.total = 0
	for a := range r.rows {
		if g.Sum != nil {
			r.rows[a] = g.Sum[r.src.Area[a]]
		} else {
			ps, _ := e.m.Row(a)
			for _, w := range counts[e.m.RowOffset(a):][:len(ps)] {
				r.rows[a] += w
			}
		}
		r.total += r.rows[a]
	}
	return r, nil
}

// Quality is what the engine's runs maximise.
func (e *Engine) Quality() footprint.Quality { return e.quality }

// rowTotal is the number of an area's patients.
func (e *Engine) rowTotal(area int) float64 {
	if e.rows != nil {
		return e.rows[area]
	}
	return e.m.RowTotal(area)
}

// workspace is the working memory of one run: that of the optimiser, and of the
// search for footprints that meet demands.
type workspace struct {
	*optimise.Optimiser
	spare  []*plan // plans to be used again
	blocks layout  // of the blocks of a plan
}

// Run is one run of Leiden: what Leiden{Resolution: resolution, Quality: …,
// Seed: seed} gives, without building the network again.
func (e *Engine) Run(ctx context.Context, resolution float64, seed uint64) (footprint.Partition, error) {
	return e.Leiden(ctx, Leiden{Resolution: resolution, Quality: e.quality, Seed: seed, Jobs: 1})
}

// Leiden is l.Partition for the engine's matrix, which it does not build again.
// The quality must be the engine's.
func (e *Engine) Leiden(ctx context.Context, l Leiden) (footprint.Partition, error) {
	return e.cluster(ctx, l, true)
}

// Louvain is l.Partition for the engine's matrix, which it does not build
// again. The quality must be the engine's.
func (e *Engine) Louvain(ctx context.Context, l Louvain) (footprint.Partition, error) {
	return e.cluster(ctx, Leiden(l), false)
}

func (e *Engine) cluster(ctx context.Context, l Leiden, refine bool) (footprint.Partition, error) {
	resolution, err := footprint.Gamma(l.Resolution)
	if err != nil {
		return footprint.Partition{}, err
	}
	if l.Quality != e.quality {
		return footprint.Partition{}, fmt.Errorf("an engine of %v cannot maximise %v", e.quality, l.Quality)
	}
	c := &l.Constraints
	if err := c.CheckCounts(e.m, e.rowTotal, e.total); err != nil {
		return footprint.Partition{}, err
	}
	var label []int32
	switch {
	case e.g.Nodes == 0:
	case needPlan(c):
		label, err = e.planned(ctx, l, resolution, refine)
	default:
		if label, err = e.best(ctx, l, resolution, refine); err == nil {
			o := e.idle.Get().(*workspace)
			label = e.sound(o, label, c)
			e.idle.Put(o)
		}
	}
	if err != nil {
		return footprint.Partition{}, err
	}
	return e.partition(label).Number(e.m, c.Population), nil
}

// tolerance is the gain up to which a move is taken for rounding.
func (e *Engine) tolerance() float64 {
	if e.quality == footprint.CPM {
		return 1e-12
	}
	return 1e-13 * e.scale
}

// run optimises from start (nil: from nothing) and gives labels by node, valid
// until the optimiser runs again.
func (e *Engine) run(ctx context.Context, o *workspace, resolution float64, seed, stream uint64, refine bool, start []int32) ([]int32, error) {
	o.Source.Seed(seed, stream) // the memory may come from another search
	o.Gamma, o.Refine = resolution*e.factor, refine
	o.TwoMasses, o.Tolerance = e.quality == footprint.Bipartite, e.tolerance()
	// Small networks have many near-best partitions: every other restart begins
	// from single nodes, and all do for Barber's modularity, which needs it more.
	o.FromSingles = e.g.Nodes < optimise.SmallNetwork && (stream%2 == 1 || e.quality == footprint.Bipartite)
	g := e.g
	if o.FromSingles {
		g = g.Both()
	}
	return o.Optimise(ctx, g, start)
}

// partition turns labels of nodes into a partition without names.
func (e *Engine) partition(label []int32) footprint.Partition {
	p := footprint.Partition{Areas: make([]int32, len(e.src.Area))}
	of := func(v int32) int32 {
		if e.rows != nil && e.g.Isolated(v) {
			return footprint.Unplaced
		}
		return label[v]
	}
	for a, v := range e.src.Area {
		p.Areas[a] = of(v)
	}
	if e.src.Provider != nil {
		p.Providers = make([]int32, len(e.src.Provider))
		for j, v := range e.src.Provider {
			p.Providers[j] = of(v)
		}
	}
	return p
}
