package network

import (
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/work"
)

// mirror puts the arcs of a network of areas' arcs into arcs, at ptr, both ways.
func mirror[W Weight](g *Network, from []Arc[W], ptr []int, arcs []Arc[W]) []Arc[W] {
	nP := g.Providers
	arcs = work.Grow(arcs[:0], 2*len(from))
	next := make([]int, nP)
	for _, e := range from {
		next[e.To]++
	}
	at := 0
	for p, d := range next {
		ptr[p], next[p] = at, at
		at += d
	}
	for v := nP; v <= g.Nodes; v++ {
		ptr[v] = at + g.Ptr[v]
	}
	copy(arcs[at:], from)
	for v := nP; v < g.Nodes; v++ {
		for _, e := range from[g.Ptr[v]:g.Ptr[v+1]] {
			arcs[next[e.To]] = Arc[W]{int32(v), e.Weight}
			next[e.To]++
		}
	}
	return arcs
}

// New copies a matrix into a network whose nodes stand in an order that
// depends on the flows and not on the codes: renaming the areas then changes
// no footprint. The order is that of a hash of each node's neighbourhood.
func New(m *flow.Matrix) (*Network, Sources) {
	if m.OneMode() {
		return newOneMode(m)
	}
	nA, nP := len(m.Areas()), len(m.Providers())
	provHash := make([]uint64, nP)
	for p := range nP {
		_, ws := m.Column(p)
		h := uint64(len(ws))
		for _, w := range ws {
			h += mix(math.Float64bits(w))
		}
		provHash[p] = mix(h)
	}
	s := Sources{ProviderRank: byHash(provHash), Area: make([]int32, nA), Provider: make([]int32, nP)}
	for r, p := range s.ProviderRank {
		s.Provider[p] = int32(r)
	}
	// Areas with the same largest provider lie together: they stay together in
	// most footprints, so that the walks of the optimiser meet the same memory.
	areaHash := make([]uint64, nA)
	thin := true
	for a := range nA {
		ps, ws := m.Row(a)
		h := uint64(len(ws))
		most, top := 0.0, int32(0)
		for i, p := range ps {
			w := ws[i]
			thin = thin && float64(float32(w)) == w
			h += mix(provHash[p] ^ math.Float64bits(w))
			if r := s.Provider[p]; w > most || w == most && r < top {
				most, top = w, r
			}
		}
		areaHash[a] = uint64(top)<<32 | mix(h)>>32
	}
	s.AreaRank = byHash(areaHash)
	for r, a := range s.AreaRank {
		s.Area[a] = int32(nP + r)
	}
	g := &Network{Nodes: nA + nP, Providers: nP}
	g.Fill(m, &s, nil, thin)
	return g, s
}

// Fill puts a matrix's flows, or counts in their place by cell in row order,
// into a two-mode network; flows of 0 are left out. thin says that four bytes
// hold each exactly.
func (g *Network) Fill(m *flow.Matrix, s *Sources, counts []float64, thin bool) {
	g.Matrix, g.Sources = m, s
	g.Ptr, g.Loop, g.Sum = work.Grow(g.Ptr, g.Nodes+1), work.Zeroed(g.Loop, g.Nodes), work.Zeroed(g.Sum, g.Nodes)
	if t := g.twin; t != nil {
		g.twin = &twin{g: t.g} // its memory is used again
	} else {
		g.twin = &twin{}
	}
	if thin {
		g.Thin, g.Wide = fill(g, work.Grow(g.Thin, m.Len()), counts), nil
	} else {
		g.Wide, g.Thin = fill(g, work.Grow(g.Wide, m.Len()), counts), nil
	}
}

func fill[W Weight](g *Network, arcs []Arc[W], counts []float64) []Arc[W] {
	nP, provider := g.Providers, g.Sources.Provider
	clear(g.Ptr[:nP])
	at := 0
	for r, a := range g.Sources.AreaRank {
		v := nP + r
		g.Ptr[v] = at
		ps, ws := g.Matrix.Row(int(a))
		if counts != nil {
			ws = counts[g.Matrix.RowOffset(int(a)):][:len(ps)]
		}
		ws, out := ws[:len(ps)], arcs[at:at+len(ps)]
		n, sum := 0, 0.0
		for i, p := range ps {
			w := ws[i]
			if w == 0 {
				continue
			}
			u := provider[p]
			out[n] = Arc[W]{u, W(w)}
			n++
			sum += w
			g.Sum[u] += w
		}
		g.Sum[v] = sum
		at += n
	}
	g.Ptr[g.Nodes] = at
	return arcs[:at]
}

func newOneMode(m *flow.Matrix) (*Network, Sources) {
	f := graph.New(m)
	n := f.Areas
	hash := make([]uint64, n)
	for round := range 3 {
		next := make([]uint64, n)
		for v := range n {
			h := mix(math.Float64bits(f.Loop[v]))
			for i := f.Ptr[v]; i < f.Ptr[v+1]; i++ {
				h += mix(hash[f.Adj[i]] ^ math.Float64bits(f.Weight[i]))
			}
			next[v] = mix(h + uint64(round))
		}
		hash = next
	}
	s := Sources{AreaRank: byHash(hash), Area: make([]int32, n)}
	for r, a := range s.AreaRank {
		s.Area[a] = int32(r)
	}
	g := &Network{Nodes: n, Ptr: make([]int, n+1), Loop: make([]float64, n), Wide: make([]Arc[float64], 0, len(f.Adj))}
	for v, a := range s.AreaRank {
		g.Loop[v] = f.Loop[a]
		for i := f.Ptr[a]; i < f.Ptr[a+1]; i++ {
			g.Wide = append(g.Wide, Arc[float64]{s.Area[f.Adj[i]], f.Weight[i]})
		}
		g.Ptr[v+1] = len(g.Wide)
	}
	return g, s
}

// FillOneMode puts counts, by cell in row order, into a one-mode network; two
// arcs join places with flow both ways.
func (g *Network) FillOneMode(m *flow.Matrix, s *Sources, counts []float64) {
	n := g.Nodes
	g.Ptr, g.Loop = work.Zeroed(g.Ptr, n+1), work.Zeroed(g.Loop, n)
	each := func(do func(v, u int32, w float64)) {
		for v, a := range s.AreaRank {
			to, _ := m.Row(int(a))
			for i, w := range counts[m.RowOffset(int(a)):][:len(to)] {
				if w > 0 {
					do(int32(v), s.Area[to[i]], w)
				}
			}
		}
	}
	each(func(v, u int32, w float64) {
		if v == u {
			g.Loop[v] += w
			return
		}
		g.Ptr[v+1]++
		g.Ptr[u+1]++
	})
	for v := range n {
		g.Ptr[v+1] += g.Ptr[v]
	}
	g.Wide = work.Grow(g.Wide, g.Ptr[n])
	next := slices.Clone(g.Ptr[:n])
	each(func(v, u int32, w float64) {
		if v != u {
			g.Wide[next[v]], g.Wide[next[u]] = Arc[float64]{u, w}, Arc[float64]{v, w}
			next[v]++
			next[u]++
		}
	})
}

// mix is the finaliser of SplitMix64.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func byHash(hash []uint64) []int32 {
	type item struct {
		hash uint64
		i    int32
	}
	items := make([]item, len(hash))
	for i, h := range hash {
		items[i] = item{h, int32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return int(a.i - b.i)
	})
	order := make([]int32, len(hash))
	for r, it := range items {
		order[r] = it.i
	}
	return order
}
