package maps

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/render/layer"
)

// movedKind is the areas with their footprint and where a reference puts them.
var movedKind = Kind{
	Name: "moved", Title: "Areas moved against the reference", Geometry: "MultiPolygon", Depth: 6, Asked: true, Needs: "moved needs --reference",
	known: func(m *Map) bool { return m.Reference != nil },
	columns: func(*Map) []layer.Field {
		return []layer.Field{
			{Name: "code", Alias: "Area", Type: layer.Text},
			{Name: "name", Alias: "Name", Type: layer.Text},
			{Name: "footprint", Alias: "Footprint", Type: layer.Text},
			{Name: "reference", Alias: "Group of the reference", Type: layer.Text},
			{Name: "matched", Alias: "Footprint that stands for that group", Type: layer.Text},
			{Name: "moved", Alias: "Moved", Type: layer.Boolean},
		}
	},
	rows: func(d *drawing, l *layer.Layer) []string {
		names := make([]string, len(d.Matrix.Areas()))
		for a := range names {
			names[a] = d.named(at(d.AreaNames, a))
		}
		movedRows(l, d.Matrix.Areas(), names, d.shapes, membership{d.Partition.Areas, d.Partition.IDs}, membership{d.Reference.Areas, d.Reference.IDs})
		return nil
	},
	style: func(_ *drawing, l *layer.Layer) { styleMoved(l) },
	page:  func(s *layer.Style) { s.LabelField, s.LabelOnly = "name", true },
}

// styleMoved tells areas that moved from those that did not.
func styleMoved(l *layer.Layer) {
	l.Style = layer.Style{
		Kind: layer.StyleCategories, Field: "moved", Outline: "#ffffff", Width: 0.2, Opacity: 0.9, LegendTitle: "Against the reference",
		Classes: []layer.Class{
			{Value: true, Label: "moved", Colour: "#d95f02"},
			{Value: false, Label: "in the matched footprint", Colour: "#d5dce3"},
		},
	}
	at := l.FieldIndex("moved")
	if slices.ContainsFunc(l.Features, func(f layer.Feature) bool { return f.Values[at] == nil }) {
		l.Style.Classes = append(l.Style.Classes, layer.Class{Label: "in one of the two only", Colour: layer.NotRated, Hatched: true})
	}
}

// membership is the group of each area, negative for none, and the groups' codes.
type membership struct {
	of  []int32
	ids []string
}

// id is the code of an area's group, nil for none.
func (m *membership) id(group int32) any {
	if group < 0 {
		return nil
	}
	return m.ids[group]
}

// movedRows are the areas with their footprint, where a reference puts them,
// and the footprint that stands for the reference's group after the best
// one-to-one matching of areas. An area has moved if it lies elsewhere, or if no
// footprint stands for its group; one that either leaves out has neither.
func movedRows(l *layer.Layer, codes, names []string, shapes []orb.Geometry, own, reference membership) {
	stands := slices.Repeat([]int32{footprint.Unplaced}, len(reference.ids))
	for _, m := range compare.MatchGroups(own.of, reference.of) {
		if m.A >= 0 && m.B >= 0 {
			stands[m.B] = m.A
		}
	}
	points := true
	for a, code := range codes {
		if shapes[a] != nil && layer.KindOf(shapes[a].GeoJSONType()) == layer.AreaKind {
			points = false
		}
		var matched, moved any
		if r := reference.of[a]; r >= 0 {
			matched = own.id(stands[r])
			if own.of[a] >= 0 {
				moved = stands[r] != own.of[a]
			}
		}
		l.Features = append(l.Features, layer.Feature{ID: code, Geometry: shapes[a], Values: []any{
			code, layer.Nonempty(names[a]), own.id(own.of[a]), reference.id(reference.of[a]), matched, moved,
		}})
	}
	if points {
		l.Geometry = "Point"
	}
}
