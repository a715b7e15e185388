package nest

import (
	"context"
	"errors"
	"fmt"
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
	var cannot *footprint.InfeasibleError
	if errors.As(err, &cannot) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for k := range q.IDs {
		q.IDs[k] = fmt.Sprintf("G%d", k+1)
	}
	return &q, nil
}

// finer divides footprints; nil where none can be divided.
func finer(ctx context.Context, e *leiden.Engine, m *flow.Matrix, p footprint.Partition, l leiden.Leiden) (*Level, error) {
	var cut footprint.Partition
	for want := 3 * p.Len(); ; want = (want + p.Len()) / 2 {
		if want <= p.Len() {
			return nil, nil
		}
		var err error
		l.Constraints = footprint.Constraints{Footprints: want}
		cut, err = e.Leiden(ctx, l)
		var cannot *footprint.InfeasibleError
		if err == nil {
			break
		}
		if !errors.As(err, &cannot) {
			return nil, err
		}
		if want == p.Len()+1 {
			return nil, nil
		}
	}
	piece := cutPieces(m, p, cut)
	n := int32(0)
	for _, c := range piece {
		n = max(n, c+1)
	}
	if int(n) <= p.Len() {
		return nil, nil
	}
	nA := len(m.Areas())
	level := &Level{Partition: footprint.Partition{Areas: piece[:nA]}, Parent: make([]int32, n)}
	if !m.OneMode() {
		level.Partition.Providers = piece[nA:]
	}
	for v, c := range piece {
		if c >= 0 {
			level.Parent[c] = nodeLabel(p, v)
		}
	}
	count := make([]int, p.Len())
	for _, f := range level.Parent {
		count[f]++
		level.Partition.IDs = append(level.Partition.IDs, fmt.Sprintf("%s.%d", p.IDs[f], count[f]))
	}
	return level, nil
}

func nodeLabel(p footprint.Partition, node int) int32 {
	if node < len(p.Areas) {
		return p.Areas[node]
	}
	return p.Providers[node-len(p.Areas)]
}

// cutPieces gives each node its piece: what hangs together of a footprint and
// a part of cut, after pieces that are no health system joined others of their
// footprint. Pieces are numbered by footprint and then by first node; an
// unplaced node has −1.
func cutPieces(m *flow.Matrix, p, cut footprint.Partition) []int32 {
	nA := len(m.Areas())
	n := graph.Nodes(m)
	sets := grouping.NewSets(n)
	each := func(visit func(v, u int32, w float64)) {
		for a := range m.Areas() {
			ps, ws := m.Row(a)
			for i, j := range ps {
				u := j
				if !m.OneMode() {
					u += int32(nA)
				}
				visit(int32(a), u, ws[i])
			}
		}
	}
	each(func(v, u int32, _ float64) {
		if f := nodeLabel(p, int(v)); f >= 0 && f == nodeLabel(p, int(u)) && nodeLabel(cut, int(v)) == nodeLabel(cut, int(u)) {
			sets.Union(v, u)
		}
	})
	for {
		areas, providers := make([]bool, n), make([]bool, n)
		for v := range n {
			r := sets.Find(int32(v))
			if v < nA {
				areas[r] = true
			} else {
				providers[r] = true
			}
		}
		whole := func(r int32) bool { return m.OneMode() || areas[r] && providers[r] }
		// For each piece that is none, the sibling with the most flow; ties go to
		// the lowest. Flows of a piece are collected in the order of nodes.
		type exchange struct {
			with int32
			w    float64
		}
		flows := make([][]exchange, n)
		note := func(r, s int32, w float64) {
			for i := range flows[r] {
				if flows[r][i].with == s {
					flows[r][i].w += w
					return
				}
			}
			flows[r] = append(flows[r], exchange{s, w})
		}
		each(func(v, u int32, w float64) {
			f := nodeLabel(p, int(v))
			if f < 0 || f != nodeLabel(p, int(u)) {
				return
			}
			r, s := sets.Find(v), sets.Find(u)
			if r == s {
				return
			}
			if !whole(r) {
				note(r, s, w)
			}
			if !whole(s) {
				note(s, r, w)
			}
		})
		joined := false
		for r := range int32(n) {
			if len(flows[r]) == 0 {
				continue
			}
			best := flows[r][0]
			for _, x := range flows[r][1:] {
				if x.w > best.w || x.w == best.w && x.with < best.with {
					best = x
				}
			}
			if sets.Find(r) != sets.Find(best.with) {
				sets.Union(r, best.with)
				joined = true
			}
		}
		if !joined {
			break
		}
	}
	roots := make([]int32, 0, n)
	for v := range int32(n) {
		if nodeLabel(p, int(v)) >= 0 && sets.Find(v) == v {
			roots = append(roots, v)
		}
	}
	slices.SortStableFunc(roots, func(x, y int32) int { return int(nodeLabel(p, int(x)) - nodeLabel(p, int(y))) })
	number := make([]int32, n)
	for k, r := range roots {
		number[r] = int32(k)
	}
	piece := make([]int32, n)
	for v := range int32(n) {
		piece[v] = footprint.Unplaced
		if nodeLabel(p, int(v)) >= 0 {
			piece[v] = number[sets.Find(v)]
		}
	}
	return piece
}
