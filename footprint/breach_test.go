package footprint

import (
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// inARow is the adjacency of areas that lie side by side.
type inARow int

func (n inARow) Neighbours(a int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if a > 0 && !yield(a-1) {
			return
		}
		if a+1 < int(n) {
			yield(a + 1)
		}
	}
}

// Five areas in a row, of which A to C lie in F01 with X, and D and E in F02
// with Y.
func rowCase(t *testing.T) (*flow.Matrix, Partition, []float64) {
	t.Helper()
	b := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		n              float64
	}{{"A", "X", 90}, {"A", "Y", 10}, {"B", "X", 60}, {"B", "Y", 40}, {"C", "X", 60}, {"C", "Y", 40}, {"D", "Y", 100}, {"E", "Y", 80}, {"E", "X", 20}} {
		if err := b.Add(f.area, f.provider, flow.Exactly(f.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 0, 1, 1}, Providers: []int32{0, 1}}, []float64{100_000, 200_000, 150_000, 250_000, 50_000}
}

func TestBreaches(t *testing.T) {
	m, p, people := rowCase(t)
	const A, B, C, D, E, X, Y = 0, 1, 2, 3, 4, 5, 6
	for _, c := range []struct {
		name string
		node int
		cs   Constraints
		want string // demands and words, "; " between
	}{
		{"nothing asked", C, Constraints{}, ""},
		{"all is well", C, Constraints{Footprints: 2, Contiguous: inARow(5), MinPopulation: 300_000, MaxPopulation: 500_000, MinLocalisation: 0.6, MaxShare: 0.7, Population: people}, ""},
		{"too few people", C, Constraints{MinPopulation: 400_000, Population: people}, "min-population: leave F01 with 300,000 people, under --min-population 400,000"},
		{"too few as before", D, Constraints{MinPopulation: 400_000, Population: people}, "health-system: leave parts of F01 without patients between them; min-population: leave F02 with 50,000 people, under --min-population 400,000 (already)"},
		{"too many people", C, Constraints{MaxPopulation: 400_000, Population: people}, "max-population: leave F02 with 450,000 people, over --max-population 400,000"},
		{"cut", B, Constraints{Contiguous: inARow(5)}, "contiguous: cut F01 into two pieces; contiguous: leave F02 in two pieces on the ground"},
		{"away from the edge", A, Constraints{Contiguous: inARow(5)}, "contiguous: leave F02 in two pieces on the ground"},
		{"weak", C, Constraints{MinLocalisation: 0.8}, "min-localisation: leave F01 with a localisation index of 0.75, under --min-localisation 0.8 (already); min-localisation: leave F02 with a localisation index of 0.733, under --min-localisation 0.8"},
		{"too large", C, Constraints{MaxShare: 0.5}, "max-share: leave F02 with 0.6 of all patients, over --max-share 0.5"},
		{"no provider left", X, Constraints{}, "health-system: leave F01 without a provider"},
		{"single kinds allowed", X, Constraints{AllowSingleKind: true}, ""},
		{"kept together", C, Constraints{Together: [][]int32{{D, E}, {A, C}}}, "together: part C from A, which --together keeps in one footprint"},
		{"kept apart", C, Constraints{Apart: [][]int32{{A, D}, {E, C}}}, "apart: put C with E, which --apart keeps in different footprints"},
		{"fixed", C, Constraints{Fixed: []bool{C: true, Y: false}}, "fix: move C, which --fix holds where it is"},
		{"another fixed", C, Constraints{Fixed: []bool{B: true, Y: false}}, ""},
	} {
		label := slices.Concat(p.Areas, p.Providers)[c.node]
		var got []string
		for _, b := range Breaches(m, p, p.Move(c.node, 1-label), c.cs) {
			s := b.Demand + ": " + b.Words
			if b.Already {
				s += " (already)"
			}
			got = append(got, s)
			if (b.Value == nil) != (b.Limit == nil) {
				t.Errorf("%s: a value without a limit, or the other way round: %+v", c.name, b)
			}
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
	got := Breaches(m, p, p.Merge(1, 0), Constraints{Footprints: 2, MaxPopulation: 700_000, Population: people})
	if len(got) != 2 || got[1].Words != "leave 1 of --footprints 2" || got[0].Demand != "max-population" || *got[0].Value != 750_000 {
		t.Errorf("merging: %+v", got)
	}
}

// The breaches of a move are the demands that the measures of the two
// footprints, taken after it, do not meet.
func TestBreachesAgreeWithMeasures(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 7))
	for trial := range 40 {
		m, p := randomCase(t, rng, trial%4 == 0)
		people := make([]float64, len(p.Areas))
		for a := range people {
			people[a] = float64(1 + rng.IntN(1000))
		}
		cs := Constraints{Population: people, MinPopulation: 1500, MaxPopulation: 4000, MinLocalisation: 0.2, MaxShare: 0.4}
		node := rng.IntN(len(p.Areas) + len(p.Providers))
		q := p.Move(node, rng.Int32N(4))
		if slices.Equal(slices.Concat(p.Areas, p.Providers), slices.Concat(q.Areas, q.Providers)) {
			if got := Breaches(m, p, q, cs); len(got) > 0 {
				t.Fatalf("no move, and %+v", got)
			}
			continue
		}
		was, is := slices.Concat(p.Areas, p.Providers)[node], slices.Concat(q.Areas, q.Providers)[node]
		want := 0
		for f, fm := range Measure(m, q, people, nil).ByFootprint {
			if int32(f) != was && int32(f) != is || fm.Areas+fm.Providers == 0 {
				continue
			}
			for _, bad := range []bool{fm.Population < 1500, fm.Population > 4000, fm.LocalisationIndex < 0.2, fm.Resident.Value > 0.4*m.Total().Value} {
				if bad {
					want++
				}
			}
		}
		got := slices.DeleteFunc(Breaches(m, p, q, cs), func(b Breach) bool { return b.Demand == "health-system" })
		if len(got) != want {
			t.Fatalf("%d breaches, want %d: %+v", len(got), want, got)
		}
	}
}

func TestExplanationsBind(t *testing.T) {
	m, p, people := rowCase(t)
	cs := Constraints{MinPopulation: 400_000, Footprints: 2, Population: people}
	ex := ExplainNode(m, p, 2, 1)
	ex.Bind(m, p, 2, cs)
	agree := 0.62
	ex.Confidence = &agree
	all := strings.Join(ex.Sentences(""), "\n")
	for _, want := range []string{"Moving it to F02 would leave F01 with 300,000 people, under --min-population 400,000.", "Of the resampled runs, 62.0% agree"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	fx := ExplainFootprint(m, p, Measure(m, p, people, nil), 1, 1)
	fx.Bind(m, p, cs)
	if all := strings.Join(fx.Sentences(""), "\n"); !strings.Contains(all, "Merging with F01 would leave 1 of --footprints 2.") {
		t.Error(all)
	}
}
