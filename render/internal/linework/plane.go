package linework

import (
	"cmp"
	"math/big"
	"slices"
)

// Plane is the faces that noded edges divide the plane into.
//
// A half-edge is 2×edge, plus 1 where it runs against the edge; its face lies
// to its left.
type Plane struct {
	Segments []int32
	sides    []Side
	begin    []int32 // sides of each edge

	Vertex []int32 // where each half-edge starts
	Next   []int32 // the half-edge after it round its face
	Degree []int32 // of each vertex
	XY     []int32 // of each vertex

	Face    []int32 // of each half-edge; 0 is the outside
	Winding [][]winding
	Area    []int64 // twice the area of each face, holes taken off
}

// winding is how often an area covers a face.
type winding struct{ Area, times int32 }

// NewPlane finds the faces between noded, combined sides.
func NewPlane(sides []Side) *Plane {
	p := &Plane{sides: sides}
	p.Segments, p.begin = edgeList(sides)
	n := len(p.Segments) / 4
	p.numberVertices(n)
	cycles, cycleArea, first := p.trace(n)
	p.fillFaces(n, cycles, cycleArea, first)
	return p
}

func (p *Plane) numberVertices(n int) {
	type end struct{ x, y, half int32 }
	ends := make([]end, 0, 2*n)
	for e := range n {
		s := p.Segments[4*e : 4*e+4]
		ends = append(ends, end{s[0], s[1], int32(2 * e)}, end{s[2], s[3], int32(2*e + 1)})
	}
	slices.SortFunc(ends, func(a, b end) int {
		if c := cmp.Compare(a.x, b.x); c != 0 {
			return c
		}
		if c := cmp.Compare(a.y, b.y); c != 0 {
			return c
		}
		return cmp.Compare(a.half, b.half)
	})
	p.Vertex = make([]int32, 2*n)
	p.Next = make([]int32, 2*n)
	var out []int32
	for lo := 0; lo < len(ends); {
		hi := lo
		out = out[:0]
		for hi < len(ends) && ends[hi].x == ends[lo].x && ends[hi].y == ends[lo].y {
			h := ends[hi].half
			p.Vertex[h] = int32(len(p.Degree))
			out = append(out, h)
			hi++
		}
		// Anticlockwise; arriving against out[k+1] one leaves by out[k], the
		// first clockwise from the way back.
		slices.SortFunc(out, func(g, h int32) int { return p.compareAngles(g, h) })
		for k, h := range out {
			p.Next[out[(k+1)%len(out)]^1] = h
		}
		p.Degree = append(p.Degree, int32(hi-lo))
		p.XY = append(p.XY, ends[lo].x, ends[lo].y)
		lo = hi
	}
}

func (p *Plane) direction(h int32) (dx, dy int64) {
	s := p.Segments[4*(h>>1):]
	dx, dy = int64(s[2])-int64(s[0]), int64(s[3])-int64(s[1])
	if h&1 == 1 {
		return -dx, -dy
	}
	return dx, dy
}

func (p *Plane) compareAngles(g, h int32) int {
	gx, gy := p.direction(g)
	hx, hy := p.direction(h)
	lower := func(x, y int64) int {
		if y < 0 || y == 0 && x < 0 {
			return 1
		}
		return 0
	}
	if c := cmp.Compare(lower(gx, gy), lower(hx, hy)); c != 0 {
		return c
	}
	return cmp.Compare(0, gx*hy-gy*hx)
}

// trace follows half-edges round faces: the cycle of each half-edge, the
// doubled area of each cycle and its first half-edge.
func (p *Plane) trace(n int) (cycle []int32, area []int64, first []int32) {
	cycle = make([]int32, 2*n)
	for h := range cycle {
		cycle[h] = -1
	}
	for h := range int32(2 * n) {
		if cycle[h] >= 0 {
			continue
		}
		var sum int64
		for g := h; cycle[g] < 0; g = p.Next[g] {
			cycle[g] = int32(len(first))
			a, b := p.Vertex[g], p.Vertex[g^1]
			sum += int64(p.XY[2*a])*int64(p.XY[2*b+1]) - int64(p.XY[2*b])*int64(p.XY[2*a+1])
		}
		area = append(area, sum)
		first = append(first, h)
	}
	return cycle, area, first
}

