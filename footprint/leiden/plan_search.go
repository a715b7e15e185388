package leiden

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/work"
	"stpmap/footprint/leiden/internal/optimise"
)

// planned finds a partition that meets all demands:
//  1. start from the best partition without them, or the one given;
//  2. cut each footprint into what is in one piece on the ground and in flow;
//  3. move units and join footprints until demands and number are met;
//  4. join two footprints and cut another, again and again, and keep what
//     scores better after moving units.
//
// Every step keeps footprints in one piece; the other demands weigh so much in
// the score that flow is given up for them. The best restart wins.
func (e *Engine) planned(ctx context.Context, l Leiden, resolution float64, refine bool) ([]int32, error) {
	c := &l.Constraints
	o := e.idle.Get().(*workspace)
	defer e.idle.Put(o)
	k := c.Footprints
	// Demands that contradict each other are named before any work is done.
	if _, _, err := e.newPlan(o, c, 0); err != nil {
		return nil, err
	}
	if k > 0 {
		free := l
		free.Constraints = footprint.Constraints{Footprints: k, AllowSingleKind: c.AllowSingleKind}
		free.Restarts = 1
		_, gamma, err := e.exactly(ctx, free, refine)
		if err != nil {
			return nil, err
		}
		resolution = gamma
	}
	p, unit, err := e.newPlan(o, c, resolution*e.factor)
	if err != nil {
		return nil, err
	}
	restarts := max(1, l.Restarts)
	found := make([]*layout, restarts)
	short, score := make([]float64, restarts), make([]float64, restarts)
	err = e.parallel(l.Jobs, restarts, l.Progress, "restarts", func(o *workspace, i int) error {
		label := e.startLabels(c)
		if label == nil {
			free, err := e.run(ctx, o, resolution, l.Seed, uint64(i), refine, nil)
			if err != nil {
				return err
			}
			label = free
		}
		// A unit goes where its heaviest node is.
		of, heavy := make([]int32, p.g.Nodes), make([]float64, p.g.Nodes)
		for v, u := range unit {
			if w := e.g.X[v]; w > heavy[u] || heavy[u] == 0 {
				heavy[u], of[u] = w, label[v]
			}
		}
		o.compactSparse(of)
		s := &search{p: p, o: o, k: k, rng: rand.New(rand.NewPCG(l.Seed, 1<<32+uint64(i)))}
		y, err := s.run(ctx, of)
		if err != nil {
			return err
		}
		found[i], short[i], score[i] = y, y.short(), y.score()
		if n := y.footprints(); k > 0 && n != k {
			short[i] += math.Abs(float64(n - k))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	best := 0
	for i := range found {
		if short[i] < short[best] || short[i] == short[best] && score[i] > score[best] {
			best = i
		}
	}
	y := found[best]
	if err := e.unmet(o, y, unit, c); err != nil {
		return nil, err
	}
	label := make([]int32, e.g.Nodes)
	for v, u := range unit {
		label[v] = y.label[u]
	}
	o.Compact(label, e.g.Nodes)
	if err := e.checkFixed(label, c); err != nil {
		return nil, err
	}
	return label, e.checkPieces(o, label, c)
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

// checkPieces makes sure of what units could hide: that each footprint is in
// one piece, in flow and on the ground, node by node.
func (e *Engine) checkPieces(o *workspace, label []int32, c *footprint.Constraints) error {
	if o.Split(e.g, slices.Clone(label)) > grouping.Count(label) {
		return footprint.Infeasible("areas or providers that must share a footprint have no flow to connect them inside it: drop a demand to be together, or a fixed node")
	}
	if c.Contiguous == nil {
		return nil
	}
	b := e.borders(c.Contiguous)
	piece := make([]int32, e.g.Nodes) // by label: 1 + the piece seen
	seen := make([]bool, e.g.Nodes)
	var stack []int32
	for v := range int32(e.g.Nodes) {
		if seen[v] || len(b.of(v)) == 0 {
			continue
		}
		if first := piece[label[v]]; first != 0 {
			return footprint.Infeasible("%s and %s must share a footprint, but no footprint in one piece was found that holds both: drop a demand to be together, or a fixed node, or contiguity", e.code(first-1), e.code(v))
		}
		piece[label[v]] = v + 1
		seen[v] = true
		for stack = append(stack[:0], v); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, t := range b.of(u) {
				if !seen[t] && label[t] == label[u] {
					seen[t] = true
					stack = append(stack, t)
				}
			}
		}
	}
	return nil
}

// patience is the number of shakes in a row without a better layout after which
// a search ends.
const patience = 120

// search looks for the best layout of a plan.
type search struct {
	p   *plan
	o   *workspace
	k   int // exact number of footprints; 0 for any
	rng *rand.Rand
}

func (s *search) run(ctx context.Context, start []int32) (*layout, error) {
	y := newLayout(s.p, s.pieces(start))
	s.settle(y, false)
	rounds := patience
	if s.p.g.Nodes >= optimise.SmallNetwork {
		// A large plan is searched by its blocks; single units only follow.
		if err := s.runBlocks(ctx, y); err != nil {
			return nil, err
		}
		rounds = 0
		if s.settle(y, s.k > 0); y.short() > 0 || s.k > 0 && y.footprints() != s.k {
			rounds = 10
		}
	}
	s.reach(y)
	s.settle(y, s.k > 0)
	best, bestShort := slices.Clone(y.label), y.short()
	bestScore, bestRight := y.score(), s.k == 0 || y.footprints() == s.k
	for tries := 0; tries < rounds; tries++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !s.shake(y) {
			break
		}
		s.reach(y)
		s.settle(y, s.k > 0)
		short, score := y.short(), y.score()
		right := s.k == 0 || y.footprints() == s.k
		if right && (!bestRight || short < bestShort-1e-12 || short <= bestShort+1e-12 && score > bestScore+1e-9*s.p.rules.penalty) {
			copy(best, y.label)
			bestShort, bestScore, bestRight = short, score, true
			tries = -1 // begin to count again
		} else {
			copy(y.label, best)
			y.count()
		}
	}
	return y, nil
}

// runBlocks searches the plan of y's blocks, if there are far fewer of them
// than units, and puts what it finds into y.
func (s *search) runBlocks(ctx context.Context, y *layout) error {
	block, blocks := s.blocks(y.label)
	if blocks > s.p.g.Nodes/2 {
		return nil
	}
	label := make([]int32, blocks)
	for v, b := range block {
		label[b] = y.label[v]
	}
	s.o.Compact(label, s.p.g.Nodes)
	coarse := &search{p: s.p.coarsen(s.o, block, blocks), o: s.o, k: s.k, rng: s.rng}
	z, err := coarse.run(ctx, label)
	if err != nil {
		return err
	}
	s.o.release(coarse.p)
	for v, b := range block {
		y.label[v] = z.label[b]
	}
	y.count()
	return nil
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

// pieces cuts labels until each is in one piece on the ground and in flow, and
// none holds two units that must be apart. Labels come out as 0, 1, ….
func (s *search) pieces(start []int32) []int32 {
	p, n := s.p, s.p.g.Nodes
	label := slices.Clone(start)
	fresh := int32(n)
	for i := range p.apart {
		taken := map[int32]bool{}
		for _, v := range p.apart[i] {
			if taken[label[v]] {
				label[v] = fresh
				fresh++
			}
			taken[label[v]] = true
		}
	}
	s.o.Compact(label, int(fresh))
	for k := grouping.Count(label); ; {
		if p.ground != nil {
			s.groundPieces(label)
		}
		s.flowPieces(label)
		n := grouping.Count(label)
		if n == k {
			return label
		}
		k = n
	}
}

// noPiece is room for the piece of each unit, -1 so far.
func (o *workspace) noPiece(n int) []int32 {
	o.Piece, o.Queue = work.Grow(o.Piece, n), work.Grow(o.Queue, n)
	for v := range o.Piece {
		o.Piece[v] = -1
	}
	return o.Piece
}

// groundPieces gives each piece of a footprint on the ground its own label;
// what is not on the ground follows its largest flow in the footprint.
func (s *search) groundPieces(label []int32) {
	p, n := s.p, s.p.g.Nodes
	piece := s.o.noPiece(n)
	k := int32(0)
	stack := s.o.Queue[:0]
	for v := range int32(n) {
		if piece[v] >= 0 || p.unit[v].onGround == 0 {
			continue
		}
		piece[v] = k
		for stack = append(stack[:0], v); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, t := range p.ground.of(u) {
				if piece[t] < 0 && label[t] == label[u] {
					piece[t] = k
					stack = append(stack, t)
				}
			}
		}
		k++
	}
	// First what has flow with a piece, then islands through such providers.
	acc, met := s.o.Flow, s.o.Met
	for changed := true; changed; {
		changed = false
		for v := range int32(n) {
			if piece[v] >= 0 {
				continue
			}
			met = met[:0]
			p.g.Neighbours(v, func(u int32, w float64) {
				if c := piece[u]; c >= 0 && label[u] == label[v] {
					if acc[c] == 0 {
						met = append(met, c)
					}
					acc[c] += w
				}
			})
			best, to := 0.0, int32(-1)
			for _, c := range met {
				if acc[c] > best || acc[c] == best && c < to {
					best, to = acc[c], c
				}
			}
			for _, c := range met {
				acc[c] = 0
			}
			if to >= 0 {
				piece[v] = to
				changed = true
			}
		}
	}
	// What is off the ground with all its flow stays together.
	for v := range piece {
		if piece[v] < 0 {
			piece[v] = k + label[v]
		}
	}
	copy(label, piece)
	s.o.Compact(label, n+int(k)+1)
}

// flowPieces gives each piece of a footprint in the flow network its own label.
func (s *search) flowPieces(label []int32) {
	p, n := s.p, s.p.g.Nodes
	piece := s.o.noPiece(n)
	k := int32(0)
	stack := s.o.Queue[:0]
	for v := range int32(n) {
		if piece[v] >= 0 {
			continue
		}
		piece[v] = k
		for stack = append(stack[:0], v); len(stack) > 0; {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if p.g.Thin != nil {
				stack = optimise.Spread(p.g.Thin[p.g.Ptr[u]:p.g.Ptr[u+1]], label, label[u], piece, k, stack)
			} else {
				stack = optimise.Spread(p.g.Wide[p.g.Ptr[u]:p.g.Ptr[u+1]], label, label[u], piece, k, stack)
			}
		}
		k++
	}
	copy(label, piece)
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
	whole := grouping.Sequence(n)
	tol := 1e-12 * s.p.rules.penalty
	for {
		best, a, b := math.Inf(-1), int32(-1), int32(-1)
		for c := range int32(n) {
			q.g.Neighbours(c, func(d int32, w float64) {
				if d <= c || w == 0 || !q.joinable(c, d) {
					return
				}
				if s := q.union(c, d, w); s > best || s == best && (c < a || c == a && d < b) {
					best, a, b = s, c, d
				}
			})
		}
		if a < 0 || (s.k == 0 || n <= s.k) && best <= tol || n == s.k && !s.mendable(q) {
			break
		}
		if n == s.k {
			// A join below k must mend something; a cut follows.
			if best < 0.01*s.p.rules.penalty {
				break
			}
		}
		re := grouping.Sequence(n)
		re[b] = a
		for c := b + 1; c < int32(n); c++ {
			re[c] = c - 1
		}
		n--
		for c, d := range whole {
			whole[c] = re[d]
		}
		next := q.coarsen(s.o, re, n)
		s.o.release(q)
		q = next
	}
	s.o.release(q)
	for v, c := range part {
		part[v] = whole[c]
	}
}

// mendable says whether any footprint misses a demand.
func (s *search) mendable(q *plan) bool {
	for c := range q.unit {
		if q.rules.short(&q.unit[c]) > 0 {
			return true
		}
	}
	return false
}

// union is what joining units c and d, with flow w between them, adds to the
// score.
func (p *plan) union(c, d int32, w float64) float64 {
	t := p.unit[c]
	t.add(&p.unit[d], w)
	r := &p.rules
	return w - p.expected(&p.unit[c], &p.unit[d]) - r.penalty*(r.short(&t)-r.short(&p.unit[c])-r.short(&p.unit[d]))
}

// joinable says whether c and d, which have flow with each other, make one
// piece on the ground and need not be apart.
func (p *plan) joinable(c, d int32) bool {
	if a, b := p.unit[c].anchor, p.unit[d].anchor; a != 0 && b != 0 && a != b {
		return false
	}
	if p.ground != nil && p.unit[c].onGround > 0 && p.unit[d].onGround > 0 {
		if _, ok := slices.BinarySearch(p.ground.of(c), d); !ok {
			return false
		}
	}
	if p.inside != nil {
		for _, i := range p.inside[c] {
			if slices.Contains(p.apart[i], d) {
				return false
			}
		}
	}
	return true
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
	var pairs [][2]int32
	var weights []float64
	sum := 0.0
	for c := range int32(n) {
		q.g.Neighbours(c, func(d int32, w float64) {
			if d <= c || w == 0 || !q.joinable(c, d) {
				return
			}
			// Pairs that are nearly one system, and those that miss a demand,
			// come first.
			t := w / (q.expected(&q.unit[c], &q.unit[d]) + 1e-9*q.rules.penalty)
			t *= 1 + 20*(q.rules.short(&q.unit[c])+q.rules.short(&q.unit[d]))
			pairs = append(pairs, [2]int32{c, d})
			weights = append(weights, t)
			sum += t
		})
	}
	if len(pairs) == 0 {
		return false
	}
	at := s.rng.Float64() * sum
	pick := len(pairs) - 1
	for i, w := range weights {
		if at -= w; at < 0 {
			pick = i
			break
		}
	}
	a, b := pairs[pick][0], pairs[pick][1]
	for v, c := range part {
		if c == b {
			y.label[v] = a
		} else {
			y.label[v] = c
		}
	}
	y.count()
	return s.cut(y, 3, math.Inf(-1))
}
