package leiden

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// Whatever is asked of whatever matrix is met in full or refused by name.
func TestRandomDemandsAreMetOrRefused(t *testing.T) {
	met := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 21))
		var m *flow.Matrix
		if seed%3 == 2 {
			m = footprinttest.RandomPlaces(t, 5+rng.IntN(30), seed)
		} else {
			m = footprinttest.RandomMatrix(t, 2+rng.IntN(30), 1+rng.IntN(12), seed, nil)
		}
		nA, n := len(m.Areas()), len(m.Areas())
		if !m.OneMode() {
			n += len(m.Providers())
		}
		var c footprint.Constraints
		if rng.IntN(2) == 0 {
			c.Footprints = 1 + rng.IntN(6)
		}
		if rng.IntN(2) == 0 { // a line of areas with a gap and an island
			lists := make(footprinttest.AdjacencyList, nA)
			for a := 1; a < nA-1; a++ {
				if a != nA/2 {
					lists[a], lists[a-1] = append(lists[a], a-1), append(lists[a-1], a)
				}
			}
			c.Contiguous = lists
		}
		if rng.IntN(2) == 0 {
			c.Population = make([]float64, nA)
			total := 0.0
			for a := range c.Population {
				c.Population[a] = float64(rng.IntN(100))
				total += c.Population[a]
			}
			c.MinPopulation = total / float64(4+rng.IntN(8))
			c.MaxPopulation = total / float64(1+rng.IntN(4))
			if c.MinPopulation > c.MaxPopulation {
				c.MinPopulation = 0
			}
		}
		if rng.IntN(3) == 0 {
			c.MinLocalisation = rng.Float64()
		}
		if rng.IntN(3) == 0 {
			c.MaxShare = 0.2 + 0.8*rng.Float64()
		}
		if rng.IntN(3) == 0 {
			c.Together = [][]int32{{int32(rng.IntN(n)), int32(rng.IntN(n))}}
		}
		if rng.IntN(3) == 0 {
			c.Apart = [][]int32{{int32(rng.IntN(n)), int32(rng.IntN(n))}}
			if c.Apart[0][0] == c.Apart[0][1] {
				c.Apart = nil
			}
		}
		l := Leiden{Seed: seed, Constraints: c}
		if rng.IntN(3) == 0 {
			if start, err := (Leiden{Seed: seed}).Partition(context.Background(), m); err == nil {
				l.Constraints.Start = &start
				l.Constraints.Fixed = make([]bool, n)
				for range 3 {
					l.Constraints.Fixed[rng.IntN(n)] = true
				}
			}
		}
		p, err := l.Partition(context.Background(), m)
		var no *footprint.InfeasibleError
		if errors.As(err, &no) {
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		met++
		footprinttest.CheckPartition(t, m, p, c)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if met < 40 {
		t.Errorf("only %d of the demands were met", met)
	}
}
