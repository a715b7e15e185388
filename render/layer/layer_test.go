package layer_test

import (
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

func TestLayerBound(t *testing.T) {
	box := func(a, b, c, d float64) orb.Bound { return orb.Bound{Min: orb.Point{a, b}, Max: orb.Point{c, d}} }
	for _, tt := range []struct {
		name string
		in   []orb.Geometry
		want orb.Bound
		some bool
	}{
		{"nothing", nil, orb.Bound{}, false},
		{"empty ones", []orb.Geometry{nil, orb.MultiPolygon{}, orb.LineString{}, orb.MultiPolygon{{}}}, orb.Bound{}, false},
		{"a point", []orb.Geometry{orb.Point{-3, 4}}, box(-3, 4, -3, 4), true},
		{"points", []orb.Geometry{nil, orb.MultiPoint{{1, 2}, {-1, 3}}, orb.Point{0, 0}}, box(-1, 0, 1, 3), true},
		{"lines", []orb.Geometry{orb.LineString{{5, 5}, {6, 4}}, orb.MultiLineString{{{7, 9}}, {}}}, box(5, 4, 7, 9), true},
		{"polygons", []orb.Geometry{orb.Polygon{{{0, 0}, {2, 0}, {2, 2}, {0, 0}}}, orb.MultiPolygon{{{{-8, 1}, {-7, 1}, {-7, 2}, {-8, 1}}}}}, box(-8, 0, 2, 2), true},
	} {
		var l layer.Layer
		for _, g := range tt.in {
			l.Features = append(l.Features, layer.Feature{Geometry: g})
		}
		if got, some := l.Bound(); got != tt.want || some != tt.some {
			t.Errorf("%s: got %v, %v; want %v, %v", tt.name, got, some, tt.want, tt.some)
		}
	}
}
