package compare

import (
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/render/layer"
)

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

// measureColumns are the measures of a partition; nil where there is none.
func measureColumns[T any](of func(T) *footprint.Measures) []layer.Column[T] {
	number := func(get func(*footprint.Measures) float64) func(T) any {
		return func(t T) any {
			if of(t).Footprints == 0 {
				return nil
			}
			return layer.Known(get(of(t)))
		}
	}
	return []layer.Column[T]{
		layer.TitledCol("footprints", "Footprints", layer.Integer, func(t T) any { return whole(of(t).Footprints) }),
		layer.TitledCol("modularity", "Modularity (γ = 1)", layer.Real, number(func(m *footprint.Measures) float64 { return m.Modularity })),
		layer.TitledCol("inside_share", "Share of patients inside", layer.Real, number(func(m *footprint.Measures) float64 { return m.InsideShare })),
		layer.TitledCol("min_localisation_index", "Weakest localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinLocalisation })),
		layer.TitledCol("median_localisation_index", "Median localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MedianLocalisation })),
		layer.TitledCol("min_population", "Fewest people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinPopulation })),
		layer.TitledCol("max_population", "Most people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MaxPopulation })),
		layer.TitledCol("largest_share", "Largest footprint's share of patients", layer.Real, number(func(m *footprint.Measures) float64 { return m.LargestShare })),
	}
}

// agreementColumns are how far a partition agrees with the reference.
func agreementColumns[T any](of func(T) *compare.Agreement) []layer.Column[T] {
	number := func(get func(*compare.Agreement) float64) func(T) any {
		return func(t T) any {
			if of(t).Compared == 0 {
				return nil
			}
			return layer.Known(get(of(t)))
		}
	}
	return []layer.Column[T]{
		layer.TitledCol("ari", "Adjusted Rand index with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.ARI })),
		layer.TitledCol("ami", "Adjusted mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.AMI })),
		layer.TitledCol("vi", "Variation of information from the reference (nats)", layer.Real, number(func(a *compare.Agreement) float64 { return a.VI })),
		layer.TitledCol("nmi", "Normalised mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.NMI })),
		layer.TitledCol("moved", "Areas outside their matched group", layer.Integer, number(func(a *compare.Agreement) float64 { return float64(a.Moved) })),
	}
}
