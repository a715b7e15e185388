package tree

import (
	"context"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/region"
)

// Ward merges, again and again, the two regions whose union gains the most
// modularity for its size, as Ward's method weighs what a union loses by the
// sizes of its parts (Ward 1963, doi:10.1080/01621459.1963.10500845). The gain
// is divided by the strength of the smaller part (Danon, Díaz-Guilera and
// Arenas 2006, doi:10.1088/1742-5468/2006/11/P11010):
//
//	(e_ij − 2γ·a_i·a_j) / min(a_i, a_j)
//
// with e_ij the share of all patients who go from i to j or from j to i, and
// a_i the mean of the shares who live in i and who are treated there.
// Without the division large regions swallow all others. Heights may rise: a
// union can suit a third region better than each part did.
//
// Regions begin as single areas and providers and merge only where patients
// flow between them; under Contiguous, areas only across borders. All
// Constraints are honoured. Without Footprints, the partition is the cut of
// highest modularity. The zero value works. Start matters only to Fixed.
type Ward struct {
	Resolution  float64 // γ; 0 means 1
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var _ footprint.Method = Ward{}

// Partition implements Method.
func (w Ward) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	h, err := w.hierarchy()
	if err != nil {
		return footprint.Partition{}, err
	}
	return h.partition(ctx, m)
}

// Tree is the whole tree of merges.
func (w Ward) Tree(ctx context.Context, m *flow.Matrix) (*Tree, error) {
	h, err := w.hierarchy()
	if err != nil {
		return nil, err
	}
	t, _, err := h.grow(ctx, m)
	return t, err
}

func (w Ward) hierarchy() (*hierarchy, error) {
	resolution, err := footprint.Gamma(w.Resolution)
	if err != nil {
		return nil, err
	}
	return &hierarchy{w.Constraints, w.Progress, "ward", func(g *region.Merging, i int32, l region.Link) float64 {
		total := 2 * g.Demands.Matrix.Total().Value
		a, b := g.Volume[i]/total, g.Volume[l.To]/total
		e := 2 * (l.Out + l.In) / total
		return (e - 2*resolution*a*b) / min(a, b)
	}}, nil
}
