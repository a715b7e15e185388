package linework

import (
	"context"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// bigOrient is Orient in numbers without a limit.
func bigOrient(ax, ay, bx, by, cx, cy int32) int {
	sub := func(a, b int32) *big.Int { return big.NewInt(int64(a) - int64(b)) }
	left := new(big.Int).Mul(sub(bx, ax), sub(cy, ay))
	return left.Sub(left, new(big.Int).Mul(sub(by, ay), sub(cx, ax))).Sign()
}

// coordinate is one of the earth in millionths of a degree, its corners and the
// equator often.
func coordinate(rng *rand.Rand, limit int32) int32 {
	switch rng.IntN(6) {
	case 0:
		return limit
	case 1:
		return -limit
	case 2:
		return 0
	}
	return rng.Int32N(2*limit+1) - limit
}

// Orient is exact as far as degrees go, and changes its sign when two positions
// change places.
func TestOrientIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 21))
	for range 100_000 {
		a := [2]int32{coordinate(rng, 180e6), coordinate(rng, 90e6)}
		b := [2]int32{coordinate(rng, 180e6), coordinate(rng, 90e6)}
		c := [2]int32{coordinate(rng, 180e6), coordinate(rng, 90e6)}
		got := Orient(a[0], a[1], b[0], b[1], c[0], c[1])
		if want := bigOrient(a[0], a[1], b[0], b[1], c[0], c[1]); got != want {
			t.Fatalf("%v %v %v: got %d, want %d", a, b, c, got, want)
		}
		if Orient(b[0], b[1], a[0], a[1], c[0], c[1]) != -got || Orient(b[0], b[1], c[0], c[1], a[0], a[1]) != got {
			t.Fatalf("%v %v %v: another side when turned", a, b, c)
		}
	}
}

// common is what two segments share, by rational arithmetic: "none", "point" or
// "line", and the point.
func common(s, t []int32) (kind string, at [2]*big.Rat) {
	rat := func(v int32) *big.Rat { return big.NewRat(int64(v), 1) }
	sub := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
	mul := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
	dx, dy := sub(rat(s[2]), rat(s[0])), sub(rat(s[3]), rat(s[1]))
	ex, ey := sub(rat(t[2]), rat(t[0])), sub(rat(t[3]), rat(t[1]))
	fx, fy := sub(rat(t[0]), rat(s[0])), sub(rat(t[1]), rat(s[1]))
	cross := sub(mul(dx, ey), mul(dy, ex))
	zero, one := new(big.Rat), big.NewRat(1, 1)
	if cross.Sign() != 0 {
		u := new(big.Rat).Quo(sub(mul(fx, ey), mul(fy, ex)), cross)
		v := new(big.Rat).Quo(sub(mul(fx, dy), mul(fy, dx)), cross)
		if u.Cmp(zero) < 0 || u.Cmp(one) > 0 || v.Cmp(zero) < 0 || v.Cmp(one) > 0 {
			return "none", at
		}
		return "point", [2]*big.Rat{new(big.Rat).Add(rat(s[0]), mul(u, dx)), new(big.Rat).Add(rat(s[1]), mul(u, dy))}
	}
	if sub(mul(fx, dy), mul(fy, dx)).Sign() != 0 {
		return "none", at
	}
	// On one line: by the places of the other's ends along the first.
	length := new(big.Rat).Add(mul(dx, dx), mul(dy, dy))
	along := func(x, y int32) *big.Rat {
		p := new(big.Rat).Add(mul(sub(rat(x), rat(s[0])), dx), mul(sub(rat(y), rat(s[1])), dy))
		return p.Quo(p, length)
	}
	lo, hi := along(t[0], t[1]), along(t[2], t[3])
	if lo.Cmp(hi) > 0 {
		lo, hi = hi, lo
	}
	if lo.Cmp(zero) < 0 {
		lo = zero
	}
	if hi.Cmp(one) > 0 {
		hi = one
	}
	switch lo.Cmp(hi) {
	case 1:
		return "none", at
	case 0:
		return "point", [2]*big.Rat{new(big.Rat).Add(rat(s[0]), mul(lo, dx)), new(big.Rat).Add(rat(s[1]), mul(lo, dy))}
	}
	return "line", at
}

// wantConflict is Conflict as its comment has it: more in common than one end.
func wantConflict(s, t []int32) bool {
	kind, at := common(s, t)
	if kind != "point" {
		return kind == "line"
	}
	isEnd := func(s []int32) bool {
		for k := 0; k < 4; k += 2 {
			if at[0].Cmp(big.NewRat(int64(s[k]), 1)) == 0 && at[1].Cmp(big.NewRat(int64(s[k+1]), 1)) == 0 {
				return true
			}
		}
		return false
	}
	return !isEnd(s) || !isEnd(t)
}

