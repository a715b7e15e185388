package whatif

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
)

// Cholesky's triangle solves what it was made of; a matrix that is not positive
// definite is refused.
func TestCholesky(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		n := 1 + rng.IntN(8)
		a := make([]float64, n*n)
		for i := range a {
			a[i] = rng.NormFloat64()
		}
		h := make([]float64, n*n) // a·aᵀ + 1
		for i := range n {
			for j := range n {
				for k := range n {
					h[i*n+j] += a[i*n+k] * a[j*n+k]
				}
			}
			h[i*n+i]++
		}
		x, b := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		for i := range n {
			for j := range n {
				b[i] += h[i*n+j] * x[j]
			}
		}
		c, ok := factorise(slices.Clone(h), n)
		if !ok {
			t.Fatalf("%v is refused", h)
		}
		for i, got := range c.solve(b) {
			if math.Abs(got-x[i]) > 1e-9 {
				t.Errorf("x[%d] is %v, want %v", i, got, x[i])
			}
		}
	}
	if _, ok := factorise([]float64{1, 2, 2, 1}, 2); ok {
		t.Error("a matrix that is not positive definite was taken")
	}
}

// Draws have the mean and the variance of their distribution, at every size where
// another way of drawing begins.
func TestDrawsHaveTheirMoments(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	const n = 8000
	check := func(what string, mean, variance float64, draw func() float64) {
		t.Helper()
		sum, squares := 0.0, 0.0
		for range n {
			x := draw()
			if x < 0 || x != math.Trunc(x) {
				t.Fatalf("%s: %v", what, x)
			}
			sum, squares = sum+x, squares+x*x
		}
		got := sum / n
		if math.Abs(got-mean) > 4.5*math.Sqrt(variance/n)+1e-12 {
			t.Errorf("%s: a mean of %v, want %v", what, got, mean)
		}
		if spread := squares/n - got*got; variance > 0.1 && math.Abs(spread/variance-1) > 0.12 {
			t.Errorf("%s: a variance of %v, want %v", what, spread, variance)
		}
	}
	for _, rate := range []float64{0.3, 4, 30, 31, 900} {
		check(fmt.Sprintf("Poisson of %v", rate), rate, rate, func() float64 { return poisson(rate, rng) })
	}
	for _, c := range []struct{ n, p float64 }{{10, 0}, {10, 1}, {12, 0.3}, {30, 0.7}, {200, 0.02}, {200, 0.98}, {200, 0.4}, {5000, 0.6}, {0, 0.5}} {
		check(fmt.Sprintf("%v of %v", c.p, c.n), c.n*c.p, c.n*c.p*(1-c.p), func() float64 {
			x := binomial(c.n, c.p, rng)
			if x > c.n {
				t.Fatalf("%v of %v", x, c.n)
			}
			return x
		})
	}
	share := []float64{0.5, 0, 0.3, 0.2}
	sums := make([]float64, len(share))
	for range n {
		all := 0.0
		multinomial(17, share, rng, func(k int, x float64) {
			sums[k] += x
			all += x
		})
		if all != 17 {
			t.Fatalf("%v of 17 chose", all)
		}
	}
	for k, p := range share {
		if got := sums[k] / n; math.Abs(got-17*p) > 4.5*math.Sqrt(17*p*(1-p)/n)+1e-12 {
			t.Errorf("place %d: %v of 17 on average, want %v", k, got, 17*p)
		}
	}
}

// The slopes and the second derivative of the likelihood are those of its
// differences, with effects and by size.
func TestGravitySlopes(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(300, 60, 40), exact(300, 220, 40), exact(100, 300, 160), exact(40, 140, 540)})
	for _, o := range []GravityOptions{{}, {Power: true}, {BySize: true}} {
		g := newGravity(d.reached, d.Costs, o)
		rng := rand.New(rand.NewPCG(3, 3))
		g.theta = make([]float64, len(g.gradientAt(t, g.theta)))
		for i := range g.theta {
			g.theta[i] = 0.05 * rng.Float64()
		}
		at := slices.Clone(g.theta)
		gradient := g.gradientAt(t, at)
		const h = 1e-5
		for i := range at {
			up, down := slices.Clone(at), slices.Clone(at)
			up[i] += h
			down[i] -= h
			if want := (g.evaluate(up) - g.evaluate(down)) / (2 * h); math.Abs(gradient[i]-want) > 1e-4*(1+math.Abs(want)) {
				t.Errorf("%+v, coefficient %d: a slope of %v, want %v", o, i, gradient[i], want)
			}
		}
	}
}

