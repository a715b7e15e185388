package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/internal/linework"
)

// assembler makes polygons of the arcs that bound one group of faces:
//
//  1. walk arcs with the group on the left, turning as far left as can be where
//     arcs meet: a walk runs round one connected piece of the group's interior;
//  2. split a walk where it meets a node again: of the simple rings so made,
//     one at most is a shell, and the others are holes that touch it;
//  3. walks of holes alone go to the smallest shell around them.
//
// The result is valid in the sense of OGC 06-103r4.
type assembler struct {
	c       *Coverage
	head    []int32 // first directed arc out of a node plus 1, while a group is worked on
	next    []int32 // the next one out of the same node plus 1
	used    []bool
	onStack []int32 // index in the walk of a node plus 1
	xy      []int32
}

// A directed arc is 2×arc, plus 1 where it runs backwards.

func (a *assembler) start(d int32) int32 {
	if d&1 == 0 {
		return a.c.from[d>>1]
	}
	return a.c.to[d>>1]
}

func (a *assembler) end(d int32) int32 { return a.start(d ^ 1) }

// leaving is the vector from a directed arc's first position to its second.
func (a *assembler) leaving(d int32) (dx, dy int64) {
	l := a.c.line(int(d >> 1))
	n := len(l)
	if d&1 == 0 {
		return int64(l[2]) - int64(l[0]), int64(l[3]) - int64(l[1])
	}
	return int64(l[n-4]) - int64(l[n-2]), int64(l[n-3]) - int64(l[n-1])
}

func newAssembler(c *Coverage) *assembler {
	return &assembler{c: c, head: make([]int32, c.nodes), onStack: make([]int32, c.nodes)}
}

// sum is an arc's shoelace sum in its own direction.
func (a *assembler) sum(arc int32) int64 {
	l := a.c.line(int(arc))
	var s int64
	for i := 2; i < len(l); i += 2 {
		s += int64(l[i-2])*int64(l[i+1]) - int64(l[i])*int64(l[i-1])
	}
	return s
}

// ring is directed arcs end to end and twice the signed area within.
type ring struct {
	arcs []int32
	area int64
	box  linework.Box
}

type polygon struct {
	shell ring
	holes []ring
}

// walks calls visit with the rings of each walk along directed arcs that have
// the group on their left.
func (a *assembler) walks(arcs []int32, visit func(rings []ring)) {
	a.next = slices.Grow(a.next[:0], len(arcs))[:len(arcs)]
	a.used = slices.Grow(a.used[:0], len(arcs))[:len(arcs)]
	clear(a.used)
	for k := len(arcs) - 1; k >= 0; k-- {
		v := a.start(arcs[k])
		a.next[k] = a.head[v]
		a.head[v] = int32(k + 1)
	}
	var walk []int32
	for k := range arcs {
		if a.used[k] {
			continue
		}
		walk = walk[:0]
		for at, ok := int32(k), true; ok && !a.used[at]; at, ok = a.turn(arcs, arcs[at]) {
			a.used[at] = true
			walk = append(walk, arcs[at])
		}
		visit(a.split(walk))
	}
	for _, d := range arcs {
		a.head[a.start(d)] = 0
	}
}

// polygons assembles directed arcs that have the group on their left.
func (a *assembler) polygons(arcs []int32) orb.MultiPolygon {
	if len(arcs) == 0 {
		return nil
	}
	return a.geometry(a.assemble(arcs))
}

func (a *assembler) assemble(arcs []int32) []polygon {
	var shells []polygon
	var loose []ring
	a.walks(arcs, func(rings []ring) {
		shell := slices.IndexFunc(rings, func(r ring) bool { return r.area > 0 })
		if shell < 0 {
			loose = append(loose, rings...)
			return
		}
		p := polygon{shell: rings[shell]}
		for i, r := range rings {
			switch {
			case i == shell:
			case r.area > 0:
				shells = append(shells, polygon{shell: r})
			default:
				p.holes = append(p.holes, r)
			}
		}
		shells = append(shells, p)
	})
	slices.SortStableFunc(shells, func(p, q polygon) int { return cmp.Compare(p.shell.area, q.shell.area) })
	for _, h := range loose {
		if i := a.around(shells, h); i >= 0 {
			shells[i].holes = append(shells[i].holes, h)
		}
	}
	return shells
}

// turn is the index of the directed arc to take after d: of those that leave
// its end, the first one clockwise from the way back.
func (a *assembler) turn(arcs []int32, d int32) (int32, bool) {
	first := a.head[a.end(d)]
	if first == 0 {
		return 0, false
	}
	best := first - 1
	if a.next[best] == 0 {
		return best, true
	}
	rx, ry := a.leaving(d ^ 1)
	bx, by := a.leaving(arcs[best])
	for k := a.next[best]; k != 0; k = a.next[k-1] {
		x, y := a.leaving(arcs[k-1])
		if clockwiseBefore(rx, ry, x, y, bx, by) {
			best, bx, by = k-1, x, y
		}
	}
	return best, true
}

// clockwiseBefore says whether, turning clockwise from r, one meets p before q.
func clockwiseBefore(rx, ry, px, py, qx, qy int64) bool {
	hp, hq := clockwiseSector(rx, ry, px, py), clockwiseSector(rx, ry, qx, qy)
	if hp != hq {
		return hp < hq
	}
	return px*qy-py*qx < 0
}

