package geodesy

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
)

// Spot is a point in degrees with its place in space on the ellipsoid, which each
// of its distances needs.
type Spot struct {
	at      orb.Point
	x, y, z float64 // metres from the earth's centre
}

// NewSpot is the spot of a point in degrees.
func NewSpot(p orb.Point) Spot {
	sinLat, cosLat := portable.Sincos(p[1] * math.Pi / 180)
	sinLon, cosLon := portable.Sincos(p[0] * math.Pi / 180)
	nu := wgs84.a / math.Sqrt(1-float64(wgs84.e2*sinLat*sinLat))
	return Spot{p, nu * cosLat * cosLon, nu * cosLat * sinLon, nu * (1 - wgs84.e2) * sinLat}
}

// farChord is where the curve of a straight line is no longer told by the mean
// radius, in metres.
const farChord = 1_000_000

// Kilometres is the distance between two spots along the ellipsoid, within two
// parts in 100,000: the straight line between them, bent with the mean radius, and
// Lambert's formula beyond 1,000 km.
func (p *Spot) Kilometres(q *Spot) float64 {
	dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
	square := float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
	chord := math.Sqrt(square)
	if chord > farChord {
		a, b := p.at, q.at
		if a[0] > b[0] || a[0] == b[0] && a[1] > b[1] {
			a, b = b, a // the same way back
		}
		return long(a[0], a[1], b[0], b[1]) / 1000
	}
	r2 := authalicR * authalicR
	return chord * (1 + square/(24*r2) + float64(3*square*square/(640*r2*r2))) / 1000
}
