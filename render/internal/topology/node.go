package topology

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// ErrTangled says that lines cross so densely that they cannot be told apart
// at the resolution of a millionth of a degree.
var ErrTangled = errors.New("borders too tangled to be told apart")

// side says that an area lies delta times more often to the left of an edge
// than to its right. Edges run from the end with lower x, then y.
type side struct {
	x1, y1, x2, y2 int32
	area, delta    int32
}

func newSide(x1, y1, x2, y2, area, delta int32) side {
	if x1 > x2 || x1 == x2 && y1 > y2 {
		return side{x2, y2, x1, y1, area, -delta}
	}
	return side{x1, y1, x2, y2, area, delta}
}

func (s side) sameEdge(t side) bool {
	return s.x1 == t.x1 && s.y1 == t.y1 && s.x2 == t.x2 && s.y2 == t.y2
}

func compareSides(s, t side) int {
	if c := cmp.Compare(s.x1, t.x1); c != 0 {
		return c
	}
	if c := cmp.Compare(s.y1, t.y1); c != 0 {
		return c
	}
	if c := cmp.Compare(s.x2, t.x2); c != 0 {
		return c
	}
	if c := cmp.Compare(s.y2, t.y2); c != 0 {
		return c
	}
	return cmp.Compare(s.area, t.area)
}

// sides lists the edges of all arcs with the areas beside them.
func (c *Coverage) sides() []side {
	var out []side
	add := func(arc, area int32, delta int32) {
		l := c.line(int(arc))
		for i := 2; i < len(l); i += 2 {
			out = append(out, newSide(l[i-2], l[i-1], l[i], l[i+1], area, delta))
		}
	}
	for k := range c.left {
		if a := c.left[k]; a >= 0 {
			add(int32(k), a, 1)
		}
		if a := c.right[k]; a >= 0 {
			add(int32(k), a, -1)
		}
	}
	for _, w := range c.crowded {
		if w.left {
			add(w.arc, w.area, 1)
		} else {
			add(w.arc, w.area, -1)
		}
	}
	return combine(out)
}

// combine sorts sides, adds up those of one edge and area, and drops what
// cancels.
func combine(sides []side) []side {
	slices.SortFunc(sides, compareSides)
	out := sides[:0]
	for i := 0; i < len(sides); {
		s := sides[i]
		for i++; i < len(sides) && compareSides(sides[i], s) == 0; i++ {
			s.delta += sides[i].delta
		}
		if s.delta != 0 && (s.x1 != s.x2 || s.y1 != s.y2) {
			out = append(out, s)
		}
	}
	return out
}

// edgeList gives the distinct edges of sorted sides and where the sides of
// each begin.
func edgeList(sides []side) (segments []int32, begin []int32) {
	for i, s := range sides {
		if i == 0 || !s.sameEdge(sides[i-1]) {
			segments = append(segments, s.x1, s.y1, s.x2, s.y2)
			begin = append(begin, int32(i))
		}
	}
	return segments, append(begin, int32(len(sides)))
}

type split struct {
	edge, x, y int32
}

// node cuts edges where they meet, until they have only ends in common. A
// crossing is rounded to a millionth of a degree, which may bend its edges
// into others: hence the rounds.
func node(ctx context.Context, sides []side) ([]side, error) {
	const rounds = 200
	for range rounds {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		segments, begin := edgeList(sides)
		var cuts []split
		newTree(segments).pairs(func(i, j int32) {
			s, t := segments[4*i:4*i+4], segments[4*j:4*j+4]
			if conflict(s, t) {
				cuts = appendCuts(cuts, i, j, s, t)
			}
		})
		if len(cuts) == 0 {
			return sides, nil
		}
		sides = cutEdges(sides, segments, begin, cuts)
	}
	return nil, ErrTangled
}

// appendCuts adds the positions where two conflicting edges must be cut.
func appendCuts(cuts []split, i, j int32, s, t []int32) []split {
	a := orient(s[0], s[1], s[2], s[3], t[0], t[1])
	b := orient(s[0], s[1], s[2], s[3], t[2], t[3])
	c := orient(t[0], t[1], t[2], t[3], s[0], s[1])
	d := orient(t[0], t[1], t[2], t[3], s[2], s[3])
	if a != 0 && b != 0 && c != 0 && d != 0 {
		x, y := crossing(s, t)
		return append(cuts, split{i, x, y}, split{j, x, y})
	}
	if a == 0 {
		cuts = append(cuts, split{i, t[0], t[1]})
	}
	if b == 0 {
		cuts = append(cuts, split{i, t[2], t[3]})
	}
	if c == 0 {
		cuts = append(cuts, split{j, s[0], s[1]})
	}
	if d == 0 {
		cuts = append(cuts, split{j, s[2], s[3]})
	}
	return cuts
}

// crossing is the position nearest to where two segments cross.
func crossing(s, t []int32) (x, y int32) {
	dx, dy := float64(s[2])-float64(s[0]), float64(s[3])-float64(s[1])
	ex, ey := float64(t[2])-float64(t[0]), float64(t[3])-float64(t[1])
	fx, fy := float64(t[0])-float64(s[0]), float64(t[1])-float64(s[1])
	u := (fx*ey - fy*ex) / (dx*ey - dy*ex)
	return s[0] + int32(math.Round(u*dx)), s[1] + int32(math.Round(u*dy))
}

// cutEdges puts the positions of cuts into their edges.
func cutEdges(sides []side, segments, begin []int32, cuts []split) []side {
	along := func(c split) int64 {
		s := segments[4*c.edge:]
		return (int64(c.x)-int64(s[0]))*(int64(s[2])-int64(s[0])) + (int64(c.y)-int64(s[1]))*(int64(s[3])-int64(s[1]))
	}
	slices.SortFunc(cuts, func(a, b split) int {
		if c := cmp.Compare(a.edge, b.edge); c != 0 {
			return c
		}
		if c := cmp.Compare(along(a), along(b)); c != 0 {
			return c
		}
		if c := cmp.Compare(a.x, b.x); c != 0 {
			return c
		}
		return cmp.Compare(a.y, b.y)
	})
	var out []side
	k := 0
	for e := range int32(len(begin) - 1) {
		lo := k
		for k < len(cuts) && cuts[k].edge == e {
			k++
		}
		of := sides[begin[e]:begin[e+1]]
		if lo == k {
			out = append(out, of...)
			continue
		}
		s := segments[4*e : 4*e+4]
		length := along(split{e, s[2], s[3]})
		x, y := s[0], s[1]
		piece := func(x2, y2 int32) {
			if x == x2 && y == y2 {
				return
			}
			for _, o := range of {
				out = append(out, newSide(x, y, x2, y2, o.area, o.delta))
			}
			x, y = x2, y2
		}
		for _, c := range cuts[lo:k] {
			if at := along(c); at > 0 && at < length {
				piece(c.x, c.y)
			}
		}
		piece(s[2], s[3])
	}
	return combine(out)
}
