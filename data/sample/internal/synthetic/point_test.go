package synthetic

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func randomPoint(rng *rand.Rand, side int64) point {
	return point{rng.Int64N(2*side+1) - side, rng.Int64N(2*side+1) - side}
}

// touches says by exact fractions whether ab and cd have a point in common.
func touches(a, b, c, d point) bool {
	between := func(x, y, z int64) bool { return min(x, y) <= z && z <= max(x, y) }
	on := func(p, q, r point) bool {
		return cross(p, q, r) == 0 && between(p.x, q.x, r.x) && between(p.y, q.y, r.y)
	}
	if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) {
		return true
	}
	// a + t(b-a) = c + u(d-c)
	det := (b.x-a.x)*(d.y-c.y) - (b.y-a.y)*(d.x-c.x)
	if det == 0 {
		return false
	}
	t := big.NewRat((c.x-a.x)*(d.y-c.y)-(c.y-a.y)*(d.x-c.x), det)
	u := big.NewRat((c.x-a.x)*(b.y-a.y)-(c.y-a.y)*(b.x-a.x), det)
	one, none := big.NewRat(1, 1), new(big.Rat)
	return t.Cmp(none) >= 0 && t.Cmp(one) <= 0 && u.Cmp(none) >= 0 && u.Cmp(one) <= 0
}

// On a grid so small that ends, overlaps and crossings are common, meet agrees
// with exact arithmetic, and does not depend on the order of its points.
func TestMeet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	met := 0
	for range 40_000 {
		a, b, c, d := randomPoint(rng, 3), randomPoint(rng, 3), randomPoint(rng, 3), randomPoint(rng, 3)
		if a == b || c == d {
			continue
		}
		got := meet(a, b, c, d)
		if got != meet(b, a, c, d) || got != meet(c, d, a, b) || got != meet(d, c, b, a) {
			t.Fatalf("%v%v and %v%v: another order, another answer", a, b, c, d)
		}
		if a == c || a == d || b == c || b == d {
			continue // a shared end alone is no meeting
		}
		if want := touches(a, b, c, d); got != want {
			t.Fatalf("%v%v and %v%v: got %t, want %t", a, b, c, d, got, want)
		}
		if got {
			met++
		}
	}
	if met < 1000 {
		t.Errorf("only %d pairs met: the test tests little", met)
	}
	// Pieces from one vertex: back to back they do not meet, on top they do.
	o, east, west := point{0, 0}, point{5, 0}, point{-5, 0}
	if meet(o, east, o, west) || !meet(o, east, o, point{9, 0}) || meet(o, east, o, point{5, 1}) {
		t.Error("pieces from one vertex")
	}
}

// A crossing lies on both pieces, to half a unit a coordinate.
func TestCrossing(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	found := 0
	for range 20_000 {
		a, b, c, d := randomPoint(rng, 10_000), randomPoint(rng, 10_000), randomPoint(rng, 10_000), randomPoint(rng, 10_000)
		p, ok := crossing(a, b, c, d)
		if ok && !meet(a, b, c, d) {
			t.Fatalf("%v%v and %v%v cross and do not meet", a, b, c, d)
		}
		if !ok {
			continue
		}
		found++
		for _, l := range [][2]point{{a, b}, {c, d}} {
			dx, dy := float64(l[1].x-l[0].x), float64(l[1].y-l[0].y)
			if off := math.Abs(float64(cross(l[0], l[1], p))) / math.Hypot(dx, dy); off > 0.75 {
				t.Fatalf("%v is %v units off %v", p, off, l)
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d crossings", found)
	}
	if _, ok := crossing(point{0, 0}, point{4, 0}, point{4, 0}, point{4, 4}); ok {
		t.Error("a shared end is a crossing")
	}
}

// A ring turned, mirrored or begun elsewhere has the same area but for its sign,
// and the same inside.
func TestRings(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		// A star around the origin: angles in order, radii at random.
		n := 3 + rng.IntN(12)
		var r ring
		for k := range n {
			angle := 2 * math.Pi * (float64(k) + 0.8*rng.Float64()) / float64(n)
			radius := 200 + 800*rng.Float64()
			r = append(r, point{int64(radius * math.Cos(angle)), int64(radius * math.Sin(angle))})
		}
		back := slices.Clone(r)
		slices.Reverse(back)
		turned := append(slices.Clone(r[1:]), r[0])
		if r.doubleArea() != turned.doubleArea() || r.doubleArea() != -back.doubleArea() {
			t.Fatalf("areas %d, %d, %d", r.doubleArea(), turned.doubleArea(), back.doubleArea())
		}
		if got := turned.canonical(); !slices.Equal(got, r.canonical()) {
			t.Fatalf("begun elsewhere, %v is another ring", got)
		}
		find := newLocator(r)
		for range 60 {
			p := randomPoint(rng, 1100)
			if in := r.contains(p); in != back.contains(p) || in != turned.contains(p) || in != find.contains(p) {
				t.Fatalf("%v: the ring and its copies disagree", p)
			}
		}
	}
}

// The segments near a line are at least those that meet it.
func TestSegmentsNear(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	all := newSegments()
	for range 400 {
		a := randomPoint(rng, 60_000)
		all.add(a, point{a.x + rng.Int64N(9001) - 4500, a.y + rng.Int64N(9001) - 4500})
	}
	for range 400 {
		a := randomPoint(rng, 60_000)
		b := point{a.x + rng.Int64N(20_001) - 10_000, a.y + rng.Int64N(20_001) - 10_000}
		near := all.near(a, b)
		seen := map[int32]bool{}
		for _, id := range near {
			if seen[id] {
				t.Fatalf("segment %d twice", id)
			}
			seen[id] = true
		}
		for id, s := range all.ends {
			if meet(a, b, s[0], s[1]) && !seen[int32(id)] {
				t.Fatalf("%v%v meets %v, which is not near it", a, b, s)
			}
		}
	}
	for _, c := range []struct{ a, b, want int64 }{{7, 2, 3}, {-7, 2, -4}, {-8, 2, -4}, {0, 5, 0}, {-1, 4096, -1}} {
		if got := floorDiv(c.a, c.b); got != c.want {
			t.Errorf("%d by %d: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDegrees(t *testing.T) {
	london := degrees(-0.1276, 51.5072)
	manchester := degrees(-2.2426, 53.4808)
	if london != (point{-12_760, 5_150_720}) {
		t.Errorf("London is at %v", london)
	}
	// 262 km by a great circle; the plane is good to a few per cent.
	if d := distance(london, manchester) / 1000; math.Abs(d-262) > 262*0.03 {
		t.Errorf("London to Manchester is %v km", d)
	}
	for units, want := range map[int64]string{-12_760: "-0.1276", 5_150_720: "51.5072", 0: "0", 100_000: "1", -5: "-0.00005"} {
		if got := decimal(units); math.Abs(atof(t, got)-atof(t, want)) > 1e-12 {
			t.Errorf("%d units are %s, want %s", units, got, want)
		}
	}
}
