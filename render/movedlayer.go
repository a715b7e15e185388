package render

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/footprint"
)

// movedLayer has the areas with where a reference puts them. matched is the
// footprint that stands for the reference's group after the best one-to-one
// matching of areas; an area has moved if it lies elsewhere, or if no footprint
// stands for its group. An area that either leaves out has neither.
func (c *Case) movedLayer(shapes []orb.Geometry) Layer {
	l := Layer{
		Name: "moved", Title: "Areas moved against the reference", Geometry: "MultiPolygon",
		Fields: []Field{
			{"code", "Area", Text},
			{"name", "Name", Text},
			{"footprint", "Footprint", Text},
			{"reference", "Group of the reference", Text},
			{"matched", "Footprint that stands for that group", Text},
			{"moved", "Moved", Boolean},
		},
		Style: Style{
			Kind: StyleCategories, Field: "moved", Outline: "#ffffff", Width: 0.2, Opacity: 0.9, LegendTitle: "Against the reference",
			Classes: []Class{
				{Value: true, Label: "moved", Colour: "#d95f02"},
				{Value: false, Label: "in the matched footprint", Colour: "#b4bfcb"},
			},
		},
	}
	if c.Boundaries == nil {
		l.Geometry = "Point"
	}
	p, reference := c.Partition, *c.Reference
	stands := slices.Repeat([]int32{footprint.Unplaced}, reference.Len())
	for _, m := range footprint.MatchGroups(p.Areas, reference.Areas) {
		if m.A >= 0 && m.B >= 0 {
			stands[m.B] = m.A
		}
	}
	unknown := false
	for a, code := range c.Matrix.Areas() {
		f := Feature{ID: code, Geometry: shapes[a]}
		var id, group, matched, moved any
		own, ref := p.Areas[a], reference.Areas[a]
		if own >= 0 {
			id = p.IDs[own]
		}
		if ref >= 0 {
			group = reference.IDs[ref]
			if stands[ref] >= 0 {
				matched = p.IDs[stands[ref]]
			}
		}
		if own >= 0 && ref >= 0 {
			moved = stands[ref] != own
		} else {
			unknown = true
		}
		f.Values = []any{code, text(c.named(at(c.AreaNames, a))), id, group, matched, moved}
		l.Features = append(l.Features, f)
	}
	if unknown {
		l.Style.Classes = append(l.Style.Classes, Class{Label: "in one of the two only", Colour: NotRated, Hatched: true})
	}
	return l
}
