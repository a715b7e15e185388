package render_test

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/render"
)

type lists [][]int

func (l lists) Neighbours(i int) iter.Seq[int] { return slices.Values(l[i]) }

func checkColouring(t *testing.T, adj lists, most int) {
	t.Helper()
	c := render.Colouring(adj, len(adj))
	if len(c) != len(adj) {
		t.Fatalf("%d colours for %d nodes", len(c), len(adj))
	}
	for i := range adj {
		if c[i] < 0 || c[i] >= most {
			t.Errorf("node %d has colour %d, want under %d", i, c[i], most)
		}
		for _, j := range adj[i] {
			if i != j && c[i] == c[j] {
				t.Errorf("neighbours %d and %d have colour %d", i, j, c[i])
			}
		}
	}
	if !slices.Equal(c, render.Colouring(adj, len(adj))) {
		t.Error("another colouring the second time")
	}
}

func TestColouring(t *testing.T) {
	checkColouring(t, nil, 0)
	checkColouring(t, lists{nil, nil}, 1)
	complete := func(n int) lists {
		l := make(lists, n)
		for i := range l {
			for j := range n {
				l[i] = append(l[i], j) // itself too, which does not count
			}
		}
		return l
	}
	checkColouring(t, complete(4), 4)
	checkColouring(t, complete(9), 9)
	checkColouring(t, complete(70), 70)
	checkColouring(t, lists{{1}, nil, {1}}, 4) // told from one side

	// Triangulated grids are planar: four colours suffice, five are found.
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 1))
		const k = 40
		l := make(lists, k*k)
		join := func(a, b int) { l[a], l[b] = append(l[a], b), append(l[b], a) }
		for y := range k {
			for x := range k {
				a := y*k + x
				if x+1 < k {
					join(a, a+1)
				}
				if y+1 < k {
					join(a, a+k)
				}
				if x+1 < k && y+1 < k {
					if rng.IntN(2) == 0 {
						join(a, a+k+1)
					} else {
						join(a+1, a+k)
					}
				}
			}
		}
		checkColouring(t, l, 5)
	}
}

func TestColouringOfEngland(t *testing.T) {
	b := readEngland(t)
	c := render.Colouring(b, b.Len())
	for i := range c {
		if c[i] > 5 {
			t.Errorf("%s has colour %d", b.Names()[i], c[i])
		}
		for j := range b.Neighbours(i) {
			if c[i] == c[j] {
				t.Errorf("%s and %s have one colour", b.Names()[i], b.Names()[j])
			}
		}
	}
}

func TestBorders(t *testing.T) {
	b := readDrawn(t)
	for _, l := range b.Borders() {
		if l.A >= l.B || l.LengthKM <= 0 || len(l.Line) == 0 || l.LengthKM != b.BorderKM(l.A, l.B) {
			t.Errorf("border %+v, %g km by BorderKM", l, b.BorderKM(l.A, l.B))
		}
	}
	// West and east: one line from the north coast to the south coast, and the
	// enclave's, which closes on itself.
	group := []int32{0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0}
	ls := b.GroupBorders(group)
	if len(ls) != 1 || ls[0].A != 0 || ls[0].B != 1 || len(ls[0].Line) != 2 {
		t.Fatalf("got %+v", ls)
	}
	for _, line := range ls[0].Line {
		closed := line[0] == line[len(line)-1]
		if closed != (len(line) == 5) {
			t.Errorf("got line %v", line)
		}
		for i := 1; i < len(line); i++ {
			if line[i] == line[i-1] {
				t.Errorf("position twice in %v", line)
			}
		}
	}
	adj := b.GroupAdjacency(group, 2)
	if got := slices.Collect(iter.Seq[int](adj.Neighbours(0))); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v", got)
	}
	for range adj.Neighbours(7) {
		t.Error("no such group")
	}
}
