package footprint

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"stpmap/flow"
)

// Three areas and two providers, by hand:
//
//	    P   Q
//	A  30  10      A: 40      T/(O·D)  P (45)   Q (55)
//	B  15   5      B: 20      A        1/60     1/220
//	C   0  40      C: 40      B        1/60     1/220
//	                          C        –        1/55
//
// C and Q merge first, at 40/(40·55) = 1/55; then A and P, the lowest of a tie
// at 30/(40·45) = 1/60, to a strength of 85. B shares 15 with these and 5 with
// C and Q (strength 95): 15/(20·85) is the more. Last, 10 + 5 patients between
// strengths of 105 and 95: 15/(105·95) = 1/665.
func TestIntramaxByHand(t *testing.T) {
	m := table(t, []float64{30, 10}, []float64{15, 5}, []float64{0, 40})
	tree, err := Intramax{}.Tree(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	// Leaves: A 0, B 1, C 2, P 3, Q 4.
	want := []Merge{{2, 4, 1.0 / 55}, {0, 3, 1.0 / 60}, {6, 1, 15.0 / (20 * 85)}, {7, 5, 1.0 / 665}}
	if len(tree.Merges) != len(want) || tree.Roots() != 1 {
		t.Fatalf("got %v and %d roots", tree.Merges, tree.Roots())
	}
	for i, w := range want {
		g := tree.Merges[i]
		if g.A != w.A || g.B != w.B || math.Abs(g.Height-w.Height) > 1e-15 {
			t.Errorf("merge %d: got %v, want %v", i, g, w)
		}
	}
	p, err := tree.Cut(2)
	if err != nil || !sameGrouping(append(p.Areas, p.Providers...), []int{0, 0, 1, 0, 1}) {
		t.Errorf("cut in 2: got %v %v, %v", p.Areas, p.Providers, err)
	}
	p, err = tree.Cut(3)
	if err != nil || !sameGrouping(append(p.Areas, p.Providers...), []int{0, 2, 1, 0, 1}) {
		t.Errorf("cut in 3: got %v %v, %v", p.Areas, p.Providers, err)
	}
	// As a partition B may not stand alone, so no cut gives 3.
	var cannot *InfeasibleError
	if _, err := (Intramax{Constraints: Constraints{Footprints: 3}}).Partition(t.Context(), m); !errors.As(err, &cannot) {
		t.Errorf("3 footprints of 2 providers: got %v, want an *InfeasibleError", err)
	}
	for _, k := range []int{0, 6} {
		if _, err := tree.Cut(k); !errors.As(err, &cannot) {
			t.Errorf("cut in %d: got %v, want an *InfeasibleError", k, err)
		}
	}
}

// Of a single area, the modularity gained over the smaller strength, by hand:
// A–P share 30 of 100 patients, e = 0.3; a = 40/200, p = 45/200; the gain is
// 0.3 − 2·0.2·0.225 = 0.21, over 0.2: 1.05. C and Q share 40: 0.4 − 2·0.2·0.275
// = 0.29, over 0.2: 1.45, and merge first.
func TestWardByHand(t *testing.T) {
	m := table(t, []float64{30, 10}, []float64{15, 5}, []float64{0, 40})
	tree, err := Ward{}.Tree(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if g := tree.Merges[0]; g.A != 2 || g.B != 4 || math.Abs(g.Height-1.45) > 1e-12 {
		t.Errorf("first merge: got %v, want {2 4 1.45}", g)
	}
	// B and P: 0.15 − 2·0.1·0.225 = 0.105, over 0.1: 1.05 as well; A is lower.
	if g := tree.Merges[1]; g.A != 0 || g.B != 3 || math.Abs(g.Height-1.05) > 1e-12 {
		t.Errorf("second merge: got %v, want {0 3 1.05}", g)
	}
	var bad *ParameterError
	if _, err := (Ward{Resolution: -1}).Tree(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("resolution -1: got %v, want a *ParameterError", err)
	}
}

func TestTreeProperties(t *testing.T) {
	for seed := range uint64(4) {
		for name, m := range map[string]*flow.Matrix{
			"patients": randomFlows(t, 60, 15, seed), "places": randomTowns(t, 60, 900, seed),
		} {
			tree, err := Intramax{}.Tree(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			for i := 1; i < len(tree.Merges) && name == "patients"; i++ { // one-mode heights may rise
				if x, y := tree.Merges[i-1].Height, tree.Merges[i].Height; y > x*(1+1e-12) {
					t.Errorf("%s %d: heights rise from %v to %v", name, seed, x, y)
				}
			}
			// Each merge is the best there is: compare with a search of all pairs.
			checkGreedy(t, m, tree, intramaxValue)
			ward, err := Ward{}.Tree(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			h, _ := Ward{}.hierarchy()
			checkGreedy(t, m, ward, h.value)
			// Cuts are nested.
			for _, k := range []int{2, 5, 9, 20} {
				coarse, err := ward.Cut(k)
				if err != nil {
					t.Fatal(err)
				}
				fine, err := ward.Cut(k + 7)
				if err != nil {
					t.Fatal(err)
				}
				if coarse.Len() != k || fine.Len() != k+7 {
					t.Errorf("%s: cut in %d and %d clusters, want %d and %d", name, coarse.Len(), fine.Len(), k, k+7)
				}
				of := map[int32]int32{}
				for a, f := range fine.Areas {
					if c, ok := of[f]; ok && c != coarse.Areas[a] {
						t.Errorf("%s: cut in %d is not nested in cut in %d", name, k+7, k)
					}
					of[f] = coarse.Areas[a]
				}
			}
		}
	}
}

// checkGreedy replays a tree against an exhaustive search of the best pair.
func checkGreedy(t *testing.T, m *flow.Matrix, tree *Tree, value func(*merging, int32, link) float64) {
	t.Helper()
	d := tree.d
	g := newMerging(d, d.unit, d.units, value)
	region := make([]int32, d.units, 2*d.units)
	for i := range region {
		region[i] = int32(i)
	}
	for step, merge := range tree.Merges {
		most := math.Inf(-1)
		for i := range g.regions {
			if !g.isAlive(int32(i)) {
				continue
			}
			if _, v, ok := g.best(int32(i)); ok {
				most = max(most, v)
			}
		}
		if math.Abs(merge.Height-most) > 1e-9*math.Abs(most) {
			t.Fatalf("merge %d has height %v, the best pair %v", step, merge.Height, most)
		}
		kept, _ := g.merge(region[merge.A], region[merge.B])
		region = append(region, kept)
	}
	for i := range g.regions {
		if _, _, ok := g.best(int32(i)); g.isAlive(int32(i)) && ok {
			t.Fatalf("region %d could still merge", i)
		}
	}
}

// Every method, every demand: it holds, or the error names what cannot.
func TestMethodsHoldDemands(t *testing.T) {
	methods := map[string]func(Constraints) Method{
		"infomap":  func(c Constraints) Method { return Infomap{Constraints: c} },
		"ttwa":     func(c Constraints) Method { return TTWA{MinSize: 300, TargetSize: 3000, Constraints: c} },
		"intramax": func(c Constraints) Method { return Intramax{Constraints: c} },
		"ward":     func(c Constraints) Method { return Ward{Constraints: c} },
		"hsa":      func(c Constraints) Method { return HSA{Constraints: c} },
		"hrr":      func(c Constraints) Method { return HSA{Rule: DartmouthHRR, MinRegion: -1, Constraints: c} },
		"swiss":    func(c Constraints) Method { return HSA{Rule: SwissHSA, Constraints: c} },
	}
	held, refused := map[string]int{}, map[string]int{}
	for seed := range uint64(4) {
		for kind, m := range map[string]*flow.Matrix{
			"patients": randomFlows(t, 96, 30, seed), "places": randomTowns(t, 96, 1500, seed),
		} {
			n := len(m.Areas())
			people := make([]float64, n)
			for a := range people {
				people[a] = float64(900 + a%11*20)
			}
			start := &Partition{Areas: make([]int32, n), IDs: []string{"F01", "F02"}}
			nodes := n
			if !m.OneMode() {
				start.Providers = make([]int32, len(m.Providers()))
				nodes += len(m.Providers())
			}
			start.Areas[5], start.Areas[6] = 1, 1
			fixed := make([]bool, nodes)
			fixed[1], fixed[2], fixed[5], fixed[6] = true, true, true, true
			for name, c := range map[string]Constraints{
				"none":       {},
				"K":          {Footprints: 4},
				"contiguous": {Contiguous: gridBorders(n, 12)},
				"people":     {Population: people, MinPopulation: 12000},
				"limits":     {Population: people, MinPopulation: 4000, MaxPopulation: 60000},
				"local":      {MinLocalisation: 0.4},
				"share":      {MaxShare: 0.4},
				"together":   {Together: [][]int32{{1, 40}, {7, 8, 9}}},
				"apart":      {Apart: [][]int32{{0, 1, 2}}},
				"fix":        {Start: start, Fixed: fixed},
				"single":     {AllowSingleKind: true},
				"all": {
					Footprints: 3, Contiguous: gridBorders(n, 12), Population: people, MinPopulation: 5000,
					MinLocalisation: 0.2, Apart: [][]int32{{0, 95}},
				},
			} {
				for method, with := range methods {
					p, err := with(c).Partition(t.Context(), m)
					var cannot *InfeasibleError
					var unsupported *UnsupportedError
					switch {
					case err == nil:
						t.Run(fmt.Sprint(method, " ", kind, seed, " ", name), func(t *testing.T) { checkPartition(t, m, p, c) })
						held[name]++
						if name == "fix" && (p.Areas[1] != p.Areas[2] || p.Areas[5] != p.Areas[6] || p.Areas[1] == p.Areas[5]) {
							t.Errorf("%s: fixed areas are in %d, %d, %d and %d", method, p.Areas[1], p.Areas[2], p.Areas[5], p.Areas[6])
						}
					case errors.As(err, &unsupported):
						if method != "infomap" {
							t.Errorf("%s refused %s: %v", method, name, err)
						}
					case errors.As(err, &cannot):
						refused[name]++
						if name == "none" || name == "single" {
							t.Errorf("%s, %s: %v", method, name, err)
						}
					default:
						t.Errorf("%s, %s: %v", method, name, err)
					}
				}
			}
		}
	}
	t.Logf("held %v, infeasible %v", held, refused)
	for name, n := range held {
		if n < 20 {
			t.Errorf("%s: only %d runs met the demand, %d could not", name, n, refused[name])
		}
	}
}

// Matrices at the edge of what can be grouped.
func TestMethodsOnOddMatrices(t *testing.T) {
	type row struct {
		from, to string
		n        float64
	}
	matrix := func(oneMode bool, rows ...row) *flow.Matrix {
		b := flow.NewBuilder()
		if oneMode {
			b = flow.NewOneModeBuilder()
		}
		for _, r := range rows {
			if err := b.Add(r.from, r.to, flow.Exactly(r.n)); err != nil {
				t.Fatal(err)
			}
		}
		return built(t, b)
	}
	two := []row{{"A", "P", 3}, {"B", "P", 1}, {"C", "Q", 2}, {"D", "Q", 1e12}, {"D", "R", 1e-9}}
	for _, c := range []struct {
		name string
		m    *flow.Matrix
		net  int // unconnected networks
	}{
		{"one pair", matrix(false, row{"A", "P", 1}), 1},
		{"two networks", matrix(false, two...), 2},
		{"one place", matrix(true, row{"A", "A", 5}), 1},
		{"a place without flow", matrix(true, row{"A", "B", 5}, row{"B", "A", 1}, row{"C", "C", 0}), 2},
		{"one way", matrix(true, row{"A", "B", 5}, row{"B", "C", 5}, row{"C", "D", 5}), 1},
		{"all alike", matrix(false, row{"A", "P", 1}, row{"A", "Q", 1}, row{"B", "P", 1}, row{"B", "Q", 1}), 1},
	} {
		for name, method := range map[string]func(Constraints) Method{
			"infomap":  func(x Constraints) Method { return Infomap{Constraints: x} },
			"ttwa":     func(x Constraints) Method { return TTWA{Constraints: x} },
			"r":        func(x Constraints) Method { return TTWA{Compatible: true, Constraints: x} },
			"intramax": func(x Constraints) Method { return Intramax{Constraints: x} },
			"ward":     func(x Constraints) Method { return Ward{Constraints: x} },
			"hsa":      func(x Constraints) Method { return HSA{Constraints: x} },
			"hrr":      func(x Constraints) Method { return HSA{Rule: DartmouthHRR, MinRegion: -1, Constraints: x} },
			"swiss":    func(x Constraints) Method { return HSA{Rule: SwissHSA, Constraints: x} },
		} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				p, err := method(Constraints{}).Partition(t.Context(), c.m)
				var cannot *InfeasibleError
				if err != nil {
					t.Fatal(err)
				}
				checkPartition(t, c.m, p, Constraints{})
				if p.Len() < c.net {
					t.Errorf("got %d footprints of %d networks", p.Len(), c.net)
				}
				p, err = method(Constraints{Footprints: 1}).Partition(t.Context(), c.m)
				if c.net > 1 && !errors.As(err, &cannot) {
					t.Errorf("1 footprint of %d networks: got %d and %v, want an *InfeasibleError", c.net, p.Len(), err)
				} else if c.net == 1 && (err != nil || p.Len() != 1) {
					t.Errorf("1 footprint: got %d and %v", p.Len(), err)
				}
			})
		}
	}
	if _, err := (Infomap{Directed: true}).Partition(t.Context(), matrix(true, row{"A", "B", 5}, row{"B", "C", 5}, row{"D", "D", 0})); err != nil {
		t.Errorf("directed, with an end and a place without flow: %v", err)
	}
}

// Codes in another order are another numbering of the same network.
func TestMethodsIgnoreNames(t *testing.T) {
	rows := func(rename func(int) string, reverse bool) *flow.Matrix {
		src := randomFlows(t, 50, 14, 2)
		b := flow.NewBuilder()
		n := len(src.Areas())
		for i := range n {
			a := i
			if reverse {
				a = n - 1 - i
			}
			ps, ws := src.Row(a)
			for k, p := range ps {
				// A little more for each pair, so that nothing ties.
				_ = b.Add(rename(a), src.Providers()[p], flow.Exactly(ws[k]+float64(a*17+int(p)*29%31)/1024))
			}
		}
		return built(t, b)
	}
	plain := rows(func(a int) string { return fmt.Sprintf("A%02d", a) }, false)
	shuffled := rows(func(a int) string { return fmt.Sprintf("A%02d", a) }, true)
	renamed := rows(func(a int) string { return fmt.Sprintf("B%02d", (a*7+3)%50) }, false)
	for name, method := range map[string]Method{
		"ttwa": TTWA{MinSize: 300, TargetSize: 3000}, "intramax": Intramax{}, "ward": Ward{}, "hsa": HSA{},
		"swiss": HSA{Rule: SwissHSA}, "infomap": Infomap{},
	} {
		p, err := method.Partition(t.Context(), plain)
		if err != nil {
			t.Fatal(err)
		}
		q, err := method.Partition(t.Context(), shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p, q) {
			t.Errorf("%s: the order of rows changes the partition", name)
		}
		q, err = method.Partition(t.Context(), renamed)
		if err != nil {
			t.Fatal(err)
		}
		if name == "infomap" {
			continue // its search is in random order
		}
		back := make([]int32, len(p.Areas))
		for a := range back {
			i, ok := renamed.AreaIndex(fmt.Sprintf("B%02d", (a*7+3)%50))
			if !ok {
				t.Fatal("an area was lost")
			}
			back[a] = q.Areas[i]
		}
		if !sameGrouping(p.Areas, back) {
			t.Errorf("%s: other names give another grouping", name)
		}
	}
}

func TestTreeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	m := randomFlows(t, 20, 5, 1)
	for _, method := range []Method{Intramax{}, Ward{}, Infomap{}, TTWA{}} {
		if _, err := method.Partition(ctx, m); !errors.Is(err, gone) {
			t.Errorf("%T: got %v, want the cause", method, err)
		}
	}
}

