package leiden

import (
	"context"
	"math"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
)

// gammaFor is a resolution that gives about the number of footprints wanted.
func (e *Engine) gammaFor(ctx context.Context, l Leiden, refine bool) (float64, error) {
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	if err := e.checkCount(o, &l.Constraints); err != nil {
		return 0, err
	}
	s := &countSearch{e: e, o: o, l: l, refine: refine, k: l.Constraints.Footprints, halvings: 12}
	if e.g.Nodes >= optimise.SmallNetwork || l.Effort == 1 {
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
	halvings  int     // of the bracket
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
	return grouping.Count(label) >= s.k, nil
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
