package picture

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/internal/lettering"
	"stpmap/render/layer"
)

// An inset shows its part at least leastTimes as large, at most mostTimes; names
// crowd where they lie within crowdReach millimetres of each other.
const (
	leastTimes = 1.7
	mostTimes  = 6
	crowdReach = 16
)

// openInset opens an inset where names crowd, if the frame has room for it.
func (s *scene) openInset(labels []lettering.Label, places []lettering.Place, taken []lettering.Box) {
	if s.perTile > 0 {
		return
	}
	u := s.sheet.Unit
	from, ok := lettering.Dense(labels, places, crowdReach*u)
	if !ok {
		return
	}
	var land [][][]orb.Point
	for _, l := range labels {
		land = append(land, l.Shape)
	}
	f := s.main.box
	ground := lettering.NewGround(f, 2*u, append(land, s.land()...))
	most := math.Min(from.W()*mostTimes, math.Min(f.W()*0.55, f.H()*0.55*from.W()/from.H()))
	// Room for the line under it too.
	keep := append(taken, from)
	room, ok := ground.Room(from.W()/(from.H()+4*u/leastTimes), most, from.W()*leastTimes, keep)
	if !ok {
		return
	}
	room.Y1 = room.Y0 + room.W()*from.H()/from.W()
	k := room.W() / from.W()
	s.inset = &view{box: room, scale: s.main.scale * k, clip: true, from: from}
	main := s.main.place
	s.inset.place = func(q orb.Point) orb.Point {
		p := main(q)
		return orb.Point{room.X0 + float64((p[0]-from.X0)*k), room.Y0 + float64((p[1]-from.Y0)*k)}
	}
}

// land are the polygons on the page.
func (s *scene) land() (out [][][]orb.Point) {
	for i, l := range s.layers {
		if layer.KindOf(l.Geometry) != layer.AreaKind || l.Labelled() {
			continue
		}
		for k := range s.flat[i].Features {
			if g := s.flat[i].Features[k].Geometry; g != nil {
				out = append(out, s.main.rings(g))
			}
		}
	}
	return out
}

// clipRing is the part of a ring in a box (Sutherland IE, Hodgman GW 1974,
// doi:10.1145/360767.360802).
func clipRing(ring []orb.Point, b lettering.Box) []orb.Point {
	for side := range 4 {
		axis, at, keep := side/2, [4]float64{b.X0, b.X1, b.Y0, b.Y1}[side], 1-2*float64(side%2)
		in := func(p orb.Point) bool { return (p[axis]-at)*keep >= 0 }
		var out []orb.Point
		for i, q := range ring {
			p := ring[(i+len(ring)-1)%len(ring)]
			if in(p) != in(q) {
				t := (at - p[axis]) / (q[axis] - p[axis])
				cut := orb.Point{p[0] + float64((q[0]-p[0])*t), p[1] + float64((q[1]-p[1])*t)}
				cut[axis] = at
				out = append(out, cut)
			}
			if in(q) {
				out = append(out, q)
			}
		}
		ring = out
	}
	return ring
}

// clipLine is the parts of a line in a box.
func clipLine(line []orb.Point, b lettering.Box) (out [][]orb.Point) {
	for i := 1; i < len(line); i++ {
		p, q, ok := clipSegment(line[i-1], line[i], b)
		if !ok {
			continue
		}
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1] == p {
			out[n-1] = append(out[n-1], q)
		} else {
			out = append(out, []orb.Point{p, q})
		}
	}
	return out
}

// clipSegment is the part of a line from p to q in a box (Liang YD, Barsky BA
// 1984, doi:10.1145/357332.357333).
func clipSegment(p, q orb.Point, b lettering.Box) (orb.Point, orb.Point, bool) {
	from, to := 0.0, 1.0
	for axis, limits := range [2][2]float64{{b.X0, b.X1}, {b.Y0, b.Y1}} {
		d := q[axis] - p[axis]
		if d == 0 {
			if p[axis] < limits[0] || p[axis] > limits[1] {
				return p, q, false
			}
			continue
		}
		a, z := (limits[0]-p[axis])/d, (limits[1]-p[axis])/d
		from, to = max(from, min(a, z)), min(to, max(a, z))
	}
	if from >= to {
		return p, q, false
	}
	at := func(t float64) orb.Point {
		return orb.Point{p[0] + float64((q[0]-p[0])*t), p[1] + float64((q[1]-p[1])*t)}
	}
	first, last := p, q
	if from > 0 {
		first = at(from)
	}
	if to < 1 {
		last = at(to)
	}
	return first, last, true
}
