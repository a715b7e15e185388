package footprint

import (
	"context"
	"slices"
)

// neighbours of an area on the map.
func (d *demands) neighbours(area int) []int32 {
	if d.border == nil {
		d.border = make([][]int32, d.areas)
		for a := range d.border {
			for b := range d.c.Contiguous.Neighbours(a) {
				if b >= 0 && b < d.areas && b != a {
					d.border[a] = append(d.border[a], int32(b))
				}
			}
			slices.Sort(d.border[a])
		}
	}
	return d.border[area]
}

// finishing is what a method asks of the last steps of its work.
type finishing struct {
	// value is the criterion by which regions merge.
	value func(*merging, int32, link) float64
	// bad, where not nil, is the method's own test of a footprint; what fails
	// it is merged, the lowest key first.
	bad    func(r *region) (key float64, is bool)
	demand string // what bad asks, as a verb: "pass its test"
	// smallest makes the way to fewer footprints lead over the smallest of
	// them, not over the best pair.
	smallest bool
}

// finish makes footprints that meet every demand out of node labels from 0 to
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
func (d *demands) finish(ctx context.Context, label []int32, n int, f finishing) ([]int32, int, error) {
	label, n = d.pieces(label, n)
	label, n, err := d.connectUnits(ctx, label, n, f.value)
	if err != nil {
		return nil, 0, err
	}
	g := newMerging(d, label, n, f.value)
	if err := g.meet(ctx, f); err != nil {
		return nil, 0, err
	}
	label, n = g.labels(label)
	return label, n, d.verify(label, n)
}

// meet is steps 2 and 3 of finish.
func (g *merging) meet(ctx context.Context, f finishing) error {
	c := &g.d.c
	if !c.AllowSingleKind && g.d.providers > 0 {
		err := g.settle(ctx, func(r *region) (float64, bool) { return -(r.out + r.in), r.inside == 0 }, "have areas and providers")
		if err != nil {
			return err
		}
	}
	if c.MinPopulation > 0 {
		err := g.settle(ctx, func(r *region) (float64, bool) { return r.people, r.people < c.MinPopulation }, "reach min-population")
		if err != nil {
			return err
		}
	}
	if c.MinLocalisation > 0 {
		err := g.settle(ctx, func(r *region) (float64, bool) {
			li := r.localisation()
			return li, r.out > 0 && li < c.MinLocalisation
		}, "reach min-localisation")
		if err != nil {
			return err
		}
	}
	if f.bad != nil {
		if err := g.settle(ctx, f.bad, f.demand); err != nil {
			return err
		}
	}
	if c.Footprints == 0 || g.alive <= c.Footprints {
		return nil
	}
	if f.smallest {
		return g.settle(ctx, func(r *region) (float64, bool) {
			size := r.people
			if c.Population == nil {
				size = r.out
			}
			return size, g.alive > c.Footprints
		}, "")
	}
	return g.greedy(ctx, func() bool { return g.alive <= c.Footprints }, nil)
}

// pieces splits labels into parts that are connected in the flow network and,
// where that is asked, whose areas are in one piece on the map; nodes of one
// unit stay together all the same.
func (d *demands) pieces(label []int32, n int) ([]int32, int) {
	label = slices.Clone(label)
	for {
		before := n
		if d.c.Contiguous != nil {
			label, _ = d.mapPieces(label, n)
		}
		label, n = d.flowPieces(label)
		if n == before {
			return label, n
		}
	}
}

// flowPieces joins the nodes of a label that exchange patients, and units.
func (d *demands) flowPieces(label []int32) ([]int32, int) {
	up := make([]int32, len(label))
	for v := range up {
		up[v] = int32(v)
	}
	join := func(a, b int32) {
		a, b = root(up, a), root(up, b)
		up[max(a, b)] = min(a, b)
	}
	for a := range d.areas {
		ps, _ := d.m.Row(a)
		for _, p := range ps {
			if d.providers > 0 {
				p += int32(d.areas)
			}
			if label[p] == label[a] {
				join(int32(a), p)
			}
		}
	}
	d.joinUnits(join)
	piece := make([]int32, len(label))
	for v := range piece {
		piece[v] = root(up, int32(v))
	}
	return piece, compactLabels(piece, len(label))
}