// gradientAt is the gradient at some coefficients.
func (g *gravity) gradientAt(t *testing.T, theta []float64) []float64 {
	t.Helper()
	g.evaluate(theta)
	return g.gradient()
}

// The fit is where the slopes are 0: expected loads are the loads, and the mean
// cost is that of the flows.
func TestGravityKeepsItsMargins(t *testing.T) {
	for seed := range uint64(3) {
		w := plant(t, seed, 0)
		f, err := FitGravity(w.Data, GravityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		x, n := newWorld(w.Data, &Scenario{}), len(w.Matrix.Providers())
		cost, share, loads := make([]float64, n), make([]float64, n), make([]float64, n)
		said, was := 0.0, 0.0
		m := &Model{Name: GravityModel, Fit: f}
		for a := range w.Matrix.Areas() {
			if !m.choose(x, a, false, cost, share) {
				t.Fatal("an area without a choice")
			}
			sum := 0.0
			for j, p := range share {
				sum += p
				loads[j] += w.Matrix.RowTotal(a) * p
				said += w.Matrix.RowTotal(a) * p * cost[j]
				was += w.Matrix.At(a, j).Value * cost[j]
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Fatalf("probabilities add up to %v", sum)
			}
		}
		for j, load := range loads {
			if want := w.Matrix.ColumnTotal(j); math.Abs(load-want) > 1e-5*want {
				t.Errorf("seed %d, provider %d: %v expected, %v seen", seed, j, load, want)
			}
		}
		if math.Abs(said-was) > 1e-6*was {
			t.Errorf("seed %d: a cost of %v expected, %v seen", seed, said, was)
		}
	}
}

// What a merger does, worked out by hand: two areas, three providers.
func TestMergers(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(50, 30, 20), exact(100, 0, 100), exact(0, 60, 40), exact(60, 40, 0)})
	list := Mergers(d, &Scenario{Join: []Joining{{"X", "Y", "XY"}, {"XY", "Z", "ALL"}}})
	if len(list) != 2 || list[0].New != "XY" || list[1].A != "XY" {
		t.Fatalf("%+v", list)
	}
	before := (100*(0.25+0.09+0.04) + 200*0.5 + 100*(0.36+0.16) + 100*(0.36+0.16)) / 500
	after := (100*(0.64+0.04) + 200*0.5 + 100*(0.36+0.16) + 100*1.0) / 500
	near(t, "concentration before", list[0].HHIBefore, before, 1e-12)
	near(t, "concentration after", list[0].HHIAfter, after, 1e-12)
	near(t, "concentration of the flows", Concentration(d.Matrix), before, 1e-12)
	near(t, "captive", list[0].Captive, 100, 1e-12)
	worth := func(n, s float64) float64 { return n * math.Log(1/(1-s)) }
	apart := worth(100, 0.5) + worth(100, 0.3) + worth(200, 0.5) + worth(100, 0.6)
	together := worth(100, 0.8) + worth(200, 0.5) + worth(100, 0.6)
	near(t, "apart", list[0].Apart, apart, 1e-9)
	near(t, "together", list[0].Together, together, 1e-9)
	near(t, "rise", list[0].Rise(), together/apart-1, 1e-12)
	near(t, "one for all", list[1].HHIAfter, 1, 1e-12)
	r, err := Run(d, &Scenario{Join: []Joining{{"X", "Y", "XY"}}}, &Model{Name: SharesModel})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.After()
	if err != nil || m.Total() != d.Matrix.Total() || len(m.Providers()) != 2 || r.Moved.Upper != 0 {
		t.Errorf("after a merger: %v of %v at %v, %v moved (%v)", m.Total(), d.Matrix.Total(), m.Providers(), r.Moved, err)
	}
	near(t, "concentration of the flows after", Concentration(m), after, 1e-12)
}

