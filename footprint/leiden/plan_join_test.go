package leiden

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// Joining by best partners joins what a new plan after every join gives, to the
// last bit, under any demands.
func TestJoiningIsThatOfNewPlans(t *testing.T) {
	joined, refused := 0, 0
	for seed := range uint64(80) {
		rng := rand.New(rand.NewPCG(seed, 5))
		var m *flow.Matrix
		var c footprint.Constraints
		switch seed % 4 {
		case 0:
			m, c.Population, c.Contiguous = squareOf(t, 6+rng.IntN(5), seed)
		case 1:
			m = footprinttest.RandomMatrix(t, 30+rng.IntN(60), 10+rng.IntN(30), seed, nil)
		case 2: // every pair gains the same as many others
			m = ringOf(t, 20+rng.IntN(40))
		default:
			m = footprinttest.RandomPlaces(t, 40+rng.IntN(40), seed)
		}
		areas := len(m.Areas())
		c.Footprints = rng.IntN(areas / 2)
		if rng.IntN(2) == 0 {
			c.MinLocalisation = 0.4
		}
		if c.Population != nil {
			c.MinPopulation, c.MaxPopulation = 3000, 1e6
		}
		for range rng.IntN(4) {
			c.Apart = append(c.Apart, []int32{int32(rng.IntN(areas / 2)), int32(areas/2 + rng.IntN(areas/2))})
		}
		e, err := NewEngine(m, footprint.Modularity)
		if err != nil {
			t.Fatal(err)
		}
		o := e.idle.Get().(*workspace)
		p, _, err := e.newPlan(o, &c, e.factor*(0.2+2*rng.Float64()))
		if err != nil {
			refused++
			continue
		}
		part := make([]int32, p.g.Nodes)
		for v := range part {
			part[v] = int32(rng.IntN(len(part)))
		}
		n := o.Compact(part, p.g.Nodes)
		s := &search{p: p, o: o, k: c.Footprints}
		want, got := s.joinByPlans(part, n), slices.Clone(part)
		s.join(got, n)
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: %d units joined into %d, and into %d by all pairs", seed, n, 1+slices.Max(got), 1+slices.Max(want))
		}
		joined += n - 1 - int(slices.Max(want))
	}
	if joined < 500 || refused > 20 {
		t.Errorf("%d joins, %d demands refused: too few to tell", joined, refused)
	}
}

// joinByPlans makes a new plan after every join, and goes over all its pairs.
func (s *search) joinByPlans(part []int32, n int) []int32 {
	q, part := s.p.coarsen(s.o, part, n), slices.Clone(part)
	for {
		a, b, gain := q.bestUnion()
		if a < 0 || !s.worthJoining(q.unit, n, gain) {
			return part
		}
		merged := mergedLabels(n, a, b)
		n--
		for v, c := range part {
			part[v] = merged[c]
		}
		q = q.coarsen(s.o, merged, n)
	}
}

func ringOf(t *testing.T, n int) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for i := range n {
		for step := range 3 {
			if err := b.Add(fmt.Sprintf("A%02d", i), fmt.Sprintf("P%02d", (i+step)%n), flow.Exactly(10)); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func squareOf(t *testing.T, side int, seed uint64) (*flow.Matrix, []float64, footprint.Adjacency) {
	m, people, near := footprinttest.Square(t, side, seed)
	return m, people, near
}
