package maps

import (
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/render/internal/words"
	"stpmap/render/layer"
)

// providersKind is the places of care, by their patients.
var providersKind = Kind{
	Name: "providers", Title: "Providers", Geometry: "Point", Depth: 2, Needs: "providers need --providers or --flows",
	known:   func(m *Map) bool { return !m.Matrix.OneMode() },
	columns: func(m *Map) []layer.Field { return providerFields(m.ProviderTypes) },
	rows:    providerRows,
	style:   func(d *drawing, l *layer.Layer) { styleProviders(l, d.ProviderTypes) },
	page:    func(s *layer.Style) { s.LabelField, s.MaxSize = "", 4 }, // names would cover the map
}

// providerFields are the columns of providers; the type only where it is known
// of any.
func providerFields(types []string) []layer.Field {
	fields := []layer.Field{
		{Name: "code", Alias: "Provider", Type: layer.Text},
		{Name: "name", Alias: "Name", Type: layer.Text},
		{Name: "footprint", Alias: "Footprint", Type: layer.Text},
		{Name: "patients", Alias: "Patients", Type: layer.Real},
		{Name: "catchment_population", Alias: "Catchment population (proportionate)", Type: layer.Real},
		{Name: "catchment_fptp", Alias: "Catchment population (first past the post)", Type: layer.Real},
		{Name: "market_hhi", Alias: "Concentration of areas (Herfindahl–Hirschman index)", Type: layer.Real},
		{Name: "inside_share", Alias: "Share of patients from inside the footprint", Type: layer.Real},
	}
	fields = append(fields, boundFields("patients", "Patients")...)
	fields = append(fields, boundFields("inside_share", "Share of patients from inside the footprint")...)
	if hasType(types) {
		fields = append(fields, layer.Field{Name: "type", Alias: "Type", Type: layer.Text})
	}
	return fields
}

func hasType(types []string) bool {
	return slices.ContainsFunc(types, func(t string) bool { return t != "" })
}

// withType ends a row of providerFields.
func withType(values []any, types []string, i int) []any {
	if !hasType(types) {
		return values
	}
	return append(values, layer.Nonempty(types[i]))
}

// typeIcons and typeColours tell types of provider apart by shape and by shade;
// what comes after the last shares it.
var (
	typeIcons   = []layer.Icon{layer.IconCircle, layer.IconSquare, layer.IconTriangle, layer.IconDiamond, layer.IconStar, layer.IconCross}
	typeColours = []string{"#1a1a1a", "#7a3b00", "#5a2a6e", "#0b4f6c", "#5c4a00", "#7a1033"}
)

// styleProviders draws providers by size, and by icon where there are two types
// or more.
func styleProviders(l *layer.Layer, types []string) {
	l.Style = layer.Style{Kind: layer.StyleSizedPoints, Field: "patients", Colour: "#1a1a1a", Outline: "#ffffff", Width: 0.3, Opacity: 0.85, LabelField: "name"}
	if !slices.ContainsFunc(l.Features, func(f layer.Feature) bool { return f.Values[l.FieldIndex("patients")] != nil }) {
		l.Style.Kind, l.Style.Field = layer.StyleSingle, ""
	}
	count := map[string]int{}
	for _, t := range types {
		count[t]++
	}
	distinct := make([]string, 0, len(count))
	for t := range count {
		if t != "" {
			distinct = append(distinct, t)
		}
	}
	if len(distinct) == 0 || len(count) < 2 {
		return
	}
	// The most frequent first: it gets the plainest icon.
	slices.SortFunc(distinct, func(a, b string) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return 1
	})
	if l.Style.Kind == layer.StyleSizedPoints {
		l.Style.SizeField = "patients"
	}
	l.Style.Kind, l.Style.Field, l.Style.LegendTitle = layer.StyleCategories, "type", "Type of provider"
	for i, t := range distinct {
		k := min(i, len(typeIcons)-1)
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: t, Label: t, Colour: typeColours[k], Icon: typeIcons[k]})
	}
	if count[""] > 0 {
		l.Style.Classes = append(l.Style.Classes, layer.Class{Label: "type not known", Colour: "#6b7280"})
	}
}

func providerRows(c *drawing, l *layer.Layer) []string {
	m, p := c.Matrix, c.Partition
	withPeople := c.Population != nil
	catchments, _ := m.Catchments(orNaNs(c.Population, len(m.Areas())))
	missing := 0
	for j, code := range m.Providers() {
		f := layer.Feature{ID: code}
		if c.Points != nil && !math.IsNaN(c.Points[j][0]) {
			f.Geometry = c.Points[j]
		} else {
			missing++
		}
		var id, inside, hhi, proportionate, fptp any
		total, insideBounds := m.ColumnCount(j), []any{nil, nil}
		if g := p.Providers[j]; g >= 0 {
			id = p.IDs[g]
			var sum flow.Count
			as, _ := m.Column(j)
			for _, a := range as {
				if p.Areas[a] == g {
					sum = sum.Plus(m.At(int(a), j))
				}
			}
			if m.ColumnTotal(j) > 0 {
				inside = sum.Value / m.ColumnTotal(j)
				insideBounds = bounds(sum.ShareBounds(total))
			}
		}
		if h, ok := m.MarketHHI(j); ok {
			hhi = h
		}
		if withPeople {
			proportionate, fptp = layer.Known(catchments[j].Proportionate), layer.Known(catchments[j].FirstPastThePost)
		}
		f.Values = withType(slices.Concat([]any{code, layer.Nonempty(c.named(at(c.ProviderNames, j))), id, total.Published, proportionate, fptp, hhi, inside},
			boundsOf(total), insideBounds), c.ProviderTypes, j)
		l.Features = append(l.Features, f)
	}
	wholeNumbers(l, "patients", "patients_lower", "patients_upper", "catchment_fptp")
	var notes []string
	if missing > 0 && c.Points != nil {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", words.Counted(missing, "provider")))
	}
	return notes
}
