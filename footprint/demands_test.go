package footprint

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// checkDemands tests a partition against demands, from the matrix and the
// lists alone.
func checkDemands(t *testing.T, m *flow.Matrix, p Partition, c Constraints) {
	t.Helper()
	if c.Footprints > 0 && p.Len() != c.Footprints {
		t.Errorf("%d footprints, asked for %d", p.Len(), c.Footprints)
	}
	of := func(v int32) int32 {
		if nA := int32(len(p.Areas)); v >= nA {
			return p.Providers[v-nA]
		}
		return p.Areas[v]
	}
	for _, group := range c.Together {
		for _, v := range group {
			if of(v) != of(group[0]) {
				t.Errorf("nodes %d and %d are not together", group[0], v)
			}
		}
	}
	for _, group := range c.Apart {
		for i, v := range group {
			for _, u := range group[:i] {
				if of(v) == of(u) {
					t.Errorf("nodes %d and %d are not apart", u, v)
				}
			}
		}
	}
	for _, f := range p.Footprints() {
		pop, patients, in := 0.0, 0.0, 0.0
		for _, a := range f.Areas {
			if c.Population != nil {
				pop += c.Population[a]
			}
			patients += m.RowTotal(int(a))
			for _, j := range f.Providers {
				in += m.At(int(a), int(j)).Value
			}
		}
		if c.MinPopulation > 0 && pop < c.MinPopulation || c.MaxPopulation > 0 && pop > c.MaxPopulation {
			t.Errorf("%s has %v people", f.ID, pop)
		}
		if c.MaxShare > 0 && patients > c.MaxShare*m.Total().Value*(1+1e-12) {
			t.Errorf("%s has %v of the patients", f.ID, patients/m.Total().Value)
		}
		if in < c.MinLocalisation*patients*(1-1e-12) {
			t.Errorf("%s has a localisation index of %v", f.ID, in/patients)
		}
		if c.Contiguous == nil {
			continue
		}
		var onGround []int32
		for _, a := range f.Areas {
			for range c.Contiguous.Neighbours(int(a)) {
				onGround = append(onGround, a)
				break
			}
		}
		if len(onGround) == 0 {
			continue
		}
		reached := []int32{onGround[0]}
		for i := 0; i < len(reached); i++ {
			for b := range c.Contiguous.Neighbours(int(reached[i])) {
				if p.Areas[b] == p.Areas[reached[i]] && !slices.Contains(reached, int32(b)) {
					reached = append(reached, int32(b))
				}
			}
		}
		if len(reached) != len(onGround) {
			t.Errorf("%s lies in pieces: %d of %d areas reached", f.ID, len(reached), len(onGround))
		}
	}
}

