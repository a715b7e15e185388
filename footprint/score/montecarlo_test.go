package score

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/footprint/score/attribution"
)

// A Monte Carlo written apart, with 20,000 draws from other random numbers, gives
// the same range of every rank within one place: proportions by the normal of
// p(1 − p)/n, weights by gammas of squared normals, the rules as documented.
func TestMonteCarloApart(t *testing.T) {
	sc := newScene(t, 21, 12, 4, 2, 7)
	opt := Options{Draws: 20000, Seed: 5, FixedChoices: true, View: attribution.Providers}
	r := mustRun(t, sc.input(opt))
	low, high, worst := apart(sc, r, 20000)
	for f, row := range r.Footprints {
		if d := row.RankLow - low[f]; d < -1 || d > 1 {
			t.Errorf("%s: got rank from %d, apart %d", row.Footprint, row.RankLow, low[f])
		}
		if d := row.RankHigh - high[f]; d < -1 || d > 1 {
			t.Errorf("%s: got rank to %d, apart %d", row.Footprint, row.RankHigh, high[f])
		}
		if math.Abs(row.PWorst-worst[f]) > 0.02 {
			t.Errorf("%s: got %v among the worst, apart %v", row.Footprint, row.PWorst, worst[f])
		}
	}
}

// apart draws ranks again: 5% and 95% quantiles, and the share among the worst
// five. All indicators are proportions of which more is better, with a target of
// 0.9, in two domains of two.
func apart(sc scene, r *Result, draws int) (low, high []int, worst []float64) {
	const indicators = 4
	nf := len(sc.p.IDs)
	var p, n [][]float64
	for range nf {
		p, n = append(p, make([]float64, indicators)), append(n, make([]float64, indicators))
	}
	for i, row := range r.Indicators {
		p[i%nf][i/nf], n[i%nf][i/nf] = row.Value, row.Denominator
	}
	rng := rand.New(rand.NewPCG(99, 98))
	ranks, worst := make([][]int, nf), make([]float64, nf)
	for range draws {
		score := drawApart(rng, p, n)
		for f := range nf {
			rank := 1
			for _, s := range score {
				if s > score[f] {
					rank++
				}
			}
			ranks[f] = append(ranks[f], rank)
			if rank <= 5 {
				worst[f] += 1 / float64(draws)
			}
		}
	}
	for f := range nf {
		slices.Sort(ranks[f])
		low, high = append(low, ranks[f][draws/20]), append(high, ranks[f][draws-draws/20])
	}
	return low, high, worst
}

// drawApart scores one draw: failing domains first, then depth.
func drawApart(rng *rand.Rand, p, n [][]float64) []float64 {
	const target, margin, z = 0.9, 0.01, 1.6448536269514722
	weight := func() float64 { // Gamma(16): half a sum of 32 squared normals
		g := 0.0
		for range 32 {
			x := rng.NormFloat64()
			g += x * x / 2
		}
		return g
	}
	w, dom := []float64{weight(), weight(), weight(), weight()}, []float64{weight(), weight()}
	x := make([][]float64, len(p))
	for f := range p {
		for k := range p[f] {
			x[f] = append(x[f], p[f][k]+rng.NormFloat64()*math.Sqrt(p[f][k]*(1-p[f][k])/n[f][k]))
		}
	}
	sd := make([]float64, len(w))
	for k := range sd {
		mean := 0.0
		for f := range x {
			mean += x[f][k] / float64(len(x))
		}
		for f := range x {
			sd[k] += (x[f][k] - mean) * (x[f][k] - mean) / float64(len(x)-1)
		}
		sd[k] = math.Sqrt(sd[k])
	}
	score := make([]float64, len(p))
	for f := range score {
		depth, failing, tie := 0.0, 0.0, 0.0
		for d := range 2 {
			var fails, all, deep, mean float64
			for k := 2 * d; k < 2*d+2; k++ {
				all += w[k]
				limit := target - margin
				if x[f][k] < limit-z*math.Sqrt(limit*(1-limit)/n[f][k]) {
					fails += w[k]
				}
				deep += w[k] * max(0, (target-x[f][k])/sd[k])
				mean += w[k] * (target - x[f][k]) / sd[k]
			}
			if fails >= all/2 {
				failing++
			}
			depth += dom[d] * deep / all / (dom[0] + dom[1])
			tie += dom[d] * mean / all / (dom[0] + dom[1])
		}
		score[f] = failing + depth/(1+depth) + 1e-9*tie // the mean parts equal depths
	}
	return score
}
