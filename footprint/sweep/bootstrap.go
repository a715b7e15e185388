package sweep

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden"
)

// Bootstrap asks how sure a partition is: it runs a method again and again on
// resampled flows, with another seed each time, and counts how often areas,
// providers and borders come out the same.
//
// The bootstrap is parametric: the count of each pair is drawn from a Poisson
// distribution about what was observed (Efron and Tibshirani 1993, An
// Introduction to the Bootstrap, chapter 6.5). A suppressed count is first drawn
// from its interval, each whole number alike. An area or provider of which
// every count would be drawn as 0 keeps one patient in its largest pair: codes
// never leave. Each run has a stream of its own, so that Jobs changes nothing.
//
// The zero value makes 100 runs.
type Bootstrap struct {
	Runs int // 0 means 100
	Seed uint64
	Jobs int // runs at a time; 0 means GOMAXPROCS; never changes the result
	// SeedsOnly leaves the flows as they are: only the method's seed changes.
	SeedsOnly bool
	// OverDispersion widens the draws: each rate is first drawn about its count
	// from a gamma distribution, which makes the counts negative binomial. 0 is
	// Poisson.
	OverDispersion OverDispersion
	// Years, where not nil, are the flows that the runs draw from, in turn: run i
	// from year i modulo their number, in place of the matrix's counts.
	Years Years
	// Tasks lists the runs to make, by number from 0, rising; nil is all of
	// them, an empty list none. The others stay zero Partitions.
	Tasks []int
	// Made, if not nil, is given each run as it comes, one at a time and in no
	// fixed order: the zero Partition where its demands cannot be met.
	Made     func(run int, p footprint.Partition) error
	Progress footprint.Progress // nil is silent
}

// Partitions are the runs' partitions, in order. A run in which the method
// cannot meet its demands has the zero Partition, and is counted in failed; if
// no run of all can, the error is the first run's. method makes the method of a run
// and should let it use one job.
func (b Bootstrap) Partitions(ctx context.Context, m *flow.Matrix, method func(seed uint64) footprint.Method) (ps []footprint.Partition, failed int, err error) {
	runs := b.Runs
	if runs == 0 {
		runs = 100
	}
	if err := b.Check(m); err != nil {
		return nil, 0, err
	}
	tasks, err := b.tasks(runs)
	if err != nil {
		return nil, 0, err
	}
	ps = make([]footprint.Partition, runs)
	failures := make([]error, runs)
	var mu sync.Mutex
	err = work.Each(ctx, b.Jobs, len(tasks), b.Progress, "bootstrap runs", func() func(int) error {
		r := &resampler{m: m}
		return func(t int) error {
			i := tasks[t]
			p, err := b.run(ctx, r, i, method)
			if footprint.IsInfeasible(err) {
				failures[i], err = err, nil
			}
			if ps[i] = p; err != nil || b.Made == nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			return b.Made(i, p)
		}
	})
	if err != nil {
		return nil, 0, err
	}
	for _, e := range failures {
		if e != nil {
			failed++
		}
	}
	if failed == runs && runs > 0 {
		return nil, failed, failures[0]
	}
	return ps, failed, nil
}

// Check refuses a number of runs that is negative, or whose partitions of a
// matrix would take more than 4 GB. The error is a footprint.ParameterError.
func (b Bootstrap) Check(m *flow.Matrix) error {
	const memory, headers, number = 4e9, 88, 4 // bytes: of all, and for each run and each of its places
	nodes := len(m.Areas())
	if !m.OneMode() {
		nodes += len(m.Providers())
	}
	most := int(memory) / (headers + number*nodes)
	switch {
	case b.Runs < 0:
		return footprint.BadParameter("bootstrap runs must not be negative, got %d", b.Runs)
	case slices.ContainsFunc(b.Years, func(counts []float64) bool { return len(counts) != m.Len() }):
		return footprint.BadParameter("the flows of each year must have a count for each of %d pairs", m.Len())
	case b.Runs > most:
		return footprint.BadParameter("%d bootstrap runs of %d areas and providers do not fit into 4 GB: ask for %d at most", b.Runs, nodes, most)
	}
	return nil
}

// run is one run, with a stream of its own.
func (b Bootstrap) run(ctx context.Context, r *resampler, i int, method func(seed uint64) footprint.Method) (footprint.Partition, error) {
	src := rand.NewPCG(b.Seed, uint64(i))
	with := method(src.Uint64())
	var counts []float64
	if !b.SeedsOnly {
		counts = r.drawAbout(src, b.OverDispersion, b.year(i))
	}
	return r.run(ctx, with, counts)
}

