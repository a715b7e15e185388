package infomap

import (
	"context"
	"math"
	"math/rand/v2"

	"stpmap/flow"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
)

// mapNetwork is a network as the map equation sees it: how often a random
// walker visits each node and follows each link. Links between a node and
// itself are left out: they never leave a module.
type mapNetwork struct {
	visit    []float64 // visit rate of each node; they add up to 1
	out      links     // rate of each step from a node to another
	in       links     // the same steps by the node they lead to; equals out in an undirected network
	leaves   []float64 // Σ of a node's row in out
	enters   []float64 // Σ of a node's row in in
	directed bool
}

// links is a compressed sparse matrix of rates.
type links struct {
	ptr, to []int32
	rate    []float64
}

func (l *links) row(i int32) ([]int32, []float64) {
	lo, hi := l.ptr[i], l.ptr[i+1]
	return l.to[lo:hi], l.rate[lo:hi]
}

func (n *mapNetwork) nodes() int { return len(n.visit) }

func (n *mapNetwork) sumRows() {
	sums := func(l *links) []float64 {
		s := make([]float64, n.nodes())
		for i := range s {
			_, rates := l.row(int32(i))
			for _, r := range rates {
				s[i] += r
			}
		}
		return s
	}
	n.leaves = sums(&n.out)
	n.enters = n.leaves
	if n.directed {
		n.enters = sums(&n.in)
	}
}

// undirectedNetwork has visit rates in proportion to strength and a step in
// each direction of an edge in proportion to its weight.
func undirectedNetwork(m *flow.Matrix) *mapNetwork {
	g := graph.New(m)
	n := &mapNetwork{visit: make([]float64, g.Nodes())}
	if g.Total > 0 {
		for i, s := range g.Strength {
			n.visit[i] = s / g.Total
		}
	}
	rate := make([]float64, len(g.Weight))
	for k, w := range g.Weight {
		rate[k] = w / g.Total
	}
	n.out = links{g.Ptr, g.Adj, rate}
	n.in = n.out
	n.sumRows()
	return n
}

// directedNetwork follows the flows of a one-mode matrix from area to
// provider. The walker takes a random out-flow in proportion to its weight,
// and with the given probability, or where there is none, jumps to a place in
// proportion to its out-flow; jumps decide where the walker is but are not
// coded: rates are those of one more step without any (Lambiotte and Rosvall
// 2012, doi:10.1103/PhysRevE.85.056107).
func directedNetwork(m *flow.Matrix, teleportation float64) *mapNetwork {
	nodes := len(m.Areas())
	landing := make([]float64, nodes)
	total := m.Total().Value
	for i := range landing {
		if total > 0 {
			landing[i] = m.RowTotal(i) / total
		} else {
			landing[i] = 1 / float64(nodes)
		}
	}
	// 1. Where the walker is in the long run, jumps included.
	const rounds = 1000
	at, next := append([]float64(nil), landing...), make([]float64, nodes)
	for range rounds {
		jumps := 0.0
		for i, p := range at {
			if m.RowTotal(i) > 0 {
				jumps += teleportation * p
			} else {
				jumps += p
			}
		}
		change, sum := 0.0, 0.0
		for j := range next {
			from, counts := m.Column(j)
			p := jumps * landing[j]
			for k, i := range from {
				p += (1 - teleportation) * at[i] * counts[k] / m.RowTotal(int(i))
			}
			next[j] = p
			sum += p
		}
		for j := range next {
			next[j] /= sum
			change += math.Abs(next[j] - at[j])
		}
		at, next = next, at
		if change < 1e-15 {
			break
		}
	}
	// 2. One step along the flows alone.
	n := &mapNetwork{directed: true, visit: make([]float64, nodes)}
	sum := 0.0
	for i, p := range at {
		if m.RowTotal(i) > 0 {
			sum += p
		}
	}
	step := func(i, j int, w float64) float64 { return at[i] * w / m.RowTotal(i) / sum }
	n.out.ptr, n.in.ptr = make([]int32, nodes+1), make([]int32, nodes+1)
	for i := range nodes {
		to, counts := m.Row(i)
		for k, j := range to {
			r := step(i, int(j), counts[k])
			n.visit[j] += r
			if int(j) != i {
				n.out.to, n.out.rate = append(n.out.to, j), append(n.out.rate, r)
			}
		}
		n.out.ptr[i+1] = int32(len(n.out.to))
	}
	for j := range nodes {
		from, counts := m.Column(j)
		for k, i := range from {
			if int(i) != j {
				n.in.to, n.in.rate = append(n.in.to, i), append(n.in.rate, step(int(i), j, counts[k]))
			}
		}
		n.in.ptr[j+1] = int32(len(n.in.to))
	}
	n.sumRows()
	return n
}

