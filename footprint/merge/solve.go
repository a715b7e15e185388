package merge

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Map is the best map of a number of systems.
type Map struct {
	Footprints int
	// Groups are the unions, each with its systems, in order of their first one;
	// nil where no map was found.
	Groups [][]int32
	// Kept are the patients treated inside; Bound is what no map can exceed. Both
	// are NaN where there is no map.
	Kept, Bound float64
	// Optimal says that the map is proven to be the best: Kept is Bound.
	Optimal bool
	// Infeasible says that no map of so many systems meets the demands, proven.
	Infeasible bool
	// Cuts is the work that it took: see Solver.
	Cuts int
}

// Solver finds best maps of one problem. What it learns for one number of
// systems helps with the next.
type Solver struct {
	// Limit is how many smallest cuts a number of systems may cost; where that is
	// not enough, the map may be less than the best, and its bound says so.
	Limit int

	p       *Problem
	columns []*column
	known   map[set]bool
	scale   float64 // patients that all systems exchange
	last    []set   // the map found before, to merge two systems of
}

// DefaultLimit is enough for the 44 systems of England many times over.
const DefaultLimit = 200_000

// seeds is about how many unions a solver starts with.
const seeds = 3000

// NewSolver starts with the smallest unions.
func NewSolver(p *Problem) *Solver {
	v := &Solver{Limit: DefaultLimit, p: p, known: map[set]bool{}}
	all := firstOf(p.Systems)
	v.scale = max(p.value(&all), 1)
	var level []set
	for i := range int32(p.Systems) {
		level = append(level, setOf(i))
	}
	for met := map[set]bool{}; len(level) > 0 && len(met) < seeds; level = p.grow(level, met) {
		for _, s := range level {
			v.add(s)
		}
	}
	return v
}

// grow are the unions with one system more, up to the number of seeds.
func (p *Problem) grow(level []set, met map[set]bool) (next []set) {
	for _, s := range level {
		var around set
		for _, i := range s.members() {
			around = around.or(&p.near[i])
		}
		around = around.without(&s)
		for _, i := range around.members() {
			with := s
			with.add(i)
			if !met[with] && len(met) < seeds {
				met[with] = true
				next = append(next, with)
			}
		}
	}
	return next
}

// add takes in a union that meets the demands; false where it does not, or is
// known.
func (v *Solver) add(s set) bool {
	if v.known[s] || !v.p.feasible(&s) {
		return false
	}
	v.known[s] = true
	v.columns = append(v.columns, &column{s: s, members: s.members(), value: v.p.value(&s)})
	return true
}

// node is a part of the maps: those with some pairs of systems together and
// others apart.
type node struct {
	together, apart [][]int32
	bound           float64
}

// tree is the search for the best map of k systems.
type tree struct {
	*Solver
	k, cuts int
	best    []set
	value   float64 // of best; −1 for none
	bound   float64 // of what the search gave up
	eps     float64
}

// Best is the best map of k systems. It searches the tree of pairs that are
// together or apart (Ryan and Foster 1981); each part of it is bounded by the
// linear program over all unions that meet the demands, whose columns are made
// as they are needed.
func (v *Solver) Best(ctx context.Context, k int) (Map, error) {
	t := &tree{Solver: v, k: k, value: -1, bound: math.Inf(-1), eps: 1e-9 * v.scale}
	t.guess()
	open := []node{{bound: math.Inf(1)}}
	for len(open) > 0 {
		if err := ctx.Err(); err != nil {
			return Map{}, err
		}
		n := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case n.bound <= t.value+t.eps:
		case t.cuts >= v.Limit:
			t.bound = max(t.bound, n.bound)
		default:
			open = append(open, t.split(n)...)
		}
	}
	return t.answer(), nil
}

// answer is the map with what is proven of it.
func (t *tree) answer() Map {
	m := Map{Footprints: t.k, Kept: math.NaN(), Bound: math.NaN(), Cuts: t.cuts}
	if t.value < 0 {
		m.Infeasible = math.IsInf(t.bound, -1)
		return m
	}
	t.last = t.best
	m.Groups = groupsOf(t.best)
	m.Kept = t.p.base + t.value
	m.Optimal = t.bound <= t.value+t.eps
	m.Bound = m.Kept
	if !m.Optimal {
		m.Bound = t.p.base + t.bound
	}
	return m
}

