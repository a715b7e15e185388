package maps

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/render/layer"
)

// movedLayer has the areas of a case with where the reference puts them.
func (c *Case) movedLayer(shapes []orb.Geometry) layer.Layer {
	names := make([]string, len(c.Matrix.Areas()))
	for a := range names {
		names[a] = c.named(at(c.AreaNames, a))
	}
	return movedLayer(c.Matrix.Areas(), names, shapes, c.Partition.Areas, c.Partition.IDs, c.Reference.Areas, c.Reference.IDs)
}

// movedLayer has the areas with their footprint, where a reference puts them,
// and the footprint that stands for the reference's group after the best
// one-to-one matching of areas. An area has moved if it lies elsewhere, or if no
// footprint stands for its group; one that either leaves out has neither.
func movedLayer(codes, names []string, shapes []orb.Geometry, own []int32, ids []string, reference []int32, referenceIDs []string) layer.Layer {
	l := layer.Layer{
		Name: "moved", Title: "Areas moved against the reference", Geometry: "MultiPolygon",
		Fields: []layer.Field{
			{Name: "code", Alias: "Area", Type: layer.Text},
			{Name: "name", Alias: "Name", Type: layer.Text},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "reference", Alias: "Group of the reference", Type: layer.Text},
			{Name: "matched", Alias: "Footprint that stands for that group", Type: layer.Text},
			{Name: "moved", Alias: "Moved", Type: layer.Boolean},
		},
		Style: layer.Style{
			Kind: layer.StyleCategories, Field: "moved", Outline: "#ffffff", Width: 0.2, Opacity: 0.9, LegendTitle: "Against the reference",
			Classes: []layer.Class{
				{Value: true, Label: "moved", Colour: "#d95f02"},
				{Value: false, Label: "in the matched footprint", Colour: "#b4bfcb"},
			},
		},
	}
	stands := slices.Repeat([]int32{footprint.Unplaced}, len(referenceIDs))
	for _, m := range compare.MatchGroups(own, reference) {
		if m.A >= 0 && m.B >= 0 {
			stands[m.B] = m.A
		}
	}
	unknown, points := false, true
	for a, code := range codes {
		if shapes[a] != nil && layer.KindOf(shapes[a].GeoJSONType()) == layer.AreaKind {
			points = false
		}
		var id, group, matched, moved any
		if own[a] >= 0 {
			id = ids[own[a]]
		}
		if r := reference[a]; r >= 0 {
			group = referenceIDs[r]
			if stands[r] >= 0 {
				matched = ids[stands[r]]
			}
		}
		if own[a] >= 0 && reference[a] >= 0 {
			moved = stands[reference[a]] != own[a]
		} else {
			unknown = true
		}
		l.Features = append(l.Features, layer.Feature{ID: code, Geometry: shapes[a], Values: []any{code, text(names[a]), id, group, matched, moved}})
	}
	if points {
		l.Geometry = "Point"
	}
	if unknown {
		l.Style.Classes = append(l.Style.Classes, layer.Class{Label: "in one of the two only", Colour: layer.NotRated, Hatched: true})
	}
	return l
}
