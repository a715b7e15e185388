package footprint

import (
	"iter"

	"stpmap/footprint/internal/grouping"
)

// Adjacency lists the areas of a matrix that share a border of positive
// length, by index. render.Boundaries makes one.
type Adjacency interface {
	Neighbours(area int) iter.Seq[int]
}

// ContiguousFootprints reports for each footprint whether its areas are one
// piece on the ground: connected through borders of positive length, where an
// area without any neighbour (an island) is exempt and providers do not count.
func ContiguousFootprints(p Partition, adjacency Adjacency) []bool {
	sets := grouping.NewSets(len(p.Areas))
	island := make([]bool, len(p.Areas))
	for a, f := range p.Areas {
		island[a] = true
		for b := range adjacency.Neighbours(a) {
			island[a] = false
			if f >= 0 && p.Areas[b] == f {
				sets.Union(int32(a), int32(b))
			}
		}
	}
	ok, root := make([]bool, p.Len()), make([]int32, p.Len())
	for f := range ok {
		ok[f], root[f] = true, -1
	}
	for a, f := range p.Areas {
		if f < 0 || island[a] {
			continue
		}
		r := sets.Find(int32(a))
		if root[f] < 0 {
			root[f] = r
		} else if root[f] != r {
			ok[f] = false
		}
	}
	return ok
}

// piecesOnGround counts the pieces of a footprint's areas, of which islands are
// none.
func piecesOnGround(p Partition, f int32, adjacency Adjacency) int {
	sets := grouping.NewSets(len(p.Areas))
	for a, g := range p.Areas {
		for b := range adjacency.Neighbours(a) {
			if g == f && p.Areas[b] == f {
				sets.Union(int32(a), int32(b))
			}
		}
	}
	roots := map[int32]bool{}
	for a, g := range p.Areas {
		if g != f {
			continue
		}
		for range adjacency.Neighbours(a) {
			roots[sets.Find(int32(a))] = true
			break
		}
	}
	return len(roots)
}
