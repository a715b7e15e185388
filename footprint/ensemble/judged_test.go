package ensemble

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/footprint"
)

// Where a figure is not known of any map, it is placed nowhere, does not count as
// one that varies, and keeps no other figure from converging.
func TestWhatIsNotKnownIsPlacedNowhere(t *testing.T) {
	nothing := Draws{slices.Repeat([]float64{math.NaN()}, 100), slices.Repeat([]float64{math.NaN()}, 100)}
	p := PlaceOf(Statistic{Name: "min_population"}, math.NaN(), nothing)
	if p.Varies || p.Converged || p.Verdict != "not known" || !math.IsNaN(p.Percentile) || !math.IsNaN(p.RHat) {
		t.Errorf("%+v", p)
	}
	q := ExactPlace(Statistic{Name: "min_population"}, math.NaN(), []float64{math.NaN(), math.NaN()}, []float64{1, 1})
	if q.Varies || !math.IsNaN(q.Percentile) {
		t.Errorf("%+v", q)
	}
	if none := ExactPlace(Statistic{}, 1, nil, nil); none.Varies || !math.IsNaN(none.Percentile) {
		t.Errorf("of no map: %+v", none)
	}
	if varies(nil) || varies([]float64{1}) || !varies([]float64{1, 2}) {
		t.Error("varies is wrong")
	}
}

// The interval of a percentile holds the true one about 95 times in 100, of draws
// that hang on each other.
func TestIntervalsOfPercentilesCover(t *testing.T) {
	const trials, value = 60, 1.2
	covered, told := 0, 0
	for trial := range uint64(trials) {
		d := make(Draws, 4)
		for c := range d {
			rng := rand.New(rand.NewPCG(trial, uint64(c)))
			x := rng.NormFloat64()
			for range 1000 {
				x = 0.6*x + 0.8*rng.NormFloat64() // correlated, with variance 1
				d[c] = append(d[c], x)
			}
		}
		p := PlaceOf(Statistic{Better: 1}, value, d)
		if !p.Converged {
			continue
		}
		told++
		if truth := 100 * 0.5 * math.Erfc(-value/math.Sqrt2); p.Lower <= truth && truth <= p.Upper {
			covered++
		}
	}
	if told < 40 || covered < told*86/100 {
		t.Errorf("%d of %d intervals hold the truth", covered, told)
	}
}

// What is said of a place, in every direction and at its ends.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		better     int8
		percentile float64
		want       string
	}{
		{1, 99.8, "better than 99.8% of maps"},
		{1, 99.95, "better than 99.95% of maps"},
		{1, 50, "better than 50% of maps"},
		{-1, 0.3, "better than 99.7% of maps"},
		{-1, 99.99, "better than 0.01% of maps"},
		{0, 12.34, "above 12.3% of maps"},
		{1, 100, "better than every other map"},
		{1, 0, "better than no map"},
		{-1, 0, "better than every other map"},
		{-1, 100, "better than no map"},
		{0, 100, "above every other map"},
		{0, 0, "above no map"},
	} {
		p := Place{Statistic: Statistic{Better: c.better}, Percentile: c.percentile}
		if got := p.words(); got != c.want {
			t.Errorf("%v at %v: %q, want %q", c.better, c.percentile, got, c.want)
		}
	}
	for _, c := range []struct {
		maps              int
		rhat, bulk, tails float64
		least, most       int
	}{
		{1000, 1.005, 100, 400, 3900, 4100},
		{1000, 1.1, 500, 500, 9900, 11000},
		{1000, 1.0, 4000, 4000, 2000, 2000},
		{100, math.Inf(1), 10, 10, 10_000, 10_000},
	} {
		if n := enough(c.maps, &Place{RHat: c.rhat, BulkESS: c.bulk, TailESS: c.tails}); n < c.least || n > c.most {
			t.Errorf("%+v: %d maps would be enough", c, n)
		}
	}
}

// Compactness is 4πA/P² of each part, from its outline; worked out by hand for
// four unit squares in two parts.
func TestCompactnessAndSpread(t *testing.T) {
	p := gridProblem(2, false)
	p.Demands = footprint.Constraints{Footprints: 2, Population: []float64{10, 20, 30, 40}, MinPopulation: 1, MaxPopulation: 99}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	g := &Geometry{KM2: []float64{1, 1, 1, 1}, PerimeterKM: []float64{4, 4, 4, 4}, BorderKM: []float64{1, 1, 1, 1}}
	f := NewFigures(s, g)
	at := func(name string, label ...int32) float64 {
		for k, st := range f.Statistics() {
			if st.Name == name {
				return f.Of(label)[k]
			}
		}
		t.Fatalf("no statistic %s", name)
		return 0
	}
	two, three := 4*math.Pi*2/36, 4*math.Pi*3/64
	for _, c := range []struct {
		name  string
		label []int32
		want  float64
	}{
		{"mean_compactness", []int32{0, 0, 1, 1}, two},
		{"mean_compactness", []int32{0, 1, 0, 0}, (three + 4*math.Pi/16) / 2},
		{"mean_compactness", []int32{0, 0, 0, 0}, 4 * math.Pi * 4 / 64},
		{"min_population", []int32{0, 0, 1, 1}, 30},
		{"max_population", []int32{0, 0, 1, 1}, 70},
		{"population_spread", []int32{0, 0, 1, 1}, math.Sqrt(800) / 50},
		{"population_spread", []int32{0, 0, 0, 0}, 0},
		{"cut_borders", []int32{0, 0, 1, 1}, 2},
		{"cut_borders", []int32{0, 1, 1, 0}, 4},
	} {
		if got := at(c.name, c.label...); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s of %v: %v, want %v", c.name, c.label, got, c.want)
		}
	}
	if got := NewFigures(s, nil).Of([]int32{0, 0, 1, 1})[3]; !math.IsNaN(got) {
		t.Errorf("without geometry: compactness %v", got)
	}
	s.Demands.Population = nil
	if got := NewFigures(s, g).Of([]int32{0, 0, 1, 1}); !math.IsNaN(got[1]) || !math.IsNaN(got[4]) {
		t.Errorf("without people: %v", got)
	}
}

