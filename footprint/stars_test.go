package footprint

import (
	"context"
	"math/rand/v2"
	"testing"
)

// What the walks pass over does not want to move: when a run has ended, a walk
// over everything finds no area that gains by moving.
func TestStarsPassOverOnlyWhatIsSettled(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 77))
		m := randomFlows(t, 40+rng.IntN(400), 10+rng.IntN(60), seed)
		for _, q := range []Quality{Modularity, CPM, Bipartite} {
			e := engine(t, m, q)
			o := newOptimiser(e.g.n)
			for _, gamma := range []float64{0.2, 1, 4} {
				if _, err := e.run(context.Background(), o, gamma, seed, 0, true, nil); err != nil {
					t.Fatal(err)
				}
				// A small network under Bipartite starts from single nodes.
				o.single = false
				start := make([]int32, e.g.n)
				for v := range start {
					start[v] = int32(rng.IntN(10))
				}
				for _, from := range [][]int32{nil, start} {
					if _, err := o.optimise(context.Background(), e.g, from); err != nil {
						t.Fatal(err)
					}
					o.stars.walk.forget(e.g.n-e.g.providers, e.g.providers)
					if n := o.placeAreas(e.g); n != 0 {
						t.Errorf("seed %d, %v, γ %v: %d areas still gain by moving", seed, q, gamma, n)
					}
				}
			}
		}
	}
}
