package ensemble

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"stpmap/flow/portable"
)

// Draws are the values of one figure, a slice for each chain, all of one
// length. The diagnostics are those of Vehtari et al. (2021); each is NaN where
// the draws do not vary or are too few.
type Draws [][]float64

// leastDraws is the length of a chain below which nothing is said.
const leastDraws = 8

// RHat is the rank-normalised split R-hat: the greater one of the values
// themselves and of their distances from the median. It is 1 where chains agree.
func (d Draws) RHat() float64 {
	s := d.split()
	return max(s.normalised().rhat(), s.folded().normalised().rhat())
}

// BulkESS is the effective number of draws in the bulk of the distribution.
func (d Draws) BulkESS() float64 { return d.split().normalised().ess() }

// TailESS is the effective number of draws in the tails: the smaller of those for
// the 5% and 95% quantiles.
func (d Draws) TailESS() float64 { return min(d.QuantileESS(0.05), d.QuantileESS(0.95)) }

// MeanESS is the effective number of draws for the mean.
func (d Draws) MeanESS() float64 { return d.split().ess() }

// QuantileESS is the effective number of draws for a quantile.
func (d Draws) QuantileESS(p float64) float64 {
	q := quantile(d.sorted(), p)
	return d.mapped(func(x float64) float64 {
		if x <= q {
			return 1
		}
		return 0
	}).split().ess()
}

// MeanMCSE is the Monte Carlo error of the mean.
func (d Draws) MeanMCSE() float64 {
	_, variance := meanAndVariance(slices.Concat(d...))
	return math.Sqrt(variance) / math.Sqrt(d.MeanESS())
}

// SpreadESS is the effective number of draws for the standard deviation: that of
// the squared distances from the mean.
func (d Draws) SpreadESS() float64 {
	mean, _ := meanAndVariance(slices.Concat(d...))
	return d.mapped(func(x float64) float64 { return float64((x - mean) * (x - mean)) }).MeanESS()
}

// SpreadMCSE is the Monte Carlo error of the standard deviation, by the fourth
// moment.
func (d Draws) SpreadMCSE() float64 {
	all := slices.Concat(d...)
	mean, _ := meanAndVariance(all)
	second, fourth := 0.0, 0.0
	for _, x := range all {
		square := float64((x - mean) * (x - mean))
		second += square / float64(len(all))
		fourth += float64(square*square) / float64(len(all))
	}
	return math.Sqrt((fourth - float64(second*second)) / d.SpreadESS() / second / 4)
}

// QuantileMCSE is the Monte Carlo error of a quantile: half of the way between
// the draws where the quantile lies with 68% by a beta distribution.
func (d Draws) QuantileMCSE(p float64) float64 {
	ess, x := d.QuantileESS(p), d.sorted()
	n := float64(len(x))
	at := func(level float64) float64 {
		return mathext.InvRegIncBeta(float64(ess*p)+1, float64(ess*(1-p))+1, level) * n
	}
	low, high := max(math.Floor(at(0.1586553)), 1), min(math.Ceil(at(0.8413447)), n)
	if !(low <= high) {
		return math.NaN()
	}
	return (x[int(high)-1] - x[int(low)-1]) / 2
}

// split cuts each chain in two; of an odd length the middle draw goes.
func (d Draws) split() Draws {
	var out Draws
	for _, c := range d {
		half := len(c) / 2
		out = append(out, c[:half], c[len(c)-half:])
	}
	return out
}

// mapped applies a function to every draw.
func (d Draws) mapped(f func(float64) float64) Draws {
	out := make(Draws, len(d))
	for i, c := range d {
		out[i] = make([]float64, len(c))
		for j, x := range c {
			out[i][j] = f(x)
		}
	}
	return out
}

// folded are the distances from the median.
func (d Draws) folded() Draws {
	median := quantile(d.sorted(), 0.5)
	return d.mapped(func(x float64) float64 { return math.Abs(x - median) })
}

// sorted are all draws, rising.
func (d Draws) sorted() []float64 {
	all := slices.Concat(d...)
	slices.Sort(all)
	return all
}

