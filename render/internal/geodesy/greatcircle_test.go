package geodesy

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

func TestKilometres(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		a, b := orb.Point{360*rng.Float64() - 180, 170*rng.Float64() - 85}, orb.Point{360*rng.Float64() - 180, 170*rng.Float64() - 85}
		p, q := NewSpot(a), NewSpot(b)
		if got, want := p.Kilometres(&q), geo.DistanceHaversine(a, b)/1000; math.Abs(got-want) > 1e-2*want {
			t.Fatalf("from %v to %v: %v km, want %v on a sphere", a, b, got, want)
		}
		near := orb.Point{a[0] + 8*rng.Float64(), a[1] + 4*rng.Float64() - 2}
		n := NewSpot(near)
		if got, want := p.Kilometres(&n), Length(a[0], a[1], near[0], near[1])/1000; math.Abs(got-want) > 2e-5*want {
			t.Fatalf("from %v to %v: %v km, want %v", a, near, got, want)
		}
		if p.Kilometres(&q) != q.Kilometres(&p) || p.Kilometres(&p) != 0 {
			t.Fatalf("from %v to %v: not the same way back, or a way to itself", a, b)
		}
	}
}
