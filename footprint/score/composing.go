package score

import (
	"cmp"
	"context"
	"fmt"
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
	r.order = c.order()
	if n := len(r.Footprints) - len(c.rated); n > 0 {
		r.note("%s", c.notRated(n))
	}
	if len(c.rated) == 0 || c.e.nk == 0 {
		return nil
	}
	base := c.state()
	if !r.in.RatingsOnly {
		r.Sensitivity = c.e.alternatives(&r.Options, base)
	}
	unknown := c.unknownErrors()
	c.noteErrors(unknown)
	if r.Options.Draws == 0 || len(unknown) > 0 {
		return nil
	}
	return c.doubt(ctx)
}

// order ranks all footprints that have any figures by those:
// the stated score, whether or not they are enough for a rating. 0 is unranked.
func (c *composing) order() []int {
	order := make([]int, len(c.Footprints))
	c.depths = make([][]float64, len(c.Footprints))
	for f := range c.depths {
		c.depths[f] = slices.Repeat([]float64{math.NaN()}, len(c.Definitions.Domains))
	}
	if len(c.placed) == 0 {
		return order
	}
	e := *c.e
	e.prepare(c, c.placed, c.knownDomain)
	for i, rank := range e.stated(choice{norm: c.Options.Normalisation, agg: c.Options.Aggregation, skip: -1}).rank {
		order[c.placed[i]] = int(rank)
	}
	c.keepDepths(&e)
	return order
}

// keepDepths keeps how far the footprints are past what is due, by domain.
func (c *composing) keepDepths(e *engine) {
	w := e.stated(choice{agg: ByDomains, skip: -1})
	for i, f := range c.placed {
		for d := range e.nd {
			var sum, weights float64
			for k := e.first[d]; k < e.first[d+1]; k++ {
				if u := w.u[k*e.nf+i]; u == u {
					sum += float64(e.weight[k] * u)
					weights += e.weight[k]
				}
			}
			if weights > 0 {
				c.depths[f][e.domains[d]] = sum / weights
			}
		}
	}
}

// DomainDepths is, by footprint and domain of the definitions, how far the
// figures are past what is due on average, in standard deviations of the
// footprints: higher is worse, below 0 is better than due, NaN is not known.
func (r *Result) DomainDepths() [][]float64 { return r.depths }

// DomainsWithout names the domains of the set of which no figure counts.
func (r *Result) DomainsWithout() []string {
	var list []string
	for d, dom := range r.Definitions.Domains {
		holds := slices.ContainsFunc(r.Definitions.Indicators, func(ind definition.Indicator) bool { return ind.Domain == dom.ID })
		known := slices.ContainsFunc(r.depths, func(row []float64) bool { return !math.IsNaN(row[d]) })
		if holds && !known {
			list = append(list, cmp.Or(dom.Name, dom.ID))
		}
	}
	return list
}

// prepare gives an engine the figures of some footprints. domains are those that
// count, by footprint and domain.
func (e *engine) prepare(c *composing, footprints []int, domains []bool) {
	e.nf = len(footprints)
	for _, f := range footprints {
		e.rated = append(e.rated, domains[f*e.nd:(f+1)*e.nd]...)
	}
	e.variants = append(e.variants, c.cells(e, footprints, nil, nil))
}

// notRated says how many footprints have no rating, and why.
func (c *composing) notRated(n int) string {
	domains := 0
	if len(c.Footprints) > 0 {
		domains = c.Footprints[0].Domains
	}
	if n < len(c.Footprints) {
		return fmt.Sprintf("%d of %d footprints are not rated: too few of the %d domains have enough figures.", n, len(c.Footprints), domains)
	}
	return fmt.Sprintf("No footprint is rated overall: %s. A rating needs %s of them, with figures for %.0f%% of each one's indicators.",
		countOf(c.e.nd, domains), shareWords(c.Options.MinDomains, domains), 100*c.Options.MinIndicators)
}

// countOf says how many of the domains have figures.
func countOf(n, domains int) string {
	has := "have"
	if n == 1 {
		has = "has"
	}
	return fmt.Sprintf("%d of %d domains %s figures", n, domains, has)
}

// shareWords is the least number of domains that a share of them is.
func shareWords(share float64, domains int) string {
	return fmt.Sprint(int(math.Ceil(float64(share*float64(domains)) - 1e-9)))
}

// composing is a result while its footprints are rated.
type composing struct {
	*Result
	e           *engine
	domWeight   []float64 // by domain of the definitions
	inDomain    []int     // indicators that count, likewise
	rated       []int     // footprints
	placed      []int     // footprints with any figure that counts
	ratedDomain []bool    // by footprint and domain of the engine: enough figures
	knownDomain []bool    // likewise: any figure
}

// counts says whether an indicator of the set is judged where it has figures.
func (c *composing) counts(ind *definition.Indicator) bool {
	return ind.EffectivePolarity() != definition.Neutral && ind.Weight > 0 && c.domWeight[c.Definitions.DomainIndex(ind.Domain)] > 0
}

