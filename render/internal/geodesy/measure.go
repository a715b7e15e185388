package geodesy

import (
	"math"

	"stpmap/flow/portable"
)

var (
	eccentricity = math.Sqrt(wgs84.e2)
	authalicPole = authalicQ(1)
	// authalicR is the radius of the sphere of the ellipsoid's area.
	authalicR = wgs84.a * math.Sqrt(authalicPole/2)
)

func authalicQ(sinLat float64) float64 {
	es := eccentricity * sinLat
	return (1 - wgs84.e2) * (sinLat/(1-float64(es*es)) + portable.Atanh(es)/eccentricity)
}

// halfTangent is the tangent of half the authalic latitude.
func halfTangent(lat float64) float64 {
	s := authalicQ(portable.Sin(lat*math.Pi/180)) / authalicPole
	s = math.Max(-1, math.Min(1, s))
	return s / (1 + math.Sqrt(1-float64(s*s)))
}

// Area is the signed area in square metres inside a ring of degrees on the
// WGS84 ellipsoid, positive if the ring runs anticlockwise. Edges are great
// circles on the authalic sphere, which differ from geodesics by far less than
// 0.05% of the area for edges of a boundary. n positions are read through at;
// the ring may be closed or not.
func Area(n int, at func(i int) (lon, lat float64)) float64 {
	if n < 3 {
		return 0
	}
	var excess float64
	lon0, lat0 := at(n - 1)
	t0 := halfTangent(lat0)
	for i := range n {
		lon, lat := at(i)
		t := halfTangent(lat)
		d := lon - lon0
		if d > 180 {
			d -= 360
		} else if d < -180 {
			d += 360
		}
		if d != 0 {
			excess -= float64(2 * portable.Atan2(portable.Tan(d/2*math.Pi/180)*(t0+t), 1+float64(t0*t)))
		}
		lon0, t0 = lon, t
	}
	return excess * authalicR * authalicR
}

// Length is the length in metres of the geodesic between two positions in
// degrees, by Gauss's mid-latitude formula up to half a degree and Lambert's
// beyond: within a few parts in a million.
func Length(lon1, lat1, lon2, lat2 float64) float64 {
	dLon, dLat := lon2-lon1, lat2-lat1
	if dLon > 180 {
		dLon -= 360
	} else if dLon < -180 {
		dLon += 360
	}
	if m := math.Max(math.Abs(dLon), math.Abs(dLat)); m > 0.5 {
		return long(lon1, lat1, lon2, lat2)
	}
	sin, cos := portable.Sincos((lat1 + lat2) / 2 * math.Pi / 180)
	w2 := 1 - float64(wgs84.e2*sin*sin)
	w := math.Sqrt(w2)
	nu := wgs84.a / w
	rho := nu * (1 - wgs84.e2) / w2
	dLon *= math.Pi / 180
	dLat *= math.Pi / 180
	x := 2 * nu * cos * portable.Sin(dLon/2)
	y := rho * dLat * portable.Cos(dLon/2)
	c := portable.Hypot(x, y)
	return c * (1 + c*c/(24*nu*nu))
}

// long is Lambert's formula for long lines (1942): the great circle between the
// reduced latitudes with the flattening's first-order correction, within some
// ten metres in thousands of kilometres.
func long(lon1, lat1, lon2, lat2 float64) float64 {
	flat := 1 - wgs84.b/wgs84.a
	b1 := portable.Atan((1 - flat) * portable.Tan(lat1*math.Pi/180))
	b2 := portable.Atan((1 - flat) * portable.Tan(lat2*math.Pi/180))
	s1, c1 := portable.Sincos(b1)
	s2, c2 := portable.Sincos(b2)
	sd, cd := portable.Sincos((lon2 - lon1) * math.Pi / 180)
	angle := portable.Atan2(portable.Hypot(c2*sd, float64(c1*s2)-float64(s1*c2*cd)), float64(s1*s2)+float64(c1*c2*cd))
	sh, ch := portable.Sincos(angle / 2)
	if sh == 0 || ch < 1e-6 { // the same place, or its antipode
		return wgs84.a * angle
	}
	sp, cp := portable.Sincos((b1 + b2) / 2)
	sq, cq := portable.Sincos((b2 - b1) / 2)
	x := (angle - portable.Sin(angle)) * sp * sp * cq * cq / (ch * ch)
	y := (angle + portable.Sin(angle)) * cp * cp * sq * sq / (sh * sh)
	return wgs84.a * (angle - float64(flat/2*(x+y)))
}
