package render

import "github.com/paulmach/orb"

// Bound is the smallest box around a layer's geometries, in degrees; false where it has
// none.
func (l *Layer) Bound() (orb.Bound, bool) {
	b := extent{}
	for i := range l.Features {
		b.geometry(l.Features[i].Geometry)
	}
	return b.box, b.some
}

// extent grows by geometries. It compares, where orb's Bound.Extend calls
// math.Min and math.Max on each point: a third of the cost of writing GeoJSON.
type extent struct {
	box  orb.Bound
	some bool
}

func (e *extent) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		e.points(g)
	case orb.MultiPoint:
		e.points(g...)
	case orb.LineString:
		e.points(g...)
	case orb.MultiLineString:
		for _, l := range g {
			e.points(l...)
		}
	case orb.Polygon:
		e.polygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			e.polygon(p)
		}
	}
}

// polygon looks at the shell alone: holes lie in it.
func (e *extent) polygon(p orb.Polygon) {
	if len(p) > 0 {
		e.points(p[0]...)
	}
}

func (e *extent) points(ps ...orb.Point) {
	if len(ps) == 0 {
		return
	}
	b := e.box
	if !e.some {
		b, e.some = orb.Bound{Min: ps[0], Max: ps[0]}, true
	}
	for _, p := range ps {
		if p[0] < b.Min[0] {
			b.Min[0] = p[0]
		}
		if p[0] > b.Max[0] {
			b.Max[0] = p[0]
		}
		if p[1] < b.Min[1] {
			b.Min[1] = p[1]
		}
		if p[1] > b.Max[1] {
			b.Max[1] = p[1]
		}
	}
	e.box = b
}
