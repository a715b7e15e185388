package compare

import (
	"math/rand/v2"
	"testing"
)

// certified fails unless the potentials prove that no matching holds more things:
// none is above 0, no cell costs less than those of its row and column, and together
// they are the cost of the matching (duality of linear programs).
func certified(t *testing.T, table *contingency) {
	t.Helper()
	a := newAssignment(table)
	for r := range table.rows {
		a.assign(int32(r))
	}
	bound, matched, taken := 0, 0, map[int32]bool{}
	for r, u := range a.u {
		bound -= u
		if u > 0 {
			t.Fatalf("row %d has the potential %d", r, u)
		}
		if c := a.colOf[r]; c >= 0 {
			if taken[c] || a.rowOf[c] != int32(r) {
				t.Fatalf("column %d is taken twice", c)
			}
			taken[c] = true
			matched += a.shared(int32(r), c)
		}
	}
	for c, v := range a.v {
		bound -= v
		if v > 0 {
			t.Fatalf("column %d has the potential %d", c, v)
		}
	}
	for _, c := range table.cells {
		if a.u[c.row]+a.v[c.col] > -c.n {
			t.Fatalf("%v costs less than its row and column", c)
		}
	}
	if matched != bound {
		t.Errorf("%d things are matched, and %d are not excluded", matched, bound)
	}
}

func drawn(rng *rand.Rand, things, groups int) []int32 {
	out := make([]int32, things)
	for i := range out {
		out[i] = int32(rng.IntN(groups))
	}
	return out
}

// No matching of random groupings holds more, by the proof that the potentials are.
func TestMatchIsProven(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 1))
	for range 2000 {
		things := 1 + rng.IntN(200)
		certified(t, newContingency(drawn(rng, things, 1+rng.IntN(60)), drawn(rng, things, 1+rng.IntN(60))))
	}
}

// Twenty thousand groups need memory for the cells they share, not for every pair
// of them, which would be 3 GB.
func TestMatchOfManyGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 2))
	a := drawn(rng, 100_000, 20_000)
	b := make([]int32, len(a))
	for i, g := range a {
		if b[i] = (g + 1) % 20_000; rng.IntN(10) == 0 {
			b[i] = int32(rng.IntN(20_000))
		}
	}
	certified(t, newContingency(a, b))
}

func BenchmarkMatchOfManyGroups(b *testing.B) {
	rng := rand.New(rand.NewPCG(15, 3))
	table := newContingency(drawn(rng, 100_000, 20_000), drawn(rng, 100_000, 20_000))
	for b.Loop() {
		table.match()
	}
}
