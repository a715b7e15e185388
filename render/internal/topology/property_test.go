package topology

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"stpmap/render/internal/geodesy"
)

// randomGroups puts each of n areas into a group, some into none.
func randomGroups(rng *rand.Rand, n, groups int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(rng.IntN(groups+1)) - 1
	}
	return out
}

// The symmetric difference of a group and its areas is empty: wherever a
// position lies, it is in a group exactly where it is in one of its areas.
func TestDissolveHoldsWhatItsPartsHold(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 31))
		k, groups := 3+rng.IntN(6), 1+rng.IntN(4)
		r, _ := randomGrid(seed, k, 4, 0.2)
		c := mustBuild(t, r)
		group := randomGroups(rng, k*k, groups)
		cells, out := c.Dissolve(identity(k*k), k*k), c.Dissolve(group, groups)
		inside := 0
		for range 400 {
			// Between the grid's millionths, so that no position is on a border.
			p := orb.Point{
				(float64(rng.IntN(20_000*(k+1))) + 0.37) / 1e6,
				51 + (float64(rng.IntN(20_000*(k+1)))+0.41)/1e6,
			}
			want := int32(-1)
			for a, m := range cells {
				if planar.MultiPolygonContains(m, p) {
					want = group[a]
				}
			}
			for g, m := range out {
				if planar.MultiPolygonContains(m, p) != (int32(g) == want) {
					t.Fatalf("seed %d: %v lies in group %d by its area, and group %d disagrees", seed, p, want, g)
				}
			}
			if want >= 0 {
				inside++
			}
		}
		if inside == 0 {
			t.Errorf("seed %d: no position lay in a group", seed)
		}
	}
}

// perimeter is the length of all rings in metres.
func perimeter(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range m {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				sum += geodesy.Length(r[i-1][0], r[i-1][1], r[i][0], r[i][1])
			}
		}
	}
	return sum
}

func lineLength(m orb.MultiLineString) float64 {
	sum := 0.0
	for _, l := range m {
		for i := 1; i < len(l); i++ {
			sum += geodesy.Length(l[i-1][0], l[i-1][1], l[i][0], l[i][1])
		}
	}
	return sum
}

// Every border is in the outlines of two groups and every coast in one: the
// outlines of all groups are the coast and twice the borders.
func TestOutlinesAreCoastAndBorders(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 32))
		k, groups := 2+rng.IntN(8), 1+rng.IntN(5)
		r, _ := randomGrid(seed, k, rng.IntN(5), 0.2)
		c := mustBuild(t, r)
		group := make([]int32, k*k)
		for a := range group {
			group[a] = int32(rng.IntN(groups))
		}
		outlines := 0.0
		for _, m := range c.Dissolve(group, groups) {
			outlines += perimeter(m)
		}
		coast := perimeter(c.Dissolve(make([]int32, k*k), 1)[0])
		borders, lines := 0.0, 0.0
		for _, b := range c.BorderLines(group) {
			if b.A >= b.B {
				t.Fatalf("seed %d: border of %d and %d", seed, b.A, b.B)
			}
			borders += b.Metres
			lines += lineLength(b.Line)
		}
		if math.Abs(outlines-coast-2*borders) > 1e-6*outlines || math.Abs(lines-borders) > 1e-6*borders {
			t.Errorf("seed %d: outlines %g, coast %g, borders %g, their lines %g", seed, outlines, coast, borders, lines)
		}
	}
}

// Pairs of groups are those of the borders between them, and an area's
// neighbours those that share an edge with it.
func TestBordersAndNeighboursAgree(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 33))
		k := 2 + rng.IntN(8)
		r, land := randomGrid(seed, k, rng.IntN(4), 0.2)
		c := mustBuild(t, r)
		var lines [][2]int32
		for _, b := range c.BorderLines(identity(k * k)) {
			lines = append(lines, [2]int32{b.A, b.B})
		}
		if pairs := c.GroupPairs(identity(k * k)); !slices.Equal(pairs, lines) {
			t.Fatalf("seed %d: pairs %v, borders %v", seed, pairs, lines)
		}
		near := c.Borders(true)
		for a := range k * k {
			var want []int32
			for _, b := range []int{a - k, a - 1, a + 1, a + k} {
				if b >= 0 && b < k*k && (b/k == a/k || b%k == a%k) && land[a] && land[b] {
					want = append(want, int32(b))
				}
			}
			got, metres := near.Of(a)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: area %d has neighbours %v, want %v", seed, a, got, want)
			}
			for i, b := range got {
				back, theirs := near.Of(int(b))
				if j, ok := slices.BinarySearch(back, int32(a)); !ok || theirs[j] != metres[i] || metres[i] <= 0 {
					t.Fatalf("seed %d: the border of %d and %d is %g m one way", seed, a, b, metres[i])
				}
			}
		}
	}
}