// atTime scales every step, not the visits: a walker coded at longer (above 1)
// or shorter intervals of Markov time, which gives fewer or more modules
// (Kheirkhahzadeh, Lancichinetti and Rosvall 2016,
// doi:10.1103/PhysRevE.93.032309).
func (n *mapNetwork) atTime(t float64) *mapNetwork {
	scale := func(x []float64) []float64 {
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = t * v
		}
		return y
	}
	s := &mapNetwork{visit: n.visit, directed: n.directed}
	s.out = links{n.out.ptr, n.out.to, scale(n.out.rate)}
	s.in, s.leaves = s.out, scale(n.leaves)
	s.enters = s.leaves
	if n.directed {
		s.in = links{n.in.ptr, n.in.to, scale(n.in.rate)}
		s.enters = scale(n.enters)
	}
	return s
}

// plogp is p log2 p, and 0 for rates that rounding has left at or below 0.
func plogp(p float64) float64 {
	if p <= 1e-16 {
		return 0
	}
	return p * math.Log2(p)
}

// nodeTerm is the part of the codelength that no partition changes.
func (n *mapNetwork) nodeTerm() float64 {
	s := 0.0
	for _, p := range n.visit {
		s += plogp(p)
	}
	return s
}

// codelength is the two-level map equation in bits: labels are module numbers
// from 0 to modules-1.
func (n *mapNetwork) codelength(label []int32, modules int) float64 {
	s := newMapState(n, label, modules)
	return s.length() - n.nodeTerm()
}

// aggregate makes the network of the modules, in order of their labels.
func (n *mapNetwork) aggregate(label []int32, modules int) *mapNetwork {
	a := &mapNetwork{visit: make([]float64, modules), directed: n.directed}
	for i, l := range label {
		a.visit[l] += n.visit[i]
	}
	start, member := grouping.Members(label, modules)
	sum := make([]float64, modules)
	seen := make([]int32, modules) // one more than the last module that saw it
	var touched []int32
	gather := func(l *links) links {
		clear(seen)
		g := links{ptr: make([]int32, modules+1)}
		for c := range int32(modules) {
			touched = touched[:0]
			for _, i := range member[start[c]:start[c+1]] {
				to, rates := l.row(i)
				for k, j := range to {
					d := label[j]
					if d == c {
						continue
					}
					if seen[d] != c+1 {
						seen[d] = c + 1
						sum[d] = 0
						touched = append(touched, d)
					}
					sum[d] += rates[k]
				}
			}
			for _, d := range touched {
				g.to, g.rate = append(g.to, d), append(g.rate, sum[d])
			}
			g.ptr[c+1] = int32(len(g.to))
		}
		return g
	}
	a.out = gather(&n.out)
	a.in = a.out
	if n.directed {
		a.in = gather(&n.in)
	}
	a.sumRows()
	return a
}

// mapState is a partition of a network with what the map equation needs of
// each module, kept up to date move by move.
type mapState struct {
	net    *mapNetwork
	label  []int32
	size   []int32   // members
	flow   []float64 // visit rate
	exit   []float64 // rate of steps out of the module
	enter  []float64 // rate of steps into it; exit in an undirected network
	pExit  []float64 // plogp of the above, and of exit+flow
	pEnter []float64
	pFlow  []float64
	sum    float64 // Σ enter
	empty  []int32 // modules without members
}

func newMapState(n *mapNetwork, label []int32, modules int) *mapState {
	s := emptyMapState(n, label, modules)
	for i, l := range label {
		to, rates := n.out.row(int32(i))
		for k, j := range to {
			if d := label[j]; d != l {
				s.exit[l] += rates[k]
				if n.directed {
					s.enter[d] += rates[k]
				}
			}
		}
	}
	s.setAll()
	return s
}

