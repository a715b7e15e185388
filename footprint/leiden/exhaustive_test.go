package leiden

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// smallMatrix has so few nodes that all partitions can be looked at.
func smallMatrix(t *testing.T, rng *rand.Rand) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	areas, providers := 4+rng.IntN(2), 3
	for a := range areas {
		for p := range providers {
			if n := rng.IntN(60); n > 20 || p == a%providers {
				if err := b.Add(fmt.Sprintf("A%d", a), fmt.Sprintf("P%d", p), flow.Exactly(float64(1+n))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return footprinttest.Built(t, b)
}

// allPartitions calls visit with every partition of n nodes, as labels that
// appear in order.
func allPartitions(n int, visit func(label []int32)) {
	label := make([]int32, n)
	var next func(v int, k int32)
	next = func(v int, k int32) {
		if v == n {
			visit(label)
			return
		}
		for c := int32(0); c <= k; c++ {
			label[v] = c
			next(v+1, max(k, c+1))
		}
	}
	next(0, 0)
}

// smallDemands are demands that bind: about a half of the cases has a partition
// that meets them.
func smallDemands(rng *rand.Rand, m *flow.Matrix) footprint.Constraints {
	nA := len(m.Areas())
	n := nA + len(m.Providers())
	c := footprint.Constraints{Population: make([]float64, nA)}
	total := 0.0
	for a := range c.Population {
		c.Population[a] = float64(10 + rng.IntN(90))
		total += c.Population[a]
	}
	if rng.IntN(2) == 0 {
		c.Contiguous = footprinttest.Coast(nA)
	}
	if rng.IntN(2) == 0 {
		c.MinPopulation = total * (0.2 + 0.3*rng.Float64())
	}
	if rng.IntN(2) == 0 {
		c.MaxPopulation = total * (0.4 + 0.4*rng.Float64())
	}
	if rng.IntN(3) == 0 {
		c.MinLocalisation = 0.3 + 0.4*rng.Float64()
	}
	if v, w := int32(rng.IntN(n)), int32(rng.IntN(n)); v != w && rng.IntN(2) == 0 {
		c.Apart = [][]int32{{v, w}}
	}
	if rng.IntN(3) == 0 {
		c.Together = [][]int32{{int32(rng.IntN(n)), int32(rng.IntN(n))}}
	}
	return c
}

// meets says whether labels of areas and then providers are footprints that
// meet every demand: the reference, from the lists alone.
func meets(m *flow.Matrix, label []int32, c footprint.Constraints) (footprint.Partition, bool) {
	nA := len(m.Areas())
	p := footprint.Partition{Areas: label[:nA], Providers: label[nA:], IDs: footprint.IDs(int(slices.Max(label)) + 1)}
	if c.MinPopulation == 0 && c.MaxPopulation == 0 {
		c.Population = nil
	}
	for _, group := range c.Together {
		if label[group[0]] != label[group[1]] {
			return p, false
		}
	}
	for _, group := range c.Apart {
		if label[group[0]] == label[group[1]] {
			return p, false
		}
	}
	ms := footprint.Measure(m, p, c.Population, c.Contiguous)
	for _, f := range ms.ByFootprint {
		if f.Areas == 0 || f.Providers == 0 || !f.Connected || !(f.Inside.Value > 0) || c.Contiguous != nil && !f.Contiguous ||
			f.Population < c.MinPopulation || c.MaxPopulation > 0 && f.Population > c.MaxPopulation ||
			f.LocalisationIndex < c.MinLocalisation {
			return p, false
		}
	}
	return p, true
}

// Under demands the search finds the best of all partitions in most small cases,
// and refuses where none meets the demands. It is no proof: in a few cases it
// does not find the partitions that there are.
func TestDemandsAgainstAllPartitions(t *testing.T) {
	met, best, missed, none := 0, 0, 0, 0
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(seed, 31))
		m := smallMatrix(t, rng)
		c := smallDemands(rng, m)
		most, exists := math.Inf(-1), false
		allPartitions(len(m.Areas())+len(m.Providers()), func(label []int32) {
			if p, ok := meets(m, label, c); ok {
				most, exists = max(most, footprint.Measure(m, p, nil, nil).Modularity), true
			}
		})
		p, err := Leiden{Seed: seed, Restarts: 10, Constraints: c}.Partition(t.Context(), m)
		switch {
		case err != nil && exists:
			missed++
		case err != nil:
			none++
		default:
			footprinttest.CheckPartition(t, m, p, c)
			if !exists {
				t.Fatalf("seed %d: %v meets demands that no partition meets", seed, p)
			}
			met++
			got := footprint.Measure(m, p, nil, nil).Modularity
			if got > most+1e-9 {
				t.Fatalf("seed %d: modularity %v, and the best of all is %v", seed, got, most)
			}
			if got > most-1e-9 {
				best++
			}
		}
	}
	t.Logf("met %d, of these the best %d; missed %d; none exists %d", met, best, missed, none)
	if met < 30 || none < 15 || best*20 < met*17 || missed*15 > met {
		t.Errorf("met %d, of these the best %d; missed %d; none exists %d", met, best, missed, none)
	}
}

// Without demands it is the best, too.
func TestBestOfAllPartitions(t *testing.T) {
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 32))
		m := smallMatrix(t, rng)
		most := math.Inf(-1)
		allPartitions(len(m.Areas())+len(m.Providers()), func(label []int32) {
			if p, ok := meets(m, label, footprint.Constraints{}); ok {
				most = max(most, footprint.Measure(m, p, nil, nil).Modularity)
			}
		})
		p, err := Leiden{Seed: seed, Restarts: 10}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if got := footprint.Measure(m, p, nil, nil).Modularity; math.Abs(got-most) > 1e-9 {
			t.Errorf("seed %d: modularity %v, the best of all is %v", seed, got, most)
		}
	}
}
