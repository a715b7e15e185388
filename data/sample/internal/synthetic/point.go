package synthetic

import "math"

// point is a place on the ground in units of 10⁻⁵ degrees, longitude first.
// Whole numbers make every geometric decision exact and need no rounding on the
// way out.
type point struct{ x, y int64 }

// Metres in a unit of longitude (at 53° north) and of latitude.
const (
	metresX = 0.67
	metresY = 1.113
)

// perDegree is the number of units in a degree.
const perDegree = 100_000

func degrees(lon, lat float64) point {
	return point{int64(math.Round(lon * perDegree)), int64(math.Round(lat * perDegree))}
}

// distance is in metres, good to a few per cent over England.
func distance(p, q point) float64 {
	dx, dy := float64(p.x-q.x)*metresX, float64(p.y-q.y)*metresY
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

// cross is positive where r lies left of the line from p to q.
func cross(p, q, r point) int64 {
	return (q.x-p.x)*(r.y-p.y) - (q.y-p.y)*(r.x-p.x)
}

// ring is a closed line; the last vertex is not repeated.
type ring []point

// doubleArea is twice the area in square units, positive where the ring runs
// counter-clockwise.
func (r ring) doubleArea() int64 {
	var s int64
	for i, p := range r {
		q := r[(i+1)%len(r)]
		s += (p.x-r[0].x)*(q.y-r[0].y) - (q.x-r[0].x)*(p.y-r[0].y)
	}
	return s
}

// contains reports whether p lies inside the ring.
func (r ring) contains(p point) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.y > p.y) == (b.y > p.y) {
			continue
		}
		if c := cross(a, b, p); (c > 0) == (b.y > a.y) && c != 0 {
			in = !in
		}
	}
	return in
}

// segments finds pairs of line pieces that meet, by hashing them into squares.
type segments struct {
	ends [][2]point
	at   map[[2]int64][]int32
}

// square is the side of a hash square in units, some 3 km.
const square = 4096

func newSegments() *segments { return &segments{at: map[[2]int64][]int32{}} }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func squares(a, b point, visit func(key [2]int64)) {
	x0, x1 := floorDiv(min(a.x, b.x), square), floorDiv(max(a.x, b.x), square)
	y0, y1 := floorDiv(min(a.y, b.y), square), floorDiv(max(a.y, b.y), square)
	for x := x0; x <= x1; x++ {
		for y := y0; y <= y1; y++ {
			visit([2]int64{x, y})
		}
	}
}

func (s *segments) add(a, b point) int32 {
	id := int32(len(s.ends))
	s.ends = append(s.ends, [2]point{a, b})
	squares(a, b, func(key [2]int64) { s.at[key] = append(s.at[key], id) })
	return id
}

// near lists the segments whose squares touch those of ab, each once, in the
// order they were added within a square.
func (s *segments) near(a, b point) []int32 {
	var out []int32
	seen := map[int32]bool{}
	squares(a, b, func(key [2]int64) {
		for _, id := range s.at[key] {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	})
	return out
}

// meet reports whether ab and cd have a point in common other than a shared
// end.
func meet(a, b, c, d point) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) ||
		max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	if a == c || a == d || b == c || b == d {
		// Two pieces from one vertex overlap only if they leave it the same way.
		p, q, r := a, b, d
		switch {
		case a == d:
			r = c
		case b == c:
			p, q, r = b, a, d
		case b == d:
			p, q, r = b, a, c
		}
		return cross(p, q, r) == 0 && (q.x-p.x)*(r.x-p.x)+(q.y-p.y)*(r.y-p.y) > 0
	}
	return sign(cross(a, b, c))*sign(cross(a, b, d)) <= 0 && sign(cross(c, d, a))*sign(cross(c, d, b)) <= 0
}

func sign(x int64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// crossing is the point, rounded to whole units, where ab and cd cross; ok is
// false where they do not cross in their interiors.
func crossing(a, b, c, d point) (p point, ok bool) {
	c1, c2 := cross(a, b, c), cross(a, b, d)
	d1, d2 := cross(c, d, a), cross(c, d, b)
	if sign(c1)*sign(c2) >= 0 || sign(d1)*sign(d2) >= 0 {
		return point{}, false
	}
	t := float64(d1) / float64(d1-d2)
	return point{
		a.x + int64(math.Round(t*float64(b.x-a.x))),
		a.y + int64(math.Round(t*float64(b.y-a.y))),
	}, true
}

// locator answers quickly whether points lie in a ring, by keeping its edges in
// bands of latitude.
type locator struct {
	low, height int64
	bands       [][][2]point
}

func newLocator(r ring) *locator {
	low, high := r[0].y, r[0].y
	for _, p := range r {
		low, high = min(low, p.y), max(high, p.y)
	}
	const n = 512
	t := &locator{low: low, height: (high-low)/n + 1, bands: make([][][2]point, n)}
	for i, a := range r {
		b := r[(i+1)%len(r)]
		for k := (min(a.y, b.y) - low) / t.height; k <= (max(a.y, b.y)-low)/t.height; k++ {
			t.bands[k] = append(t.bands[k], [2]point{a, b})
		}
	}
	return t
}

func (t *locator) contains(p point) bool {
	k := (p.y - t.low) / t.height
	if p.y < t.low || k >= int64(len(t.bands)) {
		return false
	}
	in := false
	for _, e := range t.bands[k] {
		a, b := e[0], e[1]
		if (a.y > p.y) == (b.y > p.y) {
			continue
		}
		if c := cross(a, b, p); c != 0 && (c > 0) == (b.y > a.y) {
			in = !in
		}
	}
	return in
}
