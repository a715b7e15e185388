package ensemble

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// flowsOnGrid are patients of a grid's areas at a few hospitals, from a seed.
func flowsOnGrid(t *testing.T, areas, hospitals int, seed uint64) *flow.Matrix {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 5))
	b := flow.NewBuilder()
	for a := range areas {
		for h := range hospitals {
			n := float64(rng.IntN(60))
			if a*hospitals/areas == h {
				n += 200
			}
			if err := b.Add(code('A', a), code('H', h), flow.Exactly(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func code(kind rune, n int) string {
	return string(kind) + string(rune('0'+n/10)) + string(rune('0'+n%10))
}

// withFlows is a 4 by 4 grid with flows and demands.
func withFlows(t *testing.T, m Measure, demand func(*footprint.Constraints)) *Space {
	t.Helper()
	p := squares(4, 3, m)
	p.Demands.MinPopulation, p.Demands.MaxPopulation = 3, 8
	p.Matrix = flowsOnGrid(t, 16, 5, 1)
	p.Demands.Population = slices.Repeat([]float64{1}, 16)
	if demand != nil {
		demand(&p.Demands)
	}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The walk and the list of all maps meet the same demands, whatever they are.
func TestDemandsHold(t *testing.T) {
	for name, demand := range map[string]func(*footprint.Constraints){
		"providers": nil,
		"two each": func(c *footprint.Constraints) {
			c.MinProviders = 1
			c.CountedProviders = []bool{true, true, false, true, false}
		},
		"localisation": func(c *footprint.Constraints) { c.MinLocalisation = 0.55 },
		"share":        func(c *footprint.Constraints) { c.MaxShare = 0.45 },
		"together":     func(c *footprint.Constraints) { c.Together = [][]int32{{0, 1}, {3, 15}} },
		"whole":        func(c *footprint.Constraints) { c.KeepWhole = []footprint.Unit{{Name: "U", Areas: []int32{5, 6, 9}}} },
		"apart":        func(c *footprint.Constraints) { c.Apart = [][]int32{{0, 5}, {16, 18}} },
		"fixed": func(c *footprint.Constraints) {
			c.Start = &footprint.Partition{Areas: slices.Repeat([]int32{0, 1}, 8), Providers: slices.Repeat([]int32{0}, 5), IDs: []string{"a", "b"}}
			c.Fixed = make([]bool, 21)
			c.Fixed[0], c.Fixed[4], c.Fixed[15] = true, true, true
		},
	} {
		for _, m := range []Measure{Trees, Uniform} {
			s := withFlows(t, m, demand)
			want := cutEdges(t, s)
			if len(want) < 2 {
				t.Fatalf("%s: the list of maps has %d classes", name, len(want))
			}
			run := Sampling{Space: s, Samples: 1200, Chains: 4, Thin: 20, Seed: 3}
			if p := fit(drawn(t, run), want); p < 1e-4 {
				t.Errorf("%s, %v: p %v", name, m, p)
			}
		}
	}
}

// Every map drawn is allowed, by the checks of a map from elsewhere.
func TestDrawnMapsLackNothing(t *testing.T) {
	s := withFlows(t, Trees, func(c *footprint.Constraints) { c.MinLocalisation = 0.5; c.Together = [][]int32{{0, 1}} })
	run := Sampling{Space: s, Samples: 200, Chains: 4, Thin: 10, Seed: 2}
	if err := run.Run(t.Context(), allTasks(200), nil, func(_ int, r []int32) error {
		if lacks := s.Lacks(run.Labels(r)); lacks != nil {
			t.Errorf("%v lacks %q", run.Labels(r), lacks)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	rows := make([]int32, 16)
	for a := range rows {
		rows[a] = int32(a) % 2
	}
	if lacks := strings.Join(s.Lacks(rows), "; "); lacks != "it has 2 footprints, and the maps drawn have 3" {
		t.Errorf("said %q", lacks)
	}
	rows[15], rows[2] = 2, 2
	if lacks := strings.Join(s.Lacks(rows), "; "); !strings.Contains(lacks, "it parts areas that must be together; a footprint is in several pieces on the ground; 1 footprint has fewer than 3 people") {
		t.Errorf("said %q", lacks)
	}
}

// A chain goes on from any kept map as if it had not stopped.
func TestResumedChainsAreTheSame(t *testing.T) {
	s := withFlows(t, Uniform, nil)
	run := Sampling{Space: s, Samples: 40, Chains: 4, Thin: 15, Seed: 9}
	whole, parts := make([][]int32, 40), make([][]int32, 40)
	put := func(into [][]int32) func(int, []int32) error {
		return func(task int, r []int32) error { into[task] = r; return nil }
	}
	if err := run.Run(t.Context(), allTasks(40), nil, put(whole)); err != nil {
		t.Fatal(err)
	}
	run.Jobs = 1
	had := func(task int) []int32 { return parts[task] }
	for _, some := range [][]int{{0, 1, 4, 5, 9, 2, 3}, {6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, allTasks(40)[20:]} {
		slices.Sort(some)
		if err := run.Run(t.Context(), some, had, put(parts)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range whole {
		if !slices.Equal(whole[i], parts[i]) {
			t.Errorf("map %d differs", i)
		}
	}
}

// The statistics are those that the rest of the tool computes.
func TestFiguresAreThoseOfMeasures(t *testing.T) {
	s := withFlows(t, Trees, nil)
	f := NewFigures(s, nil)
	run := Sampling{Space: s, Samples: 40, Chains: 4, Thin: 10, Seed: 4}
	if err := run.Run(t.Context(), allTasks(40), nil, func(_ int, r []int32) error {
		label := run.Labels(r)
		groups := make([]string, len(label))
		for a, p := range label {
			groups[a] = code('F', int(p))
		}
		want := footprint.Measure(s.Matrix, footprint.FromGroups(s.Matrix, groups, make([]string, 5)), s.Demands.Population, nil)
		got := f.Of(label)
		for k, x := range map[int]float64{1: want.MinPopulation, 2: want.MaxPopulation, 5: want.InsideShare, 6: want.MinLocalisation, 7: want.MedianLocalisation} {
			if math.Abs(got[k]-x) > 1e-12 {
				t.Errorf("%s is %v, want %v", f.Statistics()[k].Name, got[k], x)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Maps near to one move no more people than allowed, and are drawn as the list
// of all maps has them.
func TestNearMaps(t *testing.T) {
	p := squares(4, 4, Uniform)
	p.Demands.MinPopulation, p.Demands.MaxPopulation, p.Within = 3, 5, 0.25
	for a := range p.Areas {
		p.Near = append(p.Near, int32(a/4))
	}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := s.List(t.Context(), func(label []int32, _ *big.Int) error {
		if n++; s.Moved(label, p.Near) > 0.25 {
			t.Errorf("%v moves %v", label, s.Moved(label, p.Near))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n == 0 || n >= 1953 {
		t.Fatalf("%d maps are near", n)
	}
	run := Sampling{Space: s, Samples: 1600, Chains: 4, Thin: 30, Seed: 1, Starts: [][]int32{p.Near, p.Near, p.Near, p.Near}}
	if got := fit(drawn(t, run), cutEdges(t, s)); got < 1e-4 {
		t.Errorf("p %v over %d maps", got, n)
	}
}

// The numbers of spanning trees are those of known graphs.
func TestSpanningTrees(t *testing.T) {
	for _, c := range []struct {
		rows, columns int
		want          int64
	}{{1, 1, 1}, {1, 5, 1}, {2, 2, 4}, {2, 4, 56}, {3, 3, 192}, {4, 4, 100352}, {6, 6, 32565539635200}} {
		s := grid(t, c.rows, c.columns, 1, 0, Trees)
		all := make([]int32, s.Areas)
		for a := range all {
			all[a] = int32(a)
		}
		if got := s.countTrees(all); got.Int64() != c.want {
			t.Errorf("%d by %d: %v trees, want %d", c.rows, c.columns, got, c.want)
		}
		if got := newSpanner(s).logTrees(all, func(int32) bool { return true }); math.Abs(got-math.Log(float64(c.want))) > 1e-9 {
			t.Errorf("%d by %d: %v, want %v", c.rows, c.columns, got, math.Log(float64(c.want)))
		}
	}
}

// What cannot be drawn is a sentence, and no walk without end.
func TestWhatCannotBeDrawn(t *testing.T) {
	refused := func(change func(*Problem), want string) {
		t.Helper()
		p := squares(3, 3, Trees)
		change(&p)
		s, err := NewSpace(p)
		if err == nil {
			run := Sampling{Space: s, Samples: 40, Chains: 2, Thin: 5}
			err = run.Run(t.Context(), allTasks(40), nil, func(int, []int32) error { return nil })
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	refused(func(p *Problem) { p.Demands.Footprints = 0 }, "must be 1 or more")
	refused(func(p *Problem) { p.Demands.Footprints = 10 }, "cannot be made of 9 areas")
	refused(func(p *Problem) { p.Pairs = p.Pairs[4:] }, "pieces of land without a common border")
	refused(func(p *Problem) { p.Demands.MinPopulation, p.Demands.MaxPopulation = 4, 5 }, "ask for 2 or fewer")
	refused(func(p *Problem) { p.Demands.MinPopulation, p.Demands.MaxPopulation = 1, 2 }, "ask for 5 or more")
	refused(func(p *Problem) {
		p.Demands.Footprints, p.Demands.MinPopulation, p.Demands.MaxPopulation = 2, 4.4, 4.6
	}, "no map that meets the demands was found in 22000 tries")
	refused(func(p *Problem) { p.Demands.MinLocalisation = 0.5 }, "need flows")
	refused(func(p *Problem) { p.Demands.Together = [][]int32{{0, 1, 2, 3, 4, 5}} }, "above max-population")
	refused(func(p *Problem) {
		p.Demands.Together, p.Demands.Apart = [][]int32{{0, 1}}, [][]int32{{0, 1}}
	}, "must be together and must be apart")
}
