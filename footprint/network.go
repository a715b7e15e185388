package footprint

import (
	"math"
	"slices"
	"sync"

	"stpmap/flow"
)

// weight is how a flow is stored beside its target: in four bytes where every
// flow of the matrix is exact in them, which halves the memory a sweep reads.
type weight interface{ float32 | float64 }

type arc[W weight] struct {
	to int32
	w  W
}

// network is an undirected weighted graph that the optimisers work on: the
// flow network itself, or one whose nodes are groups of its nodes. In a
// two-mode flow network the providers come first, so that the labels of
// footprints, which start at providers, are small and stay in the cache.
type network struct {
	n         int
	providers int // leading nodes that are providers; 0 in one-mode and coarse networks
	ptr       []int
	thin      []arc[float32] // one of thin and wide holds the arcs
	wide      []arc[float64]
	loop      []float64 // weight inside a node
	sum       []float64 // weight of a node's arcs, where it is known
	total     float64   // strength of all nodes, set by weigh
	// Where twin is set, only areas have arcs: stars need no others, and those of
	// providers lie all over memory. see both.
	twin *twin
	m    *flow.Matrix // of a two-mode network
	src  *sources
	// Masses that make up the expected flow. Modularity and CPM use x alone
	// (strength, number of nodes); Bipartite has the strength of areas in x and
	// of providers in y.
	x, y []float64
}

// twin is a network of areas' arcs with those of providers, once it is needed.
type twin struct {
	once sync.Once
	g    network
}

// both is the network in which providers have their arcs too. It shares the
// masses with g.
func (g *network) both() *network {
	if g.twin == nil {
		return g
	}
	g.twin.once.Do(func() {
		h := &g.twin.g
		h.n, h.providers, h.loop, h.sum, h.total, h.x, h.y, h.m, h.src = g.n, g.providers, g.loop, g.sum, g.total, g.x, g.y, g.m, g.src
		h.ptr = grow(h.ptr, h.n+1)
		if g.thin != nil {
			h.thin, h.wide = mirror(g, g.thin, h.ptr, h.thin), nil
		} else {
			h.wide, h.thin = mirror(g, g.wide, h.ptr, h.wide), nil
		}
	})
	return &g.twin.g
}

// mirror puts the arcs of a network of areas' arcs into arcs, at ptr, both ways.
func mirror[W weight](g *network, from []arc[W], ptr []int, arcs []arc[W]) []arc[W] {
	nP := g.providers
	arcs = grow(arcs[:0], 2*len(from))
	next := make([]int, nP)
	for _, e := range from {
		next[e.to]++
	}
	at := 0
	for p, d := range next {
		ptr[p], next[p] = at, at
		at += d
	}
	for v := nP; v <= g.n; v++ {
		ptr[v] = at + g.ptr[v]
	}
	copy(arcs[at:], from)
	for v := nP; v < g.n; v++ {
		for _, e := range from[g.ptr[v]:g.ptr[v+1]] {
			arcs[next[e.to]] = arc[W]{int32(v), e.w}
			next[e.to]++
		}
	}
	return arcs
}

// sources maps the nodes of a flow network to a matrix's indices.
type sources struct {
	area, provider         []int32 // node of each area and provider
	areaRank, providerRank []int32 // matrix index by place
}

// newNetwork copies a matrix into a network whose nodes stand in an order that
// depends on the flows and not on the codes: renaming the areas then changes
// no footprint. The order is that of a hash of each node's neighbourhood.
func newNetwork(m *flow.Matrix) (*network, sources) {
	if m.OneMode() {
		return newOneModeNetwork(m)
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
	s := sources{providerRank: byHash(provHash), area: make([]int32, nA), provider: make([]int32, nP)}
	for r, p := range s.providerRank {
		s.provider[p] = int32(r)
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
			if r := s.provider[p]; w > most || w == most && r < top {
				most, top = w, r
			}
		}
		areaHash[a] = uint64(top)<<32 | mix(h)>>32
	}
	s.areaRank = byHash(areaHash)
	for r, a := range s.areaRank {
		s.area[a] = int32(nP + r)
	}
	g := &network{n: nA + nP, providers: nP}
	g.fill(m, &s, nil, thin)
	return g, s
}

