package score

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// Input is what Run scores.
type Input struct {
	Matrix    *flow.Matrix
	Partition footprint.Partition
	// Names of the footprints, by index; nil for none. ProviderNames and
	// AreaNames by index of the matrix, for explanations.
	Names, ProviderNames, AreaNames []string
	// Population of each area, by index: the weight of areas in the coverage and
	// the averages of areas' figures. nil: patients take its place.
	Population []float64
	// Confidence of each area's place in the partition, in [0, 1], NaN unknown,
	// by index; or partitions of resampled flows. Either makes the partition one
	// of the sources of doubt. Alternatives go first.
	Confidence   []float64
	Alternatives []footprint.Partition
	// Known are codes of entities that exist without flow.
	Known        []string
	Observations []attribution.Observation
	Definitions  *definition.Definitions // nil is Default
	Options      Options
	// Shards above 0 asks for part Shard of the draws only, from 1: Result.Draws
	// has them, and the doubt about ranks is left out.
	Shard, Shards int
	// Merge, if not nil, gives the ranks of all draws in place of drawing, in the
	// order of their numbers. It is told what they must be of.
	Merge    func(want Draws) ([]int32, error)
	Progress footprint.Progress // nil is silent
}

// Answer is yes, no or not known.
type Answer string

// The answers as files write them.
const (
	Yes     Answer = "true"
	No      Answer = "false"
	Unknown Answer = ""
)

