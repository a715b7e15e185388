package maps

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/render/layer"
)

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
func (c *Case) LevelTable(levels []Level) layer.Layer {
	l := layer.Layer{
		Name: "levels", Title: c.titled("Nested levels"), Geometry: "MultiPolygon", About: c.About,
		Fields: slices.Concat([]layer.Field{
			{Name: "level", Alias: "Level (number of footprints)", Type: layer.Integer},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "parent_level", Alias: "Next coarser level", Type: layer.Integer},
			{Name: "parent", Alias: "Footprint of that level that holds it", Type: layer.Text},
			{Name: "areas", Alias: "Areas", Type: layer.Integer},
			{Name: "providers", Alias: "Providers", Type: layer.Integer},
			{Name: "population", Alias: "People", Type: layer.Real},
			{Name: "patients_resident", Alias: "Patients who live here", Type: layer.Real},
			{Name: "localisation_index", Alias: "Localisation index (share of residents' care given inside)", Type: layer.Real},
		}, boundFields("patients_resident", "Patients who live here"), boundFields("localisation_index", "Localisation index")),
		Style: layer.Style{Kind: layer.StyleGraduated, Field: "level", LabelField: "footprint", Outline: "#333333", Width: 0.6, Opacity: 0.25, Hidden: true},
	}
	for i, level := range levels {
		n := level.Partition.Len()
		one := *c
		one.Partition, one.Measures = level.Partition, level.Measures
		shapes := make([]orb.MultiPolygon, n)
		if c.Boundaries != nil {
			shapes = c.Boundaries.Dissolve(one.boundaryGroups(), n)
		}
		for f, m := range level.Measures.ByFootprint {
			var parentLevel, parent any
			if level.Parents != nil && level.Parents[f] >= 0 {
				parentLevel, parent = int64(levels[i+1].Partition.Len()), levels[i+1].Partition.IDs[level.Parents[f]]
			}
			population := number(m.Population)
			if m.Areas == 0 {
				population = nil
			}
			feature := layer.Feature{ID: fmt.Sprintf("%d-%s", n, m.ID), Values: slices.Concat([]any{
				int64(n), m.ID, parentLevel, parent, int64(m.Areas), int64(m.Providers),
				population, m.Resident.Published, number(m.LocalisationIndex),
			}, boundsOf(m.Resident), bounds(m.LocalisationBounds()))}
			if len(shapes[f]) > 0 {
				feature.Geometry = shapes[f]
			}
			l.Features = append(l.Features, feature)
		}
	}
	for _, f := range []string{"population", "patients_resident", "patients_resident_lower", "patients_resident_upper"} {
		wholeNumbers(&l, f)
	}
	// One class a level, the coarsest darkest.
	colours, err := layer.Ramp("blues", max(2, len(levels)))
	if err != nil {
		panic("render: " + err.Error()) // a ramp of our own
	}
	for i, level := range levels {
		k := float64(level.Partition.Len())
		l.Style.Classes = append(l.Style.Classes, layer.Class{Lower: k, Upper: k, Label: fmt.Sprintf("%g footprints", k), Colour: colours[i]})
	}
	return l
}
