package boundary

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"stpmap/render/internal/extent"
)

// Reock is the area of polygons over that of the smallest circle that holds
// them, in [0, 1]: 1 for a disc (Reock 1961, A note: measuring compactness as a
// requirement of legislative apportionment, Midwest Journal of Political
// Science 5:70, doi:10.2307/2109043). Distances are measured on a plane that is
// true to scale at the middle of the polygons. NaN for nothing.
func Reock(m orb.MultiPolygon) float64 { return ReockOf(m, AreaKM2(m)) }

// ReockOf is Reock where the area, in square kilometres, is known.
func ReockOf(m orb.MultiPolygon, km2 float64) float64 {
	if len(m) == 0 {
		return math.NaN()
	}
	var around extent.Extent
	around.AddGeometry(m)
	middle := around.Box.Center()
	const kmPerDegree = math.Pi / 180 * 6371.0088
	kx := kmPerDegree * math.Cos(middle[1]*math.Pi/180)
	n := 0
	for _, p := range m {
		n += len(p[0])
	}
	pts := make([]orb.Point, 0, n)
	for _, p := range m {
		for _, v := range p[0] {
			pts = append(pts, orb.Point{(v[0] - middle[0]) * kx, (v[1] - middle[1]) * kmPerDegree})
		}
	}
	_, r := smallestCircle(pts)
	if r == 0 {
		return math.NaN()
	}
	return min(1, km2/(math.Pi*r*r))
}

// smallestCircle is the smallest circle around points (Welzl 1991,
// doi:10.1007/BFb0038202, in its iterative form; expected linear time). The
// points are shuffled with a fixed seed.
func smallestCircle(pts []orb.Point) (centre orb.Point, radius float64) {
	if len(pts) == 0 {
		return orb.Point{}, 0
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(pts), func(i, j int) { pts[i], pts[j] = pts[j], pts[i] })
	c, r := pts[0], 0.0
	outside := func(p orb.Point) bool {
		dx, dy := p[0]-c[0], p[1]-c[1]
		if dx*dx+dy*dy < r*r*(1-1e-9) { // clearly not, as nearly all are
			return false
		}
		return math.Hypot(dx, dy) > r*(1+1e-12)+1e-12
	}
	for i, p := range pts {
		if !outside(p) {
			continue
		}
		c, r = p, 0
		for j, q := range pts[:i] {
			if !outside(q) {
				continue
			}
			c = orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}
			r = math.Hypot(p[0]-q[0], p[1]-q[1]) / 2
			for _, s := range pts[:j] {
				if outside(s) {
					c, r = circumcircle(p, q, s)
				}
			}
		}
	}
	return c, r
}

// circumcircle goes through three points; for points on one line it is that of
// the two farthest apart.
func circumcircle(a, b, c orb.Point) (orb.Point, float64) {
	bx, by, cx, cy := b[0]-a[0], b[1]-a[1], c[0]-a[0], c[1]-a[1]
	d := 2 * (bx*cy - by*cx)
	if d == 0 {
		best, r := a, 0.0
		for _, pair := range [][2]orb.Point{{a, b}, {a, c}, {b, c}} {
			if h := math.Hypot(pair[0][0]-pair[1][0], pair[0][1]-pair[1][1]) / 2; h > r {
				best, r = orb.Point{(pair[0][0] + pair[1][0]) / 2, (pair[0][1] + pair[1][1]) / 2}, h
			}
		}
		return best, r
	}
	ux := (cy*(bx*bx+by*by) - by*(cx*cx+cy*cy)) / d
	uy := (bx*(cx*cx+cy*cy) - cx*(bx*bx+by*by)) / d
	return orb.Point{a[0] + ux, a[1] + uy}, math.Hypot(ux, uy)
}
