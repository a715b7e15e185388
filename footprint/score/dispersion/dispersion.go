package dispersion

import (
	"math"
	"slices"
)

// Winsorise draws the values beyond the quantiles q and 1−q in to them; the
// quantiles are interpolated linearly (R's type 7). It works on a copy.
func Winsorise(values []float64, q float64) []float64 {
	out := slices.Clone(values)
	if len(out) == 0 {
		return out
	}
	sorted := slices.Sorted(slices.Values(values))
	lo, hi := quantile(sorted, q), quantile(sorted, 1-q)
	for i, v := range out {
		out[i] = max(lo, min(hi, v))
	}
	return out
}

// quantile of sorted values, R's type 7.
func quantile(sorted []float64, q float64) float64 {
	h := float64(q * float64(len(sorted)-1))
	i := int(h)
	if i >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + float64((h-float64(i))*(sorted[i+1]-sorted[i]))
}

// Dispersion is how widely units differ beyond their sampling error.
type Dispersion struct {
	Centre float64 // on the transformed scale
	Phi    float64 // Σz²/n of the winsorised naive z; NaN without standard errors
	Tau2   float64 // variance between units, on the transformed scale
	Units  int
}

// Overdispersion estimates the variance between units from their transformed
// values y, standard errors s and a centre, with 10% winsorised at each end:
//
//	z = (y − centre)/s, winsorised; φ = Σz²/n; w = 1/s²
//	τ² = 0 where nφ < n − 1, else (nφ − (n − 1)) / (Σw − Σw²/Σw)
//
// the method of moments of DerSimonian and Laird. Where no unit has a standard
// error, τ² is the variance of the winsorised values. Spiegelhalter DJ (2005),
// Handling over-dispersion of performance indicators, Qual Saf Health Care
// 14:347, doi:10.1136/qshc.2005.013755; and Funnel plots for comparing
// institutional performance, Stat Med 24:1185, doi:10.1002/sim.1970.
func Overdispersion(y, s []float64, centre float64) Dispersion {
	d := Dispersion{Centre: centre, Phi: math.NaN(), Units: len(y)}
	n := float64(len(y))
	if n < 2 {
		return d
	}
	if slices.ContainsFunc(s, func(v float64) bool { return !(v > 0) }) {
		w := Winsorise(y, 0.1)
		mean := 0.0
		for _, v := range w {
			mean += v / n
		}
		for _, v := range w {
			d.Tau2 += (v - mean) * (v - mean) / (n - 1)
		}
		return d
	}
	z := make([]float64, len(y))
	var w, w2 float64
	for i := range y {
		z[i] = (y[i] - centre) / s[i]
		w += 1 / (s[i] * s[i])
		w2 += 1 / (s[i] * s[i] * s[i] * s[i])
	}
	sum := 0.0
	for _, v := range Winsorise(z, 0.1) {
		sum += float64(v * v)
	}
	d.Phi = sum / n
	if sum > n-1 {
		d.Tau2 = max(0, (sum-(n-1))/(w-w2/w))
	}
	return d
}

// Z is how far a unit is from the centre, in standard deviations of what
// sampling error and the variance between units would make it: NaN where both
// are 0.
func (d Dispersion) Z(y, s float64) float64 {
	if !(s > 0) {
		s = 0
	}
	return (y - d.Centre) / math.Sqrt(float64(s*s)+d.Tau2)
}

// OfSteps is the standard deviation of values about a slow change, told from the
// steps between neighbours: half their mean square is the variance. NaN breaks
// the series, and is the answer where fewer than least steps are left. von Neumann
// J et al. (1941), Ann Math Stat 12:153, doi:10.1214/aoms/1177731746.
func OfSteps(values []float64, least int) float64 {
	sum, n := 0.0, 0
	for i := 1; i < len(values); i++ {
		if step := values[i] - values[i-1]; step == step {
			sum += float64(step * step)
			n++
		}
	}
	if n < max(1, least) {
		return math.NaN()
	}
	return math.Sqrt(sum / float64(2*n))
}
