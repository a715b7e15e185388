package report

import (
	"slices"

	"stpmap/render/layer"
)

// fewValues is how many whole numbers still get a class each.
const fewValues = 7

// classes are the colours of a column that brings none.
func (c *Column) classes(i int, rows [][]any) ([]layer.Class, error) {
	switch c.Type {
	case layer.Boolean:
		return []layer.Class{
			{Value: true, Label: "Yes", Colour: "#6baed6"},
			{Value: false, Label: "No", Colour: "#fdc692"},
			{Label: "Not known", Colour: layer.NotRated, Hatched: true},
		}, nil
	case layer.Integer, layer.Real:
		l := layer.Layer{Name: "column", Fields: []layer.Field{{Name: "value", Type: c.Type}}, Features: make([]layer.Feature, len(rows))}
		for k := range rows {
			l.Features[k].Values = []any{rows[k][i]}
		}
		o := layer.GraduatedOptions{Percent: c.Percent}
		if c.Worse > 0 {
			o.Ramp = "ylorbr"
		}
		if c.Worse < 0 {
			o.Ramp, o.Reverse = "ylorbr", true
		}
		if c.Type == layer.Integer {
			o.Each = fewValues
		}
		return layer.GraduatedClasses(l, "value", o)
	}
	return nil, nil
}

// needed leaves the hatched class out where every value is known.
func needed(classes []layer.Class, i int, rows [][]any) []layer.Class {
	unknown := slices.ContainsFunc(rows, func(row []any) bool { return layer.Known(row[i]) == nil })
	return slices.DeleteFunc(slices.Clone(classes), func(k layer.Class) bool { return k.Hatched && !unknown })
}
