package footprint

import (
	"context"
	"fmt"
	"slices"

	"stpmap/flow"
)

// Levels gives nested partitions of a matrix, one for each number of
// footprints in ks and in their order: each footprint of a coarser level is a
// union of footprints of every finer one. The finest is l's partition into the
// largest number; each coarser one is the best found of joining the footprints
// of the level before, at the resolution that suits its number. The demands of
// l hold at every level, except that its number and start do not count.
func Levels(ctx context.Context, m *flow.Matrix, l Leiden, ks ...int) ([]Partition, error) {
	e, err := NewEngine(m, l.Quality)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(ks)) // of ks, from many footprints to few
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return ks[j] - ks[i] })
	levels := make([]Partition, len(ks))
	demands := l.Constraints
	for at, i := range order {
		if ks[i] < 1 {
			return nil, fmt.Errorf("a level needs 1 footprint or more, got %d", ks[i])
		}
		if at > 0 && ks[i] == ks[order[at-1]] {
			levels[i] = levels[order[at-1]]
			continue
		}
		l.Constraints = demands
		l.Constraints.Footprints = ks[i]
		if at > 0 {
			finer := levels[order[at-1]]
			l.Constraints.Together = slices.Concat(demands.Together, members(finer))
			l.Constraints.Start, l.Constraints.Fixed = nil, nil
		}
		if levels[i], err = e.Leiden(ctx, l); err != nil {
			return nil, fmt.Errorf("level of %d footprints: %w", ks[i], err)
		}
	}
	return levels, nil
}

// members lists the nodes of each footprint, as Constraints count nodes.
func members(p Partition) [][]int32 {
	groups := make([][]int32, p.Len())
	for a, f := range p.Areas {
		if f >= 0 {
			groups[f] = append(groups[f], int32(a))
		}
	}
	for j, f := range p.Providers {
		if f >= 0 {
			groups[f] = append(groups[f], int32(len(p.Areas)+j))
		}
	}
	return groups
}

// Parents gives, for each footprint of a finer partition, the footprint of the
// coarser that holds it. The error names the first that is not held whole.
func Parents(finer, coarser Partition) ([]int32, error) {
	if len(finer.Areas) != len(coarser.Areas) || len(finer.Providers) != len(coarser.Providers) {
		return nil, fmt.Errorf("partitions of different matrices: %d and %d areas, %d and %d providers",
			len(finer.Areas), len(coarser.Areas), len(finer.Providers), len(coarser.Providers))
	}
	parents := make([]int32, finer.Len())
	for i := range parents {
		parents[i] = Unplaced
	}
	see := func(f, c int32) error {
		if f < 0 {
			return nil
		}
		if parents[f] >= 0 && parents[f] != c || c < 0 {
			return fmt.Errorf("footprint %s lies in no single footprint of the coarser partition", finer.IDs[f])
		}
		parents[f] = c
		return nil
	}
	for a, f := range finer.Areas {
		if err := see(f, coarser.Areas[a]); err != nil {
			return nil, err
		}
	}
	for j, f := range finer.Providers {
		if err := see(f, coarser.Providers[j]); err != nil {
			return nil, err
		}
	}
	return parents, nil
}

// KeepIDs gives the footprints of p the names of those of an earlier partition
// of the same matrix that they share most patients with, by their areas: the
// largest overlap first, each name once. A footprint that gets no name by
// that takes the first of F01, F02, … that the earlier partition does not use.
func (p Partition) KeepIDs(m *flow.Matrix, earlier Partition) (Partition, error) {
	if len(p.Areas) != len(earlier.Areas) || len(p.Areas) != len(m.Areas()) {
		return Partition{}, fmt.Errorf("partitions of different matrices: %d and %d areas, the matrix %d", len(p.Areas), len(earlier.Areas), len(m.Areas()))
	}
	type overlap struct {
		now, was int32
		patients float64
	}
	type pair struct{ now, was int32 }
	at := map[pair]int{}
	var overlaps []overlap
	for a, f := range p.Areas {
		g := earlier.Areas[a]
		if f < 0 || g < 0 {
			continue
		}
		i, ok := at[pair{f, g}]
		if !ok {
			i = len(overlaps)
			at[pair{f, g}] = i
			overlaps = append(overlaps, overlap{now: f, was: g})
		}
		overlaps[i].patients += m.RowTotal(a)
	}
	slices.SortFunc(overlaps, func(x, y overlap) int {
		switch {
		case x.patients > y.patients:
			return -1
		case x.patients < y.patients:
			return 1
		case x.was != y.was:
			return int(x.was - y.was)
		}
		return int(x.now - y.now)
	})
	out := p
	out.IDs = make([]string, p.Len())
	given, used := make([]bool, earlier.Len()), make(map[string]bool, earlier.Len())
	for _, id := range earlier.IDs {
		used[id] = true
	}
	for _, o := range overlaps {
		if out.IDs[o.now] == "" && !given[o.was] {
			out.IDs[o.now], given[o.was] = earlier.IDs[o.was], true
		}
	}
	digits := max(2, len(fmt.Sprint(max(p.Len(), earlier.Len()))))
	next := 1
	for f, id := range out.IDs {
		for ; out.IDs[f] == "" && id == ""; next++ {
			if name := fmt.Sprintf("F%0*d", digits, next); !used[name] {
				out.IDs[f] = name
				used[name] = true
			}
		}
	}
	return out, nil
}
