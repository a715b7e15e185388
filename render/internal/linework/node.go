package linework

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

// Side says that an area lies delta times more often to the left of an edge
// than to its right. Edges run from the end with lower x, then y.
type Side struct {
	x1, y1, x2, y2 int32
	area, delta    int32
}

// NewSide is the side of an edge from one end to the other: area lies delta times
// more often to its left.
func NewSide(x1, y1, x2, y2, area, delta int32) Side {
	if x1 > x2 || x1 == x2 && y1 > y2 {
		return Side{x2, y2, x1, y1, area, -delta}
	}
	return Side{x1, y1, x2, y2, area, delta}
}

func (s Side) sameEdge(t Side) bool {
	return s.x1 == t.x1 && s.y1 == t.y1 && s.x2 == t.x2 && s.y2 == t.y2
}

func compareSides(s, t Side) int {
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

// Combine sorts sides, adds up those of one edge and area, and drops what
// cancels.
func Combine(sides []Side) []Side {
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
func edgeList(sides []Side) (segments []int32, begin []int32) {
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

// Node cuts edges where they meet, until they have only ends in common. A
// crossing is rounded to a millionth of a degree, which may bend its edges
// into others: hence the rounds.
func Node(ctx context.Context, sides []Side) ([]Side, error) {
	const rounds = 200
	for range rounds {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		segments, begin := edgeList(sides)
		var cuts []split
		NewTree(segments).Pairs(func(i, j int32) {
			s, t := segments[4*i:4*i+4], segments[4*j:4*j+4]
			if Conflict(s, t) {
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
	a := Orient(s[0], s[1], s[2], s[3], t[0], t[1])
	b := Orient(s[0], s[1], s[2], s[3], t[2], t[3])
	c := Orient(t[0], t[1], t[2], t[3], s[0], s[1])
	d := Orient(t[0], t[1], t[2], t[3], s[2], s[3])
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
func cutEdges(sides []Side, segments, begin []int32, cuts []split) []Side {
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
	var out []Side
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
				out = append(out, NewSide(x, y, x2, y2, o.area, o.delta))
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
	return Combine(out)
}
