package geodesy

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
)

// Spot is a point in degrees with the cosine of its latitude, which each of its
// distances needs.
type Spot struct {
	at     orb.Point
	cosLat float64
}

// NewSpot is the spot of a point in degrees.
func NewSpot(p orb.Point) Spot { return Spot{p, portable.Cos(p[1] * math.Pi / 180)} }

// Kilometres is the great-circle distance between two spots on a sphere, by the
// haversine formula. It is within 0.6% of that on the ellipsoid.
func (p *Spot) Kilometres(q *Spot) float64 {
	sinLat := portable.Sin((p.at[1] - q.at[1]) * math.Pi / 180 / 2)
	sinLon := portable.Sin((p.at[0] - q.at[0]) * math.Pi / 180 / 2)
	h := float64(sinLat*sinLat) + float64(q.cosLat*p.cosLat*sinLon*sinLon)
	return 2 * orb.EarthRadius * portable.Atan2(math.Sqrt(h), math.Sqrt(1-h)) / 1000
}