// However the areas are ordered and their rings begin and turn, the borders of
// groups are the same positions.
func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 34))
		k := 2 + rng.IntN(6)
		r, _ := randomGrid(seed, k, 3, 0.15)
		want := mustBuild(t, r).Dissolve(identity(k*k), k*k)
		order := make([]int32, k*k) // place of each area
		for i, p := range rng.Perm(k * k) {
			order[i] = int32(p)
		}
		var other Rings
		other.Start()
		for _, a := range order {
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
		back := make([]int32, k*k)
		for i, a := range order {
			back[a] = int32(i)
		}
		c, err := Build(context.Background(), &other, back)
		if err != nil {
			t.Fatal(err)
		}
		for a, m := range c.Dissolve(identity(k*k), k*k) {
			if !sameRings(m, want[a]) {
				t.Fatalf("seed %d: area %d is %v, want %v", seed, a, m, want[a])
			}
		}
	}
}

// sameRings compares polygons whose rings may begin elsewhere.
func sameRings(a, b orb.MultiPolygon) bool {
	names := func(m orb.MultiPolygon) []string {
		var out []string
		for _, p := range m {
			for _, r := range p {
				r = r[:len(r)-1]
				least := 0
				for i := range r {
					if slices.Compare(r[i][:], r[least][:]) < 0 {
						least = i
					}
				}
				out = append(out, fmt.Sprint(append(slices.Clone(r[least:]), r[:least]...)))
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(names(a), names(b))
}

// Simplified areas still add up: all of them together are what they are one by
// one, and no position is new.
func TestSimplifiedAreasAddUp(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 35))
		k := 3 + rng.IntN(6)
		r, _ := randomGrid(seed, k, 6, 0.2)
		c := mustBuild(t, r)
		known := map[orb.Point]bool{}
		for _, m := range c.Dissolve(identity(k*k), k*k) {
			for _, p := range m {
				for _, q := range p[0] {
					known[q] = true
				}
			}
		}
		before := c.Positions()
		for _, keep := range []float64{0.9, 0.6, 0.3, 0.1} {
			for _, method := range []SimplifyMethod{Visvalingam, DouglasPeucker} {
				s := c.Simplify(SimplifyOptions{Keep: keep, Method: method})
				var sum int64
				for _, m := range s.Dissolve(identity(k*k), k*k) {
					sum += signedArea(m)
					for _, p := range m {
						for _, q := range p[0] {
							if !known[q] {
								t.Fatalf("seed %d: %v is a new position", seed, q)
							}
						}
					}
				}
				whole := s.Dissolve(make([]int32, k*k), 1)[0]
				if got := signedArea(whole); got != sum {
					t.Errorf("seed %d, keep %g by %v: together %d, one by one %d", seed, keep, method, got, sum)
				}
				if s.Positions() > before {
					t.Errorf("seed %d, keep %g: %d positions of %d", seed, keep, s.Positions(), before)
				}
				if !slices.Equal(s.GroupPairs(identity(k*k)), c.GroupPairs(identity(k*k))) {
					t.Errorf("seed %d, keep %g by %v: other neighbours", seed, keep, method)
				}
			}
		}
	}
}

// distanceTo is how far, in millionths of a degree, a position lies from a line.
func distanceTo(l [][2]float64, p [2]float64) float64 {
	best := math.Inf(1)
	for i := 1; i < len(l); i++ {
		dx, dy := l[i][0]-l[i-1][0], l[i][1]-l[i-1][1]
		u := 0.0
		if n := dx*dx + dy*dy; n > 0 {
			u = max(0, min(1, ((p[0]-l[i-1][0])*dx+(p[1]-l[i-1][1])*dy)/n))
		}
		best = min(best, math.Hypot(p[0]-l[i-1][0]-u*dx, p[1]-l[i-1][1]-u*dy))
	}
	return best
}

// With a tolerance no position of a border lies farther from the simplified line
// than the tolerance, by Douglas and Peucker's rule.
func TestDouglasPeuckerKeepsItsTolerance(t *testing.T) {
	for seed := range uint64(20) {
		r, _ := randomGrid(seed, 4, 8, 0)
		c := mustBuild(t, r)
		for _, metres := range []float64{10, 50, 150} {
			s := c.Simplify(SimplifyOptions{Tolerance: metres, Method: DouglasPeucker})
			if s.Arcs() != c.Arcs() {
				t.Fatalf("seed %d: %d arcs of %d", seed, s.Arcs(), c.Arcs())
			}
			// Metres are measured with longitudes shrunk as in each arc's middle.
			for k := range c.Arcs() {
				full, thin := c.line(k), s.line(k)
				lat := (float64(full[1]) + float64(full[len(full)-1])) / 2e6
				plane := func(xy []int32) (out [][2]float64) {
					for i := 0; i < len(xy); i += 2 {
						out = append(out, [2]float64{float64(xy[i]) * math.Cos(lat*math.Pi/180), float64(xy[i+1])})
					}
					return out
				}
				line := plane(thin)
				for _, p := range plane(full) {
					if d := distanceTo(line, p) * 111_195e-6; d > metres*1.01 {
						t.Fatalf("seed %d, arc %d: a position lies %g m off, %g m allowed", seed, k, d, metres)
					}
				}
			}
		}
	}
}