// clockwiseSector: 0 up to half a turn from r, 1 half a turn, 2 more, 3 along r.
func clockwiseSector(rx, ry, x, y int64) int {
	cross := rx*y - ry*x
	switch {
	case cross < 0:
		return 0
	case cross > 0:
		return 2
	case rx*x+ry*y < 0:
		return 1
	}
	return 3
}

// split cuts a closed walk into rings that meet no node twice.
func (a *assembler) split(walk []int32) []ring {
	var rings []ring
	var stack []int32
	for _, d := range walk {
		stack = append(stack, d)
		a.onStack[a.start(d)] = int32(len(stack))
		v := a.end(d)
		if i := a.onStack[v]; i > 0 {
			loop := slices.Clone(stack[i-1:])
			for _, e := range loop {
				a.onStack[a.start(e)] = 0
			}
			stack = stack[:i-1]
			rings = append(rings, a.ring(loop))
		}
	}
	for _, e := range stack {
		a.onStack[a.start(e)] = 0
	}
	return rings
}

func (a *assembler) ring(arcs []int32) ring {
	r := ring{arcs: arcs, box: linework.EmptyBox}
	for _, d := range arcs {
		if d&1 == 0 {
			r.area += a.sum(d >> 1)
		} else {
			r.area -= a.sum(d >> 1)
		}
		r.box.Add(a.c.line(int(d >> 1)))
	}
	return r
}

// around is the smallest of the shells, sorted by area, that holds a hole.
func (a *assembler) around(shells []polygon, hole ring) int {
	for i, p := range shells {
		if p.shell.area > -hole.area && p.shell.box.Holds(hole.box) && a.holds(p.shell, hole) {
			return i
		}
	}
	return -1
}

// holds says whether a ring lies within a shell that it does not cross.
func (a *assembler) holds(shell, hole ring) bool {
	for _, d := range hole.arcs {
		l := a.c.line(int(d >> 1))
		for i := 0; i < len(l); i += 2 {
			switch a.locate(shell, l[i], l[i+1]) {
			case 1:
				return true
			case -1:
				return false
			}
		}
	}
	return false
}

// locate is 1 within the ring, −1 outside, 0 on it.
func (a *assembler) locate(r ring, x, y int32) int {
	inside := false
	for _, d := range r.arcs {
		l := a.c.line(int(d >> 1))
		for i := 2; i < len(l); i += 2 {
			x1, y1, x2, y2 := l[i-2], l[i-1], l[i], l[i+1]
			if y1 > y && y2 > y || y1 < y && y2 < y || x1 < x && x2 < x {
				continue
			}
			s := linework.Orient(x1, y1, x2, y2, x, y)
			if s == 0 && min(x1, x2) <= x && x <= max(x1, x2) {
				return 0
			}
			if (y1 > y) != (y2 > y) && (s > 0) == (y2 > y1) {
				inside = !inside
			}
		}
	}
	if inside {
		return 1
	}
	return -1
}

// geometry orders and writes out polygons: the largest first, each ring from
// its lowest position.
func (a *assembler) geometry(polygons []polygon) orb.MultiPolygon {
	type drawn struct {
		area  int64
		rings orb.Polygon
	}
	ds := make([]drawn, len(polygons))
	for i, p := range polygons {
		ds[i].area = p.shell.area
		ds[i].rings = append(make(orb.Polygon, 0, 1+len(p.holes)), a.positions(p.shell))
		for _, h := range p.holes {
			ds[i].rings = append(ds[i].rings, a.positions(h))
		}
		slices.SortFunc(ds[i].rings[1:], compareRings)
	}
	slices.SortFunc(ds, func(p, q drawn) int {
		if c := cmp.Compare(q.area, p.area); c != 0 {
			return c
		}
		return compareRings(p.rings[0], q.rings[0])
	})
	out := make(orb.MultiPolygon, len(ds))
	for i, d := range ds {
		out[i] = d.rings
	}
	return out
}

func compareRings(r, s orb.Ring) int {
	return slices.CompareFunc(r, s, func(p, q orb.Point) int { return slices.Compare(p[:], q[:]) })
}

// appendRing adds the positions of a ring, without the closing one.
func (a *assembler) appendRing(xy []int32, r ring) []int32 {
	for _, d := range r.arcs {
		l := a.c.line(int(d >> 1))
		for k := 0; k < len(l)-2; k += 2 {
			i := k
			if d&1 == 1 {
				i = len(l) - 2 - k
			}
			xy = append(xy, l[i], l[i+1])
		}
	}
	return xy
}

func (a *assembler) positions(r ring) orb.Ring {
	a.xy = a.appendRing(a.xy[:0], r)
	out := make(orb.Ring, 0, len(a.xy)/2+1)
	lowest := 0
	for i := 0; i < len(a.xy); i += 2 {
		if x, y := a.xy[2*lowest], a.xy[2*lowest+1]; a.xy[i] < x || a.xy[i] == x && a.xy[i+1] < y {
			lowest = i / 2
		}
		out = append(out, Degrees(a.xy[i], a.xy[i+1]))
	}
	rotate(out, lowest)
	return append(out, out[0])
}

func rotate(r orb.Ring, k int) {
	slices.Reverse(r[:k])
	slices.Reverse(r[k:])
	slices.Reverse(r)
}

// Degrees is a position in degrees.
func Degrees(x, y int32) orb.Point { return orb.Point{float64(x) / 1e6, float64(y) / 1e6} }
