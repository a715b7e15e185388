package tree

import (
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// Tree is the whole course of a hierarchical method: who merged with whom, in
// order. Leaves are areas and providers, unless some had to stay together.
type Tree struct {
	// Leaves are the nodes that each leaf holds: an area's index, or the number
	// of areas plus a provider's index.
	Leaves [][]int32
	// Merges are in the order they were made. With n leaves, merge t makes
	// cluster n+t of two earlier clusters; leaves are clusters 0 to n-1. There
	// are fewer than n-1 where constraints, or a network in several unconnected
	// parts, leave more than one cluster in the end.
	Merges []Merge

	d *region.Demands
}

// Merge is one step of a Tree.
type Merge struct {
	A, B int32 // clusters; A holds the lower node
	// Height is the method's criterion for the pair: how much they had in
	// common. Where the order of merging is by falling similarity throughout,
	// heights never rise; each method says whether that is so.
	Height float64
}

// Roots is the number of clusters that are left in the end.
func (t *Tree) Roots() int { return len(t.Leaves) - len(t.Merges) }

// Cut is the partition into k clusters: the tree without its last merges.
// Clusters may hold areas or providers only; the methods' Partition repairs
// that. The error is an *InfeasibleError where k is out of range.
func (t *Tree) Cut(k int) (footprint.Partition, error) {
	if k < t.Roots() || k > len(t.Leaves) || k < 1 && len(t.Leaves) > 0 {
		return footprint.Partition{}, footprint.Infeasible("the tree can be cut into %d to %d clusters, not %d", t.Roots(), len(t.Leaves), k)
	}
	return t.d.Partition(t.nodeLabels(len(t.Leaves) - k)), nil
}

// nodeLabels labels the nodes as they were after some merges; labels are
// clusters, not packed.
func (t *Tree) nodeLabels(merges int) []int32 {
	n := len(t.Leaves)
	up := grouping.Sequence(n + merges)
	for i := merges - 1; i >= 0; i-- { // from the top: parents before children
		m := t.Merges[i]
		up[m.A], up[m.B] = up[n+i], up[n+i]
	}
	label := make([]int32, t.d.Nodes())
	for i, leaf := range t.Leaves {
		for _, v := range leaf {
			label[v] = up[i]
		}
	}
	grouping.Compact(label, n+merges)
	return label
}

// hierarchy is a criterion with what a run needs.
type hierarchy struct {
	constraints footprint.Constraints
	progress    footprint.Progress
	name        string
	value       region.Criterion
}

// treeState is what is known of a tree after some merges.
type treeState struct {
	healthy    int // clusters with areas and providers
	modularity float64
}

// grow merges everything that may be merged and follows how the clusters fare.
func (h *hierarchy) grow(ctx context.Context, m *flow.Matrix) (*Tree, []treeState, error) {
	d, err := region.NewDemands(m, h.constraints)
	if err != nil {
		return nil, nil, err
	}
	if h.progress != nil {
		h.progress.Stage(h.name, d.Units)
	}
	start, member := grouping.Members(d.Unit, d.Units)
	t := &Tree{d: d, Leaves: make([][]int32, d.Units), Merges: make([]Merge, 0, max(0, d.Units-1))}
	for u := range t.Leaves {
		t.Leaves[u] = member[start[u]:start[u+1]]
	}
	b := newBranching(t, region.NewMerging(d, d.Unit, d.Units, h.value))
	err = b.g.Greedy(ctx, func() bool { return false }, func(kept, gone int32, value float64) {
		b.merge(kept, gone, value)
		if h.progress != nil && len(t.Merges)&1023 == 0 {
			h.progress.Step(len(t.Merges))
		}
	})
	return t, b.states, err
}

// branching follows a tree while it grows.
type branching struct {
	t              *Tree
	g              *region.Merging
	total          float64   // strength of all nodes
	cluster        []int32   // of each region
	fit            []int     // 1 for a region that is a health system
	volume, inside []float64 // of each region when it was last looked at
	now            treeState
	states         []treeState
}

func newBranching(t *Tree, g *region.Merging) *branching {
	n := len(g.Regions)
	b := &branching{
		t: t, g: g, total: 2 * t.d.Matrix.Total().Value, cluster: make([]int32, n), fit: make([]int, n),
		volume: make([]float64, n), inside: make([]float64, n), states: make([]treeState, 0, n),
	}
	for i := range g.Regions {
		r := &g.Regions[i]
		b.cluster[i], b.fit[i] = int32(i), b.healthy(r)
		b.volume[i], b.inside[i] = g.Volume[i], r.Inside
		b.now.healthy += b.fit[i]
		if b.total > 0 {
			share := g.Volume[i] / b.total
			b.now.modularity += 2*r.Inside/b.total - float64(share*share)
		}
	}
	b.states = append(b.states, b.now)
	return b
}

func (b *branching) healthy(r *region.Region) int {
	d := b.t.d
	if d.Providers == 0 || d.Constraints.AllowSingleKind {
		return 1
	}
	least, ofMean := d.Constraints.Floor(false)
	if k := d.Constraints.Footprints; k > 0 && r.Out < float64(ofMean*d.Matrix.Total().Value)/float64(k) && len(r.Links) > 0 {
		return 0
	}
	if r.Inside > 0 && r.Inside >= least*r.Out {
		return 1
	}
	return 0
}

// merge notes that two regions have become one.
func (b *branching) merge(kept, gone int32, value float64) {
	r := &b.g.Regions[kept]
	b.now.healthy += b.healthy(r) - b.fit[kept] - b.fit[gone]
	b.fit[kept] = b.healthy(r)
	between := r.Inside - b.inside[kept] - b.inside[gone]
	b.now.modularity += 2*between/b.total - float64(2*(b.volume[kept]/b.total)*(b.volume[gone]/b.total))
	b.volume[kept] += b.volume[gone]
	b.inside[kept] = r.Inside
	b.t.Merges = append(b.t.Merges, Merge{b.cluster[kept], b.cluster[gone], value})
	b.cluster[kept] = int32(len(b.t.Leaves) + len(b.t.Merges) - 1)
	b.states = append(b.states, b.now)
}

// partition cuts the tree where as many clusters are health systems as are
// wanted, or where modularity is highest, and lets the rest join them.
func (h *hierarchy) partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	t, states, err := h.grow(ctx, m)
	if err != nil {
		return footprint.Partition{}, err
	}
	if h.constraints.Footprints > 0 {
		return h.cutInto(ctx, t, states)
	}
	best := 0
	for i, s := range states {
		if s.modularity >= states[best].modularity {
			best = i
		}
	}
	return h.finish(ctx, t, best)
}