// normalised replaces draws by the normal scores of their ranks, equal draws by
// that of their mean rank (Blom's fractions).
func (d Draws) normalised() Draws {
	all := d.sorted()
	n := float64(len(all))
	score := map[float64]float64{}
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		rank := float64(i+1+j) / 2
		score[all[i]] = portable.NormalQuantile((rank - 0.375) / (n + 0.25))
		i = max(j, i+1)
	}
	return d.mapped(func(x float64) float64 { return score[x] })
}

// rhat is the potential scale reduction (Gelman and Rubin 1992,
// doi:10.1214/ss/1177011136).
func (d Draws) rhat() float64 {
	if !d.usable() {
		return math.NaN()
	}
	n := float64(len(d[0]))
	var means []float64
	within := 0.0
	for _, c := range d {
		m, v := meanAndVariance(c)
		means = append(means, m)
		within += v / float64(len(d))
	}
	_, between := meanAndVariance(means)
	return math.Sqrt((float64(n*between)/within + n - 1) / n)
}

// usable says whether the draws are enough and vary.
func (d Draws) usable() bool {
	if len(d) == 0 || len(d[0]) < leastDraws/2 {
		return false
	}
	for _, c := range d {
		for _, x := range c {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
			if x != d[0][0] {
				return true
			}
		}
	}
	return false
}

// ess is the effective number of draws: autocorrelations are added up as long as
// pairs of them are above 0 and do not rise (Geyer 1992,
// doi:10.1214/ss/1177011137).
func (d Draws) ess() float64 {
	if !d.usable() {
		return math.NaN()
	}
	a := newAutocorrelation(d)
	n := len(d[0])
	rho := make([]float64, n+2)
	rho[0], rho[1] = 1, a.at(1)
	t, even, odd := 0, 1.0, rho[1]
	for t < n-5 && even+odd > 0 {
		t += 2
		even, odd = a.at(t), a.at(t+1)
		if even+odd >= 0 {
			rho[t], rho[t+1] = even, odd
		}
	}
	last := t
	if even > 0 {
		rho[last] = even
	}
	for t = 2; t <= last-2; t += 2 {
		if rho[t]+rho[t+1] > rho[t-2]+rho[t-1] {
			rho[t] = (rho[t-2] + rho[t-1]) / 2
			rho[t+1] = rho[t]
		}
	}
	all, sum := float64(len(d)*n), 0.0
	for _, r := range rho[:last] {
		sum += r
	}
	tau := max(2*sum-1+rho[last], 1/portable.Log10(all))
	return all / tau
}

// autocorrelation gives the correlation of draws that lie a number of steps
// apart, over all chains.
type autocorrelation struct {
	draws         Draws
	mean          []float64
	within, total float64 // variances
}

func newAutocorrelation(d Draws) *autocorrelation {
	a := &autocorrelation{draws: d}
	n := float64(len(d[0]))
	for _, c := range d {
		m, v := meanAndVariance(c)
		a.mean = append(a.mean, m)
		a.within += v / float64(len(d))
	}
	a.total = a.within * (n - 1) / n
	if len(d) > 1 {
		_, between := meanAndVariance(a.mean)
		a.total += between
	}
	return a
}

func (a *autocorrelation) at(lag int) float64 {
	sum := 0.0
	for i, c := range a.draws {
		m := a.mean[i]
		for t := lag; t < len(c); t++ {
			sum += float64((c[t] - m) * (c[t-lag] - m))
		}
	}
	covariance := sum / float64(len(a.draws)*len(a.draws[0]))
	return 1 - (a.within-covariance)/a.total
}

// meanAndVariance are those of a sample; the variance divides by n − 1.
func meanAndVariance(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += float64((v - mean) * (v - mean))
	}
	return mean, variance / float64(len(x)-1)
}

// quantile is that of sorted values, between two of them in proportion (type 7
// of Hyndman and Fan 1996, doi:10.2307/2684934).
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + float64((at-float64(i))*(sorted[i+1]-sorted[i]))
}
