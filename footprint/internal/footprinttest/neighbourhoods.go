package footprinttest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
)

// Neighbourhoods is a country of small areas on a square grid, each of 8,000
// people, whose patients go to near and to large hospitals; shares under 0.1%
// are left out. Five areas at a corner are an island tied by their patients. It
// gives the flows, the people and the neighbours.
func Neighbourhoods(t testing.TB, areas, providers int, seed uint64) (*flow.Matrix, []float64, footprint.Adjacency) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 13))
	side := int(math.Ceil(math.Sqrt(float64(areas))))
	x, y, size := make([]float64, providers), make([]float64, providers), make([]float64, providers)
	for j := range providers {
		x[j], y[j], size[j] = rng.Float64()*float64(side), rng.Float64()*float64(side), 0.3+rng.ExpFloat64()
	}
	reach := float64(side) / math.Sqrt(float64(providers)) / 8
	b, people, share := flow.NewBuilder(), make([]float64, areas), make([]float64, providers)
	for a := range areas {
		people[a] = float64(6000 + rng.IntN(4000))
		sum := 0.0
		for j := range providers {
			d := portable.Hypot(float64(a%side)-x[j], float64(a/side)-y[j])
			share[j] = size[j] * (portable.Exp(-d/reach) + float64(0.003*portable.Exp(-d/(8*reach)))) * (0.7 + float64(0.6*rng.Float64()))
			sum += share[j]
		}
		for j, s := range share {
			if s > sum/1000 {
				if err := b.Add(fmt.Sprintf("E%06d", a), fmt.Sprintf("R%03d", j), flow.Exactly(math.Round(people[a]*s/sum))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	m := Built(t, b)
	return m, people, footprint.NewLand(m, cutOff(GridBorders(areas, side), areas-5), footprint.LandOptions{})
}

// cutOff takes away the borders between areas before and from one on.
func cutOff(near AdjacencyList, from int) AdjacencyList {
	for a, list := range near {
		kept := list[:0]
		for _, b := range list {
			if (a < from) == (b < from) {
				kept = append(kept, b)
			}
		}
		near[a] = kept
	}
	return near
}
