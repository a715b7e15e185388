package network

import (
	"math"
	"slices"
	"sync"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/work"
)

// Weight is how a flow is stored beside its target: in four bytes where every
// flow of the matrix is exact in them, which halves the memory a sweep reads.
type Weight interface{ float32 | float64 }

type Arc[W Weight] struct {
	To     int32
	Weight W
}

// Network is an undirected weighted graph that the optimisers work on: the
// flow network itself, or one whose nodes are groups of its nodes. In a
// two-mode flow network the providers come first, so that the labels of
// footprints, which start at providers, are small and stay in the cache.
type Network struct {
	Nodes     int
	Providers int // leading nodes that are providers; 0 in one-mode and coarse networks
	Ptr       []int
	Thin      []Arc[float32] // one of thin and wide holds the arcs
	Wide      []Arc[float64]
	Loop      []float64 // weight inside a node
	Sum       []float64 // weight of a node's arcs, where it is known
	Total     float64   // strength of all nodes, set by weigh
	// Where twin is set, only areas have arcs: stars need no others, and those of
	// providers lie all over memory. see both.
	twin    *twin
	Matrix  *flow.Matrix // of a two-mode network
	Sources *Sources
	// Masses that make up the expected flow. Modularity and CPM use x alone
	// (strength, number of nodes); Bipartite has the strength of areas in x and
	// of providers in y.
	X, Y []float64
}

// twin is a network of areas' arcs with those of providers, once it is needed.
type twin struct {
	once sync.Once
	g    Network
}

// Both is the network in which providers have their arcs too. It shares the
// masses with g.
func (g *Network) Both() *Network {
	if g.twin == nil {
		return g
	}
	g.twin.once.Do(func() {
		h := &g.twin.g
		h.Nodes, h.Providers, h.Loop, h.Sum, h.Total, h.X, h.Y, h.Matrix, h.Sources = g.Nodes, g.Providers, g.Loop, g.Sum, g.Total, g.X, g.Y, g.Matrix, g.Sources
		h.Ptr = work.Grow(h.Ptr, h.Nodes+1)
		if g.Thin != nil {
			h.Thin, h.Wide = mirror(g, g.Thin, h.Ptr, h.Thin), nil
		} else {
			h.Wide, h.Thin = mirror(g, g.Wide, h.Ptr, h.Wide), nil
		}
	})
	return &g.twin.g
}

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

