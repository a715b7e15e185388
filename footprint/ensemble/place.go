package ensemble

import (
	"fmt"
	"math"
	"slices"

	"stpmap/flow/portable"
)

// Limits that draws must keep to before a percentile is said.
const (
	MostRHat = 1.01
	LeastESS = 400
)

// Place is where a map lies by one statistic among the maps drawn. What is not
// known is NaN.
type Place struct {
	Statistic
	Value float64 // of the map
	// Percentile is the share of maps below the value and half of those equal to
	// it, from 0 to 100; Lower and Upper bound it with 95%, given the number of
	// draws. It is NaN where the draws have not converged.
	Percentile, Lower, Upper float64
	Median, P05, P95         float64 // of the maps
	RHat, BulkESS, TailESS   float64
	Varies                   bool // not all maps have the same value
	Converged                bool
	// Enough is about how many maps would be enough; 0 where these are.
	Enough  int
	Verdict string
}

// PlaceOf places a value among draws; a NaN value is placed nowhere.
func PlaceOf(s Statistic, value float64, d Draws) Place {
	all := d.sorted()
	p := Place{
		Statistic: s, Value: value, Percentile: nan, Lower: nan, Upper: nan, Median: quantile(all, 0.5), P05: quantile(all, 0.05), P95: quantile(all, 0.95),
		RHat: d.RHat(), BulkESS: d.BulkESS(), TailESS: d.TailESS(), Varies: varies(all),
	}
	if math.IsNaN(p.TailESS) && p.Varies { // a tail of equal values says nothing against the draws
		p.TailESS = p.BulkESS
	}
	if len(all) > 0 && math.IsNaN(all[0]) {
		p.Verdict = "not known"
		return p
	}
	p.Converged = p.Varies && p.RHat <= MostRHat && p.BulkESS >= LeastESS && p.TailESS >= LeastESS
	switch {
	case !p.Varies:
		p.Verdict = "the same in every map"
	case !p.Converged:
		p.Enough = enough(len(all), &p)
		p.Verdict = fmt.Sprintf("not converged: about %d maps would be enough", p.Enough)
	case math.IsNaN(value):
		p.Verdict = "converged"
	default:
		p.rank(d)
		p.Verdict = p.words()
	}
	return p
}

// varies says whether sorted values are known and not all the same.
func varies(sorted []float64) bool {
	return len(sorted) > 0 && sorted[0] < sorted[len(sorted)-1]
}

// rank sets the percentile with its error: that of a mean of draws below the
// value. Where no draw or every draw is below, the bound is that of as many
// independent draws (1 − 0.05^{1/n}).
func (p *Place) rank(d Draws) {
	below := d.mapped(func(x float64) float64 { return share(x, p.Value) })
	mean, variance := meanAndVariance(slices.Concat(below...))
	least := 100 * (1 - portable.Exp(portable.Log(0.05)/p.BulkESS))
	error95 := 0.0
	if ess := below.MeanESS(); ess > 0 {
		error95 = 196 * math.Sqrt(variance/ess)
	}
	error95 = max(error95, least)
	p.Percentile = 100 * mean
	p.Lower, p.Upper = max(0, p.Percentile-error95), min(100, p.Percentile+error95)
}

// share is 1 for a draw below a value, and a half for one that equals it.
func share(x, value float64) float64 {
	switch tiny := 1e-12 * math.Abs(value); {
	case x < value-tiny:
		return 1
	case x > value+tiny:
		return 0
	}
	return 0.5
}

// words says what a percentile means.
func (p *Place) words() string {
	than, share := "better than", p.Percentile
	switch {
	case p.Better < 0:
		share = 100 - share
	case p.Better == 0:
		than = "above"
	}
	switch share {
	case 100:
		return than + " every other map"
	case 0:
		return than + " no map"
	}
	return fmt.Sprintf("%s %s%% of maps", than, percent(share))
}

// percent rounds to what a person reads.
func percent(x float64) string {
	switch {
	case x > 99.9 && x < 100, x < 0.1 && x > 0:
		return fmt.Sprintf("%.2f", x)
	case x == math.Trunc(x):
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f", x)
}

// enough guesses how many maps it takes: the effective number grows with the
// maps, and R-hat − 1 falls as they grow. Two figures.
func enough(maps int, p *Place) int {
	factor := max(2, (p.RHat-1)/(MostRHat-1), LeastESS/p.BulkESS, LeastESS/p.TailESS)
	if math.IsNaN(factor) || math.IsInf(factor, 0) {
		factor = 100
	}
	n := float64(maps) * factor
	unit := math.Pow10(int(math.Floor(portable.Log10(n))) - 1)
	return int(math.Ceil(n/unit) * unit)
}

// ExactPlace places a value among all maps, each with its weight.
func ExactPlace(s Statistic, value float64, values, weights []float64) Place {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if values[i] < values[j] {
			return -1
		} else if values[i] > values[j] {
			return 1
		}
		return 0
	})
	total := 0.0
	for _, w := range weights {
		total += w
	}
	at := func(p float64) float64 {
		sum := 0.0
		for _, i := range order {
			if sum += weights[i]; sum >= p*total*(1-1e-12) {
				return values[i]
			}
		}
		return nan
	}
	p := Place{
		Statistic: s, Value: value, Percentile: nan, Lower: nan, Upper: nan, Median: at(0.5), P05: at(0.05), P95: at(0.95),
		RHat: nan, BulkESS: nan, TailESS: nan, Converged: true, Verdict: "exact",
	}
	p.Varies = len(values) > 0 && varies([]float64{values[order[0]], values[order[len(order)-1]]})
	if math.IsNaN(value) || len(values) == 0 || math.IsNaN(values[0]) {
		return p
	}
	below := 0.0
	for i, x := range values {
		below += float64(weights[i] * share(x, value))
	}
	p.Percentile = 100 * below / total
	p.Lower, p.Upper = p.Percentile, p.Percentile
	p.Verdict = p.words()
	return p
}

// BeatenInAll counts the maps that are at least as good as a map by every
// statistic for which better is known, and better by one.
func BeatenInAll(list []Statistic, value []float64, maps [][]float64) (n int) {
	for _, m := range maps {
		better, worse := false, false
		for k, s := range list {
			if s.Better == 0 || math.IsNaN(m[k]) {
				continue
			}
			d := float64(s.Better) * (m[k] - value[k])
			better, worse = better || d > 0, worse || d < 0
		}
		if better && !worse {
			n++
		}
	}
	return n
}
