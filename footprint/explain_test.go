package footprint

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

func randomCase(t testing.TB, rng *rand.Rand, oneMode bool) (*flow.Matrix, Partition) {
	t.Helper()
	b := flow.NewBuilder()
	if oneMode {
		b = flow.NewOneModeBuilder()
	}
	for range 150 {
		if err := b.Add(string(rune('A'+rng.IntN(20))), string(rune('A'+rng.IntN(12))), flow.Exactly(float64(1+rng.IntN(90)))); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := Partition{Areas: make([]int32, len(m.Areas())), IDs: []string{"a", "b", "c", "d"}}
	for i := range p.Areas {
		p.Areas[i] = rng.Int32N(4)
	}
	if !oneMode {
		p.Providers = make([]int32, len(m.Providers()))
		for j := range p.Providers {
			p.Providers[j] = rng.Int32N(4)
		}
	}
	return m, p
}

// The claimed gain is the modularity after the move less that before it.
func TestExplainedGainIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for trial := range 60 {
		m, p := randomCase(t, rng, trial%3 == 0)
		before := Measure(m, p, nil, nil).Modularity
		for node := range len(p.Areas) + len(p.Providers) {
			ex := ExplainNode(m, p, node, 1)
			for _, e := range ex.Exchanges {
				q := Partition{Areas: append([]int32(nil), p.Areas...), Providers: append([]int32(nil), p.Providers...), IDs: p.IDs}
				if p.Providers == nil {
					q.Providers = nil
				}
				to := int32(strings.Index("abcd", e.Footprint))
				if node < len(p.Areas) {
					q.Areas[node] = to
				} else {
					q.Providers[node-len(p.Areas)] = to
				}
				want := Measure(m, q, nil, nil).Modularity - before
				if math.Abs(e.Gain-want) > 1e-12 {
					t.Fatalf("%s %s to %s: gain %v, want %v", ex.Kind, ex.Code, e.Footprint, e.Gain, want)
				}
			}
		}
	}
}

func TestExplainedMergeIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for trial := range 40 {
		m, p := randomCase(t, rng, trial%3 == 0)
		before := Measure(m, p, nil, nil)
		for f := range p.IDs {
			ex := ExplainFootprint(m, p, before, f, 1)
			if ex.Partner == "" {
				continue
			}
			other := int32(strings.Index("abcd", ex.Partner))
			q := Partition{Areas: append([]int32(nil), p.Areas...), Providers: append([]int32(nil), p.Providers...), IDs: p.IDs}
			for i, g := range q.Areas {
				if g == other {
					q.Areas[i] = int32(f)
				}
			}
			for j, g := range q.Providers {
				if g == other {
					q.Providers[j] = int32(f)
				}
			}
			if p.Providers == nil {
				q.Providers = nil
			}
			want := Measure(m, q, nil, nil).Modularity - before.Modularity
			if math.Abs(ex.MergeGain-want) > 1e-12 {
				t.Fatalf("%s with %s: gain %v, want %v", ex.Footprint, ex.Partner, ex.MergeGain, want)
			}
		}
	}
}

func TestExplainInWords(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 80}, {"A", "Y", 20}, {"B", "X", 60}, {"B", "Y", 40}, {"C", "X", 10}, {"C", "Y", 90}}...)
	p := Partition{Areas: []int32{0, 0, 1}, Providers: []int32{0, 1}, IDs: []string{"F01", "F02"}}
	got := strings.Join(ExplainNode(m, p, 1, 1).Sentences("Borton", 0), " ")
	want := "area B (Borton) lies in F01: 60.0% of its residents' care is given there. 40.0% of it is given in F02. The next best place is F02: moving there would lower modularity (γ = 1) by 0.067."
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := strings.Join(ExplainNode(m, p, 1, 1).Sentences("", 41), " "); strings.Contains(got, "40.0%") {
		t.Errorf("a small count is said: %s", got)
	}
	fp := strings.Join(ExplainFootprint(m, p, Measure(m, p, nil, nil), 0, 1).Sentences("", 0), " ")
	for _, part := range []string{"F01 has 2 areas and 1 provider.", "70.0% is given inside", "93.3% comes from inside", "Most who leave go to F02 (30.0%", "loosest area is B, with 60.0%", "merging the two would lower modularity"} {
		if !strings.Contains(fp, part) {
			t.Errorf("%q is not in %s", part, fp)
		}
	}
}

// A network of places has neither residents nor care.
func TestExplainOneModeInWords(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, f := range []struct {
		from, to string
		n        float64
	}{{"A", "A", 100}, {"A", "B", 30}, {"B", "A", 10}, {"A", "C", 10}, {"C", "D", 40}, {"D", "D", 5}} {
		if err := b.Add(f.from, f.to, flow.Exactly(f.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 1, 1}}
	got := ExplainNode(m, p, 0, 1).Sentences("", 0)
	got = append(got[:2], ExplainFootprint(m, p, Measure(m, p, nil, nil), 0, 1).Sentences("", 0)...)
	want := []string{
		"area A lies in F01: 80.0% of its exchange with other places is with those there.",
		"20.0% of it is with F02.",
		"F01 has 2 areas.",
		"Of the flow that starts here, 93.3% ends inside.",
		"Of the flow that ends here, 100.0% starts inside.",
		"Most that leaves goes to F02 (6.7% of what starts here).",
		"Its loosest area is A, with 92.9% of its flow inside.",
	}
	if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
