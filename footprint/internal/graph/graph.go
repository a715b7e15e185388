package graph

import "stpmap/flow"

// Graph is the flow network: an undirected weighted graph with a node for each
// area and, unless the matrix is one-mode, a node for each provider after them.
// Each edge between two different nodes stands in both rows. In a one-mode
// matrix A = F + Fᵀ: an edge's weight is the flow both ways, and a node's loop
// counts twice in its strength.
type Graph struct {
	Areas, providers int // providers is 0 in a one-mode graph
	Ptr              []int32
	Adj              []int32
	Weight           []float64
	Loop             []float64 // F_ii; 0 in a two-mode graph
	Strength         []float64 // Σ_j A_ij
	Total            float64   // Σ strength = 2m
}

// Nodes is the number of areas and providers.
func (g *Graph) Nodes() int { return g.Areas + g.providers }

// New is the graph of a matrix.
func New(m *flow.Matrix) *Graph {
	if m.OneMode() {
		return newOneMode(m)
	}
	nA, nP, nz := len(m.Areas()), len(m.Providers()), m.Len()
	g := &Graph{Areas: nA, providers: nP, Ptr: make([]int32, nA+nP+1), Adj: make([]int32, 0, 2*nz), Weight: make([]float64, 0, 2*nz)}
	for a := range nA {
		ps, ws := m.Row(a)
		for _, p := range ps {
			g.Adj = append(g.Adj, int32(nA)+p)
		}
		g.Weight = append(g.Weight, ws...)
		g.Ptr[a+1] = int32(len(g.Adj))
	}
	for p := range nP {
		as, ws := m.Column(p)
		g.Adj = append(g.Adj, as...)
		g.Weight = append(g.Weight, ws...)
		g.Ptr[nA+p+1] = int32(len(g.Adj))
	}
	g.finish()
	return g
}

func newOneMode(m *flow.Matrix) *Graph {
	n := len(m.Areas())
	g := &Graph{Areas: n, Ptr: make([]int32, n+1), Loop: make([]float64, n)}
	for i := range n {
		g.addPlace(m, int32(i))
		g.Ptr[i+1] = int32(len(g.Adj))
	}
	g.finish()
	return g
}

// addPlace adds the flows of a place both ways: those out of it and into it in
// one order.
func (g *Graph) addPlace(m *flow.Matrix, i int32) {
	out, wo := m.Row(int(i))
	in, wi := m.Column(int(i))
	for len(out) > 0 || len(in) > 0 {
		var j int32
		w := 0.0
		switch {
		case len(out) == 0:
			j = in[0]
		case len(in) == 0:
			j = out[0]
		default:
			j = min(out[0], in[0])
		}
		if len(out) > 0 && out[0] == j {
			w += wo[0]
			out, wo = out[1:], wo[1:]
		}
		if len(in) > 0 && in[0] == j {
			w += wi[0]
			in, wi = in[1:], wi[1:]
		}
		if j == i {
			g.Loop[i] = w / 2
			continue
		}
		g.Adj, g.Weight = append(g.Adj, j), append(g.Weight, w)
	}
}

// finish adds up the strengths.
func (g *Graph) finish() {
	n := g.Nodes()
	if g.Loop == nil {
		g.Loop = make([]float64, n)
	}
	g.Strength = make([]float64, n)
	for i := range n {
		s := 2 * g.Loop[i]
		for _, w := range g.Weight[g.Ptr[i]:g.Ptr[i+1]] {
			s += w
		}
		g.Strength[i] = s
		g.Total += s
	}
}

// EachPair walks the stored pairs of m: k counts them, other is the provider,
// or in a one-mode matrix the area.
func EachPair(m *flow.Matrix, visit func(k, area int, other int32)) {
	k := 0
	for a := range m.Areas() {
		providers, _ := m.Row(a)
		for _, p := range providers {
			visit(k, a, p)
			k++
		}
	}
}

// Nodes is the number of areas and providers; in a one-mode matrix, of places.
func Nodes(m *flow.Matrix) int {
	if m.OneMode() {
		return len(m.Areas())
	}
	return len(m.Areas()) + len(m.Providers())
}
