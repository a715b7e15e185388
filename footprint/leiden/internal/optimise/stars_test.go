package optimise

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden/internal/network"
)

// What the walks pass over does not want to move: when a run has ended, a walk
// over everything finds no area that gains by moving.
func TestStarsPassOverOnlyWhatIsSettled(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 77))
		m := footprinttest.RandomFlows(t, 40+rng.IntN(400), 10+rng.IntN(60), seed)
		for _, q := range []footprint.Quality{footprint.Modularity, footprint.CPM, footprint.Bipartite} {
			g, _ := network.New(m)
			factor, scale := g.Weigh(q)
			o := New(g.Nodes)
			for _, gamma := range []float64{0.2, 1, 4} {
				o.Source.Seed(seed, 0)
				o.Gamma, o.Tolerance, o.TwoMasses, o.Refine = gamma*factor, 1e-13*scale, q == footprint.Bipartite, true
				if q == footprint.CPM {
					o.Tolerance = 1e-12
				}
				start := make([]int32, g.Nodes)
				for v := range start {
					start[v] = int32(rng.IntN(10))
				}
				for _, from := range [][]int32{nil, start} {
					if _, err := o.Optimise(context.Background(), g, from); err != nil {
						t.Fatal(err)
					}
					o.stars.walk.forget(g.Nodes-g.Providers, g.Providers)
					if n := o.placeAreas(g); n != 0 {
						t.Errorf("seed %d, %v, γ %v: %d areas still gain by moving", seed, q, gamma, n)
					}
				}
			}
		}
	}
}

// The network of stars holds all flow, whatever its numbers need and whether
// pairs are joined or not: a star's arcs and loop add up to its strength.
func TestStarsKeepStrength(t *testing.T) {
	for _, c := range []struct {
		providers int
		fraction  float64 // with it, sums need more than four bytes
		thin      bool
	}{{60, 0, true}, {60, 1.0 / (1 << 16), false}, {SmallNetwork + 100, 0, true}, {SmallNetwork + 100, 1.0 / (1 << 16), false}} {
		rng := rand.New(rand.NewPCG(3, uint64(c.providers)))
		b := flow.NewBuilder()
		for a := range 3 * c.providers {
			for i := range 8 {
				p := (a + i*i) % c.providers
				n := 1 + float64(rng.IntN(60)) + c.fraction
				if err := b.Add(fmt.Sprintf("A%05d", a), fmt.Sprintf("P%05d", p), flow.Exactly(n)); err != nil {
					t.Fatal(err)
				}
			}
		}
		m := footprinttest.Built(t, b)
		g, _ := network.New(m)
		factor, scale := g.Weigh(footprint.Modularity)
		o := New(g.Nodes)
		o.Gamma, o.Tolerance, o.Refine = factor, 1e-13*scale, true
		for seed := range uint64(3) {
			o.Source.Seed(seed, 0)
			if _, err := o.Optimise(context.Background(), g, nil); err != nil {
				t.Fatal(err)
			}
			if o.stars.four != c.thin {
				t.Errorf("%d providers, fraction %v: sums in four bytes: %v", c.providers, c.fraction, o.stars.four)
			}
			h := o.level(1).Network
			for p := range int32(h.Nodes) {
				if got := h.Strength(p) + 2*h.Loop[p]; math.Abs(got-h.X[p]) > 1e-9*g.Total {
					t.Fatalf("%d providers, fraction %v: star %d has %v of its strength %v", c.providers, c.fraction, p, got, h.X[p])
				}
			}
		}
	}
}
