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
	up := make([]int32, n+merges)
	for i := range up {
		up[i] = int32(i)
	}
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
	value       func(*region.Merging, int32, region.Link) float64
}

// state is what is known of a tree after some merges.
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
	g := region.NewMerging(d, d.Unit, d.Units, h.value)
	cluster := make([]int32, d.Units) // of each region
	healthy := func(r *region.Region) int {
		if d.Providers == 0 || d.Constraints.AllowSingleKind || r.Inside > 0 {
			return 1
		}
		return 0
	}
	fit, now := make([]int, d.Units), treeState{}
	total := 2 * m.Total().Value
	for i := range g.Regions {
		r := &g.Regions[i]
		cluster[i] = int32(i)
		fit[i] = healthy(r)
		now.healthy += fit[i]
		if total > 0 {
			share := g.Volume[i] / total
			now.modularity += 2*r.Inside/total - share*share
		}
	}
	states := append(make([]treeState, 0, d.Units), now)
	volume := make([]float64, d.Units)
	inside := make([]float64, d.Units)
	for i := range g.Regions {
		volume[i], inside[i] = g.Volume[i], g.Regions[i].Inside
	}
	err = g.Greedy(ctx, func() bool { return false }, func(kept, gone int32, value float64) {
		r := &g.Regions[kept]
		now.healthy += healthy(r) - fit[kept] - fit[gone]
		fit[kept] = healthy(r)
		between := r.Inside - inside[kept] - inside[gone]
		now.modularity += 2*between/total - 2*(volume[kept]/total)*(volume[gone]/total)
		volume[kept] += volume[gone]
		inside[kept] = r.Inside
		t.Merges = append(t.Merges, Merge{cluster[kept], cluster[gone], value})
		cluster[kept] = int32(d.Units + len(t.Merges) - 1)
		states = append(states, now)
		if h.progress != nil && len(t.Merges)&1023 == 0 {
			h.progress.Step(len(t.Merges))
		}
	})
	return t, states, err
}

// partition cuts the tree where as many clusters are health systems as are
// wanted, or where modularity is highest, and lets the rest join them.
func (h *hierarchy) partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	t, states, err := h.grow(ctx, m)
	if err != nil {
		return footprint.Partition{}, err
	}
	f := region.Finishing{Value: h.value}
	finish := func(merges int) ([]int32, int, error) {
		label := t.nodeLabels(merges)
		return t.d.Finish(ctx, label, len(label), f)
	}
	k := h.constraints.Footprints
	if k == 0 {
		best := 0
		for i, s := range states {
			if s.modularity >= states[best].modularity {
				best = i
			}
		}
		label, _, err := finish(best)
		if err != nil {
			return footprint.Partition{}, err
		}
		return t.d.Partition(label), nil
	}
	// Demands on size may cost footprints: then the cut must be finer.
	most := slices.MaxFunc(states, func(x, y treeState) int { return x.healthy - y.healthy }).healthy
	var first error
	for want := min(k, most); ; {
		cut := len(states) - 1
		for cut > 0 && states[cut].healthy < want {
			cut--
		}
		label, _, err := finish(cut)
		if err == nil {
			return t.d.Partition(label), nil
		}
		if !footprint.IsInfeasible(err) {
			return footprint.Partition{}, err
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
