package render

import "fmt"

// style says how the layers of a case are drawn: footprints and areas in one
// colour a footprint, none the same as a neighbour's; providers and flows by
// their patients. A footprint keeps its colour through all layers.
func (c *Case) style(layers []Layer) {
	colours := c.colours()
	names := c.footprintNames()
	classes := make([]Class, 0, c.Partition.Len())
	for i, id := range c.Partition.IDs {
		label := id
		if names[i] != "" {
			label = fmt.Sprintf("%s %s", id, names[i])
		}
		classes = append(classes, Class{Value: id, Label: label, Colour: colours[i]})
	}
	for i := range layers {
		l := &layers[i]
		switch l.Name {
		case "footprints":
			l.Style = Style{Kind: StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.7, Classes: classes}
		case "scores":
			l.Style = Style{Kind: StyleCategories, Field: "rating", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.9, Classes: ratingClasses(l), LegendTitle: "Rating"}
		case "areas":
			l.Style = Style{Kind: StyleCategories, Field: "footprint", Outline: "#ffffff", Width: 0.15, Opacity: 0.9, Classes: withUnplaced(l, classes)}
			if l.Geometry == "Point" {
				l.Style.SizeField, l.Style.Outline = "patients", "#333333"
			}
		case "providers":
			styleProviders(l, c.ProviderTypes)
		case "flows":
			l.Style = Style{Kind: StyleSizedPoints, Field: "patients", Colour: "#5b4a8a", Opacity: 0.35, Hidden: true}
		}
	}
}

// ratingClasses are the four ratings, and a hatched class for what is not rated
// where there is any.
func ratingClasses(l *Layer) []Class {
	colours := Ratings()
	var classes []Class
	for i, label := range []string{"1 best", "2", "3", "4 worst"} {
		classes = append(classes, Class{Value: int64(i + 1), Label: label, Colour: colours[i]})
	}
	at := l.FieldIndex("rating")
	for _, f := range l.Features {
		if f.Values[at] == nil {
			return append(classes, Class{Value: nil, Label: "not rated", Colour: NotRated, Hatched: true})
		}
	}
	return classes
}

// withUnplaced adds a class for areas that are in no footprint, if there are any.
func withUnplaced(l *Layer, classes []Class) []Class {
	i := l.FieldIndex("footprint")
	for _, f := range l.Features {
		if f.Values[i] == nil {
			return append(append([]Class(nil), classes...), Class{Value: nil, Label: "in no footprint", Colour: NotRated, Hatched: true})
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
			out[i] = Qualitative(i)
		}
		return out
	}
	for i, k := range Colouring(c.Boundaries.GroupAdjacency(c.boundaryGroups(), n), n) {
		out[i] = Qualitative(k)
	}
	return out
}
