package score

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// judged is one indicator as the composite sees it: weighted and with a
// polarity.
type judged struct {
	ind    *definition.Indicator
	series int
	domain int // index into engine.domains
	weight float64
}

// cells holds the figures of the judged indicators for the rated footprints
// under one partition, by indicator and then footprint. Values are oriented:
// turned so that higher is worse.
type cells struct {
	x    []float64 // NaN where there is no figure
	crit []float64 // an indicator fails above this
	draw []sampler
	goal []float64 // what depth is measured from: what is due, or the pooled value
}

// engine scores footprints from cells; the Monte Carlo runs it over and over.
type engine struct {
	nf, nk, nd int
	judged     []judged // by domain
	first      []int    // first of each domain's indicators, and their number
	domains    []int    // index into Definitions.Domains
	weight     []float64
	domWeight  []float64
	rated      []bool      // by footprint and domain: is the domain rated there
	variants   []cells     // the partition as stated, then others
	shifts     [][]float64 // by resampled flows: how much each cell moves
}

// choice is how one evaluation is made.
type choice struct {
	norm Normalisation
	agg  Aggregation
	skip int // indicator to leave out; -1 none
}

// work is the memory of one evaluation.
type work struct {
	x, u            []float64
	weight, domW    []float64
	score, tie      []float64
	failing, domsOK []int
	depth           []float64
	failed          []bool // by footprint and domain
	order           []int
	rank            []int32
	sorted          []float64
	place           []int
}

func (e *engine) newWork() *work {
	n, k := e.nf, e.nk
	w := &work{
		x: make([]float64, n*k), u: make([]float64, n*k), weight: slices.Clone(e.weight), domW: slices.Clone(e.domWeight),
		score: make([]float64, n), tie: make([]float64, n), failing: make([]int, n), domsOK: make([]int, n), depth: make([]float64, n),
		failed: make([]bool, n*e.nd), order: make([]int, n), rank: make([]int32, n), sorted: make([]float64, n), place: make([]int, n),
	}
	return w
}

// evaluate scores the oriented values in w.x with the weights in w.
func (e *engine) evaluate(w *work, c *cells, by choice) {
	for k := range e.nk {
		if k == by.skip {
			continue
		}
		norm := by.norm
		switch by.agg {
		case ByDomains:
			norm = Distance // what depth is measured in
		case Oversight:
			norm = Ranks
		}
		e.normalise(w, k, c.goal[k*e.nf:(k+1)*e.nf], norm)
		if by.agg == Oversight {
			e.scoreFrom1(w, k)
		}
	}
	switch by.agg {
	case ByDomains:
		e.byDomains(w, c, by.skip)
	default:
		e.means(w, by)
	}
	e.ranking(w)
}

// normalise fills the row of an indicator in w.u.
func (e *engine) normalise(w *work, k int, goal []float64, norm Normalisation) {
	x, u := w.x[k*e.nf:(k+1)*e.nf], w.u[k*e.nf:(k+1)*e.nf]
	s := spreadOf(x)
	switch {
	case s.n == 0:
		copy(u, x)
	case norm == Ranks:
		e.normaliseRanks(w, x, u, s.n)
	case norm == MinMax:
		s.minMax(x, u)
	case norm == Distance:
		s.distances(x, u, goal)
	default:
		s.scores(x, u)
	}
}

// spread is how values lie; NaN is left out.
type spread struct{ n, mean, lo, hi float64 }

func spreadOf(x []float64) spread {
	s := spread{lo: math.Inf(1), hi: math.Inf(-1)}
	for _, v := range x {
		if v == v {
			s.n++
			s.mean += v
			s.lo, s.hi = min(s.lo, v), max(s.hi, v)
		}
	}
	if s.n > 0 {
		s.mean /= s.n
	}
	return s
}

// minMax puts values on a scale from 0 to 1.
func (s *spread) minMax(x, u []float64) {
	scale := s.hi - s.lo
	for f, v := range x {
		switch {
		case scale > 0:
			u[f] = (v - s.lo) / scale
		case v == v:
			u[f] = 0.5
		default:
			u[f] = v
		}
	}
}

// deviation is the standard deviation of values.
func (s *spread) deviation(x []float64) float64 {
	if s.n <= 1 {
		return 0
	}
	ss := 0.0
	for _, v := range x {
		if v == v {
			ss += float64((v - s.mean) * (v - s.mean))
		}
	}
	return math.Sqrt(ss / (s.n - 1))
}

// varies says whether values differ by more than rounding.
func (s *spread) varies(sd float64) bool {
	return sd > 1e-12*max(math.Abs(s.lo), math.Abs(s.hi))
}

// scores puts values in standard deviations from their mean; 0 where they do not
// vary.
func (s *spread) scores(x, u []float64) {
	sd := s.deviation(x)
	for f, v := range x {
		switch {
		case s.varies(sd):
			u[f] = (v - s.mean) / sd
		case v == v:
			u[f] = 0
		default:
			u[f] = v
		}
	}
}

