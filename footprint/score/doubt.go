package score

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// sampler draws a value again with its sampling error: a proportion on the
// arcsine scale, a count on the square-root scale, anything else as a normal.
// The fields are: arcsine, a = asin √p, b = 1/(2√n), c = cos 2a and d = sin 2a;
// root, a = √events, b = 1/2 and c = per/denominator; normal, a and b = value
// and standard error.
type sampler struct {
	kind       samplerKind
	a, b, c, d float64
}

type samplerKind int8

const (
	certain samplerKind = iota // no sampling error known: the value itself
	byArcsine
	byRoot
	byNormal
)

// newSampler samples the figure of a footprint.
func (m *measure) newSampler(at *attribution.Attributed, f int) sampler {
	ind := m.ind
	num, den := at.Numerator[f], at.Denominator[f]
	counts := !math.IsNaN(num) && !math.IsNaN(den) && !at.Weighted
	switch {
	case at.StandardError[f] > 0:
		return sampler{kind: byNormal, a: at.Value[f], b: at.StandardError[f]}
	case counts && ind.Kind == definition.Proportion:
		a := portable.Asin(math.Sqrt(max(0, min(1, num/den))))
		return sampler{kind: byArcsine, a: a, b: 1 / (2 * math.Sqrt(den)), c: portable.Cos(2 * a), d: portable.Sin(2 * a)}
	case counts && (ind.Kind == definition.Rate || ind.Kind == definition.Ratio):
		return sampler{kind: byRoot, a: math.Sqrt(num), b: 0.5, c: ind.EffectivePer() / den}
	}
	if m.empirical != nil && m.empirical[f] > 0 {
		return sampler{kind: byNormal, a: at.Value[f], b: m.empirical[f]}
	}
	return sampler{kind: certain}
}

func (s *sampler) value(x, side float64, rng *rand.Rand) float64 {
	switch s.kind {
	case byArcsine:
		step := max(-s.a, min(math.Pi/2-s.a, s.b*portable.Normal(rng)))
		if step > 0.1 || step < -0.1 {
			y := portable.Sin(s.a + step)
			return side * y * y
		}
		// sin²(a+δ) = sin²a + ½ sin 2a sin 2δ + cos 2a sin²δ, with sin δ by its
		// series: good to 1e-10 here, and the bulk of all draws.
		d2 := step * step
		sin := step * (1 - float64(d2/6*(1-float64(d2/20*(1-d2/42)))))
		cos := 1 - float64(d2/2*(1-float64(d2/12*(1-d2/30))))
		return x + float64(side*(float64(s.d*sin*cos)+float64(s.c*sin*sin)))
	case byRoot:
		y := max(0, s.a+float64(s.b*portable.Normal(rng)))
		return side * y * y * s.c
	case byNormal:
		return side * (s.a + float64(s.b*portable.Normal(rng)))
	}
	return x
}

// factor is a source of doubt.
type factor int

const (
	factorSampling factor = iota
	factorWeights
	factorNormalisation
	factorAggregation
	factorPartition
	factorAttribution
	nFactors
)

var factorNames = [nFactors]string{"sampling", "weights", "normalisation", "aggregation", "partition", "attribution"}

// doubt runs an engine over and over.
type doubt struct {
	e       *engine
	opt     *Options
	active  [nFactors]bool
	base    choice
	sides   []float64
	weights [][]float64 // Dirichlet parameters of each domain's indicators
	domains []float64   // and of the domains
}