func answer(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// IndicatorRow is one indicator of one footprint: a row of indicators.csv. NaN
// is unknown. In Gap and Z, higher is worse.
type IndicatorRow struct {
	Footprint, Indicator, Domain string
	Period                       string
	Numerator, Denominator       float64
	Value                        float64
	Lower, Upper                 float64 // 95%
	Lower998, Upper998           float64
	Target, Gap                  float64 // Gap is NaN without target
	MeetsTarget                  Answer
	Failing                      Answer // past target or limit by margin and certainty
	Z                            float64
	Band                         int     // −2 to 2; 0 also where Z is unknown
	Coverage                     float64 // share of the footprint's patients or people whose figures are in
	Used                         bool    // enough of them for the footprint to be judged on it
	Weighted                     bool    // weighted by flow for want of denominators
	Shares                       []float64
}

// FootprintRow is one footprint: a row of scores.csv. NaN is unknown; Rating and
// the ranks are 0 where the footprint is not rated, and RankLow, RankHigh and
// MedianRank also where nothing was drawn.
type FootprintRow struct {
	Footprint, Name string
	Rated           bool
	Score           float64
	Rating, Rank    int
	RankLow         int
	RankHigh        int
	MedianRank      float64
	PWorst          float64
	DomainsFailing  int
	DomainsRated    int
	Domains         int // that have any figure
	Depth           float64
	Coverage        float64 // share of indicator weight available
	// Failing lists the failing domains, Unrated those without enough figures.
	Failing, Unrated []string
}

// Result is what Run found. Footprints are in the order of the partition,
// indicators in that of the definitions.
type Result struct {
	Definitions *definition.Definitions
	Options     Options // with the defaults in place
	Footprints  []FootprintRow
	Indicators  []IndicatorRow
	Sensitivity []SensitivityRow
	Trends      []TrendRow
	Measured    []string // ids of the indicators with figures
	Unmeasured  []string // ids of the indicators of the set without any
	Notes       []string // what was not as expected, for people
	Worst       []string // ids of the worst, worst first
	Draws       *Draws   // where Input.Shards asked for a part, and there is a rank to doubt

	in       *Input
	table    *attribution.Table
	base     *attribution.Attributor
	measures []*measure
}

// measure is a series in the period that is scored.
type measure struct {
	series *attribution.Series
	ind    *definition.Indicator
	period int
	at     *attribution.Attributed
	use    []bool
	out    *outliers
}

// Run scores the footprints of a partition. Its error is a *fault.List where the
// table is at fault, wraps ErrOption where an option is, ErrUnknownPeriod or
// ErrNothing where there is nothing to score, and is context.Cause where the
// context ends.
func Run(ctx context.Context, in Input) (*Result, error) {
	opt, err := in.Options.filled()
	if err != nil {
		return nil, err
	}
	in.Options = opt
	if err := in.checkShape(); err != nil {
		return nil, err
	}
	defs := in.Definitions
	if defs == nil {
		if defs, err = definition.Builtin(definition.Default); err != nil {
			return nil, err
		}
	} else if err := defs.Check(); err != nil {
		return nil, err
	}
	tab, err := attribution.ReadTable(&attribution.TableInput{
		Matrix: in.Matrix, Partition: in.Partition, Known: in.Known, Observations: in.Observations, AllowUnknown: opt.AllowUnknown,
	}, defs)
	if err != nil {
		return nil, err
	}
	r := &Result{Definitions: defs, Options: opt, Notes: tab.Notes, in: &in, table: tab}
	r.base = attribution.NewAttributor(in.Matrix, in.Partition, in.Population)
	if err := r.measure(); err != nil {
		return nil, err
	}
	r.indicatorRows()
	if err := r.composite(ctx); err != nil {
		return nil, err
	}
	r.trends()
	return r, nil
}

func (in *Input) checkShape() error {
	if in.Matrix == nil {
		return fmt.Errorf("score: no flow matrix")
	}
	n, nf := len(in.Matrix.Areas()), len(in.Partition.IDs)
	fits := func(p *footprint.Partition) bool {
		ok := len(p.Areas) == n && (p.Providers == nil && in.Matrix.OneMode() || len(p.Providers) == len(in.Matrix.Providers()))
		for _, list := range [][]int32{p.Areas, p.Providers} {
			for _, f := range list {
				ok = ok && f < int32(len(p.IDs))
			}
		}
		return ok
	}
	if !fits(&in.Partition) {
		return fmt.Errorf("score: the partition is not of this flow matrix")
	}
	for i := range in.Alternatives {
		if !fits(&in.Alternatives[i]) {
			return fmt.Errorf("score: alternative partition %d is not of this flow matrix", i+1)
		}
	}
	if in.Shards < 0 || in.Shards > 0 && (in.Shard < 1 || in.Shard > in.Shards) {
		return fmt.Errorf("score: there is no part %d of %d", in.Shard, in.Shards)
	}
	if in.Population != nil && len(in.Population) != n || in.Confidence != nil && len(in.Confidence) != n || in.Names != nil && len(in.Names) != nf {
		return fmt.Errorf("score: population, confidence or names are not of this partition")
	}
	return nil
}

// measure attributes every indicator in the period that is scored.
func (r *Result) measure() error {
	opt, found := &r.Options, false
	var missing error
	for i := range r.table.Series {
		s := &r.table.Series[i]
		m := &measure{series: s, ind: &r.Definitions.Indicators[s.Indicator], period: -1}
		if opt.Period != "" {
			if p, err := attribution.FindPeriod(s.Periods, opt.Period); err != nil {
				missing = err
				r.Notes = append(r.Notes, fmt.Sprintf("%s: %v", m.ind.ID, err))
				continue
			} else {
				m.period = p
			}
		} else {
			for p := range s.Periods {
				if len(s.Figures[p]) > 0 {
					m.period = p
				}
			}
		}
		if m.period < 0 || len(s.Figures[m.period]) == 0 {
			continue
		}
		found = true
		m.at = r.base.Attribute(m.ind, s.Level, s.Figures[m.period], opt.View)
		m.use = r.usable(m.at)
		m.out = findOutliers(m.ind, m.at, m.use)
		r.measures = append(r.measures, m)
		r.Measured = append(r.Measured, m.ind.ID)
		if m.at.Weighted && m.ind.Kind != definition.Band {
			r.Notes = append(r.Notes, fmt.Sprintf("%s has no denominators: weighted by flow, without intervals of its own", m.ind.ID))
		}
	}
	if !found {
		if missing != nil {
			return missing
		}
		return attribution.ErrNothing
	}
	for _, ind := range r.Definitions.Indicators {
		if !slices.Contains(r.Measured, ind.ID) {
			r.Unmeasured = append(r.Unmeasured, ind.ID)
		}
	}
	if len(r.Unmeasured) > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d of %d indicators of the set have no figures: %s",
			len(r.Unmeasured), len(r.Definitions.Indicators), strings.Join(r.Unmeasured, ", ")))
	}
	return nil
}

