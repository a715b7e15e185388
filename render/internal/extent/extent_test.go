package extent

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// The box of random geometries is that which orb finds.
func TestAgainstOrb(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 71))
	points := func(n int) []orb.Point {
		out := make([]orb.Point, n)
		for i := range out {
			out[i] = orb.Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		}
		return out
	}
	ring := func() orb.Ring { p := points(4); return append(orb.Ring(p), p[0]) }
	for range 500 {
		hole := ring()
		for i := range hole { // well inside any shell
			hole[i] = orb.Point{0.001 * hole[i][0], 0.001 * hole[i][1]}
		}
		shell := orb.Ring{{-170, -80}, {170 * rng.Float64(), -80}, {170, 80 * rng.Float64()}, {-170, 80}, {-170, -80}}
		for _, g := range []orb.Geometry{
			points(1)[0], orb.MultiPoint(points(5)), orb.LineString(points(4)),
			orb.MultiLineString{points(3), points(2)},
			orb.Polygon{ring()},
			orb.Polygon{shell, hole},
			orb.MultiPolygon{{ring()}, {ring()}},
		} {
			var e Extent
			e.AddGeometry(g)
			if !e.Some || e.Box != g.Bound() {
				t.Fatalf("%v: got %v, want %v", g, e.Box, g.Bound())
			}
		}
	}
}

func TestNothing(t *testing.T) {
	var e Extent
	for _, g := range []orb.Geometry{nil, orb.MultiPoint{}, orb.LineString{}, orb.MultiLineString{{}}, orb.Polygon{}, orb.MultiPolygon{{}}} {
		if e.AddGeometry(g); e.Some {
			t.Fatalf("%v has a box %v", g, e.Box)
		}
	}
	e.AddPoints(orb.Point{5, 6})
	if e.AddGeometry(orb.MultiPoint{}); e.Box != (orb.Bound{Min: orb.Point{5, 6}, Max: orb.Point{5, 6}}) {
		t.Errorf("after a point: %v", e.Box)
	}
}
