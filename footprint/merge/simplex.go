package merge

import "math"

// column is a union of systems that meets every demand.
type column struct {
	s       set
	members []int32
	value   float64 // patients that it keeps and its systems do not
}

// program is the linear program over some columns: each system in exactly one
// union, K unions, most patients kept. It is solved by the primal simplex method
// with the inverse of its basis at hand. Right-hand sides are shifted a little,
// because many unions fit each other; prices stay right.
type program struct {
	n         int // systems; row n counts unions
	columns   []*column
	basis     []int32 // column of each row, −1−r for the artificial one of row r
	inverse   [][]float64
	x         []float64
	prices    []float64 // of systems, and of a union
	penalty   float64   // of a system in no union
	miscount  float64   // the same of a union too few
	tolerance float64   // worth that is none
}

// start sets the basis to the artificial columns.
func (l *program) start(k int) {
	rows := l.n + 1
	l.basis, l.x, l.prices = make([]int32, rows), make([]float64, rows), make([]float64, rows)
	l.inverse = make([][]float64, rows)
	for r := range rows {
		l.basis[r] = int32(-1 - r)
		l.inverse[r] = make([]float64, rows)
		l.inverse[r][r] = 1
		l.x[r] = 1 + shift(r)
	}
	l.x[l.n] = float64(k) + shift(l.n)
}

// shift is a small number of its own for each row.
func shift(r int) float64 {
	h := uint64(r+1) * 0x9e3779b97f4a7c15
	return 1e-7 * (1 + float64(h>>40)/(1<<24))
}

// cost is what a column of the basis brings.
func (l *program) cost(c int32) float64 {
	if c < 0 {
		if int(-1-c) == l.n {
			return -l.miscount
		}
		return -l.penalty
	}
	return l.columns[c].value
}

// price works out the prices of the basis.
func (l *program) price() {
	for c := range l.prices {
		sum := 0.0
		for r, b := range l.basis {
			if v := l.inverse[r][c]; v != 0 {
				sum += float64(l.cost(b) * v)
			}
		}
		l.prices[c] = sum
	}
}

// solve goes from basis to basis until no column is worth more than its price.
func (l *program) solve() {
	direction := make([]float64, l.n+1)
	for {
		l.price()
		enter, most := -1, l.tolerance
		for c, col := range l.columns {
			w := col.value - l.prices[l.n]
			for _, i := range col.members {
				w -= l.prices[i]
			}
			if w > most {
				enter, most = c, w
			}
		}
		if enter < 0 {
			return
		}
		l.direct(l.columns[enter], direction)
		leave, step := -1, math.Inf(1)
		for r, d := range direction {
			if d > 1e-9 {
				if t := l.x[r] / d; t < step {
					leave, step = r, t
				}
			}
		}
		if leave < 0 {
			return // cannot be: every column takes room
		}
		l.pivot(leave, step, int32(enter), direction)
	}
}

// direct is how the basis changes as a column comes in.
func (l *program) direct(c *column, d []float64) {
	for r := range d {
		row := l.inverse[r]
		sum := row[l.n]
		for _, i := range c.members {
			sum += row[i]
		}
		d[r] = sum
	}
}

// pivot puts a column in the place of row leave's.
func (l *program) pivot(leave int, step float64, enter int32, d []float64) {
	for r := range d {
		l.x[r] = max(0, l.x[r]-float64(step*d[r]))
	}
	l.x[leave] = step
	l.basis[leave] = enter
	row := l.inverse[leave]
	for c := range row {
		row[c] /= d[leave]
	}
	for r := range d {
		if r == leave || d[r] == 0 {
			continue
		}
		for c, v := range row {
			if v != 0 {
				l.inverse[r][c] -= float64(d[r] * v)
			}
		}
	}
}

// worth is the worth of the program's solution at k unions, by its prices.
func (l *program) worth(k int) float64 {
	sum := float64(l.prices[l.n] * float64(k))
	for _, u := range l.prices[:l.n] {
		sum += u
	}
	return sum
}

// whole is how near to 0 or 1 a part of a union must be to count as such: well
// above what right-hand sides are shifted by.
const nearly = 1e-4

// fraction is a pair of systems that the solution has together in part, the one
// nearest to half; −1 where every union is there whole or not at all.
func (l *program) fraction() (a, b int32) {
	share := make([]float64, l.n*l.n)
	for r, c := range l.basis {
		if c < 0 {
			continue
		}
		for k, i := range l.columns[c].members {
			for _, j := range l.columns[c].members[:k] {
				share[int(j)*l.n+int(i)] += l.x[r]
			}
		}
	}
	a, b = -1, -1
	most := nearly
	for at, x := range share {
		if d := min(x, 1-x); d > most {
			most, a, b = d, int32(at/l.n), int32(at%l.n)
		}
	}
	return a, b
}

// artificial says whether the solution leaves a part of a system in no union.
func (l *program) artificial() bool {
	for r, c := range l.basis {
		if c < 0 && int(-1-c) < l.n && l.x[r] > nearly {
			return true
		}
	}
	return false
}

// chosen are the unions of a whole solution.
func (l *program) chosen() (sets []set) {
	for r, c := range l.basis {
		if c >= 0 && l.x[r] > 0.5 {
			sets = append(sets, l.columns[c].s)
		}
	}
	return sets
}
