package synthetic

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
)

func atof(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// honeycomb is a lattice that tests share.
var honeycomb = sync.OnceValue(func() *lattice { return newLattice(stream(7, 0)) })

// Who is beside whom is mutual, and opposite directions lead back.
func TestNeighbours(t *testing.T) {
	l := honeycomb()
	if len(l.near) != 6*l.cells() {
		t.Fatalf("%d neighbours of %d cells", len(l.near), l.cells())
	}
	edge := 0
	for i := range l.cells() {
		for d := range 6 {
			k := l.neighbour(i, d)
			if k < 0 {
				edge++
				continue
			}
			if back := l.neighbour(k, (d+3)%6); back != i {
				t.Fatalf("cell %d, direction %d: back to %d", i, d, back)
			}
		}
	}
	// The rim: east and west ends of the rows, and the first and last row.
	if want := 2*rows + 2*(rows-1) + 4*columns; edge != want {
		t.Errorf("%d steps lead off the honeycomb, want %d", edge, want)
	}
}

// The border between two cells is the same from both sides, and its corners lie
// between the cells' centres.
func TestEdges(t *testing.T) {
	l := honeycomb()
	rng := rand.New(rand.NewPCG(5, 5))
	for range 5000 {
		i := (1+rng.IntN(rows-2))*columns + 1 + rng.IntN(columns-2)
		for d := range 3 {
			k := l.neighbour(i, d)
			from, to := l.edge(i, d)
			if from == to {
				t.Fatalf("cell %d, direction %d: an edge of no length", i, d)
			}
			a, b := l.corner(from), l.corner(to)
			if cross(a, b, l.centre(i)) <= 0 || cross(a, b, l.centre(k)) >= 0 {
				t.Fatalf("the border of %d and %d has both on one side", i, k)
			}
		}
	}
}

// Growth reaches what can be reached, in pieces, whatever the cost.
func TestGrow(t *testing.T) {
	l := honeycomb()
	rng := rand.New(rand.NewPCG(6, 6))
	cost := make([]int, l.cells())
	allowedCell := make([]bool, l.cells())
	for i := range cost {
		cost[i] = 1 + rng.IntN(20)
		r, c := i/columns, i%columns
		allowedCell[i] = r < 60 && c < 60 && rng.IntN(8) > 0
	}
	seeds := []int{10*columns + 10, 40*columns + 40, 15*columns + 45}
	for _, s := range seeds {
		allowedCell[s] = true
	}
	owner := l.grow(seeds, cost, func(_, k int) bool { return allowedCell[k] })
	for o, s := range seeds {
		if owner[s] != o {
			t.Fatalf("seed %d is owned by %d", o, owner[s])
		}
		// All cells of an owner are reached from its seed without leaving it.
		seen, queue := map[int]bool{s: true}, []int{s}
		for len(queue) > 0 {
			i := queue[0]
			queue = queue[1:]
			for d := range 6 {
				if k := l.neighbour(i, d); k >= 0 && owner[k] == o && !seen[k] {
					seen[k] = true
					queue = append(queue, k)
				}
			}
		}
		n := 0
		for _, w := range owner {
			if w == o {
				n++
			}
		}
		if n != len(seen) || n < 100 {
			t.Errorf("owner %d has %d cells, %d of them in one piece", o, n, len(seen))
		}
	}
	for i, o := range owner {
		if o >= 0 && !allowedCell[i] {
			t.Fatalf("cell %d was not allowed", i)
		}
		for d := range 6 {
			if k := l.neighbour(i, d); o < 0 && allowedCell[i] && k >= 0 && owner[k] >= 0 {
				t.Fatalf("cell %d could have been reached", i)
			}
		}
	}
	// The order of taking: the seed first, each next one beside those before.
	order := l.nearest(seeds[0], 50, cost, func(k int) bool { return allowedCell[k] })
	if order[0] != seeds[0] || len(order) != 50 {
		t.Fatalf("%d cells, the first is %d", len(order), order[0])
	}
	for n, i := range order[1:] {
		if !slices.ContainsFunc(order[:n+1], func(k int) bool { return beside6(l, i, k) }) {
			t.Fatalf("cell %d is beside none of those before", i)
		}
	}
}

func beside6(l *lattice, i, k int) bool {
	for d := range 6 {
		if l.neighbour(i, d) == k {
			return true
		}
	}
	return false
}

// Depth is 0 at a border and rises by at most one from cell to cell; spreading
// reaches as many cells out as it is told.
func TestInlandAndSpread(t *testing.T) {
	l := honeycomb()
	owner := make([]int, l.cells())
	for i := range owner {
		owner[i] = -1
		if r, c := i/columns, i%columns; r >= 50 && r < 90 && c >= 50 && c < 90 {
			owner[i] = c / 70 // two neighbours, 20 and 20 cells wide
		}
	}
	depth := l.inland(owner)
	deepest := 0
	for i, o := range owner {
		border := false
		for d := range 6 {
			k := l.neighbour(i, d)
			border = border || k < 0 || owner[k] != o
			if k >= 0 && owner[k] == o && depth[k] > depth[i]+1 {
				t.Fatalf("depth rises from %d to %d", depth[i], depth[k])
			}
		}
		if border != (depth[i] == 0) {
			t.Fatalf("cell %d: at the border %t, depth %d", i, border, depth[i])
		}
		if o >= 0 {
			deepest = max(deepest, depth[i])
		}
	}
	if deepest < 7 || deepest > 10 {
		t.Errorf("the deepest cell is %d from a border", deepest)
	}
	before := slices.Clone(owner)
	l.spread(owner, 3)
	grown := 0
	for i, o := range owner {
		if before[i] >= 0 && o != before[i] {
			t.Fatalf("cell %d changed its owner", i)
		}
		if before[i] < 0 && o >= 0 {
			grown++
			if r, c := i/columns, i%columns; r < 46 || r > 93 || c < 46 || c > 93 {
				t.Fatalf("cell %d is further than 3 cells out", i)
			}
		}
	}
	if grown < 3*4*40 {
		t.Errorf("%d cells were reached", grown)
	}
}

// A field of noise spans its range, and neighbours are alike: the smoother, the
// more often it was averaged.
func TestNoise(t *testing.T) {
	l := honeycomb()
	rough := func(passes int) float64 {
		field := l.noise(passes, stream(9, uint64(passes)))
		if slices.Min(field) != 0 || slices.Max(field) != 1000 {
			t.Errorf("%d passes: from %d to %d", passes, slices.Min(field), slices.Max(field))
		}
		sum, n := 0, 0
		for i, v := range field {
			if k := l.neighbour(i, 0); k >= 0 {
				sum += max(v-field[k], field[k]-v)
				n++
			}
		}
		return float64(sum) / float64(n)
	}
	if a, b, c := rough(1), rough(6), rough(24); !(a > b && b > c) {
		t.Errorf("steps between neighbours of %v, %v, %v", a, b, c)
	}
}