// year are the counts of the year that a run draws from; nil: the matrix's.
func (b Bootstrap) year(run int) []float64 {
	if len(b.Years) == 0 {
		return nil
	}
	return b.Years[run%len(b.Years)]
}

// resampler is what one goroutine needs for its runs; memory is used again.
type resampler struct {
	m      *flow.Matrix
	counts []float64
	colMax []int32 // pair of each provider with the most patients
	rowMax []int32 // and of each area

	reached []bool // providers with patients in the resample

	engine, spare *leiden.Engine // of the quality last asked for
}

// run runs a method on other counts; nil: those of the matrix. Leiden and
// Louvain fill their network with other counts in place.
func (r *resampler) run(ctx context.Context, with footprint.Method, counts []float64) (footprint.Partition, error) {
	switch l := with.(type) {
	case leiden.Leiden:
		e, err := r.engineWith(l.Quality, counts)
		if err != nil {
			return footprint.Partition{}, err
		}
		return e.Leiden(ctx, l)
	case leiden.Louvain:
		e, err := r.engineWith(l.Quality, counts)
		if err != nil {
			return footprint.Partition{}, err
		}
		return e.Louvain(ctx, l)
	}
	if counts == nil {
		return with.Partition(ctx, r.m)
	}
	m, err := r.m.WithCounts(counts)
	if err != nil {
		return footprint.Partition{}, err
	}
	return with.Partition(ctx, m)
}

// engineWith is an engine on other counts; nil: those of the matrix.
func (r *resampler) engineWith(quality footprint.Quality, counts []float64) (*leiden.Engine, error) {
	if r.engine == nil || r.engine.Quality() != quality {
		e, err := leiden.NewEngine(r.m, quality)
		if err != nil {
			return nil, err
		}
		r.engine, r.spare = e, nil
	}
	if counts == nil {
		return r.engine, nil
	}
	e, err := r.engine.WithCounts(counts, r.spare)
	if err == nil {
		r.spare = e
	}
	return e, err
}

// draw fills counts with a resample of the matrix.
func (r *resampler) draw(src *rand.PCG, alpha OverDispersion) []float64 {
	return r.drawAbout(src, alpha, nil)
}

// drawAbout fills counts with a resample about rates; nil: the matrix's counts.
func (r *resampler) drawAbout(src *rand.PCG, alpha OverDispersion, rates []float64) []float64 {
	m := r.m
	if r.counts == nil {
		r.counts = make([]float64, m.Len())
		r.rowMax, r.colMax = largestPairs(m)
		r.reached = make([]bool, len(m.Providers()))
	}
	clear(r.reached)
	rng, dist := rand.New(src), portable.NewPoisson(src)
	suppressed := rates == nil && m.HasSuppressed()
	for a := range m.Areas() {
		providers, values := m.Row(a)
		off := m.RowOffset(a)
		if rates != nil {
			values = rates[off:][:len(values)]
		}
		counts := r.counts[off:][:len(values)]
		some := false
		for i, rate := range values {
			if suppressed {
				if c := m.Cell(off + i); c.Suppressed() {
					rate = drawBetween(rng, c.Lower, c.Upper)
				}
			}
			if alpha > 0 {
				rate *= portable.Gamma(1/float64(alpha), rng) * float64(alpha)
			}
			w := dist.Draw(rate)
			counts[i] = w
			if w > 0 {
				some, r.reached[providers[i]] = true, true
			}
		}
		if k := r.rowMax[a]; !some && k >= 0 && !m.OneMode() {
			r.counts[k] = 1
		}
	}
	if m.OneMode() { // places may be without flow
		return r.counts
	}
	for p, some := range r.reached {
		if k := r.colMax[p]; !some && k >= 0 && r.counts[k] == 0 {
			r.counts[k] = 1
		}
	}
	return r.counts
}

// drawBetween draws from an interval; a whole number where the bounds are.
func drawBetween(rng *rand.Rand, lower, upper float64) float64 {
	if lower == math.Trunc(lower) && upper == math.Trunc(upper) && upper-lower < 1<<52 {
		return lower + math.Floor(rng.Float64()*(upper-lower+1))
	}
	return lower + float64(rng.Float64()*(upper-lower))
}

