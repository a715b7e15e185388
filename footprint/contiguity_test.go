package footprint

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/footprint/internal/grouping"
)

// lists is an Adjacency held as lists.
type lists [][]int

func (l lists) Neighbours(area int) iter.Seq[int] { return slices.Values(l[area]) }

// randomGround has some islands, and borders that name places there are not.
func randomGround(rng *rand.Rand, n int) lists {
	l := make(lists, n)
	for range 2 * n {
		a, b := rng.IntN(n), rng.IntN(n)
		if a != b && a%5 != 0 && b%5 != 0 && !slices.Contains(l[a], b) {
			l[a], l[b] = append(l[a], b), append(l[b], a)
		}
	}
	a := rng.IntN(n)
	l[a] = append(l[a], n+3)
	return l
}

// reach floods the places of one label from one of them.
func reach(l lists, label []int32, from int) []bool {
	seen := make([]bool, len(l))
	seen[from] = true
	for stack := []int{from}; len(stack) > 0; {
		a := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, b := range l[a] {
			if b < len(l) && !seen[b] && label[b] == label[from] {
				seen[b] = true
				stack = append(stack, b)
			}
		}
	}
	return seen
}

// What the ground says of pieces is what floods over the lists say.
func TestGroundPieces(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 4))
		n := 5 + rng.IntN(25)
		l := make(lists, n)
		for a, near := range randomGround(rng, n) {
			for _, b := range near {
				if b < n && !slices.Contains(l[a], b) {
					l[a], l[b] = append(l[a], b), append(l[b], a)
				}
			}
		}
		g := GroundOf(l, n)
		label := make([]int32, n)
		for a := range label {
			label[a] = rng.Int32N(4)
		}
		want := make([]int, 4)
		seen := make([]bool, n)
		for a := range n {
			if len(l[a]) == 0 != !g.Landed(int32(a)) {
				t.Fatalf("seed %d: area %d is an island: %v", seed, a, !g.Landed(int32(a)))
			}
			if len(l[a]) == 0 || seen[a] {
				continue
			}
			want[label[a]]++
			for b, in := range reach(l, label, a) {
				seen[b] = seen[b] || in
			}
		}
		got := g.Pieces(label, 4)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: got %v pieces, want %v", seed, got, want)
		}
		v, w, cut := g.Cut(label, 4)
		if cut != (slices.Max(want) > 1) {
			t.Fatalf("seed %d: cut %v with pieces %v", seed, cut, want)
		}
		if cut && (label[v] != label[w] || reach(l, label, int(v))[w]) {
			t.Fatalf("seed %d: %d and %d are not cut", seed, v, w)
		}
		for c := range int32(4) {
			var places []int32
			for a := range int32(n) {
				if label[a] == c {
					places = append(places, a)
				}
			}
			if parts := g.Parts(places); len(parts) != want[c] {
				t.Fatalf("seed %d: label %d has parts %v, want %d", seed, c, parts, want[c])
			}
		}
	}
}

// A way leads over borders, and none is shorter.
func TestGroundWay(t *testing.T) {
	none := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 5))
		n := 6 + rng.IntN(20)
		g := GroundOf(randomGround(rng, n), n)
		far := make([]int, n) // borders from place 1, by rounds
		for i := range far {
			far[i] = -1
		}
		far[1] = 0
		for round := range n {
			for v := range int32(n) {
				for _, u := range g.Near(v) {
					if far[v] == round && far[u] < 0 {
						far[u] = round + 1
					}
				}
			}
		}
		for to := range int32(n) {
			way := g.Way(1, to)
			if far[to] < 0 {
				none++
				if way != nil {
					t.Fatalf("seed %d: a way to %d that there is not: %v", seed, to, way)
				}
				continue
			}
			if len(way) != far[to]+1 || way[0] != to || way[len(way)-1] != 1 {
				t.Fatalf("seed %d: way to %d is %v, want %d borders", seed, to, way, far[to])
			}
			for i := 1; i < len(way); i++ {
				if !slices.Contains(g.Near(way[i]), way[i-1]) {
					t.Fatalf("seed %d: %d and %d share no border", seed, way[i-1], way[i])
				}
			}
		}
	}
	if none < 20 {
		t.Errorf("only %d places could not be reached", none)
	}
}

// Groups border each other where their places do, and are landed where one is.
func TestGroundMerge(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 6))
		n := 6 + rng.IntN(20)
		g := GroundOf(randomGround(rng, n), n)
		part := make([]int32, n)
		for v := range part {
			part[v] = rng.Int32N(6)
		}
		k := grouping.Compact(part, 6)
		start, members := grouping.Members(part, k)
		var up Ground
		g.Merge(&up, part, start, members, make([]int32, k))
		for c := range int32(k) {
			landed, near := false, map[int32]bool{}
			for v := range int32(n) {
				if part[v] != c {
					continue
				}
				landed = landed || g.Landed(v)
				for _, u := range g.Near(v) {
					if part[u] != c {
						near[part[u]] = true
					}
				}
			}
			if up.Landed(c) != landed || len(up.Near(c)) != len(near) || !slices.IsSorted(up.Near(c)) {
				t.Fatalf("seed %d: group %d: landed %v, near %v; want %v, %v", seed, c, up.Landed(c), up.Near(c), landed, near)
			}
			for _, d := range up.Near(c) {
				if !near[d] || !up.Borders(c, d) || !up.Borders(d, c) {
					t.Fatalf("seed %d: groups %d and %d border each other", seed, c, d)
				}
			}
		}
	}
}