// distances puts values in standard deviations from what each is held against.
// Where footprints hardly differ that would grow without bound: see bounded.
// Values that are all equal are one deviation from a goal that they are not at.
func (s *spread) distances(x, u, goal []float64) {
	sd := s.deviation(x)
	for f, v := range x {
		if s.varies(sd) {
			u[f] = bounded((v - goal[f]) / sd)
		} else {
			u[f] = sideOf(v, goal[f])
		}
	}
}

// bounded keeps a distance of up to five as it is, and brings longer ones below
// ten: 5 + 5t/(5+t), with t what is beyond five. Their order stays.
func bounded(u float64) float64 {
	const free = 5
	beyond := math.Abs(u) - free
	if !(beyond > 0) {
		return u
	}
	if math.IsInf(beyond, 0) {
		return math.Copysign(2*free, u)
	}
	return math.Copysign(free+float64(free*beyond/(free+beyond)), u)
}

// sideOf is 1 or -1 by the side of a goal that a value lies on; 0 on it. NaN
// stays.
func sideOf(v, from float64) float64 {
	switch {
	case v != v:
		return v
	case math.Abs(v-from) > 1e-12*max(math.Abs(v), math.Abs(from)):
		return math.Copysign(1, v-from)
	}
	return 0
}

// scoreFrom1 scores the figures of an indicator from 1, the best, to 4: by the
// values that its definition gives, else by rank.
func (e *engine) scoreFrom1(w *work, k int) {
	ind := e.judged[k].ind
	x, u := w.x[k*e.nf:(k+1)*e.nf], w.u[k*e.nf:(k+1)*e.nf]
	side := -float64(ind.EffectivePolarity())
	for f, v := range x {
		switch {
		case v != v:
		case len(ind.Scores) == 0:
			u[f] = 1 + float64(3*u[f])
		default:
			u[f] = 1
			for _, limit := range ind.Scores {
				if v > side*limit {
					u[f]++
				}
			}
		}
	}
}

