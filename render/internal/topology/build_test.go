package topology

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// latticeRings is rectangles on a lattice, with a position at each point of it:
// they share borders, overlap, repeat and touch in points. Rings begin anywhere
// and run either way.
func latticeRings(seed uint64, areas int, size int32) *Rings {
	rng := rand.New(rand.NewPCG(seed, 7))
	var r Rings
	r.Start()
	ring := func(x1, y1, x2, y2 int32) {
		var ps [][2]int32
		for x := x1; x < x2; x++ {
			ps = append(ps, [2]int32{x, y1})
		}
		for y := y1; y < y2; y++ {
			ps = append(ps, [2]int32{x2, y})
		}
		for x := x2; x > x1; x-- {
			ps = append(ps, [2]int32{x, y2})
		}
		for y := y2; y > y1; y-- {
			ps = append(ps, [2]int32{x1, y})
		}
		k := rng.IntN(len(ps))
		ps = slices.Concat(ps[k:], ps[:k])
		if rng.IntN(2) == 0 {
			slices.Reverse(ps)
		}
		for _, p := range ps {
			r.XY = append(r.XY, 1000*p[0]-5000, 1000*p[1]-5000)
		}
		r.EndRing()
	}
	for range areas {
		for range 1 + rng.IntN(2) {
			x, y := rng.Int32N(size-4), rng.Int32N(size-4)
			x2, y2 := x+1+rng.Int32N(size-x-1), y+1+rng.Int32N(size-y-1)
			ring(x, y, x2, y2)
			if x2-x > 3 && y2-y > 3 && rng.IntN(2) == 0 {
				ring(x+1, y+1, x2-1-rng.Int32N(2), y2-1)
			}
			r.EndPolygon()
		}
		r.EndArea()
	}
	return &r
}

// canonical is a line the way round that comes first, and whether that is its
// own. A closed one begins at its lowest position unless it has a junction.
func canonical(line []uint64, free bool) (string, bool) {
	if free {
		line = line[:len(line)-1]
		k := slices.Index(line, slices.Min(line))
		line = slices.Concat(line[k:], line[:k+1])
	}
	back := slices.Clone(line)
	slices.Reverse(back)
	if slices.Compare(line, back) <= 0 {
		return fmt.Sprint(line), true
	}
	return fmt.Sprint(back), false
}

// plainArcs cuts rings at junctions with maps and nothing else: for each arc,
// how often each area lies on its left and on its right.
func plainArcs(r *Rings) map[string]map[string]int {
	near := map[uint64][2]uint64{}
	junction := map[uint64]bool{}
	ring := func(k int32) []uint64 {
		var ids []uint64
		for i := r.Rings[k]; i < r.Rings[k+1]; i++ {
			ids = append(ids, pack(r.XY[2*i], r.XY[2*i+1]))
		}
		return ids
	}
	for k := range int32(len(r.Rings) - 1) {
		ids := ring(k)
		n := len(ids)
		for i, v := range ids {
			p, q := ids[(i+n-1)%n], ids[(i+1)%n]
			pair := [2]uint64{min(p, q), max(p, q)}
			if old, ok := near[v]; !ok {
				near[v] = pair
			} else if old != pair {
				junction[v] = true
			}
		}
	}
	out := map[string]map[string]int{}
	for a := range int32(r.Len()) {
		for p := r.Areas[a]; p < r.Areas[a+1]; p++ {
			for k := r.Polygons[p]; k < r.Polygons[p+1]; k++ {
				ids := ring(k)
				left := (k == r.Polygons[p]) == (doubleArea(r.XY[2*r.Rings[k]:2*r.Rings[k+1]]) > 0)
				at := slices.IndexFunc(ids, func(v uint64) bool { return junction[v] })
				free := at < 0
				at = max(at, 0)
				ids = slices.Concat(ids[at:], ids[:at+1])
				for i, from := 1, 0; i < len(ids); i++ {
					if i < len(ids)-1 && !junction[ids[i]] {
						continue
					}
					key, own := canonical(ids[from:i+1], free)
					from = i
					if out[key] == nil {
						out[key] = map[string]int{}
					}
					out[key][sideName(a, left == own)]++
				}
			}
		}
	}
	return out
}

func sideName(area int32, left bool) string { return fmt.Sprint(area, " ", left) }

// Linked borders and filters find the arcs that plain maps find.
func TestBuildAgainstPlainArcs(t *testing.T) {
	inputs := map[string]*Rings{}
	for seed := range uint64(40) {
		inputs[fmt.Sprint("few ", seed)] = latticeRings(seed, 6, 12)
		inputs[fmt.Sprint("long ", seed)] = latticeRings(seed, 12, 90)
		inputs[fmt.Sprint("one and one ", seed)] = latticeRings(seed, 2, 6)
	}
	for seed := range uint64(5) {
		grid, _ := randomGrid(seed, 6, 11, 0.2)
		inputs[fmt.Sprint("grid ", seed)] = grid
	}
	for name, r := range inputs {
		want := plainArcs(r)
		xy := slices.Clone(r.XY)
		c, err := Build(context.Background(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.XY = xy
		got := map[string]map[string]int{}
		put := func(arc int, area int32, left bool) {
			l := c.line(arc)
			var ids []uint64
			for i := 0; i < len(l); i += 2 {
				ids = append(ids, pack(l[i], l[i+1]))
			}
			key, own := canonical(ids, false)
			if c.from[arc] == c.to[arc] && want[key] == nil {
				key, own = canonical(ids, true)
			}
			if got[key] == nil {
				got[key] = map[string]int{}
			}
			got[key][sideName(area, left == own)]++
		}
		for k := range c.Arcs() {
			if c.left[k] >= 0 {
				put(k, c.left[k], true)
			}
			if c.right[k] >= 0 {
				put(k, c.right[k], false)
			}
		}
		for _, w := range c.crowded {
			put(int(w.arc), w.area, w.left)
		}
		if c.Arcs() != len(want) || !maps.EqualFunc(got, want, maps.Equal) {
			t.Errorf("%s: got %d arcs, want %d", name, c.Arcs(), len(want))
		}
	}
}

// Very many arcs out of one position are found as well.
func TestManyArcsAtOnePosition(t *testing.T) {
	var r Rings
	r.Start()
	const n = 100
	for i := range int32(n) {
		// Triangles with a corner in common, and each a border with the next.
		r.XY = append(r.XY, 0, 0, 10_000-100*i, 1000+100*i, 10_000-100*(i+1), 1000+100*(i+1))
		r.EndRing()
		r.EndPolygon()
		r.EndArea()
	}
	c := mustBuild(t, &r)
	if want := 2*n - 1; c.Arcs() != want {
		t.Errorf("got %d arcs, want %d", c.Arcs(), want)
	}
	if m := c.Dissolve(make([]int32, n), 1)[0]; len(m) != 1 || len(m[0]) != 1 || len(m[0][0]) != n+3 {
		t.Errorf("got %v", m)
	}
}

func BenchmarkBuild(b *testing.B) {
	r, _ := randomGrid(1, 60, 25, 0.05)
	b.SetBytes(int64(4 * len(r.XY)))
	b.ReportAllocs()
	for b.Loop() {
		mustBuild(b, r)
	}
}
