package boundary_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/internal/labelpoint"
)

func disc(lon, lat, radius float64, n int) orb.Polygon {
	var r orb.Ring
	for k := range n {
		s, c := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		r = append(r, orb.Point{lon + radius*c/math.Cos(lat*math.Pi/180), lat + radius*s})
	}
	return orb.Polygon{append(r, r[0])}
}

func TestMeasures(t *testing.T) {
	// pyproj.Geod(ellps="WGS84"): 77.113 km², 36.06 km… of the square of a tenth
	// of a degree at 0, 52; see internal/geodesy for a table.
	square := orb.MultiPolygon{{{{0, 52}, {0.1, 52}, {0.1, 52.1}, {0, 52.1}, {0, 52}}}}
	if got := boundary.Compactness(orb.MultiPolygon{disc(0, 52, 0.1, 720)}); got < 0.995 || got > 1 {
		t.Errorf("compactness of a disc: got %g", got)
	}
	hole := orb.MultiPolygon{{square[0][0], {{0.02, 52.02}, {0.02, 52.04}, {0.04, 52.04}, {0.04, 52.02}, {0.02, 52.02}}}}
	ratio := boundary.AreaKM2(hole) / boundary.AreaKM2(square)
	if math.Abs(ratio-0.96) > 1e-4 {
		t.Errorf("a hole of a twenty-fifth leaves %g", ratio)
	}
	if boundary.PerimeterKM(hole) <= boundary.PerimeterKM(square) {
		t.Error("a hole has no outline")
	}
	if boundary.AreaKM2(nil) != 0 || boundary.PerimeterKM(nil) != 0 || boundary.Compactness(nil) != 0 || labelpoint.LabelPoint(nil) != (orb.Point{}) {
		t.Error("nothing has a size")
	}
}

func TestLabelPoint(t *testing.T) {
	// The shape of a U, whose centroid lies outside, thicker at the right.
	u := orb.MultiPolygon{{{{0, 50}, {4, 50}, {4, 53}, {2.6, 53}, {2.6, 51}, {1, 51}, {1, 53}, {0, 53}, {0, 50}}}}
	if p := labelpoint.LabelPoint(u); p[0] < 2.6 || p[0] > 4 {
		t.Errorf("got %v, want the thick arm", p)
	}
	m := orb.MultiPolygon{disc(1, 52, 0.01, 32), disc(-1, 52, 0.2, 64)}
	if p := labelpoint.LabelPoint(m); math.Abs(p[0]+1) > 0.01 || math.Abs(p[1]-52) > 0.01 {
		t.Errorf("got %v, want the middle of the larger disc", p)
	}
	ring := orb.MultiPolygon{{disc(0, 52, 0.2, 64)[0], disc(0, 52, 0.1, 64)[0]}}
	p := labelpoint.LabelPoint(ring)
	if d := math.Hypot(p[0]*math.Cos(52*math.Pi/180), p[1]-52); math.Abs(d-0.15) > 0.01 {
		t.Errorf("got %v, %g from the middle, want 0.15", p, d)
	}
	// Degenerate, and very long: an answer in bounded time.
	for _, g := range []orb.MultiPolygon{
		{{{{0, 50}, {1, 50}, {0, 50}, {0, 50}}}},
		{{{{-90, 50}, {90, 50}, {90, 50.00001}, {-90, 50.00001}, {-90, 50}}}},
		{{{}}},
	} {
		labelpoint.LabelPoint(g)
	}
}
