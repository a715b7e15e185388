package maps

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Change is what happens in each area when providers close, open or move.
type Change struct {
	Boundaries *boundary.Set // may be nil
	Codes      []string      // of areas
	Names      []string      // may be nil
	Moved      []float64     // patients who go elsewhere, by area
	Patients   []float64
	// Before and After are the mean ways to care; NaN where not known. Unit is km
	// or minutes.
	Before, After []float64
	Unit          string
	// Lines are the moves from areas to the providers that get their patients.
	Lines []ChangeLine
	About layer.About
}

// ChangeLine is patients of an area who go to a provider that they did not go to.
type ChangeLine struct {
	Area, Provider string
	From, To       orb.Point // NaN: not known
	Patients       float64
}

// Layers are the areas that are touched, and the lines of who goes where.
func (c *Change) Layers() ([]layer.Layer, error) {
	areas, err := c.affected()
	if err != nil {
		return nil, err
	}
	return []layer.Layer{areas, c.moves()}, nil
}

// affected is the areas by the share of their patients who go elsewhere.
func (c *Change) affected() (layer.Layer, error) {
	l := layer.Layer{
		Name: "affected", Title: "Share of patients who go elsewhere", Geometry: "MultiPolygon", About: c.About,
		Fields: []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "name", Alias: "Name", Type: layer.Text},
			{Name: "patients", Alias: "Patients", Type: layer.Real},
			{Name: "moved_patients", Alias: "Patients who go elsewhere", Type: layer.Real},
			{Name: "moved_share", Alias: "Share of patients who go elsewhere", Type: layer.Real},
			{Name: "before_distance", Alias: "Mean way to care today (" + c.Unit + ")", Type: layer.Real},
			{Name: "after_distance", Alias: "Mean way to care afterwards (" + c.Unit + ")", Type: layer.Real},
		},
	}
	for a, code := range c.Codes {
		f := layer.Feature{ID: code, Geometry: c.shape(code)}
		name := at(c.Names, a)
		share := math.NaN()
		if c.Patients[a] > 0 {
			share = c.Moved[a] / c.Patients[a]
		}
		f.Values = []any{code, layer.Nonempty(name), layer.Known(c.Patients[a]), layer.Known(c.Moved[a]), layer.Known(share), layer.Known(c.Before[a]), layer.Known(c.After[a])}
		l.Features = append(l.Features, f)
	}
	l.Style = layer.Style{Kind: layer.StyleGraduated, Field: "moved_share", Outline: "#ffffff", Width: 0.15, Opacity: 0.9}
	var err error
	l.Style.Classes, err = layer.GraduatedClasses(l, "moved_share", layer.GraduatedOptions{Method: layer.Jenks, Ramp: "ylorbr", Percent: true})
	return l, err
}

// shape is an area's polygon, nil where there is none.
func (c *Change) shape(code string) orb.Geometry {
	if c.Boundaries == nil {
		return nil
	}
	if i, ok := c.Boundaries.Index(code); ok {
		return c.Boundaries.Polygons(i)
	}
	return nil
}

// moves is the lines of who goes where.
func (c *Change) moves() layer.Layer {
	l := layer.Layer{
		Name: "moves", Title: "Where patients would go", Geometry: "LineString", About: c.About,
		Fields: []layer.Field{
			{Name: "area", Alias: "Area", Type: layer.Text},
			{Name: "provider", Alias: "Provider", Type: layer.Text},
			{Name: "patients", Alias: "Patients", Type: layer.Real},
		},
		Style: layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#b35806", Opacity: 0.5},
	}
	for _, m := range c.Lines {
		f := layer.Feature{ID: m.Area + "-" + m.Provider, Values: []any{m.Area, m.Provider, m.Patients}}
		if !math.IsNaN(m.From[0]) && !math.IsNaN(m.To[0]) && m.From != m.To {
			f.Geometry = orb.LineString{m.From, m.To}
		}
		l.Features = append(l.Features, f)
	}
	return l
}
