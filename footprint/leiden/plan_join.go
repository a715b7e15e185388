package leiden

import (
	"math"
	"slices"

	"stpmap/footprint/internal/grouping"
)

// joining joins the units of a plan, the pair first that raises the score most.
// It gives what a new plan after every join would give, to the last bit: each sum
// has the same terms in the same order. A join costs what its two units border.
type joining struct {
	p      *plan
	unit   []totals // of size 0 for one that joined another
	loop   []float64
	flow   []map[int32]float64  // by unit: flow with others
	near   []map[int32]struct{} // by unit: others beside it on the ground; nil without contiguity
	inside [][]int32            // by unit: groups that must be apart; nil without them
	into   []int32              // by unit: the one it joined, or itself
	left   int

	best []partners // by unit: the best pair that it is in
	// heap[1] is the unit with the best pair of all; heap[i] that of heap[2i] and
	// heap[2i+1] whose pair is better.
	heap []int32
}

// partners are two units a < b and what their union gains; a is -1 for none.
type partners struct {
	gain float64
	a, b int32
}

var nobody = partners{math.Inf(-1), -1, -1}

// before says whether x is joined before y.
func (x partners) before(y partners) bool {
	if x.gain != y.gain || y.a < 0 {
		return x.gain > y.gain
	}
	return x.a < y.a || x.a == y.a && x.b < y.b
}

func newJoining(q *plan) *joining {
	n := q.g.Nodes
	j := &joining{
		p: q, unit: slices.Clone(q.unit), loop: slices.Clone(q.g.Loop), flow: make([]map[int32]float64, n),
		into: grouping.Sequence(n), left: n, best: make([]partners, n),
	}
	for c := range int32(n) {
		j.flow[c] = map[int32]float64{}
		q.g.Neighbours(c, func(d int32, w float64) {
			if d != c && w != 0 {
				j.flow[c][d] = w
			}
		})
	}
	if q.ground != nil {
		j.near = make([]map[int32]struct{}, n)
		for c := range j.near {
			j.near[c] = map[int32]struct{}{}
			for _, d := range q.ground.Near(int32(c)) {
				j.near[c][d] = struct{}{}
			}
		}
	}
	if q.inside != nil {
		j.inside = make([][]int32, n)
		for c, groups := range q.inside {
			j.inside[c] = slices.Clone(groups)
		}
	}
	half := 1
	for half < n {
		half *= 2
	}
	j.heap = slices.Repeat([]int32{-1}, 2*half)
	for c := range int32(n) {
		j.best[c] = j.bestOf(c)
		j.heap[half+int(c)] = c
	}
	for i := half - 1; i > 0; i-- {
		j.heap[i] = j.first(j.heap[2*i], j.heap[2*i+1])
	}
	return j
}

// first is which of two units, -1 for none, has the better pair.
func (j *joining) first(c, d int32) int32 {
	if c < 0 || d >= 0 && j.best[d].before(j.best[c]) {
		return d
	}
	return c
}

// next is the pair to join.
func (j *joining) next() partners { return j.best[j.heap[1]] }

// set takes another best pair for a unit.
func (j *joining) set(c int32, x partners) {
	j.best[c] = x
	for i := (len(j.heap)/2 + int(c)) / 2; i > 0; i /= 2 {
		j.heap[i] = j.first(j.heap[2*i], j.heap[2*i+1])
	}
}

// pair is what the union of two units gains; nobody where they may not join.
func (j *joining) pair(c, d int32) partners {
	a, b := min(c, d), max(c, d)
	x, y := &j.unit[a], &j.unit[b]
	if x.anchor != 0 && y.anchor != 0 && x.anchor != y.anchor {
		return nobody
	}
	if j.near != nil && x.onGround != 0 && y.onGround != 0 {
		if _, ok := j.near[a][b]; !ok {
			return nobody
		}
	}
	if j.inside != nil && slices.ContainsFunc(j.inside[a], func(i int32) bool { return slices.Contains(j.inside[b], i) }) {
		return nobody
	}
	return partners{j.p.unionOf(x, y, j.flow[a][b]), a, b}
}

// bestOf is the best pair that a unit is in.
func (j *joining) bestOf(c int32) partners {
	best := nobody
	for d := range j.flow[c] {
		if x := j.pair(c, d); x.before(best) {
			best = x
		}
	}
	return best
}

// join joins b to a, a < b.
func (j *joining) join(a, b int32) {
	var t totals
	t.add(&j.unit[a], 0)
	t.add(&j.unit[b], 0)
	j.loop[a] += j.loop[b]
	j.loop[a] += (j.flow[a][b] + j.flow[b][a]) / 2
	t.inside, t.size, t.onGround = j.loop[a], 1, min(t.onGround, 1)
	j.unit[a], j.unit[b] = t, totals{}
	for d, w := range j.flow[b] {
		if d != a {
			j.flow[a][d] += w
			j.flow[d][a] += j.flow[d][b]
			delete(j.flow[d], b)
		}
	}
	delete(j.flow[a], b)
	j.flow[b] = nil
	if j.near != nil {
		for d := range j.near[b] {
			delete(j.near[d], b)
			if d != a {
				j.near[d][a], j.near[a][d] = struct{}{}, struct{}{}
			}
		}
		j.near[b] = nil
	}
	if j.inside != nil {
		j.inside[a] = append(j.inside[a], j.inside[b]...)
		slices.Sort(j.inside[a])
		j.inside[a] = slices.Compact(j.inside[a])
	}
	j.into[b] = a
	j.left--

	j.set(b, nobody)
	j.set(a, j.bestOf(a))
	for d := range j.flow[a] {
		switch was := j.best[d]; {
		case was.a == a || was.b == a || was.a == b || was.b == b:
			j.set(d, j.bestOf(d))
		default:
			if x := j.pair(a, d); x.before(was) {
				j.set(d, x)
			}
		}
	}
}

// labels numbers the units that are left, and gives each unit its number.
func (j *joining) labels() []int32 {
	label, next := make([]int32, len(j.into)), int32(0)
	for c, d := range j.into { // a unit joins one before it
		if int(d) == c {
			label[c] = next
			next++
		} else {
			label[c] = label[d]
		}
	}
	return label
}
