package score

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// row is an observation of a numerator and a denominator.
func row(entity, indicator string, num, den float64) attribution.Observation {
	o := attribution.NewObservation(entity, indicator, "")
	o.Numerator, o.Denominator = num, den
	return o
}

// valueRow is an observation of a value.
func valueRow(entity, indicator string, value float64) attribution.Observation {
	o := attribution.NewObservation(entity, indicator, "")
	o.Value = value
	return o
}

// plain makes a set of indicators of one kind each with its own domain.
func plain(n int, change func(i int, ind *definition.Indicator)) *definition.Definitions {
	d := &definition.Definitions{}
	for i := range n {
		dom := fmt.Sprintf("d%02d", i/2)
		if i%2 == 0 {
			d.Domains = append(d.Domains, definition.Domain{ID: dom, Weight: 1})
		}
		ind := definition.Indicator{
			ID: fmt.Sprintf("i%02d", i), Domain: dom, Kind: definition.Proportion, Level: definition.ProviderLevel, Polarity: definition.HigherIsBetter,
			Weight: 1, Target: definition.Target{Set: true, Value: 0.9}, Margin: 0.01, Verified: true,
		}
		if i%5 == 4 {
			ind.Kind, ind.Polarity, ind.Target, ind.Margin = definition.Rate, definition.LowerIsBetter, definition.Target{}, 0
			ind.Per = 1000
		}
		if change != nil {
			change(i, &ind)
		}
		d.Indicators = append(d.Indicators, ind)
	}
	return d
}

// scene is a seeded case: systems of five areas and two providers each, most
// flow within, and figures for every provider; the bad systems are worse on
// every indicator.
type scene struct {
	m    *flow.Matrix
	p    footprint.Partition
	defs *definition.Definitions
	rows []attribution.Observation
}

