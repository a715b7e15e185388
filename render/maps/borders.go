package maps

import (
	"fmt"

	"stpmap/footprint"
	"stpmap/render/layer"
)

// BorderShare is how often resampled runs part two neighbouring areas.
type BorderShare struct {
	A, B  int32   // areas by index
	Share float64 // of the runs that put them in different footprints, in [0, 1]
}

// borderLayer has every border between neighbouring areas that Borders tells of
// as one feature: how firmly the flows draw it, and whether the partition does.
// An area in no footprint is parted from all others.
func (c *Case) borderLayer() (layer.Layer, bool) {
	l := layer.Layer{
		Name: "borders", Title: "Strength of borders", Geometry: "MultiLineString",
		Fields: []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "area_name", Alias: "Area's name", Type: layer.Text},
			{Name: "neighbour", Alias: "Neighbour", Type: layer.Text},
			{Name: "neighbour_name", Alias: "Neighbour's name", Type: layer.Text},
			{Name: "runs_share", Alias: "Share of resampled runs that draw a boundary here", Type: layer.Real},
			{Name: "drawn", Alias: "Boundary of a footprint", Type: layer.Boolean},
			{Name: "length_km", Alias: "Length (km)", Type: layer.Real},
		},
		Style: borderStyle("runs_share", "Share of resampled runs that draw a boundary"),
	}
	l.Style.Hidden = true
	if c.Boundaries == nil || c.Borders == nil {
		return l, false
	}
	shares := make(map[[2]int32]float64, len(c.Borders))
	for _, b := range c.Borders {
		shares[[2]int32{min(b.A, b.B), max(b.A, b.B)}] = b.Share
	}
	codes, area := c.Matrix.Areas(), make([]int32, c.Boundaries.Len())
	for i, code := range c.Boundaries.Codes() {
		area[i] = footprint.Unplaced
		if a, ok := c.Matrix.AreaIndex(code); ok {
			area[i] = int32(a)
		}
	}
	for _, b := range c.Boundaries.Borders() {
		x, y := min(area[b.A], area[b.B]), max(area[b.A], area[b.B])
		share, ok := shares[[2]int32{x, y}]
		if x < 0 || !ok {
			continue
		}
		f := c.Partition.Areas[x]
		l.Features = append(l.Features, layer.Feature{
			ID: codes[x] + "-" + codes[y], Geometry: b.Line,
			Values: []any{
				codes[x], text(c.named(at(c.AreaNames, int(x)))), codes[y], text(c.named(at(c.AreaNames, int(y)))),
				share, f < 0 || f != c.Partition.Areas[y], number(b.LengthKM),
			},
		})
	}
	return l, len(l.Features) > 0
}

// borderStyle draws borders darker and wider the greater the share, from 0 to
// 1, in a field.
func borderStyle(field, legend string) layer.Style {
	s := layer.Style{Kind: layer.StyleGraduated, Field: field, SizeField: field, MinSize: 0.2, MaxSize: 1.4, LegendTitle: legend}
	shades := [...]string{"#c9d6e8", "#8fb0d6", "#4f86c0", "#1f5796", "#082c5c"}
	for k, shade := range shades {
		s.Classes = append(s.Classes, layer.Class{
			Lower: float64(k) / 5, Upper: float64(k+1) / 5, Label: fmt.Sprintf("%d%% to %d%%", 20*k, 20*(k+1)), Colour: shade,
		})
	}
	return s
}
