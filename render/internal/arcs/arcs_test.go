package arcs

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// grid is k × k squares of a layer, each with its own copy of its borders,
// beginning anywhere and turning either way.
func grid(rng *rand.Rand, k int) *layer.Layer {
	l := &layer.Layer{Name: "grid", Geometry: "Polygon"}
	wiggle := map[[2]int]orb.Point{}
	corner := func(x, y int) orb.Point {
		p, ok := wiggle[[2]int{x, y}]
		if !ok {
			p = orb.Point{float64(x) + 0.3*rng.Float64(), float64(y) + 0.3*rng.Float64()}
			wiggle[[2]int{x, y}] = p
		}
		return p
	}
	for i := range k * k {
		x, y := 3*(i%k), 3*(i/k)
		var ring orb.Ring
		for _, d := range [][2]int{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {2, 3}, {1, 3}, {0, 3}, {0, 2}, {0, 1}} {
			ring = append(ring, corner(x+d[0], y+d[1]))
		}
		at := rng.IntN(len(ring))
		ring = append(append(orb.Ring{}, ring[at:]...), ring[:at]...)
		ring = append(ring, ring[0])
		if rng.IntN(2) == 0 {
			ring.Reverse()
		}
		l.Features = append(l.Features, layer.Feature{Geometry: orb.Polygon{ring}})
	}
	return l
}

// unpack puts the arcs of a ring together again, in degrees.
func unpack(t *Cutter, ring []int32) []orb.Point {
	var out []orb.Point
	for _, k := range ring {
		i := k
		if k < 0 {
			i = ^k
		}
		var at Point
		var line []orb.Point
		for _, d := range t.Deltas(int(i)) {
			at = Point{at.X + d.X, at.Y + d.Y}
			line = append(line, orb.Point{t.Origin[0] + float64(at.X)*t.Scale[0], t.Origin[1] + float64(at.Y)*t.Scale[1]})
		}
		if k < 0 {
			orb.LineString(line).Reverse()
		}
		if len(out) > 0 {
			line = line[1:]
		}
		out = append(out, line...)
	}
	return out
}

// Rings come back from their arcs, to the grid's step, however they began; and a
// border of two squares is one arc.
func TestRingsComeBack(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 51))
		k := 2 + rng.IntN(6)
		l := grid(rng, k)
		c := New([]*layer.Layer{l}, 1_000_000)
		uses := map[int32]int{}
		for _, f := range l.Features {
			ring := f.Geometry.(orb.Polygon)[0]
			cut := c.Polygon(f.Geometry.(orb.Polygon))
			if len(cut) != 1 {
				t.Fatalf("seed %d: %d rings", seed, len(cut))
			}
			for _, a := range cut[0] {
				if a < 0 {
					a = ^a
				}
				uses[a]++
			}
			back := unpack(c, cut[0])
			if len(back) != len(ring) {
				t.Fatalf("seed %d: %d positions of %d", seed, len(back), len(ring))
			}
			// The ring may begin elsewhere, and runs the same way.
			turn := -1
			for i := range ring[:len(ring)-1] {
				if math.Hypot(ring[i][0]-back[0][0], ring[i][1]-back[0][1]) < 1e-4 {
					turn = i
				}
			}
			for i := range back[:len(back)-1] {
				p := ring[(turn+i)%(len(ring)-1)]
				if turn < 0 || math.Hypot(p[0]-back[i][0], p[1]-back[i][1]) > 1e-4 {
					t.Fatalf("seed %d: %v came back as %v", seed, ring, back)
				}
			}
		}
		shared := 0
		for _, n := range uses {
			if n > 2 {
				t.Fatalf("seed %d: an arc in %d rings", seed, n)
			}
			if n == 2 {
				shared++
			}
		}
		if want := 2 * k * (k - 1); shared != want {
			t.Errorf("seed %d: %d shared arcs, want the %d borders", seed, shared, want)
		}
	}
}

// What the grid swallows is gone: lines of one place, and shells with their
// holes. Positions that are not finite are left out.
func TestSwallowed(t *testing.T) {
	big := orb.Ring{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}
	speck := orb.Ring{{50, 50}, {50.001, 50}, {50, 50.001}, {50, 50}}
	l := &layer.Layer{Geometry: "Polygon", Features: []layer.Feature{{Geometry: orb.Polygon{big, speck}}, {Geometry: orb.MultiPolygon{{speck, speck}, {big}}}}}
	c := New([]*layer.Layer{l}, 100)
	if got := c.Polygons(l.Features[0].Geometry); len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("a square with a speck of a hole: %v", got)
	}
	if got := c.Polygons(l.Features[1].Geometry); len(got) != 1 {
		t.Errorf("a speck and a square: %v", got)
	}
	if got := c.Cut([]orb.Point{{1, 1}, {1.001, 1}}, false); got != nil {
		t.Errorf("a short line: %v", got)
	}
	if got := c.Cut([]orb.Point{{1, 1}, {math.NaN(), 3}, {9, 9}, {math.Inf(1), 0}}, false); len(got) != 1 || len(c.Deltas(int(got[0]))) != 2 {
		t.Errorf("a line with what is no position: %v", got)
	}
	if got := c.Polygons(orb.Point{1, 2}); got != nil {
		t.Errorf("a point has polygons %v", got)
	}
	if got := c.Grid(orb.Point{100, 50}); got != (Point{100, 50}) {
		t.Errorf("a corner is at %v", got)
	}
}
