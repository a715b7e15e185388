package maps

import (
	"fmt"
	"strings"

	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// mismatchesKind is where the borders of areas ought to be the same and are not.
var mismatchesKind = Kind{
	Name: "mismatches", Title: "Borders that do not match", Geometry: "MultiPolygon", Group: layer.InChecks, Asked: true,
	columns: func(*Map) []layer.Field {
		return []layer.Field{
			{Name: "kind", Alias: "Gap or overlap"},
			{Name: "areas", Alias: "Areas concerned"},
			{Name: "area_km2", Alias: "Area (km²)", Type: layer.Real},
			{Name: "length_km", Alias: "Outline (km)", Type: layer.Real},
			{Name: "closed", Alias: "Closed by cleaning", Type: layer.Boolean},
		}
	},
	style: func(_ *drawing, l *layer.Layer) {
		l.Style = layer.Style{Kind: layer.StyleCategories, Field: "kind", Outline: "#000000", Width: 0.2, Classes: []layer.Class{
			{Value: string(boundary.Gap), Label: "Gap", Colour: "#0072b2"},
			{Value: string(boundary.Overlap), Label: "Overlap", Colour: "#d55e00"},
		}}
	},
}

// Mismatches is the mismatches as a layer to look at: kind, the areas' codes,
// size, and whether cleaning closed them.
func Mismatches(b *boundary.Set, about layer.About) layer.Layer {
	l := mismatchesKind.empty(about, mismatchesKind.columns(nil))
	for i, m := range b.Mismatches() {
		codes := make([]string, len(m.Areas))
		for k, a := range m.Areas {
			codes[k] = b.Codes()[a]
		}
		l.Features = append(l.Features, layer.Feature{
			ID: fmt.Sprintf("M%d", i+1), Geometry: m.Geometry,
			Values: []any{string(m.Kind), strings.Join(codes, " "), m.AreaKM2, m.LengthKM, m.Closed},
		})
	}
	mismatchesKind.style(nil, &l)
	return l
}
