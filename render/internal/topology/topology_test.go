package topology

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

func identity(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// Whatever the groups: the result is valid, its areas add up exactly, and it is
// a coverage again.
func TestDissolveIsValidAndExact(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		k, groups := 3+rng.IntN(10), 1+rng.IntN(6)
		r, _ := randomGrid(seed, k, rng.IntN(6), 0.2)
		c := mustBuild(t, r)
		cells := c.Dissolve(identity(k*k), k*k)
		group := make([]int32, k*k)
		want := make([]int64, groups)
		for a := range group {
			group[a] = int32(rng.IntN(groups+1)) - 1
			if group[a] >= 0 {
				want[group[a]] += signedArea(cells[a])
			}
		}
		out := c.Dissolve(group, groups)
		for g, m := range out {
			checkValid(t, m)
			if got := signedArea(m); got != want[g] {
				t.Fatalf("seed %d, group %d: got doubled area %d, want %d", seed, g, got, want[g])
			}
		}
		again := mustBuild(t, toRings(out))
		if mended, found, err := again.Mend(context.Background(), MendOptions{}); err != nil || mended != again || len(found) > 0 {
			t.Fatalf("seed %d: dissolved groups are no coverage: %d mismatches, %v", seed, len(found), err)
		}
	}
}

// Dissolving in two steps is dissolving at once.
func TestDissolveTwice(t *testing.T) {
	r, _ := randomGrid(7, 12, 3, 0.1)
	c := mustBuild(t, r)
	first, second, direct := make([]int32, 144), make([]int32, 20), make([]int32, 144)
	for a := range first {
		first[a] = int32(a % 20)
		direct[a] = first[a] % 4
	}
	for g := range second {
		second[g] = int32(g % 4)
	}
	middle := mustBuild(t, toRings(c.Dissolve(first, 20)))
	a, b := middle.Dissolve(second, 4), c.Dissolve(direct, 4)
	for g := range a {
		if !orb.Equal(a[g], b[g]) {
			t.Errorf("group %d differs", g)
		}
	}
}

func TestGroupsOutOfRangeAreLeftOut(t *testing.T) {
	r, _ := randomGrid(1, 3, 0, 0)
	c := mustBuild(t, r)
	out := c.Dissolve([]int32{0, 5, -7}, 2) // and six areas without a group
	if len(out) != 2 || len(out[0]) != 1 || out[1] != nil {
		t.Errorf("got %v", out)
	}
}

