package footprint

import (
	"iter"
	"slices"

	"stpmap/footprint/internal/grouping"
)

// Adjacency lists the areas of a matrix that share a border of positive
// length, by index. render.Boundaries makes one.
type Adjacency interface {
	Neighbours(area int) iter.Seq[int]
}

// Ground says which places border each other: the areas of a matrix, or groups
// of them. A footprint is in one piece where its places are connected through
// borders. Islands, places without any neighbour, are exempt.
type Ground struct {
	start, near []int32 // near[start[v]:start[v+1]] border place v, rising
	landed      []bool  // by place: it is no island
}

// NewGround takes the neighbours of each place from next, which calls visit for
// every one. Places outside 0 to places-1, and a place itself, are passed over.
func NewGround(places int, next func(place int32, visit func(int32))) *Ground {
	g := &Ground{start: make([]int32, places+1), landed: make([]bool, places)}
	for v := range int32(places) {
		next(v, func(u int32) {
			if u >= 0 && int(u) < places && u != v {
				g.near = append(g.near, u)
			}
		})
		g.start[v+1] = int32(len(g.near))
		if own := g.near[g.start[v]:]; !slices.IsSorted(own) {
			slices.Sort(own)
		}
		g.landed[v] = len(g.Near(v)) > 0
	}
	return g
}

// GroundOf is the ground of areas.
func GroundOf(adjacency Adjacency, areas int) *Ground {
	return NewGround(areas, func(area int32, visit func(int32)) {
		for b := range adjacency.Neighbours(int(area)) {
			visit(int32(b))
		}
	})
}

// Near lists the places that border one, rising.
func (g *Ground) Near(place int32) []int32 { return g.near[g.start[place]:g.start[place+1]] }

// Borders says whether two places border each other.
func (g *Ground) Borders(place, other int32) bool {
	_, ok := slices.BinarySearch(g.Near(place), other)
	return ok
}

// Landed says whether a place has a neighbour, or holds one that has: it is no
// island.
func (g *Ground) Landed(place int32) bool { return g.landed[place] }

// Visit calls visit for each place that borders one.
func (g *Ground) Visit(place int32, visit func(int32)) {
	for _, u := range g.Near(place) {
		visit(u)
	}
}

// Join joins bordering places of the same label, negative ones aside. Labels
// and sets may go on after the places.
func (g *Ground) Join(label []int32, sets grouping.Sets) {
	for v := range int32(len(g.landed)) {
		for _, u := range g.Near(v) {
			if label[v] >= 0 && label[u] == label[v] {
				sets.Union(v, u)
			}
		}
	}
}

// landmass gives each place the first place of the land that it is on.
func (g *Ground) landmass() []int32 {
	n := len(g.landed)
	sets := grouping.NewSets(n)
	g.Join(make([]int32, n), sets)
	land := make([]int32, n)
	for v := range land {
		land[v] = sets.Find(int32(v))
	}
	return land
}

// Pieces counts the pieces of each label from 0 to labels-1.
func (g *Ground) Pieces(label []int32, labels int) []int {
	sets := grouping.NewSets(len(g.landed))
	g.Join(label, sets)
	pieces := make([]int, labels)
	for v, c := range label[:len(g.landed)] {
		// A root is the first place of its piece.
		if c >= 0 && g.landed[v] && sets.Find(int32(v)) == int32(v) {
			pieces[c]++
		}
	}
	return pieces
}

// Cut finds the first two places of one label that are not in one piece.
func (g *Ground) Cut(label []int32, labels int) (v, w int32, found bool) {
	sets := grouping.NewSets(len(g.landed))
	g.Join(label, sets)
	first := make([]int32, labels) // 1 + the first place of each label
	for w := range int32(len(g.landed)) {
		c := label[w]
		switch {
		case c < 0 || !g.landed[w]:
		case first[c] == 0:
			first[c] = w + 1
		case sets.Find(w) != sets.Find(first[c]-1):
			return first[c] - 1, w, true
		}
	}
	return 0, 0, false
}

// Parts gives one place of each piece of some places, in their order. Islands
// are no pieces.
func (g *Ground) Parts(places []int32) []int32 {
	left := make(map[int32]bool, len(places))
	for _, v := range places {
		left[v] = g.landed[v]
	}
	var parts, stack []int32
	for _, v := range places {
		if !left[v] {
			continue
		}
		parts = append(parts, v)
		left[v] = false
		for stack = append(stack[:0], v); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, t := range g.Near(u) {
				if left[t] {
					left[t] = false
					stack = append(stack, t)
				}
			}
		}
	}
	return parts
}

// Way is a shortest way over borders from one place to another, both included;
// nil where there is none.
func (g *Ground) Way(from, to int32) []int32 {
	back := slices.Repeat([]int32{-1}, len(g.landed))
	back[from] = from
	queue := []int32{from}
	for head := 0; head < len(queue) && back[to] < 0; head++ {
		for _, u := range g.Near(queue[head]) {
			if back[u] < 0 {
				back[u] = queue[head]
				queue = append(queue, u)
			}
		}
	}
	if back[to] < 0 {
		return nil
	}
	way := []int32{to}
	for v := to; v != from; v = back[v] {
		way = append(way, back[v])
	}
	return way
}

// Merge makes up the ground of groups of g's places: part gives the group of
// each place, and those of group c are members[start[c]:start[c+1]]. mark is
// room for a number by group.
func (g *Ground) Merge(up *Ground, part, start, members, mark []int32) {
	groups := len(start) - 1
	up.start, up.near, up.landed = append(up.start[:0], 0), up.near[:0], up.landed[:0]
	clear(mark[:groups]) // 1 + the group that met another last
	for c := range int32(groups) {
		landed := false
		for _, v := range members[start[c]:start[c+1]] {
			landed = landed || g.landed[v]
			for _, u := range g.Near(v) {
				if d := part[u]; d != c && mark[d] != c+1 {
					mark[d] = c + 1
					up.near = append(up.near, d)
				}
			}
		}
		slices.Sort(up.near[up.start[c]:])
		up.start, up.landed = append(up.start, int32(len(up.near))), append(up.landed, landed)
	}
}

// ContiguousFootprints reports for each footprint whether its areas are one
// piece on the ground. Islands are exempt and providers do not count.
func ContiguousFootprints(p Partition, adjacency Adjacency) []bool {
	ok := make([]bool, p.Len())
	for f, n := range GroundOf(adjacency, len(p.Areas)).Pieces(p.Areas, p.Len()) {
		ok[f] = n <= 1
	}
	return ok
}
