package infomap

import (
	"math"
	"slices"

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

// sums adds up each row.
func (l *links) sums(nodes int) []float64 {
	s := make([]float64, nodes)
	for i := range s {
		_, rates := l.row(int32(i))
		for _, r := range rates {
			s[i] += r
		}
	}
	return s
}

func (n *mapNetwork) nodes() int { return len(n.visit) }

func (n *mapNetwork) sumRows() {
	n.leaves = n.out.sums(n.nodes())
	n.enters = n.leaves
	if n.directed {
		n.enters = n.in.sums(n.nodes())
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
	w := &walker{m: m, at: whereWalkersAre(m, teleportation)}
	for i, p := range w.at {
		if m.RowTotal(i) > 0 {
			w.moving += p
		}
	}
	n := &mapNetwork{directed: true, visit: make([]float64, len(w.at))}
	w.stepOut(n)
	w.stepIn(n)
	n.sumRows()
	return n
}

// whereWalkersAre is the probability that the walker is at each place in the
// long run, jumps included.
func whereWalkersAre(m *flow.Matrix, teleportation float64) []float64 {
	const rounds = 1000
	landing := landings(m)
	at, next := slices.Clone(landing), make([]float64, len(landing))
	for range rounds {
		change := stepWithJumps(m, teleportation, landing, at, next)
		at, next = next, at
		if change < 1e-15 {
			break
		}
	}
	return at
}

// landings is where a jump leads: in proportion to out-flow.
func landings(m *flow.Matrix) []float64 {
	landing, total := make([]float64, len(m.Areas())), m.Total().Value
	for i := range landing {
		if total > 0 {
			landing[i] = m.RowTotal(i) / total
		} else {
			landing[i] = 1 / float64(len(landing))
		}
	}
	return landing
}

// stepWithJumps fills next with where the walker is one step after at, and gives
// how far that is from at.
func stepWithJumps(m *flow.Matrix, teleportation float64, landing, at, next []float64) (change float64) {
	jumps := 0.0
	for i, p := range at {
		if m.RowTotal(i) > 0 {
			jumps += teleportation * p
		} else {
			jumps += p
		}
	}
	sum := 0.0
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
	return change
}

// walker takes one step along the flows alone.
type walker struct {
	m      *flow.Matrix
	at     []float64 // probability of each place
	moving float64   // that of the places with out-flow
}

func (w *walker) step(i int, count float64) float64 {
	return w.at[i] * count / w.m.RowTotal(i) / w.moving
}

// stepOut fills the visits and the steps by where they begin.
func (w *walker) stepOut(n *mapNetwork) {
	n.out.ptr = make([]int32, len(w.at)+1)
	for i := range w.at {
		to, counts := w.m.Row(i)
		for k, j := range to {
			r := w.step(i, counts[k])
			n.visit[j] += r
			if int(j) != i {
				n.out.to, n.out.rate = append(n.out.to, j), append(n.out.rate, r)
			}
		}
		n.out.ptr[i+1] = int32(len(n.out.to))
	}
}

// stepIn fills the steps by where they end.
func (w *walker) stepIn(n *mapNetwork) {
	n.in.ptr = make([]int32, len(w.at)+1)
	for j := range w.at {
		from, counts := w.m.Column(j)
		for k, i := range from {
			if int(i) != j {
				n.in.to, n.in.rate = append(n.in.to, i), append(n.in.rate, w.step(int(i), counts[k]))
			}
		}
		n.in.ptr[j+1] = int32(len(n.in.to))
	}
}

// scaled is t times x.
func scaled(x []float64, t float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = t * v
	}
	return y
}

// atTime scales every step, not the visits: a walker coded at longer (above 1)
// or shorter intervals of Markov time, which gives fewer or more modules
// (Kheirkhahzadeh, Lancichinetti and Rosvall 2016,
// doi:10.1103/PhysRevE.93.032309).
func (n *mapNetwork) atTime(t float64) *mapNetwork {
	scale := func(x []float64) []float64 { return scaled(x, t) }
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
