package infomap

import (
	"context"
	"math/rand/v2"

	"stpmap/flow"
)

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

// moveNode moves a node to the module that shortens the code most, and says
// whether it moved.
func (s *mapState) moveNode(i int32, x *moveScratch) bool {
	old := s.label[i]
	from := s.gatherRates(i, x)
	if len(x.touched) == 1 {
		return false
	}
	w := s.without(i, x.toward[old], from[old])
	best, in := s.bestModule(i, x, from, w)
	if best == old {
		return false
	}
	s.move(i, best, w, in)
	s.wake(i, x)
	return true
}

// gatherRates adds up the rates between a node and each module around it: those
// to it in x.toward, and those from it in what it gives. Of the modules touched
// its own is the first, and an empty one the last.
func (s *mapState) gatherRates(i int32, x *moveScratch) (from []float64) {
	n, old := s.net, s.label[i]
	x.touched = x.touched[:0]
	x.touch(old)
	to, rates := n.out.row(i)
	for k, j := range to {
		c := s.label[j]
		x.touch(c)
		x.toward[c] += rates[k]
	}
	from = x.toward
	if n.directed {
		from = x.from
		back, rates := n.in.row(i)
		for k, j := range back {
			c := s.label[j]
			x.touch(c)
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
	return from
}

// touch notes a module that is met for the first time.
func (x *moveScratch) touch(c int32) {
	if !x.seen[c] {
		x.seen[c] = true
		x.toward[c], x.from[c] = 0, 0
		x.touched = append(x.touched, c)
	}
}

// rates are a module's.
type rates struct{ exit, enter, flow float64 }

// absence is a node's module without the node.
type absence struct {
	rates
	sum  float64 // Σ enter of all modules
	base float64 // the code of what is left behind, less that of what was there
}

// without takes a node out of its module in thought; toward and from are its
// rates with the rest of it.
func (s *mapState) without(i int32, toward, from float64) absence {
	n, old := s.net, s.label[i]
	w := absence{rates: rates{exit: s.exit[old] - n.leaves[i] + toward + from, flow: s.flow[old] - n.visit[i]}}
	w.enter = w.exit
	pExit, pFlow := plogp(w.exit), plogp(w.exit+w.flow)
	pEnter := pExit
	if n.directed {
		w.enter = s.enter[old] - n.enters[i] + from + toward
		pEnter = plogp(w.enter)
	}
	w.sum = s.sum - s.enter[old] + w.enter
	w.base = (pFlow - pExit - pEnter) - (s.pFlow[old] - s.pExit[old] - s.pEnter[old]) - plogp(s.sum)
	return w
}

// bestModule is the module, of those touched, in which a node makes the code
// shortest, and its rates with the node; the node's own where none shortens it.
func (s *mapState) bestModule(i int32, x *moveScratch, from []float64, w absence) (best int32, in rates) {
	n := s.net
	leaves, enters, visit := n.leaves[i], n.enters[i], n.visit[i]
	best, bestGain := s.label[i], -mapMinGain
	for _, c := range x.touched[1:] {
		exit := s.exit[c] + leaves - x.toward[c] - from[c]
		enter, pExit := exit, plogp(exit)
		pEnter := pExit
		if n.directed {
			enter = s.enter[c] + enters - from[c] - x.toward[c]
			pEnter = plogp(enter)
		}
		change := w.base + plogp(w.sum-s.enter[c]+enter) +
			(plogp(exit+s.flow[c]+visit) - pExit - pEnter) - (s.pFlow[c] - s.pExit[c] - s.pEnter[c])
		if change < bestGain || change == bestGain && c < best {
			best, bestGain, in = c, change, rates{exit, enter, s.flow[c] + visit}
		}
	}
	return best, in
}

// move puts a node into module to; w is its old module without it, and in the
// new one with it.
func (s *mapState) move(i, to int32, w absence, in rates) {
	old := s.label[i]
	s.sum = w.sum - s.enter[to] + in.enter
	s.set(old, w.exit, w.enter, w.flow)
	s.set(to, in.exit, in.enter, in.flow)
	if s.size[to] == 0 {
		s.empty = s.empty[:len(s.empty)-1] // only the last is ever offered
	}
	s.size[old]--
	s.size[to]++
	if s.size[old] == 0 {
		s.clear(old)
	}
	s.label[i] = to
}

// clear notes that a module has no members: it has no rates, not even rounding.
func (s *mapState) clear(c int32) {
	s.sum -= s.enter[c]
	s.set(c, 0, 0, 0)
	s.empty = append(s.empty, c)
}

// wake has the nodes around one that moved looked at again.
func (s *mapState) wake(i int32, x *moveScratch) {
	x.dirty[i] = false
	to, _ := s.net.out.row(i)
	for _, j := range to {
		x.dirty[j] = true
	}
	if s.net.directed {
		back, _ := s.net.in.row(i)
		for _, j := range back {
			x.dirty[j] = true
		}
	}
}
