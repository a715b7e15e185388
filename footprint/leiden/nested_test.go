package leiden

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// Each demand more of a chain of nested demands costs something or nothing: what
// looser demands give is never worse. STPMAP_CHAINS=200 tries so many chains.
func TestNestedChains(t *testing.T) {
	long(t)
	chains := 2
	if n, err := fmt.Sscan(os.Getenv("STPMAP_CHAINS"), &chains); n == 1 && err != nil {
		t.Fatal(err)
	}
	var worse, tried [3]int
	for seed := range uint64(chains) {
		objective := footprint.Objective(seed % 3)
		worse[objective] += nestedChain(t, seed, objective)
		tried[objective]++
	}
	for o, n := range worse {
		if objective := footprint.Objective(o); n > 0 {
			t.Errorf("%v: %d of %d chains give more for a further demand", objective, n, tried[o])
		}
	}
}

// nestedChain counts the steps of one chain that gave more for a further demand.
func nestedChain(t *testing.T, seed uint64, objective footprint.Objective) (worse int) {
	rng := rand.New(rand.NewPCG(seed, 77))
	m, people, near := footprinttest.Square(t, 6+rng.IntN(3), seed)
	total := 0.0
	for _, n := range people {
		total += n
	}
	k := 3 + rng.IntN(2)
	c := footprint.Constraints{Footprints: k, Population: people, Contiguous: near, MaxPopulation: total}
	before := math.Inf(1)
	for step := range 5 {
		p, err := Leiden{Restarts: 10, Jobs: 1, Seed: 1, Objective: objective, Constraints: c}.Partition(t.Context(), m)
		var no *footprint.InfeasibleError
		if errors.As(err, &no) {
			return worse
		}
		if err != nil {
			t.Fatal(err)
		}
		footprinttest.CheckPartition(t, m, p, c)
		q := worth(footprint.Measure(m, p, people, near), objective)
		if q > before+1e-9 {
			worse++
			t.Logf("chain %d, %v, step %d: %.6f after %.6f", seed, objective, step, q, before)
		}
		before = q
		tighten(rng, &c, total/float64(k), len(m.Areas()))
	}
	return worse
}

// tighten asks for a little more of one demand.
func tighten(rng *rand.Rand, c *footprint.Constraints, mean float64, areas int) {
	switch rng.IntN(5) {
	case 0:
		c.MinPopulation += 0.2 * mean
	case 1:
		c.MaxPopulation = max(0.9*c.MaxPopulation-float64(0.05*c.MaxPopulation*rng.Float64()), 1.15*mean)
	case 2:
		c.MinLocalisation = max(c.MinLocalisation, 0.4) + 0.05
	case 3:
		if v, w := int32(rng.IntN(areas)), int32(rng.IntN(areas)); v != w {
			c.Apart = append(c.Apart, []int32{v, w})
		}
	default:
		c.Together = append(c.Together, []int32{int32(rng.IntN(areas)), int32(rng.IntN(areas))})
	}
}
