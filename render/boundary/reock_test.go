package boundary

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

func TestReock(t *testing.T) {
	const deg = 180 / (math.Pi * 6371.0088) // a kilometre on the equator
	shape := func(pts ...orb.Point) orb.MultiPolygon {
		r := orb.Ring{}
		for _, p := range pts {
			r = append(r, orb.Point{p[0] * deg, p[1] * deg})
		}
		return orb.MultiPolygon{{append(r, r[0])}}
	}
	for _, c := range []struct {
		name string
		m    orb.MultiPolygon
		want float64
	}{
		{"square", shape(orb.Point{-1, -1}, orb.Point{1, -1}, orb.Point{1, 1}, orb.Point{-1, 1}), 2 / math.Pi},
		{"strip of 4 by 1", shape(orb.Point{-2, -.5}, orb.Point{2, -.5}, orb.Point{2, .5}, orb.Point{-2, .5}), 4 / (math.Pi * 4.25)},
		{"equilateral triangle", shape(orb.Point{-1, 0}, orb.Point{1, 0}, orb.Point{0, math.Sqrt(3)}), math.Sqrt(3) / (math.Pi * 4 / 3)},
	} {
		// The ellipsoid's area and the sphere's circle differ by less than 1%.
		if got := Reock(c.m); math.Abs(got/c.want-1) > 0.01 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := Reock(nil); !math.IsNaN(got) {
		t.Errorf("nothing: %v", got)
	}
}

// The circle holds every point, and at least two lie on it.
func TestSmallestCircle(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		pts := make([]orb.Point, 1+rng.IntN(60))
		for i := range pts {
			pts[i] = orb.Point{float64(rng.IntN(20)), float64(rng.IntN(20))}
		}
		distinct := false
		for _, p := range pts {
			distinct = distinct || p != pts[0]
		}
		c, r := smallestCircle(pts)
		on := 0
		for _, p := range pts {
			d := math.Hypot(p[0]-c[0], p[1]-c[1])
			if d > r+1e-9 {
				t.Fatalf("%v lies %v from %v, outside %v", p, d, c, r)
			}
			if math.Abs(d-r) < 1e-9 {
				on++
			}
		}
		if distinct && on < 2 {
			t.Fatalf("%d points on the circle", on)
		}
	}
}
