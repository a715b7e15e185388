package layer

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/internal/extent"
)

// Bound is the smallest box around a layer's geometries, in degrees; false where it has
// none.
func (l *Layer) Bound() (orb.Bound, bool) {
	b := extent.Extent{}
	for i := range l.Features {
		b.AddGeometry(l.Features[i].Geometry)
	}
	return b.Box, b.Some
}

// Widened makes a single geometry the multiple one that its layer has.
func Widened(g orb.Geometry, kind string) orb.Geometry {
	switch v := g.(type) {
	case orb.Polygon:
		if kind == "MultiPolygon" {
			return orb.MultiPolygon{v}
		}
	case orb.LineString:
		if kind == "MultiLineString" {
			return orb.MultiLineString{v}
		}
	case orb.Point:
		if kind == "MultiPoint" {
			return orb.MultiPoint{v}
		}
	}
	return g
}

// Empty says whether a geometry has no part.
func Empty(g orb.Geometry) bool {
	switch v := g.(type) {
	case orb.MultiPoint:
		return len(v) == 0
	case orb.LineString:
		return len(v) == 0
	case orb.MultiLineString:
		return len(v) == 0
	case orb.Polygon:
		return len(v) == 0
	case orb.MultiPolygon:
		return len(v) == 0
	}
	return false
}

// ProjectedBound is the envelope of the layers' points after projection, which
// may bend the edges of their envelope in degrees.
func ProjectedBound(project func(orb.Point) orb.Point, layers ...*Layer) (orb.Bound, bool) {
	b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	found := false
	for _, l := range layers {
		for i := range l.Features {
			EachPoint(l.Features[i].Geometry, func(p orb.Point) {
				p = project(p)
				if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
					return
				}
				found = true
				b.Min = orb.Point{math.Min(b.Min[0], p[0]), math.Min(b.Min[1], p[1])}
				b.Max = orb.Point{math.Max(b.Max[0], p[0]), math.Max(b.Max[1], p[1])}
			})
		}
	}
	return b, found
}

// EachPoint visits the points that bound a geometry; holes lie within.
func EachPoint(g orb.Geometry, visit func(orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		visit(g)
	case orb.MultiPoint:
		for _, p := range g {
			visit(p)
		}
	case orb.LineString:
		for _, p := range g {
			visit(p)
		}
	case orb.MultiLineString:
		for _, l := range g {
			EachPoint(l, visit)
		}
	case orb.Polygon:
		if len(g) > 0 {
			EachPoint(orb.LineString(g[0]), visit)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			EachPoint(p, visit)
		}
	}
}

// Drawable says whether a position is finite, and no farther out than a page or a
// plane in degrees can be.
func Drawable(p orb.Point) bool {
	return math.Abs(p[0]) < 1e6 && math.Abs(p[1]) < 1e6 // false for NaN
}

// Kind is the sort of symbol that draws a layer.
type Kind int8

// The kinds. NoKind is a table without geometry, or a type that there is not.
const (
	NoKind Kind = iota
	PointKind
	LineKind
	AreaKind
)

// KindOf is the kind of a type of geometry, by the name that GeoJSON has for it.
func KindOf(name string) Kind {
	switch name {
	case "Point", "MultiPoint":
		return PointKind
	case "LineString", "MultiLineString":
		return LineKind
	case "Polygon", "MultiPolygon":
		return AreaKind
	}
	return NoKind
}
