package maps

import (
	"fmt"

	"stpmap/render/layer"
)

// style says how the layers of a case are drawn: footprints and areas in one
// colour a footprint, none the same as a neighbour's; providers and flows by
// their patients. A footprint keeps its colour through all layers.
func (c *Case) style(layers []layer.Layer) {
	colours := c.colours()
	names := c.footprintNames()
	classes := make([]layer.Class, 0, c.Partition.Len())
	for i, id := range c.Partition.IDs {
		label := id
		if names[i] != "" {
			label = fmt.Sprintf("%s %s", id, names[i])
		}
		classes = append(classes, layer.Class{Value: id, Label: label, Colour: colours[i]})
	}
	for i := range layers {
		l := &layers[i]
		switch l.Name {
		case "footprints":
			l.Style = layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.7, Classes: classes}
		case "scores":
			l.Style = layer.Style{Kind: layer.StyleCategories, Field: "rating", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.9, Classes: ratingClasses(l), LegendTitle: "Rating"}
		case "areas":
			l.Style = layer.Style{Kind: layer.StyleCategories, Field: "footprint", Outline: "#ffffff", Width: 0.15, Opacity: 0.9, Classes: withUnplaced(l, classes)}
			if l.Geometry == "Point" {
				l.Style.SizeField, l.Style.Outline = "patients", "#333333"
			}
		case "providers":
			styleProviders(l, c.ProviderTypes)
		case "flows":
			l.Style = layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#5b4a8a", Opacity: 0.35, Hidden: true}
		}
	}
}

// withUnplaced adds a class for areas that are in no footprint, if there are any.
func withUnplaced(l *layer.Layer, classes []layer.Class) []layer.Class {
	i := l.FieldIndex("footprint")
	for _, f := range l.Features {
		if f.Values[i] == nil {
			return append(append([]layer.Class(nil), classes...), layer.Class{Value: nil, Label: "in no footprint", Colour: layer.NotRated, Hatched: true})
		}
	}
	return classes
}

// colours gives each footprint a colour that no neighbour has.
func (c *Case) colours() []string {
	n := c.Partition.Len()
	out := make([]string, n)
	if c.Boundaries == nil {
		for i := range out {
			out[i] = layer.Qualitative(i)
		}
		return out
	}
	for i, k := range layer.Colouring(c.Boundaries.GroupAdjacency(c.boundaryGroups(), n), n) {
		out[i] = layer.Qualitative(k)
	}
	return out
}