// usable marks the footprints with enough of their patients reported.
func (r *Result) usable(at *attribution.Attributed) []bool {
	use := make([]bool, len(at.Value))
	for f := range use {
		use[f] = !math.IsNaN(at.Value[f]) && at.Coverage[f]+1e-9 >= r.Options.MinReported
	}
	return use
}

func (r *Result) indicatorRows() {
	for _, m := range r.measures {
		ind, at := m.ind, m.at
		side := -float64(ind.EffectivePolarity())
		for f, id := range r.in.Partition.IDs {
			row := IndicatorRow{
				Footprint: id, Indicator: ind.ID, Domain: ind.Domain, Period: m.series.Periods[m.period].Label,
				Numerator: at.Numerator[f], Denominator: at.Denominator[f], Value: at.Value[f],
				Target: math.NaN(), Gap: math.NaN(), Z: math.NaN(), Coverage: at.Coverage[f], Used: m.use[f], Weighted: at.Weighted,
			}
			row.Lower, row.Upper = interval.Of(ind, row.Numerator, row.Denominator, row.Value, at.StandardError[f], at.Weighted, 0.95)
			row.Lower998, row.Upper998 = interval.Of(ind, row.Numerator, row.Denominator, row.Value, at.StandardError[f], at.Weighted, 0.998)
			if at.Shares != nil {
				row.Shares = at.Shares[f]
			}
			if ind.Target.Set {
				row.Target = ind.Target.Value
				if !math.IsNaN(row.Value) {
					row.Gap = side * (row.Value - row.Target)
					row.MeetsTarget = answer(row.Gap <= 0)
				}
			}
			if m.use[f] {
				row.Z = m.out.z(f)
				if side != 0 {
					row.Z *= side
				}
				switch a := math.Abs(row.Z); {
				case a > interval.Z998:
					row.Band = int(math.Copysign(2, row.Z))
				case a > interval.Z95:
					row.Band = int(math.Copysign(1, row.Z))
				}
				if side != 0 {
					row.Failing = answer(side*row.Value > criticalValue(ind, at, f, m.out, r.Options.Failing, r.Options.Certainty))
				}
			}
			r.Indicators = append(r.Indicators, row)
		}
		n := len(r.in.Partition.IDs)
		if num, den := at.Numerator[n], at.Denominator[n]; num != 0 && !math.IsNaN(num) || den != 0 && !math.IsNaN(den) {
			nan := math.NaN()
			r.Indicators = append(r.Indicators, IndicatorRow{
				Footprint: attribution.Unattributed, Indicator: ind.ID, Domain: ind.Domain,
				Period: m.series.Periods[m.period].Label, Numerator: num, Denominator: den, Value: nan, Lower: nan, Upper: nan,
				Lower998: nan, Upper998: nan, Target: nan, Gap: nan, Z: nan, Coverage: nan,
			})
		}
	}
}

