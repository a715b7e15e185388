package leiden

import (
	"cmp"
	"context"
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
)

// exactly finds a partition into k footprints. The resolution is searched for
// from small to large: the smallest that gives k footprints or more is
// bracketed and halved down; what comes out near k is brought to k by the
// merges that cost least, polished by moves that keep k, and compared at the
// resolution found, which is given too.
func (e *Engine) exactly(ctx context.Context, l Leiden, refine bool) (label []int32, gamma float64, err error) {
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	if err := e.checkCount(o, &l.Constraints); err != nil {
		return nil, 0, err
	}
	s := &countSearch{e: e, o: o, l: l, refine: refine, k: l.Constraints.Footprints, halvings: 12}
	for _, step := range []func(context.Context) error{s.bracket, s.halve, s.gather} {
		if err := step(ctx); err != nil {
			return nil, 0, err
		}
	}
	return s.best(), s.high, nil
}

// gammaFor is a resolution that gives about the number of footprints wanted.
func (e *Engine) gammaFor(ctx context.Context, l Leiden, refine bool) (float64, error) {
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	if err := e.checkCount(o, &l.Constraints); err != nil {
		return 0, err
	}
	s := &countSearch{e: e, o: o, l: l, refine: refine, k: l.Constraints.Footprints, halvings: 12}
	if e.g.Nodes >= optimise.SmallNetwork {
		s.halvings = 4
	}
	if err := s.bracket(ctx); err != nil {
		return 0, err
	}
	if err := s.halve(ctx); err != nil {
		return 0, err
	}
	if s.high == 0 {
		return s.low, nil
	}
	return s.high, nil
}

// countSearch is the search for a resolution that gives k footprints.
type countSearch struct {
	e         *Engine
	o         *workspace
	l         Leiden
	refine    bool
	k         int
	runs      uint64
	low, high float64 // resolutions that give fewer than k footprints, and k or more; 0 while not known
	above     []counted
	halvings  int // of the bracket
}

// counted is a partition into k footprints or more.
type counted struct {
	label []int32
	n     int
}

// The resolutions that are tried.
const smallest, largest = 1.0 / (1 << 40), 1 << 40

// at runs at a resolution, and says whether k footprints or more came out.
func (s *countSearch) at(ctx context.Context, gamma float64) (enough bool, err error) {
	label, err := s.e.run(ctx, s.o, gamma, s.l.Seed, s.runs, s.refine, nil)
	if err != nil {
		return false, err
	}
	s.runs++
	label = s.o.Repair(s.e.g, slices.Clone(label), s.l.Constraints.AllowSingleKind)
	n := grouping.Count(label)
	if n < s.k {
		return false, nil
	}
	s.above = append(s.above, counted{label, n})
	return true, nil
}

// bracket finds low and high, a factor of 2 apart; one of them stays 0 where
// no resolution serves.
func (s *countSearch) bracket(ctx context.Context) error {
	for gamma := 1.0; ; {
		enough, err := s.at(ctx, gamma)
		switch {
		case err != nil:
			return err
		case enough:
			if s.high = gamma; s.low > 0 || gamma <= smallest {
				return nil
			}
			gamma /= 2
		default:
			if s.low = gamma; s.high > 0 || gamma >= largest {
				return nil
			}
			gamma *= 2
		}
	}
}

// halve brings low and high together.
func (s *countSearch) halve(ctx context.Context) error {
	if s.high == 0 || s.low == 0 {
		return nil
	}
	for range s.halvings {
		gamma := math.Sqrt(s.low * s.high)
		enough, err := s.at(ctx, gamma)
		if err != nil {
			return err
		}
		if enough {
			s.high = gamma
		} else {
			s.low = gamma
		}
	}
	return nil
}

// gather finds more partitions near the threshold. Runs differ there; a little
// above it all give k or more.
func (s *countSearch) gather(ctx context.Context) error {
	if s.high == 0 {
		// No resolution gives so many health systems: seed one at each pair of a
		// matching instead.
		s.high = s.low
		label := s.e.matchingSeeds(s.high * s.e.factor)
		s.above = append(s.above, counted{label, grouping.Count(label)})
	}
	for i := 0; i < max(1, s.l.Restarts)+3 && s.low > 0; i++ {
		if _, err := s.at(ctx, s.high*(1+float64(0.02*float64(i%4)))); err != nil {
			return err
		}
	}
	return nil
}

// best merges, polishes and compares what was found, those nearest k first.
func (s *countSearch) best() []int32 {
	slices.SortStableFunc(s.above, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	if keep := max(1, s.l.Restarts) + 5; len(s.above) > keep {
		s.above = s.above[:keep]
	}
	var best []int32
	most := math.Inf(-1)
	s.o.Gamma = s.high * s.e.factor
	for _, c := range s.above {
		s.e.mergeTo(s.o, c.label, s.k)
		s.e.polish(s.o, c.label, s.k, s.l.Constraints.AllowSingleKind)
		if q := s.e.g.Quality(s.e.quality, s.o.Gamma, s.e.scale, c.label); q > most {
			best, most = c.label, q
		}
	}
	return best
}

// checkCount says whether the flow network, with the counts of a resample, can
// be cut into so many footprints.
func (e *Engine) checkCount(o *workspace, c *footprint.Constraints) error {
	if err := c.CheckPieces(o.Split(e.g, make([]int32, e.g.Nodes))); err != nil {
		return err
	}
	k, most := c.Footprints, min(e.g.Nodes-e.g.Providers, e.g.Providers)
	if e.g.Providers == 0 || c.AllowSingleKind || k <= most/2 {
		return nil
	}
	pairs := 0
	for _, a := range e.matching() {
		if a >= 0 {
			pairs++
		}
	}
	if k > pairs {
		return footprint.Infeasible("%d footprints are too many: only %d areas and providers can be paired by patients who go from the one to the other; ask for %d or fewer", k, pairs, pairs)
	}
	return nil
}

// mergeTo joins pairs of footprints that have flow with each other, those
// first whose union costs least, until k are left or nothing can join.
func (e *Engine) mergeTo(o *workspace, label []int32, k int) {
	n := grouping.Count(label)
	if n <= k {
		return
	}
	o.TwoMasses = e.quality == footprint.Bipartite
	low := &optimise.Level{Network: e.g.Both(), Part: label}
	up := &optimise.Level{}
	o.Aggregate(low, n, up)
	whole := grouping.Sequence(n) // footprint of each of the first ones
	for cur := up; n > k; n-- {
		a, b := o.CheapestUnion(cur.Network)
		if a < 0 {
			break
		}
		part := mergedLabels(n, a, b)
		for c, d := range whole {
			whole[c] = part[d]
		}
		next := &optimise.Level{}
		cur.Part = part
		o.Aggregate(cur, n-1, next)
		cur = next
	}
	for v, c := range label {
		label[v] = whole[c]
	}
}

// polish moves nodes while that gains and keeps exactly k footprints; where
// the moves break one, the labels stay as they were.
func (e *Engine) polish(o *workspace, label []int32, k int, allowSingleKind bool) {
	o.TwoMasses = e.quality == footprint.Bipartite
	o.Source.Seed(0, 0)
	try := slices.Clone(label)
	o.KeepNumber = true
	o.Move(e.g.Both(), try)
	o.KeepNumber, o.Joined = false, false
	if o.Repair(e.g, try, allowSingleKind); grouping.Count(try) == k {
		copy(label, try)
	}
}
