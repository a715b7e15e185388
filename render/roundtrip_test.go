package render

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/geojson"
	"stpmap/render/gpkg"
	"stpmap/render/layer"
)

// randomAreas is k × k cells that share their borders, some in two parts, with
// names and people; some are not known.
func randomAreas(seed uint64, k int) layer.Layer {
	rng := rand.New(rand.NewPCG(seed, 141))
	l := layer.Layer{
		Name: "areas", Title: "Areas", Geometry: "MultiPolygon",
		Fields: []layer.Field{{Name: "code"}, {Name: "name"}, {Name: "population", Type: layer.Integer}, {Name: "share", Type: layer.Real}, {Name: "ok", Type: layer.Boolean}},
	}
	corner := map[[2]int]orb.Point{}
	at := func(x, y int) orb.Point {
		p, ok := corner[[2]int{x, y}]
		if !ok {
			p = orb.Point{
				math.Round((-2+0.1*float64(x)+0.04*rng.Float64())*1e6) / 1e6,
				math.Round((52+0.1*float64(y)+0.04*rng.Float64())*1e6) / 1e6,
			}
			corner[[2]int{x, y}] = p
		}
		return p
	}
	for i := range k * k {
		x, y := i%k, i/k
		ring := orb.Ring{at(x, y), at(x+1, y), at(x+1, y+1), at(x, y+1), at(x, y)}
		g := orb.MultiPolygon{{ring}}
		if rng.IntN(4) == 0 { // an island far away
			far := orb.Ring{}
			for _, d := range []orb.Point{{0, 0}, {0.01, 0}, {0.01, 0.01}, {0, 0.01}, {0, 0}} {
				far = append(far, orb.Point{1 + 0.02*float64(i) + d[0], 50 + d[1]})
			}
			g = append(g, orb.Polygon{far})
		}
		values := []any{fmt.Sprintf("E%03d", i), fmt.Sprintf("Área \"%d\" <&>", i), int64(rng.IntN(100_000)), rng.Float64(), rng.IntN(2) == 0}
		for v := 1; v < len(values); v++ {
			if rng.IntN(6) == 0 {
				values[v] = nil
			}
		}
		l.Features = append(l.Features, layer.Feature{ID: values[0].(string), Geometry: g, Values: values})
	}
	return l
}

// sameAreas fails unless boundaries hold the rows of a layer: polygons to within a
// distance in degrees, and every known value.
func sameAreas(t *testing.T, what string, b *boundary.Set, l layer.Layer, within float64) {
	t.Helper()
	if b.Len() != len(l.Features) {
		t.Fatalf("%s: %d areas of %d", what, b.Len(), len(l.Features))
	}
	for i, f := range l.Features {
		got, want := b.Polygons(i), f.Geometry.(orb.MultiPolygon)
		if len(got) != len(want) {
			t.Fatalf("%s: %s has %d polygons, want %d", what, f.ID, len(got), len(want))
		}
		for _, p := range want {
			for _, q := range p[0] {
				near := slices.ContainsFunc(got, func(g orb.Polygon) bool {
					return slices.ContainsFunc(g[0], func(r orb.Point) bool { return math.Abs(r[0]-q[0]) <= within && math.Abs(r[1]-q[1]) <= within })
				})
				if !near {
					t.Fatalf("%s: %s has lost %v: %v", what, f.ID, q, got)
				}
			}
		}
	}
	for k, field := range l.Fields {
		values, ok := b.Property(field.Name)
		if !ok {
			t.Fatalf("%s: no property %s of %q", what, field.Name, b.Properties())
		}
		for i, f := range l.Features {
			want := layer.ValueText(f.Values[k])
			if got := values[i]; got != want && !(field.Type == layer.Boolean && got == map[string]string{"true": "1", "false": "0"}[want]) {
				t.Errorf("%s: %s of %s is %q, want %q", what, field.Name, f.ID, got, want)
			}
		}
	}
}

// What we write as GeoJSON or as a GeoPackage, in degrees or on the national grid,
// our own reader takes for the same areas with the same borders and values.
func TestAreasComeBack(t *testing.T) {
	for seed := range uint64(8) {
		l := randomAreas(seed, 3+int(seed))
		var degrees, grid bytes.Buffer
		if err := geojson.Write(&degrees, l); err != nil {
			t.Fatal(err)
		}
		if err := geojson.WriteGrid(&grid, l, nil); err != nil {
			t.Fatal(err)
		}
		first, err := boundary.Read(t.Context(), "degrees.geojson", &degrees, boundary.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sameAreas(t, "GeoJSON", first, l, 1e-9)
		onGrid, err := boundary.Read(t.Context(), "grid.geojson", &grid, boundary.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sameAreas(t, "GeoJSON on the grid", onGrid, l, 2e-6)
		if onGrid.CRS() != "EPSG:27700" {
			t.Errorf("the grid is read as %s", onGrid.CRS())
		}
		for crs, project := range map[int]func(orb.Point) orb.Point{4326: nil, 27700: boundary.PointToNationalGrid} {
			path := filepath.Join(t.TempDir(), "areas.gpkg")
			if err := gpkg.Write(t.Context(), path, []layer.Layer{l}, gpkg.Options{CRS: crs, Transform: project}); err != nil {
				t.Fatal(err)
			}
			b, err := boundary.Open(t.Context(), path, boundary.Options{})
			if err != nil {
				t.Fatal(err)
			}
			sameAreas(t, fmt.Sprint("GeoPackage in ", crs), b, l, map[int]float64{4326: 1e-9, 27700: 2e-6}[crs])
			for i := range b.Len() {
				if got, want := slices.Collect(b.Neighbours(i)), slices.Collect(first.Neighbours(i)); crs == 4326 && !slices.Equal(got, want) {
					t.Errorf("GeoPackage: area %d has neighbours %v, in GeoJSON %v", i, got, want)
				}
			}
		}
	}
}
