package ensemble

import "math"

// nearState says how many people of a map live in another part than in the map
// it must lie near to, after the best one-to-one matching of parts.
type nearState struct {
	s       *Space
	theirs  int       // parts of the given map
	overlap []float64 // people of part p in their part q, at p·theirs+q
}

func newNearState(s *Space) *nearState {
	n := &nearState{s: s}
	for _, q := range s.Near {
		n.theirs = max(n.theirs, int(q)+1)
	}
	n.overlap = make([]float64, s.Demands.Footprints*n.theirs)
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

// meets says whether the map lies near enough.
func (n *nearState) meets() bool { return n.moved() <= n.s.Within*n.s.everyone*(1+1e-9) }

// moved is the number of people who live in another part. Where each part takes
// most people of another of theirs, that is the best matching; else the
// assignment problem says.
func (n *nearState) moved() float64 {
	taken := make([]bool, n.theirs)
	stay, clash := 0.0, false
	for p := range n.s.Demands.Footprints {
		row := n.overlap[p*n.theirs : (p+1)*n.theirs]
		best := 0
		for q, x := range row {
			if x > row[best] {
				best = q
			}
		}
		stay += row[best]
		clash = clash || taken[best] && row[best] > 0
		taken[best] = true
	}
	moved := n.s.everyone - stay
	if clash && moved <= n.s.Within*n.s.everyone*(1+1e-9) { // the bound alone does not turn it down
		moved = n.s.everyone - assignment(n.overlap, n.s.Demands.Footprints, n.theirs)
	}
	return moved
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
	for i := 1; i <= n; i++ {
		augment(i, n, cost, u, v, rowOf, way)
	}
	sum := 0.0
	for j := 1; j <= n; j++ {
		sum -= cost(rowOf[j], j)
	}
	return sum
}

// augment finds a column for row i.
func augment(i, n int, cost func(i, j int) float64, u, v []float64, rowOf, way []int) {
	least, used := make([]float64, n+1), make([]bool, n+1)
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
