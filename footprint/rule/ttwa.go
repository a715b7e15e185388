package rule

import (
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// TTWA makes self-contained areas by the rules of Britain's travel-to-work
// areas as generalised for Europe's labour market areas (Coombes and Bond
// 2008, Travel-to-work areas: the 2007 review, Office for National Statistics;
// Coombes, Casado-Díaz, Martínez-Bernabeu and Carausu 2012, Study on
// comparable labour market areas, Eurostat; Franconi, Ichim and D'Aló 2017,
// Statistical Journal of the IAOS 33:585, doi:10.3233/SJI-160343).
//
// An area passes its test where it is large, or self-contained, or a bit of
// both. With C the lesser of its localisation and market share index and L its
// residents' patients:
//
//	Y = min(1, C/TargetContainment)
//	S = max(0, (TargetSize-L) / (TargetSize-MinSize))
//	Z = 1 - (1 - MinContainment/TargetContainment)·S
//	validity = Y · Z · TargetContainment/MinContainment, to pass at 1
//
// and an area that nobody leaves or enters passes always. Every place begins
// alone. While some area fails, the one of lowest validity gives up the place
// that exchanges most with the outside, which joins the area j of greatest
// cohesion T_ij²/(L_i·W_j) + T_ji²/(L_j·W_i), W being the providers' patients,
// unless that lowers the receiver's validity: then it goes on a reserve list.
//
// In a one-mode matrix the places are its areas. Otherwise a place is an area
// with the providers that it hosts and the areas without a provider that send
// it most of their patients: dormitories, which no rule about the place of work
// can begin with. Patients of place i at a provider of place j are the flow
// from i to j.
//
// The zero value has the numbers of the Office for National Statistics. All
// Constraints are honoured, some by refusal with an *InfeasibleError: more
// Footprints than the rules give cannot be had. Start matters only to Fixed.
type TTWA struct {
	// MinSize is the size (patients of the residents; workers in the original)
	// below which TargetContainment is not enough; 0 means 3,500.
	MinSize float64
	// TargetSize is the size from which MinContainment is enough; 0 means
	// 25,000. It must be above MinSize.
	TargetSize float64
	// MinContainment and TargetContainment are the self-containment wanted of
	// large and of small areas, in (0, 1]; 0 means 0.6667 and 0.75.
	MinContainment, TargetContainment float64
	// Compatible puts places on the reserve list into their most cohesive area
	// without a check, as the R package LabourMarketAreas does, so that areas
	// may fail the test. Otherwise a place is put where the area passes with
	// it, and areas that still fail are merged until all pass.
	Compatible bool
	// Host is the area in which each provider lies, by index. Where it is nil,
	// or an entry is negative, a provider lies in the area that sends it the
	// most patients (ties: the lowest code). Unused in a one-mode matrix.
	Host        []int32
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var _ footprint.Method = TTWA{}

// ttwaMoves is how often a place may move before it is put on the reserve
// list: the rules alone do not rule out that places go round in circles.
const ttwaMoves = 100

// pass leaves room for rounding in areas that meet the test exactly.
const ttwaPass = 1 - 1e-12

func (t TTWA) withDefaults() (TTWA, error) {
	def := func(x *float64, value float64) {
		if *x == 0 {
			*x = value
		}
	}
	def(&t.MinSize, 3500)
	def(&t.TargetSize, 25000)
	def(&t.MinContainment, 0.6667)
	def(&t.TargetContainment, 0.75)
	switch {
	case !(t.MinSize > 0 && t.TargetSize > t.MinSize):
		return t, footprint.BadParameter("target-size %.0f must be above min-size %.0f, and both above 0", t.TargetSize, t.MinSize)
	case !(t.MinContainment > 0 && t.MinContainment <= 1 && t.TargetContainment > 0 && t.TargetContainment <= 1):
		return t, footprint.BadParameter("min-containment %v and target-containment %v must lie in (0, 1]", t.MinContainment, t.TargetContainment)
	case t.TargetContainment < t.MinContainment:
		return t, footprint.BadParameter("target-containment %v must not be below min-containment %v", t.TargetContainment, t.MinContainment)
	}
	return t, nil
}

// Validity is the measure of the test for an area whose residents are live
// patients, whose providers treat work patients, inside of them its residents;
// it passes at 1. Zero fields mean what they mean in TTWA.
func (t TTWA) Validity(live, work, inside float64) float64 {
	t, err := t.withDefaults()
	if err != nil {
		return 0
	}
	return t.validity(live, work, inside)
}

func (t *TTWA) validity(live, work, inside float64) float64 {
	if live <= 0 || work <= 0 {
		return 0
	}
	containment := min(inside/live, inside/work)
	y := min(1, containment/t.TargetContainment)
	s := max(0, (t.TargetSize-live)/(t.TargetSize-t.MinSize))
	z := 1 - (1-t.MinContainment/t.TargetContainment)*s
	v := y * z * t.TargetContainment / t.MinContainment
	if containment >= 1 {
		return max(v, 1)
	}
	return v
}

// cohesion of a region with the one at the other end of l.
func cohesion(g *region.Merging, i int32, l region.Link) float64 {
	x, y := &g.Regions[i], &g.Regions[l.To]
	return cohesionOf(l.Out, l.In, x.Out, x.In, y.Out, y.In)
}

func cohesionOf(out, in, live, work, otherLive, otherWork float64) float64 {
	c := 0.0
	if out > 0 {
		c += out / live * out / otherWork
	}
	if in > 0 {
		c += in / otherLive * in / work
	}
	return c
}

// Partition implements Method.
func (t TTWA) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	t, err := t.withDefaults()
	if err != nil {
		return footprint.Partition{}, err
	}
	d, err := region.NewDemands(m, t.Constraints)
	if err != nil {
		return footprint.Partition{}, err
	}
	label, n, err := placesOf(d, t.Host)
	if err != nil {
		return footprint.Partition{}, err
	}
	if t.Progress != nil {
		t.Progress.Stage("travel-to-work areas", 0)
	}
	s := newTTWARun(&t, region.NewMerging(d, label, n, cohesion), label)
	if err := s.shrink(ctx); err != nil {
		return footprint.Partition{}, err
	}
	s.placeReserve()
	for v, place := range label {
		label[v] = s.cluster[place]
	}
	k := grouping.Compact(label, n)
	label, _, err = d.Finish(ctx, label, k, t.finishing())
	if err != nil {
		return footprint.Partition{}, err
	}
	return d.Partition(label), nil
}

// finishing is how areas merge in the end; unless Compatible, those that fail
// the test do.
func (t *TTWA) finishing() region.Finishing {
	f := region.Finishing{Value: cohesion}
	if !t.Compatible {
		f.Demand = "pass the size and containment test"
		f.Bad = func(r *region.Region) (float64, bool) {
			v := t.validity(r.Out, r.In, r.Inside)
			return v, v < ttwaPass && (r.Out > 0 || r.In > 0)
		}
	}
	return f
}

// placesOf labels what begins as one: an area with the providers that it hosts,
// the areas without a provider that send it most of their patients, and all
// that must stay together with these.
func placesOf(d *region.Demands, host []int32) ([]int32, int, error) {
	if d.Providers == 0 {
		return slices.Clone(d.Unit), d.Units, nil
	}
	hosts, err := hostsOf(d, host)
	if err != nil {
		return nil, 0, err
	}
	t := newTowns(d, hosts, true)
	t.fill()
	return t.label, grouping.Compact(t.label, t.n+d.Nodes()), nil
}