// Accessibility by a plain sum over areas and providers, before and after.
func TestAccessBeforeAndAfter(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(300, 60, 40), exact(300, 220, 40), exact(100, 300, 160), exact(40, 140, 540)})
	r, err := Run(d, &Scenario{Close: []int{1}, Capacity: map[string]float64{"Z": 2000}}, &Model{Name: Nearest})
	if err != nil {
		t.Fatal(err)
	}
	people := []float64{1000, 0, 500, 2000}
	for name, decay := range map[string]Decay{"within": Within(30), "zones": Zones(45), "power": Power(40)} {
		before, after := r.Access(people, decay)
		for i := range people {
			for what, c := range map[string]struct {
				got    float64
				closed int
			}{"before": {before[i], -1}, "after": {after[i], 1}} {
				want := 0.0
				for j, supply := range []float64{740, 720, 2000} {
					demand := 0.0
					for k, n := range people {
						demand += n * decay(d.Costs.Row(k)[j])
					}
					if j != c.closed && demand > 0 {
						want += decay(d.Costs.Row(i)[j]) * supply / demand
					}
				}
				near(t, fmt.Sprintf("%s, area %d, %s", name, i, what), c.got, want, 1e-12)
			}
		}
	}
	for cost, want := range map[float64]float64{0: 1, 15: 1, 15.1: 0.68, 30: 0.68, 31: 0.22, 45: 0.22, 46: 0} {
		near(t, fmt.Sprintf("zones at %v", cost), Zones(45)(cost), want, 0)
	}
}

