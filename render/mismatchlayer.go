package render

import (
	"fmt"
	"strings"
)

// MismatchLayer is the mismatches as a layer to look at: kind, the areas'
// codes, size, and whether cleaning closed them.
func MismatchLayer(b *Boundaries, about About) Layer {
	l := Layer{
		Name: "mismatches", Title: "Borders that do not match", Geometry: "MultiPolygon", About: about,
		Fields: []Field{
			{Name: "kind", Alias: "Gap or overlap"},
			{Name: "areas", Alias: "Areas concerned"},
			{Name: "area_km2", Alias: "Area (km²)", Type: Real},
			{Name: "length_km", Alias: "Outline (km)", Type: Real},
			{Name: "closed", Alias: "Closed by cleaning", Type: Boolean},
		},
		Style: Style{Kind: StyleCategories, Field: "kind", Outline: "#000000", Width: 0.2, Classes: []Class{
			{Value: string(Gap), Label: "Gap", Colour: "#0072b2"},
			{Value: string(Overlap), Label: "Overlap", Colour: "#d55e00"},
		}},
	}
	for i, m := range b.Mismatches() {
		codes := make([]string, len(m.Areas))
		for k, a := range m.Areas {
			codes[k] = b.Codes()[a]
		}
		l.Features = append(l.Features, Feature{
			ID: fmt.Sprintf("M%d", i+1), Geometry: m.Geometry,
			Values: []any{string(m.Kind), strings.Join(codes, " "), m.AreaKM2, m.LengthKM, m.Closed},
		})
	}
	return l
}
