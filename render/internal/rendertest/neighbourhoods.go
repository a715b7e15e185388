package rendertest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/layer"
)

// Neighbourhoods is a layer as of small areas, with outlines of 140 points, and
// lines between them. Seeded.
func Neighbourhoods(areas, lines int) []layer.Layer {
	r := rand.New(rand.NewPCG(1, 2))
	across := int(math.Ceil(math.Sqrt(float64(areas))))
	polygons := layer.Layer{Name: "areas", Title: "Areas", Geometry: "MultiPolygon", Fields: []layer.Field{
		{Name: "code", Alias: "Area", Type: layer.Text},
		{Name: "name", Alias: "Name", Type: layer.Text},
		{Name: "footprint", Alias: "Footprint", Type: layer.Text},
		{Name: "population", Alias: "People", Type: layer.Integer},
		{Name: "patients", Alias: "Patients", Type: layer.Integer},
		{Name: "localisation_index", Alias: "Inside", Type: layer.Real},
		{Name: "leakage", Alias: "Outside", Type: layer.Real},
		{Name: "hhi", Alias: "Concentration", Type: layer.Real},
		{Name: "top_provider", Alias: "Provider", Type: layer.Text},
		{Name: "confidence", Alias: "Agree", Type: layer.Real},
		{Name: "next_footprint", Alias: "Next", Type: layer.Text},
	}}
	for i := range areas {
		x, y := -5+6*float64(i%across)/float64(across), 50+5*float64(i/across)/float64(across)
		ring := make(orb.Ring, 140)
		for k := range ring[:139] {
			sin, cos := portable.Sincos(2 * math.Pi * float64(k) / 139)
			size := (0.8 + float64(0.2*r.Float64())) * 2.5 / float64(across)
			ring[k] = orb.Point{x + float64(size*cos), y + float64(size*sin)}
		}
		ring[139] = ring[0]
		code, share := fmt.Sprintf("E%08d", i), r.Float64()
		polygons.Features = append(polygons.Features, layer.Feature{ID: code, Geometry: orb.MultiPolygon{{ring}}, Values: []any{
			code, "Area " + code, fmt.Sprintf("F%02d", i%37), int64(r.IntN(3000)), int64(r.IntN(300)), share, 1 - share, share * share,
			fmt.Sprintf("R%03d", r.IntN(400)), nil, fmt.Sprintf("F%02d", i%36),
		}})
	}
	flows := layer.Layer{Name: "flows", Title: "Flows", Geometry: "LineString", Fields: []layer.Field{
		{Name: "area", Alias: "Area", Type: layer.Text}, {Name: "provider", Alias: "Provider", Type: layer.Text}, {Name: "patients", Alias: "Patients", Type: layer.Integer}, {Name: "inside", Alias: "Inside", Type: layer.Boolean},
	}}
	for i := range lines {
		a, b := r.IntN(areas), r.IntN(areas)
		code, to := polygons.Features[a].ID, fmt.Sprintf("R%03d", b%400)
		flows.Features = append(flows.Features, layer.Feature{
			ID: fmt.Sprint(code, "-", to, "-", i), Values: []any{code, to, int64(r.IntN(300)), a%37 == b%37},
			Geometry: orb.LineString{polygons.Features[a].Geometry.(orb.MultiPolygon)[0][0][0], polygons.Features[b].Geometry.(orb.MultiPolygon)[0][0][7]},
		})
	}
	return []layer.Layer{polygons, flows}
}
