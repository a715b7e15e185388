package geodesy

import (
	"math"

	"stpmap/flow/portable"
)

// ellipsoid has its semi-major axis in metres and its flattening's derived
// numbers.
type ellipsoid struct {
	a, b, e2 float64
}

func newEllipsoid(a, inverseFlattening float64) ellipsoid {
	f := 1 / inverseFlattening
	return ellipsoid{a: a, b: a * (1 - f), e2: f * (2 - f)}
}

var (
	wgs84 = newEllipsoid(6378137, 298.257223563)
	airy  = newEllipsoid(6377563.396, 299.3249646)
)

// The National Grid's projection: true origin, its grid coordinates, and the
// scale on the central meridian.
var (
	originLat   = 49 * math.Pi / 180
	originLon   = -2 * math.Pi / 180
	originE     = 400_000.0
	originN     = -100_000.0
	scale       = 0.9996012717
	gridSeries  = newKrueger(airy)
	originNorth = gridSeries.meridian(originLat)
)

// krueger holds the series of the transverse Mercator projection to the sixth
// order in the third flattening (Karney 2011, doi:10.1007/s00190-011-0445-3,
// equations 35 and 36), good to nanometres over Britain.
type krueger struct {
	radius      float64 // rectifying radius
	e           float64
	alpha, beta [6]float64
	delta       [4]float64 // of the latitude by the conformal latitude
}

func newKrueger(el ellipsoid) krueger {
	n := (el.a - el.b) / (el.a + el.b)
	n2 := n * n
	n3, n4 := n2*n, n2*n2
	n5, n6 := n4*n, n4*n2
	return krueger{
		radius: el.a / (1 + n) * (1 + n2/4 + n4/64 + n6/256),
		e:      math.Sqrt(el.e2),
		alpha: [6]float64{
			n/2 - 2*n2/3 + 5*n3/16 + 41*n4/180 - 127*n5/288 + 7891*n6/37800,
			13*n2/48 - 3*n3/5 + 557*n4/1440 + 281*n5/630 - 1983433*n6/1935360,
			61*n3/240 - 103*n4/140 + 15061*n5/26880 + 167603*n6/181440,
			49561*n4/161280 - 179*n5/168 + 6601661*n6/7257600,
			34729*n5/80640 - 3418889*n6/1995840,
			212378941 * n6 / 319334400,
		},
		beta: [6]float64{
			n/2 - 2*n2/3 + 37*n3/96 - n4/360 - 81*n5/512 + 96199*n6/604800,
			n2/48 + n3/15 - 437*n4/1440 + 46*n5/105 - 1118711*n6/3870720,
			17*n3/480 - 37*n4/840 - 209*n5/4480 + 5569*n6/90720,
			4397*n4/161280 - 11*n5/504 - 830251*n6/7257600,
			4583*n5/161280 - 108847*n6/3991680,
			20648693 * n6 / 638668800,
		},
		delta: [4]float64{
			float64(2*n) - 2*n2/3 - float64(2*n3) + 116*n4/45,
			7*n2/3 - 8*n3/5 - 227*n4/45,
			56*n3/15 - 136*n4/35,
			4279 * n4 / 630,
		},
	}
}

// conformal is the tangent of the conformal latitude for the geographic one.
func (k *krueger) conformal(lat float64) float64 {
	sin, cos := portable.Sincos(lat)
	s := portable.Sinh(k.e * portable.Atanh(k.e*sin))
	return (float64(sin*math.Sqrt(1+float64(s*s))) - s) / cos
}

// forward gives northing and easting in units of the scaled rectifying radius,
// from the equator and the central meridian. The series goes by the sums of
// angles, since it is summed for every position of a map.
func (k *krueger) forward(lat, dLon float64) (north, east float64) {
	conf := k.conformal(lat)
	sin, cos := portable.Sincos(dLon)
	xi := portable.Atan2(conf, cos)
	eta := portable.Asinh(sin / math.Sqrt(float64(conf*conf)+float64(cos*cos)))
	s2, c2 := portable.Sincos(2 * xi)
	grow := portable.Exp(2 * eta)
	sh2, ch2 := (grow-1/grow)/2, (grow+1/grow)/2
	s, c, sh, ch := s2, c2, sh2, ch2
	north, east = xi, eta
	for _, a := range k.alpha {
		north += float64(a * s * ch)
		east += float64(a * c * sh)
		s, c = float64(s*c2)+float64(c*s2), float64(c*c2)-float64(s*s2)
		sh, ch = float64(sh*ch2)+float64(ch*sh2), float64(ch*ch2)+float64(sh*sh2)
	}
	return north, east
}

func (k *krueger) meridian(lat float64) float64 {
	n, _ := k.forward(lat, 0)
	return n
}