// judge lists the judged indicators by domain: those that have figures of the
// score's time. Coverage is counted over the whole set, whatever has figures.
func (c *composing) judge() {
	e, defs := c.e, c.Definitions
	c.inDomain = make([]int, len(defs.Domains))
	for i := range defs.Indicators {
		if ind := &defs.Indicators[i]; c.counts(ind) {
			c.inDomain[defs.DomainIndex(ind.Domain)]++
		}
	}
	for i, m := range c.measures {
		if c.counts(m.ind) && !m.aside {
			e.judged = append(e.judged, judged{ind: m.ind, series: i, domain: defs.DomainIndex(m.ind.Domain), weight: m.ind.Weight})
		}
	}
	slices.SortStableFunc(e.judged, func(a, b judged) int { return a.domain - b.domain })
	e.nk, e.first = len(e.judged), []int{0}
	for k := range e.judged {
		j := &e.judged[k]
		if k == 0 || j.domain != e.domains[len(e.domains)-1] {
			e.domains, e.domWeight, e.first = append(e.domains, j.domain), append(e.domWeight, c.domWeight[j.domain]), append(e.first, k)
		}
		j.domain = len(e.domains) - 1
		e.first[j.domain+1] = k + 1
		e.weight = append(e.weight, j.weight)
	}
	e.nd = len(e.domains)
}

// cover says what every footprint has of the whole set, and which are rated.
// placed are those that have any figures, which may be too few.
func (c *composing) cover() {
	e, nf := c.e, len(c.in.Partition.IDs)
	c.Footprints = make([]FootprintRow, nf)
	c.ratedDomain, c.knownDomain = make([]bool, nf*e.nd), make([]bool, nf*e.nd)
	domains, indicators := 0, 0
	for _, n := range c.inDomain {
		indicators += n
		if n > 0 {
			domains++
		}
	}
	weights, nan := c.effectiveWeights(), math.NaN()
	for f, id := range c.in.Partition.IDs {
		row := &c.Footprints[f]
		*row = FootprintRow{Footprint: id, Score: nan, MedianRank: nan, PWorst: nan, Depth: nan, Domains: domains, Indicators: indicators}
		if c.in.Names != nil {
			row.Name = c.in.Names[f]
		}
		have := make([]int, len(c.inDomain))
		for k, j := range e.judged {
			if c.measures[j.series].use[f] {
				have[e.domains[j.domain]]++
				row.IndicatorsRated++
				row.Coverage += weights[k]
			}
		}
		if row.IndicatorsRated == indicators {
			row.Coverage = 1 // without rounding error
		}
		c.rateDomains(f, have)
		if row.DomainsKnown > 0 {
			c.placed = append(c.placed, f)
		}
		if row.DomainsRated > 0 && float64(row.DomainsRated) >= float64(c.Options.MinDomains*float64(domains))-1e-9 {
			row.Rated = true
			c.rated = append(c.rated, f)
		}
	}
}

// rateDomains says in which domains a footprint has enough of the indicators.
func (c *composing) rateDomains(f int, have []int) {
	e, row := c.e, &c.Footprints[f]
	for d, n := range c.inDomain {
		if n == 0 {
			continue
		}
		if have[d] > 0 {
			c.knownDomain[f*e.nd+slices.Index(e.domains, d)] = true
			row.DomainsKnown++
		}
		if have[d] > 0 && float64(have[d]) >= float64(c.Options.MinIndicators*float64(n))-1e-9 {
			c.ratedDomain[f*e.nd+slices.Index(e.domains, d)] = true
			row.DomainsRated++
		} else {
			row.Unrated = append(row.Unrated, c.Definitions.Domains[d].ID)
		}
	}
}

// state scores the rated footprints by the stated choices.
func (c *composing) state() *work {
	opt, e := &c.Options, c.e
	e.prepare(c, c.rated, c.ratedDomain)
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
		if o := c.Definitions.Override; o.Domain != "" && row.Rating < o.AtBest && slices.Contains(row.Failing, o.Domain) {
			row.Rating, row.Overridden = o.AtBest, true
		}
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
	c.flowShifts(c.e, c.rated)
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

// effectiveWeights gives each judged indicator its share of the weight of the
// whole set: that of its domain, split over the domain's indicators.
func (c *composing) effectiveWeights() []float64 {
	defs := c.Definitions
	inner := make([]float64, len(defs.Domains))
	for i := range defs.Indicators {
		if ind := &defs.Indicators[i]; c.counts(ind) {
			inner[defs.DomainIndex(ind.Domain)] += ind.Weight
		}
	}
	total := 0.0
	for d, w := range inner {
		if w > 0 {
			total += c.domWeight[d]
		}
	}
	weights := make([]float64, c.e.nk)
	for k, j := range c.e.judged {
		d := c.e.domains[j.domain]
		weights[k] = c.domWeight[d] / total * j.weight / inner[d]
	}
	return weights
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
	n := e.nk * e.nf
	c := cells{x: slices.Repeat([]float64{math.NaN()}, n), crit: slices.Repeat([]float64{math.Inf(1)}, n), draw: make([]sampler, n), goal: make([]float64, n)}
	for k, j := range e.judged {
		m := r.measures[j.series]
		side := -float64(j.ind.EffectivePolarity())
		at, use, out := m.at, m.use, m.out
		again := a != nil && m.series.Level != definition.FootprintLevel
		if again {
			at = m.attribute(a, r.Options.View)
			use = r.usable(at)
			out = findOutliers(m.ind, at, use)
		}
		for i, f := range rated {
			cell := k*e.nf + i
			c.goal[cell] = side * m.out.pooled
			if due, set := m.targetFor(f); set {
				c.goal[cell] = side * due
			}
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
			c.crit[cell] = m.critical(from, g, fromOut, f, &r.Options)
			c.draw[cell] = m.newSampler(from, g)
		}
	}
	return c
}
