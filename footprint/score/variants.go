package score

import (
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// drawnPartitions is how many partitions are drawn from the confidence of the
// areas' places.
const drawnPartitions = 30

// partitionVariants adds the figures under other partitions to the engine: the
// alternatives given, or partitions drawn from the confidence of each area.
func (r *Result) partitionVariants(e *engine, rated []int) {
	alternatives := r.in.Alternatives
	if len(alternatives) == 0 {
		alternatives = r.drawPartitions()
	}
	for _, p := range alternatives {
		a := attribution.NewAttributor(r.in.Matrix, p, r.in.Population)
		e.variants = append(e.variants, r.cells(e, rated, a, r.twins(p)))
	}
}

// twins finds, for each footprint, the one of another partition that shares
// most people with it; ties go to the first, -1 where none shares any.
func (r *Result) twins(p footprint.Partition) []int32 {
	n, other := len(r.in.Partition.IDs), len(p.IDs)
	shared := make([]float64, n*other)
	for i, f := range r.in.Partition.Areas {
		if g := p.Areas[i]; f >= 0 && g >= 0 {
			shared[int(f)*other+int(g)] += r.base.People[i]
		}
	}
	twin := make([]int32, n)
	for f := range twin {
		twin[f] = -1
		best := 0.0
		for g, s := range shared[f*other : (f+1)*other] {
			if s > best {
				best, twin[f] = s, int32(g)
			}
		}
	}
	return twin
}

// drawPartitions moves each area, with the probability that its place is wrong,
// to the footprint whose providers have the next most of its patients.
func (r *Result) drawPartitions() []footprint.Partition {
	doubtful := false
	for _, c := range r.in.Confidence {
		doubtful = doubtful || c < 1
	}
	if !doubtful || r.in.Partition.Providers == nil {
		return nil
	}
	m, base := r.in.Matrix, r.in.Partition
	next := make([]int32, len(base.Areas))
	flows := make([]float64, len(base.IDs))
	for i, f := range base.Areas {
		next[i] = f
		clear(flows)
		providers, counts := m.Row(i)
		for x, p := range providers {
			if g := base.Providers[p]; g >= 0 && g != f {
				flows[g] += counts[x]
			}
		}
		best := 0.0
		for g, v := range flows {
			if v > best {
				best, next[i] = v, int32(g)
			}
		}
	}
	// Streams of partitions lie apart from those of the draws, which are mixed.
	out := make([]footprint.Partition, drawnPartitions)
	for v := range out {
		rng := rand.New(rand.NewPCG(r.Options.Seed, math.MaxUint64-uint64(v)))
		p := footprint.Partition{Areas: make([]int32, len(base.Areas)), Providers: base.Providers, IDs: base.IDs}
		for i, f := range base.Areas {
			p.Areas[i] = f
			if c := r.in.Confidence[i]; f >= 0 && rng.Float64() >= c { // false where c is NaN
				p.Areas[i] = next[i]
			}
		}
		out[v] = p
	}
	return out
}

// drawnFlows is how many times the flows are drawn again.
const drawnFlows = 200

// flowShifts draws the flows again and again, and adds to the engine how much
// each figure moves when a provider's figures are split by them. It does so in
// the residents' view only: else no flow enters a figure.
func (r *Result) flowShifts(e *engine, rated []int) {
	byFlow := func(m *measure) bool {
		return m.series.Level == definition.ProviderLevel && attribution.ViewOf(m.ind, r.Options.View) == attribution.Residents
	}
	if !slices.ContainsFunc(e.judged, func(j judged) bool { return byFlow(r.measures[j.series]) }) {
		return
	}
	e.shifts = make([][]float64, drawnFlows)
	for v := range e.shifts {
		// Apart from the streams of drawn partitions, which count down from the end.
		a := r.base.Resample(rand.New(rand.NewPCG(r.Options.Seed, math.MaxUint64/2-uint64(v))))
		shift := make([]float64, e.nk*e.nf)
		for k, j := range e.judged {
			m := r.measures[j.series]
			if !byFlow(m) {
				continue
			}
			side := -float64(j.ind.EffectivePolarity())
			values := m.attribute(a, r.Options.View).Value
			for i, f := range rated {
				if by := side * (values[f] - m.at.Value[f]); by == by {
					shift[k*e.nf+i] = by
				}
			}
		}
		e.shifts[v] = shift
	}
}