// finish is the partition after some merges, with what is no health system
// joined to others.
func (h *hierarchy) finish(ctx context.Context, t *Tree, merges int) (footprint.Partition, error) {
	label := t.nodeLabels(merges)
	label, _, err := t.d.Finish(ctx, label, len(label), region.Finishing{Value: h.value})
	if err != nil {
		return footprint.Partition{}, err
	}
	return t.d.Partition(label), nil
}

// cutInto cuts the tree for the number of footprints wanted. Demands on size may
// cost footprints: then the cut must be finer.
func (h *hierarchy) cutInto(ctx context.Context, t *Tree, states []treeState) (footprint.Partition, error) {
	most := slices.MaxFunc(states, func(x, y treeState) int { return x.healthy - y.healthy }).healthy
	var first error
	for want := min(h.constraints.Footprints, most); ; {
		cut := len(states) - 1
		for cut > 0 && states[cut].healthy < want {
			cut--
		}
		p, err := h.finish(ctx, t, cut)
		if !footprint.IsInfeasible(err) {
			return p, err
		}
		if first == nil {
			first = err
		}
		if want >= most {
			return footprint.Partition{}, first
		}
		want = min(most, want+1+want/20)
	}
}

// IntramaxMethod describes Intramax to the registry.
var IntramaxMethod = footprint.Description{
	Name: "intramax", Title: "tree of most exchange for their size (Masser and Brown 1975)", Optimises: "interaction",
	New: func(s footprint.Settings) (footprint.Method, error) {
		return Intramax{Constraints: s.Constraints, Progress: s.Progress}, nil
	},
}

// WardMethod describes Ward to the registry.
var WardMethod = footprint.Description{
	Name: "ward", Title: "tree of most modularity for their size (Ward 1963)", Optimises: "modularity", Resolution: true,
	New: func(s footprint.Settings) (footprint.Method, error) {
		return Ward{Resolution: s.Resolution, Constraints: s.Constraints, Progress: s.Progress}, nil
	},
}
