package leiden

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/optimise"
)

// planned finds a partition that meets all demands:
//  1. start from the best partition without them, or the one given (with fixed
//     places the search stays near it: local.go);
//  2. cut each footprint into what is in one piece on the ground and in flow;
//  3. move units and join footprints until demands and number are met;
//  4. join two footprints and cut another, again and again, and keep what
//     scores better after moving units;
//  5. for an exact number, go on at the objective by moving blocks: anneal.go.
//
// Every step keeps footprints in one piece; the other demands weigh so much in
// the score that flow is given up for them. The best restart wins.
func (e *Engine) planned(ctx context.Context, l Leiden, resolution float64, refine bool) ([]int32, error) {
	c := &l.Constraints
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	// Demands that contradict each other are named before any work is done.
	goal, unit, err := e.newPlan(o, c, objectiveGamma(l.Objective, resolution)*e.factor)
	if err != nil {
		return nil, err
	}
	defer o.release(goal)
	j := planJob{l: &l, goal: goal, way: goal, unit: unit, resolution: resolution, gamma: resolution, refine: refine}
	if l.nearStart() {
		rules := goal.rules
		label, err := e.foundBy(o, &j, func() (*layout, error) { return e.layoutNearStart(ctx, o, &j) })
		if no := (*footprint.InfeasibleError)(nil); !errors.As(err, &no) {
			return label, err
		}
		goal.rules = rules
	}
	if c.Footprints > 0 {
		if j.gamma, err = e.gammaFor(ctx, l, true); err != nil {
			return nil, err
		}
		if j.way, _, err = e.newPlan(o, c, j.gamma*e.factor); err != nil {
			return nil, err
		}
	}
	return e.foundBy(o, &j, func() (*layout, error) { return e.bestLayout(ctx, &j) })
}

// foundBy gives the labels of nodes that a search finds, once they are checked.
func (e *Engine) foundBy(o *workspace, j *planJob, search func() (*layout, error)) ([]int32, error) {
	y, err := search()
	if err == nil && e.raiseFloor(j, y) {
		y, err = search()
	}
	if err != nil {
		return nil, err
	}
	c := &j.l.Constraints
	if err := e.unmet(o, y, j.unit, c); err != nil {
		return nil, err
	}
	label := make([]int32, e.g.Nodes)
	for v, u := range j.unit {
		label[v] = y.label[u]
	}
	o.Compact(label, e.g.Nodes)
	if err := e.checkFixed(label, c); err != nil {
		return nil, err
	}
	return label, e.checkPieces(o, label, c)
}

// planJob is a search under demands: the plan that scores at the objective, and
// the one on the way to it, which scores at the resolution that gives about the
// number of footprints wanted.
type planJob struct {
	l         *Leiden
	goal, way *plan
	unit      []int32 // of each node
	// resolution is the one asked for, gamma the one that gives about the number of
	// footprints wanted.
	resolution, gamma float64
	refine            bool
}

// bestLayout searches from several starts, and gives the layout that misses
// least of the demands; of equal ones the best, then the earliest.
func (e *Engine) bestLayout(ctx context.Context, j *planJob) (*layout, error) {
	starts, rounds := max(1, j.l.Restarts), 0
	if j.l.Constraints.Footprints > 0 {
		starts, rounds = j.l.searches(j.goal.g.Nodes)
	}
	found, at := make([]*layout, starts), make([]merit, starts)
	err := e.parallel(ctx, j.l.Jobs, starts, j.l.Progress, func(o *workspace, i int) (err error) {
		found[i], at[i], err = e.layoutFrom(ctx, o, j, i, rounds)
		return err
	})
	if err != nil {
		return nil, err
	}
	best := 0
	for i := range found {
		if j.l.prefers(found[i], at[i], found[best], at[best]) {
			best = i
		}
	}
	if j.l.Constraints.Footprints > 0 && j.l.Objective == footprint.MostInside {
		if y, m, err := e.layoutByQuality(ctx, j, rounds); err != nil || y != nil && j.l.prefers(y, m, found[best], at[best]) {
			return y, err
		}
	}
	return found[best], nil
}

// layoutByQuality takes the map of best quality under the same demands, and goes on
// from it at the objective: no map for most patients inside has fewer of them than
// that of best quality. It is nil where no map of quality meets the demands.
func (e *Engine) layoutByQuality(ctx context.Context, j *planJob, rounds int) (*layout, merit, error) {
	l := *j.l
	l.Objective, l.Progress = footprint.BestQuality, nil
	label, err := e.planned(ctx, l, j.resolution, j.refine)
	if no := (*footprint.InfeasibleError)(nil); errors.As(err, &no) {
		return nil, merit{}, nil
	}
	if err != nil {
		return nil, merit{}, err
	}
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	goal := *j.goal
	y := newLayout(&goal, e.startOfUnits(o, &goal, j.unit, label))
	at, err := e.newRefinery(o, &goal, j, 1<<41).improve(ctx, y, rounds)
	return y, at, err
}

