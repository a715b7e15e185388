package render

import "slices"

// providerFields are the columns of providers; the type only where it is known
// of any.
func providerFields(types []string) []Field {
	fields := []Field{
		{"code", "Provider", Text},
		{"name", "Name", Text},
		{"footprint", "Footprint", Text},
		{"patients", "Patients", Real},
		{"catchment_population", "Catchment population (proportionate)", Real},
		{"catchment_fptp", "Catchment population (first past the post)", Real},
		{"market_hhi", "Concentration of areas (Herfindahl–Hirschman index)", Real},
		{"inside_share", "Share of patients from inside the footprint", Real},
	}
	fields = append(fields, boundFields("patients", "Patients")...)
	fields = append(fields, boundFields("inside_share", "Share of patients from inside the footprint")...)
	if hasType(types) {
		fields = append(fields, Field{"type", "Type", Text})
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
	return append(values, text(types[i]))
}

// typeIcons and typeColours tell types of provider apart by shape and by shade;
// what comes after the last shares it.
var (
	typeIcons   = []Icon{IconCircle, IconSquare, IconTriangle, IconDiamond, IconStar, IconCross}
	typeColours = []string{"#1a1a1a", "#7a3b00", "#5a2a6e", "#0b4f6c", "#5c4a00", "#7a1033"}
)

// styleProviders draws providers by size, and by icon where there are two types
// or more.
func styleProviders(l *Layer, types []string) {
	l.Style = Style{Kind: StyleSizedPoints, Field: "patients", Colour: "#1a1a1a", Outline: "#ffffff", Width: 0.3, Opacity: 0.85, LabelField: "name"}
	if !slices.ContainsFunc(l.Features, func(f Feature) bool { return f.Values[l.FieldIndex("patients")] != nil }) {
		l.Style.Kind, l.Style.Field = StyleSingle, ""
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
	if l.Style.Kind == StyleSizedPoints {
		l.Style.SizeField = "patients"
	}
	l.Style.Kind, l.Style.Field, l.Style.LegendTitle = StyleCategories, "type", "Type of provider"
	for i, t := range distinct {
		k := min(i, len(typeIcons)-1)
		l.Style.Classes = append(l.Style.Classes, Class{Value: t, Label: t, Colour: typeColours[k], Icon: typeIcons[k]})
	}
	if count[""] > 0 {
		l.Style.Classes = append(l.Style.Classes, Class{Label: "type not known", Colour: "#6b7280"})
	}
}
