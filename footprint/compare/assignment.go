package compare

import (
	"cmp"
	"math"
	"slices"
)

// match finds the one-to-one matching of rows and columns with the most things
// in matched cells: the column of each row, or -1, and that number. Empty cells
// are never looked at: time and memory go with the cells that are not.
func (t *contingency) match() (partner []int32, matched int) {
	a := newAssignment(t)
	for r := range t.rows {
		a.assign(int32(r))
	}
	for r, c := range a.colOf {
		if c >= 0 {
			matched += a.shared(int32(r), c)
		}
	}
	return a.colOf, matched
}

// assignment solves the assignment problem by shortest augmenting paths with
// potentials (Kuhn 1955, doi:10.1002/nav.3800020109). The cost of a cell is the
// things it holds, negated; a row may stay without a column at no cost, and then
// never takes one, because a further row only asks for more. A path is found as
// Dijkstra did, with a stack for each length (Dial 1969, doi:10.1145/363269.363610):
// none is longer than the things of its row.
type assignment struct {
	cells        []contingencyCell
	first        []int // of each row, where its cells begin, and an end
	colOf, rowOf []int32
	u, v         []int // potentials of rows and columns, none above 0
	// Of the path in hand: how far each column is, the row before it, and the
	// columns that are so far.
	far     []int
	before  []int32
	reached []int32
	at      [][]int32
}

func newAssignment(t *contingency) *assignment {
	nr, nc := len(t.rows), len(t.cols)
	a := &assignment{
		cells: t.cells, first: make([]int, nr+1), colOf: slices.Repeat([]int32{-1}, nr), rowOf: slices.Repeat([]int32{-1}, nc),
		u: make([]int, nr), v: make([]int, nc), far: slices.Repeat([]int{math.MaxInt}, nc), before: make([]int32, nc),
	}
	for _, c := range t.cells {
		a.first[c.row+1]++
	}
	for r := range nr {
		a.first[r+1] += a.first[r]
	}
	return a
}

// of is the cells of a row that are not empty, by column.
func (a *assignment) of(row int32) []contingencyCell { return a.cells[a.first[row]:a.first[row+1]] }

// shared is how many things a row and a column share.
func (a *assignment) shared(row, col int32) int {
	cells := a.of(row)
	i, _ := slices.BinarySearchFunc(cells, col, func(c contingencyCell, col int32) int { return cmp.Compare(c.col, col) })
	return cells[i].n
}

// assign gives a row a column or none, and may give earlier rows others or none.
func (a *assignment) assign(row int32) {
	for _, c := range a.of(row) {
		a.u[row] = min(a.u[row], -c.n-a.v[c.col])
	}
	last, free, length := a.path(row)
	a.u[row] += length
	for _, c := range a.reached {
		if d := length - a.far[c]; d > 0 {
			a.u[a.rowOf[c]] += d
			a.v[c] -= d
		}
		a.far[c] = math.MaxInt
	}
	for r, c := last, free; ; {
		old := a.colOf[r]
		if a.colOf[r] = c; c >= 0 {
			a.rowOf[c] = r
		}
		if r == row {
			break
		}
		r, c = a.before[old], old
	}
}

// path finds the shortest path from a row to a column that no row has, or to a row
// that will have none: the last row, that column or -1, and how long it is.
func (a *assignment) path(row int32) (last, free int32, length int) {
	last, free, length = row, -1, -a.u[row]
	a.reached = a.reached[:0]
	for len(a.at) <= length {
		a.at = append(a.at, nil)
	}
	for d := range a.at[:length+1] {
		a.at[d] = a.at[d][:0]
	}
	a.reach(row, 0, length)
	for d := 0; d <= length; d++ {
		for len(a.at[d]) > 0 {
			top := len(a.at[d]) - 1
			c := a.at[d][top]
			a.at[d] = a.at[d][:top]
			if d > a.far[c] {
				continue // a shorter way was found since
			}
			next := a.rowOf[c]
			if next < 0 {
				return a.before[c], c, d
			}
			if end := d - a.u[next]; end < length {
				last, length = next, end
			}
			a.reach(next, d, length)
		}
	}
	return last, -1, length
}

// reach goes on from a row to the columns that it shares things with, as far as a
// path may be.
func (a *assignment) reach(row int32, far, most int) {
	for _, c := range slices.Backward(a.of(row)) { // what is put down last is taken up first
		d := far - c.n - a.u[row] - a.v[c.col]
		if d > most || d >= a.far[c.col] {
			continue
		}
		if a.far[c.col] == math.MaxInt {
			a.reached = append(a.reached, c.col)
		}
		a.far[c.col], a.before[c.col] = d, row
		a.at[d] = append(a.at[d], c.col)
	}
}