// Travel is a mean over patients, before and after, and welfare is the difference
// of the log sums; by a plain sum over pairs.
func TestTravelOfPlantedWorld(t *testing.T) {
	w := plant(t, 4, 0)
	f, err := FitGravity(w.Data, GravityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(w.Data, &Scenario{Close: []int{w.closes}}, &Model{Name: GravityModel, Fit: f})
	if err != nil {
		t.Fatal(err)
	}
	after, err := r.After()
	if err != nil {
		t.Fatal(err)
	}
	moved := 0.0
	for a, tr := range r.Travel() {
		moved += tr.Moved.Value
		cost := w.Costs.Row(a)
		mean := func(m *flow.Matrix) (x, within float64) {
			all := 0.0
			for j, code := range w.Matrix.Providers() {
				if k, ok := m.ProviderIndex(code); ok {
					n := m.At(a, k).Value
					all, x = all+n, x+n*cost[j]
					if cost[j] <= 30 {
						within += n
					}
				}
			}
			return x / all, within / all
		}
		before, in30 := mean(w.Matrix)
		later, later30 := mean(after)
		near(t, "before", tr.Before, before, 1e-9)
		near(t, "after", tr.After, later, 1e-9)
		near(t, "within 30 before", tr.WithinBefore[0], in30, 1e-12)
		near(t, "within 30 after", tr.WithinAfter[0], later30, 1e-12)
		open, all := 0.0, 0.0
		for j, c := range cost {
			u := math.Exp(f.Alpha[j] - f.Beta*c)
			all += u
			if j != w.closes {
				open += u
			}
		}
		near(t, "welfare", tr.Welfare, math.Log(all/open)/f.Beta, 1e-9)
	}
	near(t, "moved", moved, w.Matrix.ColumnTotal(w.closes), 0)
}

// Every scenario of a random world, under every model, keeps every patient, moves
// only from what changes, and has diversion ratios that add up to 1.
func TestNobodyIsLost(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	scenarios := 0
	for seed := range uint64(4) {
		w := plant(t, 50+seed, 0)
		models, _, err := w.Models([]string{Nearest, SharesModel, GravityModel}, GravityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			s := &Scenario{Close: rng.Perm(20)[:rng.IntN(4)]}
			if rng.IntN(2) == 0 {
				cost := make([]float64, 100)
				for a := range cost {
					cost[a] = 1 + 80*rng.Float64()
				}
				s.Open = []Opening{{"NEW", 500 + 3000*rng.Float64(), cost}}
			}
			for i := range models {
				m := &models[i]
				if m.Name == SharesModel && s.NeedsPlaces() {
					continue
				}
				scenarios++
				checkScenario(t, w, s, m)
			}
		}
	}
	if scenarios < 25 {
		t.Errorf("%d scenarios: too few", scenarios)
	}
}

func checkScenario(t *testing.T, w *planted, s *Scenario, m *Model) {
	t.Helper()
	r, err := Run(w.Data, s, m)
	if err != nil {
		t.Fatal(err)
	}
	after, err := r.After()
	if err != nil {
		t.Fatal(err)
	}
	if after.Total() != w.Matrix.Total() {
		t.Errorf("%s: %v after, %v before", m.Name, after.Total(), w.Matrix.Total())
	}
	sum := map[int32]float64{}
	for _, d := range r.Diversion {
		if d.Share <= 0 || d.From == d.To || slices.Contains(s.Close, int(d.To)) {
			t.Errorf("%s: %+v", m.Name, d)
		}
		sum[d.From] += d.Share
	}
	for from, x := range sum {
		if math.Abs(x-1) > 1e-9 {
			t.Errorf("%s: the diversion from %d adds up to %v", m.Name, from, x)
		}
	}
	for _, mv := range r.Moves {
		if len(s.Open) == 0 && !slices.Contains(s.Close, int(mv.From)) {
			t.Errorf("%s: patients leave %d, which stays as it is", m.Name, mv.From)
		}
		if n := mv.Patients.Value; n != math.Trunc(n) || n <= 0 {
			t.Errorf("%s: a move of %v patients", m.Name, n)
		}
	}
	for a := range w.Matrix.Areas() {
		if after.RowTotal(a) != w.Matrix.RowTotal(a) {
			t.Fatalf("%s: area %d has %v patients, and had %v", m.Name, a, after.RowTotal(a), w.Matrix.RowTotal(a))
		}
	}
}

// Intervals are the same for the same seed, hold the point, and are none where
// none are asked for; what has a limit has one that keeps to it.
func TestIntervals(t *testing.T) {
	w := plant(t, 8, 0)
	f, err := FitGravity(w.Data, GravityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Scenario{{Close: []int{w.closes}}, {Close: []int{w.closes}, Headroom: 0.3}} {
		for _, m := range []*Model{{Name: GravityModel, Fit: f}, {Name: SharesModel}} {
			r, err := Run(w.Data, s, m)
			if err != nil {
				t.Fatal(err)
			}
			one, err := Intervals(t.Context(), r, 60, 3)
			if err != nil {
				t.Fatal(err)
			}
			two, err := Intervals(t.Context(), r, 60, 3)
			if err != nil || !slices.Equal(one, two) {
				t.Errorf("%s: other intervals the second time (%v)", m.Name, err)
			}
			limit, wide := newWorld(w.Data, s).limits(), 0
			for j, x := range one {
				if x.Low > x.High || x.Low != math.Trunc(x.Low) || x.High != math.Trunc(x.High) {
					t.Errorf("%s, provider %d: %+v", m.Name, j, x)
				}
				if limit != nil && x.High > limit[j] {
					t.Errorf("%s, provider %d: %+v, above %v", m.Name, j, x, limit[j])
				}
				if j == w.closes && (x.Low != 0 || x.High != 0) {
					t.Errorf("%s: what closed has from %v to %v", m.Name, x.Low, x.High)
				}
				if x.High > x.Low {
					wide++
				}
			}
			if wide < 5 {
				t.Errorf("%s: %d providers have an interval", m.Name, wide)
			}
			if none, err := Intervals(t.Context(), r, 0, 3); none != nil || err != nil {
				t.Errorf("%s: of no resamples: %v, %v", m.Name, none, err)
			}
		}
	}
}

// The regression of attraction on size is the line of least squares, and what has
// no attraction does not count.
func TestAttractionBySize(t *testing.T) {
	f := &Fit{Alpha: []float64{1, 3, 5, math.Inf(-1)}, LogSizes: []float64{0, 1, 2, 9}}
	near(t, "e³", f.AlphaOfSize(math.Exp(3)), 7, 1e-12)
	alike := &Fit{Alpha: []float64{2, 4}, LogSizes: []float64{1, 1}}
	near(t, "all of one size", alike.AlphaOfSize(99), 3, 1e-12)
	by := &Fit{Options: GravityOptions{BySize: true}, Gamma: 0.5}
	near(t, "by a power", by.AlphaOfSize(math.Exp(4)), 2, 1e-12)
	o := GravityOptions{Power: true}
	near(t, "a cost of nothing", o.deterrent(0), math.Log(PowerFloor), 1e-12)
	near(t, "a power", o.deterrent(8), math.Log(8), 1e-12)
	near(t, "as it is", GravityOptions{}.deterrent(8), 8, 0)
}
