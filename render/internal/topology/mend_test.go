package topology

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// noise moves the positions of some areas a little, each on its own, as hand
// drawing does: borders no longer match.
func noise(r *Rings, seed uint64, by int32) {
	rng := rand.New(rand.NewPCG(seed, 5))
	for ring := range len(r.Rings) - 1 {
		if ring%3 != 0 {
			continue
		}
		for i := r.Rings[ring] + 1; i < r.Rings[ring+1]; i++ {
			r.XY[2*i] += rng.Int32N(2*by+1) - by
			r.XY[2*i+1] += rng.Int32N(2*by+1) - by
		}
	}
}

func totalArea(ms []orb.MultiPolygon) float64 {
	var sum int64
	for _, m := range ms {
		sum += signedArea(m)
	}
	return float64(sum)
}

// However dirty: uncleaned polygons are valid, cleaned ones a coverage of
// nearly the same area without a gap or overlap.
func TestMendDirtyCoverages(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(25) {
		k := 4 + int(seed%6)
		r, _ := randomGrid(seed, k, 6, 0.1)
		clean := totalArea(mustBuild(t, r).Dissolve(identity(k*k), k*k))
		noise(r, seed, 120) // some 10 m
		dirty := mustBuild(t, r)
		if dirty.sound() {
			t.Fatalf("seed %d: noise made no overlap", seed)
		}
		as, found, err := dirty.Mend(ctx, MendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		overlaps := 0
		for _, f := range found {
			if f.Overlap {
				overlaps++
			}
			checkValid(t, f.Polygons)
			if len(f.Areas) < 2 || f.Closed {
				t.Fatalf("seed %d: mismatch %+v", seed, f)
			}
		}
		if overlaps == 0 {
			t.Fatalf("seed %d: no overlap found", seed)
		}
		for _, m := range as.Dissolve(identity(k*k), k*k) {
			checkValid(t, m)
		}
		all := make([]int32, k*k)
		for _, m := range as.Dissolve(all, 1) {
			checkValid(t, m)
		}
		mended, closed, err := dirty.Mend(ctx, MendOptions{Clean: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(closed) != len(found) {
			t.Errorf("seed %d: %d mismatches found, %d closed", seed, len(found), len(closed))
		}
		out := mended.Dissolve(identity(k*k), k*k)
		for _, m := range out {
			checkValid(t, m)
		}
		if got := totalArea(out); math.Abs(got-clean) > 2e-3*clean {
			t.Errorf("seed %d: area %g after cleaning, %g before the noise", seed, got, clean)
		}
		if again, left, err := mended.Mend(ctx, MendOptions{}); err != nil || again != mended || len(left) > 0 {
			t.Errorf("seed %d: %d mismatches left, %v", seed, len(left), err)
		}
	}
}

// Snapping wider than the noise gives nearly the neighbours there were.
func TestSnapDrawsBordersTogether(t *testing.T) {
	ctx := context.Background()
	r, _ := randomGrid(11, 6, 4, 0)
	before := mustBuild(t, r).Borders(true)
	noise(r, 11, 60)
	c, found, err := mustBuild(t, r).Mend(ctx, MendOptions{Snap: 25, Clean: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("%d mismatches after snapping", len(found))
	}
	after := c.Borders(true)
	for a := range 36 {
		want, _ := before.Of(a)
		got, metres := after.Of(a)
		for i, j := range want {
			k := -1
			for x := range got {
				if got[x] == j {
					k = x
				}
			}
			if k < 0 || metres[k] <= 0 {
				t.Errorf("area %d lost its neighbour %d (%d)", a, j, i)
			}
		}
	}
}

func squareRing(r *Rings, x, y, size int32) {
	r.XY = append(r.XY, x, y, x+size, y, x+size, y+size, x, y+size)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
}

// A position that only one of two neighbours has is no mismatch of area, and
// the border is found.
func TestExtraPositionOnABorder(t *testing.T) {
	var r Rings
	r.Start()
	squareRing(&r, 0, 0, 10_000)
	r.XY = append(r.XY, 10_000, 0, 20_000, 0, 20_000, 10_000, 10_000, 10_000, 10_000, 4_000)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
	c, found, err := mustBuild(t, &r).Mend(context.Background(), MendOptions{})
	if err != nil || len(found) > 0 {
		t.Fatalf("got %v, %v", found, err)
	}
	if js, m := c.Borders(true).Of(0); len(js) != 1 || m[0] < 1000 {
		t.Errorf("got neighbours %v, %v m", js, m)
	}
}

// A lake is no gap, a sliver is.
func TestGapsAndLakes(t *testing.T) {
	build := func(width int32) *Coverage {
		var r Rings
		r.Start()
		// Two halves of a square of some 20 km with a hole between them.
		mid, lo, hi := int32(100_000), int32(60_000), int32(140_000)
		r.XY = append(r.XY, 0, 0, mid, 0, mid, lo, mid-width, mid, mid, hi, mid, 200_000, 0, 200_000)
		r.EndRing()
		r.EndPolygon()
		r.EndArea()
		r.XY = append(r.XY, mid, 0, 200_000, 0, 200_000, 200_000, mid, 200_000, mid, hi, mid+width, mid, mid, lo)
		r.EndRing()
		r.EndPolygon()
		r.EndArea()
		return mustBuild(t, &r)
	}
	for _, tt := range []struct {
		width int32
		want  int
	}{{100, 1}, {40_000, 0}} {
		c, found, err := build(tt.width).Mend(context.Background(), MendOptions{Clean: true})
		if err != nil || len(found) != tt.want {
			t.Fatalf("hole of width %d: %d gaps, %v", 2*tt.width, len(found), err)
		}
		whole := c.Dissolve([]int32{0, 0}, 1)[0]
		if got := holes(whole); got != 1-tt.want {
			t.Errorf("hole of width %d: %d holes left", 2*tt.width, got)
		}
	}
}

// A ring that crosses itself comes out as valid polygons.
func TestBowTie(t *testing.T) {
	var r Rings
	r.Start()
	r.XY = append(r.XY, 0, 0, 10_000, 10_000, 10_000, 0, 0, 12_000)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
	c, _, err := mustBuild(t, &r).Mend(context.Background(), MendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := c.Dissolve([]int32{0}, 1)[0]
	checkValid(t, m)
	if len(m) != 2 {
		t.Errorf("got %d polygons, want the two halves", len(m))
	}
}

func TestCellsShareBorders(t *testing.T) {
	var mask Rings
	mask.Start()
	mask.XY = append(mask.XY, 0, 51_000_000, 500_000, 51_000_000, 600_000, 51_300_000, 250_000, 51_200_000, 0, 51_400_000)
	mask.EndRing()
	mask.EndPolygon()
	mask.EndArea()
	rng := rand.New(rand.NewPCG(1, 6))
	var points [][2]float64
	for range 200 {
		points = append(points, [2]float64{rng.Float64() * 0.6, 51 + rng.Float64()*0.4})
	}
	c, err := Cells(context.Background(), points, &mask)
	if err != nil {
		t.Fatal(err)
	}
	out := c.Dissolve(identity(200), 200)
	var sum int64
	for i, m := range out {
		checkValid(t, m)
		sum += signedArea(m)
		for _, p := range m {
			// The nearest point of a corner is no nearer than its own.
			for _, q := range p[0] {
				own := math.Hypot((q[0]-points[i][0])*0.63, q[1]-points[i][1])
				for _, o := range points {
					if d := math.Hypot((q[0]-o[0])*0.63, q[1]-o[1]); d < own-0.003 {
						t.Fatalf("cell %d reaches %v, %g nearer to another point", i, q, own-d)
					}
				}
			}
		}
	}
	if want := doubleArea(mask.XY); math.Abs(float64(sum-want)) > 1e-5*float64(want) {
		t.Errorf("cells cover %d, the mask %d", sum, want)
	}
	if !c.sound() {
		t.Error("cells overlap")
	}
}
