package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// networks are the same flows in four bytes and in eight, and a one-mode network.
func networks(t *testing.T) map[string]*Network {
	t.Helper()
	thin, _ := New(footprinttest.RandomFlows(t, 40, 12, 1))
	b := flow.NewBuilder()
	src := footprinttest.RandomFlows(t, 40, 12, 1)
	for a, code := range src.Areas() {
		ps, ws := src.Row(a)
		for i, p := range ps {
			if err := b.Add(code, src.Providers()[p], flow.Exactly(ws[i]+1.0/(1<<30))); err != nil {
				t.Fatal(err)
			}
		}
	}
	wide, _ := New(footprinttest.Built(t, b))
	places, _ := New(footprinttest.RandomPlaces(t, 40, 2))
	if thin.Thin == nil || wide.Wide == nil || places.Wide == nil {
		t.Fatal("the networks are not as wide as they were meant to be")
	}
	return map[string]*Network{"thin": thin, "wide": wide, "places": places}
}

// Each arc leads back with the same flow.
func TestBothIsSymmetric(t *testing.T) {
	for name, g := range networks(t) {
		g = g.Both()
		for v := range int32(g.Nodes) {
			g.Neighbours(v, func(u int32, w float64) {
				back := 0.0
				g.Neighbours(u, func(x int32, y float64) {
					if x == v {
						back += y
					}
				})
				if back != w {
					t.Errorf("%s: %v from %d to %d, %v back", name, w, v, u, back)
				}
			})
		}
	}
}

// The sums over arcs are what a walk over the neighbours adds up.
func TestSumsOverArcs(t *testing.T) {
	for name, g := range networks(t) {
		g = g.Both()
		rng := rand.New(rand.NewPCG(3, 3))
		label, mass := make([]int32, g.Nodes), make([]float64, g.Nodes)
		for v := range label {
			label[v], mass[v] = rng.Int32N(6), rng.Float64()
		}
		acc := make([]float64, g.Nodes)
		for v := range int32(g.Nodes) {
			want, strength := make([]float64, 6), 0.0
			best, to := 0.0, int32(-1)
			most, largest := 0.0, int32(-1)
			g.Neighbours(v, func(u int32, w float64) {
				want[label[u]] += w
				strength += w
				if s := w - mass[u]; s > best || s == best && s > 0 && u < to {
					best, to = s, u
				}
				if label[u] == 2 && (w > most || w == most && u < largest) {
					most, largest = w, u
				}
			})
			if got := g.Strength(v); math.Abs(got-strength) > 1e-9 {
				t.Fatalf("%s: strength of %d is %v, want %v", name, v, got, strength)
			}
			met := g.Gather(v, label, acc, make([]int32, 0, g.Nodes+1))
			for c := range int32(6) {
				if got := g.WeightTo(v, label, c); math.Abs(got-want[c]) > 1e-9 || math.Abs(acc[c]-want[c]) > 1e-9 {
					t.Fatalf("%s: %d has %v and %v with label %d, want %v", name, v, got, acc[c], c, want[c])
				}
				if slices.Contains(met, c) != (want[c] > 0) {
					t.Fatalf("%s: %d meets %v", name, v, met)
				}
				acc[c] = 0
			}
			if got := g.BestSingle(v, mass, 1); got != to {
				t.Fatalf("%s: %d gains most with %d, want %d", name, v, got, to)
			}
			if got := g.LargestWithin(v, label, 2); got != largest {
				t.Fatalf("%s: %d has most flow with %d, want %d", name, v, got, largest)
			}
			within := g.GatherWithin(v, label, 1, label, acc, nil)
			if acc[1] != g.WeightTo(v, label, 1) || len(within) > 1 {
				t.Fatalf("%s: within its label %d has %v", name, v, acc[1])
			}
			acc[1] = 0
		}
	}
}

// The quality of one footprint for all is what the formulas say by hand.
func TestQualityOfOneFootprint(t *testing.T) {
	for name, g := range networks(t) {
		n := float64(g.Nodes)
		label := make([]int32, g.Nodes)
		for _, q := range []footprint.Quality{footprint.Modularity, footprint.CPM, footprint.Bipartite} {
			if q == footprint.Bipartite && g.Providers == 0 {
				continue
			}
			factor, scale := g.Weigh(q)
			want := 0.0 // W/F − γ(2F/2F)², and likewise for Barber's
			if q == footprint.CPM {
				want = g.Total/2 - n*(n-1)/2
			}
			if got := g.Quality(q, factor, scale, label); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s, %v: got %v, want %v", name, q, got, want)
			}
		}
	}
}
