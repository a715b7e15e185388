package leiden

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
)

// Leiden maximises a quality with the Leiden algorithm (Traag, Waltman and van
// Eck 2019, doi:10.1038/s41598-019-41695-z), complete with refinement and
// repeated until nothing moves. Refinement takes the best part, the limit of
// the paper's random choice for θ → 0. The zero value works.
type Leiden struct {
	Resolution  float64           // γ of the quality; 0 means 1
	Quality     footprint.Quality // what is maximised; Modularity where it is not set
	Seed        uint64            // same seed and matrix, same partition
	Restarts    int               // runs, of which the best is kept; 0 means 1; ties go to the earliest
	Jobs        int               // runs at a time; 0 means GOMAXPROCS; never changes the result
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

// Louvain is Leiden without refinement (Blondel et al. 2008,
// doi:10.1088/1742-5468/2008/10/P10008), for comparison. Footprints that come
// out in several pieces of the flow network are split. The zero value works.
type Louvain struct {
	Resolution  float64           // γ of the quality; 0 means 1
	Quality     footprint.Quality // what is maximised; Modularity where it is not set
	Seed        uint64            // same seed and matrix, same partition
	Restarts    int               // runs, of which the best is kept; 0 means 1; ties go to the earliest
	Jobs        int               // runs at a time; 0 means GOMAXPROCS; never changes the result
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var (
	_ footprint.Method = Leiden{}
	_ footprint.Method = Louvain{}
)

// Partition implements Method.
func (l Leiden) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	return l.partition(ctx, m, true)
}

// Partition implements Method.
func (l Louvain) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	return Leiden(l).partition(ctx, m, false)
}

func (l Leiden) partition(ctx context.Context, m *flow.Matrix, refine bool) (footprint.Partition, error) {
	e, err := NewEngine(m, l.Quality)
	if err != nil {
		return footprint.Partition{}, err
	}
	return e.cluster(ctx, l, refine)
}

// best runs the restarts and keeps the partition of the highest quality. Small
// networks have many partitions near the best one, from which single moves do
// not lead to it: there each restart goes on from its partition with a
// footprint taken apart, twice.
func (e *Engine) best(ctx context.Context, l Leiden, resolution float64, refine bool) ([]int32, error) {
	restarts := max(1, l.Restarts)
	start := e.startLabels(&l.Constraints)
	labels := make([][]int32, restarts)
	qualities := make([]float64, restarts)
	err := e.parallel(l.Jobs, restarts, l.Progress, "restarts", func(o *workspace, i int) error {
		from := func(stream uint64, start []int32) ([]int32, error) {
			label, err := e.run(ctx, o, resolution, l.Seed, stream, refine, start)
			if err != nil {
				return nil, err
			}
			return o.Repair(e.g, slices.Clone(label), l.Constraints.AllowSingleKind), nil
		}
		label, err := from(uint64(i), start)
		if err != nil {
			return err
		}
		labels[i] = label
		if restarts == 1 {
			return nil
		}
		qualities[i] = e.g.Quality(e.quality, o.Gamma, e.scale, label)
		if e.g.Nodes >= optimise.SmallNetwork {
			return nil
		}
		for stream := uint64(i); stream>>32 < 2; {
			stream += 1 << 32
			label, err := from(stream, takenApart(labels[i], o.Rand))
			if err != nil {
				return err
			}
			if q := e.g.Quality(e.quality, o.Gamma, e.scale, label); q > qualities[i] {
				labels[i], qualities[i] = label, q
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	best := 0
	for i, q := range qualities {
		if q > qualities[best] {
			best = i
		}
	}
	return labels[best], nil
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

// parallel does n independent tasks on some goroutines, each with its own
// working memory, and gives the error of the earliest that failed.
func (e *Engine) parallel(jobs, n int, progress footprint.Progress, stage string, do func(o *workspace, i int) error) error {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	jobs = min(jobs, n)
	if progress != nil && n > 1 {
		progress.Stage(stage, n)
	}
	errs := make([]error, n)
	var next, done atomic.Int64
	var failed atomic.Bool
	work := func() {
		o := e.idle.Get().(*workspace)
		defer e.idle.Put(o)
		for !failed.Load() {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			if errs[i] = do(o, i); errs[i] != nil {
				failed.Store(true)
			}
			if d := done.Add(1); progress != nil && n > 1 {
				progress.Step(int(d))
			}
		}
	}
	if jobs <= 1 {
		work()
	} else {
		var wg sync.WaitGroup
		for range jobs {
			wg.Go(work)
		}
		wg.Wait()
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
