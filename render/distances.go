package render

import (
	"math"

	"github.com/paulmach/orb/geo"
)

// distances gives, for each footprint, the mean great-circle distance in
// kilometres from where its residents live (their area's label point) to where
// they are treated, weighted by patients: those treated inside the footprint,
// and those treated elsewhere. Flows without both points are left out; NaN
// where nothing is left.
func (c *Case) distances() (inside, outside []float64) {
	inside, outside, wIn, wOut := c.travelled()
	for f := range inside {
		inside[f] /= wIn[f] // 0/0 is NaN, as wanted
		outside[f] /= wOut[f]
	}
	return inside, outside
}

// travelled gives, for each footprint, the kilometres that its residents travel
// to care inside and elsewhere, added up over patients, and those patients.
func (c *Case) travelled() (inside, outside, wIn, wOut []float64) {
	m, p := c.Matrix, c.Partition
	n := p.Len()
	inside, outside = make([]float64, n), make([]float64, n)
	wIn, wOut = make([]float64, n), make([]float64, n)
	from, to, providers := c.areaPoints(), c.Points, p.Providers
	if m.OneMode() {
		to, providers = from, p.Areas
	}
	if from != nil && to != nil {
		for a := range m.Areas() {
			f := p.Areas[a]
			if f < 0 || math.IsNaN(from[a][0]) {
				continue
			}
			ps, ws := m.Row(a)
			for i, j := range ps {
				if math.IsNaN(to[j][0]) {
					continue
				}
				km := geo.DistanceHaversine(from[a], to[j]) / 1000
				if providers[j] == f {
					inside[f] += ws[i] * km
					wIn[f] += ws[i]
				} else {
					outside[f] += ws[i] * km
					wOut[f] += ws[i]
				}
			}
		}
	}
	return inside, outside, wIn, wOut
}

// Figures are means over a case's map.
type Figures struct {
	// Compactness (Polsby–Popper) and Reock are means over the footprints that
	// have a polygon, in [0, 1]; NaN where none has.
	Compactness, Reock float64
	// DistanceInsideKM is the mean distance, over patients, from where they live
	// to where they are treated inside their footprint; DistanceOutsideKM of
	// those treated elsewhere. NaN where no places are known, or nobody is.
	DistanceInsideKM, DistanceOutsideKM float64
}

// Figures measures the map of a case.
func (c *Case) Figures() Figures {
	var f Figures
	n := 0.0
	if c.Boundaries != nil {
		for _, shape := range c.Boundaries.Dissolve(c.boundaryGroups(), c.Partition.Len()) {
			if len(shape) > 0 {
				f.Compactness += Compactness(shape)
				f.Reock += Reock(shape)
				n++
			}
		}
	}
	f.Compactness, f.Reock = f.Compactness/n, f.Reock/n // 0/0 is NaN, as wanted
	sum := func(list []float64) (s float64) {
		for _, x := range list {
			s += x
		}
		return s
	}
	inside, outside, wIn, wOut := c.travelled()
	f.DistanceInsideKM, f.DistanceOutsideKM = sum(inside)/sum(wIn), sum(outside)/sum(wOut)
	return f
}