func BenchmarkTrees(b *testing.B) {
	m := randomFlows(b, 2000, 100, 1)
	for name, method := range map[string]Method{"intramax": Intramax{}, "ward": Ward{}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := method.Partition(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The formula for directed flows, on three places: 0 sends 10 of its 40 to 1,
// which sends 6 of its 20 back. O = 40, 20, 25 and D = 37, 23, 25.
func TestIntramaxDirected(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, r := range []struct {
		from, to string
		n        float64
	}{{"0", "0", 28}, {"0", "1", 10}, {"0", "2", 2}, {"1", "0", 6}, {"1", "1", 13}, {"1", "2", 1}, {"2", "0", 3}, {"2", "2", 22}} {
		_ = b.Add(r.from, r.to, flow.Exactly(r.n))
	}
	tree, err := Intramax{}.Tree(t.Context(), built(t, b))
	if err != nil {
		t.Fatal(err)
	}
	want := 10.0/(40*23) + 6.0/(20*37)
	if g := tree.Merges[0]; g.A != 0 || g.B != 1 || math.Abs(g.Height-want) > 1e-15 {
		t.Errorf("first merge: got %v, want {0 1 %v}", g, want)
	}
	// Then O = 60, D = 60 for the union; 2+1 go to place 2 and 3 come back.
	want = 3.0/(60*25) + 3.0/(25*60)
	if g := tree.Merges[1]; math.Abs(g.Height-want) > 1e-15 {
		t.Errorf("second merge: got %v, want a height of %v", g, want)
	}
}
