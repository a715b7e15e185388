package maps

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

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
		}
	},
}

func areaStyle(classes []layer.Class) layer.Style {
	return layer.Style{Kind: layer.StyleCategories, Field: "footprint", Outline: "#ffffff", Width: 0.15, Opacity: 0.9, Classes: classes}
}

// areaFields are the columns of areas, in the order that scripts rely on.
func areaFields() []layer.Field {
	return []layer.Field{
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
	}
}

func areaRows(c *drawing, l *layer.Layer) []string {
	shapes, conceal := c.shapes, &c.hidden
	if c.Boundaries == nil {
		l.Geometry = "Point"
	}
	m, p := c.Matrix, c.Partition
	places := footprint.NewNextPlaces(m, p, c.Demands)
	hidden, missing := 0, 0
	for a, code := range m.Areas() {
		f := layer.Feature{ID: code, Geometry: shapes[a]}
		if f.Geometry == nil {
			missing++
		}
		inside := 0.0
		ps, ws := m.Row(a)
		providers := p.Providers
		if m.OneMode() {
			providers = p.Areas
		}
		for i, j := range ps {
			if g := providers[j]; g >= 0 && g == p.Areas[a] {
				inside += ws[i]
			}
		}
		var id, next, top, li, leakage, hhi any
		if p.Areas[a] >= 0 {
			id = p.IDs[p.Areas[a]]
			if m.RowTotal(a) > 0 && !conceal.areaShare[a] {
				li, leakage = inside/m.RowTotal(a), 1-inside/m.RowTotal(a)
			}
		}
		if g := places.Of(a); g >= 0 {
			next = p.IDs[g]
		}
		if j, _, ok := m.TopProvider(a); ok {
			top = m.Providers()[j]
		}
		if h, ok := m.HHI(a); ok && !conceal.areaHHI[a] {
			hhi = h
		}
		var patients any = m.RowCount(a).Published
		if conceal.areaTotal[a] {
			patients = nil
			hidden++
		}
		f.Values = []any{
			code, text(c.named(at(c.AreaNames, a))), id, number(atOrNaN(c.Population, a)), patients,
			li, leakage, hhi, top, number(atOrNaN(c.AreaConfidence, a)), next,
		}
		l.Features = append(l.Features, f)
	}
	wholeNumbers(l, "population")
	wholeNumbers(l, "patients")
	var notes []string
	if missing > 0 && (c.Boundaries != nil || c.AreaPoints != nil) {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", words.Counted(missing, "area")))
	}
	if hidden > 0 {
		notes = append(notes, fmt.Sprintf("the total of %s not shown, because it is under %v or would give one away", words.Counted(hidden, "area"), c.SuppressBelow))
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
