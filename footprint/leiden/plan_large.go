package leiden

import (
	"cmp"
	"context"
	"slices"

	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
)

// A plan of thousands of units is searched by blocks of them: places that any
// good map keeps together. A finer run of the method finds such places, what is
// left of them in pieces joins others, and the search goes over a few blocks for
// each footprint. Single units move in the end.

const (
	// blocksPerFootprint is the number of blocks that a footprint is made of.
	blocksPerFootprint = 24
	// finerBy is how many times finer than the map the blocks' resolution is.
	finerBy = 6
	// shakesOfBlocks is the patience of a search over blocks.
	shakesOfBlocks = 6
)

// large says whether a plan is searched by blocks.
func (p *plan) large() bool { return p.g.Nodes >= optimise.SmallNetwork }

// blocksWanted is the number of blocks for a number of footprints.
func blocksWanted(footprints int) int { return max(200, blocksPerFootprint*footprints) }

// condense joins parts until about target are left: in each pass the smallest
// half and what can be no footprint by itself join what each gains most with.
// Where within is not nil, parts of different labels of it never join. It gives
// the number of parts left.
func (s *search) condense(part []int32, n, target int, within []int32) int {
	q := s.p.coarsen(s.o, part, n)
	whole := grouping.Sequence(n)
	kin := make([]int32, n)
	for v, c := range part {
		if within != nil {
			kin[c] = within[v]
		}
	}
	for n > target {
		label := q.joinSmall(kin, n-target)
		k := s.o.Compact(label, n)
		if k == n {
			break
		}
		up := make([]int32, k)
		for c, d := range label {
			up[d] = kin[c]
		}
		kin = up
		for c, d := range whole {
			whole[c] = label[d]
		}
		next := q.coarsen(s.o, label, k)
		s.o.release(q)
		q, n = next, k
	}
	s.o.release(q)
	for v, c := range part {
		part[v] = whole[c]
	}
	return n
}

// joinSmall labels units so that up to most of them, the smallest first, join
// another that they gain most with, each no more than once.
func (p *plan) joinSmall(kin []int32, most int) []int32 {
	n := p.g.Nodes
	order := grouping.Sequence(n)
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.kinds(a), p.kinds(b)), cmp.Compare(p.g.X[a], p.g.X[b]))
	})
	label, taken := grouping.Sequence(n), make([]bool, n)
	for _, c := range order[:(n+1)/2] {
		if most == 0 {
			break
		}
		if taken[c] {
			continue
		}
		if d := p.partner(c, kin, taken); d >= 0 {
			label[c], taken[c], taken[d] = d, true, true
			most--
		}
	}
	return label
}

// kinds is 0 for a unit without areas or providers, where both are needed.
func (p *plan) kinds(c int32) int {
	if t := &p.unit[c]; p.rules.bothKinds && (t.areas == 0 || t.providers == 0) {
		return 0
	}
	return 1
}

// partner is the unit of the same kin that c joins best in proportion to their
// sizes; -1 for none.
func (p *plan) partner(c int32, kin []int32, taken []bool) int32 {
	best, to := 0.0, int32(-1)
	p.g.Neighbours(c, func(d int32, w float64) {
		if d == c || taken[d] || w <= 0 || kin[d] != kin[c] || !p.joinable(c, d) {
			return
		}
		t := p.unit[c]
		t.add(&p.unit[d], w)
		if t.people > p.rules.maxPeople || t.residents > p.rules.maxResidents {
			return
		}
		r := w / (p.expected(&p.unit[c], &p.unit[d]) + float64(1e-12*p.rules.penalty))
		if to < 0 || r > best || r == best && d < to {
			best, to = r, d
		}
	})
	return to
}

// runLarge searches a large plan by blocks and leaves in y what it finds.
func (s *search) runLarge(ctx context.Context, y *layout, fine []int32) error {
	part := s.pieces(fine)
	k := s.k
	if k == 0 {
		k = y.footprints()
	}
	n := s.condense(part, grouping.Count(part), blocksWanted(k), nil)
	coarse := &search{p: s.p.coarsen(s.o, part, n), o: s.o, k: s.k, rng: s.rng, patience: shakesOfBlocks}
	z, err := coarse.run(ctx, heaviest(s.p, part, n, y.label), nil)
	if err != nil {
		return err
	}
	for v, b := range part {
		y.label[v] = z.label[b]
	}
	s.o.release(coarse.p)
	y.count()
	return nil
}

// heaviest gives each part the label of its heaviest unit.
func heaviest(p *plan, part []int32, parts int, label []int32) []int32 {
	of, heavy := make([]int32, parts), make([]float64, parts)
	for v, c := range part {
		if w := p.g.X[v]; w > heavy[c] || heavy[c] == 0 {
			heavy[c], of[c] = w, label[v]
		}
	}
	below := int32(0)
	for _, c := range of {
		below = max(below, c+1)
	}
	return renumbered(of, below)
}

// renumbered gives labels as 0, 1, … in the order of first use.
func renumbered(label []int32, below int32) []int32 {
	name := slices.Repeat([]int32{-1}, int(below))
	next := int32(0)
	for v, c := range label {
		if name[c] < 0 {
			name[c] = next
			next++
		}
		label[v] = name[c]
	}
	return label
}
