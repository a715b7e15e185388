package region

import (
	"context"
	"slices"

	"stpmap/footprint"
)

// settle merges each region that is bad, the one of lowest key first, with the
// region it values most, until none is bad. What cannot be helped is named,
// with the demand as a verb; without one it is left alone.
func (g *Merging) settle(ctx context.Context, bad func(r *Region) (key float64, is bool), demand string) error {
	queue := NewQueue(len(g.Regions))
	look := func(i int32) {
		if key, is := bad(&g.Regions[i]); is {
			queue.Set(i, key)
		} else {
			queue.Drop(i)
		}
	}
	for i := range int32(len(g.Regions)) {
		if g.IsAlive(i) {
			look(i)
		}
	}
	for steps := 0; queue.Len() > 0; steps++ {
		if steps&255 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		i, _ := queue.First()
		if _, is := bad(&g.Regions[i]); !is { // may depend on how many are left
			queue.Drop(i)
			continue
		}
		from, to, ok := g.wayOut(i, demand != "")
		switch {
		case ok:
			kept, gone := g.Merge(from, to)
			queue.Drop(gone)
			look(kept)
		case demand == "":
			queue.Drop(i)
		default:
			return g.stuck(i, demand)
		}
	}
	return nil
}

// wayOut is the merge that helps a region: with the one it values most, or,
// where a bridge may serve, one that makes such a merge possible.
func (g *Merging) wayOut(i int32, bridge bool) (from, to int32, ok bool) {
	if l, _, ok := g.Best(i); ok {
		return i, l.To, true
	}
	if !bridge {
		return 0, 0, false
	}
	return g.bridge(i)
}

// bridge helps a region none of whose neighbours on the map exchanges patients
// with it: one of them must first merge with another region. Best is one that
// does exchange patients.
func (g *Merging) bridge(i int32) (from, to int32, ok bool) {
	g.tidy(i)
	near := slices.Clone(g.Regions[i].Beside)
	slices.Sort(near)
	var value float64
	var linked bool
	for _, b := range near {
		l, v, can := g.Best(b)
		if !can {
			continue
		}
		helps := slices.ContainsFunc(g.Regions[i].Links, func(x Link) bool { return x.To == l.To })
		if !ok || helps && !linked || helps == linked && v > value {
			from, to, value, linked, ok = b, l.To, v, helps, true
		}
	}
	return from, to, ok
}

// stuck says why a region that must merge cannot.
func (g *Merging) stuck(i int32, demand string) error {
	g.tidy(i)
	r, c := &g.Regions[i], &g.Demands.Constraints
	name := g.Demands.node(r.first)
	if len(r.Links) == 0 {
		return footprint.Infeasible("the footprint of %s must merge to %s but exchanges no patients with any other: loosen that demand", name, demand)
	}
	other := &g.Regions[g.nearest(i)]
	partner := g.Demands.node(other.first)
	switch {
	case c.MaxPopulation > 0 && r.People+other.People > c.MaxPopulation:
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but together pass max-population %.0f: raise it, or loosen the other", name, partner, demand, c.MaxPopulation)
	case !g.Demands.Fits(0, r.Out+other.Out):
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but together pass max-share %v: raise it, or loosen the other", name, partner, demand, c.MaxShare)
	case Clash(r.Tags, other.Tags):
		return footprint.Infeasible("the footprints of %s and %s must merge to %s but must be apart or are fixed: drop one of the two demands", name, partner, demand)
	}
	return footprint.Infeasible("the footprint of %s must merge to %s but exchanges no patients with any footprint that it borders: loosen that demand, or contiguity", name, demand)
}

// nearest is the partner that a region would have had, whatever the demands: the
// nearest miss explains best. The region has links.
func (g *Merging) nearest(i int32) int32 {
	miss, value, found := int32(0), 0.0, false
	for _, l := range g.Regions[i].Links {
		if v := g.value(g, i, l); !found || v > value {
			miss, value, found = l.To, v, true
		}
	}
	return miss
}
