package footprint

import "stpmap/flow"

// graph is the flow network: an undirected weighted graph with a node for each
// area and, unless the matrix is one-mode, a node for each provider after them.
// Each edge between two different nodes stands in both rows. In a one-mode
// matrix A = F + Fᵀ: an edge's weight is the flow both ways, and a node's loop
// counts twice in its strength.
type graph struct {
	areas, providers int // providers is 0 in a one-mode graph
	ptr              []int32
	adj              []int32
	w                []float64
	loop             []float64 // F_ii; 0 in a two-mode graph
	strength         []float64 // Σ_j A_ij
	total            float64   // Σ strength = 2m
}

func (g *graph) nodes() int { return g.areas + g.providers }

func newGraph(m *flow.Matrix) *graph {
	if m.OneMode() {
		return newOneModeGraph(m)
	}
	nA, nP, nz := len(m.Areas()), len(m.Providers()), m.Len()
	g := &graph{areas: nA, providers: nP, ptr: make([]int32, nA+nP+1), adj: make([]int32, 0, 2*nz), w: make([]float64, 0, 2*nz)}
	for a := range nA {
		ps, ws := m.Row(a)
		for _, p := range ps {
			g.adj = append(g.adj, int32(nA)+p)
		}
		g.w = append(g.w, ws...)
		g.ptr[a+1] = int32(len(g.adj))
	}
	for p := range nP {
		as, ws := m.Column(p)
		g.adj = append(g.adj, as...)
		g.w = append(g.w, ws...)
		g.ptr[nA+p+1] = int32(len(g.adj))
	}
	g.finish()
	return g
}

func newOneModeGraph(m *flow.Matrix) *graph {
	n := len(m.Areas())
	g := &graph{areas: n, ptr: make([]int32, n+1), loop: make([]float64, n)}
	for i := range n {
		out, wo := m.Row(i)
		in, wi := m.Column(i)
		for x, y := 0, 0; x < len(out) || y < len(in); {
			var j int32
			var w float64
			switch {
			case y == len(in) || x < len(out) && out[x] < in[y]:
				j, w = out[x], wo[x]
				x++
			case x == len(out) || in[y] < out[x]:
				j, w = in[y], wi[y]
				y++
			default:
				j, w = out[x], wo[x]+wi[y]
				x, y = x+1, y+1
			}
			if int(j) == i {
				g.loop[i] = w / 2
				continue
			}
			g.adj = append(g.adj, j)
			g.w = append(g.w, w)
		}
		g.ptr[i+1] = int32(len(g.adj))
	}
	g.finish()
	return g
}

func (g *graph) finish() {
	n := g.nodes()
	if g.loop == nil {
		g.loop = make([]float64, n)
	}
	g.strength = make([]float64, n)
	for i := range n {
		s := 2 * g.loop[i]
		for _, w := range g.w[g.ptr[i]:g.ptr[i+1]] {
			s += w
		}
		g.strength[i] = s
		g.total += s
	}
}
