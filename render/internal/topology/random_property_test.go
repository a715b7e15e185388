package topology

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// An area united with others is the sum of its parts, exactly, and what is
// united in two steps is what is united in one.
func TestUnitedAreaIsTheSumOfItsParts(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 61))
		k, fine, coarse := 2+rng.IntN(8), 2+rng.IntN(6), 1+rng.IntN(3)
		r, _ := randomGrid(seed, k, rng.IntN(6), 0.2)
		c := mustBuild(t, r)
		group := randomGroups(rng, k*k, fine)
		upper := make([]int32, fine)
		for i := range upper {
			upper[i] = int32(rng.IntN(coarse))
		}
		composed := make([]int32, k*k)
		sum := make([]int64, coarse)
		cells := c.Dissolve(identity(k*k), k*k)
		for a := range composed {
			if composed[a] = -1; group[a] >= 0 {
				composed[a] = upper[group[a]]
				sum[composed[a]] += signedArea(cells[a])
			}
		}
		at := c.Dissolve(composed, coarse)
		steps := mustBuild(t, toRings(c.Dissolve(group, fine))).Dissolve(upper, coarse)
		for g := range at {
			if got := signedArea(at[g]); got != sum[g] {
				t.Fatalf("seed %d: group %d has doubled area %d, its parts %d", seed, g, got, sum[g])
			}
			if !sameRings(at[g], steps[g]) {
				t.Fatalf("seed %d: group %d in one step is %v, in two %v", seed, g, at[g], steps[g])
			}
		}
	}
}

// gridBorders counts, by looking at the grid itself, on how many sides each
// pair of groups meets.
func gridBorders(k int, land []bool, group []int32) map[[2]int32]int {
	out := map[[2]int32]int{}
	for a := range k * k {
		for _, b := range []int{a + 1, a + k} {
			if b >= k*k || b == a+1 && b%k == 0 || !land[a] || !land[b] {
				continue
			}
			g, h := min(group[a], group[b]), max(group[a], group[b])
			if g >= 0 && g != h {
				out[[2]int32{g, h}]++
			}
		}
	}
	return out
}

// The groups that touch are those whose cells share a side of the grid, sorted,
// and no other.
func TestGroupPairsAreThoseOfTheGrid(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 62))
		k, groups := 2+rng.IntN(8), 1+rng.IntN(7)
		r, land := randomGrid(seed, k, rng.IntN(4), 0.25)
		group := randomGroups(rng, k*k, groups)
		want := gridBorders(k, land, group)
		got := mustBuild(t, r).GroupPairs(group)
		if len(got) != len(want) || !slices.IsSortedFunc(got, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) }) {
			t.Fatalf("seed %d: pairs %v, want %v", seed, got, want)
		}
		for _, p := range got {
			if want[p] == 0 {
				t.Fatalf("seed %d: %v do not touch", seed, p)
			}
		}
	}
}

// Positions and arcs are counted as a plain look at the lines counts them.
func TestCountsOfPositions(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 63))
		k := 2 + rng.IntN(6)
		r, _ := randomGrid(seed, k, rng.IntN(6), 0.2)
		c := mustBuild(t, r)
		inArcs, inRings := 0, 0
		for arc := range c.Arcs() {
			inArcs += len(c.line(arc)) / 2
		}
		for a := range c.Areas() {
			for _, p := range c.Area(a) {
				for _, ring := range p {
					inRings += len(ring)
				}
			}
		}
		if c.Positions() != inArcs || c.RingPositions() != inRings || c.Areas() != k*k {
			t.Errorf("seed %d: %d positions in arcs, want %d; %d in rings, want %d", seed, c.Positions(), inArcs, c.RingPositions(), inRings)
		}
	}
}

