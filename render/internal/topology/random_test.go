package topology

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/linework"
)

// randomGrid is k × k cells with wiggling borders that neighbours share, each
// an area; cells of water are left out.
func randomGrid(seed uint64, k, wiggles int, water float64) (*Rings, []bool) {
	rng := rand.New(rand.NewPCG(seed, 1))
	const size = 20_000
	corner := make([][2]int32, (k+1)*(k+1))
	for i := range corner {
		corner[i] = [2]int32{int32(i%(k+1))*size + rng.Int32N(size/4), 51_000_000 + int32(i/(k+1))*size + rng.Int32N(size/4)}
	}
	type edge struct{ a, b int }
	lines := map[edge][][2]int32{}
	line := func(a, b int) [][2]int32 {
		flip := a > b
		if flip {
			a, b = b, a
		}
		l, ok := lines[edge{a, b}]
		if !ok {
			p, q := corner[a], corner[b]
			l = append(l, p)
			for w := 1; w <= wiggles; w++ {
				// Across the edge by less than a quarter of a cell, so that no
				// two borders meet.
				dx, dy := (q[0]-p[0])/int32(wiggles+1), (q[1]-p[1])/int32(wiggles+1)
				off := rng.Int32N(size/8) - size/16
				if w == 1 || w == wiggles {
					off /= 8
				}
				x, y := p[0]+int32(w)*dx, p[1]+int32(w)*dy
				if b-a == 1 {
					y += off
				} else {
					x += off
				}
				l = append(l, [2]int32{x, y})
			}
			l = append(l, q)
			lines[edge{a, b}] = l
		}
		if flip {
			r := make([][2]int32, len(l))
			for i := range l {
				r[len(l)-1-i] = l[i]
			}
			return r
		}
		return l
	}
	var r Rings
	r.Start()
	land := make([]bool, k*k)
	for c := range land {
		land[c] = rng.Float64() >= water
		if land[c] {
			a := c/k*(k+1) + c%k
			path := []int{a, a + 1, a + k + 2, a + k + 1, a}
			if rng.IntN(2) == 0 { // either winding
				path = []int{a, a + k + 1, a + k + 2, a + 1, a}
			}
			for i := range 4 {
				l := line(path[i], path[i+1])
				for _, p := range l[:len(l)-1] {
					r.XY = append(r.XY, p[0], p[1])
				}
			}
			r.EndRing()
			r.EndPolygon()
		}
		r.EndArea()
	}
	return &r, land
}

func mustBuild(t testing.TB, r *Rings) *Coverage {
	t.Helper()
	xy := append([]int32(nil), r.XY...)
	c, err := Build(context.Background(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.XY = xy
	return c
}

// toRings turns polygons back into integers.
func toRings(areas []orb.MultiPolygon) *Rings {
	var r Rings
	r.Start()
	for _, m := range areas {
		for _, p := range m {
			for _, ring := range p {
				for _, q := range ring[:len(ring)-1] {
					r.XY = append(r.XY, micro(q[0]), micro(q[1]))
				}
				r.EndRing()
			}
			r.EndPolygon()
		}
		r.EndArea()
	}
	return &r
}

func micro(v float64) int32 {
	if v < 0 {
		return -int32(-v*1e6 + 0.5)
	}
	return int32(v*1e6 + 0.5)
}

// signedArea is twice the area of polygons in square millionths, holes off.
func signedArea(m orb.MultiPolygon) int64 {
	var sum int64
	for _, p := range m {
		for _, r := range p {
			xy := make([]int32, 0, 2*len(r))
			for _, q := range r[:len(r)-1] {
				xy = append(xy, micro(q[0]), micro(q[1]))
			}
			sum += doubleArea(xy)
		}
	}
	return sum
}

// checkValid fails unless polygons are valid as OGC 06-103r4 has it: rings
// closed, wound right, meeting no position twice, nowhere crossing or running
// along each other, holes inside their shells.
func checkValid(t *testing.T, m orb.MultiPolygon) {
	t.Helper()
	var segments []int32
	for _, p := range m {
		shell := ringInts(p[0])
		for i, r := range p {
			xy := ringInts(r)
			if r[0] != r[len(r)-1] || len(r) < 4 {
				t.Fatalf("ring %v", r)
			}
			if area := doubleArea(xy); (area > 0) != (i == 0) || area == 0 {
				t.Fatalf("ring %d of polygon has doubled area %d", i, area)
			}
			seen := map[[2]int32]bool{}
			inside := i == 0
			for k := 0; k < len(xy); k += 2 {
				q := [2]int32{xy[k], xy[k+1]}
				if seen[q] {
					t.Fatalf("ring meets %v twice", q)
				}
				seen[q] = true
				j := (k + 2) % len(xy)
				segments = append(segments, xy[k], xy[k+1], xy[j], xy[j+1])
				inside = inside || within(shell, q[0], q[1])
			}
			if !inside {
				t.Fatalf("hole %v outside its shell", r)
			}
		}
	}
	if len(segments) == 0 {
		return
	}
	linework.NewTree(segments).Pairs(func(i, j int32) {
		if linework.Conflict(segments[4*i:4*i+4], segments[4*j:4*j+4]) {
			t.Fatalf("segments %v and %v conflict", segments[4*i:4*i+4], segments[4*j:4*j+4])
		}
	})
}

func ringInts(r orb.Ring) []int32 {
	var xy []int32
	for _, q := range r[:len(r)-1] {
		xy = append(xy, micro(q[0]), micro(q[1]))
	}
	return xy
}
