package render

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

// neighbourhoods is a layer as of small areas, with outlines of 140 points, and
// lines between them. Seeded.
func neighbourhoods(areas, lines int) []Layer {
	r := rand.New(rand.NewPCG(1, 2))
	across := int(math.Ceil(math.Sqrt(float64(areas))))
	polygons := Layer{Name: "areas", Title: "Areas", Geometry: "MultiPolygon", Fields: []Field{
		{"code", "Area", Text},
		{"name", "Name", Text},
		{"footprint", "Footprint", Text},
		{"population", "People", Integer},
		{"patients", "Patients", Integer},
		{"localisation_index", "Inside", Real},
		{"leakage", "Outside", Real},
		{"hhi", "Concentration", Real},
		{"top_provider", "Provider", Text},
		{"confidence", "Agree", Real},
		{"next_footprint", "Next", Text},
	}}
	for i := range areas {
		x, y := -5+6*float64(i%across)/float64(across), 50+5*float64(i/across)/float64(across)
		ring := make(orb.Ring, 140)
		for k := range ring[:139] {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / 139)
			size := (0.8 + 0.2*r.Float64()) * 2.5 / float64(across)
			ring[k] = orb.Point{x + size*cos, y + size*sin}
		}
		ring[139] = ring[0]
		code, share := fmt.Sprintf("E%08d", i), r.Float64()
		polygons.Features = append(polygons.Features, Feature{ID: code, Geometry: orb.MultiPolygon{{ring}}, Values: []any{
			code, "Area " + code, fmt.Sprintf("F%02d", i%37), int64(r.IntN(3000)), int64(r.IntN(300)), share, 1 - share, share * share,
			fmt.Sprintf("R%03d", r.IntN(400)), nil, fmt.Sprintf("F%02d", i%36),
		}})
	}
	flows := Layer{Name: "flows", Title: "Flows", Geometry: "LineString", Fields: []Field{
		{"area", "Area", Text}, {"provider", "Provider", Text}, {"patients", "Patients", Integer}, {"inside", "Inside", Boolean},
	}}
	for i := range lines {
		a, b := r.IntN(areas), r.IntN(areas)
		code, to := polygons.Features[a].ID, fmt.Sprintf("R%03d", b%400)
		flows.Features = append(flows.Features, Feature{
			ID: fmt.Sprint(code, "-", to, "-", i), Values: []any{code, to, int64(r.IntN(300)), a%37 == b%37},
			Geometry: orb.LineString{polygons.Features[a].Geometry.(orb.MultiPolygon)[0][0][0], polygons.Features[b].Geometry.(orb.MultiPolygon)[0][0][7]},
		})
	}
	return []Layer{polygons, flows}
}

// BenchmarkWriteGeoPackage writes 35,000 areas and 28,000 flows, as of a country
// in neighbourhoods.
func BenchmarkWriteGeoPackage(b *testing.B) {
	layers := neighbourhoods(35_000, 28_000)
	path := filepath.Join(b.TempDir(), "out.gpkg")
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteGeoPackage(b.Context(), path, layers, GeoPackageOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteGeoJSON(b *testing.B) {
	layers := neighbourhoods(35_000, 28_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range layers {
			if err := WriteGeoJSON(io.Discard, l); err != nil {
				b.Fatal(err)
			}
		}
	}
}
