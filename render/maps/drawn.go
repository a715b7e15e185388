package maps

import (
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// DrawnBorders is many maps, as the layer of how often each border is drawn.
// Codes and names are by area; names may be nil.
type DrawnBorders struct {
	Boundaries *boundary.Set
	Codes      []string
	Names      []string
	Share      func(a, b int) float64 // of the maps that part two areas
	Given      []int32                // footprint of each area in a map that stands out; nil for none
	About      layer.About
}

// Layer has every border between neighbouring areas as one feature.
func (d *DrawnBorders) Layer() layer.Layer {
	l := bordersKind.empty(d.About, []layer.Field{
		{Name: "area", Alias: "Area", Type: layer.Text},
		{Name: "area_name", Alias: "Area's name", Type: layer.Text},
		{Name: "neighbour", Alias: "Neighbour", Type: layer.Text},
		{Name: "neighbour_name", Alias: "Neighbour's name", Type: layer.Text},
		{Name: "maps_share", Alias: "Share of maps that draw a boundary here", Type: layer.Real},
		{Name: "drawn", Alias: "Boundary of the map that was given", Type: layer.Boolean},
		{Name: "length_km", Alias: "Length (km)", Type: layer.Real},
	})
	l.Title = "How often each border is drawn"
	place := map[string]int{}
	for a, code := range d.Codes {
		place[code] = a
	}
	codes := d.Boundaries.Codes()
	for _, b := range d.Boundaries.Borders() {
		x, inX := place[codes[b.A]]
		y, inY := place[codes[b.B]]
		if !inX || !inY {
			continue
		}
		var drawn any
		if d.Given != nil {
			drawn = d.Given[x] != d.Given[y]
		}
		l.Features = append(l.Features, layer.Feature{
			ID: d.Codes[x] + " " + d.Codes[y], Geometry: b.Line,
			Values: []any{d.Codes[x], layer.Nonempty(at(d.Names, x)), d.Codes[y], layer.Nonempty(at(d.Names, y)), d.Share(x, y), drawn, layer.Known(b.LengthKM)},
		})
	}
	l.Style = borderStyle("maps_share", "Share of maps that draw a boundary")
	return l
}