// Two segments conflict as rational arithmetic says, on a grid so small that
// ends touch, lines run along each other and ends lie on lines.
func TestConflictAgainstRationals(t *testing.T) {
	count := map[bool]int{}
	for seed := range uint64(40_000) {
		rng := rand.New(rand.NewPCG(seed, 22))
		size := []int32{4, 12, 200_000_000}[seed%3]
		segment := func() []int32 {
			for {
				s := []int32{rng.Int32N(size), rng.Int32N(size / 2), rng.Int32N(size), rng.Int32N(size / 2)}
				if s[0] != s[2] || s[1] != s[3] {
					return s
				}
			}
		}
		a, b := segment(), segment()
		want := wantConflict(a, b)
		count[want]++
		if Conflict(a, b) != want || Conflict(b, a) != want {
			t.Fatalf("%v and %v: want %v", a, b, want)
		}
	}
	if count[true] < 1000 || count[false] < 1000 {
		t.Errorf("%d conflicts and %d others: too few of one to tell", count[true], count[false])
	}
}

// outline is the sides of a polygon of one area.
func outline(area int32, xy ...int32) []Side {
	var out []Side
	for i := 0; i < len(xy); i += 2 {
		j := (i + 2) % len(xy)
		out = append(out, NewSide(xy[i], xy[i+1], xy[j], xy[j+1], area, 1))
	}
	return out
}

// triangles are n triangles, each an area, anticlockwise, that cross each other.
func triangles(seed uint64, n int, size int32) (sides []Side, corners [][6]int32) {
	rng := rand.New(rand.NewPCG(seed, 23))
	for len(corners) < n {
		var c [6]int32
		for i := range c {
			c[i] = rng.Int32N(size)
		}
		switch Orient(c[0], c[1], c[2], c[3], c[4], c[5]) {
		case 0:
			continue
		case -1:
			c[2], c[3], c[4], c[5] = c[4], c[5], c[2], c[3]
		}
		sides = append(sides, outline(int32(len(corners)), c[:]...)...)
		corners = append(corners, c)
	}
	return sides, corners
}

// After noding no two edges have more than an end in common, and noding again
// changes nothing.
func TestNodeLeavesNoConflict(t *testing.T) {
	for seed := range uint64(60) {
		sides, _ := triangles(seed, 2+int(seed%12), []int32{30, 5000, 90_000_000}[seed%3])
		noded, err := Node(context.Background(), Combine(sides))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		segments, _ := edgeList(noded)
		NewTree(segments).Pairs(func(i, j int32) {
			if Conflict(segments[4*i:4*i+4], segments[4*j:4*j+4]) {
				t.Fatalf("seed %d: %v and %v conflict", seed, segments[4*i:4*i+4], segments[4*j:4*j+4])
			}
		})
		again, err := Node(context.Background(), slices.Clone(noded))
		if err != nil || !slices.Equal(again, noded) {
			t.Fatalf("seed %d: noding twice changes the edges: %v", seed, err)
		}
	}
}

// Each face's windings are the triangles that it lies in, as told by where a
// position inside it lies, and the faces' areas add up to the areas' own.
func TestPlaneAgainstPositions(t *testing.T) {
	tried := 0
	for seed := range uint64(80) {
		sides, corners := triangles(seed, 2+int(seed%6), 90_000)
		noded, err := Node(context.Background(), Combine(sides))
		if err != nil {
			t.Fatal(err)
		}
		p := NewPlane(noded)
		if len(p.Winding) != len(p.Area) {
			t.Fatalf("%d windings and %d areas", len(p.Winding), len(p.Area))
		}
		got := make([]int64, len(corners))
		var all int64
		for f, ws := range p.Winding {
			all += p.Area[f]
			for _, w := range ws {
				if w.times != 1 {
					t.Fatalf("seed %d: a triangle covers face %d %d times", seed, f, w.times)
				}
				got[w.Area] += p.Area[f]
			}
		}
		if all != 0 { // the outside is counted with a minus
			t.Fatalf("seed %d: faces add up to %d", seed, all)
		}
		for k, c := range corners {
			want := (int64(c[2])-int64(c[0]))*(int64(c[5])-int64(c[1])) - (int64(c[3])-int64(c[1]))*(int64(c[4])-int64(c[0]))
			// Each bend takes or gives less than an edge's length.
			if d := math.Abs(float64(got[k] - want)); d > 40*90_000 {
				t.Fatalf("seed %d: triangle %d has doubled area %d in its faces, want %d", seed, k, got[k], want)
			}
		}
		tried += checkFacesByPosition(t, seed, p, corners)
	}
	if tried < 300 {
		t.Errorf("only %d faces were wide enough to look into", tried)
	}
}