// Maps that are drawn from the measure are found unusual by the local tests no
// more often than their p values say.
func TestLocalTestsAreExact(t *testing.T) {
	s := grid(t, 3, 4, 3, 1, Uniform)
	run := Sampling{Space: s, Samples: 32, Chains: 4, Thin: 25, Seed: 21}
	f := NewFigures(s, nil)
	low, high, n := 0, 0, 0
	if err := run.Run(t.Context(), allTasks(16), nil, func(_ int, r []int32) error {
		list, err := run.Local(t.Context(), run.Labels(r), f)
		if err != nil {
			return err
		}
		n++
		if list[0].PLow <= 0.1 {
			low++
		}
		if list[0].PHigh <= 0.1 {
			high++
		}
		if l := list[0]; l.PLow+l.PHigh < 1 || l.RootLow < 0 || l.RootLow > 1 || l.RootHigh > 1 {
			t.Errorf("%+v", l)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n != 16 || low > 6 || high > 6 { // 2 each by chance, and more than 6 once in 2,000
		t.Errorf("of %d maps, %d are found too low and %d too high at p 0.1", n, low, high)
	}
}

// The search for a better map finds the best one that the list has, and never a
// worse one than it began with.
func TestBestIsTheBestOfAll(t *testing.T) {
	s := grid(t, 4, 4, 4, 1, Trees)
	f := NewFigures(s, nil)
	least, worst := math.Inf(1), []int32(nil)
	most := 0.0
	if err := s.List(t.Context(), func(label []int32, _ *big.Int) error {
		x := f.Of(label)[0]
		least = min(least, x)
		if x > most {
			most, worst = x, slices.Clone(label)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	run := Sampling{Space: s, Samples: 40, Chains: 4, Thin: 4, Seed: 3}
	label, value, err := run.Best(t.Context(), worst, f, 0)
	if err != nil || value != least || f.Of(label)[0] != value || s.Lacks(label) != nil {
		t.Errorf("the best of %v is %v (%v), want %v", worst, value, err, least)
	}
}

// The same seed gives the same maps on one processor and on four; another seed
// gives others.
func TestSeedsAndJobs(t *testing.T) {
	s := withFlows(t, Trees, nil)
	maps := func(seed uint64, jobs int) (all [][]int32) {
		run := Sampling{Space: s, Samples: 80, Chains: 4, Thin: 9, Seed: seed, Jobs: jobs}
		all = make([][]int32, 80)
		if err := run.Run(t.Context(), allTasks(80), nil, func(task int, r []int32) error {
			all[task] = r
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	one, four, other := maps(1, 1), maps(1, 4), maps(2, 4)
	same := 0
	for i := range one {
		if !slices.Equal(one[i], four[i]) {
			t.Fatalf("map %d differs between one job and four", i)
		}
		if slices.Equal(one[i], other[i]) {
			same++
		}
	}
	if same > 40 {
		t.Errorf("%d of 80 maps are the same under another seed", same)
	}
}

// Numbers that hold for any ensemble: defaults, and how many proposals it takes.
func TestHowManyProposals(t *testing.T) {
	s := grid(t, 4, 4, 4, 1, Trees)
	run := Sampling{Space: s, Samples: 4000, Chains: 4}
	if run.Steps() != 100 || run.Warmup() != 100 || run.Nodes() != 18 {
		t.Errorf("%d steps, %d of warm-up, %d numbers", run.Steps(), run.Warmup(), run.Nodes())
	}
	run.Thin, run.Samples = 7, 40
	if run.Steps() != 7 || run.Warmup() != 20 {
		t.Errorf("%d steps, %d of warm-up", run.Steps(), run.Warmup())
	}
	record := append(make([]int32, 16), 3, 4)
	if run.Taken(record) != 7 || len(run.Labels(record)) != 16 {
		t.Errorf("%d taken of %d areas", run.Taken(record), len(run.Labels(record)))
	}
	for _, name := range []string{"trees", "uniform"} {
		if m, err := ParseMeasure(name); err != nil || m.String() != name {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
	if _, err := ParseMeasure("forest"); err == nil {
		t.Error("a measure that there is not was read")
	}
}
