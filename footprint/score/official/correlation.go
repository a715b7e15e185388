package official

import (
	"math"

	"stpmap/footprint/score/interval"
)

// Spearman is the rank correlation of two lists: Pearson's correlation of their
// ranks, ties sharing the mean rank. NaN where one does not vary. Spearman C
// (1904), Am J Psychol 15:72, doi:10.2307/1412159.
func Spearman(x, y []float64) float64 {
	a, b := midRanks(x), midRanks(y)
	mean := float64(len(x)+1) / 2
	var ab, aa, bb float64
	for i := range a {
		ab += float64((a[i] - mean) * (b[i] - mean))
		aa += float64((a[i] - mean) * (a[i] - mean))
		bb += float64((b[i] - mean) * (b[i] - mean))
	}
	return ab / math.Sqrt(aa*bb)
}

// midRanks are ranks from 1, ties sharing their mean.
func midRanks(x []float64) []float64 {
	order := byRank(len(x), func(i int) float64 { return x[i] })
	ranks := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = float64(i+j+1) / 2
		}
		i = j
	}
	return ranks
}

// SpearmanInterval is the 95% interval of a rank correlation of n pairs: Fisher's
// z with the standard error √((1 + ρ²/2)/(n − 3)). It is NaN for fewer than four
// pairs and for a correlation of 1 or -1. Bonett DG, Wright TA (2000),
// Psychometrika 65:23, doi:10.1007/BF02294183.
func SpearmanInterval(rho float64, n int) (lower, upper float64) {
	if n < 4 || !(math.Abs(rho) < 1) {
		return math.NaN(), math.NaN()
	}
	z := math.Log((1+rho)/(1-rho)) / 2
	half := interval.Z95 * math.Sqrt((1+float64(rho*rho/2))/float64(n-3))
	return math.Tanh(z - half), math.Tanh(z + half)
}