// checkFacesByPosition looks at a position in each convex corner of the faces,
// and gives how many were far enough from all edges to tell.
func checkFacesByPosition(t *testing.T, seed uint64, p *Plane, corners [][6]int32) (tried int) {
	t.Helper()
	done := map[int32]bool{}
	for h := range int32(len(p.Face)) {
		f := p.Face[h]
		if done[f] {
			continue
		}
		a, b, c := p.Vertex[h], p.Vertex[h^1], p.Vertex[p.Next[h]^1]
		x := (int64(p.XY[2*a]) + int64(p.XY[2*b]) + int64(p.XY[2*c])) / 3
		y := (int64(p.XY[2*a+1]) + int64(p.XY[2*b+1]) + int64(p.XY[2*c+1])) / 3
		if !inCorner(p, h, int32(x), int32(y)) {
			continue
		}
		done[f] = true
		tried++
		var want []int32
		for k, c := range corners {
			if Orient(c[0], c[1], c[2], c[3], int32(x), int32(y)) > 0 && Orient(c[2], c[3], c[4], c[5], int32(x), int32(y)) > 0 && Orient(c[4], c[5], c[0], c[1], int32(x), int32(y)) > 0 {
				want = append(want, int32(k))
			}
		}
		var got []int32
		for _, w := range p.Winding[f] {
			got = append(got, w.Area)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: face %d has areas %v, position %d, %d lies in %v", seed, f, got, x, y, want)
		}
	}
	return tried
}

// inCorner says whether a position lies in the triangle of half-edge h and the
// next one, away from every edge, with no other edge in that triangle.
func inCorner(p *Plane, h int32, x, y int32) bool {
	a, b, c := p.Vertex[h], p.Vertex[h^1], p.Vertex[p.Next[h]^1]
	if Orient(p.XY[2*a], p.XY[2*a+1], p.XY[2*b], p.XY[2*b+1], p.XY[2*c], p.XY[2*c+1]) <= 0 {
		return false
	}
	// The ray from the corner's vertex to the position crosses no edge.
	ray := []int32{p.XY[2*b], p.XY[2*b+1], x, y}
	for e := 0; e < len(p.Segments); e += 4 {
		s := p.Segments[e : e+4]
		if Conflict(ray, s) || math.Abs(offLine(s, x, y)) < 20 {
			return false
		}
	}
	return true
}

// offLine is how far a position lies from the line through a segment.
func offLine(s []int32, x, y int32) float64 {
	dx, dy := float64(s[2]-s[0]), float64(s[3]-s[1])
	return (dx*float64(y-s[1]) - dy*float64(x-s[0])) / math.Hypot(dx, dy)
}

// Sides of one edge add up, whichever way they were given, and what cancels
// goes.
func TestCombine(t *testing.T) {
	got := Combine([]Side{
		NewSide(0, 0, 10, 0, 1, 1), NewSide(10, 0, 0, 0, 1, 1), // there and back
		NewSide(0, 0, 0, 5, 2, 1), NewSide(0, 0, 0, 5, 2, 1),
		NewSide(5, 5, 0, 0, 3, 1), NewSide(0, 0, 5, 5, 4, 1),
		NewSide(7, 7, 7, 7, 5, 1), // no edge
	})
	want := []Side{{0, 0, 0, 5, 2, 2}, {0, 0, 5, 5, 3, -1}, {0, 0, 5, 5, 4, 1}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Two squares with a gap under the distance are drawn together; with a wider gap
// they stay as they are. No position moves farther than the distance.
func TestSnapByDistance(t *testing.T) {
	const metre = 1e6 / MetresPerDegree // in millionths of a degree
	for _, tt := range []struct {
		gap, snap float64
		joined    bool
	}{{4, 5, true}, {6, 5, false}, {0, 5, true}, {90, 100, true}, {110, 100, false}} {
		gap := int32(math.Round(tt.gap * metre))
		sides := Combine(append(outline(0, 0, 0, 20_000, 0, 20_000, 20_000, 0, 20_000),
			outline(1, 0, 20_000+gap, 20_000, 20_000+gap, 20_000, 40_000, 0, 40_000)...))
		out := Snap(sides, tt.snap)
		open := 0
		_, begin := edgeList(out)
		for _, o := range unmatchedEdges(out, begin) {
			if o {
				open++
			}
		}
		if want := map[bool]int{true: 6, false: 8}[tt.joined]; open != want {
			t.Errorf("a gap of %g m snapped at %g m: %d open edges, want %d", tt.gap, tt.snap, open, want)
		}
		for _, s := range out {
			for _, y := range []int32{s.y1, s.y2} {
				if y != 0 && y != 40_000 && math.Abs(float64(y-20_000)) > float64(gap)+1 {
					t.Errorf("a position moved to %d", y)
				}
			}
		}
	}
}

func TestNodeStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := errors.New("stopped by hand")
	cancel(stopped)
	sides, _ := triangles(1, 5, 1000)
	if _, err := Node(ctx, Combine(sides)); !errors.Is(err, stopped) {
		t.Errorf("got %v", err)
	}
}