// emptyMapState has the members of the modules and how often they are visited,
// but no steps yet.
func emptyMapState(n *mapNetwork, label []int32, modules int) *mapState {
	s := &mapState{net: n, label: label, size: make([]int32, modules), flow: make([]float64, modules), exit: make([]float64, modules)}
	s.enter = s.exit
	if n.directed {
		s.enter = make([]float64, modules)
	}
	for i, l := range label {
		s.size[l]++
		s.flow[l] += n.visit[i]
	}
	return s
}

// setAll works out what follows from the steps between modules.
func (s *mapState) setAll() {
	modules := len(s.size)
	s.pExit, s.pFlow = make([]float64, modules), make([]float64, modules)
	s.pEnter = s.pExit
	if s.net.directed {
		s.pEnter = make([]float64, modules)
	}
	for c := range modules {
		s.sum += s.enter[c]
		s.set(int32(c), s.exit[c], s.enter[c], s.flow[c])
		if s.size[c] == 0 {
			s.empty = append(s.empty, int32(c))
		}
	}
}

// codelengthOfFlows is the codelength of labels, of areas and then providers,
// on the undirected network of a two-mode matrix, without making the network.
func codelengthOfFlows(m *flow.Matrix, label []int32, modules int) float64 {
	nA, nP := len(m.Areas()), len(m.Providers())
	n := &mapNetwork{visit: make([]float64, nA+nP)}
	total := 0.0
	for i := range n.visit {
		if i < nA {
			n.visit[i] = m.RowTotal(i)
		} else {
			n.visit[i] = m.ColumnTotal(i - nA)
		}
		total += n.visit[i]
	}
	if total > 0 {
		for i := range n.visit {
			n.visit[i] /= total
		}
	}
	s := emptyMapState(n, label, modules)
	areas, providers := label[:nA], label[nA:]
	for a, l := range areas {
		to, counts := m.Row(a)
		s.exit[l] = exitRate(s.exit[l], l, providers, to, counts, total)
	}
	for p, l := range providers {
		to, counts := m.Column(p)
		s.exit[l] = exitRate(s.exit[l], l, areas, to, counts, total)
	}
	s.setAll()
	return s.length() - n.nodeTerm()
}

// exitRate adds to a module's rate the steps from one of its nodes to those
// with another label.
func exitRate(rate float64, module int32, label, to []int32, counts []float64, total float64) float64 {
	for k, j := range to {
		if label[j] != module {
			rate += counts[k] / total
		}
	}
	return rate
}

func (s *mapState) set(c int32, exit, enter, flow float64) {
	s.exit[c], s.enter[c], s.flow[c] = exit, enter, flow
	s.pExit[c], s.pFlow[c] = plogp(exit), plogp(exit+flow)
	if s.net.directed {
		s.pEnter[c] = plogp(enter)
	}
}

// length is the codelength but for the node term.
func (s *mapState) length() float64 {
	l := plogp(s.sum)
	for c := range s.flow {
		l += s.pFlow[c] - s.pExit[c] - s.pEnter[c]
	}
	return l
}

// moveScratch is room for one search, as large as the network.
type moveScratch struct {
	toward, from []float64 // rate between the node in hand and each module
	seen         []bool
	touched      []int32
	order        []int32
	dirty        []bool
}

func newMoveScratch(n int) *moveScratch {
	return &moveScratch{
		toward: make([]float64, n), from: make([]float64, n), seen: make([]bool, n),
		order: make([]int32, n), dirty: make([]bool, n),
	}
}

const (
	mapSweeps  = 20    // sweeps at most before modules are aggregated
	mapMinGain = 1e-11 // bits; less is rounding
)

// moveNodes moves nodes one at a time, in random order, to the module that
// shortens the code most, until no move does. It reports whether any moved.
func (s *mapState) moveNodes(ctx context.Context, rng *rand.Rand, x *moveScratch) (bool, error) {
	n := s.net
	nodes := n.nodes()
	order, dirty := x.order[:nodes], x.dirty[:nodes]
	for i := range order {
		order[i], dirty[i] = int32(i), true
	}
	moved := false
	for range mapSweeps {
		rng.Shuffle(nodes, func(i, j int) { order[i], order[j] = order[j], order[i] })
		moves := 0
		for k, i := range order {
			if k&4095 == 0 && ctx.Err() != nil {
				return moved, context.Cause(ctx)
			}
			if !dirty[i] {
				continue
			}
			dirty[i] = false
			if s.moveNode(i, x) {
				moves++
			}
		}
		if moves == 0 {
			break
		}
		moved = true
	}
	return moved, nil
}

