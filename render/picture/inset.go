package picture

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/internal/lettering"
	"stpmap/render/layer"
)

// An inset shows its part at least leastTimes as large, at most mostTimes.
const (
	leastTimes = 1.6
	mostTimes  = 3.5
	mostInsets = 4
)

// A part is crowded from this weight on. A name larger than what it names weighs
// one, or more where it had to move away; twelve symbols over each other suffice.
const (
	leastCrowd = 4
	movedName  = 2
	dotWeight  = 0.35
)

// crowd lists what has too little room on the map: names larger than what they
// name, and symbols that lie over each other. What an inset shows is left out.
func (s *scene) crowd(labels []lettering.Label, places []lettering.Place, dots []lettering.Box) (out []lettering.Crowded) {
	u := s.sheet.Unit
	shown := func(p orb.Point) bool {
		return slices.ContainsFunc(s.insets, func(v *view) bool { return v.from.Holds(p) })
	}
	for i, l := range labels {
		if l.Needed && l.Shape != nil && !(places[i].Placed && places[i].Fits) && !shown(l.At) {
			weight := 1.0
			if !places[i].Placed || places[i].Line != nil {
				weight = movedName
			}
			out = append(out, lettering.Crowded{Box: lettering.Around(l.At, 7*u, 5*u), Weight: weight})
		}
	}
	for i, d := range dots {
		for k, o := range dots {
			if k != i && d.Over(o) && !shown(d.Middle()) {
				out = append(out, lettering.Crowded{Box: d.Grown(0.5 * u), Weight: dotWeight})
				break
			}
		}
	}
	return out
}

// openInset opens an inset over a crowded part of the map that the frame has room
// to show larger, the one that gives most of the crowd most room; false if there
// is none.
func (s *scene) openInset(ground *lettering.Ground, crowd []lettering.Crowded, taken []lettering.Box) bool {
	u := s.sheet.Unit
	f := s.main.box
	var best *view
	most := 0.0
	for _, reach := range []float64{14, 10, 7.5, 6.3, 5.5, 4.8, 4.2, 3.6, 3, 2.5} {
		from, ok := lettering.Dense(crowd, reach*u, leastCrowd)
		if !ok {
			break
		}
		from = shared(from.Grown(u), f)
		if slices.ContainsFunc(s.insets, func(v *view) bool { return v.from.Over(from) }) {
			continue
		}
		widest := min(from.W()*mostTimes, f.W()*0.6, f.H()*0.6*from.W()/from.H())
		room, ok := ground.Room(from.W()/(from.H()+4*u/leastTimes), widest, from.W()*leastTimes, append(slices.Clone(taken), from))
		if ok {
			if gain := weightIn(crowd, from) * (room.W()/from.W() - 1); gain > most*(1+1e-9) {
				best, most = s.zoom(from, room), gain
			}
		}
	}
	if best == nil {
		return false
	}
	s.insets = append(s.insets, best)
	return true
}

// weightIn is what of a crowd has its middle in a box.
func weightIn(crowd []lettering.Crowded, b lettering.Box) (sum float64) {
	for _, c := range crowd {
		if b.Holds(c.Box.Middle()) {
			sum += c.Weight
		}
	}
	return sum
}

// zoom is the view of a part of the map in a place, with room for a line under it.
func (s *scene) zoom(from, room lettering.Box) *view {
	room.Y1 = room.Y0 + room.W()*from.H()/from.W()
	k := room.W() / from.W()
	main := s.main.place
	return &view{box: room, scale: s.main.scale * k, clip: true, from: from, place: func(q orb.Point) orb.Point {
		p := main(q)
		return orb.Point{room.X0 + float64((p[0]-from.X0)*k), room.Y0 + float64((p[1]-from.Y0)*k)}
	}}
}

// under is where the line under an inset stands.
func (v *view) under(unit float64) lettering.Box {
	return lettering.Box{X0: v.box.X0, Y0: v.box.Y1, X1: v.box.X1, Y1: v.box.Y1 + float64(4*unit)}
}

// shared is the part of a box in another.
func shared(b, o lettering.Box) lettering.Box {
	return lettering.Box{X0: max(b.X0, o.X0), Y0: max(b.Y0, o.Y0), X1: min(b.X1, o.X1), Y1: min(b.Y1, o.Y1)}
}

// ground is what of the main view polygons cover.
func (s *scene) ground() *lettering.Ground {
	return lettering.NewGround(s.main.box, 2*s.sheet.Unit, s.land())
}

// barBox is a free corner for the scale bar, or the first; false without a scale.
func (s *scene) barBox(ground *lettering.Ground) (lettering.Box, bool) {
	if !s.drawn || s.perTile > 0 {
		return lettering.Box{}, false
	}
	u, f := s.sheet.Unit, s.main.box
	w, h := barLength(f.W()/s.main.scale/1000, f.W())+float64(14*u), float64(7*u)
	var first lettering.Box
	for i, x := range []float64{f.X0 + u, f.X1 - w - u} {
		for k, y := range []float64{f.Y1 - h - u, f.Y0 + u} {
			b := lettering.Box{X0: x, Y0: y, X1: x + w, Y1: y + h}
			if ground.Free(b) {
				return b, true
			}
			if i+k == 0 {
				first = b
			}
		}
	}
	return first, true
}

// land are the polygons on the page.
func (s *scene) land() (out [][][]orb.Point) {
	for i, l := range s.layers {
		if layer.KindOf(l.Geometry) != layer.AreaKind {
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
