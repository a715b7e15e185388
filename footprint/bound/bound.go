package bound

import (
	"cmp"
	"context"

	"stpmap/flow"
	"stpmap/footprint"
)

// Bound is how far a map is from the best possible.
type Bound struct {
	Value float64 // what the map reaches: modularity, or the share inside
	Bound float64 // what no map can pass, in the same units
	Gap   float64 // by how much of Value the bound is above it; 0 where Value is none
}

// Options are what is bounded, and how long the search for it takes.
type Options struct {
	// Objective is BestQuality (modularity at Resolution) or MostInside.
	Objective  footprint.Objective
	Resolution float64 // γ; 0 means 1
	Footprints int     // exact number; 0 for any
	Steps      int     // of the descent; 0 means 100
}

const defaultSteps = 100

// Of bounds what any map that meets the demands can reach, by Lagrangian
// relaxation; the map p meets them. Each footprint is known by the provider of
// it that treats most; that each place lies in exactly one footprint is priced
// instead of asked. The best footprints at these prices together are a bound,
// whatever the prices (Geoffrion 1974, doi:10.1007/BFb0120690); a descent along
// subgradients finds good ones.
//
// The best footprint of a provider is bounded by a minimum cut. There, the bounds
// on people are priced too, and the square of a footprint's size is replaced by a
// tangent, which is never above it. Where the cut's footprint breaks a demand,
// its kind is parted in two: those with an area and those without it. A footprint
// with some areas has no area that no way on the ground within its people reaches.
//
// The error is an *InfeasibleError for what has no bound here.
func Of(ctx context.Context, m *flow.Matrix, p footprint.Partition, c footprint.Constraints, o Options) (Bound, error) {
	switch {
	case m.OneMode():
		return Bound{}, footprint.Infeasible("the best possible is bounded for areas and providers only, not for one-mode flows")
	case o.Objective == footprint.StrongestWeakest:
		return Bound{}, footprint.Infeasible("the best possible is bounded for quality and inside, not for weakest")
	case c.AllowSingleKind:
		return Bound{}, footprint.Infeasible("the best possible is bounded for footprints with areas and providers, not with allow-single-kind")
	}
	r := newRelaxation(m, p, c, o)
	total, value := m.Total().Value, r.value()
	best, err := r.descend(ctx, value, cmp.Or(o.Steps, defaultSteps))
	if err != nil {
		return Bound{}, err
	}
	best = max(best, value) + float64(1e-9*total) // for rounding
	if o.Objective == footprint.MostInside {
		best = min(best, total)
	}
	b := Bound{Value: value / total, Bound: best / total}
	if value > 0 {
		b.Gap = (best - value) / value
	}
	return b, nil
}
