package footprint

import (
	"context"

	"stpmap/flow"
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
	Constraints Constraints
	Progress    Progress // nil is silent
}

var _ Method = Intramax{}

// Partition implements Method.
func (x Intramax) Partition(ctx context.Context, m *flow.Matrix) (Partition, error) {
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

func intramaxValue(g *merging, i int32, l link) float64 {
	if g.d.providers > 0 {
		return (l.out + l.in) / (g.volume[i] * g.volume[l.to])
	}
	x, y := &g.regions[i], &g.regions[l.to]
	v := 0.0
	if l.out > 0 {
		v += l.out / x.out / y.in
	}
	if l.in > 0 {
		v += l.in / y.out / x.in
	}
	return v
}
