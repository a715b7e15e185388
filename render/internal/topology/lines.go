package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// BorderLine is the line between two groups.
type BorderLine struct {
	A, B   int32 // A < B
	Line   orb.MultiLineString
	Metres float64
}

// borderPiece is an arc between two groups, a < b.
type borderPiece struct{ a, b, arc int32 }

func compareBorders(p, q borderPiece) int {
	if d := cmp.Compare(p.a, q.a); d != 0 {
		return d
	}
	return cmp.Compare(p.b, q.b)
}

// GroupPairs lists the groups of areas that have a line between them, by the
// lower one, then the higher one.
func (c *Coverage) GroupPairs(group []int32) [][2]int32 {
	pieces := c.borderPieces(group)
	slices.SortFunc(pieces, compareBorders)
	var out [][2]int32
	for i, p := range pieces {
		if i == 0 || compareBorders(p, pieces[i-1]) != 0 {
			out = append(out, [2]int32{p.a, p.b})
		}
	}
	return out
}

func (c *Coverage) borderPieces(group []int32) []borderPiece {
	var pieces []borderPiece
	var lb, rb []int32
	for len(group) < c.areas {
		group = append(slices.Clip(group), -1)
	}
	const all = 1<<31 - 1
	for k := range c.left {
		if c.left[k] == c.right[k] {
			continue
		}
		lb, rb = c.faceGroups(lb, c.left[k], group, all), c.faceGroups(rb, c.right[k], group, all)
		for _, a := range lb {
			for _, b := range rb {
				if a != b && !(slices.Contains(rb, a) && slices.Contains(lb, b)) {
					pieces = append(pieces, borderPiece{min(a, b), max(a, b), int32(k)})
				}
			}
		}
	}
	return pieces
}

// BorderLines lists the lines between groups of areas, by A, then B. Where
// groups overlap, the overlap's outline is the line.
func (c *Coverage) BorderLines(group []int32) []BorderLine {
	pieces := c.borderPieces(group)
	slices.SortFunc(pieces, func(p, q borderPiece) int {
		if d := compareBorders(p, q); d != 0 {
			return d
		}
		return cmp.Compare(p.arc, q.arc)
	})
	pieces = slices.Compact(pieces)
	var out []BorderLine
	var arcs []int32
	for i := 0; i < len(pieces); {
		p := pieces[i]
		l := BorderLine{A: p.a, B: p.b}
		arcs = arcs[:0]
		for ; i < len(pieces) && pieces[i].a == p.a && pieces[i].b == p.b; i++ {
			arcs = append(arcs, pieces[i].arc)
			l.Metres += c.length(int(pieces[i].arc))
		}
		l.Line = c.chain(arcs)
		out = append(out, l)
	}
	return out
}

// chain joins arcs end to end where just two of them meet.
func (c *Coverage) chain(arcs []int32) orb.MultiLineString {
	at := make(map[int32][]int32, len(arcs)) // directed arcs out of each node
	for _, k := range arcs {
		at[c.from[k]] = append(at[c.from[k]], 2*k)
		at[c.to[k]] = append(at[c.to[k]], 2*k+1)
	}
	used := make(map[int32]bool, len(arcs))
	ends := assembler{c: c}
	var out orb.MultiLineString
	follow := func(d int32) {
		var xy []int32
		for !used[d>>1] {
			used[d>>1] = true
			xy = ends.appendRing(xy, ring{arcs: []int32{d}})
			last := ends.lastOf(d)
			next := at[ends.end(d)]
			if len(next) == 2 {
				e := next[0]
				if e>>1 == d>>1 {
					e = next[1]
				}
				if !used[e>>1] {
					d = e
					continue
				}
			}
			xy = append(xy, last[0], last[1])
		}
		line := make(orb.LineString, 0, len(xy)/2)
		for i := 0; i < len(xy); i += 2 {
			line = append(line, Degrees(xy[i], xy[i+1]))
		}
		out = append(out, line)
	}
	// From the ends first, then round what has none.
	for _, k := range arcs {
		if !used[k] && len(at[c.from[k]]) != 2 {
			follow(2 * k)
		}
		if !used[k] && len(at[c.to[k]]) != 2 {
			follow(2*k + 1)
		}
	}
	for _, k := range arcs {
		if !used[k] {
			follow(2 * k)
		}
	}
	return out
}

// lastOf is the last position of a directed arc.
func (a *assembler) lastOf(d int32) [2]int32 {
	l := a.c.line(int(d >> 1))
	if d&1 == 1 {
		return [2]int32{l[0], l[1]}
	}
	return [2]int32{l[len(l)-2], l[len(l)-1]}
}
