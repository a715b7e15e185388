package boundary

import (
	"iter"

	"github.com/paulmach/orb"
)

// Border is the line between two areas, or two groups of areas.
type Border struct {
	A, B     int // A < B
	Line     orb.MultiLineString
	LengthKM float64
}

// Borders lists the borders between areas, by A, then B.
func (b *Set) Borders() []Border {
	group := make([]int32, len(b.codes))
	for i := range group {
		group[i] = int32(i)
	}
	return b.GroupBorders(group)
}

// GroupBorders lists the borders between groups of areas, as Dissolve takes
// them, by A, then B. Coasts are not borders.
func (b *Set) GroupBorders(group []int32) []Border {
	var out []Border
	for _, l := range b.cover.BorderLines(group) {
		out = append(out, Border{A: int(l.A), B: int(l.B), Line: l.Line, LengthKM: l.Metres / 1000})
	}
	return out
}

// GroupAdjacency is which groups share a border, for Colouring; there are n.
func (b *Set) GroupAdjacency(group []int32, n int) GroupAdjacency {
	g := make(GroupAdjacency, n)
	for _, p := range b.cover.GroupPairs(group) {
		if int(p[1]) < n {
			g[p[0]] = append(g[p[0]], p[1])
			g[p[1]] = append(g[p[1]], p[0])
		}
	}
	return g
}

// GroupAdjacency lists the neighbours of each group.
type GroupAdjacency [][]int32

// Neighbours yields the groups that share a border with one.
func (g GroupAdjacency) Neighbours(group int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if group < 0 || group >= len(g) {
			return
		}
		for _, j := range g[group] {
			if !yield(int(j)) {
				return
			}
		}
	}
}
