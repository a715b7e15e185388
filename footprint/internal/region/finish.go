package region

import "context"

// Finishing is what a method asks of the last steps of its work.
type Finishing struct {
	// Value is the criterion by which regions merge.
	Value Criterion
	// Bad, where not nil, is the method's own test of a footprint; what fails
	// it is merged, the lowest key first.
	Bad    func(r *Region) (key float64, is bool)
	Demand string // what bad asks, as a verb: "pass its test"
	// Smallest makes the way to fewer footprints lead over the smallest of
	// them, not over the best pair.
	Smallest bool
}

// Finish makes footprints that meet every demand out of node labels from 0 to
// n-1 that keep units whole:
//
//  1. What is not connected in the flow network (or, where that is asked, on
//     the map) comes apart; units that are not connected take in what connects
//     them.
//  2. Regions without an area or without a provider join others; then those
//     with too few people, too low a localisation index, or that fail the
//     method's own test.
//  3. If fewer are wanted, more are merged.
//
// The error names the demand that this way cannot meet.
func (d *Demands) Finish(ctx context.Context, label []int32, n int, f Finishing) ([]int32, int, error) {
	label, n = d.pieces(label, n)
	label, n, err := d.connectUnits(ctx, label, n, f.Value)
	if err != nil {
		return nil, 0, err
	}
	g := NewMerging(d, label, n, f.Value)
	if err := g.meet(ctx, f); err != nil {
		return nil, 0, err
	}
	label, n = g.labels(label)
	return label, n, d.verify(label, n)
}

// meet is steps 2 and 3 of Finish.
func (g *Merging) meet(ctx context.Context, f Finishing) error {
	for _, s := range g.steps(f) {
		if s.asked {
			if s.demand == beSystem {
				g.noteDegenerate()
			}
			if err := g.settle(ctx, s.bad, s.demand); err != nil {
				return err
			}
		}
	}
	return g.mergeTo(ctx, g.Demands.Constraints.Footprints, f)
}

// mergeTo merges down to k regions; 0 leaves them.
func (g *Merging) mergeTo(ctx context.Context, k int, f Finishing) error {
	switch {
	case k == 0 || g.alive <= k:
		return nil
	case f.Smallest:
		return g.settle(ctx, func(r *Region) (float64, bool) { return g.size(r), g.alive > k }, "")
	}
	return g.Greedy(ctx, func() bool { return g.alive <= k }, nil)
}

// step is a demand that regions meet by merging: what is bad merges, the lowest
// key first.
type step struct {
	asked  bool
	bad    func(r *Region) (key float64, is bool)
	demand string // as a verb
}

func (g *Merging) steps(f Finishing) []step {
	c := &g.Demands.Constraints
	return []step{
		{
			!c.AllowSingleKind && g.Demands.Providers > 0,
			func(r *Region) (float64, bool) { return -(r.Out + r.In), r.Inside == 0 }, "have areas and providers",
		},
		{
			c.MinProviders > 0,
			func(r *Region) (float64, bool) { return float64(r.Counted), r.Counted < c.MinProviders }, "reach min-providers",
		},
		{
			c.MinPopulation > 0,
			func(r *Region) (float64, bool) { return r.People, r.People < c.MinPopulation }, "reach min-population",
		},
		{
			c.MinLocalisation > 0,
			func(r *Region) (float64, bool) {
				li := r.Localisation()
				return li, r.Out > 0 && li < c.MinLocalisation
			}, "reach min-localisation",
		},
		{f.Bad != nil, f.Bad, f.Demand},
		{
			g.Demands.floored(),
			func(r *Region) (float64, bool) { return r.Localisation(), g.degenerate(r) }, beSystem,
		},
	}
}

// size of a region: its people, or patients where people are not known.
func (g *Merging) size(r *Region) float64 {
	if g.Demands.Constraints.Population == nil {
		return r.Out
	}
	return r.People
}
