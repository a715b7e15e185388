package maps

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/nest"
	"stpmap/render/boundary"
	"stpmap/render/internal/words"
	"stpmap/render/layer"
)

// levelsKind is the footprints of nested levels. Two commands make it, and its
// columns differ: a run names a level by its number of footprints, and says
// which is the next coarser (LevelTable); a comparison numbers levels from the
// coarsest (Sweep.Levels).
var levelsKind = Kind{Name: "levels", Title: "Nested levels", Geometry: "MultiPolygon", Depth: -1, Asked: true, RunOnly: true}

// levelFields are the columns of levels: which level and what holds it, then
// the measures of every footprint.
func levelFields(level string, parents ...layer.Field) []layer.Field {
	return slices.Concat(
		[]layer.Field{
			{Name: "level", Alias: level, Type: layer.Integer},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
		},
		parents,
		[]layer.Field{
			{Name: "areas", Alias: "Areas", Type: layer.Integer},
			{Name: "providers", Alias: "Providers", Type: layer.Integer},
			{Name: "population", Alias: "People", Type: layer.Real},
			{Name: "patients_resident", Alias: "Patients who live here", Type: layer.Real},
			{Name: "localisation_index", Alias: "Localisation index (share of residents' care given inside)", Type: layer.Real},
		})
}

// levelBounds are the last columns of levels: what the patients and the index
// are known between.
func levelBounds() []layer.Field {
	return slices.Concat(boundFields("patients_resident", "Patients who live here"), boundFields("localisation_index", "Localisation index"))
}

// Level is one of several nested partitions of a case.
type Level struct {
	Partition footprint.Partition
	Measures  footprint.Measures
	// Parents gives, for each footprint, that of the next coarser level that
	// holds it, by index; nil at the coarsest.
	Parents []int32
}

// LevelTable lists the footprints of nested levels, the finest level first: the
// rows of levels.csv and, with boundaries, the features of levels.geojson. A
// level is named by its number of footprints; parent is the footprint of
// parent_level, the next coarser, that holds it whole.
func (c *Map) LevelTable(levels []Level) layer.Layer {
	l := levelsKind.empty(c.About, levelFields("Level (number of footprints)",
		layer.Field{Name: "parent_level", Alias: "Next coarser level", Type: layer.Integer},
		layer.Field{Name: "parent", Alias: "Footprint of that level that holds it", Type: layer.Text}))
	l.Fields = append(l.Fields, levelBounds()...)
	l.Title = c.titled(l.Title)
	for i, level := range levels {
		var coarser *footprint.Partition
		if i+1 < len(levels) {
			coarser = &levels[i+1].Partition
		}
		l.Features = append(l.Features, c.levelRows(&level, coarser)...)
	}
	wholeNumbers(&l, "population", "patients_resident", "patients_resident_lower", "patients_resident_upper")
	l.Style = levelStyle(levels)
	return l
}

// levelRows are the footprints of one level; coarser is the level that its
// Parents are of.
func (c *Map) levelRows(level *Level, coarser *footprint.Partition) []layer.Feature {
	n := level.Partition.Len()
	shapes := make([]orb.MultiPolygon, n)
	if c.Boundaries != nil {
		shapes = c.Boundaries.Dissolve(c.groupsOf(level.Partition), n)
	}
	var out []layer.Feature
	for f, m := range level.Measures.ByFootprint {
		var parentLevel, parent any
		if level.Parents != nil && level.Parents[f] >= 0 {
			parentLevel, parent = int64(coarser.Len()), coarser.IDs[level.Parents[f]]
		}
		population := layer.Known(m.Population)
		if m.Areas == 0 {
			population = nil
		}
		feature := layer.Feature{ID: fmt.Sprintf("%d-%s", n, m.ID), Values: slices.Concat([]any{
			int64(n), m.ID, parentLevel, parent, int64(m.Areas), int64(m.Providers),
			population, m.Resident.Published, layer.Known(m.LocalisationIndex),
		}, boundsOf(m.Resident), bounds(m.LocalisationBounds()))}
		if len(shapes[f]) > 0 {
			feature.Geometry = shapes[f]
		}
		out = append(out, feature)
	}
	return out
}

