package whatif

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"stpmap/flow"
	"stpmap/flow/portable"
)

// planted is a world whose patients choose by a logit that is known: 100 areas
// and 20 providers in a square of 100 km.
type planted struct {
	*Data
	beta, sigma float64
	alpha       []float64
	closes      int
	truth       [][]float64 // patients by area and provider once that provider closes
}

// plant draws a world. With a spread, each person's coefficient is lognormal.
func plant(t testing.TB, seed uint64, sigma float64) *planted {
	t.Helper()
	const areas, providers = 100, 20
	rng := rand.New(rand.NewPCG(seed, 99))
	w := &planted{beta: 0.05 + 0.1*rng.Float64(), sigma: sigma, alpha: make([]float64, providers)}
	at := func() [2]float64 { return [2]float64{100 * rng.Float64(), 100 * rng.Float64()} }
	var homes [areas][2]float64
	var sites [providers][2]float64
	for a := range homes {
		homes[a] = at()
	}
	for j := range sites {
		sites[j], w.alpha[j] = at(), 0.8*portable.Normal(rng)
	}
	c := Costs{providers, make([]float64, areas*providers)}
	for a := range homes {
		for j := range sites {
			c.Row(a)[j] = 1 + math.Hypot(homes[a][0]-sites[j][0], homes[a][1]-sites[j][1])
		}
	}
	w.closes = rng.IntN(providers)
	b := flow.NewBuilder()
	people := make([]float64, areas)
	for a := range homes {
		people[a] = 1000 + 4000*rng.Float64()
		for j, p := range w.chosen(c.Row(a), -1) {
			if n := poisson(people[a]*p, rng); n > 0 {
				if err := b.Add("A"+strconv.Itoa(1000+a), "P"+strconv.Itoa(100+j), flow.Exactly(n)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	m, _, err := b.Build()
	if err != nil || len(m.Providers()) != providers {
		t.Fatal("a world without some provider", err)
	}
	if w.Data, err = NewData(m, c, nil); err != nil {
		t.Fatal(err)
	}
	w.close(rng)
	return w
}

// chosen are the true probabilities without one provider (-1 for all), by the
// integral over 400 kinds of people.
func (w *planted) chosen(cost []float64, shut int) []float64 {
	const kinds = 400
	out := make([]float64, len(cost))
	n := 1
	if w.sigma > 0 {
		n = kinds
	}
	for k := range n {
		b := w.beta
		if w.sigma > 0 {
			b *= portable.Exp(w.sigma * portable.NormalQuantile((float64(k)+0.5)/kinds))
		}
		sum := 0.0
		e := make([]float64, len(cost))
		for j, c := range cost {
			if j != shut {
				e[j] = portable.Exp(w.alpha[j] - b*c)
				sum += e[j]
			}
		}
		for j := range e {
			out[j] += e[j] / sum / float64(n)
		}
	}
	return out
}

// close draws what happens when the provider closes: those who went elsewhere
// stay, and its patients choose again as their kind of people does.
func (w *planted) close(rng *rand.Rand) {
	for a := range w.Matrix.Areas() {
		cost := w.Costs.Row(a)
		row := make([]float64, len(cost))
		for j := range row {
			row[j] = w.Matrix.At(a, j).Value
		}
		movers := row[w.closes]
		row[w.closes] = 0
		before, after := w.chosen(cost, -1), w.chosen(cost, w.closes)
		gain := make([]float64, len(cost))
		for j := range gain {
			if j != w.closes {
				gain[j] = after[j] - before[j]
			}
		}
		multinomial(movers, normalised(gain), rng, func(j int, n float64) { row[j] += n })
		w.truth = append(w.truth, row)
	}
}

// offBy is Σ|T − T̂| over the pairs of areas and providers that gain.
func (w *planted) offBy(t testing.TB, m *Model) (off float64, r *Result) {
	t.Helper()
	r, err := Run(w.Data, &Scenario{Close: []int{w.closes}}, m)
	if err != nil {
		t.Fatal(err)
	}
	after, err := r.After()
	if err != nil {
		t.Fatal(err)
	}
	for a := range w.truth {
		for j, n := range w.truth[a] {
			said := 0.0
			if k, ok := after.ProviderIndex(w.Matrix.Providers()[j]); ok {
				said = after.At(a, k).Value
			}
			off += math.Abs(n - said)
		}
	}
	return off, r
}

// worlds is how many planted worlds are looked at: few, or 100 where the
// variable STPMAP_WORLDS asks for all.
func worlds(few uint64) uint64 {
	if os.Getenv("STPMAP_WORLDS") != "" {
		return 100
	}
	return few
}

func TestPlantedWorlds(t *testing.T) {
	n := worlds(5)
	covered, better, inside, all := 0, 0, 0, 0
	for seed := range n {
		w := plant(t, seed, 0)
		f, err := FitGravity(w.Data, GravityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(f.Beta-w.beta) <= 2*f.BetaSE {
			covered++
		}
		gravity, r := w.offBy(t, &Model{Name: GravityModel, Fit: f})
		nearest, _ := w.offBy(t, &Model{Name: Nearest})
		if gravity < nearest/2 {
			better++
		}
		in, of := w.inInterval(t, r)
		inside, all = inside+in, all+of
	}
	t.Logf("β within two standard errors in %d of %d; half the error of nearest in %d; intervals cover %.1f%%", covered, n, better, 100*float64(inside)/float64(all))
	if float64(covered) < 0.9*float64(n)-1 || better < int(n) {
		t.Errorf("β within two standard errors in %d of %d worlds, half the error of nearest in %d", covered, n, better)
	}
	if n == 100 && covered < 95 {
		t.Errorf("β within two standard errors in %d of 100 worlds", covered)
	}
	if share := float64(inside) / float64(all); share < 0.92 || share > 0.995 {
		t.Errorf("intervals of 95%% cover %.1f%%", 100*share)
	}
}

// inInterval counts the providers whose true patients lie in their interval.
func (w *planted) inInterval(t *testing.T, r *Result) (in, of int) {
	t.Helper()
	list, err := Intervals(t.Context(), r, 200, 1)
	if err != nil {
		t.Fatal(err)
	}
	for j, x := range list {
		if j == w.closes {
			continue
		}
		truth := 0.0
		for a := range w.truth {
			truth += w.truth[a][j]
		}
		of++
		if x.Low <= truth && truth <= x.High {
			in++
		}
	}
	return in, of
}

func TestPlantedMixedWorlds(t *testing.T) {
	n := worlds(2)
	better, betterThanGravity := 0, 0
	for seed := range n {
		w := plant(t, 1000+seed, 0.8)
		g, err := FitGravity(w.Data, GravityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := FitMixed(w.Data, g)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(f.Spread-w.sigma) > 0.1 || math.Abs(f.Beta-w.beta) > 0.1*w.beta {
			t.Errorf("seed %d: β %v and σ %v, want %v and %v", seed, f.Beta, f.Spread, w.beta, w.sigma)
		}
		mixed, _ := w.offBy(t, &Model{Name: MixedModel, Fit: f})
		gravity, _ := w.offBy(t, &Model{Name: GravityModel, Fit: g})
		nearest, _ := w.offBy(t, &Model{Name: Nearest})
		if mixed < nearest/2 {
			better++
		}
		if mixed < gravity {
			betterThanGravity++
		}
	}
	t.Logf("half the error of nearest in %d of %d mixed worlds; less than gravity in %d", better, n, betterThanGravity)
	if better < int(n) || betterThanGravity < int(n) {
		t.Errorf("half the error of nearest in %d of %d mixed worlds, less than gravity in %d", better, n, betterThanGravity)
	}
}

// The gradient of the mixed model's likelihood is that of its differences.
func TestMixedGradient(t *testing.T) {
	w := plant(t, 5, 0.5)
	g, err := FitGravity(w.Data, GravityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x := newMixed(w.Data, g)
	x.start(g, 0.6)
	gradient, room := make([]float64, len(x.theta)), make([]float64, len(x.theta))
	x.evaluate(x.theta, gradient)
	for _, i := range []int{0, 7, len(x.theta) - 2, len(x.theta) - 1} {
		const h = 1e-3
		at := append([]float64(nil), x.theta...)
		at[i] += h
		up := x.evaluate(at, room)
		at[i] -= 2 * h
		down := x.evaluate(at, room)
		if want := (up - down) / (2 * h); math.Abs(gradient[i]-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("coefficient %d: slope %v, want %v", i, gradient[i], want)
		}
	}
}
