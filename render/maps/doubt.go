package maps

import (
	"math"
	"slices"

	"stpmap/render/layer"
)

// doubtName is the view of areas by how sure they are to belong to their footprint.
const doubtName = "confidence"

// An area is less sure up to surely of resampled runs that agree, and unsure up to
// hardly.
const (
	surely = 0.9
	hardly = 0.5
)

// doubtInk draws the lines over areas that are less sure.
const doubtInk = "#3c3c3c"

// doubtView shows the areas of a layer by the share of resampled runs that put them
// in their footprint: the closer the lines over an area, the less sure it is. False
// where none is less sure.
func doubtView(l *layer.Layer) (layer.View, bool) {
	at := l.FieldIndex(doubtName)
	unknown, less := false, false
	for _, f := range l.Features {
		x, ok := layer.Numeric(f.Values[at])
		unknown, less = unknown || !ok, less || ok && x <= surely
	}
	s := layer.Style{
		Kind: layer.StyleGraduated, Field: doubtName,
		LegendTitle: "How sure? Of 100 runs on flows that were resampled, so many put the area in this footprint",
		Classes: []layer.Class{
			{Upper: hardly, Label: "at most 50: it may belong elsewhere", Colour: doubtInk, Overlay: true, Lines: 1},
			{Lower: hardly, Upper: surely, Label: "51 to 90: less sure", Colour: doubtInk, Overlay: true, Lines: 2.2},
			{Lower: surely, Upper: 1, Label: "more than 90: sure", Colour: doubtInk, Overlay: true},
		},
	}
	if unknown {
		s.Classes = append(s.Classes, layer.Class{Lower: math.NaN(), Upper: math.NaN(), Label: "not known", Colour: doubtInk, Overlay: true})
	}
	return layer.View{Name: doubtName, Title: "Areas that are less sure", Style: s}, less
}

// doubtful is the layer of areas that are less sure, to lie over the footprints of a
// picture; false where there is none.
func doubtful(layers []layer.Layer) (layer.Layer, bool) {
	i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == areasKind.Name && len(l.Views) > 0 })
	if i < 0 {
		return layer.Layer{}, false
	}
	over := layers[i]
	v := over.Views[0]
	over.Name, over.Title, over.Style, over.Views = v.Name, v.Title, v.Style, nil
	at := over.FieldIndex(doubtName)
	over.Features = slices.DeleteFunc(slices.Clone(over.Features), func(f layer.Feature) bool {
		x, ok := layer.Numeric(f.Values[at])
		return !ok || x > surely
	})
	return over, true
}
