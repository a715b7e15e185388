package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sync"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden"
)

// Setting is one parameter setting of a sweep: a method with a resolution, or
// with a number of footprints, or with neither where the method has its own
// rule.
type Setting struct {
	Method     string            // "leiden" and "louvain" are built in; others need Sweep.Build
	Quality    footprint.Quality // of leiden and louvain
	Resolution float64           // γ; NaN where it is not asked
	Footprints int               // exact number asked; 0 where it is not
	Runs       int               // runs with different seeds; 0 means Sweep.Seeds
}

// optimises reports whether the setting maximises a quality, and so can run on
// an Engine.
func (s Setting) optimises() bool { return s.Method == "leiden" || s.Method == "louvain" }

// Sweep runs every setting with several seeds, and once on each of several
// resampled flows. Its tasks have a fixed order, so that they can be done in
// any order, in several sessions and on several machines: the runs of the
// settings one after the other, then the settings on the first resample, and
// so on.
type Sweep struct {
	Settings []Setting
	Seeds    int    // runs a setting; 0 means 20
	Seed     uint64 // of the first run; the others follow, each one higher
	// Resamples is the number of matrices in which every count is redrawn from
	// a Poisson distribution with the count as its mean: what another year
	// could have brought by chance.
	Resamples   int
	Restarts    int // of each run; 0 means 1
	Jobs        int // tasks at a time; 0 means GOMAXPROCS; never changes the result
	Constraints footprint.Constraints
	// Build makes the method of a setting that is not built in. It must be
	// safe for use by several goroutines.
	Build    func(s Setting, seed uint64, cs footprint.Constraints) (footprint.Method, error)
	Salt     string // goes into Fingerprint: what else the runs depend on
	Progress footprint.Progress
}

// Task is one run of a sweep.
type Task struct {
	Setting  int // index into Settings
	Seed     uint64
	Resample int // 0 for the flows as they are; 1 and up for resampled flows
}

func (s *Sweep) runsOf(setting int) int {
	if n := s.Settings[setting].Runs; n > 0 {
		return n
	}
	if s.Seeds > 0 {
		return s.Seeds
	}
	return 20
}

// Tasks lists the runs in their order.
func (s *Sweep) Tasks() []Task {
	var out []Task
	for k := range s.Settings {
		for i := range s.runsOf(k) {
			out = append(out, Task{Setting: k, Seed: s.Seed + uint64(i)})
		}
	}
	for r := 1; r <= s.Resamples; r++ {
		for k := range s.Settings {
			out = append(out, Task{Setting: k, Seed: s.Seed, Resample: r})
		}
	}
	return out
}

