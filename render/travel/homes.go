package travel

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/internal/geodesy"
)

// Homes are the points that stand for where the people of areas live: distances
// start from them.
type Homes struct {
	Points []orb.Point // NaN where nothing is known
	// Given, Table and Label count the areas whose point was given, stands in the
	// boundaries' table, or is the label point, the one farthest from the border.
	Given, Table, Label int
}

// HomesOf finds the points of areas by code: the given one (such as a centroid
// weighted by population), else lon and lat of the boundaries' table, else the
// label point. given may be nil, and so may b.
func HomesOf(b *boundary.Set, codes []string, given []orb.Point) Homes {
	h := Homes{Points: make([]orb.Point, len(codes))}
	var table []orb.Point
	var labels func() []orb.Point
	if b != nil {
		table = tablePoints(b)
		labels = b.LabelPoints
	}
	for a, code := range codes {
		h.Points[a] = orb.Point{math.NaN(), math.NaN()}
		if given != nil && !math.IsNaN(given[a][0]) {
			h.Points[a] = given[a]
			h.Given++
			continue
		}
		if b == nil {
			continue
		}
		i, ok := b.Index(code)
		if !ok {
			continue
		}
		if table != nil && !math.IsNaN(table[i][0]) {
			h.Points[a] = table[i]
			h.Table++
		} else if p := labels()[i]; p != (orb.Point{}) {
			h.Points[a] = p
			h.Label++
		}
	}
	return h
}

// pointProperties are the names of a table's longitude and latitude.
var pointProperties = [][2]string{{"lon", "lat"}, {"long", "lat"}, {"lng", "lat"}, {"longitude", "latitude"}}

// tablePoints are the points that the boundaries' table gives its areas, NaN for
// one that has none near its polygon; nil where it has no such columns.
func tablePoints(b *boundary.Set) []orb.Point {
	for _, names := range pointProperties {
		lon, ok1 := b.Property(names[0])
		lat, ok2 := b.Property(names[1])
		if !ok1 || !ok2 {
			continue
		}
		points := make([]orb.Point, b.Len())
		for i := range points {
			points[i] = orb.Point{math.NaN(), math.NaN()}
			x, err1 := strconv.ParseFloat(strings.TrimSpace(lon[i]), 64)
			y, err2 := strconv.ParseFloat(strings.TrimSpace(lat[i]), 64)
			if p := (orb.Point{x, y}); err1 == nil && err2 == nil && b.Polygons(i).Bound().Contains(p) {
				points[i] = p
			}
		}
		return points
	}
	return nil
}

// Distances finds the kilometres along the ellipsoid between many points.
type Distances struct{ spots []geodesy.Spot }

// NewDistances prepares the points that distances go to; they may be NaN.
func NewDistances(to []orb.Point) Distances {
	d := Distances{make([]geodesy.Spot, len(to))}
	for j, p := range to {
		d.spots[j] = geodesy.NewSpot(p)
	}
	return d
}

// From sets the kilometres from a point to each of the others, NaN where one of
// the two is not known.
func (d Distances) From(p orb.Point, out []float64) {
	start := geodesy.NewSpot(p)
	for j := range d.spots {
		out[j] = start.Kilometres(&d.spots[j])
	}
}
