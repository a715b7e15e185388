package extent

import "github.com/paulmach/orb"

// Extent grows by geometries. It compares, where orb's Bound.Extend calls
// math.Min and math.Max on each point: a third of the cost of writing GeoJSON.
type Extent struct {
	Box  orb.Bound
	Some bool
}

// AddGeometry widens the box by a geometry.
func (e *Extent) AddGeometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		e.AddPoints(g)
	case orb.MultiPoint:
		e.AddPoints(g...)
	case orb.LineString:
		e.AddPoints(g...)
	case orb.MultiLineString:
		for _, l := range g {
			e.AddPoints(l...)
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
func (e *Extent) polygon(p orb.Polygon) {
	if len(p) > 0 {
		e.AddPoints(p[0]...)
	}
}

// AddPoints widens the box by points.
func (e *Extent) AddPoints(ps ...orb.Point) {
	if len(ps) == 0 {
		return
	}
	b := e.Box
	if !e.Some {
		b, e.Some = orb.Bound{Min: ps[0], Max: ps[0]}, true
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
	e.Box = b
}
