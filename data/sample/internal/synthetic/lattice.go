package synthetic

import "math/rand/v2"

// The ground is a honeycomb of cells 1.8 km across. Areas are sets of cells, so
// that neighbours share their border by construction.
const (
	cellWidth = 2686 // units of longitude between neighbours in a row
	rowHeight = 1401 // units of latitude between rows
	tip       = 934  // units of latitude from a cell's centre to its upper corner
	westEdge  = -585_000
	southEdge = 4_990_000
	columns   = 287
	rows      = 430
)

// lattice knows the cells by index; the corners are numbered too, two to each
// cell (its northern and southern one). The whole honeycomb is warped, so that
// straight lines of cells are winding on the ground.
type lattice struct {
	shift []point
	near  []int32 // six to a cell, by direction
}

func newLattice(rng *rand.Rand) *lattice {
	l := &lattice{shift: make([]point, columns*rows), near: make([]int32, 0, 6*columns*rows)}
	for cell := range columns * rows {
		for d := range 6 {
			l.near = append(l.near, beside(cell, d))
		}
	}
	for _, wave := range []struct {
		passes int
		units  int64 // between the extremes of the field
	}{{4, 2_500}, {14, 8_000}, {80, 32_000}} {
		x, y := l.noise(wave.passes, rng), l.noise(wave.passes, rng)
		for i := range l.shift {
			l.shift[i].x += int64(x[i]-500) * wave.units / 1000
			l.shift[i].y += int64(y[i]-500) * wave.units * 3 / 5000
		}
	}
	return l
}

func (*lattice) cells() int { return columns * rows }

func unwarped(cell int) point {
	r, c := cell/columns, cell%columns
	return point{westEdge + int64(c)*cellWidth + int64(r%2)*cellWidth/2, southEdge + int64(r)*rowHeight}
}

func (l *lattice) centre(cell int) point {
	p := unwarped(cell)
	return point{p.x + l.shift[cell].x, p.y + l.shift[cell].y}
}

// neighbour gives the cell in direction 0 to 5: east, north-east, north-west,
// west, south-west, south-east; -1 beyond the edge.
func (l *lattice) neighbour(cell, direction int) int { return int(l.near[6*cell+direction]) }

func beside(cell, direction int) int32 {
	r, c := cell/columns, cell%columns
	odd := r % 2
	switch direction {
	case 0:
		c++
	case 1:
		r, c = r+1, c+odd
	case 2:
		r, c = r+1, c+odd-1
	case 3:
		c--
	case 4:
		r, c = r-1, c+odd-1
	case 5:
		r, c = r-1, c+odd
	}
	if r < 0 || r >= rows || c < 0 || c >= columns {
		return -1
	}
	return int32(r*columns + c)
}

// edge gives the corners of the border of a cell in direction 0, 1 or 2, with
// the cell on its left.
func (l *lattice) edge(cell, direction int) (from, to int) {
	switch direction {
	case 0: // from the south-eastern to the north-eastern corner
		return 2 * l.neighbour(cell, 5), 2*l.neighbour(cell, 1) + 1
	case 1: // to the northern corner
		return 2*l.neighbour(cell, 1) + 1, 2 * cell
	default: // to the north-western corner
		return 2 * cell, 2*l.neighbour(cell, 2) + 1
	}
}

// corner is the place of a numbered corner: it moves with the three cells that
// meet there.
func (l *lattice) corner(id int) point {
	cell := id / 2
	p, around := unwarped(cell), [3]int{cell, l.neighbour(cell, 1), l.neighbour(cell, 2)}
	if id%2 == 0 {
		p.y += tip
	} else {
		p.y -= tip
		around = [3]int{cell, l.neighbour(cell, 4), l.neighbour(cell, 5)}
	}
	var x, y int64
	for _, k := range around {
		x, y = x+l.shift[max(k, 0)].x, y+l.shift[max(k, 0)].y
	}
	return point{p.x + x/3, p.y + y/3}
}

// noise is a smooth random field over the cells, from 0 to 1000, made by
// averaging random numbers with their neighbours.
func (l *lattice) noise(passes int, rng *rand.Rand) []int {
	a, b := make([]int, l.cells()), make([]int, l.cells())
	for i := range a {
		a[i] = rng.IntN(1 << 20)
	}
	for range passes {
		for i := range a {
			sum, n := a[i], 1
			for _, k := range l.near[6*i : 6*i+6] {
				if k >= 0 {
					sum, n = sum+a[k], n+1
				}
			}
			b[i] = sum / n
		}
		a, b = b, a
	}
	low, high := a[0], a[0]
	for _, v := range a {
		low, high = min(low, v), max(high, v)
	}
	for i := range a {
		a[i] = (a[i] - low) * 1000 / (high - low)
	}
	return a
}
