package compare

import (
	"math"

	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/render/layer"
)

// real is a value of a table, nil where it is not known.
func real(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

// whole is a whole number in a table.
func whole(n int) any { return int64(n) }

// wholeAbove0 is a whole number in a table, nil for none.
func wholeAbove0(n int) any {
	if n <= 0 {
		return nil
	}
	return int64(n)
}

// qualityName is what a method maximises, empty where it has its own rule.
func qualityName(method string, q footprint.Quality) any {
	if clustering.Qualities(method) {
		return q.String()
	}
	return nil
}

// column is a field of a table with its values made from a row of T.
type column[T any] struct {
	name  string
	alias string
	kind  layer.FieldType
	value func(T) any
}

// table makes a table of rows.
func table[T any](name string, columns []column[T], rows []T) layer.Layer {
	l := layer.Layer{Name: name}
	for _, c := range columns {
		l.Fields = append(l.Fields, layer.Field{Name: c.name, Alias: c.alias, Type: c.kind})
	}
	for _, row := range rows {
		f := layer.Feature{}
		for _, c := range columns {
			f.Values = append(f.Values, c.value(row))
		}
		l.Features = append(l.Features, f)
	}
	return l
}

// measureColumns are the measures of a partition; nil where there is none.
func measureColumns[T any](of func(T) *footprint.Measures) []column[T] {
	number := func(get func(*footprint.Measures) float64) func(T) any {
		return func(t T) any {
			if of(t).Footprints == 0 {
				return nil
			}
			return real(get(of(t)))
		}
	}
	return []column[T]{
		{"footprints", "Footprints", layer.Integer, func(t T) any { return whole(of(t).Footprints) }},
		{"modularity", "Modularity (γ = 1)", layer.Real, number(func(m *footprint.Measures) float64 { return m.Modularity })},
		{"inside_share", "Share of patients inside", layer.Real, number(func(m *footprint.Measures) float64 { return m.InsideShare })},
		{"min_localisation_index", "Weakest localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinLocalisation })},
		{"median_localisation_index", "Median localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MedianLocalisation })},
		{"min_population", "Fewest people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinPopulation })},
		{"max_population", "Most people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MaxPopulation })},
		{"largest_share", "Largest footprint's share of patients", layer.Real, number(func(m *footprint.Measures) float64 { return m.LargestShare })},
	}
}

// agreementColumns are how far a partition agrees with the reference.
func agreementColumns[T any](of func(T) *compare.Agreement) []column[T] {
	number := func(get func(*compare.Agreement) float64) func(T) any {
		return func(t T) any {
			if of(t).Compared == 0 {
				return nil
			}
			return real(get(of(t)))
		}
	}
	return []column[T]{
		{"ari", "Adjusted Rand index with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.ARI })},
		{"ami", "Adjusted mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.AMI })},
		{"vi", "Variation of information from the reference (nats)", layer.Real, number(func(a *compare.Agreement) float64 { return a.VI })},
		{"nmi", "Normalised mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.NMI })},
		{"moved", "Areas outside their matched group", layer.Integer, number(func(a *compare.Agreement) float64 { return float64(a.Moved) })},
	}
}