// turnedRings is the same areas in another order, with rings that begin and turn
// otherwise, and the place of each area in it.
func turnedRings(rng *rand.Rand, r *Rings) (*Rings, []int32) {
	var other Rings
	other.Start()
	back := make([]int32, r.Len())
	for i, a := range rng.Perm(r.Len()) {
		back[a] = int32(i)
		for p := r.Areas[a]; p < r.Areas[a+1]; p++ {
			for ring := r.Polygons[p]; ring < r.Polygons[p+1]; ring++ {
				xy := slices.Clone(r.XY[2*r.Rings[ring] : 2*r.Rings[ring+1]])
				turn := 2 * rng.IntN(len(xy)/2)
				xy = append(xy[turn:], xy[:turn]...)
				if rng.IntN(2) == 0 {
					reversePairs(xy)
				}
				other.XY = append(other.XY, xy...)
				other.EndRing()
			}
			other.EndPolygon()
		}
		other.EndArea()
	}
	return &other, back
}

// Simplified areas are valid, lie in no other, and are the same positions
// however a file orders the areas and begins and turns their rings.
func TestSimplifiedInAnyOrder(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 64))
		k := 2 + rng.IntN(6)
		r, _ := randomGrid(seed, k, 6, 0.15)
		o := SimplifyOptions{Method: SimplifyMethod(rng.IntN(2)), Keep: 0.1 + 0.6*rng.Float64()}
		want := mustBuild(t, r).Simplify(o)
		cells := make([]orb.MultiPolygon, k*k)
		for a := range cells {
			cells[a] = want.Area(a)
			checkValid(t, cells[a])
		}
		turned, back := turnedRings(rng, r)
		c, err := Build(context.Background(), turned, back)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Simplify(o)
		for a := range cells {
			if !sameRings(got.Area(a), cells[a]) {
				t.Fatalf("seed %d, %+v: area %d is %v in one order, %v in another", seed, o, a, cells[a], got.Area(a))
			}
		}
		for range 100 {
			p := orb.Point{(float64(rng.IntN(20_000*(k+1))) + 0.37) / 1e6, 51 + (float64(rng.IntN(20_000*(k+1)))+0.41)/1e6}
			in := 0
			for _, m := range cells {
				if planar.MultiPolygonContains(m, p) {
					in++
				}
			}
			if in > 1 {
				t.Fatalf("seed %d: %v lies in %d areas once simplified", seed, p, in)
			}
		}
	}
}

// The more is kept, the more positions there are, down to what a ring needs.
func TestSimplifyKeepsMoreOfMore(t *testing.T) {
	for seed := range uint64(15) {
		r, _ := randomGrid(seed, 5, 12, 0.1)
		c := mustBuild(t, r)
		for _, method := range []SimplifyMethod{Visvalingam, DouglasPeucker} {
			last := 0
			for _, keep := range []float64{0.05, 0.2, 0.5, 0.8, 1} {
				n := c.Simplify(SimplifyOptions{Method: method, Keep: keep}).Positions()
				if n < last {
					t.Errorf("seed %d, method %v: %d positions for %v, %d for less", seed, method, n, keep, last)
				}
				last = n
			}
			if last != c.Positions() {
				t.Errorf("seed %d, method %v: keeping all keeps %d of %d", seed, method, last, c.Positions())
			}
		}
	}
}

// A coverage that is already clean is left as it is by mending.
func TestMendLeavesACleanCoverage(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 65))
		k := 2 + rng.IntN(6)
		r, _ := randomGrid(seed, k, rng.IntN(5), 0)
		c := mustBuild(t, r)
		m, found, err := mustBuild(t, r).Mend(context.Background(), MendOptions{Clean: true})
		if err != nil || len(found) > 0 {
			t.Fatalf("seed %d: found %+v, %v", seed, found, err)
		}
		for a := range c.Areas() {
			if !sameRings(c.Area(a), m.Area(a)) {
				t.Fatalf("seed %d: area %d was %v, is %v", seed, a, c.Area(a), m.Area(a))
			}
		}
	}
}

// rectangle adds one area that is a rectangle.
func rectangle(r *Rings, x0, y0, x1, y1 int32) {
	r.XY = append(r.XY, x0, y0, x1, y0, x1, y1, x0, y1)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
}