// Cleaning gives a coverage whatever overlaps and gaps there were: areas add up
// to what all of them cover, and where nothing was wrong nothing changes.
func TestCleanedAreasAddUp(t *testing.T) {
	for seed := range uint64(30) {
		k := 3 + int(seed%5)
		r, _ := randomGrid(seed, k, 4, 0.1)
		noise(r, seed, 10+int32(seed)*20)
		c, _, err := mustBuild(t, r).Mend(context.Background(), MendOptions{Clean: true})
		if err != nil {
			t.Fatal(err)
		}
		var sum int64
		cells := c.Dissolve(identity(k*k), k*k)
		for _, m := range cells {
			checkValid(t, m)
			sum += signedArea(m)
		}
		if got := signedArea(c.Dissolve(make([]int32, k*k), 1)[0]); got != sum {
			t.Errorf("seed %d: together %d, one by one %d", seed, got, sum)
		}
		boxes := c.Boxes()
		for a, m := range cells {
			if len(m) == 0 {
				if boxes[a][0] <= boxes[a][2] {
					t.Errorf("seed %d: a box around nothing: %v", seed, boxes[a])
				}
				continue
			}
			b := m.Bound()
			if want := [4]int32{micro(b.Min[0]), micro(b.Min[1]), micro(b.Max[0]), micro(b.Max[1])}; boxes[a] != want {
				t.Errorf("seed %d: box %v, want %v", seed, boxes[a], want)
			}
		}
	}
}

// A gap between two borders that is open at both ends is told from a coast by
// how long and narrow it is.
func TestOpenGaps(t *testing.T) {
	const metre = 1e6 / 111_195.0
	for _, tt := range []struct {
		name        string
		width, long float64 // metres
		want        int
	}{
		{"narrow and long", 20, 2000, 1},
		{"too wide", 80, 4000, 0},
		{"too short", 20, 700, 0},
		{"touching", 0, 2000, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var r Rings
			r.Start()
			long, wide := int32(tt.long*metre), int32(tt.width*metre)
			for _, y := range []int32{51_000_000, 51_000_000 + 10_000 + wide} {
				for i := int32(0); i <= 20; i++ {
					r.XY = append(r.XY, 2*long*i/20, y)
				}
				for i := int32(20); i >= 0; i-- {
					r.XY = append(r.XY, 2*long*i/20, y+10_000)
				}
				r.EndRing()
				r.EndPolygon()
				r.EndArea()
			}
			gaps := mustBuild(t, &r).OpenGaps()
			if len(gaps) != tt.want {
				t.Fatalf("got %+v, want %d", gaps, tt.want)
			}
			for _, g := range gaps {
				// A degree of longitude is 0.63 of one of latitude here.
				if g.A != 0 || g.B != 1 || math.Abs(g.WidthM-tt.width) > 0.1*tt.width || math.Abs(g.LengthM-2*0.629*tt.long) > 0.15*tt.long {
					t.Errorf("got %+v", g)
				}
			}
		})
	}
}

// A cell of every point holds that point, and positions lie in the cell of the
// point nearest to them.
func TestCellsAreNearest(t *testing.T) {
	var mask Rings
	mask.Start()
	mask.XY = append(mask.XY, 0, 51_000_000, 400_000, 51_000_000, 400_000, 51_300_000, 0, 51_300_000)
	mask.EndRing()
	mask.EndPolygon()
	mask.EndArea()
	shrink := math.Cos(51.15 * math.Pi / 180)
	for _, n := range []int{1, 2, 3, 10, 60} {
		rng := rand.New(rand.NewPCG(uint64(n), 36))
		var points [][2]float64
		for range n {
			points = append(points, [2]float64{0.01 + rng.Float64()*0.38, 51.01 + rng.Float64()*0.28})
		}
		c, err := Cells(context.Background(), points, &mask)
		if err != nil {
			t.Fatal(err)
		}
		cells := c.Dissolve(identity(n), n)
		for i, p := range points {
			if !planar.MultiPolygonContains(cells[i], orb.Point(p)) {
				t.Errorf("%d points: cell %d does not hold its point", n, i)
			}
		}
		for range 300 {
			q := orb.Point{rng.Float64() * 0.4, 51 + rng.Float64()*0.3}
			best, second, at := math.Inf(1), math.Inf(1), 0
			for i, p := range points {
				d := math.Hypot((q[0]-p[0])*shrink, q[1]-p[1])
				if d < best {
					best, second, at = d, best, i
				} else {
					second = min(second, d)
				}
			}
			if second-best > 1e-5 && !planar.MultiPolygonContains(cells[at], q) {
				t.Errorf("%d points: %v is nearest to %d and not in its cell", n, q, at)
			}
		}
	}
}
