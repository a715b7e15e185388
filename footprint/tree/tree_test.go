package tree

import (
	"errors"
	"math"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/region"
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
	m := footprinttest.Table(t, []float64{30, 10}, []float64{15, 5}, []float64{0, 40})
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
	if err != nil || !footprinttest.SameGrouping(append(p.Areas, p.Providers...), []int{0, 0, 1, 0, 1}) {
		t.Errorf("cut in 2: got %v %v, %v", p.Areas, p.Providers, err)
	}
	p, err = tree.Cut(3)
	if err != nil || !footprinttest.SameGrouping(append(p.Areas, p.Providers...), []int{0, 2, 1, 0, 1}) {
		t.Errorf("cut in 3: got %v %v, %v", p.Areas, p.Providers, err)
	}
	// As a partition B may not stand alone, so no cut gives 3.
	var cannot *footprint.InfeasibleError
	if _, err := (Intramax{Constraints: footprint.Constraints{Footprints: 3}}).Partition(t.Context(), m); !errors.As(err, &cannot) {
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
	m := footprinttest.Table(t, []float64{30, 10}, []float64{15, 5}, []float64{0, 40})
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
	var bad *footprint.ParameterError
	if _, err := (Ward{Resolution: -1}).Tree(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("resolution -1: got %v, want a *ParameterError", err)
	}
}

func TestTreeProperties(t *testing.T) {
	for seed := range uint64(4) {
		for name, m := range map[string]*flow.Matrix{
			"patients": footprinttest.RandomFlows(t, 60, 15, seed), "places": footprinttest.RandomTowns(t, 60, 900, seed),
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
func checkGreedy(t *testing.T, m *flow.Matrix, tree *Tree, value region.Criterion) {
	t.Helper()
	d := tree.d
	g := region.NewMerging(d, d.Unit, d.Units, value)
	region := make([]int32, d.Units, 2*d.Units)
	for i := range region {
		region[i] = int32(i)
	}
	for step, merge := range tree.Merges {
		most := math.Inf(-1)
		for i := range g.Regions {
			if !g.IsAlive(int32(i)) {
				continue
			}
			if _, v, ok := g.Best(int32(i)); ok {
				most = max(most, v)
			}
		}
		if math.Abs(merge.Height-most) > 1e-9*math.Abs(most) {
			t.Fatalf("merge %d has height %v, the best pair %v", step, merge.Height, most)
		}
		kept, _ := g.Merge(region[merge.A], region[merge.B])
		region = append(region, kept)
	}
	for i := range g.Regions {
		if _, _, ok := g.Best(int32(i)); g.IsAlive(int32(i)) && ok {
			t.Fatalf("region %d could still merge", i)
		}
	}
}

func BenchmarkTrees(b *testing.B) {
	m := footprinttest.RandomFlows(b, 2000, 100, 1)
	for name, method := range map[string]footprint.Method{"intramax": Intramax{}, "ward": Ward{}} {
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
	tree, err := Intramax{}.Tree(t.Context(), footprinttest.Built(t, b))
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
