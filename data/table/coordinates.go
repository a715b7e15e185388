package table

import "math"

// Longitude and latitude, in degrees (WGS84).
type Position struct{ Lon, Lat float64 }

// falseOrigins are where easting 0 and northing 0 of national grids lie, out at
// sea: what is written there has no place.
var falseOrigins = []Position{
	{-7.557160, 49.766807}, // British National Grid (EPSG:27700), by Ordnance Survey's transformation
	{-7.556448, 49.766180}, // the same by Airy's ellipsoid, unshifted
	{-10.858, 51.2165},     // Irish Grid (EPSG:29903)
}

// NoPlaceAt reports whether a point stands for none: the latitude 99.999999 of
// postcode directories, or the false origin of a national grid.
func NoPlaceAt(lon, lat float64) bool {
	if lat > 99.99 && lat < 100 {
		return true
	}
	for _, o := range falseOrigins {
		if math.Abs(lon-o.Lon) < 0.0005 && math.Abs(lat-o.Lat) < 0.0005 {
			return true
		}
	}
	return false
}

// AtZero reports whether a point is at 0, 0, where nothing is but sea.
func AtZero(lon, lat float64) bool { return math.Abs(lon) < 1e-6 && math.Abs(lat) < 1e-6 }

// ZeroMeansNone reports whether points at 0, 0 among these stand for none: no
// other point is within 3 degrees of them. (A made-up map may begin at 0, 0.)
func ZeroMeansNone(points []Position) bool {
	for _, p := range points {
		if !AtZero(p.Lon, p.Lat) && math.Abs(p.Lon) < 3 && math.Abs(p.Lat) < 3 {
			return false
		}
	}
	return true
}

// Extent is the rectangle of degrees that a map covers.
type Extent struct{ West, South, East, North float64 }

// far reports whether a point lies further from the extent than the extent is
// large, and 5 degrees at least.
func (e Extent) far(lon, lat float64) bool {
	margin := max(5, e.East-e.West, e.North-e.South)
	return lon < e.West-margin || lon > e.East+margin || lat < e.South-margin || lat > e.North+margin
}

// FarFrom gives the places of the points that lie so far from a map that they
// cannot be meant: further from its extent than that is large, and 5 degrees at
// least. swapped says that most points are far, and would not be with longitude
// and latitude exchanged. A point that is not known is never far.
func FarFrom(lon, lat []float64, e Extent) (far []int, swapped bool) {
	known, inside := 0, 0
	for i := range lon {
		if math.IsNaN(lon[i]) || math.IsNaN(lat[i]) {
			continue
		}
		known++
		if !e.far(lat[i], lon[i]) {
			inside++
		}
		if e.far(lon[i], lat[i]) {
			far = append(far, i)
		}
	}
	return far, 2*len(far) > known && 2*inside > known
}
