package maps

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/boundary"
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
func (c *Case) Figures() Figures {
	var f Figures
	m := c.mapped()
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

// mapped is what a map says about the footprints of a partition. Dissolving and
// measuring take time, and tables, layers and reports all ask for it: a case
// keeps it as long as it is about the same things.
type mapped struct {
	matrix         *flow.Matrix
	partition      footprint.Partition
	boundaries     *boundary.Set
	points, places []orb.Point

	shapes                  []orb.MultiPolygon // nil without boundaries
	km2, compactness, reock []float64          // of shapes; 0 where there is none
	inside, outside         travel
}

// travel is, for each footprint, the kilometres that residents travel to care,
// added up over patients, and those patients.
type travel struct{ km, patients []float64 }

func (c *Case) mapped() *mapped {
	if m := c.known; m != nil && m.matrix == c.Matrix && m.boundaries == c.Boundaries &&
		sameSlice(m.partition.Areas, c.Partition.Areas) && sameSlice(m.partition.Providers, c.Partition.Providers) &&
		m.partition.Len() == c.Partition.Len() && sameSlice(m.points, c.Points) && sameSlice(m.places, c.AreaPoints) {
		return m
	}
	m := &mapped{matrix: c.Matrix, partition: c.Partition, boundaries: c.Boundaries, points: c.Points, places: c.AreaPoints}
	if c.Boundaries != nil {
		n := c.Partition.Len()
		m.shapes = c.Boundaries.Dissolve(c.boundaryGroups(), n)
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
	c.known = m
	return m
}

// sameSlice says whether two slices are one, whatever is in it.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// distances gives, for each footprint, the mean great-circle distance in
// kilometres from where its residents live (their area's label point) to where
// they are treated, weighted by patients: those treated inside the footprint,
// and those treated elsewhere. Flows without both points are left out; NaN
// where nothing is left.
func (m *mapped) distances() (inside, outside []float64) {
	inside, outside = make([]float64, len(m.inside.km)), make([]float64, len(m.outside.km))
	for f := range inside {
		inside[f] = m.inside.km[f] / m.inside.patients[f] // 0/0 is NaN, as wanted
		outside[f] = m.outside.km[f] / m.outside.patients[f]
	}
	return inside, outside
}

func (c *Case) travelled() (inside, outside travel) {
	m, p := c.Matrix, c.Partition
	n := p.Len()
	inside = travel{make([]float64, n), make([]float64, n)}
	outside = travel{make([]float64, n), make([]float64, n)}
	from, to, providers := c.areaPoints(), c.Points, p.Providers
	if m.OneMode() {
		to, providers = from, p.Areas
	}
	if from == nil || to == nil {
		return inside, outside
	}
	end := make([]spot, len(to))
	for j, q := range to {
		end[j] = newSpot(q)
	}
	for a := range m.Areas() {
		f := p.Areas[a]
		if f < 0 || math.IsNaN(from[a][0]) {
			continue
		}
		start := newSpot(from[a])
		ps, ws := m.Row(a)
		for i, j := range ps {
			if math.IsNaN(to[j][0]) {
				continue
			}
			t := &outside
			if providers[j] == f {
				t = &inside
			}
			t.km[f] += ws[i] * start.kilometres(&end[j])
			t.patients[f] += ws[i]
		}
	}
	return inside, outside
}

// spot is a point with the cosine of its latitude, which each of its distances
// needs.
type spot struct {
	at     orb.Point
	cosLat float64
}

func newSpot(p orb.Point) spot { return spot{p, math.Cos(p[1] * math.Pi / 180)} }

// kilometres is the great-circle distance between two points, by the haversine
// formula.
func (p *spot) kilometres(q *spot) float64 {
	sinLat := math.Sin((p.at[1] - q.at[1]) * math.Pi / 180 / 2)
	sinLon := math.Sin((p.at[0] - q.at[0]) * math.Pi / 180 / 2)
	h := sinLat*sinLat + q.cosLat*p.cosLat*sinLon*sinLon
	return 2 * orb.EarthRadius * math.Atan2(math.Sqrt(h), math.Sqrt(1-h)) / 1000
}
