package labelpoint

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// star is a closed ring with n corners at random distances around a place.
func star(rng *rand.Rand, x, y, size float64, n int) orb.Ring {
	var r orb.Ring
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		d := size * (0.2 + 0.8*rng.Float64())
		r = append(r, orb.Point{x + d*math.Cos(a), y + d*math.Sin(a)})
	}
	return append(r, r[0])
}

// depth is how far a point lies inside a polygon, in degrees of latitude,
// negative outside, by looking at every edge.
func depth(p orb.Polygon, q orb.Point, shrink float64) float64 {
	inside := false
	nearest := math.Inf(1)
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > q[1]) != (b[1] > q[1]) && q[0] < (b[0]-a[0])*(q[1]-a[1])/(b[1]-a[1])+a[0] {
				inside = !inside
			}
			e := edge{x1: a[0] * shrink, y1: a[1], x2: b[0] * shrink, y2: b[1]}
			nearest = min(nearest, e.distance(q[0]*shrink, q[1]))
		}
	}
	if !inside {
		return -nearest
	}
	return nearest
}

func TestLabelPointLiesDeepest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var labels Labeller // its memory serves polygons of all sizes in turn
	for n := 3; n < 400; n += 7 {
		p := orb.Polygon{star(rng, -2, 53, 0.5, n)}
		if n%2 == 0 {
			p = append(p, star(rng, -2, 53, 0.05, n/4))
		}
		b := p.Bound()
		shrink := math.Cos((b.Min[1] + b.Max[1]) / 2 * math.Pi / 180)
		got := depth(p, labels.Place(orb.MultiPolygon{p}), shrink)
		most := math.Inf(-1)
		const steps = 60
		for i := range steps {
			for j := range steps {
				q := orb.Point{
					b.Min[0] + (b.Max[0]-b.Min[0])*(float64(i)+0.5)/steps,
					b.Min[1] + (b.Max[1]-b.Min[1])*(float64(j)+0.5)/steps,
				}
				most = max(most, depth(p, q, shrink))
			}
		}
		width := min((b.Max[0]-b.Min[0])*shrink, b.Max[1]-b.Min[1])
		if got < most-width/100-1e-6 {
			t.Errorf("%d corners: %g deep, where %g can be had", n, got, most)
		}
		if alone := LabelPoint(orb.MultiPolygon{p}); alone != labels.Place(orb.MultiPolygon{p}) {
			t.Errorf("%d corners: %v alone", n, alone)
		}
	}
}

func TestLabelPointEdges(t *testing.T) {
	square := func(x, y, size float64) orb.Polygon {
		return orb.Polygon{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}
	}
	for _, tt := range []struct {
		what string
		m    orb.MultiPolygon
		want orb.Point
	}{
		{"nothing", nil, orb.Point{}},
		{"an empty polygon", orb.MultiPolygon{{}, {{}}}, orb.Point{}},
		{"a point", orb.MultiPolygon{{{{1, 2}}}}, orb.Point{1, 2}},
		{"a line", orb.MultiPolygon{{{{1, 2}, {3, 2}, {1, 2}}}}, orb.Point{2, 2}},
		{"a square", orb.MultiPolygon{square(0, 0, 1)}, orb.Point{0.5, 0.5}},
		{"the larger of two", orb.MultiPolygon{square(5, 0, 1), square(0, 0, 2)}, orb.Point{1, 1}},
		// As many degrees wide, but nearer the pole.
		{"the larger on the ground", orb.MultiPolygon{square(0, 60, 1), square(0, 0, 1)}, orb.Point{0.5, 0.5}},
	} {
		got := LabelPoint(tt.m)
		if math.Hypot(got[0]-tt.want[0], got[1]-tt.want[1]) > 0.02 {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

func BenchmarkLabelPoint(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	m := orb.MultiPolygon{{star(rng, -2, 53, 0.1, 150)}}
	var labels Labeller
	for b.Loop() {
		labels.Place(m)
	}
}
