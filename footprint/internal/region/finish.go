package region

import (
	"context"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// Neighbours of an area on the map.
func (d *Demands) Neighbours(area int) []int32 {
	if d.border == nil {
		d.border = make([][]int32, d.Areas)
		for a := range d.border {
			for b := range d.Constraints.Contiguous.Neighbours(a) {
				if b >= 0 && b < d.Areas && b != a {
					d.border[a] = append(d.border[a], int32(b))
				}
			}
			slices.Sort(d.border[a])
		}
	}
	return d.border[area]
}

// Finishing is what a method asks of the last steps of its work.
type Finishing struct {
	// Value is the criterion by which regions merge.
	Value func(*Merging, int32, Link) float64
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

// meet is steps 2 and 3 of finish.
func (g *Merging) meet(ctx context.Context, f Finishing) error {
	c := &g.Demands.Constraints
	if !c.AllowSingleKind && g.Demands.Providers > 0 {
		err := g.settle(ctx, func(r *Region) (float64, bool) { return -(r.Out + r.In), r.Inside == 0 }, "have areas and providers")
		if err != nil {
			return err
		}
	}
	if c.MinPopulation > 0 {
		err := g.settle(ctx, func(r *Region) (float64, bool) { return r.People, r.People < c.MinPopulation }, "reach min-population")
		if err != nil {
			return err
		}
	}
	if c.MinLocalisation > 0 {
		err := g.settle(ctx, func(r *Region) (float64, bool) {
			li := r.Localisation()
			return li, r.Out > 0 && li < c.MinLocalisation
		}, "reach min-localisation")
		if err != nil {
			return err
		}
	}
	if f.Bad != nil {
		if err := g.settle(ctx, f.Bad, f.Demand); err != nil {
			return err
		}
	}
	if c.Footprints == 0 || g.alive <= c.Footprints {
		return nil
	}
	if f.Smallest {
		return g.settle(ctx, func(r *Region) (float64, bool) {
			size := r.People
			if c.Population == nil {
				size = r.Out
			}
			return size, g.alive > c.Footprints
		}, "")
	}
	return g.Greedy(ctx, func() bool { return g.alive <= c.Footprints }, nil)
}

// pieces splits labels into parts that are connected in the flow network and,
// where that is asked, whose areas are in one piece on the map; nodes of one
// unit stay together all the same.
func (d *Demands) pieces(label []int32, n int) ([]int32, int) {
	label = slices.Clone(label)
	for {
		before := n
		if d.Constraints.Contiguous != nil {
			label, _ = d.mapPieces(label, n)
		}
		label, n = d.flowPieces(label)
		if n == before {
			return label, n
		}
	}
}

// flowPieces joins the nodes of a label that exchange patients, and units.
func (d *Demands) flowPieces(label []int32) ([]int32, int) {
	up := make([]int32, len(label))
	for v := range up {
		up[v] = int32(v)
	}
	join := func(a, b int32) {
		a, b = grouping.Root(up, a), grouping.Root(up, b)
		up[max(a, b)] = min(a, b)
	}
	for a := range d.Areas {
		ps, _ := d.Matrix.Row(a)
		for _, p := range ps {
			if d.Providers > 0 {
				p += int32(d.Areas)
			}
			if label[p] == label[a] {
				join(int32(a), p)
			}
		}
	}
	d.joinUnits(join)
	piece := make([]int32, len(label))
	for v := range piece {
		piece[v] = grouping.Root(up, int32(v))
	}
	return piece, grouping.Compact(piece, len(label))
}

func (d *Demands) joinUnits(join func(a, b int32)) {
	if d.Units == d.Nodes() {
		return
	}
	first := make([]int32, d.Units)
	for u := range first {
		first[u] = -1
	}
	for v, u := range d.Unit {
		if first[u] < 0 {
			first[u] = int32(v)
		} else {
			join(first[u], int32(v))
		}
	}
}

// mapPieces splits labels by what is connected on the map. A provider goes
// with the piece that sends it the most patients; an island without
// neighbours with the piece of its label that exchanges the most.
func (d *Demands) mapPieces(label []int32, n int) ([]int32, int) {
	up := make([]int32, len(label))
	for v := range up {
		up[v] = int32(v)
	}
	join := func(a, b int32) {
		a, b = grouping.Root(up, a), grouping.Root(up, b)
		up[max(a, b)] = min(a, b)
	}
	land := make([]int32, n) // a landed area of each label, or -1
	for l := range land {
		land[l] = -1
	}
	for a := range d.Areas {
		near := d.Neighbours(a)
		for _, b := range near {
			if label[b] == label[a] {
				join(int32(a), b)
			}
		}
		if len(near) > 0 && land[label[a]] < 0 {
			land[label[a]] = int32(a)
		}
	}
	// Islands are exempt: they stay with the first landed area of their label.
	for a := range d.Areas {
		if l := label[a]; land[l] >= 0 && len(d.Neighbours(a)) == 0 {
			join(int32(a), land[l])
		}
	}
	if d.Providers > 0 {
		sent := make([]float64, len(label))
		for p := range d.Providers {
			as, ws := d.Matrix.Column(p)
			best := int32(-1)
			for k, a := range as {
				if label[a] != label[d.Areas+p] {
					continue
				}
				r := grouping.Root(up, a)
				sent[r] += ws[k]
				if best < 0 || sent[r] > sent[best] {
					best = r
				}
			}
			for _, a := range as {
				sent[grouping.Root(up, a)] = 0
			}
			if best >= 0 {
				join(best, int32(d.Areas+p))
			}
		}
	}
	d.joinUnits(join)
	piece := make([]int32, len(label))
	for v := range piece {
		piece[v] = grouping.Root(up, int32(v))
	}
	// What shares neither label nor piece must stay apart: pieces never cross
	// labels, because only nodes of one label were joined.
	return piece, grouping.Compact(piece, len(label))
}

// verify checks finished labels against every demand, and names the first
// that does not hold.
func (d *Demands) verify(label []int32, n int) error {
	c := &d.Constraints
	g := NewMerging(d, label, n, nil)
	total := d.Matrix.Total().Value
	for i := range g.Regions {
		r := &g.Regions[i]
		name := d.node(r.first)
		switch {
		case !c.AllowSingleKind && d.Providers > 0 && r.Inside == 0:
			return footprint.Infeasible("the footprint of %s has no patients of its own areas at its own providers: loosen a demand, or take another method", name)
		case c.MaxPopulation > 0 && r.People > c.MaxPopulation:
			return footprint.Infeasible("the footprint of %s has %.0f people, above max-population %.0f: raise it, or ask for more footprints", name, r.People, c.MaxPopulation)
		case c.MinPopulation > 0 && r.People < c.MinPopulation:
			return footprint.Infeasible("the footprint of %s has %.0f people, below min-population %.0f: lower it, or ask for fewer footprints", name, r.People, c.MinPopulation)
		case c.MaxShare > 0 && r.Out > c.MaxShare*total:
			return footprint.Infeasible("the footprint of %s holds more than max-share %v of the patients: raise it, or ask for more footprints", name, c.MaxShare)
		case c.MinLocalisation > 0 && r.Out > 0 && r.Localisation() < c.MinLocalisation:
			return footprint.Infeasible("the footprint of %s is below min-localisation %v: lower it, or ask for fewer footprints", name, c.MinLocalisation)
		}
		for x, s := range r.Tags {
			for _, t := range r.Tags[:x] {
				if Clash([]Tag{s}, []Tag{t}) {
					return footprint.Infeasible("the footprint of %s would hold what must be apart or is fixed to different footprints: drop such a demand, fix fewer nodes, or take another method", name)
				}
			}
		}
	}
	if d.Units < d.Nodes() { // only units can have kept apart what is not connected
		loose := *d
		loose.Units = d.Nodes()
		if piece, k := loose.pieces(label, n); k > n {
			first := make([]int32, n)
			for l := range first {
				first[l] = -1
			}
			for v, l := range label {
				if first[l] < 0 {
					first[l] = int32(v)
				} else if piece[v] != piece[first[l]] {
					return footprint.Infeasible("%s and %s are to share a footprint, but nothing that may join it connects them: drop the demand that puts them together, or loosen another", d.node(first[l]), d.node(int32(v)))
				}
			}
		}
	}
	if k := c.Footprints; k > 0 && n != k {
		if n < k {
			return footprint.Infeasible("%d footprints cannot be had: with the other demands held there are %d at most: ask for %d or fewer, or take another method", k, n, n)
		}
		return footprint.Infeasible("%d footprints cannot be had: with the other demands held %d are the fewest: ask for %d or more, or loosen a demand", k, n, n)
	}
	return nil
}
