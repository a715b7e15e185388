package rounded

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func TestGeometry(t *testing.T) {
	ring := orb.Ring{{0, 0}, {1.00000049, 0}, {1, 1.0000006}, {0, 0}}
	want := orb.Ring{{0, 0}, {1, 0}, {1, 1.000001}, {0, 0}}
	for name, c := range map[string]struct {
		in   orb.Geometry
		kind string
		want orb.Geometry
	}{
		"point":         {orb.Point{-1.23456789, 52}, "Point", orb.Point{-1.234568, 52}},
		"widened point": {orb.Point{1, 2}, "MultiPoint", orb.MultiPoint{{1, 2}}},
		"line":          {orb.LineString{{0, 0}, {0.1234567, 1}}, "LineString", orb.LineString{{0, 0}, {0.123457, 1}}},
		"lines":         {orb.MultiLineString{{}, {{0, 0}, {1, 1}}}, "MultiLineString", orb.MultiLineString{{{0, 0}, {1, 1}}}},
		"polygon":       {orb.Polygon{ring, {}}, "MultiPolygon", orb.MultiPolygon{{want}}},
		"parts":         {orb.MultiPolygon{{}, {ring}}, "MultiPolygon", orb.MultiPolygon{{want}}},
		"empty parts":   {orb.MultiPolygon{{{}}}, "MultiPolygon", nil},
		"empty":         {orb.MultiPolygon{}, "MultiPolygon", nil},
		"none":          {nil, "Point", nil},
	} {
		got, err := Geometry(c.in, c.kind)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
	for _, bad := range []orb.Geometry{orb.Point{math.NaN(), 1}, orb.LineString{{0, 0}, {math.NaN(), 0}, {1, 1}}, orb.MultiPoint{{0, math.Inf(1)}}} {
		if _, err := Geometry(bad, ""); !errors.Is(err, layer.ErrLayerShape) {
			t.Errorf("%v: the error is %v", bad, err)
		}
	}
}

// Each reaches every point once.
func TestEach(t *testing.T) {
	n := 0
	Each(rendertest.Footprints().Features[0].Geometry, func(line []orb.Point) { n += len(line) })
	if n != 10 { // a square and its hole
		t.Errorf("%d points", n)
	}
	for _, g := range []orb.Geometry{orb.Point{1, 1}, orb.MultiPoint{{1, 1}}, orb.MultiLineString{{{1, 1}}}, orb.LineString{{1, 1}}} {
		n = 0
		if Each(g, func(line []orb.Point) { n += len(line) }); n != 1 {
			t.Errorf("%v has %d points", g, n)
		}
	}
}
