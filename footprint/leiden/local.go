package leiden

import (
	"context"
	"math/rand/v2"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// A map of which parts are fixed is given to be changed elsewhere, not to be found
// anew. So the search begins with it and stays near it: single units move, then
// blocks of them, which also join to footprints and part from them. It costs as
// much as there is flow, and more only where much changes. Where it meets the
// demands, it is all; else the search from several starts follows.

const (
	// passes is how often single units and blocks move, turn about, at the most.
	passes = 4
	// shakesNear is the patience of a pass. A large network has shakesNearLarge, and
	// only for an exact number of footprints, where shakes find what moves do not.
	shakesNear, shakesNearLarge = 20, 2
	// blocksNear is the least number of blocks for each footprint, and finerNear how
	// often their resolution is doubled for it.
	blocksNear, finerNear = 4, 4
)

// nearStart says whether a search stays near the map it is given. An effort asks
// for the search from several starts.
func (l *Leiden) nearStart() bool {
	c := &l.Constraints
	return c.Start != nil && c.Fixed != nil && l.Effort == 0 && (c.Footprints == 0 || l.Objective == footprint.BestQuality)
}

// layoutNearStart is the layout that a search near the start ends with.
func (e *Engine) layoutNearStart(ctx context.Context, o *workspace, j *planJob) (*layout, error) {
	o.Source.Seed(j.l.Seed, 0)
	s := &search{p: j.goal, o: o, k: j.l.Constraints.Footprints, rng: rand.New(rand.NewPCG(j.l.Seed, 1<<32))}
	y := newLayout(s.p, s.pieces(e.startOfUnits(o, j.goal, j.unit, e.startLabels(&j.l.Constraints))))
	all := grouping.Sequence(s.p.g.Nodes)
	y.improve(all, s.keeps(y))
	for range passes {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		was := s.standing(y)
		moved, err := s.moveNear(ctx, y)
		if err != nil {
			return nil, err
		}
		if !moved {
			break
		}
		y.improve(all, s.keeps(y))
		if was.right && !s.better(s.standing(y), was) {
			break
		}
	}
	return y, nil
}

// keeps says whether no footprint of a layout may be emptied.
func (s *search) keeps(y *layout) bool { return s.k > 0 && y.footprints() <= s.k }

// moveNear searches a layout by blocks of its footprints, and says whether it
// changed.
func (s *search) moveNear(ctx context.Context, y *layout) (bool, error) {
	block, blocks := s.blocksNear(y)
	q := s.p.coarsen(s.o, block, blocks)
	defer s.o.release(q)
	label := make([]int32, blocks)
	for v, b := range block {
		label[b] = y.label[v]
	}
	s.o.Compact(label, s.p.g.Nodes)
	coarse := &search{p: q, o: s.o, k: s.k, rng: s.rng}
	z := newLayout(q, slices.Clone(label))
	coarse.settle(z, coarse.keeps(z))
	if s.k == 0 || !coarse.right(z) {
		coarse.reach(z)
		coarse.settle(z, s.k > 0)
	}
	shakes := shakesNear
	switch {
	case !s.p.large():
	case s.k > 0:
		shakes = shakesNearLarge
	default:
		shakes = 0
	}
	if err := coarse.shakeOut(ctx, z, shakes); err != nil {
		return false, err
	}
	after := slices.Clone(z.label)
	if grouping.Compact(after, blocks); slices.Equal(after, label) {
		return false, nil
	}
	for v, b := range block {
		y.label[v] = z.label[b]
	}
	y.count()
	return true, nil
}

// blocksNear cuts the footprints of a layout into blocks: where the objective
// itself leaves few of them, at a finer resolution.
func (s *search) blocksNear(y *layout) ([]int32, int) {
	f, want := s.p.f, min(blocksNear*y.footprints(), s.p.g.Nodes/2)
	block, blocks := s.blocks(y.label)
	for range finerNear {
		if blocks >= want {
			break
		}
		s.p.f *= 2
		block, blocks = s.blocks(y.label)
	}
	s.p.f = f
	return block, blocks
}
