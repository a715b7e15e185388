package maps

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/nest"
	"stpmap/footprint/sweep"
	"stpmap/render/boundary"
	"stpmap/render/internal/words"
	"stpmap/render/layer"
)

// Sweep is a sweep with the boundaries of its areas: what the layers of
// borders and of levels are made of. Codes, names and populations are by area
// of the matrix; names and populations may be nil.
type Sweep struct {
	Comparison *sweep.Comparison
	Boundaries *boundary.Set
	Codes      []string
	Names      []string
	Reference  []int32 // group of each area in an official map, negative for none; nil if there is none
	About      layer.About
}

// Borders is every border between neighbouring areas as one feature, with
// how often the sweep draws a boundary along it: the borders of
// borders.geojson.
func (c *Sweep) Borders() layer.Layer {
	l := layer.Layer{
		Name: "borders", Title: "Strength of boundaries", Geometry: "MultiLineString", About: c.About,
		Fields: []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "area_name", Alias: "Area's name", Type: layer.Text},
			{Name: "neighbour", Alias: "Neighbour", Type: layer.Text},
			{Name: "neighbour_name", Alias: "Neighbour's name", Type: layer.Text},
			{Name: "runs_share", Alias: "Share of runs that draw a boundary here", Type: layer.Real},
			{Name: "settings_share", Alias: "Share of settings that draw a boundary here", Type: layer.Real},
			{Name: "recommended", Alias: "Boundary of the recommended footprints", Type: layer.Boolean},
			{Name: "reference", Alias: "Boundary of the official map", Type: layer.Boolean},
			{Name: "length_km", Alias: "Length (km)", Type: layer.Real},
		},
	}
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
				c.Codes[s.A], text(at(c.Names, s.A)), c.Codes[s.B], text(at(c.Names, s.B)),
				s.Runs, s.Settings, s.Chosen, reference, lines[k].LengthKM,
			},
		})
	}
	l.Style = borderStyle("settings_share", "Share of settings that draw a boundary")
	return l
}

// Levels is the footprints of nested levels in one layer: those of
// levels.geojson. measures go with the levels.
func (c *Sweep) Levels(levels []nest.Level, measures []footprint.Measures) layer.Layer {
	l := layer.Layer{
		Name: "levels", Title: "Levels of the hierarchy", Geometry: "MultiPolygon", About: c.About,
		Fields: slices.Concat([]layer.Field{
			{Name: "level", Alias: "Level (1 is the coarsest)", Type: layer.Integer},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "parent", Alias: "Footprint of the level above", Type: layer.Text},
			{Name: "areas", Alias: "Areas", Type: layer.Integer},
			{Name: "providers", Alias: "Providers", Type: layer.Integer},
			{Name: "population", Alias: "People", Type: layer.Real},
			{Name: "patients_resident", Alias: "Patients who live here", Type: layer.Real},
			{Name: "localisation_index", Alias: "Localisation index (share of residents' care given inside)", Type: layer.Real},
			{Name: "area_km2", Alias: "Area (km²)", Type: layer.Real},
		}, boundFields("patients_resident", "Patients who live here"), boundFields("localisation_index", "Localisation index")),
	}
	for i, level := range levels {
		p := level.Partition
		group := slices.Repeat([]int32{footprint.Unplaced}, c.Boundaries.Len())
		for a, code := range c.Codes {
			if k, ok := c.Boundaries.Index(code); ok {
				group[k] = p.Areas[a]
			}
		}
		for f, shape := range c.Boundaries.Dissolve(group, p.Len()) {
			if len(shape) == 0 {
				continue
			}
			var parent any
			if level.Parent != nil && i > 0 {
				parent = levels[i-1].Partition.IDs[level.Parent[f]]
			}
			m := &measures[i].ByFootprint[f]
			l.Features = append(l.Features, layer.Feature{
				ID: fmt.Sprintf("%d %s", level.Level, p.IDs[f]), Geometry: orb.MultiPolygon(shape),
				Values: slices.Concat([]any{
					int64(level.Level), p.IDs[f], parent, int64(m.Areas), int64(m.Providers), number(m.Population),
					m.Resident.Published, number(m.LocalisationIndex), number(boundary.AreaKM2(shape)),
				}, boundsOf(m.Resident), bounds(m.LocalisationBounds())),
			})
		}
	}
	for _, f := range []string{"population", "patients_resident", "patients_resident_lower", "patients_resident_upper"} {
		wholeNumbers(&l, f)
	}
	l.Style = layer.Style{Kind: layer.StyleCategories, Field: "level", LabelField: "footprint", Outline: "#333333", Width: 0.4, Opacity: 0.35}
	shades := []string{"#1f5796", "#8fb0d6", "#eee6c8"}
	for i, level := range levels {
		l.Style.Classes = append(l.Style.Classes, layer.Class{
			Value: int64(level.Level), Label: fmt.Sprintf("Level %d: %s", level.Level, words.Counted(level.Partition.Len(), "footprint")), Colour: shades[i%len(shades)],
		})
	}
	return l
}