func (s *mapState) moveNode(i int32, x *moveScratch) bool {
	n, old := s.net, s.label[i]
	// 1. Rates between the node and each module around it.
	x.touched = append(x.touched[:0], old)
	x.seen[old] = true
	x.toward[old], x.from[old] = 0, 0
	to, rates := n.out.row(i)
	for k, j := range to {
		c := s.label[j]
		if !x.seen[c] {
			x.seen[c] = true
			x.toward[c], x.from[c] = 0, 0
			x.touched = append(x.touched, c)
		}
		x.toward[c] += rates[k]
	}
	from := x.toward
	if n.directed {
		from = x.from
		back, rates := n.in.row(i)
		for k, j := range back {
			c := s.label[j]
			if !x.seen[c] {
				x.seen[c] = true
				x.toward[c], x.from[c] = 0, 0
				x.touched = append(x.touched, c)
			}
			x.from[c] += rates[k]
		}
	}
	for _, c := range x.touched {
		x.seen[c] = false
	}
	if s.size[old] > 1 && len(s.empty) > 0 {
		c := s.empty[len(s.empty)-1]
		x.toward[c], x.from[c] = 0, 0
		x.touched = append(x.touched, c)
	}
	if len(x.touched) == 1 {
		return false
	}
	// 2. Without the node in its module.
	leaves, enters, visit := n.leaves[i], n.enters[i], n.visit[i]
	oldExit := s.exit[old] - leaves + x.toward[old] + from[old]
	oldEnter := oldExit
	oldFlow := s.flow[old] - visit
	if n.directed {
		oldEnter = s.enter[old] - enters + from[old] + x.toward[old]
	}
	pOldExit, pOldFlow := plogp(oldExit), plogp(oldExit+oldFlow)
	pOldEnter := pOldExit
	if n.directed {
		pOldEnter = plogp(oldEnter)
	}
	without := s.sum - s.enter[old] + oldEnter
	// What the move leaves behind, against what was there.
	base := (pOldFlow - pOldExit - pOldEnter) - (s.pFlow[old] - s.pExit[old] - s.pEnter[old]) - plogp(s.sum)
	// 3. The best module to put it in.
	best, bestGain := old, -mapMinGain
	var bestExit, bestEnter float64
	for _, c := range x.touched[1:] {
		exit := s.exit[c] + leaves - x.toward[c] - from[c]
		enter := exit
		if n.directed {
			enter = s.enter[c] + enters - from[c] - x.toward[c]
		}
		pExit := plogp(exit)
		pEnter := pExit
		if n.directed {
			pEnter = plogp(enter)
		}
		change := base + plogp(without-s.enter[c]+enter) +
			(plogp(exit+s.flow[c]+visit) - pExit - pEnter) - (s.pFlow[c] - s.pExit[c] - s.pEnter[c])
		if change < bestGain || change == bestGain && c < best {
			best, bestGain, bestExit, bestEnter = c, change, exit, enter
		}
	}
	if best == old {
		return false
	}
	// 4. The move.
	s.sum = without - s.enter[best] + bestEnter
	s.set(old, oldExit, oldEnter, oldFlow)
	s.set(best, bestExit, bestEnter, s.flow[best]+visit)
	if s.size[best] == 0 {
		s.empty = s.empty[:len(s.empty)-1] // only the last is ever offered
	}
	s.size[old]--
	s.size[best]++
	if s.size[old] == 0 {
		s.sum -= s.enter[old]
		s.set(old, 0, 0, 0)
		s.empty = append(s.empty, old)
	}
	s.label[i] = best
	x.dirty[i] = false
	for _, j := range to {
		x.dirty[j] = true
	}
	if n.directed {
		back, _ := n.in.row(i)
		for _, j := range back {
			x.dirty[j] = true
		}
	}
	return true
}
