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
	levels := make([]footprint.Partition, len(ks))
	var finer *footprint.Partition
	for _, i := range fallingOrder(ks) {
		switch {
		case ks[i] < 1:
			return nil, fmt.Errorf("a level needs 1 footprint or more, got %d", ks[i])
		case finer != nil && ks[i] == finer.Len():
			levels[i] = *finer
		default:
			if levels[i], err = level(ctx, e, l, ks[i], finer); err != nil {
				return nil, fmt.Errorf("level of %d footprints: %w", ks[i], err)
			}
		}
		finer = &levels[i]
	}
	return levels, nil
}

// fallingOrder orders numbers of footprints from many to few.
func fallingOrder(ks []int) []int {
	order := make([]int, len(ks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return ks[j] - ks[i] })
	return order
}

// level is a partition into k footprints, made of those of a finer one; nil for
// the finest.
func level(ctx context.Context, e *leiden.Engine, l leiden.Leiden, k int, finer *footprint.Partition) (footprint.Partition, error) {
	l.Constraints.Footprints = k
	if finer != nil {
		l.Constraints.Together = slices.Concat(l.Constraints.Together, members(*finer))
		l.Constraints.Start, l.Constraints.Fixed = nil, nil
	}
	return e.Leiden(ctx, l)
}

// members lists the nodes of each footprint, as Constraints count nodes.
func members(p footprint.Partition) [][]int32 {
	groups := make([][]int32, p.Len())
	for v, f := range slices.Concat(p.Areas, p.Providers) {
		if f >= 0 {
			groups[f] = append(groups[f], int32(v))
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
	parents := slices.Repeat([]int32{footprint.Unplaced}, finer.Len())
	holders := slices.Concat(coarser.Areas, coarser.Providers)
	for v, f := range slices.Concat(finer.Areas, finer.Providers) {
		if f < 0 {
			continue
		}
		if c := holders[v]; parents[f] >= 0 && parents[f] != c || c < 0 {
			return nil, fmt.Errorf("footprint %s lies in no single footprint of the coarser partition", finer.IDs[f])
		}
		parents[f] = holders[v]
	}
	return parents, nil
}