// fillFaces finds the face of each cycle and which areas cover it, component
// by component: one that holds another has a lower leftmost vertex.
func (p *Plane) fillFaces(n int, cycle []int32, cycleArea []int64, first []int32) {
	faceOf := make([]int32, len(first))
	for c := range faceOf {
		faceOf[c] = -1
	}
	p.Winding = [][]winding{nil}
	p.Area = []int64{0}
	p.Face = make([]int32, 2*n)
	t := NewTree(p.Segments)
	var queue []int32
	settle := func(c, face int32) {
		faceOf[c] = face
		p.Area[face] += cycleArea[c]
		for h, start := first[c], true; start || h != first[c]; h = p.Next[h] {
			start = false
			p.Face[h] = face
		}
		queue = append(queue, c)
	}
	// Vertices are numbered from left to right, and edges from their left ends,
	// so the first half-edge whose cycle has no face starts at the leftmost
	// vertex of its component; the component's outside is the cycle of
	// negative area there.
	outgoing := p.firstOut()
	for v := range int32(len(p.Degree)) {
		h := outgoing[v]
		if faceOf[cycle[h]] >= 0 {
			continue
		}
		outer := p.outerCycle(h, cycle, cycleArea)
		settle(outer, p.locate(t, p.XY[2*v], p.XY[2*v+1]))
		for len(queue) > 0 {
			c := queue[0]
			queue = queue[1:]
			for h, start := first[c], true; start || h != first[c]; h = p.Next[h] {
				start = false
				if d := cycle[h^1]; faceOf[d] < 0 {
					p.Winding = append(p.Winding, p.across(p.Winding[faceOf[c]], h))
					p.Area = append(p.Area, 0)
					settle(d, int32(len(p.Winding)-1))
				}
			}
		}
	}
}

// firstOut is one half-edge out of each vertex.
func (p *Plane) firstOut() []int32 {
	out := make([]int32, len(p.Degree))
	for h := len(p.Vertex) - 1; h >= 0; h-- {
		out[p.Vertex[h]] = int32(h)
	}
	return out
}

// outerCycle is the cycle around a component, given a half-edge out of its
// leftmost vertex.
func (p *Plane) outerCycle(h int32, cycle []int32, area []int64) int32 {
	best := cycle[h]
	for g := h; ; {
		if c := cycle[g]; area[c] <= 0 {
			return c
		}
		// The next half-edge out of the same vertex.
		g = p.Next[g^1]
		if g == h {
			return best
		}
	}
}

// across is the windings on the other side of a half-edge.
func (p *Plane) across(w []winding, h int32) []winding {
	out := slices.Clone(w)
	for _, s := range p.sides[p.begin[h>>1]:p.begin[h>>1+1]] {
		d := -s.delta
		if h&1 == 1 {
			d = s.delta
		}
		i, ok := slices.BinarySearchFunc(out, s.area, func(w winding, a int32) int { return cmp.Compare(w.Area, a) })
		switch {
		case !ok:
			out = slices.Insert(out, i, winding{s.area, d})
		case out[i].times+d == 0:
			out = slices.Delete(out, i, i+1)
		default:
			out[i].times += d
		}
	}
	return out
}

// locate is the face to the left of a component's leftmost vertex: that of the
// nearest edge there, seen from the right.
func (p *Plane) locate(t *Tree, x, y int32) int32 {
	best := int32(-1)
	t.Search(Box{t.bounds().MinX, y, x, y}, func(e int32) bool {
		s := p.upward(e)
		if s[1] <= y && y < s[3] && Orient(s[0], s[1], s[2], s[3], x, y) < 0 && (best < 0 || p.nearer(e, best, y)) {
			best = e
		}
		return true
	})
	if best < 0 {
		return 0
	}
	// Running down, an edge has the position on its left.
	h := 2 * best
	if s := p.Segments[4*best:]; s[1] < s[3] {
		h++
	}
	return p.Face[h]
}

func (p *Plane) upward(e int32) [4]int32 {
	s := p.Segments[4*e : 4*e+4]
	if s[1] > s[3] {
		return [4]int32{s[2], s[3], s[0], s[1]}
	}
	return [4]int32{s[0], s[1], s[2], s[3]}
}

// nearer says whether edge e passes farther right than f just above a height.
func (p *Plane) nearer(e, f, y int32) bool {
	at := func(s [4]int32) *big.Rat {
		x := big.NewRat(int64(s[2])-int64(s[0]), int64(s[3])-int64(s[1]))
		x.Mul(x, big.NewRat(int64(y)-int64(s[1]), 1))
		return x.Add(x, big.NewRat(int64(s[0]), 1))
	}
	s, u := p.upward(e), p.upward(f)
	if lo, hi := max(s[0], s[2]), min(u[0], u[2]); lo < hi {
		return false
	}
	if lo, hi := max(u[0], u[2]), min(s[0], s[2]); lo < hi {
		return true
	}
	if c := at(s).Cmp(at(u)); c != 0 {
		return c > 0
	}
	return (int64(s[2])-int64(s[0]))*(int64(u[3])-int64(u[1])) > (int64(u[2])-int64(u[0]))*(int64(s[3])-int64(s[1]))
}