// square is a chessboard of areas with a provider in every ninth; neighbours
// share a side. The last area is an island.
func square(t testing.TB, side int, seed uint64) (*flow.Matrix, []float64, adjacencyList) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 11))
	b := flow.NewBuilder()
	n := side * side
	neighbours := make(adjacencyList, n)
	population := make([]float64, n)
	for a := range n {
		x, y := a%side, a/side
		population[a] = float64(50_000 + rng.IntN(100_000))
		for px := 1; px < side; px += 3 {
			for py := 1; py < side; py += 3 {
				d := (px-x)*(px-x) + (py-y)*(py-y)
				if w := (2000 + rng.IntN(1000)) / (1 + d*d); w > 5 {
					if err := b.Add(fmt.Sprintf("A%04d", a), fmt.Sprintf("P%02d%02d", px, py), flow.Exactly(float64(w))); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if a == n-1 {
			break
		}
		if x > 0 {
			neighbours[a], neighbours[a-1] = append(neighbours[a], a-1), append(neighbours[a-1], a)
		}
		if y > 0 {
			neighbours[a], neighbours[a-side] = append(neighbours[a], a-side), append(neighbours[a-side], a)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, population, neighbours
}

func TestDemandsHold(t *testing.T) {
	for seed := range uint64(3) {
		m, population, neighbours := square(t, 12, seed)
		start, err := Leiden{Seed: seed, Constraints: Constraints{Footprints: 6, Contiguous: neighbours}}.Partition(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		fixed := make([]bool, len(m.Areas())+len(m.Providers()))
		for v := range fixed {
			fixed[v] = v%5 == 0
		}
		for name, c := range map[string]Constraints{
			"contiguous":   {Contiguous: neighbours},
			"number":       {Contiguous: neighbours, Footprints: 7},
			"population":   {Contiguous: neighbours, Population: population, MinPopulation: 700_000, MaxPopulation: 2_500_000},
			"all sizes":    {Contiguous: neighbours, Footprints: 8, Population: population, MinPopulation: 700_000, MaxPopulation: 2_500_000, MaxShare: 0.2},
			"localisation": {MinLocalisation: 0.9},
			"share":        {MaxShare: 0.12},
			"together":     {Together: [][]int32{{0, 1, 13}, {5, int32(len(m.Areas()))}}},
			"apart":        {Apart: [][]int32{{0, 1, 2}, {14, int32(len(m.Areas())) + 3}}},
			"both":         {Together: [][]int32{{60, 61}}, Apart: [][]int32{{60, 62}, {61, 73}}, Contiguous: neighbours},
			"fixed":        {Start: &start, Fixed: fixed, Contiguous: neighbours},
			"fixed number": {Start: &start, Fixed: fixed, Footprints: 9},
		} {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				p, err := Leiden{Seed: seed, Constraints: c}.Partition(context.Background(), m)
				if err != nil {
					t.Fatal(err)
				}
				checkSystems(t, m, p)
				checkDemands(t, m, p, c)
				if c.Fixed == nil {
					return
				}
				// Fixed nodes are together exactly where they were.
				was := append(slices.Clone(start.Areas), start.Providers...)
				is := append(slices.Clone(p.Areas), p.Providers...)
				for v := range fixed {
					for u := range v {
						if fixed[u] && fixed[v] && (was[u] == was[v]) != (is[u] == is[v]) {
							t.Fatalf("fixed nodes %d and %d: together %v, were %v", u, v, is[u] == is[v], was[u] == was[v])
						}
					}
				}
			})
		}
	}
}

func TestDemandsRefused(t *testing.T) {
	m, population, neighbours := square(t, 6, 1)
	n := int32(len(m.Areas()))
	for _, c := range []struct {
		name   string
		demand Constraints
		want   string // part of the reason
	}{
		{"too many", Constraints{Footprints: 100}, "ask for 4 or fewer"},
		{"too many people", Constraints{Footprints: 4, Population: population, MaxPopulation: 500_000}, "raise the largest population"},
		{"too few people", Constraints{Footprints: 4, Population: population, MinPopulation: 3_000_000}, "lower the least population"},
		{"least above largest", Constraints{Population: population, MinPopulation: 2, MaxPopulation: 1}, "lower the one or raise the other"},
		{"no populations", Constraints{MinPopulation: 2}, "needs the population of each area"},
		{"together and apart", Constraints{Together: [][]int32{{1, 2}}, Apart: [][]int32{{1, 2}}}, "drop one of the two"},
		{"together through others", Constraints{Together: [][]int32{{1, 2}, {2, 3}}, Apart: [][]int32{{1, 3}}}, "A0001 and A0003"},
		{"apart beyond the number", Constraints{Footprints: 2, Apart: [][]int32{{0, n - 1, 5}}}, "needs 3 footprints"},
		{"share", Constraints{Footprints: 2, MaxShare: 0.3}, "raise the largest share"},
		{"no start", Constraints{Fixed: make([]bool, 40)}, "no partition to start from"},
		{"localisation", Constraints{Footprints: 4, MinLocalisation: 1}, "lower the least localisation index"},
		{"widths", Constraints{Contiguous: neighbours, Population: population, MinPopulation: 1_500_000, MaxPopulation: 1_600_000}, "but together pass 1,600,000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Leiden{Constraints: c.demand}.Partition(context.Background(), m)
			var no *InfeasibleError
			if !errors.As(err, &no) {
				t.Fatalf("error %v, want an InfeasibleError", err)
			}
			if !strings.Contains(no.Reason, c.want) {
				t.Errorf("reason %q does not say %q", no.Reason, c.want)
			}
		})
	}
	for _, c := range []Constraints{
		{Footprints: -1},
		{MinLocalisation: 1.5},
		{MaxShare: -0.1},
		{MinPopulation: -1},
		{Population: population[1:]},
		{Together: [][]int32{{0, 1000}}},
		{Start: &Partition{}},
	} {
		if _, err := (Leiden{Constraints: c}).Partition(context.Background(), m); err == nil {
			t.Errorf("demands %+v are taken", c)
		}
	}
}

func TestRefusalNamesWhatMustMerge(t *testing.T) {
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{{"A", "P", 90}, {"A", "Q", 10}, {"B", "P", 10}, {"B", "Q", 90}} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Leiden{Constraints: Constraints{Population: []float64{200_000, 190_000}, MinPopulation: 300_000, MaxPopulation: 350_000}}.Partition(context.Background(), m)
	want := "F01 and F02 must merge to reach 300,000 but together pass 350,000: widen the bounds of population"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
