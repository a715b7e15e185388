package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
)

func TestCrossWords(t *testing.T) {
	names := Labels{A: []string{"F01", "F02", "F03"}, B: []string{"West", "North", "South"}, Things: []string{"Ayle", "Bede", "Cray", "Dove", "Eden", "Fort", "none"}}
	for _, c := range []struct {
		name string
		a, b []int32
		want []string
	}{
		{"the same", []int32{0, 0, 1, 1, 2, 2, -1}, []int32{0, 0, 1, 1, 2, 2, 2}, []string{"F01 = West", "F02 = North", "F03 = South"}},
		{
			"one moves",
			[]int32{0, 0, 1, 1, 1, 2, -1},
			[]int32{0, 0, 0, 1, 1, 2, 0},
			[]string{"F01 = West less Cray", "F02 = North plus Cray (from West)", "F03 = South", "West is spread over F01 (2) and F02 (1)"},
		},
		{"two merge", []int32{0, 0, 0, 0, 1, 1, -1}, []int32{0, 0, 1, 1, 2, 2, 0}, []string{"F01 = West + North", "F02 = South"}},
		{
			"one is split in halves",
			[]int32{0, 0, 1, 1, 2, 2, -1},
			[]int32{0, 0, 0, 0, 2, 2, 0},
			[]string{"F01 = Ayle and Bede (from West)", "F02 = Cray and Dove (from West)", "F03 = South", "West is spread over F01 (2) and F02 (2)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := CrossWords(c.a, c.b, names); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMovedThings(t *testing.T) {
	a := []int32{0, 0, 1, 1, 1, 2, -1}
	b := []int32{0, 0, 0, 1, 1, 2, 0}
	got := MovedThings(a, b)
	if want := []Moved{{Thing: 2, From: 0, To: 1, Counterpart: 0}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		a, b := make([]int32, 60), make([]int32, 60)
		for i := range a {
			a[i], b[i] = rng.Int32N(9), rng.Int32N(12)
		}
		if got, want := len(MovedThings(a, b)), Agree(a, b).Moved; got != want {
			t.Fatalf("%d moved, agreement says %d", got, want)
		}
	}
}

// The gain claimed for a move is modularity after less modularity before.
func TestMoveGain(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, oneMode := range []bool{false, true} {
		b := flow.NewBuilder()
		if oneMode {
			b = flow.NewOneModeBuilder()
		}
		for range 150 {
			area, provider := string(rune('a'+rng.IntN(15))), string(rune('a'+rng.IntN(15)))
			if err := b.Add(area, provider, flow.Exactly(float64(1+rng.IntN(40)))); err != nil {
				t.Fatal(err)
			}
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p := footprint.Partition{IDs: []string{"A", "B", "C", "D"}, Areas: make([]int32, len(m.Areas()))}
		if !oneMode {
			p.Providers = make([]int32, len(m.Providers()))
		}
		for i := range p.Areas {
			p.Areas[i] = rng.Int32N(4)
		}
		for i := range p.Providers {
			p.Providers[i] = rng.Int32N(4)
		}
		for node := range graph.Nodes(m) {
			to := rng.Int32N(4)
			gain, inside := MoveGain(m, p, node, to, 1)
			q := footprint.Partition{IDs: p.IDs, Areas: slices.Clone(p.Areas), Providers: slices.Clone(p.Providers)}
			if node < len(q.Areas) {
				q.Areas[node] = to
			} else {
				q.Providers[node-len(q.Areas)] = to
			}
			before, after := footprint.Measure(m, p, nil, nil), footprint.Measure(m, q, nil, nil)
			if want := after.Modularity - before.Modularity; math.Abs(gain-want) > 1e-12 {
				t.Errorf("one mode %v, node %d: gain %v, want %v", oneMode, node, gain, want)
			}
			if want := (after.InsideShare - before.InsideShare) * m.Total().Value; math.Abs(inside-want) > 1e-6 {
				t.Errorf("one mode %v, node %d: inside %v, want %v", oneMode, node, inside, want)
			}
		}
	}
}
