package nest

import (
	"context"
	"fmt"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/leiden"
)

// Levels gives nested partitions of a matrix, one for each number of
// footprints in ks and in their order: each footprint of a coarser level is a
// union of footprints of every finer one. The finest is l's partition into the
// largest number; each coarser one is the best found of joining the footprints
// of the level before, at the resolution that suits its number. The demands of
// l hold at every level, except that its number and start do not count.
func Levels(ctx context.Context, m *flow.Matrix, l leiden.Leiden, ks ...int) ([]footprint.Partition, error) {
	e, err := leiden.NewEngine(m, l.Quality)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(ks)) // of ks, from many footprints to few
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return ks[j] - ks[i] })
	levels := make([]footprint.Partition, len(ks))
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
func members(p footprint.Partition) [][]int32 {
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
func Parents(finer, coarser footprint.Partition) ([]int32, error) {
	if len(finer.Areas) != len(coarser.Areas) || len(finer.Providers) != len(coarser.Providers) {
		return nil, fmt.Errorf("partitions of different matrices: %d and %d areas, %d and %d providers",
			len(finer.Areas), len(coarser.Areas), len(finer.Providers), len(coarser.Providers))
	}
	parents := make([]int32, finer.Len())
	for i := range parents {
		parents[i] = footprint.Unplaced
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
