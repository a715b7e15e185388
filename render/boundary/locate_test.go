package boundary_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func TestLocate(t *testing.T) {
	b := readDrawn(t)
	all := b.All()
	bound := all[0].Bound()
	for _, m := range all {
		bound = bound.Union(m.Bound())
	}
	rng := rand.New(rand.NewPCG(1, 1))
	points := []orb.Point{{math.NaN(), 52}, {bound.Min[0], math.NaN()}, {0, 0}, {bound.Min[0] - 1, bound.Min[1]}}
	for range 300 {
		points = append(points, orb.Point{
			bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]),
			bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1]),
		})
	}
	for _, m := range all { // corners lie in two areas
		points = append(points, m[0][0]...)
	}
	want := make([]int, len(points))
	found := 0
	for k, p := range points {
		want[k] = slices.IndexFunc(all, func(m orb.MultiPolygon) bool {
			return !math.IsNaN(p[0]) && !math.IsNaN(p[1]) && planar.MultiPolygonContains(m, p)
		})
		if want[k] >= 0 {
			found++
		}
	}
	if got := b.Locate(points); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if found < 100 {
		t.Errorf("only %d points lie in an area", found)
	}
	if got := b.Locate(nil); len(got) != 0 {
		t.Errorf("no points: %v", got)
	}
}
