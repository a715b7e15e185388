package grouping

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Sets are what a search over the joined pairs finds.
func TestSets(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n := 1 + rng.IntN(30)
		s, near := NewSets(n), make([][]int32, n)
		for range rng.IntN(2 * n) {
			x, y := int32(rng.IntN(n)), int32(rng.IntN(n))
			s.Union(x, y)
			near[x], near[y] = append(near[x], y), append(near[y], x)
		}
		label, k := s.Labels()
		if k != s.Len() || k != Count(label) {
			t.Fatalf("seed %d: %d labels, %d sets", seed, k, s.Len())
		}
		var walk Walk
		walk.Room(n)
		for x := range int32(n) {
			size := 0
			for y := range int32(n) {
				same := s.Find(x) == s.Find(y)
				if same != (label[x] == label[y]) {
					t.Fatalf("seed %d: %d and %d: same set %v, labels %d and %d", seed, x, y, same, label[x], label[y])
				}
				if same {
					size++
				}
			}
			next := func(v int32, visit func(int32)) {
				for _, u := range near[v] {
					visit(u)
				}
			}
			if got := walk.Count(x, next, func(int32) bool { return true }); got != size {
				t.Fatalf("seed %d: a walk from %d reaches %d, its set has %d", seed, x, got, size)
			}
			if s.Find(x) > x {
				t.Fatalf("seed %d: %d stands for %d", seed, s.Find(x), x)
			}
		}
	}
}

func TestAttach(t *testing.T) {
	s := NewSets(4)
	s.Attach(1, 3)
	if got := s.Find(1); got != 3 {
		t.Errorf("got %d, want 3: what was attached to", got)
	}
	s.Attach(3, 0)
	if got := s.Find(1); got != 0 {
		t.Errorf("got %d, want 0", got)
	}
}

func TestCompactAndMembers(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 2))
		n := 1 + rng.IntN(40)
		label := make([]int32, n)
		for i := range label {
			label[i] = rng.Int32N(20)
		}
		was := slices.Clone(label)
		k := Compact(label, 20)
		next := int32(0)
		for i, c := range label {
			if c > next {
				t.Fatalf("seed %d: label %d before %d", seed, c, next)
			}
			if c == next {
				next++
			}
			for j := range i {
				if (label[i] == label[j]) != (was[i] == was[j]) {
					t.Fatalf("seed %d: items %d and %d", seed, i, j)
				}
			}
		}
		if int(next) != k {
			t.Fatalf("seed %d: %d labels, counted %d", seed, next, k)
		}
		start, member := Members(label, k)
		for c := range k {
			list := member[start[c]:start[c+1]]
			if !slices.IsSorted(list) || slices.ContainsFunc(list, func(v int32) bool { return label[v] != int32(c) }) {
				t.Fatalf("seed %d: members of %d: %v", seed, c, list)
			}
		}
		if len(member) != n {
			t.Fatalf("seed %d: %d members of %d", seed, len(member), n)
		}
	}
}

// Joins is what taking the place out and counting pieces says.
func TestWalkJoins(t *testing.T) {
	yes, no := 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 3))
		n := 3 + rng.IntN(12)
		near := make([][]int32, n)
		for range n + rng.IntN(n) {
			x, y := int32(rng.IntN(n)), int32(rng.IntN(n))
			if x != y {
				near[x], near[y] = append(near[x], y), append(near[y], x)
			}
		}
		label := make([]int32, n)
		for i := range label {
			label[i] = rng.Int32N(2)
		}
		next := func(v int32, visit func(int32)) {
			for _, u := range near[v] {
				visit(u)
			}
		}
		var walk Walk
		walk.Room(n)
		for v := range int32(n) {
			rest := NewSets(n)
			for x := range int32(n) {
				for _, y := range near[x] {
					if x != v && y != v && label[x] == label[v] && label[y] == label[v] {
						rest.Union(x, y)
					}
				}
			}
			var around []int32
			pieces := map[int32]bool{}
			for _, u := range near[v] {
				if label[u] == label[v] {
					around = append(around, u)
					pieces[rest.Find(u)] = true
				}
			}
			want := len(pieces) <= 1
			slices.Sort(around)
			if got := walk.Joins(label, v, slices.Compact(around), next); got != want {
				t.Fatalf("seed %d, place %d: got %v, want %v", seed, v, got, want)
			}
			if want {
				yes++
			} else {
				no++
			}
		}
	}
	if yes < 100 || no < 100 {
		t.Errorf("only %d joined and %d not", yes, no)
	}
}
