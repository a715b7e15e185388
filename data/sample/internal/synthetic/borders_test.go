package synthetic

import (
	"math"
	"sync"
	"testing"
)

var foundSample = sync.OnceValues(func() (*country, error) { return found(Seed) })

// sample is the land of the embedded sample; tests share it.
func sample(t *testing.T) *country {
	t.Helper()
	c, err := foundSample()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBordersAreShared checks that the areas tile the land: no two lines cross,
// each piece of border is drawn by one area (coast) or by two in opposite
// directions, and the areas add up to the land.
func TestBordersAreShared(t *testing.T) {
	c := sample(t)
	type line struct{ a, b point }
	users := map[line]int{}
	var lines []line
	var sum int64
	for i, a := range c.areas {
		for _, polygon := range a.polygons {
			for k, r := range polygon {
				size := r.doubleArea()
				sum += size
				if (k == 0) != (size > 0) {
					t.Errorf("area %d: ring %d runs the wrong way", i, k)
				}
				for n, p := range r {
					l := line{p, r[(n+1)%len(r)]}
					if users[l] > 0 {
						t.Errorf("the line at %v is drawn twice in one direction", p)
					}
					users[l]++
					lines = append(lines, l)
				}
			}
		}
	}
	var land int64
	for _, r := range c.coast {
		land += r.doubleArea()
	}
	// Where borders meet the coast it bends by the rounding of a unit.
	if diff := math.Abs(float64(sum-land)) / float64(land); diff > 1e-6 {
		t.Errorf("areas add up to %d, the land is %d", sum, land)
	}
	all := newSegments()
	for _, l := range lines {
		if users[line{l.b, l.a}] > 0 && (l.b.x < l.a.x || l.b.x == l.a.x && l.b.y < l.a.y) {
			continue // the neighbour's copy
		}
		for _, other := range all.near(l.a, l.b) {
			if s := all.ends[other]; meet(l.a, l.b, s[0], s[1]) {
				t.Fatalf("borders cross near %v", l.a)
			}
		}
		all.add(l.a, l.b)
	}
}

func TestCoastLiesInsideTheOutline(t *testing.T) {
	rings, err := outline()
	if err != nil {
		t.Fatal(err)
	}
	c := sample(t)
	for i, inner := range c.coast[:2] {
		corner := map[point]bool{}
		for _, p := range rings[i] {
			corner[p] = true
		}
		edge := func(p point) bool { // within a metre or so of an edge
			for k, a := range rings[i] {
				b := rings[i][(k+1)%len(rings[i])]
				length := math.Hypot(float64(b.x-a.x), float64(b.y-a.y))
				if math.Abs(float64(cross(a, b, p)))/length < 1.5 {
					return true
				}
			}
			return false
		}
		for _, p := range inner {
			if !corner[p] && !rings[i].contains(p) && !edge(p) {
				t.Errorf("%v is outside the outline", p)
			}
		}
	}
	for i, s := range islands {
		for _, p := range c.coast[2+i] {
			if rings[0].contains(p) || rings[1].contains(p) {
				t.Errorf("invented island at %v touches the land", s.centre)
				break
			}
		}
	}
}

// TestSystemsAreInOnePiece checks that a planted system's areas are connected
// by borders, islands aside.
func TestSystemsAreInOnePiece(t *testing.T) {
	c := sample(t)
	type line struct{ a, b point }
	drawn := map[line]int{}
	for i, a := range c.areas {
		for _, polygon := range a.polygons {
			for _, r := range polygon {
				for n, p := range r {
					drawn[line{p, r[(n+1)%len(r)]}] = i
				}
			}
		}
	}
	next := make([][]int, len(c.areas))
	for l, i := range drawn {
		if j, ok := drawn[line{l.b, l.a}]; ok {
			next[i] = append(next[i], j)
		}
	}
	islandAreas := 0
	for s := range c.systems {
		var start, members []int
		for i, a := range c.areas {
			if a.system != s {
				continue
			}
			if len(next[i]) == 0 {
				islandAreas++
				continue
			}
			members = append(members, i)
		}
		seen := map[int]bool{members[0]: true}
		for start = []int{members[0]}; len(start) > 0; {
			i := start[0]
			start = start[1:]
			for _, j := range next[i] {
				if c.areas[j].system == s && !seen[j] {
					seen[j] = true
					start = append(start, j)
				}
			}
		}
		if len(seen) != len(members) {
			t.Errorf("system %d: %d of its %d areas hang together", s, len(seen), len(members))
		}
	}
	if islandAreas != 3 {
		t.Errorf("%d areas are islands, want 3", islandAreas)
	}
}

func TestEnclavesAndScatteredAreas(t *testing.T) {
	c := sample(t)
	enclaves, scattered := 0, 0
	for i, a := range c.areas {
		if len(a.polygons) > 1 {
			scattered++
		}
		if a.host < 0 {
			continue
		}
		enclaves++
		hole := false
		for _, r := range c.areas[a.host].polygons[0][1:] {
			hole = hole || r.contains(a.label)
		}
		if !hole {
			t.Errorf("area %d is not in a hole of area %d", i, a.host)
		}
		if a.system != c.areas[a.host].system {
			t.Errorf("area %d and its host are in different systems", i)
		}
	}
	if enclaves != enclaveCount || scattered < 3 {
		t.Errorf("%d enclaves and %d areas of several pieces", enclaves, scattered)
	}
}

func TestLabelsAndHospitalsLieInside(t *testing.T) {
	c, err := found(2) // another land
	if err != nil {
		t.Fatal(err)
	}
	c.name()
	if err := c.build(); err != nil {
		t.Fatal(err)
	}
	for i, a := range c.areas {
		if !c.covers(i, a.label) {
			t.Errorf("the label of area %d lies outside it", i)
		}
	}
	for _, p := range c.providers {
		if !c.covers(p.area, p.at) {
			t.Errorf("%s lies outside its area", p.name)
		}
		if c.areas[p.area].system != p.system {
			t.Errorf("%s lies outside its system", p.name)
		}
	}
}