// layoutFrom searches from one start, then goes on at the objective.
// The searches for an exact number make blocks with refinement and without, turn
// about, for Leiden and Louvain alike: neither finds what the other does not. For
// the strongest weakest footprint they also score by quality and by the patients
// inside, turn about, on the way to it.
func (e *Engine) layoutFrom(ctx context.Context, o *workspace, shared *planJob, i, rounds int) (*layout, merit, error) {
	one := *shared
	j := &one
	if j.l.Constraints.Footprints > 0 {
		j.refine = i%2 == 0
	}
	o.Source.Seed(j.l.Seed, uint64(i)) // blocks are drawn at random, also where no run comes first
	start := e.startLabels(&j.l.Constraints)
	if start == nil {
		free, err := e.run(ctx, o, j.gamma, j.l.Seed, uint64(i), j.refine, nil)
		if err != nil {
			return nil, merit{}, err
		}
		start = free
	}
	s := &search{p: j.way, o: o, k: j.l.Constraints.Footprints, quick: j.l.Effort == 1 && j.l.Constraints.Footprints > 0, rng: rand.New(rand.NewPCG(j.l.Seed, 1<<32+uint64(i)))}
	from, fine := e.startOfUnits(o, j.way, j.unit, start), []int32(nil)
	if j.way.large() {
		label, err := e.run(ctx, o, finerBy*j.gamma, j.l.Seed, uint64(i), j.refine, nil)
		if err != nil {
			return nil, merit{}, err
		}
		fine = e.startOfUnits(o, j.way, j.unit, label)
	}
	y, err := s.run(ctx, from, fine)
	if err != nil {
		return nil, merit{}, err
	}
	goal := *j.goal // its demands may be raised on the way
	weakest := j.l.Constraints.Footprints > 0 && j.l.Objective == footprint.StrongestWeakest
	if weakest && i%2 == 1 {
		goal.f = 0 // by the patients inside
	}
	y.reset(&goal, y.label)
	r := e.newRefinery(o, &goal, j, 1<<40+uint64(i)<<32)
	if rounds == 0 && y.short() > 0 {
		rounds = roundsToMend
	}
	at, err := r.improve(ctx, y, rounds)
	if err == nil && weakest {
		_, err = r.strongest(ctx, y, max(1, rounds/2))
		goal.f = j.goal.f
		at = r.merit(y)
	}
	return y, at, err
}

// prefers says whether layout y is better than z for the objective.
func (l *Leiden) prefers(y *layout, a merit, z *layout, b merit) bool {
	if l.Objective == footprint.StrongestWeakest && a.short == 0 && b.short == 0 {
		if w, v := y.weakest(), z.weakest(); w != v {
			return w > v
		}
	}
	return a.short < b.short || a.short == b.short && a.score > b.score
}

// startOfUnits puts each unit where its heaviest node is.
func (e *Engine) startOfUnits(o *workspace, p *plan, unit, label []int32) []int32 {
	of, heavy := make([]int32, p.g.Nodes), make([]float64, p.g.Nodes)
	for v, u := range unit {
		if w := e.g.X[v]; w > heavy[u] || heavy[u] == 0 {
			heavy[u], of[u] = w, label[v]
		}
	}
	o.compactSparse(of)
	return of
}

// compactSparse renames labels to 0, 1, … in the order of first use, however
// large they are.
func (o *workspace) compactSparse(label []int32) {
	below := int32(0)
	for _, c := range label {
		below = max(below, c+1)
	}
	o.Compact(label, int(below))
}

// roundsToMend is the number of rounds of annealing for a map of any number of
// footprints that misses a demand: exchanges mend what single moves cannot.
const roundsToMend = 6

// patience is the number of shakes in a row without a better layout after which
// a search ends.
const patience = 120

// quickPatience takes its place with the least effort, as in a sweep, once a
// layout meets all demands: rounds of annealing gain more in the same time.
const quickPatience = 1

// search looks for the best layout of a plan.
type search struct {
	p   *plan
	o   *workspace
	k   int // exact number of footprints; 0 for any
	rng *rand.Rand
	// patience is the number of shakes in a row without a better layout after
	// which the search ends; 0 means patience.
	patience int
	quick    bool // quickPatience is enough for a layout that meets all demands
}