// composite rates and ranks the footprints, and says how sure it is.
func (r *Result) composite(ctx context.Context) error {
	opt, nf := &r.Options, len(r.in.Partition.IDs)
	domWeight := r.Definitions.DomainWeights()

	// 1. The judged indicators by domain, and what every footprint has of them.
	e := &engine{}
	domainAt := map[int]int{}
	counted := func(ind *definition.Indicator) bool {
		return ind.EffectivePolarity() != definition.Neutral && ind.Weight > 0 && domWeight[r.Definitions.DomainIndex(ind.Domain)] > 0
	}
	inDomain := make([]int, len(r.Definitions.Domains))
	for i := range r.Definitions.Indicators {
		ind := &r.Definitions.Indicators[i]
		if counted(ind) && (opt.WholeSet || slices.Contains(r.Measured, ind.ID)) {
			inDomain[r.Definitions.DomainIndex(ind.Domain)]++
		}
	}
	for d, n := range inDomain {
		if n > 0 {
			domainAt[d] = len(e.domains)
			e.domains = append(e.domains, d)
			e.domWeight = append(e.domWeight, domWeight[d])
		}
	}
	for i, m := range r.measures {
		if counted(m.ind) {
			e.judged = append(e.judged, judged{ind: m.ind, series: i, domain: domainAt[r.Definitions.DomainIndex(m.ind.Domain)], weight: m.ind.Weight})
		}
	}
	slices.SortStableFunc(e.judged, func(a, b judged) int { return a.domain - b.domain })
	e.nk, e.nd = len(e.judged), len(e.domains)
	e.first = make([]int, e.nd+1)
	for _, j := range e.judged {
		e.weight = append(e.weight, j.weight)
		e.first[j.domain+1]++
	}
	for d := range e.nd {
		e.first[d+1] += e.first[d]
	}

	// 2. Coverage: domains rated, footprints rated.
	r.Footprints = make([]FootprintRow, nf)
	ratedDomain := make([]bool, nf*e.nd)
	effective, unmeasured := r.effectiveWeights(e, domWeight, inDomain)
	var rated []int
	for f, id := range r.in.Partition.IDs {
		row := &r.Footprints[f]
		nan := math.NaN()
		*row = FootprintRow{Footprint: id, Score: nan, MedianRank: nan, PWorst: nan, Depth: nan, Domains: e.nd}
		if r.in.Names != nil {
			row.Name = r.in.Names[f]
		}
		have := make([]int, e.nd)
		missing := unmeasured
		for k, j := range e.judged {
			if r.measures[j.series].use[f] {
				have[j.domain]++
			} else {
				missing += effective[k]
			}
		}
		row.Coverage = max(0, 1-missing)
		for d := range e.nd {
			if have[d] > 0 && float64(have[d]) >= opt.MinIndicators*float64(inDomain[e.domains[d]])-1e-9 {
				ratedDomain[f*e.nd+d] = true
				row.DomainsRated++
			} else {
				row.Unrated = append(row.Unrated, r.Definitions.Domains[e.domains[d]].ID)
			}
		}
		if row.DomainsRated > 0 && float64(row.DomainsRated) >= opt.MinDomains*float64(e.nd)-1e-9 {
			row.Rated = true
			rated = append(rated, f)
		}
	}
	r.failingDomains(e, ratedDomain)
	if len(rated) == 0 || e.nk == 0 {
		r.Notes = append(r.Notes, "no footprint has enough figures to be rated")
		return nil
	}

	// 3. The stated score.
	e.nf = len(rated)
	for _, f := range rated {
		e.rated = append(e.rated, ratedDomain[f*e.nd:(f+1)*e.nd]...)
	}
	e.variants = append(e.variants, r.cells(e, rated, nil, nil))
	base := e.stated(choice{norm: opt.Normalisation, agg: opt.Aggregation, skip: -1})
	byDomain := base
	if opt.Aggregation != ByDomains {
		byDomain = e.stated(choice{agg: ByDomains, skip: -1})
	}
	order := make([]int, e.nf)
	for i, f := range rated {
		order[i] = i
		row := &r.Footprints[f]
		row.Score, row.Rank, row.Depth = base.score[i], int(base.rank[i]), byDomain.depth[i]
		v := row.Score
		if opt.Aggregation == ByDomains {
			v = float64(byDomain.failing[i]) / float64(byDomain.domsOK[i])
		}
		row.Rating = rate(v, opt.Cuts)
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(base.rank[a] - base.rank[b]) })
	for _, i := range order[:min(opt.Worst, len(order))] {
		r.Worst = append(r.Worst, r.in.Partition.IDs[rated[i]])
	}

	// 4. The doubt about it.
	r.Sensitivity = e.alternatives(opt, base)
	if opt.Draws == 0 {
		return nil
	}
	r.partitionVariants(e, rated)
	d := newDoubt(e, opt)
	ranks, err := r.draws(ctx, d)
	if err != nil || ranks == nil {
		return err
	}
	doubts, rows := d.summary(ranks)
	for i, f := range rated {
		row := &r.Footprints[f]
		row.MedianRank, row.RankLow, row.RankHigh, row.PWorst = doubts[i].Median, doubts[i].Low, doubts[i].High, doubts[i].PWorst
	}
	r.Sensitivity = append(rows, r.Sensitivity...)
	return nil
}

