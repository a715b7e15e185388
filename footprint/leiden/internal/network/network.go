package network

import (
	"sync"

	"stpmap/flow"
	"stpmap/footprint/internal/work"
)

// Weight is how a flow is stored beside its target: in four bytes where every
// flow of the matrix is exact in them, which halves the memory a sweep reads.
type Weight interface{ float32 | float64 }

// Arc leads to a node, with the flow along it.
type Arc[W Weight] struct {
	To     int32
	Weight W
}

// Network is an undirected weighted graph that the optimisers work on: the
// flow network itself, or one whose nodes are groups of its nodes. In a
// two-mode flow network the providers come first, so that the labels of
// footprints, which start at providers, are small and stay in the cache.
type Network struct {
	Nodes     int // in all
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

// Sources maps the nodes of a flow network to a matrix's indices.
type Sources struct {
	Area, Provider         []int32 // node of each area and provider
	AreaRank, ProviderRank []int32 // matrix index by place
}

// Isolated says that a node has no flow, not even inside itself.
func (g *Network) Isolated(v int32) bool {
	if g.Sum != nil {
		return g.Sum[v] == 0
	}
	return g.Ptr[v] == g.Ptr[v+1] && g.Loop[v] == 0
}