// Fingerprint identifies the sweep on a matrix: runs may be put together only
// where it is the same.
func (s *Sweep) Fingerprint(m *flow.Matrix) string {
	h := sha256.New()
	c := &s.Constraints
	fmt.Fprintf(h, "%q %s %d %d %d\n", s.Salt, m.SHA256(), s.Seed, s.Resamples, max(1, s.Restarts))
	for k, t := range s.Settings {
		fmt.Fprintf(h, "%s %v %v %d %d\n", t.Method, t.Quality, t.Resolution, t.Footprints, s.runsOf(k))
	}
	fmt.Fprintf(h, "%v %v %v %v %v\n", c.MinPopulation, c.MaxPopulation, c.MinLocalisation, c.MaxShare, c.AllowSingleKind)
	if c.MinPopulation > 0 || c.MaxPopulation > 0 {
		fmt.Fprintln(h, c.Population)
	}
	fmt.Fprintf(h, "%v %v %v\n", c.Together, c.Apart, c.Fixed)
	if c.AllowDegenerate {
		fmt.Fprintln(h, "degenerate")
	}
	if len(c.KeepWhole) > 0 || c.MinProviders > 0 {
		fmt.Fprintf(h, "%v %d %v\n", c.KeepWhole, c.MinProviders, c.CountedProviders)
	}
	if c.Start != nil {
		fmt.Fprintf(h, "%v %v\n", c.Start.Areas, c.Start.Providers)
	}
	if c.Contiguous != nil {
		for a := range m.Areas() {
			fmt.Fprintln(h, a, slices.Collect(c.Contiguous.Neighbours(a)))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Run does the tasks that todo lists by number and gives each result to done,
// one at a time, in no fixed order. A result has a label for each node, areas
// before providers, Unplaced for one that the run left out; labels are numbered
// from 0 in the order in which they appear. Where the demands of a setting
// cannot be met, all labels are Unplaced. done may keep the labels.
func (s *Sweep) Run(ctx context.Context, m *flow.Matrix, todo []int, done func(task int, label []int32) error) error {
	for _, k := range s.Settings {
		if !k.optimises() && s.Build == nil {
			return fmt.Errorf("no method %q", k.Method)
		}
	}
	tasks := s.Tasks()
	grounds := newGrounds(s, m, tasks, todo)
	var mu sync.Mutex
	nodes := graph.Nodes(m)
	return work.Each(ctx, s.Jobs, len(todo), s.Progress, "runs", func() func(int) error {
		return func(i int) error {
			t := tasks[todo[i]]
			label, err := s.run(ctx, grounds, t)
			var cannot *footprint.InfeasibleError
			if errors.As(err, &cannot) {
				label, err = slices.Repeat([]int32{footprint.Unplaced}, nodes), nil
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			return done(todo[i], label)
		}
	})
}

// run does one task.
func (s *Sweep) run(ctx context.Context, grounds *grounds, t Task) ([]int32, error) {
	defer grounds.release(t.Resample)
	g, err := grounds.take(t.Resample)
	if err != nil {
		return nil, err
	}
	setting := s.Settings[t.Setting]
	cs := s.Constraints
	if setting.Footprints > 0 {
		cs.Footprints = setting.Footprints
	}
	var p footprint.Partition
	if setting.optimises() {
		e, err := g.engine(setting.Quality)
		if err != nil {
			return nil, err
		}
		l := leiden.Leiden{Quality: setting.Quality, Seed: t.Seed, Restarts: s.Restarts, Effort: 1, Jobs: 1, Constraints: cs}
		if !math.IsNaN(setting.Resolution) {
			l.Resolution = setting.Resolution
		}
		if setting.Method == "leiden" {
			p, err = e.Leiden(ctx, l)
		} else {
			p, err = e.Louvain(ctx, leiden.Louvain(l))
		}
		if err != nil {
			return nil, err
		}
	} else {
		method, err := s.Build(setting, t.Seed, cs)
		if err != nil {
			return nil, err
		}
		if p, err = method.Partition(ctx, g.m); err != nil {
			return nil, err
		}
	}
	return nodeLabels(p), nil
}

// grounds keeps the matrices that tasks run on: the given one, and resampled
// ones from their first task to their last.
type grounds struct {
	m    *flow.Matrix
	seed uint64
	mu   sync.Mutex
	at   map[int]*ground
	left map[int]int // tasks to come
}

// ground is one matrix with its engines.
type ground struct {
	once    sync.Once
	m       *flow.Matrix
	err     error
	mu      sync.Mutex
	engines [footprint.Bipartite + 1]*leiden.Engine
}

func newGrounds(s *Sweep, m *flow.Matrix, tasks []Task, todo []int) *grounds {
	g := &grounds{m: m, seed: s.Seed, at: map[int]*ground{}, left: map[int]int{}}
	for _, i := range todo {
		g.left[tasks[i].Resample]++
	}
	return g
}

func (g *grounds) take(resample int) (*ground, error) {
	g.mu.Lock()
	one := g.at[resample]
	if one == nil {
		one = &ground{}
		g.at[resample] = one
	}
	g.mu.Unlock()
	one.once.Do(func() {
		if resample == 0 {
			one.m = g.m
		} else {
			one.m, one.err = resampled(g.m, g.seed, uint64(resample))
		}
	})
	return one, one.err
}

func (g *grounds) release(resample int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.left[resample]--; g.left[resample] == 0 {
		delete(g.at, resample)
	}
}

func (g *ground) engine(q footprint.Quality) (*leiden.Engine, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if q < 0 || int(q) >= len(g.engines) {
		return nil, fmt.Errorf("unknown quality %v", q)
	}
	if g.engines[q] == nil {
		e, err := leiden.NewEngine(g.m, q)
		if err != nil {
			return nil, err
		}
		g.engines[q] = e
	}
	return g.engines[q], nil
}

// nodeLabels gives a partition as labels of nodes, areas before providers,
// numbered from 0 in the order in which they appear.
func nodeLabels(p footprint.Partition) []int32 {
	label := slices.Concat(p.Areas, p.Providers)
	grouping.Compact(label, grouping.Count(label))
	return label
}

// Runs holds the results of a sweep's tasks; equal ones are kept once. It
// serves one goroutine at a time.
type Runs struct {
	of    []int32 // result of each task, −1 while it is not done
	parts [][]int32
	index map[uint64][]int32
	seed  maphash.Seed
	bytes []byte
}

// NewRuns makes room for the results of a number of tasks.
func NewRuns(tasks int) *Runs {
	return &Runs{of: slices.Repeat([]int32{-1}, tasks), index: map[uint64][]int32{}, seed: maphash.MakeSeed()}
}

// Put keeps the result of a task, as Sweep.Run gives it.
func (r *Runs) Put(task int, label []int32) error {
	if task < 0 || task >= len(r.of) {
		return fmt.Errorf("run %d is not one of the sweep's %d", task+1, len(r.of))
	}
	r.bytes = r.bytes[:0]
	for _, c := range label {
		r.bytes = binary.AppendVarint(r.bytes, int64(c))
	}
	h := maphash.Bytes(r.seed, r.bytes)
	for _, k := range r.index[h] {
		if slices.Equal(r.parts[k], label) {
			r.of[task] = k
			return nil
		}
	}
	r.of[task] = int32(len(r.parts))
	r.index[h] = append(r.index[h], r.of[task])
	r.parts = append(r.parts, label)
	return nil
}

// Labels is the result of a task, nil while it is not done.
func (r *Runs) Labels(task int) []int32 {
	if task < 0 || task >= len(r.of) || r.of[task] < 0 {
		return nil
	}
	return r.parts[r.of[task]]
}

// Missing lists the tasks of shard number shard (from 1) of shards that are
// not done, rising; 1 of 1 is all of them. A shard has every shards-th task.
func (r *Runs) Missing(shard, shards int) []int {
	var out []int
	for t := shard - 1; t < len(r.of); t += shards {
		if r.of[t] < 0 {
			out = append(out, t)
		}
	}
	return out
}

// Distinct is the number of different results.
func (r *Runs) Distinct() int { return len(r.parts) }

// canonical is a result in the order of its first task, so that nothing hangs
// on the order in which tasks were done.
func (r *Runs) canonical() (of []int32, parts [][]int32) {
	of = make([]int32, len(r.of))
	place := slices.Repeat([]int32{-1}, len(r.parts))
	for t, k := range r.of {
		if k < 0 {
			of[t] = -1
			continue
		}
		if place[k] < 0 {
			place[k] = int32(len(parts))
			parts = append(parts, r.parts[k])
		}
		of[t] = place[k]
	}
	return of, parts
}

// Equal reports whether two sets of results are the same.
func (r *Runs) Equal(o *Runs) bool {
	a, pa := r.canonical()
	b, pb := o.canonical()
	return slices.Equal(a, b) && slices.EqualFunc(pa, pb, slices.Equal[[]int32])
}

// encodeLabels packs labels into bytes.
func encodeLabels(label []int32) []byte {
	var b bytes.Buffer
	var v [binary.MaxVarintLen64]byte
	for _, c := range label {
		b.Write(v[:binary.PutUvarint(v[:], uint64(c+1))])
	}
	return b.Bytes()
}

// decodeLabels is its reverse, for n labels of at most n; renumbered ones come
// from 0 in the order in which they appear.
func decodeLabels(b []byte, n int, renumbered bool) ([]int32, bool) {
	return decodeNumbers(b, n, uint64(n), renumbered)
}

// decodeNumbers is decodeLabels for n numbers of at most a limit.
func decodeNumbers(b []byte, n int, most uint64, renumbered bool) ([]int32, bool) {
	if len(b) < n {
		return nil, false
	}
	label := make([]int32, n)
	next := uint64(1)
	for i := range label {
		c, k := binary.Uvarint(b)
		if k <= 0 || c > most+1 || renumbered && c > next {
			return nil, false
		}
		if c == next {
			next++
		}
		label[i] = int32(c) - 1
		b = b[k:]
	}
	return label, len(b) == 0
}