// largestPairs gives the place, in row order, of the largest count of each area
// and of each provider; ties go to the first, -1 where there is none.
func largestPairs(m *flow.Matrix) (rows, cols []int32) {
	rows, cols = make([]int32, len(m.Areas())), make([]int32, len(m.Providers()))
	most := make([]float64, len(cols))
	for p := range cols {
		cols[p] = -1
	}
	k := int32(0)
	for a := range rows {
		rows[a] = -1
		providers, counts := m.Row(a)
		top := 0.0
		for i, w := range counts {
			if w > top {
				rows[a], top = k, w
			}
			if p := providers[i]; w > most[p] {
				cols[p], most[p] = k, w
			}
			k++
		}
	}
	return rows, cols
}

// Certainty says how often an area or provider came out where it lies.
type Certainty struct {
	// Confidence is the share of the runs, in [0, 1], that put it in the
	// counterpart of its footprint.
	Confidence float64
	// Next is the footprint, other than its own, in whose counterpart it came
	// out most often, by index; Unplaced if there is none. NextShare is the
	// share of the runs that put it there.
	Next      int32
	NextShare float64
}

// Uncertainty is how runs compare with a partition.
type Uncertainty struct {
	Runs      int         // that gave a partition
	Areas     []Certainty // by area
	Providers []Certainty // by provider; nil in a one-mode matrix
	// Borders holds, for each pair of areas asked about, the share of the runs
	// that put them in different footprints, in [0, 1].
	Borders []float64
}

// MeasureUncertainty counts how often runs agree with a partition of the same
// matrix. The footprints of each run are matched one-to-one with those of base so
// that the fewest areas and providers lie outside. Zero Partitions (failed runs)
// are passed over; borders are pairs of areas by index.
func MeasureUncertainty(base footprint.Partition, runs []footprint.Partition, borders [][2]int32) (*Uncertainty, error) {
	nA, nP := len(base.Areas), len(base.Providers)
	for _, pair := range borders {
		if min(pair[0], pair[1]) < 0 || int(max(pair[0], pair[1])) >= nA {
			return nil, footprint.BadParameter("a border joins areas %d and %d of %d", pair[0], pair[1], nA)
		}
	}
	own := slices.Concat(base.Areas, base.Providers)
	cast := make(votes, len(own))
	u := &Uncertainty{Borders: make([]float64, len(borders))}
	for _, p := range runs {
		if p.Areas == nil && p.IDs == nil {
			continue
		}
		if len(p.Areas) != nA || len(p.Providers) != nP {
			return nil, errors.New("a run has other areas or providers than the partition it is compared with")
		}
		u.Runs++
		cast.add(own, p)
		u.addBorders(p, borders)
	}
	if u.Runs == 0 {
		return nil, errors.New("no run to compare with")
	}
	for i := range u.Borders {
		u.Borders[i] /= float64(u.Runs)
	}
	all, count := make([]Certainty, len(own)), make([]int32, base.Len())
	for v, f := range own {
		all[v] = cast.certainty(v, f, count, float64(u.Runs))
	}
	u.Areas = all[:nA:nA]
	if base.Providers != nil {
		u.Providers = all[nA:]
	}
	return u, nil
}

// addBorders counts the borders of which a run puts the two areas apart.
func (u *Uncertainty) addBorders(p footprint.Partition, borders [][2]int32) {
	for i, pair := range borders {
		x, y := p.Areas[pair[0]], p.Areas[pair[1]]
		if x != y || x < 0 {
			u.Borders[i]++
		}
	}
}

// votes lists, for each node, the footprints that runs put it in.
type votes [][]int32

// add casts the votes of a run for the footprints own of the nodes.
func (b votes) add(own []int32, p footprint.Partition) {
	label := slices.Concat(p.Areas, p.Providers)
	counterpart := slices.Repeat([]int32{footprint.Unplaced}, p.Len())
	for _, match := range compare.MatchGroups(own, label) {
		if match.A >= 0 && match.B >= 0 {
			counterpart[match.B] = match.A
		}
	}
	for v, f := range label {
		if f >= 0 && counterpart[f] >= 0 {
			b[v] = append(b[v], counterpart[f])
		}
	}
}

// certainty counts a node's votes; count is room for a number by footprint,
// all 0.
func (b votes) certainty(v int, own int32, count []int32, runs float64) Certainty {
	c := Certainty{Next: footprint.Unplaced}
	for _, f := range b[v] {
		count[f]++
	}
	if own >= 0 {
		c.Confidence = float64(count[own]) / runs
	}
	most := int32(0)
	for _, f := range b[v] {
		if n := count[f]; f != own && (n > most || n == most && f < c.Next) {
			c.Next, most = f, n
		}
	}
	c.NextShare = float64(most) / runs
	for _, f := range b[v] {
		count[f] = 0
	}
	return c
}