// Sources maps the nodes of a flow network to a matrix's indices.
type Sources struct {
	Area, Provider         []int32 // node of each area and provider
	AreaRank, ProviderRank []int32 // matrix index by place
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

// Weigh fills the masses for a quality and gives the factor of γ in the
// expected flow between two nodes, and the sum that a quality is divided by.
func (g *Network) Weigh(q footprint.Quality) (factor, scale float64) {
	g.X = work.Grow(g.X, g.Nodes)
	total := 0.0
	for v := range int32(g.Nodes) {
		s := 2 * g.Loop[v]
		if g.Sum != nil {
			s += g.Sum[v]
		} else {
			s += g.Strength(v)
		}
		total += s
		if q == footprint.CPM {
			s = 1
		}
		g.X[v] = s
	}
	if q == footprint.Bipartite {
		g.Y = work.Zeroed(g.Y, g.Nodes)
		for v := range g.Providers {
			g.X[v], g.Y[v] = 0, g.X[v]
		}
	}
	g.Total = total
	switch {
	case total == 0:
		return 0, 1
	case q == footprint.CPM:
		return 1, 1
	case q == footprint.Bipartite:
		return 2 / total, total / 2
	}
	return 1 / total, total / 2
}

// Isolated says that a node has no flow, not even inside itself.
func (g *Network) Isolated(v int32) bool {
	if g.Sum != nil {
		return g.Sum[v] == 0
	}
	return g.Ptr[v] == g.Ptr[v+1] && g.Loop[v] == 0
}

// Strength is the weight of a node's arcs, without its loop.
func (g *Network) Strength(v int32) float64 {
	s := 0.0
	if g.Thin != nil {
		for _, e := range g.Thin[g.Ptr[v]:g.Ptr[v+1]] {
			s += float64(e.Weight)
		}
		return s
	}
	for _, e := range g.Wide[g.Ptr[v]:g.Ptr[v+1]] {
		s += e.Weight
	}
	return s
}

// Gather adds up v's weight to each label into acc, which is zero before, and
// lists the labels met. met has room for all labels and one more; weights are
// above 0.
func (g *Network) Gather(v int32, label []int32, acc []float64, met []int32) []int32 {
	if g.Thin != nil {
		return Gather(g.Thin[g.Ptr[v]:g.Ptr[v+1]], label, acc, met[:0])
	}
	return Gather(g.Wide[g.Ptr[v]:g.Ptr[v+1]], label, acc, met[:0])
}

func Gather[W Weight](arcs []Arc[W], label []int32, acc []float64, met []int32) []int32 {
	n := len(met)
	met = met[:cap(met)]
	for _, e := range arcs {
		c := label[e.To]
		a := acc[c]
		met[n] = c
		n += IsZero(a)
		acc[c] = a + float64(e.Weight)
	}
	return met[:n]
}

// IsZero is 1 for zero and 0 else, without a branch to mispredict.
func IsZero(a float64) int {
	n := 0
	if math.Float64bits(a) == 0 {
		n = 1
	}
	return n
}

// GatherWithin is gather over sub, for those neighbours whose label is c.
func (g *Network) GatherWithin(v int32, label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	if g.Thin != nil {
		return gatherWithin(g.Thin[g.Ptr[v]:g.Ptr[v+1]], label, c, sub, acc, met[:0])
	}
	return gatherWithin(g.Wide[g.Ptr[v]:g.Ptr[v+1]], label, c, sub, acc, met[:0])
}

func gatherWithin[W Weight](arcs []Arc[W], label []int32, c int32, sub []int32, acc []float64, met []int32) []int32 {
	for _, e := range arcs {
		if label[e.To] != c {
			continue
		}
		s := sub[e.To]
		a := acc[s]
		if a == 0 {
			met = append(met, s)
		}
		acc[s] = a + float64(e.Weight)
	}
	return met
}

// Neighbours calls visit for each arc's end.
func (g *Network) Neighbours(v int32, visit func(u int32, w float64)) {
	if g.Thin != nil {
		for _, e := range g.Thin[g.Ptr[v]:g.Ptr[v+1]] {
			visit(e.To, float64(e.Weight))
		}
		return
	}
	for _, e := range g.Wide[g.Ptr[v]:g.Ptr[v+1]] {
		visit(e.To, e.Weight)
	}
}

// WeightTo is the weight of v's arcs to nodes with label c.
func (g *Network) WeightTo(v int32, label []int32, c int32) float64 {
	if g.Thin != nil {
		return weightTo(g.Thin[g.Ptr[v]:g.Ptr[v+1]], label, c)
	}
	return weightTo(g.Wide[g.Ptr[v]:g.Ptr[v+1]], label, c)
}

func weightTo[W Weight](arcs []Arc[W], label []int32, c int32) float64 {
	s := 0.0
	for _, e := range arcs {
		if label[e.To] == c {
			s += float64(e.Weight)
		}
	}
	return s
}

// Quality is the quality of labels, in the scale of weigh.
func (g *Network) Quality(q footprint.Quality, f, scale float64, label []int32) float64 {
	sx, sy := make([]float64, g.Nodes), make([]float64, g.Nodes)
	inside := 0.0
	for v := range int32(g.Nodes) {
		c := label[v]
		switch {
		case g.Providers == 0:
			inside += g.Loop[v] + g.WeightTo(v, label, c)/2
		case int(v) >= g.Providers:
			inside += g.WeightTo(v, label, c)
		}
		sx[c] += g.X[v]
		if g.Y != nil {
			sy[c] += g.Y[v]
		}
	}
	expected := 0.0
	for c := range sx {
		switch q {
		case footprint.CPM:
			expected += sx[c] * (sx[c] - 1) / 2
		case footprint.Bipartite:
			expected += sx[c] * sy[c]
		default:
			expected += sx[c] * sx[c] / 2
		}
	}
	return (inside - f*expected) / scale
}
