package nest

import (
	"cmp"
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden"
)

// Level is one level of a nested hierarchy of partitions.
type Level struct {
	Level     int // 1 is the coarsest
	Partition footprint.Partition
	// Parent is the footprint of the level above that each footprint lies in,
	// by index; nil at the coarsest.
	Parent []int32
}

// Around nests coarser and finer footprints around a partition, which
// stays as it is (Levels chooses all of its levels): above it, its footprints
// joined to about a third of their number, as Levels joins them; below it, up
// to three times as many: the footprints that Leiden makes of the whole
// matrix, cut along those of the partition, with pieces that are no health
// system by themselves joined to the one that they exchange most with. A level
// that cannot be made is left out, so that the partition may be the only one.
// Coarse footprints are named G1, G2, …, fine ones F01.1, F01.2, … after
// theirs.
func Around(ctx context.Context, m *flow.Matrix, p footprint.Partition, seed uint64, jobs int) ([]Level, error) {
	e, err := leiden.NewEngine(m, footprint.Modularity)
	if err != nil {
		return nil, err
	}
	l := leiden.Leiden{Seed: seed, Restarts: 3, Jobs: jobs}
	var levels []Level
	base := Level{Partition: p}
	coarse, err := coarser(ctx, e, p, l)
	if err != nil {
		return nil, err
	}
	if coarse != nil {
		if base.Parent, err = Parents(p, *coarse); err != nil {
			return nil, err
		}
		levels = append(levels, Level{Partition: *coarse})
	}
	levels = append(levels, base)
	fine, err := finer(ctx, e, m, p, l)
	if err != nil {
		return nil, err
	}
	if fine != nil {
		levels = append(levels, *fine)
	}
	for i := range levels {
		levels[i].Level = i + 1
	}
	return levels, nil
}