func (d *demands) joinUnits(join func(a, b int32)) {
	if d.units == d.nodes() {
		return
	}
	first := make([]int32, d.units)
	for u := range first {
		first[u] = -1
	}
	for v, u := range d.unit {
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
func (d *demands) mapPieces(label []int32, n int) ([]int32, int) {
	up := make([]int32, len(label))
	for v := range up {
		up[v] = int32(v)
	}
	join := func(a, b int32) {
		a, b = root(up, a), root(up, b)
		up[max(a, b)] = min(a, b)
	}
	land := make([]int32, n) // a landed area of each label, or -1
	for l := range land {
		land[l] = -1
	}
	for a := range d.areas {
		near := d.neighbours(a)
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
	for a := range d.areas {
		if l := label[a]; land[l] >= 0 && len(d.neighbours(a)) == 0 {
			join(int32(a), land[l])
		}
	}
	if d.providers > 0 {
		sent := make([]float64, len(label))
		for p := range d.providers {
			as, ws := d.m.Column(p)
			best := int32(-1)
			for k, a := range as {
				if label[a] != label[d.areas+p] {
					continue
				}
				r := root(up, a)
				sent[r] += ws[k]
				if best < 0 || sent[r] > sent[best] {
					best = r
				}
			}
			for _, a := range as {
				sent[root(up, a)] = 0
			}
			if best >= 0 {
				join(best, int32(d.areas+p))
			}
		}
	}
	d.joinUnits(join)
	piece := make([]int32, len(label))
	for v := range piece {
		piece[v] = root(up, int32(v))
	}
	// What shares neither label nor piece must stay apart: pieces never cross
	// labels, because only nodes of one label were joined.
	return piece, compactLabels(piece, len(label))
}

// verify checks finished labels against every demand, and names the first
// that does not hold.
func (d *demands) verify(label []int32, n int) error {
	c := &d.c
	g := newMerging(d, label, n, nil)
	total := d.m.Total().Value
	for i := range g.regions {
		r := &g.regions[i]
		name := d.node(r.first)
		switch {
		case !c.AllowSingleKind && d.providers > 0 && r.inside == 0:
			return infeasible("the footprint of %s has no patients of its own areas at its own providers: loosen a demand, or take another method", name)
		case c.MaxPopulation > 0 && r.people > c.MaxPopulation:
			return infeasible("the footprint of %s has %.0f people, above max-population %.0f: raise it, or ask for more footprints", name, r.people, c.MaxPopulation)
		case c.MinPopulation > 0 && r.people < c.MinPopulation:
			return infeasible("the footprint of %s has %.0f people, below min-population %.0f: lower it, or ask for fewer footprints", name, r.people, c.MinPopulation)
		case c.MaxShare > 0 && r.out > c.MaxShare*total:
			return infeasible("the footprint of %s holds more than max-share %v of the patients: raise it, or ask for more footprints", name, c.MaxShare)
		case c.MinLocalisation > 0 && r.out > 0 && r.localisation() < c.MinLocalisation:
			return infeasible("the footprint of %s is below min-localisation %v: lower it, or ask for fewer footprints", name, c.MinLocalisation)
		}
		for x, s := range r.tags {
			for _, t := range r.tags[:x] {
				if clash([]tag{s}, []tag{t}) {
					return infeasible("the footprint of %s would hold what must be apart or is fixed to different footprints: drop such a demand, fix fewer nodes, or take another method", name)
				}
			}
		}
	}
	if d.units < d.nodes() { // only units can have kept apart what is not connected
		loose := *d
		loose.units = d.nodes()
		if piece, k := loose.pieces(label, n); k > n {
			first := make([]int32, n)
			for l := range first {
				first[l] = -1
			}
			for v, l := range label {
				if first[l] < 0 {
					first[l] = int32(v)
				} else if piece[v] != piece[first[l]] {
					return infeasible("%s and %s are to share a footprint, but nothing that may join it connects them: drop the demand that puts them together, or loosen another", d.node(first[l]), d.node(int32(v)))
				}
			}
		}
	}
	if k := c.Footprints; k > 0 && n != k {
		if n < k {
			return infeasible("%d footprints cannot be had: with the other demands held there are %d at most: ask for %d or fewer, or take another method", k, n, n)
		}
		return infeasible("%d footprints cannot be had: with the other demands held %d are the fewest: ask for %d or more, or loosen a demand", k, n, n)
	}
	return nil
}
