package score

import (
	"context"
	"math"
	"slices"

	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// composite rates and ranks the footprints, and says how sure it is.
func (r *Result) composite(ctx context.Context) error {
	c := &composing{Result: r, e: &engine{}, domWeight: r.Definitions.DomainWeights()}
	c.judge()
	c.cover()
	r.failingDomains(c.e, c.ratedDomain)
	if len(c.rated) == 0 || c.e.nk == 0 {
		r.Notes = append(r.Notes, "no footprint has enough figures to be rated")
		return nil
	}
	base := c.state()
	r.Sensitivity = c.e.alternatives(&r.Options, base)
	if r.Options.Draws == 0 {
		return nil
	}
	return c.doubt(ctx)
}

// composing is a result while its footprints are rated.
type composing struct {
	*Result
	e           *engine
	domWeight   []float64 // by domain of the definitions
	inDomain    []int     // indicators that count, likewise
	rated       []int     // footprints
	ratedDomain []bool    // by footprint and domain of the engine
}

// counts says whether an indicator is judged.
func (c *composing) counts(ind *definition.Indicator) bool {
	return ind.EffectivePolarity() != definition.Neutral && ind.Weight > 0 && c.domWeight[c.Definitions.DomainIndex(ind.Domain)] > 0
}

// judge lists the domains and the judged indicators, by domain.
func (c *composing) judge() {
	e, defs := c.e, c.Definitions
	c.inDomain = make([]int, len(defs.Domains))
	for i := range defs.Indicators {
		ind := &defs.Indicators[i]
		if c.counts(ind) && (c.Options.WholeSet || slices.Contains(c.Measured, ind.ID)) {
			c.inDomain[defs.DomainIndex(ind.Domain)]++
		}
	}
	domainAt := map[int]int{}
	for d, n := range c.inDomain {
		if n > 0 {
			domainAt[d] = len(e.domains)
			e.domains = append(e.domains, d)
			e.domWeight = append(e.domWeight, c.domWeight[d])
		}
	}
	for i, m := range c.measures {
		if c.counts(m.ind) {
			e.judged = append(e.judged, judged{ind: m.ind, series: i, domain: domainAt[defs.DomainIndex(m.ind.Domain)], weight: m.ind.Weight})
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
}

// cover says what every footprint has of the judged indicators, and which are
// rated.
func (c *composing) cover() {
	e, nf := c.e, len(c.in.Partition.IDs)
	c.Footprints = make([]FootprintRow, nf)
	c.ratedDomain = make([]bool, nf*e.nd)
	effective, unmeasured := c.effectiveWeights(e, c.domWeight, c.inDomain)
	for f, id := range c.in.Partition.IDs {
		row, nan := &c.Footprints[f], math.NaN()
		*row = FootprintRow{Footprint: id, Score: nan, MedianRank: nan, PWorst: nan, Depth: nan, Domains: e.nd}
		if c.in.Names != nil {
			row.Name = c.in.Names[f]
		}
		have, missing := make([]int, e.nd), unmeasured
		for k, j := range e.judged {
			if c.measures[j.series].use[f] {
				have[j.domain]++
			} else {
				missing += effective[k]
			}
		}
		row.Coverage = max(0, 1-missing)
		c.rateDomains(f, have)
		if row.DomainsRated > 0 && float64(row.DomainsRated) >= c.Options.MinDomains*float64(e.nd)-1e-9 {
			row.Rated = true
			c.rated = append(c.rated, f)
		}
	}
}

// rateDomains says in which domains a footprint has enough indicators.
func (c *composing) rateDomains(f int, have []int) {
	e, row := c.e, &c.Footprints[f]
	for d := range e.nd {
		if have[d] > 0 && float64(have[d]) >= c.Options.MinIndicators*float64(c.inDomain[e.domains[d]])-1e-9 {
			c.ratedDomain[f*e.nd+d] = true
			row.DomainsRated++
		} else {
			row.Unrated = append(row.Unrated, c.Definitions.Domains[e.domains[d]].ID)
		}
	}
}

// state scores the rated footprints by the stated choices.
func (c *composing) state() *work {
	opt, e := &c.Options, c.e
	e.nf = len(c.rated)
	for _, f := range c.rated {
		e.rated = append(e.rated, c.ratedDomain[f*e.nd:(f+1)*e.nd]...)
	}
	e.variants = append(e.variants, c.Result.cells(e, c.rated, nil, nil))
	base := e.stated(choice{norm: opt.Normalisation, agg: opt.Aggregation, skip: -1})
	byDomain := base
	if opt.Aggregation != ByDomains {
		byDomain = e.stated(choice{agg: ByDomains, skip: -1})
	}
	order := make([]int, e.nf)
	for i, f := range c.rated {
		order[i] = i
		row := &c.Footprints[f]
		row.Score, row.Rank, row.Depth = base.score[i], int(base.rank[i]), byDomain.depth[i]
		v := row.Score
		if opt.Aggregation == ByDomains {
			v = float64(byDomain.failing[i]) / float64(byDomain.domsOK[i])
		}
		row.Rating = rate(v, opt.Cuts)
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(base.rank[a] - base.rank[b]) })
	for _, i := range order[:min(opt.Worst, len(order))] {
		c.Worst = append(c.Worst, c.in.Partition.IDs[c.rated[i]])
	}
	return base
}

// doubt says how sure the ranks are.
func (c *composing) doubt(ctx context.Context) error {
	c.partitionVariants(c.e, c.rated)
	d := newDoubt(c.e, &c.Options)
	ranks, err := c.draws(ctx, d)
	if err != nil || ranks == nil {
		return err
	}
	doubts, rows := d.summary(ranks)
	for i, f := range c.rated {
		row := &c.Footprints[f]
		row.MedianRank, row.RankLow, row.RankHigh, row.PWorst = doubts[i].Median, doubts[i].Low, doubts[i].High, doubts[i].PWorst
	}
	c.Sensitivity = append(rows, c.Sensitivity...)
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