// fill puts a matrix's flows, or counts in their place by cell in row order,
// into a two-mode network; flows of 0 are left out. thin says that four bytes
// hold each exactly.
func (g *network) fill(m *flow.Matrix, s *sources, counts []float64, thin bool) {
	g.m, g.src = m, s
	g.ptr, g.loop, g.sum = grow(g.ptr, g.n+1), zeroed(g.loop, g.n), zeroed(g.sum, g.n)
	if t := g.twin; t != nil {
		g.twin = &twin{g: t.g} // its memory is used again
	} else {
		g.twin = &twin{}
	}
	if thin {
		g.thin, g.wide = fill(g, grow(g.thin, m.Len()), counts), nil
	} else {
		g.wide, g.thin = fill(g, grow(g.wide, m.Len()), counts), nil
	}
}

func fill[W weight](g *network, arcs []arc[W], counts []float64) []arc[W] {
	nP, provider := g.providers, g.src.provider
	clear(g.ptr[:nP])
	at := 0
	for r, a := range g.src.areaRank {
		v := nP + r
		g.ptr[v] = at
		ps, ws := g.m.Row(int(a))
		if counts != nil {
			ws = counts[g.m.RowOffset(int(a)):][:len(ps)]
		}
		ws, out := ws[:len(ps)], arcs[at:at+len(ps)]
		n, sum := 0, 0.0
		for i, p := range ps {
			w := ws[i]
			if w == 0 {
				continue
			}
			u := provider[p]
			out[n] = arc[W]{u, W(w)}
			n++
			sum += w
			g.sum[u] += w
		}
		g.sum[v] = sum
		at += n
	}
	g.ptr[g.n] = at
	return arcs[:at]
}

func newOneModeNetwork(m *flow.Matrix) (*network, sources) {
	f := newGraph(m)
	n := f.areas
	hash := make([]uint64, n)
	for round := range 3 {
		next := make([]uint64, n)
		for v := range n {
			h := mix(math.Float64bits(f.loop[v]))
			for i := f.ptr[v]; i < f.ptr[v+1]; i++ {
				h += mix(hash[f.adj[i]] ^ math.Float64bits(f.w[i]))
			}
			next[v] = mix(h + uint64(round))
		}
		hash = next
	}
	s := sources{areaRank: byHash(hash), area: make([]int32, n)}
	for r, a := range s.areaRank {
		s.area[a] = int32(r)
	}
	g := &network{n: n, ptr: make([]int, n+1), loop: make([]float64, n), wide: make([]arc[float64], 0, len(f.adj))}
	for v, a := range s.areaRank {
		g.loop[v] = f.loop[a]
		for i := f.ptr[a]; i < f.ptr[a+1]; i++ {
			g.wide = append(g.wide, arc[float64]{s.area[f.adj[i]], f.w[i]})
		}
		g.ptr[v+1] = len(g.wide)
	}
	return g, s
}

