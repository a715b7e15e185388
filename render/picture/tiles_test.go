package picture

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/lettering"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// peopled are the test's footprints with numbers of people.
func peopled(people ...int64) layer.Layer {
	l := rendertest.Footprints()
	at := l.FieldIndex("population")
	for i := range l.Features {
		l.Features[i].Values = slices.Clone(l.Features[i].Values)
		l.Features[i].Values[at] = people[i%len(people)]
	}
	return l
}

// Each area gets tiles in proportion to its people, no two tiles are in one place,
// and each area is named.
func TestTilesStandForPeople(t *testing.T) {
	people := []int64{1e6, 2e6, 3e6, 5e5}
	p := Map{Title: "T", Layers: []layer.Layer{rendertest.Providers(), peopled(people...)}, Project: rendertest.PlaneMetres, Tiles: true}
	s, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	if s.perTile <= 0 || len(s.layers) != 1 {
		t.Fatalf("%g people a tile, %d layers", s.perTile, len(s.layers))
	}
	places := map[orb.Point]bool{}
	for i, f := range s.flat[0].Features {
		tiles := f.Geometry.(orb.MultiPolygon)
		if want := float64(people[i%len(people)]) / s.perTile; math.Abs(float64(len(tiles))-want) > 0.5+1e-9 {
			t.Errorf("%s has %d tiles, of %d people would have %.1f", f.ID, len(tiles), people[i%len(people)], want)
		}
		for _, q := range tiles {
			c := q.Bound().Center()
			if places[c] {
				t.Errorf("two tiles at %v", c)
			}
			places[c] = true
		}
	}
	if n := s.names; n.All() != len(s.layers[0].Features) || len(n.Missing) > 0 {
		t.Errorf("%s", n)
	}
	checkBoxes(t, s)
	var b bytes.Buffer
	if err := WriteSVG(&b, p); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "One tile is about") {
		t.Error("the page does not say what a tile is")
	}
	// Neighbours among the tiles differ in colour.
	fill := s.flat[0].Style.Classes
	seen := map[string]bool{}
	for _, c := range fill {
		seen[c.Colour] = true
	}
	if len(fill) != len(s.layers[0].Features) || len(seen) < 2 {
		t.Errorf("%d classes in %d colours", len(fill), len(seen))
	}
}

// Without people or patients there are no tiles, and the map is drawn as ever.
func TestNoTilesWithoutPeople(t *testing.T) {
	l := rendertest.Footprints()
	for i, f := range l.Fields {
		if f.Name == "population" || strings.HasPrefix(f.Name, "patients") {
			l.Fields[i].Name = "x"
		}
	}
	p := Map{Layers: []layer.Layer{l}, Project: rendertest.PlaneMetres, Tiles: true}
	s, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	if s.perTile != 0 || len(s.flat) != 1 {
		t.Errorf("%g people a tile", s.perTile)
	}
}

// Tiles that change places come together and none is lost.
func TestGather(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	b := newBoard(1)
	count := map[int]int{}
	for x := range 12 {
		for y := range 12 {
			f := rng.IntN(4)
			count[f]++
			b.put(f, orb.Point{float64(x) + 0.5, float64(y) + 0.5})
		}
	}
	alike := func() (n int) {
		for _, q := range b.all {
			n += b.alike(q, b.of[q])
		}
		return n
	}
	before := alike()
	b.gather()
	if after := alike(); after < 2*before {
		t.Errorf("%d pairs alike before, %d after", before, after)
	}
	for _, q := range b.all {
		count[b.of[q]]--
	}
	for f, n := range count {
		if n != 0 {
			t.Errorf("feature %d lost %d tiles", f, n)
		}
	}
	if n := len(b.edges()); n < 48 || n > 4*144 {
		t.Errorf("%d edges", n)
	}
}

func TestSpread(t *testing.T) {
	square := orb.Polygon{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}}
	for _, n := range []int{1, 2, 3, 7, 16, 50} {
		points := spread(square, n)
		if len(points) != n {
			t.Fatalf("%d points, want %d", len(points), n)
		}
		if m := meanOf(points); math.Abs(m[0]-5) > 1 || math.Abs(m[1]-5) > 1 {
			t.Errorf("%d points lie about %v", n, m)
		}
		for _, p := range points {
			if p[0] < 0 || p[0] > 10 || p[1] < 0 || p[1] > 10 {
				t.Errorf("%v lies outside", p)
			}
		}
	}
	if got := spread(orb.Polygon{{{3, 3}, {3, 3}, {3, 3}}}, 1); len(got) != 1 {
		t.Errorf("a point of no extent: %v", got)
	}
}

// What an inset shows is the part of shapes and lines in its box.
func TestClip(t *testing.T) {
	b := lettering.Box{X0: 0, Y0: 0, X1: 10, Y1: 10}
	for _, c := range []struct {
		ring []orb.Point
		area float64
	}{
		{[]orb.Point{{2, 2}, {4, 2}, {4, 4}, {2, 4}}, 4},
		{[]orb.Point{{-5, -5}, {5, -5}, {5, 5}, {-5, 5}}, 25},
		{[]orb.Point{{-5, -5}, {15, -5}, {15, 15}, {-5, 15}}, 100},
		{[]orb.Point{{20, 20}, {30, 20}, {30, 30}}, 0},
	} {
		got := clipRing(c.ring, b)
		sum := 0.0
		for i, p := range got {
			q := got[(i+1)%len(got)]
			sum += p[0]*q[1] - p[1]*q[0]
			if !b.Holds(p) {
				t.Errorf("%v lies outside", p)
			}
		}
		if math.Abs(math.Abs(sum)/2-c.area) > 1e-9 {
			t.Errorf("%v: an area of %g, want %g", c.ring, sum/2, c.area)
		}
	}
	got := clipLine([]orb.Point{{-5, 5}, {5, 5}, {5, 20}, {8, 20}, {8, -5}}, b)
	want := [][]orb.Point{{{0, 5}, {5, 5}, {5, 10}}, {{8, 10}, {8, 0}}}
	if len(got) != len(want) || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := clipLine([]orb.Point{{-5, -5}, {-5, 20}, {20, 20}}, b); got != nil {
		t.Errorf("a line outside: %v", got)
	}
}