// effectiveWeights gives each judged indicator its share of all weight that
// coverage is counted over, and the share of those that have no figures.
func (r *Result) effectiveWeights(e *engine, domWeight []float64, inDomain []int) (weights []float64, unmeasured float64) {
	inner := make([]float64, len(r.Definitions.Domains))
	in := func(ind *definition.Indicator) bool {
		return ind.EffectivePolarity() != definition.Neutral && inDomain[r.Definitions.DomainIndex(ind.Domain)] > 0 &&
			(r.Options.WholeSet || slices.Contains(r.Measured, ind.ID))
	}
	for i := range r.Definitions.Indicators {
		if ind := &r.Definitions.Indicators[i]; in(ind) {
			inner[r.Definitions.DomainIndex(ind.Domain)] += ind.Weight
		}
	}
	total := 0.0
	for d := range inner {
		if inner[d] > 0 {
			total += domWeight[d]
		}
	}
	for i := range r.Definitions.Indicators {
		ind := &r.Definitions.Indicators[i]
		if d := r.Definitions.DomainIndex(ind.Domain); in(ind) && inner[d] > 0 && !slices.Contains(r.Measured, ind.ID) {
			unmeasured += domWeight[d] / total * ind.Weight / inner[d]
		}
	}
	for _, j := range e.judged {
		d := e.domains[j.domain]
		weights = append(weights, domWeight[d]/total*j.weight/inner[d])
	}
	return weights, unmeasured
}

// failingDomains counts, for every footprint, the rated domains of which at
// least half of the available weight fails.
func (r *Result) failingDomains(e *engine, ratedDomain []bool) {
	failing := map[string]map[string]Answer{}
	for _, row := range r.Indicators {
		if failing[row.Footprint] == nil {
			failing[row.Footprint] = map[string]Answer{}
		}
		failing[row.Footprint][row.Indicator] = row.Failing
	}
	for f := range r.Footprints {
		row := &r.Footprints[f]
		for d := range e.nd {
			var sum, fail float64
			for _, j := range e.judged {
				if j.domain != d || !r.measures[j.series].use[f] {
					continue
				}
				sum += j.weight
				if failing[row.Footprint][j.ind.ID] == Yes {
					fail += j.weight
				}
			}
			if ratedDomain[f*e.nd+d] && sum > 0 && fail*2 >= sum*(1-1e-12) {
				row.DomainsFailing++
				row.Failing = append(row.Failing, r.Definitions.Domains[e.domains[d]].ID)
			}
		}
	}
}

// cells gathers the figures of the rated footprints. With an attributor of
// another partition, twin names for each footprint the one that stands for it;
// where that has no figure, the footprint's own stays, as do all that were given
// by footprint.
func (r *Result) cells(e *engine, rated []int, a *attribution.Attributor, twin []int32) cells {
	c := cells{x: slices.Repeat([]float64{math.NaN()}, e.nk*e.nf), crit: make([]float64, e.nk*e.nf), draw: make([]sampler, e.nk*e.nf), goal: make([]float64, e.nk)}
	for k, j := range e.judged {
		m := r.measures[j.series]
		side := -float64(j.ind.EffectivePolarity())
		at, use, out := m.at, m.use, m.out
		again := a != nil && m.series.Level != definition.FootprintLevel
		if again {
			at = a.Attribute(m.ind, m.series.Level, m.series.Figures[m.period], r.Options.View)
			use = r.usable(at)
			out = findOutliers(m.ind, at, use)
		}
		c.goal[k] = side * m.out.pooled
		if j.ind.Target.Set {
			c.goal[k] = side * j.ind.Target.Value
		}
		for i, f := range rated {
			cell := k*e.nf + i
			c.crit[cell] = math.Inf(1)
			g := f
			if again {
				g = int(twin[f])
			}
			from, fromOut := at, out
			if g < 0 || !use[g] {
				g, from, fromOut = f, m.at, m.out
			}
			if !m.use[f] {
				continue // unknown in the stated partition is unknown in every draw
			}
			c.x[cell] = side * from.Value[g]
			c.crit[cell] = criticalValue(j.ind, from, g, fromOut, r.Options.Failing, r.Options.Certainty)
			c.draw[cell] = newSampler(j.ind, from, g)
		}
	}
	return c
}