func newDoubt(e *engine, opt *Options) *doubt {
	d := &doubt{e: e, opt: opt, base: choice{norm: opt.Normalisation, agg: opt.Aggregation, skip: -1}}
	for _, j := range e.judged {
		d.sides = append(d.sides, -float64(j.ind.EffectivePolarity()))
	}
	free := func(dirichlet []float64) bool {
		n := 0
		for _, a := range dirichlet {
			if a > 0 {
				n++
			}
		}
		return n > 1
	}
	d.weights = make([][]float64, e.nd)
	for dom := range e.nd {
		var sum, n float64
		for _, weight := range e.weight[e.first[dom]:e.first[dom+1]] {
			sum += weight
			n++
		}
		for _, weight := range e.weight[e.first[dom]:e.first[dom+1]] {
			d.weights[dom] = append(d.weights[dom], opt.Concentration*n*weight/sum)
		}
		d.active[factorWeights] = d.active[factorWeights] || free(d.weights[dom])
	}
	sum := 0.0
	for _, w := range e.domWeight {
		sum += w
	}
	for _, w := range e.domWeight {
		d.domains = append(d.domains, opt.Concentration*float64(e.nd)*w/sum)
	}
	d.active[factorWeights] = d.active[factorWeights] || free(d.domains)
	d.active[factorNormalisation], d.active[factorAggregation] = !opt.FixedChoices, !opt.FixedChoices
	d.active[factorPartition] = len(e.variants) > 1
	d.active[factorAttribution] = len(e.shifts) > 0
	for _, s := range e.variants[0].draw {
		d.active[factorSampling] = d.active[factorSampling] || s.kind != certain
	}
	return d
}

// worker has what one goroutine needs.
type worker struct {
	*work
	pcg *rand.PCG
	rng *rand.Rand
}

func (d *doubt) newWorker() *worker {
	w := &worker{work: d.e.newWork(), pcg: rand.NewPCG(0, 0)}
	w.rng = rand.New(w.pcg)
	return w
}

// stream starts the random numbers of one factor of one draw. A draw is told
// apart from its neighbours by mixing, so that streams next to each other do
// not begin alike.
func (d *doubt) stream(w *worker, f factor, draw int) *rand.Rand {
	x := uint64(draw)*uint64(nFactors) + uint64(f) + 1
	x *= 0x9e3779b97f4a7c15 // splitmix64
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	w.pcg.Seed(d.opt.Seed, x^x>>31)
	return w.rng
}

// run makes one draw and ranks it. draws gives, for each factor, the number of
// the draw that it takes its random numbers from.
func (d *doubt) run(w *worker, draws [nFactors]int) {
	e := d.e
	c := &e.variants[0]
	if d.active[factorPartition] {
		c = &e.variants[d.stream(w, factorPartition, draws[factorPartition]).IntN(len(e.variants))]
	}
	rng := d.stream(w, factorSampling, draws[factorSampling])
	for k := range e.nk {
		side := d.sides[k]
		for at := k * e.nf; at < (k+1)*e.nf; at++ {
			w.x[at] = c.draw[at].value(c.x[at], side, rng)
		}
	}
	if d.active[factorAttribution] {
		shift := e.shifts[d.stream(w, factorAttribution, draws[factorAttribution]).IntN(len(e.shifts))]
		for at, by := range shift {
			w.x[at] += by
		}
	}
	if d.active[factorWeights] {
		d.stream(w, factorWeights, draws[factorWeights]) // of w.pcg
		for dom := range e.nd {
			for i, shape := range d.weights[dom] {
				w.weight[e.first[dom]+i] = gamma(shape, w.pcg)
			}
			w.domW[dom] = gamma(d.domains[dom], w.pcg)
		}
	}
	by := d.base
	if d.active[factorNormalisation] {
		by.norm = Normalisations()[d.stream(w, factorNormalisation, draws[factorNormalisation]).IntN(len(Normalisations()))]
	}
	if d.active[factorAggregation] {
		choices := drawnAggregations(d.base.agg)
		by.agg = choices[d.stream(w, factorAggregation, draws[factorAggregation]).IntN(len(choices))]
	}
	e.evaluate(w.work, c, by)
}

// drawnAggregations are those that a draw takes one of: the usual, and the stated
// one where it is another.
func drawnAggregations(stated Aggregation) []Aggregation {
	list := Aggregations()
	if !slices.Contains(list, stated) {
		list = append(list, stated)
	}
	return list
}