// inverse takes four terms, which leave less than a micrometre, by the sums of
// angles, since it is called for every position of a file.
func (k *krueger) inverse(north, east float64) (lat, dLon float64) {
	s2, c2 := portable.Sincos(2 * north)
	grow := portable.Exp(2 * east)
	sh2, ch2 := (grow-1/grow)/2, (grow+1/grow)/2
	s, c, sh, ch := s2, c2, sh2, ch2
	xi, eta := north, east
	for j := range 4 {
		xi -= float64(k.beta[j] * s * ch)
		eta -= float64(k.beta[j] * c * sh)
		s, c = float64(s*c2)+float64(c*s2), float64(c*c2)-float64(s*s2)
		sh, ch = float64(sh*ch2)+float64(ch*sh2), float64(ch*ch2)+float64(sh*sh2)
	}
	sin, cos := portable.Sincos(xi)
	sinh := portable.Sinh(eta)
	t := sin / portable.Hypot(sinh, cos)
	s2, c2 = 2*t/(1+float64(t*t)), (1-float64(t*t))/(1+float64(t*t))
	lat = portable.Atan(t)
	s, c = s2, c2
	for _, d := range k.delta {
		lat += float64(d * s)
		s, c = float64(s*c2)+float64(c*s2), float64(c*c2)-float64(s*s2)
	}
	return lat, portable.Atan2(sinh, cos)
}

// GridToWGS84 turns metres on the British National Grid (EPSG:27700) into
// degrees of longitude and latitude (EPSG:4326), by EPSG:1314.
func GridToWGS84(east, north float64) (lon, lat float64) {
	r := gridSeries.radius * scale
	la, dLo := gridSeries.inverse((north-originN)/r+originNorth, (east-originE)/r)
	return helmert(dLo+originLon, la, airy, wgs84, 1)
}

// WGS84ToGrid is the inverse of GridToWGS84.
func WGS84ToGrid(lon, lat float64) (east, north float64) {
	lo, la := helmert(lon*math.Pi/180, lat*math.Pi/180, wgs84, airy, -1)
	r := gridSeries.radius * scale
	n, e := gridSeries.forward(la*math.Pi/180, lo*math.Pi/180-originLon)
	return float64(e*r) + originE, float64((n-originNorth)*r) + originN
}

// OSGB36ToWGS84 turns degrees on OSGB36 (EPSG:4277) into degrees on WGS84.
func OSGB36ToWGS84(lon, lat float64) (float64, float64) {
	return helmert(lon*math.Pi/180, lat*math.Pi/180, airy, wgs84, 1)
}

// EPSG:1314 as a position vector transformation: metres, seconds of arc, parts
// per million.
const (
	shiftX, shiftY, shiftZ = 446.448, -125.157, 542.06
	arcSecond              = math.Pi / 180 / 3600
	turnX, turnY, turnZ    = 0.15 * arcSecond, 0.247 * arcSecond, 0.842 * arcSecond
	stretch                = -20.489e-6
)

// helmert moves a point, in radians and at height 0, from one datum to the
// other, and gives degrees. sign −1 is the inverse transformation.
func helmert(lon, lat float64, from, to ellipsoid, sign float64) (lonDeg, latDeg float64) {
	sinLat, cosLat := portable.Sincos(lat)
	sinLon, cosLon := portable.Sincos(lon)
	nu := from.a / math.Sqrt(1-float64(from.e2*sinLat*sinLat))
	x, y, z := float64(nu*cosLat*cosLon), float64(nu*cosLat*sinLon), float64(nu*(1-from.e2)*sinLat)
	if sign < 0 {
		x, y, z = (x-shiftX)/(1+stretch), (y-shiftY)/(1+stretch), (z-shiftZ)/(1+stretch)
		x, y, z = x+float64(turnZ*y)-float64(turnY*z), float64(-turnZ*x)+y+float64(turnX*z), float64(turnY*x)-float64(turnX*y)+z
	} else {
		s := 1 + stretch
		x, y, z = shiftX+float64(s*(x-float64(turnZ*y)+float64(turnY*z))), shiftY+float64(s*(float64(turnZ*x)+y-float64(turnX*z))), shiftZ+float64(s*(float64(-turnY*x)+float64(turnX*y)+z))
	}
	p := math.Sqrt(float64(x*x) + float64(y*y))
	// Bowring (1976); one step is exact to micrometres near the surface.
	up, out := z*to.a, p*to.b
	hyp := math.Sqrt(float64(up*up) + float64(out*out))
	sinB, cosB := up/hyp, out/hyp
	ep2 := to.e2 / (1 - to.e2)
	lat = portable.Atan2(z+float64(ep2*to.b*sinB*sinB*sinB), p-float64(to.e2*to.a*cosB*cosB*cosB))
	return portable.Atan2(y, x) * 180 / math.Pi, lat * 180 / math.Pi
}

// WebMercatorToWGS84 turns metres on EPSG:3857 into degrees.
func WebMercatorToWGS84(x, y float64) (lon, lat float64) {
	return x / wgs84.a * 180 / math.Pi, portable.Atan(portable.Sinh(y/wgs84.a)) * 180 / math.Pi
}
