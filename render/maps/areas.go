package maps

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/internal/words"
	"stpmap/render/layer"
)

// areasKind is the areas of residence, each in its footprint's colour.
var areasKind = Kind{
	Name: "areas", Title: "Areas", Geometry: "MultiPolygon", Group: layer.WithAreas, Depth: 8, Asked: true, Numbers: true,
	known:   func(*Map) bool { return true },
	columns: func(*Map) []layer.Field { return areaFields() },
	rows:    areaRows,
	style: func(d *drawing, l *layer.Layer) {
		l.Style = areaStyle(withUnplaced(l, d.classes))
		if l.Geometry == "Point" {
			l.Style.SizeField, l.Style.Outline = "patients", "#333333"
		} else if v, ok := doubtView(l); ok {
			l.Views = []layer.View{v}
		}
	},
}

func areaStyle(classes []layer.Class) layer.Style {
	return layer.Style{Kind: layer.StyleCategories, Field: "footprint", Outline: "#ffffff", Width: 0.15, Opacity: 0.9, Classes: classes}
}

// areaFields are the columns of areas, in the order that scripts rely on.
func areaFields() []layer.Field {
	return slices.Concat([]layer.Field{
		{Name: "code", Alias: "Area", Type: layer.Text},
		{Name: "name", Alias: "Name", Type: layer.Text},
		{Name: "footprint", Alias: "Footprint", Type: layer.Text},
		{Name: "population", Alias: "People", Type: layer.Real},
		{Name: "patients", Alias: "Patients", Type: layer.Real},
		{Name: "localisation_index", Alias: "Share of residents' care given inside the footprint", Type: layer.Real},
		{Name: "leakage", Alias: "Share of residents' care given elsewhere", Type: layer.Real},
		{Name: "hhi", Alias: "Concentration of providers (Herfindahl–Hirschman index)", Type: layer.Real},
		{Name: "top_provider", Alias: "Provider with most of the area's patients", Type: layer.Text},
		{Name: "confidence", Alias: "Share of resampled runs that agree", Type: layer.Real},
		{Name: "next_footprint", Alias: "Next best footprint", Type: layer.Text},
	}, boundFields("patients", "Patients"), boundFields("localisation_index", "Share of residents' care given inside the footprint"))
}

func areaRows(c *drawing, l *layer.Layer) []string {
	shapes := c.shapes
	if c.Boundaries == nil {
		l.Geometry = "Point"
	}
	m, p := c.Matrix, c.Partition
	places := footprint.NewNextPlaces(m, p, c.Demands)
	missing := 0
	for a, code := range m.Areas() {
		f := layer.Feature{ID: code, Geometry: shapes[a]}
		if f.Geometry == nil {
			missing++
		}
		var inside flow.Count
		ps, _ := m.Row(a)
		off := m.RowOffset(a)
		providers := p.Providers
		if m.OneMode() {
			providers = p.Areas
		}
		for i, j := range ps {
			if g := providers[j]; g >= 0 && g == p.Areas[a] {
				inside = inside.Plus(m.Cell(off + i))
			}
		}
		var id, next, top, li, leakage, hhi any
		total, liBounds := m.RowCount(a), []any{nil, nil}
		if p.Areas[a] >= 0 {
			id = p.IDs[p.Areas[a]]
			if m.RowTotal(a) > 0 {
				li, leakage = inside.Value/m.RowTotal(a), 1-inside.Value/m.RowTotal(a)
				liBounds = bounds(inside.ShareBounds(total))
			}
		}
		if g := places.Of(a); g >= 0 {
			next = p.IDs[g]
		}
		if j, _, ok := m.TopProvider(a); ok {
			top = m.Providers()[j]
		}
		if h, ok := m.HHI(a); ok {
			hhi = h
		}
		f.Values = slices.Concat([]any{
			code, layer.Nonempty(c.named(at(c.AreaNames, a))), id, layer.Known(atOrNaN(c.Population, a)), total.Published,
			li, leakage, hhi, top, layer.Known(atOrNaN(c.AreaConfidence, a)), next,
		}, boundsOf(total), liBounds)
		l.Features = append(l.Features, f)
	}
	wholeNumbers(l, "population", "patients", "patients_lower", "patients_upper")
	var notes []string
	if missing > 0 && (c.Boundaries != nil || c.AreaPoints != nil) {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", words.Counted(missing, "area")))
	}
	return notes
}

// areaGeometries are the areas' polygons, or their points where there are no
// boundaries; nil for an area that has neither.
func (c *Map) areaGeometries() []orb.Geometry {
	out := make([]orb.Geometry, len(c.Matrix.Areas()))
	var shapes []orb.MultiPolygon
	if c.Boundaries != nil {
		shapes = c.Boundaries.All()
		if c.startsAtLabels() {
			c.Boundaries.LabelPointsOf(func() []orb.MultiPolygon { return shapes })
		}
	}
	for a, code := range c.Matrix.Areas() {
		if c.Boundaries != nil {
			if i, ok := c.Boundaries.Index(code); ok {
				out[a] = shapes[i]
			}
		} else if c.AreaPoints != nil && !math.IsNaN(c.AreaPoints[a][0]) {
			out[a] = c.AreaPoints[a]
		}
	}
	return out
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
