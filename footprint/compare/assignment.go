package compare

import (
	"math"
	"slices"
)

// match finds the one-to-one matching of rows and columns with the most things
// in matched cells: the column of each row, and that number.
func (t *contingency) match() (partner []int32, matched int) {
	nr, nc := len(t.rows), len(t.cols)
	n := max(nr, nc)
	if n == 0 {
		return nil, 0
	}
	a := newAssignment(n)
	for _, c := range t.cells {
		a.cost[int(c.row)*n+int(c.col)] = -c.n
	}
	for r := 1; r <= n; r++ {
		a.assign(r)
	}
	partner = slices.Repeat([]int32{-1}, nr)
	for j := 1; j <= n; j++ {
		if r := a.rowOf[j] - 1; r < nr && j <= nc {
			partner[r] = int32(j - 1)
			matched -= a.cost[r*n+j-1]
		}
	}
	return partner, matched
}

// assignment solves the assignment problem by shortest augmenting paths with
// potentials (Kuhn 1955, doi:10.1002/nav.3800020109, in the O(n³) form). Rows
// and columns count from 1; 0 stands for none.
type assignment struct {
	n     int
	cost  []int // of row i and column j at (i−1)·n+j−1
	u, v  []int // potentials of rows and columns
	rowOf []int // of each column
	// Of the path in hand, by column: the column before, the least reduced cost,
	// and whether it has been reached.
	way, least []int
	seen       []bool
}

func newAssignment(n int) *assignment {
	return &assignment{
		n: n, cost: make([]int, n*n), u: make([]int, n+1), v: make([]int, n+1), rowOf: make([]int, n+1),
		way: make([]int, n+1), least: make([]int, n+1), seen: make([]bool, n+1),
	}
}

// assign gives a row a column, and may give earlier rows others.
func (a *assignment) assign(row int) {
	a.rowOf[0] = row
	for j := range a.least {
		a.least[j], a.seen[j] = math.MaxInt, false
	}
	at := 0
	for a.rowOf[at] != 0 {
		a.seen[at] = true
		next, delta := a.nearest(at)
		a.shift(delta)
		at = next
	}
	for at != 0 {
		a.rowOf[at] = a.rowOf[a.way[at]]
		at = a.way[at]
	}
}

// nearest goes on from a column, and gives the nearest that is not reached and
// how far it is.
func (a *assignment) nearest(at int) (next, delta int) {
	row, delta := a.rowOf[at], math.MaxInt
	for j := 1; j <= a.n; j++ {
		if a.seen[j] {
			continue
		}
		if d := a.cost[(row-1)*a.n+j-1] - a.u[row] - a.v[j]; d < a.least[j] {
			a.least[j], a.way[j] = d, at
		}
		if a.least[j] < delta {
			delta, next = a.least[j], j
		}
	}
	return next, delta
}

// shift changes the potentials so that the nearest column costs nothing more.
func (a *assignment) shift(delta int) {
	for j := range a.n + 1 {
		if a.seen[j] {
			a.u[a.rowOf[j]] += delta
			a.v[j] -= delta
		} else if a.least[j] < math.MaxInt {
			a.least[j] -= delta
		}
	}
}