// fillOneMode puts counts, by cell in row order, into a one-mode network; two
// arcs join places with flow both ways.
func (g *network) fillOneMode(m *flow.Matrix, s *sources, counts []float64) {
	n := g.n
	g.ptr, g.loop = zeroed(g.ptr, n+1), zeroed(g.loop, n)
	each := func(do func(v, u int32, w float64)) {
		for v, a := range s.areaRank {
			to, _ := m.Row(int(a))
			for i, w := range counts[m.RowOffset(int(a)):][:len(to)] {
				if w > 0 {
					do(int32(v), s.area[to[i]], w)
				}
			}
		}
	}
	each(func(v, u int32, w float64) {
		if v == u {
			g.loop[v] += w
			return
		}
		g.ptr[v+1]++
		g.ptr[u+1]++
	})
	for v := range n {
		g.ptr[v+1] += g.ptr[v]
	}
	g.wide = grow(g.wide, g.ptr[n])
	next := slices.Clone(g.ptr[:n])
	each(func(v, u int32, w float64) {
		if v != u {
			g.wide[next[v]], g.wide[next[u]] = arc[float64]{u, w}, arc[float64]{v, w}
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

// weigh fills the masses for a quality and gives the factor of γ in the
// expected flow between two nodes, and the sum that a quality is divided by.
func (g *network) weigh(q Quality) (factor, scale float64) {
	g.x = grow(g.x, g.n)
	total := 0.0
	for v := range int32(g.n) {
		s := 2 * g.loop[v]
		if g.sum != nil {
			s += g.sum[v]
		} else {
			s += g.strength(v)
		}
		total += s
		if q == CPM {
			s = 1
		}
		g.x[v] = s
	}
	if q == Bipartite {
		g.y = zeroed(g.y, g.n)
		for v := range g.providers {
			g.x[v], g.y[v] = 0, g.x[v]
		}
	}
	g.total = total
	switch {
	case total == 0:
		return 0, 1
	case q == CPM:
		return 1, 1
	case q == Bipartite:
		return 2 / total, total / 2
	}
	return 1 / total, total / 2
}

// isolated says that a node has no flow, not even inside itself.
func (g *network) isolated(v int32) bool {
	if g.sum != nil {
		return g.sum[v] == 0
	}
	return g.ptr[v] == g.ptr[v+1] && g.loop[v] == 0
}

// strength is the weight of a node's arcs, without its loop.
func (g *network) strength(v int32) float64 {
	s := 0.0
	if g.thin != nil {
		for _, e := range g.thin[g.ptr[v]:g.ptr[v+1]] {
			s += float64(e.w)
		}
		return s
	}
	for _, e := range g.wide[g.ptr[v]:g.ptr[v+1]] {
		s += e.w
	}
	return s
}

// gather adds up v's weight to each label into acc, which is zero before, and
// lists the labels met. met has room for all labels and one more; weights are
// above 0.
func (g *network) gather(v int32, label []int32, acc []float64, met []int32) []int32 {
	if g.thin != nil {
		return gather(g.thin[g.ptr[v]:g.ptr[v+1]], label, acc, met[:0])
	}
	return gather(g.wide[g.ptr[v]:g.ptr[v+1]], label, acc, met[:0])
}

func gather[W weight](arcs []arc[W], label []int32, acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		c := label[e.to]
		a := acc[c]
		met[n] = c
		n += isZero(a)
		acc[c] = a + float64(e.w)
	}
	return met[:n]
}

// isZero is 1 for zero and 0 else, without a branch to mispredict.
func isZero(a float64) int {
	n := 0
	if math.Float64bits(a) == 0 {
		n = 1
	}
	return n
}

// gatherWithin is gather over sub, for those neighbours whose label is c.
func (g *network) gatherWithin(v int32, label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	if g.thin != nil {
		return gatherWithin(g.thin[g.ptr[v]:g.ptr[v+1]], label, c, sub, acc, met[:0])
	}
	return gatherWithin(g.wide[g.ptr[v]:g.ptr[v+1]], label, c, sub, acc, met[:0])
}

func gatherWithin[W weight](arcs []arc[W], label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	for _, e := range arcs {
		if label[e.to] != c {
			continue
		}
		s := sub[e.to]
		a := acc[s]
		if a == 0 {
			met = append(met, s)
		}
		acc[s] = a + float64(e.w)
	}
	return met
}

// neighbours calls visit for each arc's end.
func (g *network) neighbours(v int32, visit func(u int32, w float64)) {
	if g.thin != nil {
		for _, e := range g.thin[g.ptr[v]:g.ptr[v+1]] {
			visit(e.to, float64(e.w))
		}
		return
	}
	for _, e := range g.wide[g.ptr[v]:g.ptr[v+1]] {
		visit(e.to, e.w)
	}
}
