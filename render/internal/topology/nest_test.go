package topology

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// ringsOf puts closed lines, without their last position, into one polygon each.
func ringsOf(lines ...[]int32) *Rings {
	r := &Rings{}
	r.Start()
	for _, l := range lines {
		r.XY = append(r.XY, l...)
		r.EndRing()
		r.EndPolygon()
	}
	r.EndArea()
	return r
}

func squareLine(x, y, side int32) []int32 {
	return []int32{x, y, x + side, y, x + side, y + side, x, y + side}
}

func reversed(xy []int32) []int32 {
	var out []int32
	for i := len(xy) - 2; i >= 0; i -= 2 {
		out = append(out, xy[i], xy[i+1])
	}
	return out
}

func TestNest(t *testing.T) {
	big, lake, island, other := squareLine(0, 0, 100), squareLine(10, 10, 50), squareLine(20, 20, 10), squareLine(200, 0, 30)
	tests := []struct {
		name  string
		rings *Rings
		hole  []bool
		in    []int32
	}{
		{"as a Shapefile should be", ringsOf(reversed(big), lake, reversed(island), reversed(other)), []bool{false, true, false, false}, []int32{-1, 0, 1, -1}},
		{"all in one direction", ringsOf(big, lake, island, other), []bool{false, true, false, false}, []int32{-1, 0, 1, -1}},
		{"smallest first", ringsOf(island, other, lake, big), []bool{false, false, true, false}, []int32{2, -1, 3, -1}},
		{"an island that runs as a hole", ringsOf(big, reversed(other)), []bool{false, false}, []int32{-1, -1}},
		{"a hole that touches the shell along an edge", ringsOf(big, squareLine(0, 0, 40)), []bool{false, true}, []int32{-1, 0}},
		{"islands that touch", ringsOf(squareLine(0, 0, 40), squareLine(40, 0, 30)), []bool{false, false}, []int32{-1, -1}},
		{"a hole as large as the shell", ringsOf(big, reversed(big)), []bool{false, true}, []int32{-1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.rings.Nest(0, int32(len(tt.hole)))
			if !ok {
				t.Fatal("took too long")
			}
			for k, g := range got {
				if g.Hole != tt.hole[k] || g.In != tt.in[k] || g.Repeat || g.Crosses {
					t.Errorf("ring %d: got %+v, want hole %t in %d", k, g, tt.hole[k], tt.in[k])
				}
			}
		})
	}
	if got, _ := ringsOf(big, lake, big, lake).Nest(0, 4); !got[2].Repeat || !got[3].Repeat || got[0].Repeat || got[1].Repeat || !got[1].Hole {
		t.Errorf("rings given twice: got %+v", got)
	}
	if got, _ := ringsOf(big, squareLine(80, 30, 40)).Nest(0, 2); !got[1].Crosses && got[1].Hole {
		t.Errorf("a ring that crosses another: got %+v", got)
	}
}

// Boxes at random places in a grid of cells, each cell with boxes in boxes: how
// deep a ring lies is known.
func TestNestOfRandomBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		type known struct {
			line []int32
			hole bool
		}
		var all []known
		for cell := range 1 + rng.Int32N(20) {
			x, y, side := cell*1000, rng.Int32N(3000), int32(900)
			for depth := range 1 + rng.IntN(5) {
				l := squareLine(x, y, side)
				if rng.IntN(2) == 0 {
					l = reversed(l)
				}
				all = append(all, known{l, depth%2 == 1})
				x, y, side = x+rng.Int32N(50), y+1+rng.Int32N(49), side-101
			}
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		var lines [][]int32
		for _, k := range all {
			lines = append(lines, k.line)
		}
		got, ok := ringsOf(lines...).Nest(0, int32(len(lines)))
		if !ok || slices.ContainsFunc(got, func(n Nesting) bool { return n.Repeat || n.Crosses }) {
			t.Fatalf("got %+v", got)
		}
		for k, g := range got {
			if g.Hole != all[k].hole {
				t.Fatalf("ring %v: hole %t, want %t", all[k].line, g.Hole, all[k].hole)
			}
		}
	}
}

func TestEmptied(t *testing.T) {
	r := &Rings{}
	r.Start()
	polygon := func(lines ...[]int32) {
		for _, l := range lines {
			r.XY = append(r.XY, l...)
			r.EndRing()
		}
		r.EndPolygon()
	}
	polygon(squareLine(0, 0, 10))
	polygon(squareLine(0, 0, 10), squareLine(0, 0, 10))
	polygon(squareLine(0, 0, 10), squareLine(2, 2, 4))
	polygon(squareLine(0, 0, 10), []int32{0, 0, 5, 0, 5, 10, 0, 10}, []int32{5, 0, 10, 0, 10, 10, 5, 10})
	r.EndArea()
	if got := r.Emptied(); !slices.Equal(got, []int32{1, 3}) {
		t.Errorf("got %v", got)
	}
}
