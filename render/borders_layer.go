package render

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
)

// CompareCase is a sweep with the boundaries of its areas: what the layers of
// borders and of levels are made of. Codes, names and populations are by area
// of the matrix; names and populations may be nil.
type CompareCase struct {
	Comparison *footprint.Comparison
	Boundaries *Boundaries
	Codes      []string
	Names      []string
	Reference  []int32 // group of each area in an official map, negative for none; nil if there is none
	About      About
}

// BordersLayer is every border between neighbouring areas as one feature, with
// how often the sweep draws a boundary along it: the borders of
// borders.geojson.
func (c *CompareCase) BordersLayer() Layer {
	l := Layer{
		Name: "borders", Title: "Strength of boundaries", Geometry: "MultiLineString", About: c.About,
		Fields: []Field{
			{"area", "Area", Text},
			{"area_name", "Area's name", Text},
			{"neighbour", "Neighbour", Text},
			{"neighbour_name", "Neighbour's name", Text},
			{"runs_share", "Share of runs that draw a boundary here", Real},
			{"settings_share", "Share of settings that draw a boundary here", Real},
			{"recommended", "Boundary of the recommended footprints", Boolean},
			{"reference", "Boundary of the official map", Boolean},
			{"length_km", "Length (km)", Real},
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
	var lines []Border
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
		l.Features = append(l.Features, Feature{
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

// LevelsLayer is the footprints of nested levels in one layer: those of
// levels.geojson. measures go with the levels.
func (c *CompareCase) LevelsLayer(levels []footprint.Level, measures []footprint.Measures) Layer {
	l := Layer{
		Name: "levels", Title: "Levels of the hierarchy", Geometry: "MultiPolygon", About: c.About,
		Fields: slices.Concat([]Field{
			{"level", "Level (1 is the coarsest)", Integer},
			{"footprint", "Footprint", Text},
			{"parent", "Footprint of the level above", Text},
			{"areas", "Areas", Integer},
			{"providers", "Providers", Integer},
			{"population", "People", Real},
			{"patients_resident", "Patients who live here", Real},
			{"localisation_index", "Localisation index (share of residents' care given inside)", Real},
			{"area_km2", "Area (km²)", Real},
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
			l.Features = append(l.Features, Feature{
				ID: fmt.Sprintf("%d %s", level.Level, p.IDs[f]), Geometry: orb.MultiPolygon(shape),
				Values: slices.Concat([]any{
					int64(level.Level), p.IDs[f], parent, int64(m.Areas), int64(m.Providers), number(m.Population),
					m.Resident.Published, number(m.LocalisationIndex), number(AreaKM2(shape)),
				}, boundsOf(m.Resident), bounds(m.LocalisationBounds())),
			})
		}
	}
	for _, f := range []string{"population", "patients_resident", "patients_resident_lower", "patients_resident_upper"} {
		wholeNumbers(&l, f)
	}
	l.Style = Style{Kind: StyleCategories, Field: "level", LabelField: "footprint", Outline: "#333333", Width: 0.4, Opacity: 0.35}
	shades := []string{"#1f5796", "#8fb0d6", "#eee6c8"}
	for i, level := range levels {
		l.Style.Classes = append(l.Style.Classes, Class{
			Value: int64(level.Level), Label: fmt.Sprintf("Level %d: %s", level.Level, counted(level.Partition.Len(), "footprint")), Colour: shades[i%len(shades)],
		})
	}
	return l
}
