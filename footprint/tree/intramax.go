package tree

import (
	"context"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/region"
)

// Intramax merges, again and again, the two regions that exchange the most
// patients compared with what their sizes make likely (Masser and Brown 1975,
// Hierarchical aggregation procedures for interaction data, Environment and
// Planning A 7:509, doi:10.1068/a070509; in the form of Masser and Scheurwater
// 1980, doi:10.1068/a121357):
//
//	T_ij/(O_i·D_j) + T_ji/(O_j·D_i)
//
// with T_ij the flow from region i to region j, O_i all that leaves i's places
// and D_j all that reaches j's; a term without either is 0. A union may have
// more in common with a third region than its parts had, so heights may rise.
//
// Between areas and providers flows have one direction only, and a region of
// both would be held against two sizes. There O and D are both the region's
// strength: the patients who live in it and those treated in it, together. For
// an area and a provider this is the same; and as the criterion of a union is
// then a mean of its parts', heights never rise, unless contiguity or another
// limit keeps regions from merging.
//
// Regions begin as single areas and providers and merge only where patients
// flow between them; under Contiguous, areas only across borders. All
// Constraints are honoured. Without Footprints, the partition is the cut of
// highest modularity. The zero value works. Start matters only to Fixed.
type Intramax struct {
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var _ footprint.Method = Intramax{}

// Partition implements Method.
func (x Intramax) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	return x.hierarchy().partition(ctx, m)
}

// Tree is the whole tree of merges.
func (x Intramax) Tree(ctx context.Context, m *flow.Matrix) (*Tree, error) {
	t, _, err := x.hierarchy().grow(ctx, m)
	return t, err
}

func (x Intramax) hierarchy() *hierarchy {
	return &hierarchy{x.Constraints, x.Progress, "intramax", intramaxValue}
}

func intramaxValue(g *region.Merging, i int32, l region.Link) float64 {
	if g.Demands.Providers > 0 {
		return (l.Out + l.In) / (g.Volume[i] * g.Volume[l.To])
	}
	x, y := &g.Regions[i], &g.Regions[l.To]
	v := 0.0
	if l.Out > 0 {
		v += l.Out / x.Out / y.In
	}
	if l.In > 0 {
		v += l.In / y.Out / x.In
	}
	return v
}
