package ensemble

import (
	"context"
	"math"
)

// Local is what two exact tests say of one statistic of a map: whether the map
// could have been drawn by the measure, as its surroundings show. They need no
// convergence and say nothing of maps far away.
type Local struct {
	Statistic
	Value float64
	// PHigh and PLow are the p values of a value so high, or so low, by Besag
	// and Clifford's parallel test (1989): (1 + runs as extreme) / (1 + runs).
	PHigh, PLow float64
	// RootHigh and RootLow are √(2ε), where ε is the share of the maps on one
	// walk that are as extreme (Chikina, Frieze and Pegden 2017); 1 at most.
	RootHigh, RootLow float64
}

// Sizes of the local tests.
const (
	LocalRuns = 99    // walks of the parallel test
	localWalk = 4_000 // maps on the walk of the √(2ε) test
)

// streams of the local tests and of the search come after those of any chain.
const (
	localStream = 1 << 20
	burstStream = 1 << 21
)

// Local tests a map that meets every demand.
func (s *Sampling) Local(ctx context.Context, given []int32, f *Figures) ([]Local, error) {
	c, area := newChain(s.Space), make([]int32, s.Space.Areas)
	value := f.Of(given)
	out := make([]Local, len(value))
	for k := range out {
		out[k] = Local{Statistic: f.Statistics()[k], Value: value[k]}
	}
	figures := func() []float64 {
		s.Space.expand(c.label, area)
		canonical(area)
		return f.Of(area)
	}
	hub, high, low := s.hub(c, given), make([]int, len(value)), make([]int, len(value))
	for run := range LocalRuns {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		c.set(hub)
		c.stream(s.Seed, uint64(localStream+2+run)<<40)
		c.walk(4 * s.Steps())
		extreme(figures(), value, high, low)
	}
	for k := range out {
		out[k].PHigh, out[k].PLow = float64(1+high[k])/(1+LocalRuns), float64(1+low[k])/(1+LocalRuns)
	}
	return out, s.root(ctx, c, given, figures, out)
}

// hub walks back from the map: every kernel is reversible, so that back is as
// forth.
func (s *Sampling) hub(c *chain, given []int32) []int32 {
	c.set(s.Space.contract(given))
	c.stream(s.Seed, localStream<<40)
	c.walk(4 * s.Steps())
	return append([]int32(nil), c.label...)
}

// extreme counts which figures are as high, and which as low.
func extreme(x, value []float64, high, low []int) {
	for k, v := range value {
		tiny := 1e-12 * math.Abs(v)
		if x[k] >= v-tiny {
			high[k]++
		}
		if x[k] <= v+tiny {
			low[k]++
		}
	}
}

// root makes the √(2ε) test.
func (s *Sampling) root(ctx context.Context, c *chain, given []int32, figures func() []float64, out []Local) error {
	value, high, low := make([]float64, len(out)), make([]int, len(out)), make([]int, len(out))
	for k := range out {
		value[k], high[k], low[k] = out[k].Value, 1, 1
	}
	c.set(s.Space.contract(given))
	c.stream(s.Seed, (localStream+1)<<40)
	for range localWalk {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.walk(s.Space.Demands.Footprints)
		extreme(figures(), value, high, low)
	}
	for k := range out {
		out[k].RootHigh = min(1, math.Sqrt(2*float64(high[k])/(localWalk+1)))
		out[k].RootLow = min(1, math.Sqrt(2*float64(low[k])/(localWalk+1)))
	}
	return nil
}

// Best looks for the map with the best value of a statistic by short bursts
// (Cannon et al. 2023, doi:10.1007/s00373-022-02592-5): short walks, each from the
// best map so far. It begins at the map given.
func (s *Sampling) Best(ctx context.Context, from []int32, f *Figures, statistic int) (label []int32, value float64, err error) {
	const bursts, length = 300, 20
	c, area := newChain(s.Space), make([]int32, s.Space.Areas)
	c.set(s.Space.contract(from))
	c.stream(s.Seed, uint64(burstStream+statistic)<<40)
	better := float64(f.Statistics()[statistic].Better)
	label, value = append(label, from...), f.Of(from)[statistic]
	for range bursts {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		c.set(s.Space.contract(label))
		for range length {
			c.walk(max(1, s.Space.Demands.Footprints/8))
			s.Space.expand(c.label, area)
			if x := f.Of(area)[statistic]; better*x >= better*value {
				value = x
				copy(label, area)
			}
		}
	}
	canonical(label)
	return label, value, nil
}