// gamma draws a Gamma(shape, 1) variate; Dirichlet weights are gammas over their
// sum, and the engine divides by the sum itself.
func gamma(shape float64, src rand.Source) float64 {
	if shape <= 0 {
		return 0
	}
	return portable.Gamma(shape, rand.New(src))
}

// parallel runs task(i) for i < n over the jobs, in blocks, each goroutine with
// a worker of its own.
func (d *doubt) parallel(ctx context.Context, n int, step func(int), task func(w *worker, i int)) error {
	const block = 64
	var next, done int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range min(d.opt.Jobs, n/block+1) {
		wg.Go(func() {
			w := d.newWorker()
			for ctx.Err() == nil {
				mu.Lock()
				from := next
				next += block
				mu.Unlock()
				if from >= n {
					return
				}
				to := min(from+block, n)
				for i := from; i < to; i++ {
					task(w, i)
				}
				mu.Lock()
				done += to - from
				if step != nil {
					step(done)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// RankDoubt is what the draws say of one footprint's rank.
type RankDoubt struct {
	Median    float64
	Low, High int     // 5% and 95% quantile of the rank
	PWorst    float64 // share of draws in which it is among the worst
}

// SensitivityRow is one line of the sensitivity table.
type SensitivityRow struct {
	// Kind is "factor" for a source of doubt, "alternative" for another
	// aggregation and normalisation, "leave_out" for the score without one
	// indicator.
	Kind, Item string
	// FirstOrder is the share of the variance of the ranks that the factor
	// explains alone, TotalEffect with its interactions; NaN for other kinds.
	FirstOrder, TotalEffect float64
	// MeanShift and MaxShift are the places that a footprint's rank moves: for
	// a factor, when it alone is drawn again; else against the stated score.
	MeanShift, MaxShift float64
	// WorstChanged is how many of the worst are no longer among them; -1 for a
	// factor.
	WorstChanged int
}

// plan is the numbers of all draws. The variance's split needs three designs:
// A, B, and A with one factor of B. The first draws, of which A are some, make
// the ranks; then come base draws for B, and base for each factor.
func (d *doubt) plan() (factors []factor, base, total int) {
	for f := range nFactors {
		if d.active[f] {
			factors = append(factors, f)
		}
	}
	if len(factors) > 0 {
		base = min(d.opt.Draws/4, 1000)
	}
	return factors, base, d.opt.Draws + base*(1+len(factors))
}

// draw makes draws shard-1, shard-1+shards, … and gives their ranks, one draw
// after the other.
func (d *doubt) draw(ctx context.Context, progress footprint.Progress, shard, shards int) ([]int32, error) {
	n, nf := d.opt.Draws, d.e.nf
	factors, base, total := d.plan()
	own := (total + shards - shard) / shards
	ranks := make([]int32, own*nf)
	var step func(int)
	if progress != nil {
		progress.Stage("draws", own)
		step = progress.Step
	}
	err := d.parallel(ctx, own, step, func(w *worker, k int) {
		i := shard - 1 + k*shards
		var draws [nFactors]int
		switch {
		case i < n+base: // the main run, whose first draws are A, and B
			for f := range draws {
				draws[f] = i
			}
		default: // A with one factor of B
			at := (i - n - base) % base
			for f := range draws {
				draws[f] = at
			}
			draws[factors[(i-n-base)/base]] = n + at
		}
		d.run(w, draws)
		copy(ranks[k*nf:(k+1)*nf], w.rank)
	})
	return ranks, err
}

// summary reads the ranks of all draws: the doubt about each rank, and the
// ranks' variance split by factor.
func (d *doubt) summary(ranks []int32) ([]RankDoubt, []SensitivityRow) {
	n, nf := d.opt.Draws, d.e.nf
	factors, base, _ := d.plan()
	out := make([]RankDoubt, nf)
	of := make([]int32, n)
	for f := range nf {
		worst := 0
		for i := range n {
			of[i] = ranks[i*nf+f]
			if int(of[i]) <= d.opt.Worst {
				worst++
			}
		}
		slices.Sort(of)
		at := func(q float64) int { return int(of[min(n-1, int(q*float64(n)))]) }
		out[f] = RankDoubt{Median: (float64(of[(n-1)/2]) + float64(of[n/2])) / 2, Low: at(0.05), High: at(0.95), PWorst: float64(worst) / float64(n)}
	}
	var rows []SensitivityRow
	for i, f := range factors {
		a, b := ranks[:base*nf], ranks[n*nf:(n+base)*nf]
		from := (n + base + i*base) * nf
		rows = append(rows, varianceShares(factorNames[f], a, b, ranks[from:from+base*nf], base, nf))
	}
	return out, rows
}

// varianceShares estimates a factor's share of the variance of all ranks
// together: Σ over footprints of the covariances over Σ of the variances. The
// first-order share is by Saltelli's estimator, the total effect by Jansen's.
// Saltelli A et al. (2010), Comput Phys Commun 181:259,
// doi:10.1016/j.cpc.2009.09.018; summed over outputs as in Gamboa F et al.
// (2014), Electron J Stat 8:575, doi:10.1214/14-EJS895.
func varianceShares(name string, a, b, ab []int32, n, nf int) SensitivityRow {
	var first, total, variance, shift float64
	for f := range nf {
		var sum, sum2 float64
		for i := range n {
			x, y := float64(a[i*nf+f]), float64(b[i*nf+f])
			sum += x + y
			sum2 += float64(x*x) + float64(y*y)
		}
		mean := sum / float64(2*n)
		variance += sum2/float64(2*n) - float64(mean*mean)
		for i := range n {
			x, y, z := float64(a[i*nf+f]), float64(b[i*nf+f]), float64(ab[i*nf+f])
			first += (y - mean) * (z - x) / float64(n)
			total += (x - z) * (x - z) / float64(2*n)
			shift += math.Abs(x-z) / float64(n*nf)
		}
	}
	row := SensitivityRow{Kind: "factor", Item: name, MeanShift: shift, MaxShift: math.NaN(), WorstChanged: -1}
	if variance > 1e-12 {
		// The estimate of a share near 0 may fall below it.
		row.FirstOrder, row.TotalEffect = max(0, min(1, first/variance)), max(0, total/variance)
	}
	return row
}

// stated evaluates the figures themselves, with the stated weights, by a
// choice.
func (e *engine) stated(by choice) *work {
	w := e.newWork()
	copy(w.x, e.variants[0].x)
	e.evaluate(w, &e.variants[0], by)
	return w
}

// alternatives compares the stated score with every other choice, and with
// itself less one indicator.
func (e *engine) alternatives(opt *Options, base *work) []SensitivityRow {
	var rows []SensitivityRow
	add := func(kind, item string, by choice) {
		w := e.stated(by)
		row := SensitivityRow{Kind: kind, Item: item, FirstOrder: math.NaN(), TotalEffect: math.NaN()}
		for f := range e.nf {
			shift := math.Abs(float64(w.rank[f] - base.rank[f]))
			row.MeanShift += shift / float64(e.nf)
			row.MaxShift = max(row.MaxShift, shift)
			if int(base.rank[f]) <= opt.Worst && int(w.rank[f]) > opt.Worst {
				row.WorstChanged++
			}
		}
		rows = append(rows, row)
	}
	for _, agg := range Aggregations() {
		for _, norm := range Normalisations() {
			if agg == ByDomains && norm != ZScores {
				continue // it has one measure of depth, whatever the normalisation
			}
			same := agg == opt.Aggregation && (agg == ByDomains || norm == opt.Normalisation)
			if same {
				continue
			}
			item := string(agg)
			if agg != ByDomains {
				item += "/" + string(norm)
			}
			add("alternative", item, choice{norm: norm, agg: agg, skip: -1})
		}
	}
	if e.nk > 1 {
		for k, j := range e.judged {
			add("leave_out", j.ind.ID, choice{norm: opt.Normalisation, agg: opt.Aggregation, skip: k})
		}
	}
	return rows
}