// Two rectangles that overlap in a strip: the strip is found with the areas that
// it lies in and its share of the smaller one, and cleaning gives it to one.
func TestMendMeasuresAnOverlap(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 66))
		left, right, high := 5000+rng.Int32N(5000), 5000+rng.Int32N(5000), 4000+rng.Int32N(8000)
		over := 50 + rng.Int32N(400)
		var r Rings
		r.Start()
		rectangle(&r, 0, 51_000_000, left, 51_000_000+high)
		rectangle(&r, left-over, 51_000_000, left-over+right, 51_000_000+high)
		c, found, err := mustBuild(t, &r).Mend(context.Background(), MendOptions{Clean: true})
		if err != nil || len(found) != 1 {
			t.Fatalf("seed %d: found %+v, %v", seed, found, err)
		}
		f := found[0]
		strip := 2 * int64(over) * int64(high)
		share := float64(over) / float64(min(left, right))
		if !f.Overlap || !slices.Equal(f.Areas, []int32{0, 1}) || signedArea(f.Polygons) != strip || math.Abs(f.Share-share) > 1e-9 {
			t.Errorf("seed %d: found %+v; want an area of %d, a share of %v", seed, f, strip, share)
		}
		whole := 2 * int64(high) * int64(left+right-over)
		if sum := signedArea(c.Area(0)) + signedArea(c.Area(1)); sum != whole {
			t.Errorf("seed %d: cleaned areas come to %d, want %d", seed, sum, whole)
		}
		if pairs := c.GroupPairs(identity(2)); len(pairs) != 1 {
			t.Errorf("seed %d: cleaned areas touch as %v", seed, pairs)
		}
	}
}

// A ring of rectangles around a slit: the gap is found with the areas around
// it, is as wide as it was made, and is gone once cleaned.
func TestMendFillsAGap(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 67))
		long, wide := 4000+rng.Int32N(6000), 10+rng.Int32N(60)
		const side, base = 3000, 51_000_000
		var r Rings
		r.Start()
		rectangle(&r, 0, base, long+2*side, base+side)                   // below
		rectangle(&r, 0, base+side+wide, long+2*side, base+2*side+wide)  // above
		rectangle(&r, 0, base+side, side, base+side+wide)                // to the left
		rectangle(&r, side+long, base+side, long+2*side, base+side+wide) // to the right
		c, found, err := mustBuild(t, &r).Mend(context.Background(), MendOptions{Clean: true})
		if err != nil {
			t.Fatal(err)
		}
		var gap *Mismatch
		for i := range found {
			if !found[i].Overlap && found[i].Closed {
				gap = &found[i]
			}
		}
		if gap == nil {
			t.Fatalf("seed %d: a slit of %d by %d is not found: %+v", seed, long, wide, found)
		}
		metres := float64(wide) * 111_195e-6
		if math.Abs(float64(signedArea(gap.Polygons))) != float64(2*int64(long)*int64(wide)) || math.Abs(gap.Width-metres) > 0.1*metres {
			t.Errorf("seed %d: gap %+v; want %g m wide", seed, *gap, metres)
		}
		whole := c.Dissolve(make([]int32, 4), 1)[0]
		if want := 2 * int64(long+2*side) * int64(2*side+wide); signedArea(whole) != want || holes(whole) != 0 {
			t.Errorf("seed %d: cleaned areas come to %d with %d holes, want %d", seed, signedArea(whole), holes(whole), want)
		}
	}
}

// A context that is done ends the work, with its cause.
func TestCancelled(t *testing.T) {
	r, _ := randomGrid(1, 20, 8, 0)
	ctx, stop := context.WithCancelCause(context.Background())
	stop(context.DeadlineExceeded)
	noise(r, 1, 300)
	c := mustBuild(t, r)
	if _, _, err := c.Mend(ctx, MendOptions{Clean: true}); err != context.DeadlineExceeded {
		t.Errorf("mending: got %v", err)
	}
	if _, err := Build(ctx, r, nil); err != context.DeadlineExceeded {
		t.Errorf("building: got %v", err)
	}
}
