package dispersion

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Steps of one up and down are those of a standard deviation of 1/√2; of many
// normal values they show the deviation within 2%, whatever the slow change.
func TestOfSteps(t *testing.T) {
	if got := OfSteps([]float64{1, 2, 1, 2, 1}, 3); math.Abs(got-1/math.Sqrt2) > 1e-12 {
		t.Errorf("got %v, want 1/√2", got)
	}
	nan := math.NaN()
	for _, few := range [][]float64{nil, {1}, {1, 2, 3}, {1, 2, nan, 3, 4}} {
		if got := OfSteps(few, 3); !math.IsNaN(got) {
			t.Errorf("%v: got %v, want none", few, got)
		}
	}
	rng := rand.New(rand.NewPCG(7, 7))
	drift := make([]float64, 20000)
	for i := range drift {
		drift[i] = 0.001*float64(i) + 3*rng.NormFloat64()
	}
	if got := OfSteps(drift, 3); math.Abs(got-3) > 0.06 {
		t.Errorf("got %v, want 3", got)
	}
}

// Units that differ by their sampling error alone have no variance between them;
// of those that differ by more, the winsorised method of moments finds half of it
// at least and not more than all.
func TestOverdispersionOfDraws(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, tau := range []float64{0, 2, 4} {
		const n = 4000
		y, s := make([]float64, n), make([]float64, n)
		for i := range y {
			s[i] = 0.5 + rng.Float64()
			y[i] = 10 + math.Hypot(tau, s[i])*rng.NormFloat64()
		}
		d := Overdispersion(y, s, 10)
		// Winsorising a tenth at each end takes a share of a normal's variance.
		if want := tau * tau; d.Tau2 > want+0.05 || d.Tau2 < 0.5*want || d.Units != n {
			t.Errorf("τ %v: got %+v", tau, d)
		}
		if tau == 0 && d.Phi > 1 {
			t.Errorf("got φ %v of sampling error alone", d.Phi)
		}
	}
	if d := Overdispersion([]float64{1}, []float64{1}, 0); d.Tau2 != 0 || d.Units != 1 {
		t.Errorf("one unit: got %+v", d)
	}
	if z := (Dispersion{Centre: 1}).Z(3, 2); z != 1 {
		t.Errorf("got z %v, want 1", z)
	}
}

// R's quantile of type 7 draws the ends in: 1 to 9 of 0 to 10.
func TestWinsoriseEnds(t *testing.T) {
	if got := Winsorise([]float64{0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.1); !slices.Equal(got, []float64{1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("got %v", got)
	}
	if got := Winsorise(nil, 0.1); len(got) != 0 {
		t.Errorf("got %v of nothing", got)
	}
}