// coarser joins footprints; nil where that cannot be done.
func coarser(ctx context.Context, e *leiden.Engine, p footprint.Partition, l leiden.Leiden) (*footprint.Partition, error) {
	l.Constraints = footprint.Constraints{Footprints: (p.Len() + 1) / 3, Together: members(p)}
	if l.Constraints.Footprints < 2 || slices.Contains(p.Areas, footprint.Unplaced) || slices.Contains(p.Providers, footprint.Unplaced) {
		return nil, nil
	}
	q, err := e.Leiden(ctx, l)
	if footprint.IsInfeasible(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for k := range q.IDs {
		q.IDs[k] = footprint.CoarseID(k + 1)
	}
	return &q, nil
}

// finer divides footprints; nil where none can be divided.
func finer(ctx context.Context, e *leiden.Engine, m *flow.Matrix, p footprint.Partition, l leiden.Leiden) (*Level, error) {
	cut, err := moreFootprints(ctx, e, p, l)
	if cut == nil || err != nil {
		return nil, err
	}
	piece := cutPieces(m, p, *cut)
	n := int(slices.Max(piece)) + 1
	if n <= p.Len() {
		return nil, nil
	}
	nA := len(m.Areas())
	level := &Level{Partition: footprint.Partition{Areas: piece[:nA]}, Parent: make([]int32, n)}
	if !m.OneMode() {
		level.Partition.Providers = piece[nA:]
	}
	for v, f := range slices.Concat(p.Areas, p.Providers) {
		if piece[v] >= 0 {
			level.Parent[piece[v]] = f
		}
	}
	count := make([]int, p.Len())
	for _, f := range level.Parent {
		count[f]++
		level.Partition.IDs = append(level.Partition.IDs, footprint.FineID(p.IDs[f], count[f]))
	}
	return level, nil
}

// moreFootprints is a partition into up to three times as many footprints as p;
// nil where not even one more can be had.
func moreFootprints(ctx context.Context, e *leiden.Engine, p footprint.Partition, l leiden.Leiden) (*footprint.Partition, error) {
	for want := 3 * p.Len(); want > p.Len(); want = (want + p.Len()) / 2 {
		l.Constraints = footprint.Constraints{Footprints: want}
		cut, err := e.Leiden(ctx, l)
		if err == nil {
			return &cut, nil
		}
		if !footprint.IsInfeasible(err) {
			return nil, err
		}
	}
	return nil, nil
}

// cutPieces gives each node its piece: what is connected of a footprint and a
// part of cut, after pieces that are no health system joined others of their
// footprint. Pieces are numbered by footprint and then by first node; an
// unplaced node has −1.
func cutPieces(m *flow.Matrix, p, cut footprint.Partition) []int32 {
	c := &cutting{m: m, label: slices.Concat(p.Areas, p.Providers), sets: grouping.NewSets(graph.Nodes(m))}
	part := slices.Concat(cut.Areas, cut.Providers)
	c.each(func(v, u int32, _ float64) {
		if part[v] == part[u] {
			c.sets.Union(v, u)
		}
	})
	for c.joinSiblings() {
	}
	return c.numbered()
}

// cutting is a partition while its footprints are cut.
type cutting struct {
	m     *flow.Matrix
	label []int32 // footprint of each node
	sets  grouping.Sets
}

// each walks the flows inside footprints.
func (c *cutting) each(visit func(v, u int32, w float64)) {
	first := int32(len(c.m.Areas())) // the first node of a provider
	if c.m.OneMode() {
		first = 0
	}
	for a := range c.m.Areas() {
		ps, ws := c.m.Row(a)
		for i, j := range ps {
			if f := c.label[a]; f >= 0 && f == c.label[first+j] {
				visit(int32(a), first+j, ws[i])
			}
		}
	}
}

// whole says of each piece, by its first node, whether it is a health system.
func (c *cutting) whole() []bool {
	n, nA := len(c.label), len(c.m.Areas())
	areas, providers := make([]bool, n), make([]bool, n)
	for v := range n {
		r := c.sets.Find(int32(v))
		if v < nA {
			areas[r] = true
		} else {
			providers[r] = true
		}
	}
	for r := range areas {
		areas[r] = c.m.OneMode() || areas[r] && providers[r]
	}
	return areas
}

// exchange is a piece's flow with another.
type exchange struct {
	with int32
	w    float64
}

// joinSiblings joins each piece that is no health system to the one of its
// footprint with which it has the most flow, ties to the lowest, and says
// whether any could. Flows of a piece are collected in the order of nodes.
func (c *cutting) joinSiblings() bool {
	whole, flows := c.whole(), make([][]exchange, len(c.label))
	c.each(func(v, u int32, w float64) {
		r, s := c.sets.Find(v), c.sets.Find(u)
		if r == s {
			return
		}
		if !whole[r] {
			flows[r] = noted(flows[r], s, w)
		}
		if !whole[s] {
			flows[s] = noted(flows[s], r, w)
		}
	})
	joined := false
	for r, list := range flows {
		if len(list) == 0 {
			continue
		}
		best := slices.MinFunc(list, func(x, y exchange) int { return cmp.Or(cmp.Compare(y.w, x.w), cmp.Compare(x.with, y.with)) })
		if c.sets.Find(int32(r)) != c.sets.Find(best.with) {
			c.sets.Union(int32(r), best.with)
			joined = true
		}
	}
	return joined
}

// noted adds flow with a piece to a list.
func noted(list []exchange, with int32, w float64) []exchange {
	for i := range list {
		if list[i].with == with {
			list[i].w += w
			return list
		}
	}
	return append(list, exchange{with, w})
}

// numbered numbers the pieces.
func (c *cutting) numbered() []int32 {
	var roots []int32
	for v := range int32(len(c.label)) {
		if c.label[v] >= 0 && c.sets.Find(v) == v {
			roots = append(roots, v)
		}
	}
	slices.SortStableFunc(roots, func(x, y int32) int { return int(c.label[x] - c.label[y]) })
	number := make([]int32, len(c.label))
	for k, r := range roots {
		number[r] = int32(k)
	}
	piece := make([]int32, len(c.label))
	for v := range int32(len(c.label)) {
		piece[v] = footprint.Unplaced
		if c.label[v] >= 0 {
			piece[v] = number[c.sets.Find(v)]
		}
	}
	return piece
}