func TestCutSpikes(t *testing.T) {
	tests := []struct {
		name      string
		ids, want []int32
	}{
		{"clean", []int32{1, 2, 3, 4}, []int32{1, 2, 3, 4}},
		{"repeated", []int32{1, 2, 2, 3, 4, 1}, []int32{1, 2, 3, 4}},
		{"spike within", []int32{1, 2, 9, 2, 3}, []int32{1, 2, 3}},
		{"long spike", []int32{1, 2, 8, 9, 8, 2, 3}, []int32{1, 2, 3}},
		{"spike at the start", []int32{9, 1, 2, 3, 1}, []int32{1, 2, 3}},
		{"spike at the end", []int32{1, 2, 3, 1, 9}, []int32{1, 2, 3}},
		{"nothing but a spike", []int32{1, 2, 3, 2}, nil},
		{"two positions", []int32{1, 2}, nil},
		{"nothing", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var xy []int32
			for _, id := range tt.ids {
				xy = append(xy, id, -id)
			}
			if spiky := hasSpikes(xy); spiky == (len(tt.want) > 0 && slices.Equal(tt.ids, tt.want)) {
				t.Errorf("spikes: got %v", spiky)
			}
			var got []int32
			left := cutSpikes(xy)
			for i := 0; i < len(left); i += 2 {
				if left[i+1] != -left[i] {
					t.Fatalf("got %v", left)
				}
				got = append(got, left[i])
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Simplified to any degree, a coverage stays one: no crossing, no gap, no
// overlap, no polygon or hole lost, every area valid.
func TestSimplifyKeepsTheCoverage(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		k := 3 + rng.IntN(8)
		r, _ := randomGrid(seed, k, 8, 0.15)
		cells := mustBuild(t, r)
		group := make([]int32, k*k)
		for a := range group {
			group[a] = int32(rng.IntN(5))
		}
		c := mustBuild(t, toRings(cells.Dissolve(group, 5)))
		before := c.Dissolve(identity(5), 5)
		for _, o := range []SimplifyOptions{
			{Keep: 0.5}, {Keep: 0.1}, {Keep: 1e-9}, {Keep: 0.1, Method: DouglasPeucker}, {Tolerance: 1e6}, {Tolerance: 1e6, Method: DouglasPeucker},
		} {
			s := c.Simplify(o)
			if s.Positions() >= c.Positions() {
				t.Fatalf("seed %d, %+v: %d positions of %d", seed, o, s.Positions(), c.Positions())
			}
			after := s.Dissolve(identity(5), 5)
			for g := range after {
				checkValid(t, after[g])
				if len(after[g]) != len(before[g]) || holes(after[g]) != holes(before[g]) {
					t.Fatalf("seed %d, %+v, group %d: %d polygons and %d holes, want %d and %d",
						seed, o, g, len(after[g]), holes(after[g]), len(before[g]), holes(before[g]))
				}
			}
			if !s.sound() {
				t.Fatalf("seed %d, %+v: overlaps", seed, o)
			}
		}
	}
}

func holes(m orb.MultiPolygon) int {
	n := 0
	for _, p := range m {
		n += len(p) - 1
	}
	return n
}

func TestSimplifyToNothingNeeded(t *testing.T) {
	r, _ := randomGrid(3, 5, 4, 0)
	c := mustBuild(t, r)
	if s := c.Simplify(SimplifyOptions{Keep: 1}); !slices.Equal(s.xy, c.xy) {
		t.Error("keeping everything changed something")
	}
}

// A mainland whose coast, simplified, would run over an island offshore.
func TestSimplifyDoesNotSwallowIslands(t *testing.T) {
	var r Rings
	r.Start()
	// A bay 2,000 wide with an island in it.
	r.XY = append(r.XY, 0, 0, 10_000, 0, 10_000, 10_000, 6_000, 10_000, 6_000, 4_000, 4_000, 4_000, 4_000, 10_000, 0, 10_000)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
	r.XY = append(r.XY, 4_500, 6_000, 5_500, 6_000, 5_000, 7_000)
	r.EndRing()
	r.EndPolygon()
	r.EndArea()
	for _, m := range []SimplifyMethod{Visvalingam, DouglasPeucker} {
		s := mustBuild(t, &r).Simplify(SimplifyOptions{Method: m, Tolerance: 1e6})
		if !s.sound() {
			t.Errorf("method %d: the island lies in the mainland", m)
		}
	}
}

func TestZeroCoverage(t *testing.T) {
	var r Rings
	r.Start()
	c := mustBuild(t, &r)
	if out := c.Dissolve(nil, 0); len(out) != 0 {
		t.Errorf("got %v", out)
	}
	if m, found, err := c.Mend(context.Background(), MendOptions{Snap: 1, Clean: true}); err != nil || len(found) > 0 || m.Areas() != 0 {
		t.Errorf("got %v, %v", found, err)
	}
	c.Simplify(SimplifyOptions{Keep: 0.5})
}

func BenchmarkBuildAndDissolve(b *testing.B) {
	for _, k := range []int{20, 80, 190} {
		b.Run(fmt.Sprintf("areas=%d", k*k), func(b *testing.B) {
			r, _ := randomGrid(1, k, 25, 0.02)
			group := make([]int32, k*k)
			for a := range group {
				group[a] = int32(a * 42 / (k * k))
			}
			b.SetBytes(int64(4 * len(r.XY)))
			for b.Loop() {
				mustBuild(b, r).Dissolve(group, 42)
			}
		})
	}
}

func BenchmarkSimplify(b *testing.B) {
	r, _ := randomGrid(1, 80, 25, 0.02)
	c := mustBuild(b, r)
	for b.Loop() {
		c.Simplify(SimplifyOptions{Keep: 0.1})
	}
}

// The threshold is the rank that sorting finds.
func TestThreshold(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := 1; n < 3000; n = n*3 + 1 {
		s := &simplifier{}
		var inner []float64
		for i := range n {
			r := math.Round(math.Exp(20*rng.Float64()-10)*8) / 8 // many alike
			if i%7 == 0 {
				r = math.Inf(1)
			} else {
				inner = append(inner, r)
			}
			s.rank = append(s.rank, r)
		}
		slices.Sort(inner)
		for _, share := range []float64{0.001, 0.1, 0.5, 0.99, 1} {
			want := math.Inf(-1)
			if cut := len(inner) - int(math.Round(share*float64(len(inner)))); cut >= len(inner) && cut > 0 {
				want = math.MaxFloat64
			} else if cut > 0 {
				want = inner[cut-1]
			}
			if got := s.threshold(share); got != want {
				t.Errorf("%v of %d: %v, want %v", share, n, got, want)
			}
		}
	}
}
