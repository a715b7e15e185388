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
	m, p := c.Matrix, c.Partition
	n := p.Len()
	inside, outside = make([]float64, n), make([]float64, n)
	wIn, wOut := make([]float64, n), make([]float64, n)
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
	for f := range n {
		inside[f] /= wIn[f] // 0/0 is NaN, as wanted
		outside[f] /= wOut[f]
	}
	return inside, outside
}