func newScene(t testing.TB, seed uint64, systems, indicators int, bad ...int) scene {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	b := flow.NewBuilder()
	add := func(a, p string, n int) {
		if err := b.Add(a, p, flow.Exactly(float64(n))); err != nil {
			t.Fatal(err)
		}
	}
	for s := range systems {
		for a := range 5 {
			area := fmt.Sprintf("A%02d%d", s, a)
			add(area, fmt.Sprintf("P%02d0", s), 2*(500+rng.IntN(500)))
			add(area, fmt.Sprintf("P%02d1", s), 2*(300+rng.IntN(300)))
			add(area, fmt.Sprintf("P%02d%d", (s+1)%systems, rng.IntN(2)), 2*(20+rng.IntN(60)))
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	sc := scene{m: m, defs: plain(indicators, nil)}
	sc.p = footprint.Partition{Areas: make([]int32, len(m.Areas())), Providers: make([]int32, len(m.Providers()))}
	for s := range systems {
		sc.p.IDs = append(sc.p.IDs, fmt.Sprintf("F%02d", s+1))
		for a := range 5 {
			sc.p.Areas[s*5+a] = int32(s)
		}
		sc.p.Providers[s*2], sc.p.Providers[s*2+1] = int32(s), int32(s)
	}
	for s := range systems {
		level := 0.91 + 0.02*rng.NormFloat64()
		if slices.Contains(bad, s) {
			level = 0.78
		}
		for h := range 2 {
			for i, ind := range sc.defs.Indicators {
				den := 4000 + rng.IntN(40000)
				share := min(0.999, level+0.01*rng.NormFloat64())
				if ind.Kind == definition.Rate {
					share = 0.05 * (1 - share) / 0.09
				}
				o := row(fmt.Sprintf("P%02d%d", s, h), fmt.Sprintf("i%02d", i), math.Round(float64(den)*share), float64(den))
				o.Line = len(sc.rows) + 2
				sc.rows = append(sc.rows, o)
			}
		}
	}
	return sc
}

func (sc scene) input(opt Options) Input {
	return Input{Matrix: sc.m, Partition: sc.p, Observations: sc.rows, Definitions: sc.defs, Options: opt}
}

func mustRun(t testing.TB, in Input) *Result {
	t.Helper()
	r, err := Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func quick(draws int) Options { return Options{Draws: draws, Seed: 1} }

func TestPlantedAreTheWorst(t *testing.T) {
	bad := []int{3, 8, 11, 17, 29}
	sc := newScene(t, 1, 37, 12, bad...)
	r := mustRun(t, sc.input(quick(2000)))
	var want []string
	for _, b := range bad {
		want = append(want, sc.p.IDs[b])
	}
	got := slices.Clone(r.Worst)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("got worst %v, want %v", got, want)
	}
	for _, f := range r.Footprints {
		planted := slices.Contains(want, f.Footprint)
		if planted && (f.PWorst < 0.9 || f.Rating != 4 || f.Rank > 5 || f.RankHigh > 6) {
			t.Errorf("planted %+v", f)
		}
		if !planted && (f.PWorst > 0.1 || f.Rank <= 5) {
			t.Errorf("not planted %+v", f)
		}
		if f.Coverage != 1 || !f.Rated || f.DomainsRated != 6 {
			t.Errorf("got %+v, want full coverage", f)
		}
	}
}

func TestRunInvariants(t *testing.T) {
	sc := newScene(t, 2, 12, 10, 4)
	opt := quick(300)
	base := mustRun(t, sc.input(opt))

	t.Run("order of rows", func(t *testing.T) {
		in := sc.input(opt)
		in.Observations = slices.Clone(sc.rows)
		rand.New(rand.NewPCG(3, 0)).Shuffle(len(in.Observations), func(i, j int) {
			in.Observations[i], in.Observations[j] = in.Observations[j], in.Observations[i]
		})
		same(t, mustRun(t, in), base, 0)
	})
	t.Run("jobs", func(t *testing.T) {
		one, many := opt, opt
		one.Jobs, many.Jobs = 1, 7
		same(t, mustRun(t, sc.input(one)), mustRun(t, sc.input(many)), 0)
	})
	t.Run("unit", func(t *testing.T) {
		in := sc.input(opt)
		in.Definitions = plain(10, func(_ int, ind *definition.Indicator) {
			if ind.Kind == definition.Rate {
				ind.Per *= 100
			}
		})
		got := mustRun(t, in)
		for i, row := range got.Indicators {
			if base.Indicators[i].Indicator == "i04" && row.Value != base.Indicators[i].Value*100 && !footprinttest.Near(row.Value, base.Indicators[i].Value*100, 1e-12) {
				t.Fatalf("got %v, want a hundred times %v", row.Value, base.Indicators[i].Value)
			}
			if !footprinttest.Near(row.Z, base.Indicators[i].Z, 1e-9) {
				t.Fatalf("got z %v, want %v", row.Z, base.Indicators[i].Z)
			}
		}
		sameScores(t, got, base, 1e-9)
	})
	t.Run("an area in two halves", func(t *testing.T) {
		b := flow.NewBuilder()
		for a, code := range sc.m.Areas() {
			providers, counts := sc.m.Row(a)
			for i, p := range providers {
				parts := []string{code}
				if a == 7 {
					parts = []string{code + "a", code + "b"}
				}
				for _, part := range parts {
					if err := b.Add(part, sc.m.Providers()[p], flow.Exactly(counts[i]/float64(len(parts)))); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		in := sc.input(opt)
		in.Matrix = m
		in.Partition.Areas = slices.Insert(slices.Clone(sc.p.Areas), 7, sc.p.Areas[7])
		same(t, mustRun(t, in), base, 1e-9)
	})
	t.Run("polarity", func(t *testing.T) {
		in := sc.input(opt)
		in.Definitions = plain(10, func(i int, ind *definition.Indicator) { ind.Polarity = -ind.Polarity })
		got := mustRun(t, in)
		for i, row := range got.Indicators {
			was := base.Indicators[i]
			if row.Z != -was.Z || row.Band != -was.Band || row.Gap != -was.Gap && !math.IsNaN(row.Gap) || row.Value != was.Value {
				t.Fatalf("got %+v, want %+v turned over", row, was)
			}
		}
	})
	t.Run("a missing indicator", func(t *testing.T) {
		in := sc.input(opt)
		in.Options.View = attribution.Providers
		full := mustRun(t, in)
		in.Observations = slices.DeleteFunc(slices.Clone(sc.rows), func(o attribution.Observation) bool {
			return o.Indicator == "i03" && strings.HasPrefix(o.Entity, "P02")
		})
		got := mustRun(t, in)
		for f, row := range got.Footprints {
			was := full.Footprints[f]
			if f == 2 {
				if !footprinttest.Near(row.Coverage, 0.9, 1e-12) || was.Coverage != 1 || row.DomainsRated != 4 || !slices.Equal(row.Unrated, []string{"d01"}) || !row.Rated {
					t.Errorf("got %+v, want 9 of 10 indicators and domain d01 unrated", row)
				}
				continue
			}
			if row.Coverage != was.Coverage || row.DomainsFailing != was.DomainsFailing || row.DomainsRated != was.DomainsRated {
				t.Errorf("got %+v, want %+v", row, was)
			}
		}
		for i, row := range got.Indicators {
			was := full.Indicators[i]
			if row.Footprint == "F03" && row.Indicator == "i03" {
				if !math.IsNaN(row.Value) || !math.IsNaN(row.Numerator) || !math.IsNaN(row.Z) || row.Coverage != 0 || row.MeetsTarget != Unknown || row.Failing != Unknown {
					t.Errorf("got %+v, want unknown", row)
				}
				continue
			}
			if row.Value != was.Value || row.Gap != was.Gap && !math.IsNaN(row.Gap) || row.MeetsTarget != was.MeetsTarget {
				t.Errorf("got %+v, want %+v", row, was)
			}
		}
	})
}

// same holds two results equal but for rounding.
func same(t *testing.T, got, want *Result, tolerance float64) {
	t.Helper()
	if len(got.Indicators) != len(want.Indicators) {
		t.Fatalf("got %d rows, want %d", len(got.Indicators), len(want.Indicators))
	}
	for i := range got.Indicators {
		alike(t, got.Indicators[i], want.Indicators[i], tolerance)
	}
	sameScores(t, got, want, tolerance)
}

func sameScores(t *testing.T, got, want *Result, tolerance float64) {
	t.Helper()
	for i := range got.Footprints {
		alike(t, got.Footprints[i], want.Footprints[i], tolerance)
	}
	for i := range got.Sensitivity {
		alike(t, got.Sensitivity[i], want.Sensitivity[i], tolerance)
	}
}

func alike(t *testing.T, got, want any, tolerance float64) {
	t.Helper()
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		if x, ok := g.Field(i).Interface().(float64); ok {
			y := w.Field(i).Float()
			if !footprinttest.Near(x, y, tolerance) && !(math.IsNaN(x) && math.IsNaN(y)) {
				t.Fatalf("%s: got %v, want %v in %+v", g.Type().Field(i).Name, x, y, got)
			}
		} else if x, y := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(x, y) {
			t.Fatalf("%s: got %v, want %v in %+v", g.Type().Field(i).Name, x, y, got)
		}
	}
}

func TestNotRated(t *testing.T) {
	sc := newScene(t, 3, 8, 6)
	in := sc.input(quick(200))
	// F01 has one domain of three, F02 half of a domain.
	in.Observations = slices.DeleteFunc(slices.Clone(sc.rows), func(o attribution.Observation) bool {
		return strings.HasPrefix(o.Entity, "P00") && o.Indicator > "i01" || strings.HasPrefix(o.Entity, "P01") && o.Indicator == "i00"
	})
	in.Options.View = attribution.Providers
	r := mustRun(t, in)
	f := r.Footprints[0]
	if f.Rated || !math.IsNaN(f.Score) || f.Rating != 0 || f.Rank != 0 || !math.IsNaN(f.PWorst) || f.DomainsRated != 1 {
		t.Errorf("got %+v, want not rated", f)
	}
	if f := r.Footprints[1]; !f.Rated || f.DomainsRated != 2 || !slices.Equal(f.Unrated, []string{"d00"}) {
		t.Errorf("got %+v, want two of three domains", f)
	}
	for _, f := range r.Footprints[1:] {
		if f.Rank < 1 || f.Rank > 7 || f.RankLow < 1 || f.RankHigh > 7 {
			t.Errorf("got %+v, want ranks among the seven that are rated", f)
		}
	}
	// Indicators of the set that nobody has count: half a set rates nobody, and
	// nothing but the coverage is other than with the half alone.
	in = sc.input(quick(-1))
	small := mustRun(t, in)
	in.Definitions = plain(12, nil)
	r = mustRun(t, in)
	if f := r.Footprints[0]; f.Rated || !footprinttest.Near(f.Coverage, 0.5, 1e-12) || f.Domains != 6 || f.DomainsRated != 3 || f.IndicatorsRated != 6 || f.Indicators != 12 || len(r.Worst) != 0 || len(r.Unmeasured) != 6 {
		t.Errorf("got %+v, want half covered and not rated", f)
	}
	for i := range small.Footprints {
		if small.Footprints[i].Coverage != 1 || !small.Footprints[i].Rated || small.order[i] != r.order[i] || small.Footprints[i].Rank != r.order[i] {
			t.Errorf("got order %d, want %+v", r.order[i], small.Footprints[i])
		}
	}
	in.Options.MinDomains = 0.5
	for i, f := range mustRun(t, in).Footprints {
		if !f.Rated || f.Score != small.Footprints[i].Score || f.Rank != small.Footprints[i].Rank {
			t.Errorf("got %+v, want the score of the six indicators %+v", f, small.Footprints[i])
		}
	}
}

// The normalisations and means are those of the OECD and JRC handbook (z, min-max,
// distance to a reference, rank), as R's COINr states them.
func TestAggregationsByHand(t *testing.T) {
	// Two indicators in one domain, three footprints; oriented values.
	e := &engine{
		nf: 3, nk: 2, nd: 1, domains: []int{0}, first: []int{0, 2}, weight: []float64{3, 1}, domWeight: []float64{1}, rated: []bool{true, true, true},
		judged: []judged{{domain: 0}, {domain: 0}},
	}
	e.variants = []cells{{x: []float64{1, 2, 3, 30, 10, 20}, crit: []float64{2.5, 2.5, 2.5, 15, 15, 15}, goal: []float64{2, 2, 2, 15, 15, 15}}}
	g := func(u float64) float64 { return 1 + 99*(1-u) }
	for _, tc := range []struct {
		by   choice
		want []float64
	}{
		{choice{ZScores, Arithmetic, -1}, []float64{(3*-1 + 1) / 4., (0 + -1) / 4., (3*1 + 0) / 4.}},
		{choice{Distance, Arithmetic, -1}, []float64{(3*-1 + 1.5) / 4, (0 + -0.5) / 4., (3 + 0.5) / 4}},
		{choice{MinMax, Arithmetic, -1}, []float64{0.25, 3 * 0.5 / 4, 3.5 / 4}},
		{choice{Ranks, Arithmetic, -1}, []float64{0.25, 3 * 0.5 / 4, 3.5 / 4}},
		{choice{MinMax, Geometric, -1}, []float64{100 - math.Pow(g(0), 0.75)*math.Pow(g(1), 0.25), 100 - math.Pow(g(0.5), 0.75)*math.Pow(g(0), 0.25), 100 - math.Pow(g(1), 0.75)*math.Pow(g(0.5), 0.25)}},
		{choice{ZScores, Arithmetic, 1}, []float64{-1, 0, 1}},
		// Fails where at least half the weight fails; depth is the mean of what is past the target.
		{choice{ZScores, ByDomains, -1}, []float64{0 + 0.375/1.375, 0, 1 + 0.875/1.875}},
	} {
		w := e.stated(tc.by)
		for f, want := range tc.want {
			if !footprinttest.Near(w.score[f], want, 1e-12) {
				t.Errorf("%v: got %v, want %v", tc.by, w.score, tc.want)
				break
			}
		}
	}
	w := e.stated(choice{ZScores, ByDomains, -1})
	if !slices.Equal(w.rank, []int32{2, 3, 1}) || w.failing[2] != 1 || w.failing[0] != 0 {
		t.Errorf("got ranks %v, failing %v", w.rank, w.failing)
	}
}

// A footprint fails a target exactly where its interval leaves the target and
// margin out.
func TestCriticalValueIsTheInterval(t *testing.T) {
	out := &outliers{y: []float64{math.NaN()}, s: []float64{math.NaN()}}
	for _, polarity := range []definition.Polarity{definition.HigherIsBetter, definition.LowerIsBetter} {
		for _, kind := range []definition.Kind{definition.Proportion, definition.Rate} {
			ind := definition.Indicator{Kind: kind, Polarity: polarity, Per: 1, Target: definition.Target{Set: true, Value: 0.5}, Margin: 0.1}
			for num := 20.0; num <= 180; num++ {
				at := attributedCounts([]float64{num}, []float64{200}, 1)
				var lower, upper float64
				if kind == definition.Proportion {
					lower, upper = interval.Wilson(num, 200, 0.9)
				} else {
					lower, upper = interval.Byar(num, 0.9)
					lower, upper = lower/200, upper/200
				}
				want := polarity == definition.HigherIsBetter && upper < 0.4 || polarity == definition.LowerIsBetter && lower > 0.6
				side := -float64(polarity)
				if got := side*at.Value[0] > (&measure{chosen: chosen{ind: &ind}, aim: aim{set: true, at: []float64{0.5}}}).critical(at, 0, out, 0, &Options{Failing: FailsTarget, Certainty: 0.95}); got != want {
					t.Fatalf("%s, %v: %v of 200 in %v to %v: got failing %v, want %v", kind, polarity, num, lower, upper, got, want)
				}
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	sc := newScene(t, 1, 3, 2)
	for _, opt := range []Options{
		{View: "sideways"},
		{Aggregation: "sum"},
		{Normalisation: "log"},
		{Failing: "never"},
		{Certainty: 1},
		{Certainty: math.NaN()},
		{MinDomains: 2},
		{Cuts: &[3]float64{3, 2, 1}},
		{Worst: -1},
		{Concentration: -1},
	} {
		if _, err := Run(context.Background(), sc.input(opt)); !errors.Is(err, ErrOption) {
			t.Errorf("%+v: got %v, want ErrOption", opt, err)
		}
	}
	if _, err := Run(context.Background(), sc.input(Options{Period: "2019"})); !errors.Is(err, attribution.ErrUnknownPeriod) {
		t.Errorf("got %v, want ErrUnknownPeriod", err)
	}
	if _, err := Run(context.Background(), Input{}); err == nil {
		t.Error("the zero Input was scored")
	}
	in := sc.input(Options{})
	in.Observations = nil
	if _, err := Run(context.Background(), in); !errors.Is(err, attribution.ErrNothing) {
		t.Errorf("got %v, want ErrNothing", err)
	}
	ctx, stop := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	stop(why)
	if _, err := Run(ctx, sc.input(Options{})); !errors.Is(err, why) {
		t.Errorf("got %v, want the cause", err)
	}
}

func TestSensitivity(t *testing.T) {
	sc := newScene(t, 5, 15, 10, 2)
	in := sc.input(Options{Seed: 3, Draws: 4000})
	in.Confidence = slices.Repeat([]float64{0.8}, len(sc.m.Areas()))
	r := mustRun(t, in)
	kinds := map[string]int{}
	first := 0.0
	for _, row := range r.Sensitivity {
		kinds[row.Kind]++
		if row.Kind == "factor" {
			if !(row.FirstOrder >= 0 && row.FirstOrder <= 1) || row.TotalEffect < row.FirstOrder-0.1 {
				t.Errorf("got %+v", row)
			}
			first += row.FirstOrder
		}
	}
	if kinds["factor"] != 6 || kinds["alternative"] != 8 || kinds["leave_out"] != 10 {
		t.Errorf("got %v, want 6 factors, 8 alternatives and 10 indicators", kinds)
	}
	if !(first > 0.2 && first < 1.15) {
		t.Errorf("first-order shares add up to %v", first)
	}
	in = sc.input(Options{Seed: 3, Draws: 400, FixedChoices: true})
	for _, row := range mustRun(t, in).Sensitivity {
		if row.Kind == "factor" && row.Item != "sampling" && row.Item != "weights" && row.Item != "attribution" {
			t.Errorf("got factor %q with fixed choices", row.Item)
		}
	}
}

// One source of doubt explains everything.
func TestVarianceSharesOfOneFactor(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	n := 4000
	a, b, own, none := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range n {
		a[i], b[i] = rng.Int32N(20), rng.Int32N(20)
		own[i], none[i] = b[i], a[i] // the factor is all there is, or nothing
	}
	if row := varianceShares("x", a, b, own, n, 1); math.Abs(row.FirstOrder-1) > 0.05 || math.Abs(row.TotalEffect-1) > 0.05 {
		t.Errorf("got %+v, want 1", row)
	}
	if row := varianceShares("x", a, b, none, n, 1); row.FirstOrder != 0 || row.TotalEffect != 0 {
		t.Errorf("got %+v, want 0", row)
	}
}

// The draws of a single certain figure never move; those of a coin's toss do.
func TestDirichletWeights(t *testing.T) {
	d := &doubt{opt: &Options{Seed: 1}}
	w := &worker{pcg: rand.NewPCG(0, 0)}
	w.rng = rand.New(w.pcg)
	var sum, sum2 float64
	const n = 20000
	for i := range n {
		d.stream(w, factorWeights, i)
		g := gamma(16, w.pcg)
		sum, sum2 = sum+g, sum2+g*g
	}
	mean := sum / n
	cv := math.Sqrt(sum2/n-mean*mean) / mean
	if math.Abs(mean-16) > 0.2 || math.Abs(cv-0.25) > 0.01 {
		t.Errorf("got mean %v and variation %v, want 16 and 0.25", mean, cv)
	}
}

// The series for sin² in the draws agrees with the function.
func TestArcsineDraws(t *testing.T) {
	for _, p := range [][2]float64{{0, 30}, {30, 30}, {3, 30}, {950, 1000}, {1, 2}, {80000, 100000}} {
		at := attributedCounts(p[:1], p[1:], 1)
		s := (&measure{chosen: chosen{ind: &definition.Indicator{Kind: definition.Proportion}}}).newSampler(at, 0)
		a, b := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(1, 1))
		for range 2000 {
			got := s.value(-at.Value[0], -1, a)
			want := math.Sin(max(0, min(math.Pi/2, s.a+s.b*b.NormFloat64())))
			if math.Abs(got+want*want) > 1e-9 {
				t.Fatalf("%v: got %v, want %v", p, -got, want*want)
			}
		}
	}
}

func BenchmarkRun(b *testing.B) {
	sc := newScene(b, 1, 44, 20, 3, 8)
	in := sc.input(Options{Seed: 1, Jobs: 1})
	for b.Loop() {
		if _, err := Run(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// Other partitions move what is doubtful, and only that.
func TestAlternativePartitions(t *testing.T) {
	sc := newScene(t, 6, 10, 6, 2)
	in := sc.input(Options{Seed: 1, Draws: 800, FixedChoices: true})
	other := footprint.Partition{Areas: slices.Clone(sc.p.Areas), Providers: sc.p.Providers, IDs: sc.p.IDs}
	for i := range 4 { // most of F01 to F02
		other.Areas[i] = 1
	}
	in.Alternatives = []footprint.Partition{other}
	r := mustRun(t, in)
	var partition SensitivityRow
	for _, row := range r.Sensitivity {
		if row.Item == "partition" {
			partition = row
		}
	}
	if partition.Kind != "factor" || !(partition.TotalEffect > 0) {
		t.Errorf("got %+v, want an effect of the partition", partition)
	}
	// An alternative that is the partition itself has none.
	in.Alternatives = []footprint.Partition{sc.p}
	for _, row := range mustRun(t, in).Sensitivity {
		if row.Item == "partition" && row.TotalEffect != 0 {
			t.Errorf("got %+v, want no effect", row)
		}
	}
	in.Alternatives = []footprint.Partition{{Areas: []int32{0}}}
	if _, err := Run(context.Background(), in); err == nil {
		t.Error("a partition of another matrix was taken")
	}
}

// In a one-mode matrix places are areas and providers at once.
func TestOneMode(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, e := range [][2]string{{"a", "b"}, {"b", "a"}, {"c", "d"}, {"d", "c"}, {"a", "c"}} {
		if err := b.Add(e[0], e[1], flow.Exactly(10)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{Areas: []int32{0, 0, 1, 1}, IDs: []string{"F1", "F2"}}
	for _, level := range []definition.Level{definition.AreaLevel, definition.ProviderLevel} {
		r := mustRun(t, Input{
			Matrix: m, Partition: p, Definitions: plain(1, func(_ int, ind *definition.Indicator) { ind.Level = level }), Options: quick(50),
			Observations: []attribution.Observation{row("a", "i00", 8, 10), row("b", "i00", 9, 10), row("c", "i00", 5, 10), row("d", "i00", 5, 10)},
		})
		var num, den float64
		for _, row := range r.Indicators {
			num, den = num+row.Numerator, den+row.Denominator
		}
		if num != 27 || den != 40 || r.Worst[0] != "F2" {
			t.Errorf("%s: got %v of %v, worst %v", level, num, den, r.Worst)
		}
	}
}

// Nothing panics on odd but possible input.
func TestOddInput(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	for name, in := range map[string]Input{
		"one footprint":         {Matrix: m, Partition: footprint.Partition{Areas: []int32{0, 0, 0}, Providers: []int32{0, 0}, IDs: []string{"F1"}}},
		"a footprint of no one": {Matrix: m, Partition: footprint.Partition{Areas: []int32{0, 0, 1}, Providers: []int32{0, 1}, IDs: []string{"F1", "F2", "F3"}}},
		"nobody placed":         {Matrix: m, Partition: footprint.Partition{Areas: []int32{-1, -1, -1}, Providers: []int32{-1, -1}, IDs: []string{"F1"}}},
		"no footprints":         {Matrix: m, Partition: footprint.Partition{Areas: []int32{-1, -1, -1}, Providers: []int32{-1, -1}}},
		"all alike":             {Matrix: m, Partition: p},
	} {
		in.Observations = []attribution.Observation{
			row("P", "ae_4h", 900, 1000), row("Q", "ae_4h", 450, 500), row("P", "rtt_52w", 0, 10), row("Q", "rtt_52w", 0, 10),
			row("P", "finance", 0, 10), row("Q", "finance", 0, 10), valueRow("P", "cqc", 2), valueRow("Q", "cqc", 2),
		}
		in.Options = quick(60)
		r, err := Run(context.Background(), in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var b strings.Builder
		for _, write := range []func() error{
			func() error { return r.WriteIndicators(&b) }, func() error { return r.WriteScores(&b) },
			func() error { return r.WriteSensitivity(&b) }, func() error { return r.WriteLeague(&b, 0) },
		} {
			if err := write(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%s: %s", name, s)
		}
		for _, id := range in.Partition.IDs {
			if e, err := r.Explain(id); err != nil || strings.Contains(e.Text(), "NaN") {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.Caterpillar()
		r.HeatMap()
		for _, id := range r.Measured {
			r.Funnel(id)
		}
	}
}
