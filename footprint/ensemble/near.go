package ensemble

import (
	"math"
	"slices"
)

// nearState says how many people of a map live in another part than in the map
// it must lie near to, after the best one-to-one matching of parts.
type nearState struct {
	s       *Space
	theirs  int       // parts of the given map
	overlap []float64 // people of part p in their part q, at p·theirs+q
	best    []float64 // room by their part
	left    []float64 // room for what an assignment is about
}

func newNearState(s *Space) *nearState {
	n := &nearState{s: s}
	for _, q := range s.Near {
		n.theirs = max(n.theirs, int(q)+1)
	}
	n.overlap, n.best = make([]float64, s.Demands.Footprints*n.theirs), make([]float64, n.theirs)
	return n
}

func (n *nearState) reset(label []int32) {
	clear(n.overlap)
	for a, u := range n.s.unitOf {
		n.overlap[int(label[u])*n.theirs+int(n.s.Near[a])] += n.s.areaPeople[a]
	}
}

// move takes a unit's people from one part to another.
func (n *nearState) move(unit, from, to int32) {
	for _, a := range n.s.areasIn(unit) {
		q := int(n.s.Near[a])
		n.overlap[int(from)*n.theirs+q] -= n.s.areaPeople[a]
		n.overlap[int(to)*n.theirs+q] += n.s.areaPeople[a]
	}
}

// meets says whether the map lies near enough. Bounds settle most maps: no
// matching keeps more people than each part's, or each of their parts', greatest
// overlap, and the matching of parts that are each other's greatest keeps some.
func (n *nearState) meets() bool {
	limit := n.s.Within * n.s.everyone * (1 + 1e-9)
	most, least := n.bounds()
	switch {
	case n.s.everyone-most > limit:
		return false
	case n.s.everyone-least <= limit:
		return true
	}
	return n.moved() <= limit
}

// bounds are a greatest and a least number of people who stay after the best
// matching.
func (n *nearState) bounds() (most, least float64) {
	rows, best := 0.0, n.best
	for q := range best {
		best[q] = 0
	}
	for p := range n.s.Demands.Footprints {
		row := n.overlap[p*n.theirs : (p+1)*n.theirs]
		top := 0
		for q, x := range row {
			if x > row[top] {
				top = q
			}
			best[q] = max(best[q], x)
		}
		rows += row[top]
	}
	columns := 0.0
	for _, x := range best {
		columns += x
	}
	return min(rows, columns), n.mutual()
}

// mutual adds up the overlaps that are the greatest of their row and of their
// column, by what bounds found.
func (n *nearState) mutual() (sum float64) {
	for p := range n.s.Demands.Footprints {
		row := n.overlap[p*n.theirs : (p+1)*n.theirs]
		top := 0
		for q, x := range row {
			if x > row[top] {
				top = q
			}
		}
		if row[top] == n.best[top] {
			sum += row[top]
			n.best[top] = math.Inf(1) // taken
		}
	}
	return sum
}

// moved is the number of people who live in another part. A part and one of
// theirs that overlap nothing else are matched at once; the assignment problem is
// about the others.
func (n *nearState) moved() float64 {
	parts := n.s.Demands.Footprints
	inRow, inColumn := make([]int, parts), make([]int, n.theirs)
	for i, x := range n.overlap {
		if x > 0 {
			inRow[i/n.theirs]++
			inColumn[i%n.theirs]++
		}
	}
	stay, alone := 0.0, make([]bool, n.theirs)
	var rows, columns []int
	for p := range parts {
		row := n.overlap[p*n.theirs : (p+1)*n.theirs]
		q := slices.IndexFunc(row, func(x float64) bool { return x > 0 })
		if q >= 0 && inRow[p] == 1 && inColumn[q] == 1 {
			stay, alone[q] = stay+row[q], true
		} else {
			rows = append(rows, p)
		}
	}
	for q, is := range alone {
		if !is {
			columns = append(columns, q)
		}
	}
	n.left = n.left[:0]
	for _, p := range rows {
		for _, q := range columns {
			n.left = append(n.left, n.overlap[p*n.theirs+q])
		}
	}
	return n.s.everyone - stay - assignment(n.left, len(rows), len(columns))
}

// assignment is the greatest sum of a one-to-one matching of rows and columns:
// shortest augmenting paths with potentials (Kuhn 1955,
// doi:10.1002/nav.3800020109).
func assignment(gain []float64, rows, columns int) float64 {
	n := max(rows, columns)
	cost := func(i, j int) float64 {
		if i > rows || j > columns {
			return 0
		}
		return -gain[(i-1)*columns+j-1]
	}
	u, v, rowOf, way := make([]float64, n+1), make([]float64, n+1), make([]int, n+1), make([]int, n+1)
	room := &pathRoom{make([]float64, n+1), make([]bool, n+1)}
	for i := 1; i <= n; i++ {
		augment(i, n, cost, u, v, rowOf, way, room)
	}
	sum := 0.0
	for j := 1; j <= n; j++ {
		sum -= cost(rowOf[j], j)
	}
	return sum
}

// pathRoom is room for one shortest path.
type pathRoom struct {
	least []float64
	used  []bool
}

// augment finds a column for row i.
func augment(i, n int, cost func(i, j int) float64, u, v []float64, rowOf, way []int, room *pathRoom) {
	least, used := room.least, room.used
	clear(used)
	for j := range least {
		least[j] = math.Inf(1)
	}
	rowOf[0] = i
	j0 := 0
	for {
		used[j0] = true
		row, next, delta := rowOf[j0], 0, math.Inf(1)
		for j := 1; j <= n; j++ {
			if used[j] {
				continue
			}
			if c := cost(row, j) - u[row] - v[j]; c < least[j] {
				least[j], way[j] = c, j0
			}
			if least[j] < delta {
				delta, next = least[j], j
			}
		}
		for j := 0; j <= n; j++ {
			if used[j] {
				u[rowOf[j]] += delta
				v[j] -= delta
			} else {
				least[j] -= delta
			}
		}
		if j0 = next; rowOf[j0] == 0 {
			break
		}
	}
	for j0 != 0 {
		rowOf[j0] = rowOf[way[j0]]
		j0 = way[j0]
	}
}
