package synthetic

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// flatLattice is a honeycomb that knows neighbours only, which is quick to make.
func flatLattice() *lattice {
	l := &lattice{}
	for cell := range columns * rows {
		for d := range 6 {
			l.near = append(l.near, beside(cell, d))
		}
	}
	return l
}

// Growth gives each cell to the seed that reaches it at least cost, the first of
// equals, as plain relaxation of every cell's cost finds it.
func TestGrowthByPlainRelaxation(t *testing.T) {
	l := flatLattice()
	const side = 16
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 21))
		cost := make([]int, l.cells())
		open := map[int]bool{}
		var patch []int
		for r := range side {
			for c := range side {
				cell := r*columns + c
				cost[cell] = 1 + rng.IntN(9)
				if rng.IntN(5) > 0 { // the rest is closed to all
					open[cell] = true
					patch = append(patch, cell)
				}
			}
		}
		seeds := []int{patch[rng.IntN(len(patch))], patch[rng.IntN(len(patch))], patch[rng.IntN(len(patch))]}
		got := l.grow(seeds, cost, func(_, cell int) bool { return open[cell] })
		want, best := map[int]int{}, map[int]int{}
		for owner, start := range seeds {
			reach := map[int]int{start: 0}
			for changed := true; changed; {
				changed = false
				for _, cell := range patch {
					for d := range 6 {
						k := l.neighbour(cell, d)
						from, ok := reach[k]
						if to, reached := reach[cell]; ok && (!reached || from+cost[cell] < to) {
							reach[cell], changed = from+cost[cell], true
						}
					}
				}
			}
			for cell, n := range reach {
				if b, ok := best[cell]; !ok || n < b {
					best[cell], want[cell] = n, owner
				}
			}
		}
		for cell, owner := range got {
			w, ok := want[cell]
			if !ok {
				w = -1
			}
			if owner != w {
				t.Fatalf("seed %d: cell %d goes to %d, want %d", seed, cell, owner, w)
			}
		}
		// What lies nearest to one seed is taken in the order of its cost.
		near := l.nearest(seeds[0], len(patch), cost, func(cell int) bool { return open[cell] })
		if near[0] != seeds[0] || len(slices.Compact(slices.Sorted(slices.Values(near)))) != len(near) {
			t.Fatalf("seed %d: nearest begins with %d or repeats a cell", seed, near[0])
		}
	}
}

// Neighbours are mutual: the cell in one direction has this one in the opposite
// direction.
func TestNeighboursAreMutual(t *testing.T) {
	l := flatLattice()
	for cell := range l.cells() {
		for d := range 6 {
			if k := l.neighbour(cell, d); k >= 0 && l.neighbour(k, (d+3)%6) != cell {
				t.Fatalf("cell %d has %d in direction %d, which has %d back", cell, k, d, l.neighbour(k, (d+3)%6))
			}
		}
	}
}

// Shares add up to the total, hold the least, and without a least lie within
// one of their quota.
func TestSharesAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 22))
	for range 2000 {
		weight, sum := make([]float64, 1+rng.IntN(12)), 0.0
		for i := range weight {
			weight[i] = 0.1 + rng.Float64()*rng.Float64()*20
			sum += weight[i]
		}
		least := rng.IntN(3)
		total := least*len(weight) + rng.IntN(300)
		got, all := share(total, weight, least), 0
		for i, n := range got {
			all += n
			if n < least || least == 0 && math.Abs(float64(n)-float64(total)*weight[i]/sum) >= 1 {
				t.Fatalf("%d by %v with at least %d: %v", total, weight, least, got)
			}
		}
		if all != total {
			t.Fatalf("%d by %v with at least %d: %v come to %d", total, weight, least, got, all)
		}
	}
}

// Places have names of their own, and the same ones for the same seed.
func TestPlacesHaveTheirOwnNames(t *testing.T) {
	for seed := range uint64(5) {
		a, b := places(300, stream(seed, 10)), places(300, stream(seed, 10))
		if !slices.Equal(a, b) {
			t.Errorf("seed %d: two sets of names", seed)
		}
		slices.Sort(a)
		if n := len(slices.Compact(a)); n != 300 {
			t.Errorf("seed %d: %d names for 300 places", seed, n)
		}
		for _, name := range a {
			if strings.HasSuffix(name, "enover") || strings.HasSuffix(name, "enden") {
				t.Errorf("seed %d: %s is hard to say", seed, name)
			}
		}
	}
}
