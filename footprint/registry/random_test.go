package registry

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// Whatever is asked of whatever method and matrix is met in full or refused by
// name.
func TestRandomDemandsAreMetOrRefused(t *testing.T) {
	for _, method := range Methods() {
		t.Run(method.Name, func(t *testing.T) {
			t.Parallel()
			met := 0
			for seed := range uint64(150) {
				if meetsOrRefuses(t, method, seed) {
					met++
				}
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
			if met < 15 {
				t.Errorf("only %d of the demands were met", met)
			}
		})
	}
}

// meetsOrRefuses asks one random case of a method.
func meetsOrRefuses(t *testing.T, method footprint.Description, seed uint64) (met bool) {
	rng := rand.New(rand.NewPCG(seed, 21))
	m := randomMatrix(t, rng, seed)
	c := randomDemands(t, rng, m, method, seed)
	with, err := method.New(footprint.Settings{Seed: seed, Constraints: c})
	if err != nil {
		t.Fatal(err)
	}
	p, err := with.Partition(t.Context(), m)
	var (
		no    *footprint.InfeasibleError
		bad   *footprint.ParameterError
		lacks *footprint.UnsupportedError
	)
	if errors.As(err, &no) || errors.As(err, &bad) || errors.As(err, &lacks) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	footprinttest.CheckPartition(t, m, p, c)
	checkFixed(t, p, c)
	return true
}

func randomMatrix(t *testing.T, rng *rand.Rand, seed uint64) *flow.Matrix {
	if seed%3 == 2 {
		return footprinttest.RandomPlaces(t, 5+rng.IntN(30), seed)
	}
	return footprinttest.RandomMatrix(t, 2+rng.IntN(30), 1+rng.IntN(12), seed, nil)
}

func randomDemands(t *testing.T, rng *rand.Rand, m *flow.Matrix, method footprint.Description, seed uint64) footprint.Constraints {
	var c footprint.Constraints
	nA, n := len(m.Areas()), len(m.Areas())
	if !m.OneMode() {
		n += len(m.Providers())
	}
	often := func(one int) bool { return rng.IntN(one) == 0 }
	if often(2) {
		c.Footprints = 1 + rng.IntN(6)
	}
	if often(2) {
		c.Contiguous = footprinttest.Coast(nA)
	}
	if often(2) {
		c.Population, c.MinPopulation, c.MaxPopulation = randomPeople(rng, nA)
	}
	if often(3) {
		c.MinLocalisation = rng.Float64()
	}
	if often(3) {
		c.MaxShare = 0.2 + 0.8*rng.Float64()
	}
	if often(3) {
		c.Together = [][]int32{{int32(rng.IntN(n)), int32(rng.IntN(n))}}
	}
	if v, w := int32(rng.IntN(n)), int32(rng.IntN(n)); v != w && often(3) {
		c.Apart = [][]int32{{v, w}}
	}
	if often(3) {
		c.Start, c.Fixed = randomStart(t, rng, m, method, seed, n)
	}
	if often(3) {
		c.KeepWhole = []footprint.Unit{{Name: "U", Areas: []int32{int32(rng.IntN(nA)), int32(rng.IntN(nA)), int32(rng.IntN(nA))}}}
	}
	if often(3) && !m.OneMode() {
		c.MinProviders = 1 + rng.IntN(3)
		if often(2) {
			c.CountedProviders = make([]bool, len(m.Providers()))
			for j := range c.CountedProviders {
				c.CountedProviders[j] = !often(3)
			}
		}
	}
	return c
}

func randomPeople(rng *rand.Rand, areas int) (people []float64, least, most float64) {
	people = make([]float64, areas)
	total := 0.0
	for a := range people {
		people[a] = float64(rng.IntN(100))
		total += people[a]
	}
	least, most = total/float64(4+rng.IntN(8)), total/float64(1+rng.IntN(4))
	if least > most {
		least = 0
	}
	return people, least, most
}

// randomStart is the method's own partition, with a few nodes fixed.
func randomStart(t *testing.T, rng *rand.Rand, m *flow.Matrix, method footprint.Description, seed uint64, nodes int) (*footprint.Partition, []bool) {
	with, err := method.New(footprint.Settings{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	start, err := with.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	fixed := make([]bool, nodes)
	for range 3 {
		fixed[rng.IntN(nodes)] = true
	}
	return &start, fixed
}

// checkFixed checks that fixed nodes share a footprint exactly where they did.
func checkFixed(t *testing.T, p footprint.Partition, c footprint.Constraints) {
	label := slices.Concat(p.Areas, p.Providers)
	for v, is := range c.Fixed {
		for w := range v {
			if !is || !c.Fixed[w] {
				continue
			}
			if got, want := label[v] == label[w], c.StartOf(v) == c.StartOf(w); got != want {
				t.Errorf("fixed nodes %d and %d: together %v, before %v", w, v, got, want)
			}
		}
	}
}
