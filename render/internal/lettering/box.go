package lettering

import (
	"math"

	"github.com/paulmach/orb"
)

// Box is a rectangle on the page, y down.
type Box struct{ X0, Y0, X1, Y1 float64 }

// Around is the box of a width and height with its middle at a point.
func Around(p orb.Point, w, h float64) Box {
	return Box{p[0] - w/2, p[1] - h/2, p[0] + w/2, p[1] + h/2}
}

// Over says whether two boxes share more than an edge.
func (b Box) Over(o Box) bool { return b.X0 < o.X1 && o.X0 < b.X1 && b.Y0 < o.Y1 && o.Y0 < b.Y1 }

// Within says whether a box lies in another.
func (b Box) Within(o Box) bool { return b.X0 >= o.X0 && b.X1 <= o.X1 && b.Y0 >= o.Y0 && b.Y1 <= o.Y1 }

// Holds says whether a point lies in the box.
func (b Box) Holds(p orb.Point) bool {
	return p[0] >= b.X0 && p[0] <= b.X1 && p[1] >= b.Y0 && p[1] <= b.Y1
}

// Grown is the box with more on every side.
func (b Box) Grown(by float64) Box { return Box{b.X0 - by, b.Y0 - by, b.X1 + by, b.Y1 + by} }

// W is the width.
func (b Box) W() float64 { return b.X1 - b.X0 }

// H is the height.
func (b Box) H() float64 { return b.Y1 - b.Y0 }

// Middle is the centre.
func (b Box) Middle() orb.Point { return orb.Point{(b.X0 + b.X1) / 2, (b.Y0 + b.Y1) / 2} }

// nearest is the point of the box's outline that a line from p ends at.
func (b Box) nearest(p orb.Point) orb.Point {
	return orb.Point{min(max(p[0], b.X0), b.X1), min(max(p[1], b.Y0), b.Y1)}
}

// boundOf is the box around rings; false where there are none.
func boundOf(rings [][]orb.Point) (Box, bool) {
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, r := range rings {
		for _, p := range r {
			b = Box{min(b.X0, p[0]), min(b.Y0, p[1]), max(b.X1, p[0]), max(b.Y1, p[1])}
		}
	}
	return b, b.X0 <= b.X1
}

// inside says whether a point lies in rings, by the even-odd rule.
func inside(rings [][]orb.Point, p orb.Point) bool {
	in := false
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+float64((b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])) {
				in = !in
			}
		}
	}
	return in
}

// areaOf is the area of rings whose holes turn the other way.
func areaOf(rings [][]orb.Point) float64 {
	sum := 0.0
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			sum += float64(a[0]*b[1]) - float64(a[1]*b[0])
		}
	}
	return math.Abs(sum) / 2
}

// cross says whether two lines cross, ends included.
func cross(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) float64 {
		return float64((q[0]-p[0])*(r[1]-p[1])) - float64((q[1]-p[1])*(r[0]-p[0]))
	}
	return side(a, b, c)*side(a, b, d) <= 0 && side(c, d, a)*side(c, d, b) <= 0 &&
		min(a[0], b[0]) <= max(c[0], d[0]) && min(c[0], d[0]) <= max(a[0], b[0]) &&
		min(a[1], b[1]) <= max(c[1], d[1]) && min(c[1], d[1]) <= max(a[1], b[1])
}

// cuts says whether a line from p to q passes through the box.
func (b Box) cuts(p, q orb.Point) bool {
	if max(p[0], q[0]) < b.X0 || min(p[0], q[0]) > b.X1 || max(p[1], q[1]) < b.Y0 || min(p[1], q[1]) > b.Y1 {
		return false
	}
	if b.Holds(p) || b.Holds(q) {
		return true
	}
	return cross(p, q, orb.Point{b.X0, b.Y0}, orb.Point{b.X1, b.Y1}) || cross(p, q, orb.Point{b.X0, b.Y1}, orb.Point{b.X1, b.Y0})
}
