package region

import "stpmap/footprint"

// verify checks finished labels against every demand, and names the first
// that does not hold.
func (d *Demands) verify(label []int32, n int) error {
	g := NewMerging(d, label, n, nil)
	for i := range g.Regions {
		if err := d.verifyRegion(&g.Regions[i]); err != nil {
			return err
		}
		if err := g.verifyFloor(&g.Regions[i]); err != nil {
			return err
		}
	}
	if err := d.verifyPieces(label, n); err != nil {
		return err
	}
	return d.verifyNumber(n)
}

// verifyNumber compares the number of footprints with the one asked for.
func (d *Demands) verifyNumber(n int) error {
	switch k := d.Constraints.Footprints; {
	case k > 0 && n < k:
		return footprint.Infeasible("%d footprints cannot be had: with the other demands held there are %d at most: ask for %d or fewer, or take another method%s", k, n, n, d.lostToFloor())
	case k > 0 && n > k:
		return footprint.Infeasible("%d footprints cannot be had: with the other demands held %d are the fewest: ask for %d or more, or loosen a demand", k, n, n)
	}
	return nil
}

func (d *Demands) verifyRegion(r *Region) error {
	c, name := &d.Constraints, d.node(r.first)
	switch {
	case !c.AllowSingleKind && d.Providers > 0 && r.Inside == 0:
		return footprint.Infeasible("the footprint of %s has no patients of its own areas at its own providers: loosen a demand, or take another method", name)
	case c.MaxPopulation > 0 && r.People > c.MaxPopulation:
		return footprint.Infeasible("the footprint of %s has %.0f people, above max-population %.0f: raise it, or ask for more footprints", name, r.People, c.MaxPopulation)
	case c.MinPopulation > 0 && r.People < c.MinPopulation:
		return footprint.Infeasible("the footprint of %s has %.0f people, below min-population %.0f: lower it, or ask for fewer footprints", name, r.People, c.MinPopulation)
	case r.Counted < c.MinProviders:
		return footprint.Infeasible("the footprint of %s has %d of the providers that count, below min-providers %d: lower it, or ask for fewer footprints", name, r.Counted, c.MinProviders)
	case c.MaxShare > 0 && r.Out > c.MaxShare*d.Matrix.Total().Value:
		return footprint.Infeasible("the footprint of %s holds more than max-share %v of the patients: raise it, or ask for more footprints", name, c.MaxShare)
	case c.MinLocalisation > 0 && r.Out > 0 && r.Localisation() < c.MinLocalisation:
		return footprint.Infeasible("the footprint of %s is below min-localisation %v: lower it, or ask for fewer footprints", name, c.MinLocalisation)
	case Clash(r.Tags, r.Tags):
		return footprint.Infeasible("the footprint of %s would hold what must be apart or is fixed to different footprints: drop such a demand, fix fewer nodes, or take another method", name)
	}
	return nil
}

// verifyPieces looks for nodes of one footprint that only a unit keeps
// together.
func (d *Demands) verifyPieces(label []int32, n int) error {
	if d.Units == d.Nodes() {
		return nil
	}
	piece, k := d.loose().pieces(label, n)
	if k <= n {
		return nil
	}
	first := make([]int32, n) // 1 + the first node of each label
	for v, l := range label {
		if w := first[l] - 1; w < 0 {
			first[l] = int32(v) + 1
		} else if piece[v] != piece[w] {
			return footprint.Infeasible("%s and %s are to share a footprint%s, but nothing that may join it connects them: drop the demand that puts them together, or loosen another", d.node(w), d.node(int32(v)), d.Constraints.InUnit(w, int32(v)))
		}
	}
	return nil
}
