package maps

import (
	"fmt"

	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// BorderShare is how often resampled runs part two neighbouring areas.
type BorderShare struct {
	A, B  int32   // areas by index
	Share float64 // of the runs that put them in different footprints, in [0, 1]
}

// bordersKind has every border between neighbouring areas that Borders tells of
// as one feature: how firmly the flows draw it, and whether the partition does.
var bordersKind = Kind{
	Name: "borders", Title: "Strength of borders", Geometry: "MultiLineString", Group: layer.OverFootprints, Depth: 1, Asked: true, RunOnly: true,
	along: true, optional: true,
	known: func(m *Map) bool { return m.Boundaries != nil && m.Borders != nil },
	columns: func(*Map) []layer.Field {
		return []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "area_name", Alias: "Area's name", Type: layer.Text},
			{Name: "neighbour", Alias: "Neighbour", Type: layer.Text},
			{Name: "neighbour_name", Alias: "Neighbour's name", Type: layer.Text},
			{Name: "runs_share", Alias: "Share of resampled runs that draw a boundary here", Type: layer.Real},
			{Name: "drawn", Alias: "Boundary of a footprint", Type: layer.Boolean},
			{Name: "length_km", Alias: "Length (km)", Type: layer.Real},
		}
	},
	rows: borderRows,
	style: func(_ *drawing, l *layer.Layer) {
		l.Style = borderStyle("runs_share", "Share of resampled runs that draw a boundary")
		l.Style.Hidden = true
	},
}

// borderRows takes an area in no footprint as parted from all others.
func borderRows(c *drawing, l *layer.Layer) []string {
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
				codes[x], layer.Nonempty(c.named(at(c.AreaNames, int(x)))), codes[y], layer.Nonempty(c.named(at(c.AreaNames, int(y)))),
				share, f < 0 || f != c.Partition.Areas[y], layer.Known(b.LengthKM),
			},
		})
	}
	return nil
}

// borderStyle draws borders darker and wider the greater the share, from 0 to
// 1, in a field.
func borderStyle(field, legend string) layer.Style {
	s := layer.Style{Kind: layer.StyleGraduated, Field: field, SizeField: field, MinSize: 0.2, MaxSize: 1.4, LegendTitle: legend}
	for k, shade := range layer.Shares() {
		s.Classes = append(s.Classes, layer.Class{
			Lower: float64(k) / 5, Upper: float64(k+1) / 5, Label: fmt.Sprintf("%d%% to %d%%", 20*k, 20*(k+1)), Colour: shade,
		})
	}
	return s
}

// Borders is every border between neighbouring areas as one feature, with
// how often the sweep draws a boundary along it: the borders of
// borders.geojson.
func (c *Sweep) Borders() layer.Layer {
	l := bordersKind.empty(c.About, []layer.Field{
		{Name: "area", Alias: "Area", Type: layer.Text},
		{Name: "area_name", Alias: "Area's name", Type: layer.Text},
		{Name: "neighbour", Alias: "Neighbour", Type: layer.Text},
		{Name: "neighbour_name", Alias: "Neighbour's name", Type: layer.Text},
		{Name: "runs_share", Alias: "Share of runs that draw a boundary here", Type: layer.Real},
		{Name: "settings_share", Alias: "Share of settings that draw a boundary here", Type: layer.Real},
		{Name: "recommended", Alias: "Boundary of the recommended footprints", Type: layer.Boolean},
		{Name: "reference", Alias: "Boundary of the official map", Type: layer.Boolean},
		{Name: "length_km", Alias: "Length (km)", Type: layer.Real},
	})
	l.Title = "Strength of boundaries"
	area := make([]int, c.Boundaries.Len()) // of the matrix, −1 for none
	for i := range area {
		area[i] = -1
	}
	for a, code := range c.Codes {
		if i, ok := c.Boundaries.Index(code); ok {
			area[i] = a
		}
	}
	var lines []boundary.Border
	var pairs [][2]int
	for _, b := range c.Boundaries.Borders() {
		if area[b.A] >= 0 && area[b.B] >= 0 {
			lines = append(lines, b)
			pairs = append(pairs, [2]int{area[b.A], area[b.B]})
		}
	}
	for k, s := range c.Comparison.BorderStrengths(pairs) {
		var reference any
		if c.Reference != nil && c.Reference[s.A] >= 0 && c.Reference[s.B] >= 0 {
			reference = c.Reference[s.A] != c.Reference[s.B]
		}
		l.Features = append(l.Features, layer.Feature{
			ID: c.Codes[s.A] + " " + c.Codes[s.B], Geometry: lines[k].Line,
			Values: []any{
				c.Codes[s.A], layer.Nonempty(at(c.Names, s.A)), c.Codes[s.B], layer.Nonempty(at(c.Names, s.B)),
				s.Runs, s.Settings, s.Chosen, reference, lines[k].LengthKM,
			},
		})
	}
	l.Style = borderStyle("settings_share", "Share of settings that draw a boundary")
	return l
}