// levelStyle has one class a level, the coarsest darkest.
func levelStyle(levels []Level) layer.Style {
	s := layer.Style{Kind: layer.StyleGraduated, Field: "level", LabelField: "footprint", Outline: "#333333", Width: 0.6, Opacity: 0.25, Hidden: true}
	shades := min(max(2, len(levels)), layer.MostClasses("blues"))
	colours, err := layer.Ramp("blues", shades)
	if err != nil {
		panic("maps: " + err.Error()) // a ramp of our own
	}
	for i, level := range levels {
		k := float64(level.Partition.Len())
		s.Classes = append(s.Classes, layer.Class{Lower: k, Upper: k, Label: fmt.Sprintf("%g footprints", k), Colour: colours[i*shades/max(shades, len(levels))]})
	}
	return s
}

// Levels is the footprints of nested levels in one layer: those of
// levels.geojson. measures go with the levels.
func (c *Sweep) Levels(levels []nest.Level, measures []footprint.Measures) layer.Layer {
	l := levelsKind.empty(c.About, append(levelFields("Level (1 is the coarsest)",
		layer.Field{Name: "parent", Alias: "Footprint of the level above", Type: layer.Text}),
		layer.Field{Name: "area_km2", Alias: "Area (km²)", Type: layer.Real}))
	l.Fields = append(l.Fields, levelBounds()...)
	l.Title = "Levels of the hierarchy"
	for i, level := range levels {
		var above *footprint.Partition
		if i > 0 {
			above = &levels[i-1].Partition
		}
		l.Features = append(l.Features, c.levelRows(&level, above, measures[i].ByFootprint)...)
	}
	wholeNumbers(&l, "population", "patients_resident", "patients_resident_lower", "patients_resident_upper")
	l.Style = layer.Style{Kind: layer.StyleCategories, Field: "level", LabelField: "footprint", Outline: "#333333", Width: 0.4, Opacity: 0.35}
	shades := []string{"#1f5796", "#8fb0d6", "#eee6c8"}
	for i, level := range levels {
		l.Style.Classes = append(l.Style.Classes, layer.Class{
			Value: int64(level.Level), Label: fmt.Sprintf("Level %d: %s", level.Level, words.Counted(level.Partition.Len(), "footprint")), Colour: shades[i%len(shades)],
		})
	}
	return l
}

// levelRows are the footprints of one level that have a polygon; above is the
// level that its Parent is of, nil for the coarsest.
func (c *Sweep) levelRows(level *nest.Level, above *footprint.Partition, measures []footprint.FootprintMeasures) []layer.Feature {
	p := level.Partition
	group := slices.Repeat([]int32{footprint.Unplaced}, c.Boundaries.Len())
	for a, code := range c.Codes {
		if k, ok := c.Boundaries.Index(code); ok {
			group[k] = p.Areas[a]
		}
	}
	var out []layer.Feature
	for f, shape := range c.Boundaries.Dissolve(group, p.Len()) {
		if len(shape) == 0 {
			continue
		}
		var parent any
		if level.Parent != nil && above != nil {
			parent = above.IDs[level.Parent[f]]
		}
		m := &measures[f]
		out = append(out, layer.Feature{
			ID: fmt.Sprintf("%d %s", level.Level, p.IDs[f]), Geometry: shape,
			Values: slices.Concat([]any{
				int64(level.Level), p.IDs[f], parent, int64(m.Areas), int64(m.Providers), layer.Known(m.Population),
				m.Resident.Published, layer.Known(m.LocalisationIndex), layer.Known(boundary.AreaKM2(shape)),
			}, boundsOf(m.Resident), bounds(m.LocalisationBounds())),
		})
	}
	return out
}
