package synthetic

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// England's outline, Natural Earth 1:50m, public domain.
//
//go:embed england_outline.geojson
var outlineFile []byte

// outline reads England's rings, the largest first, counter-clockwise.
func outline() ([]ring, error) {
	var file struct {
		Features []struct {
			Geometry struct {
				Coordinates [][][][2]float64
			}
		}
	}
	if err := json.Unmarshal(outlineFile, &file); err != nil {
		return nil, fmt.Errorf("outline: %w", err)
	}
	var rings []ring
	for _, f := range file.Features {
		for _, polygon := range f.Geometry.Coordinates {
			var r ring
			for _, c := range polygon[0][1:] {
				r = append(r, degrees(c[0], c[1]))
			}
			if r.doubleArea() < 0 {
				slices.Reverse(r)
			}
			rings = append(rings, r)
		}
	}
	slices.SortStableFunc(rings, func(a, b ring) int { return int(b.doubleArea()/1e6 - a.doubleArea()/1e6) })
	if len(rings) < 2 {
		return nil, fmt.Errorf("outline: %d rings, want the mainland and an island", len(rings))
	}
	return rings, nil
}

// coastStep is the length of a piece of coast in metres, about.
const coastStep = 900

// roughen gives each edge of a ring bays, always towards the land, so that the
// result lies inside the ring. The vertices stay. An edge whose bays would
// touch another part of the coast gets shallower ones.
func roughen(r ring, rng *rand.Rand) ring {
	edges := make([][]point, len(r))
	depth := make([][]float64, len(r))
	scale := make([]float64, len(r))
	for i, a := range r {
		length := distance(a, r[(i+1)%len(r)])
		depth[i] = bays(length, rng)
		scale[i] = 1
	}
	for {
		all := newSegments()
		var edgeOf []int
		for i, a := range r {
			edges[i] = bend(a, r[(i+1)%len(r)], depth[i], scale[i])
			for k := range len(edges[i]) - 1 {
				all.add(edges[i][k], edges[i][k+1])
				edgeOf = append(edgeOf, i)
			}
		}
		if !shallower(all, edgeOf, scale) {
			break
		}
	}
	var out ring
	for _, e := range edges {
		out = append(out, e[:len(e)-1]...)
	}
	return out
}

// shallower halves the bays of edges that touch each other; some is false where
// none do.
func shallower(all *segments, edgeOf []int, scale []float64) (some bool) {
	for id, s := range all.ends {
		for _, other := range all.near(s[0], s[1]) {
			if int(other) <= id || !meet(s[0], s[1], all.ends[other][0], all.ends[other][1]) {
				continue
			}
			some = true
			for _, e := range []int{edgeOf[id], edgeOf[other]} {
				scale[e] /= 2
				if scale[e] < 0.05 {
					scale[e] = 0
				}
			}
		}
	}
	return some
}

// bays is a profile of depths in metres along an edge, by midpoint
// displacement: 0 at both ends and nowhere negative.
func bays(length float64, rng *rand.Rand) []float64 {
	n := 1
	for length/float64(n) > coastStep {
		n *= 2
	}
	d := make([]float64, n+1)
	amplitude := min(0.16*length, 4000)
	for step := n; step > 1; step /= 2 {
		for i := step / 2; i < n; i += step {
			middle := (d[i-step/2] + d[i+step/2]) / 2
			d[i] = middle + float64(amplitude*(rng.Float64()-0.3))
		}
		amplitude *= 0.6
	}
	for i := range d {
		t := float64(i) / float64(n)
		d[i] = max(0, d[i]) * min(1, float64(6*t)*(1-t))
	}
	return d
}

// bend lays a profile of depths on the left of the edge ab.
func bend(a, b point, depth []float64, scale float64) []point {
	length := distance(a, b)
	ux, uy := float64(b.x-a.x)*metresX/length, float64(b.y-a.y)*metresY/length
	out := make([]point, 0, len(depth))
	n := len(depth) - 1
	for i, d := range depth {
		t := float64(i) / float64(n)
		p := point{
			a.x + int64(math.Round(float64(t*float64(b.x-a.x))-float64(float64(uy*d)*scale)/metresX)),
			a.y + int64(math.Round(float64(t*float64(b.y-a.y))+float64(float64(ux*d)*scale)/metresY)),
		}
		if i == n {
			p = b
		}
		if len(out) > 0 && out[len(out)-1] == p {
			continue
		}
		out = append(out, p)
	}
	return out
}

// island is an invented island in the sea.
type island struct {
	centre point
	radius float64 // metres
	people float64 // of an area of its own; 0: part of the nearest mainland area
}

// islands are invented: nothing lies there.
var islands = []island{
	{degrees(-3.72, 53.92), 8500, 84_000},
	{degrees(0.78, 53.42), 7000, 66_000},
	{degrees(-5.42, 50.72), 5200, 0},
	{degrees(-5.58, 50.62), 2600, 0},
	{degrees(1.62, 51.72), 4600, 0},
	{degrees(-1.30, 55.33), 3600, 0},
}

// shore draws the coast of an invented island.
func (s island) shore(rng *rand.Rand) ring {
	const n = 64
	radius := make([]float64, n+1)
	for i := range 4 {
		radius[i*n/4] = 0.55 + float64(0.75*rng.Float64())
	}
	radius[n] = radius[0]
	amplitude := 0.5
	for step := n / 4; step > 1; step /= 2 {
		for i := step / 2; i < n; i += step {
			radius[i] = (radius[i-step/2]+radius[i+step/2])/2 + float64(amplitude*(rng.Float64()-0.5))
		}
		amplitude *= 0.6
	}
	// Directions come from turning a unit vector by 1/64 of a circle.
	const cos, sin = 0.9951847266721969, 0.0980171403295606
	x, y := 1.0, 0.0
	var out ring
	for i := range n {
		d := s.radius * radius[i]
		out = append(out, point{
			s.centre.x + int64(math.Round(float64(d*x)/metresX)),
			s.centre.y + int64(math.Round(float64(d*y)/metresY)),
		})
		x, y = float64(x*cos)-float64(y*sin), float64(x*sin)+float64(y*cos)
	}
	return out
}