// normaliseRanks fills a row with ranks.
func (e *engine) normaliseRanks(w *work, x, u []float64, n float64) {
	order := w.place[:0]
	for f, v := range x {
		if v == v {
			order = append(order, f)
		} else {
			u[f] = v
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		r := 0.5
		if n > 1 {
			r = (float64(i+j-1) / 2) / (n - 1)
		}
		for _, f := range order[i:j] {
			u[f] = r
		}
		i = j
	}
}

// byDomains counts failing domains and measures depth.
func (e *engine) byDomains(w *work, c *cells, skip int) {
	for f := range e.nf {
		rated, failing := 0, 0
		var depth, tie, weights float64
		for d := range e.nd {
			w.failed[f*e.nd+d] = false
			if !e.rated[f*e.nd+d] {
				continue
			}
			var sum, fail, severity, mean float64
			for k := e.first[d]; k < e.first[d+1]; k++ {
				at := k*e.nf + f
				if k == skip || !(w.x[at] == w.x[at]) {
					continue
				}
				wk := w.weight[k]
				sum += wk
				if w.x[at] > c.crit[at] {
					fail += wk
				}
				severity += float64(wk * max(0, w.u[at]))
				mean += float64(wk * w.u[at])
			}
			if sum == 0 {
				continue
			}
			rated++
			if fail*2 >= sum*(1-1e-12) { // at least half of the domain's weight
				failing++
				w.failed[f*e.nd+d] = true
			}
			depth += w.domW[d] * severity / sum
			tie += w.domW[d] * mean / sum
			weights += w.domW[d]
		}
		w.failing[f], w.domsOK[f] = failing, rated
		w.depth[f], w.score[f], w.tie[f] = 0, 0, 0
		if rated > 0 && weights > 0 {
			w.depth[f], w.tie[f] = depth/weights, tie/weights
			w.score[f] = float64(e.nd)*float64(failing)/float64(rated) + w.depth[f]/(1+w.depth[f])
		}
	}
}

// means aggregates within domains and then over them.
func (e *engine) means(w *work, by choice) {
	if by.agg == Geometric {
		for i, u := range w.u {
			w.u[i] = portable.Log(goodness(u, by.norm))
		}
	}
	for f := range e.nf {
		var total, weights float64
		for d := range e.nd {
			if !e.rated[f*e.nd+d] {
				continue
			}
			var sum, inner float64
			for k := e.first[d]; k < e.first[d+1]; k++ {
				at := k*e.nf + f
				if k == by.skip || !(w.x[at] == w.x[at]) {
					continue
				}
				sum += float64(w.weight[k] * w.u[at])
				inner += w.weight[k]
			}
			if inner > 0 {
				total += w.domW[d] * sum / inner
				weights += w.domW[d]
			}
		}
		w.score[f], w.tie[f] = 0, 0
		if weights > 0 {
			w.score[f] = total / weights
			if by.agg == Geometric {
				w.score[f] = 100 - portable.Exp(total/weights)
			}
		}
	}
}

// goodness is a normalised value as 1 (worst) to 100 (best).
func goodness(u float64, norm Normalisation) float64 {
	switch norm {
	case ZScores:
		return 1 + float64(99*0.5*portable.Erfc(u/math.Sqrt2))
	case Distance:
		return 1 + float64(99*portable.Exp(-max(0, u)))
	}
	return 1 + float64(99*(1-u))
}

// ranking fills w.rank: 1 is the highest score. Equal scores share a rank.
func (e *engine) ranking(w *work) {
	for f := range w.order {
		w.order[f] = f
	}
	slices.SortFunc(w.order, func(a, b int) int {
		if c := cmp.Compare(w.score[b], w.score[a]); c != 0 {
			return c
		}
		if c := cmp.Compare(w.tie[b], w.tie[a]); c != 0 {
			return c
		}
		return a - b
	})
	for i, f := range w.order {
		w.rank[f] = int32(i + 1)
		if i > 0 {
			if prev := w.order[i-1]; w.score[prev] == w.score[f] && w.tie[prev] == w.tie[f] {
				w.rank[f] = w.rank[prev]
			}
		}
	}
}

// rate gives the rating of a score, or for ByDomains of a share of domains.
func rate(v float64, cuts *[3]float64) int {
	for i, c := range cuts {
		if v <= c+1e-12 {
			return i + 1
		}
	}
	return 4
}

// critical is the oriented value above which a figure fails; +Inf where it
// cannot. at and out may be of another partition, in which footprint g stands for
// footprint f. A figure that no target asks for yet is judged as an outlier.
func (m *measure) critical(at *attribution.Attributed, g int, out *outliers, f int, opt *Options) float64 {
	ind, side := m.ind, -float64(m.ind.EffectivePolarity())
	outlier := math.Inf(1)
	if !math.IsNaN(out.z(g)) {
		s := out.s[g]
		outlier = side * out.back(out.Centre+float64(side*interval.Z95*math.Sqrt(float64(s*s)+out.Tau2)))
	}
	due, set := m.targetFor(f)
	if !set || opt.Failing == FailsOutlier {
		return outlier
	}
	target := m.certainlyPast(float64(side*due)+ind.Margin, at, g, opt.Certainty)
	switch opt.Failing {
	case FailsEither:
		return min(target, outlier)
	case FailsBoth:
		return max(target, outlier)
	}
	return target
}

// certainlyPast is the oriented value from which on a figure is past a limit with
// some one-sided certainty, by its error.
func (m *measure) certainlyPast(limit float64, at *attribution.Attributed, g int, certainty float64) float64 {
	ind, side := m.ind, -float64(m.ind.EffectivePolarity())
	z := interval.Z(float64(2*certainty) - 1)
	if certainty == 0.5 {
		z = 0
	}
	num, den := at.Numerator[g], at.Denominator[g]
	counts := !math.IsNaN(num) && !math.IsNaN(den) && !at.Weighted
	switch {
	case at.StandardError[g] > 0:
		return limit + float64(z*at.StandardError[g])
	case counts && ind.Kind == definition.Proportion:
		// Wilson's interval leaves p0 out where |p − p0| > z √(p0(1−p0)/n).
		p0 := max(0, min(1, side*limit))
		return limit + float64(z*math.Sqrt(p0*(1-p0)/den))
	case counts && (ind.Kind == definition.Rate || ind.Kind == definition.Ratio):
		events := criticalCount(side*limit*den/ind.EffectivePer(), side > 0, z)
		return side * events / den * ind.EffectivePer()
	case m.empirical != nil && m.empirical[g] > 0:
		return limit + float64(z*m.empirical[g])
	}
	return limit
}

// criticalCount is the count at which a limit of Byar's interval meets e0: the
// lower limit where high is bad, the upper where low is.
func criticalCount(e0 float64, highIsBad bool, z float64) float64 {
	lower := func(x float64) float64 {
		return x * portable.Pow(max(0, 1-1/(9*x)-z/(3*math.Sqrt(x))), 3)
	}
	upper := func(x float64) float64 {
		return (x + 1) * portable.Pow(1-1/(9*(x+1))+z/(3*math.Sqrt(x+1)), 3)
	}
	e0 = max(0, e0)
	lo, hi := 0.0, e0+float64(20*math.Sqrt(e0+1))+20
	for range 60 {
		mid := (lo + hi) / 2
		below := upper(mid) < e0
		if highIsBad {
			below = lower(mid) <= e0
		}
		if below {
			lo = mid
		} else {
			hi = mid
		}
	}
	if !highIsBad && upper(0) >= e0 {
		return -1 // even no event at all is within the interval
	}
	return lo
}
