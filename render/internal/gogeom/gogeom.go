// Package gogeom turns orb geometries into go-geom's, whose codecs for
// well-known binary and KML the map formats use.
package gogeom

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
)

// Convert copies g, each point through project (nil leaves it). With multi, a
// single point, line or polygon becomes a collection of one, as a table of a
// Multi type demands. Empty rings are left out. The error names a type that no
// layer may hold.
func Convert(g orb.Geometry, multi bool, project func(orb.Point) orb.Point) (geom.T, error) {
	c := converter{project: project}
	switch g := g.(type) {
	case orb.Point:
		c.add(g)
		if multi {
			return geom.NewMultiPointFlat(geom.XY, c.flat), nil
		}
		return geom.NewPointFlat(geom.XY, c.flat), nil
	case orb.MultiPoint:
		for _, p := range g {
			c.add(p)
		}
		return geom.NewMultiPointFlat(geom.XY, c.flat), nil
	case orb.LineString:
		c.add(g...)
		if multi {
			return geom.NewMultiLineStringFlat(geom.XY, c.flat, c.ends), nil
		}
		return geom.NewLineStringFlat(geom.XY, c.flat), nil
	case orb.MultiLineString:
		for _, l := range g {
			c.add(l...)
		}
		return geom.NewMultiLineStringFlat(geom.XY, c.flat, c.ends), nil
	case orb.Polygon:
		if multi {
			return Convert(orb.MultiPolygon{g}, false, project)
		}
		for _, r := range g {
			c.add(r...)
		}
		return geom.NewPolygonFlat(geom.XY, c.flat, c.ends), nil
	case orb.MultiPolygon:
		var endss [][]int
		for _, p := range g {
			c.ends = nil
			for _, r := range p {
				c.add(r...)
			}
			if len(c.ends) > 0 {
				endss = append(endss, c.ends)
			}
		}
		return geom.NewMultiPolygonFlat(geom.XY, c.flat, endss), nil
	}
	return nil, fmt.Errorf("a %T is no geometry of a layer", g)
}

type converter struct {
	project func(orb.Point) orb.Point
	flat    []float64
	ends    []int
}

func (c *converter) add(ps ...orb.Point) {
	if len(ps) == 0 {
		return
	}
	for _, p := range ps {
		if c.project != nil {
			p = c.project(p)
		}
		c.flat = append(c.flat, p[0], p[1])
	}
	c.ends = append(c.ends, len(c.flat))
}
