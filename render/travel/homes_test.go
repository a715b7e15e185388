package travel

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
)

const twoSquares = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"E1","lon":0.2,"lat":"50.3"},"geometry":{"type":"Polygon","coordinates":[[[0,50],[1,50],[1,51],[0,51],[0,50]]]}},
{"type":"Feature","properties":{"code":"E2","lon":7,"lat":50.5},"geometry":{"type":"Polygon","coordinates":[[[1,50],[2,50],[2,51],[1,51],[1,50]]]}}
]}`

func TestHomes(t *testing.T) {
	b, err := boundary.Read(t.Context(), "squares", strings.NewReader(twoSquares), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	unknown := orb.Point{math.NaN(), math.NaN()}
	h := HomesOf(b, []string{"E1", "E2", "E3"}, nil)
	if h.Table != 1 || h.Label != 1 || h.Given != 0 || h.Points[0] != (orb.Point{0.2, 50.3}) || math.Abs(h.Points[1][0]-1.5) > 0.02 || !math.IsNaN(h.Points[2][0]) {
		t.Errorf("of the boundaries alone: %+v", h)
	}
	h = HomesOf(b, []string{"E1", "E2"}, []orb.Point{{0.9, 50.9}, unknown})
	if h.Given != 1 || h.Label != 1 || h.Points[0] != (orb.Point{0.9, 50.9}) {
		t.Errorf("of points and boundaries: %+v", h)
	}
	if h = HomesOf(nil, []string{"E1"}, nil); !math.IsNaN(h.Points[0][0]) {
		t.Errorf("of nothing: %+v", h)
	}
}

func TestDistances(t *testing.T) {
	d := NewDistances([]orb.Point{{0, 51}, {math.NaN(), math.NaN()}, {0, 50}})
	km := make([]float64, 3)
	d.From(orb.Point{0, 50}, km)
	if math.Abs(km[0]-111.238) > 0.01 || !math.IsNaN(km[1]) || km[2] != 0 {
		t.Errorf("got %v", km)
	}
}