// run searches from a start. fine, for a large plan, labels the blocks that it is
// searched by.
func (s *search) run(ctx context.Context, start, fine []int32) (*layout, error) {
	y := newLayout(s.p, s.pieces(start))
	rounds := cmp.Or(s.patience, patience)
	if fine == nil {
		s.settle(y, false)
	} else {
		if err := s.runLarge(ctx, y, fine); err != nil {
			return nil, err
		}
		rounds = 0
		if y.improve(grouping.Sequence(s.p.g.Nodes), s.k > 0); y.short() == 0 && s.right(y) {
			return y, nil
		}
		rounds = 3
	}
	s.reach(y)
	s.settle(y, s.k > 0)
	return y, s.shakeOut(ctx, y, rounds)
}

// right says whether a layout has the number of footprints asked for.
func (s *search) right(y *layout) bool { return s.k == 0 || y.footprints() == s.k }

// shakeOut shakes a layout, and keeps what is better, until some rounds in a row
// have brought nothing.
func (s *search) shakeOut(ctx context.Context, y *layout, rounds int) error {
	best := s.standing(y)
	label := slices.Clone(y.label)
	for tries := 0; tries < rounds; tries++ {
		if s.quick && best.right && best.short == 0 && tries >= quickPatience {
			break
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !s.shake(y) {
			break
		}
		s.reach(y)
		s.settle(y, s.k > 0)
		if now := s.standing(y); s.better(now, best) {
			copy(label, y.label)
			best = now
			tries = -1 // begin to count again
		} else {
			copy(y.label, label)
			y.count()
		}
	}
	return nil
}

// standing is how good a layout is.
type standing struct {
	short, score float64
	right        bool // the number of footprints is that asked for
}

func (s *search) standing(y *layout) standing { return standing{y.short(), y.score(), s.right(y)} }

// better says whether one standing is better than another; a wrong number never
// is.
func (s *search) better(a, b standing) bool {
	return a.right && (!b.right || a.short < b.short-1e-12 || a.short <= b.short+1e-12 && a.score > b.score+float64(1e-9*s.p.rules.penalty))
}

// settle moves units, then blocks of them, until neither gains.
func (s *search) settle(y *layout, keep bool) {
	all := grouping.Sequence(s.p.g.Nodes)
	for range 20 {
		y.improve(all, keep)
		block, blocks := s.blocks(y.label)
		if blocks == s.p.g.Nodes {
			return
		}
		q := s.p.coarsen(s.o, block, blocks)
		label := make([]int32, blocks)
		for v, b := range block {
			label[b] = y.label[v]
		}
		s.o.Compact(label, s.p.g.Nodes)
		z := &s.o.blocks
		z.reset(q, label)
		moved := z.improve(grouping.Sequence(blocks), keep)
		s.o.release(q)
		if !moved {
			return
		}
		for v, b := range block {
			y.label[v] = z.label[b]
		}
		y.count()
	}
}

// blocks cuts each footprint into well-connected parts that are in one piece.
func (s *search) blocks(label []int32) ([]int32, int) {
	l := &optimise.Level{Network: s.p.g, Label: label, Part: make([]int32, s.p.g.Nodes)}
	s.o.TwoMasses = s.p.g.Y != nil
	s.o.Gamma = s.p.f
	s.o.Tolerance = 1e-12 * s.p.rules.penalty
	s.o.Inside = work.Grow(s.o.Inside, s.p.g.Nodes)
	for v := range label {
		s.o.Inside[v] = s.p.g.WeightTo(int32(v), label, label[v])
	}
	s.o.RefineParts(l)
	part := s.pieces(l.Part)
	return part, grouping.Count(part)
}

// reach joins and cuts footprints until the number is right and joining gains
// nothing.
func (s *search) reach(y *layout) {
	part := slices.Clone(y.label)
	n := s.o.Compact(part, s.p.g.Nodes)
	s.join(part, n)
	copy(y.label, part)
	y.count()
	// Without a number, what gains by being cut is cut: above all the too large.
	least := math.Inf(-1)
	if s.k == 0 {
		least = 1e-12 * s.p.rules.penalty
	}
	for n = grouping.Count(part); (s.k == 0 || n < s.k) && s.cut(y, 1, least); n++ {
	}
}

// join merges footprints, those first that raise the score most: down to k
// whatever it costs, and further, or without k, while the score rises.
func (s *search) join(part []int32, n int) {
	q := s.p.coarsen(s.o, part, n)
	if a, _, gain := q.bestUnion(); a >= 0 && s.worthJoining(q.unit, n, gain) {
		j := newJoining(q)
		for x := j.next(); x.a >= 0 && s.worthJoining(j.unit, j.left, x.gain); x = j.next() {
			j.join(x.a, x.b)
		}
		whole := j.labels()
		for v, c := range part {
			part[v] = whole[c]
		}
	}
	s.o.release(q)
}

// bestUnion finds the two units whose union raises the score most; a is -1 where
// no two may join.
func (p *plan) bestUnion() (a, b int32, gain float64) {
	gain, a, b = math.Inf(-1), -1, -1
	p.eachJoinable(func(c, d int32, w float64) {
		if s := p.union(c, d, w); s > gain || s == gain && (c < a || c == a && d < b) {
			gain, a, b = s, c, d
		}
	})
	return a, b, gain
}

// eachJoinable calls visit for each two units c < d that may join, with the flow
// between them.
func (p *plan) eachJoinable(visit func(c, d int32, w float64)) {
	for c := range int32(p.g.Nodes) {
		p.g.Neighbours(c, func(d int32, w float64) {
			if d > c && w != 0 && p.joinable(c, d) {
				visit(c, d, w)
			}
		})
	}
}

// worthJoining says whether to join two of n footprints, which hold units, for a
// gain in score. A join below k must mend something; a cut follows.
func (s *search) worthJoining(units []totals, n int, gain float64) bool {
	switch {
	case s.k > 0 && n > s.k:
		return true
	case gain <= 1e-12*s.p.rules.penalty:
		return false
	case n == s.k:
		return s.mendable(units) && gain >= 0.01*s.p.rules.penalty
	}
	return true
}

// mergedLabels numbers n footprints anew after b joined a, a < b.
func mergedLabels(n int, a, b int32) []int32 {
	label := grouping.Sequence(n)
	label[b] = a
	for c := int(b) + 1; c < n; c++ {
		label[c] = int32(c) - 1
	}
	return label
}

// mendable says whether any footprint misses a demand.
func (s *search) mendable(units []totals) bool {
	for c := range units {
		if s.p.rules.short(&units[c]) > 0 {
			return true
		}
	}
	return false
}

// union is what joining units c and d, with flow w between them, adds to the
// score.
func (p *plan) union(c, d int32, w float64) float64 {
	return p.unionOf(&p.unit[c], &p.unit[d], w)
}

func (p *plan) unionOf(x, y *totals, w float64) float64 {
	t := *x
	t.add(y, w)
	r := &p.rules
	return w - p.expected(x, y) - float64(r.penalty*(r.short(&t)-r.short(x)-r.short(y)))
}

// joinable says whether c and d, which have flow with each other, make one
// piece on the ground and need not be apart.
func (p *plan) joinable(c, d int32) bool {
	if a, b := p.unit[c].anchor, p.unit[d].anchor; a != 0 && b != 0 && a != b {
		return false
	}
	if !p.touching(c, d) {
		return false
	}
	return p.inside == nil || !slices.ContainsFunc(p.inside[c], func(i int32) bool { return slices.Contains(p.apart[i], d) })
}

// shake joins two footprints beside each other and cuts one, at random, and
// says whether it could.
func (s *search) shake(y *layout) bool {
	part := slices.Clone(y.label)
	n := s.o.Compact(part, s.p.g.Nodes)
	if n < 3 {
		return false
	}
	q := s.p.coarsen(s.o, part, n)
	defer s.o.release(q)
	pairs := q.pairs()
	if len(pairs) == 0 {
		return false
	}
	pick := s.draw(pairs)
	for v, c := range part {
		if c == pick.b {
			y.label[v] = pick.a
		} else {
			y.label[v] = c
		}
	}
	y.count()
	return s.cut(y, 3, math.Inf(-1))
}

// pair is two units that may join, with the weight of being drawn.
type pair struct {
	a, b   int32
	weight float64
}

// pairs lists the units that may join. Those that are nearly one system, and
// those that miss a demand, weigh most.
func (p *plan) pairs() []pair {
	var list []pair
	p.eachJoinable(func(c, d int32, w float64) {
		t := w / (p.expected(&p.unit[c], &p.unit[d]) + float64(1e-9*p.rules.penalty))
		t *= 1 + float64(20*(p.rules.short(&p.unit[c])+p.rules.short(&p.unit[d])))
		list = append(list, pair{c, d, t})
	})
	return list
}

// draw picks a pair at random, in proportion to weights.
func (s *search) draw(pairs []pair) pair {
	sum := 0.0
	for _, p := range pairs {
		sum += p.weight
	}
	at := s.rng.Float64() * sum
	for _, p := range pairs {
		if at -= p.weight; at < 0 {
			return p
		}
	}
	return pairs[len(pairs)-1]
}
