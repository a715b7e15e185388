package boundary

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"stpmap/render/internal/geodesy"
)

// ToNationalGrid turns a geometry in WGS84 degrees into metres on the British
// National Grid (EPSG:27700), rounded to centimetres, by the transformation
// EPSG:1314 (about 2 m). The geometry given stays as it is.
func ToNationalGrid(g orb.Geometry) orb.Geometry {
	if g == nil {
		return nil
	}
	return project.Geometry(orb.Clone(g), PointToNationalGrid)
}

// PointToNationalGrid is ToNationalGrid of one point.
func PointToNationalGrid(p orb.Point) orb.Point {
	e, n := geodesy.WGS84ToGrid(p[0], p[1])
	return orb.Point{math.Round(e*100) / 100, math.Round(n*100) / 100}
}

// FromNationalGrid is the inverse of ToNationalGrid, rounded to six decimals.
func FromNationalGrid(g orb.Geometry) orb.Geometry {
	if g == nil {
		return nil
	}
	return project.Geometry(orb.Clone(g), func(p orb.Point) orb.Point {
		lon, lat := geodesy.GridToWGS84(p[0], p[1])
		return orb.Point{math.Round(lon*1e6) / 1e6, math.Round(lat*1e6) / 1e6}
	})
}
