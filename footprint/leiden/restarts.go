package leiden

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/optimise"
)

// best runs the restarts and keeps the partition of the highest quality; ties
// go to the earliest.
func (e *Engine) best(ctx context.Context, l Leiden, resolution float64, refine bool) ([]int32, error) {
	r := &restarts{
		e: e, l: l, resolution: resolution, refine: refine, start: e.startLabels(&l.Constraints),
		labels: make([][]int32, max(1, l.Restarts)), qualities: make([]float64, max(1, l.Restarts)),
	}
	err := e.parallel(ctx, l.Jobs, len(r.labels), l.Progress, func(o *workspace, i int) error { return r.run(ctx, o, i) })
	if err != nil {
		return nil, err
	}
	best := 0
	for i, q := range r.qualities {
		if q > r.qualities[best] {
			best = i
		}
	}
	return r.labels[best], nil
}

// restarts are runs that differ in their stream of random numbers.
type restarts struct {
	e          *Engine
	l          Leiden
	resolution float64
	refine     bool
	start      []int32 // nil to start from nothing
	labels     [][]int32
	qualities  []float64 // 0 where there is one run only
}

// run is restart i. Small networks have many partitions near the best one, from
// which single moves do not lead to it: there each restart goes on from its
// partition with a footprint taken apart, twice.
func (r *restarts) run(ctx context.Context, o *workspace, i int) error {
	label, err := r.from(ctx, o, uint64(i), r.start)
	if err != nil {
		return err
	}
	r.labels[i] = label
	if len(r.labels) == 1 {
		return nil
	}
	r.qualities[i] = r.quality(o, label)
	if r.e.g.Nodes >= optimise.SmallNetwork {
		return nil
	}
	for stream := uint64(i); stream>>32 < 2; {
		stream += 1 << 32
		label, err := r.from(ctx, o, stream, takenApart(r.labels[i], o.Rand))
		if err != nil {
			return err
		}
		if q := r.quality(o, label); q > r.qualities[i] {
			r.labels[i], r.qualities[i] = label, q
		}
	}
	return nil
}

func (r *restarts) from(ctx context.Context, o *workspace, stream uint64, start []int32) ([]int32, error) {
	label, err := r.e.run(ctx, o, r.resolution, r.l.Seed, stream, r.refine, start)
	if err != nil {
		return nil, err
	}
	return o.Repair(r.e.g, slices.Clone(label), r.l.Constraints.AllowSingleKind), nil
}

func (r *restarts) quality(o *workspace, label []int32) float64 {
	return r.e.g.Quality(r.e.quality, o.Gamma, r.e.scale, label)
}

// takenApart is labels 0, 1, … with one footprint cut into single nodes, that
// of a node drawn at random.
func takenApart(label []int32, rng *rand.Rand) []int32 {
	label = slices.Clone(label)
	c, next := label[rng.IntN(len(label))], int32(grouping.Count(label))
	kept := false
	for v, d := range label {
		if d != c {
			continue
		}
		if kept {
			label[v] = next
			next++
		}
		kept = true
	}
	return label
}

// parallel does n independent tasks, each goroutine with its own working
// memory.
func (e *Engine) parallel(ctx context.Context, jobs, n int, progress footprint.Progress, do func(o *workspace, i int) error) error {
	if n == 1 {
		progress = nil
	}
	var mu sync.Mutex
	var used []*workspace
	defer func() {
		for _, o := range used {
			e.idle.Put(o)
		}
	}()
	return work.Each(ctx, jobs, n, progress, "restarts", func() func(int) error {
		o := e.idle.Get().(*workspace)
		mu.Lock()
		used = append(used, o)
		mu.Unlock()
		return func(i int) error { return do(o, i) }
	})
}
