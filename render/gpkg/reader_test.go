package gpkg_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/gpkg"
	"stpmap/render/layer"
)

// Areas written to a GeoPackage are read by our own reader as they were: codes,
// names and land, in degrees and in grid metres.
func TestOurReaderReadsBack(t *testing.T) {
	l := layer.Layer{
		Name: "areas", Geometry: "MultiPolygon",
		Fields: []layer.Field{{Name: "code"}, {Name: "name"}},
	}
	land := map[string]float64{}
	for i := range 12 {
		x, y := -2+0.1*float64(i%4), 52+0.1*float64(i/4)
		m := orb.MultiPolygon{{{{x, y}, {x + 0.1, y}, {x + 0.1, y + 0.1}, {x, y + 0.1}, {x, y}}}}
		if i == 5 { // a lake
			m[0] = append(m[0], orb.Ring{{x + 0.02, y + 0.02}, {x + 0.02, y + 0.06}, {x + 0.06, y + 0.06}, {x + 0.06, y + 0.02}, {x + 0.02, y + 0.02}})
		}
		code := fmt.Sprintf("E%02d", 40-i) // not in the order of the codes
		land[code] = boundary.AreaKM2(m)
		l.Features = append(l.Features, layer.Feature{Geometry: m, Values: []any{code, "It's <" + code + "> & more"}})
	}
	for _, o := range []gpkg.Options{{}, {CRS: 27700, Transform: boundary.PointToNationalGrid}} {
		path := filepath.Join(t.TempDir(), "areas.gpkg")
		if err := gpkg.Write(t.Context(), path, []layer.Layer{l}, o); err != nil {
			t.Fatal(err)
		}
		set, err := boundary.Open(t.Context(), path, boundary.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if set.Len() != len(land) {
			t.Fatalf("EPSG:%d: %d areas, want %d", o.CRS, set.Len(), len(land))
		}
		for i := range set.Len() {
			code := set.Codes()[i]
			if name := set.Names()[i]; name != "It's <"+code+"> & more" {
				t.Errorf("EPSG:%d: %s is called %q", o.CRS, code, name)
			}
			if got, want := boundary.AreaKM2(set.Polygons(i)), land[code]; math.Abs(got-want) > 1e-4*want {
				t.Errorf("EPSG:%d: %s has %v km², want %v", o.CRS, code, got, want)
			}
		}
	}
}
