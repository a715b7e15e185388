// Package rounded makes the geometries that all vector formats write alike: of
// the layer's type, with six decimals, without empty parts.
//
//	in:     a geometry of a layer
//	out:    a copy of it, and its box
//	import: render/layer
package rounded

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Geometry is g as a layer of one type holds it, a single part widened to the
// layer's Multi type. It is nil where g is nil or empty. The error wraps
// layer.ErrLayerShape where a coordinate is not finite.
func Geometry(g orb.Geometry, kind string) (orb.Geometry, error) {
	if g == nil || layer.Empty(g) {
		return nil, nil
	}
	out := copied(layer.Widened(g, kind))
	if out == nil || layer.Empty(out) {
		return nil, nil
	}
	b := out.Bound()
	for _, x := range [...]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("a coordinate is %v: %w", x, layer.ErrLayerShape)
		}
	}
	return out, finite(out)
}

// finite looks at every point: a box does not show one that is no number.
func finite(g orb.Geometry) (err error) {
	Each(g, func(line []orb.Point) {
		for _, p := range line {
			if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
				err = fmt.Errorf("a coordinate is %v: %w", p, layer.ErrLayerShape)
			}
		}
	})
	return err
}

// Each calls f with every run of points of a geometry: its lines and rings.
func Each(g orb.Geometry, f func([]orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		f([]orb.Point{g})
	case orb.MultiPoint:
		f(g)
	case orb.LineString:
		f(g)
	case orb.MultiLineString:
		for _, l := range g {
			f(l)
		}
	case orb.Polygon:
		for _, r := range g {
			f(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			Each(p, f)
		}
	}
}

func copied(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return point(g)
	case orb.MultiPoint:
		return orb.MultiPoint(points(g))
	case orb.LineString:
		return orb.LineString(points(g))
	case orb.MultiLineString:
		var out orb.MultiLineString
		for _, l := range g {
			if len(l) > 0 {
				out = append(out, orb.LineString(points(l)))
			}
		}
		return out
	case orb.Polygon:
		return polygon(g)
	case orb.MultiPolygon:
		var out orb.MultiPolygon
		for _, p := range g {
			if q := polygon(p); len(q) > 0 {
				out = append(out, q)
			}
		}
		return out
	}
	return nil
}

func polygon(p orb.Polygon) (out orb.Polygon) {
	for _, r := range p {
		if len(r) > 0 {
			out = append(out, orb.Ring(points(r)))
		}
	}
	return out
}

func points(in []orb.Point) []orb.Point {
	out := make([]orb.Point, len(in))
	for i, p := range in {
		out[i] = point(p)
	}
	return out
}

// point has six decimals, about a tenth of a metre; and no negative zero.
func point(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e6)/1e6 + 0, math.Round(p[1]*1e6)/1e6 + 0}
}
