package region

import (
	"fmt"

	"stpmap/footprint"
)

// beSystem is the demand that the floor of what a health system is makes.
const beSystem = "be a health system (--allow-degenerate lets it stand)"

// floored says whether there is a floor beyond the demands asked for.
func (d *Demands) floored() bool {
	least, ofMean := d.Constraints.Floor(d.Providers == 0)
	return least > d.Constraints.MinLocalisation || ofMean > 0
}

// degenerate says whether a region is no health system. What exchanges patients
// with no other has nowhere to go.
func (g *Merging) degenerate(r *Region) bool {
	d := g.Demands
	least, ofMean := d.Constraints.Floor(d.Providers == 0)
	k := d.Constraints.Footprints
	if k == 0 {
		k = g.alive
	}
	return r.Out > 0 && len(r.Links) > 0 && (r.Inside < least*r.Out || r.Out < float64(ofMean*d.Matrix.Total().Value)/float64(k))
}

// noteDegenerate keeps the regions that are no health systems, for the refusal
// of a number that cannot be reached without them.
func (g *Merging) noteDegenerate() {
	d := g.Demands
	d.degenerate = nil
	for i := range g.Regions {
		if r := &g.Regions[i]; g.IsAlive(int32(i)) && g.degenerate(r) {
			d.degenerate = append(d.degenerate, r.first)
		}
	}
}

// lostToFloor names what had to join others because it is no health system.
func (d *Demands) lostToFloor() string {
	switch n := len(d.degenerate); n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("; the footprint of %s alone would treat too few of its own patients, or be too small (--allow-degenerate lets it stand)", d.node(d.degenerate[0]))
	default:
		return fmt.Sprintf("; %d footprints, such as that of %s, alone would treat too few of their own patients, or be too small (--allow-degenerate lets them stand)", n, d.node(d.degenerate[0]))
	}
}

// verifyFloor looks for a region that is no health system.
func (g *Merging) verifyFloor(r *Region) error {
	if !g.Demands.floored() || !g.degenerate(r) {
		return nil
	}
	return footprint.Infeasible("the footprint of %s would treat %.3g%% of its own patients and hold %.0f of them, which is no health system: ask for fewer footprints, or give --allow-degenerate",
		g.Demands.node(r.first), 100*r.Localisation(), r.Out)
}
