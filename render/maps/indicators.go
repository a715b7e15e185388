package maps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stpmap/render/layer"
)

// IndicatorColumn is an indicator by footprint, as a map shows it.
type IndicatorColumn struct {
	ID, Name, Unit string
	Values         []float64 // NaN where there is no figure
	// Bands run from −2 to 2, beyond the 99.8% or 95% limit, positive worse; Used
	// says of which footprints enough was reported to have one.
	Bands []int
	Used  []bool
}

// bandEnding ends the name of the column with an indicator's band.
const bandEnding = "_band"

// bandClasses tell footprints apart that differ from the others by more than
// chance and the usual variation between them.
func bandClasses() []layer.Class {
	colours := layer.Bands()
	classes := []layer.Class{
		{Value: int64(-2), Label: "better, beyond the 99.8% limit", Colour: colours[0]},
		{Value: int64(-1), Label: "better, beyond the 95% limit", Colour: colours[1]},
		{Value: int64(0), Label: "within the limits", Colour: colours[2]},
		{Value: int64(1), Label: "worse, beyond the 95% limit", Colour: colours[3]},
		{Value: int64(2), Label: "worse, beyond the 99.8% limit", Colour: colours[4]},
	}
	return append(classes, layer.Class{Label: "not enough figures", Colour: layer.NotRated, Hatched: true})
}

// indicatorsKind is the footprints with the value and the band of every
// indicator, coloured by the first one's band, and a view by each one's band.
var indicatorsKind = Kind{
	Name: "indicators", Title: "Indicators", Geometry: "MultiPolygon", Depth: 5, Asked: true, Numbers: true, Needs: "indicators need --flows and --indicators",
	optional: true,
	known:    func(m *Map) bool { return m.Boundaries != nil && len(m.Indicators) > 0 },
	columns: func(m *Map) []layer.Field {
		fields := []layer.Field{{Name: "footprint", Alias: "Footprint", Type: layer.Text}, {Name: "name", Alias: "Name", Type: layer.Text}}
		names := indicatorColumns(m.Indicators)
		for i := range m.Indicators {
			ind := &m.Indicators[i]
			fields = append(fields,
				layer.Field{Name: names[i], Alias: ind.title() + ind.unit(), Type: layer.Real},
				layer.Field{Name: names[i] + bandEnding, Alias: ind.title() + ": band (−2 to 2, positive worse)", Type: layer.Integer})
		}
		return fields
	},
	rows: indicatorRows,
	style: func(d *drawing, l *layer.Layer) {
		names := indicatorColumns(d.Indicators)
		l.Style = bandStyle(names[0]+bandEnding, d.Indicators[0].Name)
		for i, name := range names {
			title := d.Indicators[i].title() + d.Indicators[i].unit()
			view := layer.View{Name: "indicator_" + name, Title: title, Style: bandStyle(name+bandEnding, title)}
			view.Style.Hidden = true
			l.Views = append(l.Views, view)
		}
	},
}

// title is the indicator's name for people.
func (c *IndicatorColumn) title() string { return cmp.Or(c.Name, c.ID) }

// unit is what follows the name of a column of values.
func (c *IndicatorColumn) unit() string {
	switch c.Unit {
	case "":
		return ""
	case "%":
		return " (share)"
	}
	return " (" + c.Unit + ")"
}

// indicatorColumns name the columns of values: no two alike, and none like the
// columns that formats add.
func indicatorColumns(list []IndicatorColumn) []string {
	taken := []string{"footprint", "name", "fid", "geom", "id"}
	var columns []string
	for _, ind := range list {
		name := fieldName(ind.ID)
		for n := 2; slices.Contains(taken, name) || slices.Contains(taken, name+bandEnding); n++ {
			name = fmt.Sprintf("%s_%d", fieldName(ind.ID), n)
		}
		taken = append(taken, name, name+bandEnding)
		columns = append(columns, name)
	}
	return columns
}

func indicatorRows(d *drawing, l *layer.Layer) []string {
	row := map[string]int{}
	for i, id := range d.Partition.IDs {
		row[id] = i
	}
	nameAt := d.table.FieldIndex("name")
	for _, f := range d.table.Features {
		k := row[f.ID]
		values := []any{f.ID, f.Values[nameAt]}
		for _, ind := range d.Indicators {
			var band any
			if ind.Used[k] {
				band = int64(ind.Bands[k])
			}
			values = append(values, layer.Known(ind.Values[k]), band)
		}
		l.Features = append(l.Features, layer.Feature{ID: f.ID, Geometry: f.Geometry, Values: values})
	}
	return nil
}

func bandStyle(field, legend string) layer.Style {
	return layer.Style{Kind: layer.StyleCategories, Field: field, LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.9, Classes: bandClasses(), LegendTitle: legend}
}

// fieldName makes a column's name of any text.
func fieldName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	name := strings.Trim(b.String(), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "i_" + name
	}
	return name[:min(len(name), 50)]
}
