package score

import (
	"cmp"
	"math"
	"slices"

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
	goal []float64 // by indicator: target, or the pooled value
}

// engine scores footprints from cells; the Monte Carlo runs it over and over.
type engine struct {
	nf, nk, nd int
	judged     []judged // by domain
	first      []int    // first of each domain's indicators, and their number
	domains    []int    // index into Definitions.Domains
	weight     []float64
	domWeight  []float64
	rated      []bool // by footprint and domain: is the domain rated there
	variants   []cells
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
		if by.agg == ByDomains {
			norm = Distance // what depth is measured in
		}
		e.normalise(w, k, c.goal[k], norm)
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
func (e *engine) normalise(w *work, k int, goal float64, norm Normalisation) {
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
		s.scores(x, u, goal, true)
	default:
		s.scores(x, u, s.mean, false)
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
			ss += (v - s.mean) * (v - s.mean)
		}
	}
	return math.Sqrt(ss / (s.n - 1))
}

// scores puts values in standard deviations from a point. Values that are equal
// but for rounding do not vary: they score 0, or by their side of a goal 1 or -1.
func (s *spread) scores(x, u []float64, from float64, goal bool) {
	sd := s.deviation(x)
	if sd > 1e-12*max(math.Abs(s.lo), math.Abs(s.hi)) {
		for f, v := range x {
			u[f] = (v - from) / sd
		}
		return
	}
	for f, v := range x {
		u[f] = sideOf(v, from, goal)
	}
}

// sideOf is 1 or -1 by the side of a goal that a value lies on; 0 on it or
// without a goal. NaN stays.
func sideOf(v, from float64, goal bool) float64 {
	switch {
	case v != v:
		return v
	case goal && math.Abs(v-from) > 1e-12*max(math.Abs(v), math.Abs(from)):
		return math.Copysign(1, v-from)
	}
	return 0
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
				severity += wk * max(0, w.u[at])
				mean += wk * w.u[at]
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
			w.u[i] = math.Log(goodness(u, by.norm))
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
				sum += w.weight[k] * w.u[at]
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
				w.score[f] = 100 - math.Exp(total/weights)
			}
		}
	}
}

// goodness is a normalised value as 1 (worst) to 100 (best).
func goodness(u float64, norm Normalisation) float64 {
	switch norm {
	case ZScores:
		return 1 + 99*0.5*math.Erfc(u/math.Sqrt2)
	case Distance:
		return 1 + 99*math.Exp(-max(0, u))
	}
	return 1 + 99*(1-u)
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

// criticalValue is the oriented value above which an indicator fails; +Inf
// where it cannot.
func criticalValue(ind *definition.Indicator, at *attribution.Attributed, f int, out *outliers, rule Failing, certainty float64) float64 {
	side := -float64(ind.EffectivePolarity())
	outlier := math.Inf(1)
	if !math.IsNaN(out.z(f)) {
		s := out.s[f]
		outlier = side * out.back(out.Centre+side*interval.Z95*math.Sqrt(s*s+out.Tau2))
	}
	if !ind.Target.Set || rule == FailsOutlier {
		return outlier
	}
	target := side*ind.Target.Value + ind.Margin
	z := interval.Z(2*certainty - 1)
	if certainty == 0.5 {
		z = 0
	}
	num, den := at.Numerator[f], at.Denominator[f]
	counts := !math.IsNaN(num) && !math.IsNaN(den) && !at.Weighted
	switch {
	case at.StandardError[f] > 0:
		target += z * at.StandardError[f]
	case counts && ind.Kind == definition.Proportion:
		// Wilson's interval leaves p0 out where |p − p0| > z √(p0(1−p0)/n).
		p0 := max(0, min(1, side*target))
		target += z * math.Sqrt(p0*(1-p0)/den)
	case counts && (ind.Kind == definition.Rate || ind.Kind == definition.Ratio):
		events := criticalCount(side*target*den/ind.EffectivePer(), side > 0, z)
		target = side * events / den * ind.EffectivePer()
	}
	switch rule {
	case FailsEither:
		return min(target, outlier)
	case FailsBoth:
		return max(target, outlier)
	}
	return target
}

// criticalCount is the count at which a limit of Byar's interval meets e0: the
// lower limit where high is bad, the upper where low is.
func criticalCount(e0 float64, highIsBad bool, z float64) float64 {
	lower := func(x float64) float64 {
		return x * math.Pow(max(0, 1-1/(9*x)-z/(3*math.Sqrt(x))), 3)
	}
	upper := func(x float64) float64 {
		return (x + 1) * math.Pow(1-1/(9*(x+1))+z/(3*math.Sqrt(x+1)), 3)
	}
	e0 = max(0, e0)
	lo, hi := 0.0, e0+20*math.Sqrt(e0+1)+20
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
