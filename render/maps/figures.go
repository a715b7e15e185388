package maps

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/travel"
)

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
func (c *Map) Figures() Figures {
	var f Figures
	m := c.measured()
	n := 0.0
	for i, shape := range m.shapes {
		if len(shape) > 0 {
			f.Compactness += m.compactness[i]
			f.Reock += m.reock[i]
			n++
		}
	}
	f.Compactness, f.Reock = f.Compactness/n, f.Reock/n // 0/0 is NaN, as wanted
	sum := func(list []float64) (s float64) {
		for _, x := range list {
			s += x
		}
		return s
	}
	f.DistanceInsideKM, f.DistanceOutsideKM = sum(m.inside.km)/sum(m.inside.patients), sum(m.outside.km)/sum(m.outside.patients)
	return f
}

// measured is what a map says about the footprints of a partition. Dissolving
// and measuring take time, and tables, layers and reports all ask for it.
type measured struct {
	shapes                  []orb.MultiPolygon // nil without boundaries
	km2, compactness, reock []float64          // of shapes; 0 where there is none
	inside, outside         journeys
}

// journeys is, for each footprint, the kilometres that residents travel to care,
// added up over patients, and those patients.
type journeys struct{ km, patients []float64 }

func (c *Map) measure() *measured {
	m := &measured{}
	if c.Boundaries != nil {
		n := c.Partition.Len()
		m.shapes = c.Boundaries.Dissolve(c.groupsOf(c.Partition), n)
		m.km2, m.compactness, m.reock = make([]float64, n), make([]float64, n), make([]float64, n)
		for i, shape := range m.shapes {
			if len(shape) > 0 {
				m.km2[i] = boundary.AreaKM2(shape)
				m.compactness[i] = boundary.PolsbyPopper(m.km2[i], boundary.PerimeterKM(shape))
				m.reock[i] = boundary.ReockOf(shape, m.km2[i])
			}
		}
	}
	m.inside, m.outside = c.travelled()
	return m
}

// distances gives, for each footprint, the mean distance along the ellipsoid in
// kilometres from where its residents live (see travel.HomesOf) to where they
// are treated, weighted by patients: those treated inside the footprint, and
// those treated elsewhere. Flows without both points are left out; NaN
// where nothing is left.
func (m *measured) distances() (inside, outside []float64) {
	inside, outside = make([]float64, len(m.inside.km)), make([]float64, len(m.outside.km))
	for f := range inside {
		inside[f] = m.inside.km[f] / m.inside.patients[f] // 0/0 is NaN, as wanted
		outside[f] = m.outside.km[f] / m.outside.patients[f]
	}
	return inside, outside
}

func (c *Map) travelled() (inside, outside journeys) {
	m, p := c.Matrix, c.Partition
	n := p.Len()
	inside = journeys{make([]float64, n), make([]float64, n)}
	outside = journeys{make([]float64, n), make([]float64, n)}
	from, to, providers := c.homes(), c.Points, p.Providers
	if m.OneMode() {
		to, providers = from, p.Areas
	}
	if from == nil || to == nil {
		return inside, outside
	}
	ends, km := travel.NewDistances(to), make([]float64, len(to))
	for a := range m.Areas() {
		f := p.Areas[a]
		if f < 0 || math.IsNaN(from[a][0]) {
			continue
		}
		ends.From(from[a], km)
		ps, ws := m.Row(a)
		for i, j := range ps {
			if math.IsNaN(to[j][0]) {
				continue
			}
			t := &outside
			if providers[j] == f {
				t = &inside
			}
			t.km[f] += float64(ws[i] * km[j])
			t.patients[f] += ws[i]
		}
	}
	return inside, outside
}

// homes are where the people of each area live; nil where nothing is known.
func (c *Map) homes() []orb.Point {
	if c.Boundaries == nil && c.AreaPoints == nil {
		return nil
	}
	return travel.HomesOf(c.Boundaries, c.Matrix.Areas(), c.AreaPoints).Points
}
