package render

import (
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

func squareLayer(name string, lon, lat float64) layer.Layer {
	return layer.Layer{
		Name: name, Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "code", Alias: "Code", Type: layer.Text}},
		Features: []layer.Feature{
			{ID: "x", Values: []any{"x"}},
			{ID: "y", Values: []any{"y"}, Geometry: orb.MultiPolygon{{{{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat}}}}},
		},
	}
}

// The national grid is for Britain: what lies elsewhere would be distorted, and
// without a polygon nothing says where it lies.
func TestProjection(t *testing.T) {
	for _, tc := range []struct {
		name   string
		layers []layer.Layer
		grid   bool
	}{
		{"Britain", []layer.Layer{squareLayer("a", -2, 52), squareLayer("b", -5, 50)}, true},
		{"Italy", []layer.Layer{squareLayer("a", 17, 40)}, false},
		{"both", []layer.Layer{squareLayer("a", -2, 52), squareLayer("b", 17, 40)}, false},
		{"nothing", []layer.Layer{{Name: "a"}}, false},
	} {
		p := Project(layer.About{Title: "T"}, tc.layers, "footprints.gpkg", 4326)
		if got := Projection(tc.layers) != nil; got != tc.grid || (p.CRS == 27700) != tc.grid || (p.Transform != nil) != tc.grid {
			t.Errorf("%s: projection %v, CRS %d, want the grid %v", tc.name, got, p.CRS, tc.grid)
		}
	}
}

// A project opens on the ratings where there are any, else on the footprints;
// what lies below is there to be ticked.
func TestProjectShowsOneMap(t *testing.T) {
	layers := []layer.Layer{squareLayer("scores", -2, 52), squareLayer("footprints", -2, 52), squareLayer("areas", -2, 52)}
	for from, want := range []string{"scores", "footprints", "areas"} {
		p := Project(layer.About{}, layers[from:], "map.gpkg", 27700)
		var shown []string
		for _, g := range p.Groups {
			for _, l := range g.Layers {
				if !l.Layer.Style.Hidden {
					shown = append(shown, l.Layer.Name)
				}
				if l.CRS != 27700 || l.Source != "map.gpkg" {
					t.Errorf("layer %s from %q in EPSG:%d", l.Layer.Name, l.Source, l.CRS)
				}
			}
		}
		if len(shown) != 1 || shown[0] != want {
			t.Errorf("from %s: %v shown, want %s alone", layers[from].Name, shown, want)
		}
	}
}