// groupsOf lists unions in order of their first systems.
func groupsOf(sets []set) [][]int32 {
	var groups [][]int32
	for _, s := range sets {
		groups = append(groups, s.members())
	}
	slices.SortFunc(groups, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	return groups
}

// guess merges two systems of the last map found, those that add most.
func (t *tree) guess() {
	if len(t.last) != t.k+1 {
		if t.k == t.p.Systems {
			t.last = nil
			for i := range int32(t.k) {
				t.last = append(t.last, setOf(i))
			}
			t.take(t.last)
		}
		return
	}
	best, a, b := -1.0, 0, 0
	for i := range t.last {
		for j := range i {
			s := t.last[i].or(&t.last[j])
			if t.p.feasible(&s) {
				if v := t.p.value(&s) - t.p.value(&t.last[i]) - t.p.value(&t.last[j]); v > best {
					best, a, b = v, i, j
				}
			}
		}
	}
	if best >= 0 {
		merged := slices.Clone(t.last)
		merged[b] = merged[b].or(&merged[a])
		t.take(slices.Delete(merged, a, a+1))
	}
}

// take keeps a map if it is the best so far; false where it breaks a demand.
func (t *tree) take(sets []set) bool {
	sum := 0.0
	for i := range sets {
		if !t.p.feasible(&sets[i]) {
			return false
		}
		sum += t.p.value(&sets[i])
	}
	for _, s := range sets {
		t.add(s)
	}
	if sum > t.value {
		t.value, t.best = sum, slices.Clone(sets)
	}
	return true
}

// split bounds a node, takes the map that it gives, or parts it in two, the
// better one last.
func (t *tree) split(n node) []node {
	p := t.p.with(n.together, n.apart)
	l, bound := t.relax(p, n.bound)
	if bound <= t.value+t.eps || bound < 0 {
		return nil // no better map; or none at all, which loses a system
	}
	i, j := l.fraction()
	if i < 0 {
		t.complete(t.p.with(n.together, n.apart), l)
		if bound > t.value+t.eps { // the program was not solved to the end
			t.bound = max(t.bound, bound)
		}
		return nil
	}
	pair := []int32{i, j}
	return []node{
		{n.together, append(slices.Clone(n.apart), pair), bound},
		{append(slices.Clone(n.together), pair), n.apart, bound},
	}
}

// relax solves the linear program of a node, and gives its bound, at most that
// of the node above. A system in no union costs nothing at first, which keeps
// prices above 0 and searches short. Where the program then leaves one out that
// can join no union, it costs more from step to step.
func (t *tree) relax(p *Problem, bound float64) (*program, float64) {
	l := t.program(p)
	q := newPricer(p)
	q.size = p.Systems - t.k + 1
	defer func() { t.cuts += q.work }()
	for {
		l.solve()
		q.prices = l.prices[:p.Systems]
		over, added := t.price(l, q, quick)
		if added == 0 && q.short {
			over, added = t.price(l, q, t.Limit-t.cuts-q.work)
		}
		bound = min(bound, l.worth(t.k)+float64(float64(t.k)*over))
		switch {
		case bound <= t.value+t.eps, q.work > t.Limit-t.cuts:
			return l, bound
		case added > 0:
		case l.artificial() && t.complete(p, l), !l.artificial() || l.penalty > t.scale*float64(p.Systems):
			return l, bound
		default:
			l.penalty = max(8*l.penalty, t.scale/float64(p.Systems))
		}
	}
}

// complete takes the map that a program's solution gives, with the systems that
// are in no union joined to one that they add most to; false where there is none.
func (t *tree) complete(p *Problem, l *program) bool {
	if i, _ := l.fraction(); i >= 0 {
		return false
	}
	sets := l.chosen()
	left := firstOf(p.Systems)
	for i := range sets {
		left = left.without(&sets[i])
	}
	for !left.empty() {
		if !p.attach(sets, &left) {
			return false
		}
	}
	return len(sets) == t.k && t.take(sets)
}

// attach joins one system to a union, so that the union meets the demands and
// gains most.
func (p *Problem) attach(sets []set, left *set) bool {
	most, at, who := -1.0, -1, int32(-1)
	for _, i := range left.members() {
		for k := range sets {
			with := sets[k]
			with.add(i)
			if gain := p.value(&with) - p.value(&sets[k]); gain > most && p.feasible(&with) {
				most, at, who = gain, k, i
			}
		}
	}
	if at < 0 {
		return false
	}
	sets[at].add(who)
	left.remove(who)
	return true
}

// quick is how many cuts a first search for unions may cost for each system.
const quick = 30

// program is the linear program of a node over the unions that are known.
func (t *tree) program(p *Problem) *program {
	l := &program{n: p.Systems, tolerance: 1e-11 * t.scale, miscount: 2 * t.scale * float64(p.Systems)}
	for _, c := range t.columns {
		if len(c.members) <= p.Systems-t.k+1 && p.whole(&c.s) {
			l.columns = append(l.columns, c)
		}
	}
	l.start(t.k)
	return l
}

// price adds the unions that are worth more than their price, and gives an upper
// bound of how much more any is. cuts is how many a system may cost.
func (t *tree) price(l *program, q *pricer, cuts int) (over float64, added int) {
	q.short = false
	union := l.prices[l.n]
	for first := range int32(l.n) {
		q.limit = q.work + cuts
		found, most := q.best(first, union+t.eps/float64(4*t.k))
		over = max(over, most-union)
		for _, s := range found {
			if t.add(s) {
				l.columns = append(l.columns, t.columns[len(t.columns)-1])
				added++
			}
		}
	}
	return over, added
}

// with is the problem with more pairs together and apart.
func (p *Problem) with(together, apart [][]int32) *Problem {
	if len(together)+len(apart) == 0 {
		return p
	}
	more := *p
	more.Together = append(slices.Clone(p.Together), together...)
	more.Apart = append(slices.Clone(p.Apart), apart...)
	more.addGroups()
	return &more
}
