package ensemble

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"os"
	"testing"

	"stpmap/footprint"
)

// grid is a grid of areas of one person each, in parts whose sizes differ by at
// most tolerance from equal ones.
func grid(t *testing.T, rows, columns, parts, tolerance int, measure Measure) *Space {
	t.Helper()
	p := Problem{Areas: rows * columns, Measure: measure}
	for a := range p.Areas {
		if (a+1)%columns != 0 {
			p.Pairs = append(p.Pairs, [2]int32{int32(a), int32(a + 1)})
		}
		if a+columns < p.Areas {
			p.Pairs = append(p.Pairs, [2]int32{int32(a), int32(a + columns)})
		}
	}
	p.Demands = footprint.Constraints{Footprints: parts, MinPopulation: float64(p.Areas/parts - tolerance), MaxPopulation: float64(p.Areas/parts + tolerance)}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The numbers are those of OEIS A172477 and of the metagraph tables of the MGGG
// Redistricting Lab.
func TestCount(t *testing.T) {
	for _, c := range []struct {
		rows, columns, parts, tolerance int
		maps, trees                     int64
	}{
		{3, 3, 3, 0, 10, 10},
		{3, 3, 3, 1, 58, 82},
		{2, 4, 2, 0, 4, 19},
		{4, 4, 2, 0, 70, 10660},
		{4, 4, 4, 0, 117, 654},
		{4, 4, 4, 1, 1953, 0},
		{4, 4, 8, 2, 153094, 0},
		{5, 5, 5, 0, 4006, 0},
		{6, 6, 6, 0, 451206, 0},
	} {
		x, err := grid(t, c.rows, c.columns, c.parts, c.tolerance, Trees).Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if x.Maps.Int64() != c.maps || c.trees > 0 && x.Trees.Int64() != c.trees {
			t.Errorf("%+v: %v maps, %v with trees", c, x.Maps, x.Trees)
		}
	}
}

// cutEdges is the exact distribution of the number of edges between parts.
func cutEdges(t *testing.T, s *Space) map[int]float64 {
	t.Helper()
	out, total := map[int]float64{}, 0.0
	err := s.List(t.Context(), func(label []int32, trees *big.Int) error {
		w := 1.0
		if s.Measure == Trees {
			w, _ = new(big.Float).SetInt(trees).Float64()
		}
		out[cutOf(s, label)] += w
		total += w
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for k := range out {
		out[k] /= total
	}
	return out
}

func cutOf(s *Space, label []int32) (n int) {
	for _, e := range s.Pairs {
		if label[e[0]] != label[e[1]] {
			n++
		}
	}
	return n
}

func TestQuick(t *testing.T) {
	for _, g := range [][4]int{{3, 3, 3, 0}, {3, 3, 3, 1}, {2, 4, 2, 0}, {2, 4, 2, 1}, {4, 4, 2, 0}, {4, 4, 4, 0}, {4, 4, 4, 1}} {
		for _, m := range []Measure{Trees, Uniform} {
			s := grid(t, g[0], g[1], g[2], g[3], m)
			want := cutEdges(t, s)
			run := Sampling{Space: s, Samples: 40000, Chains: 4, Thin: 10, Seed: 1}
			got := map[int]float64{}
			todo := make([]int, run.Samples)
			for i := range todo {
				todo[i] = i
			}
			taken := 0
			if err := run.Run(context.Background(), todo, nil, func(task int, r []int32) error {
				got[cutOf(s, run.Labels(r))] += 1 / float64(run.Samples)
				taken += run.Taken(r)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for k, p := range want {
				worst = max(worst, math.Abs(got[k]-p)/math.Sqrt(p*(1-p)/float64(run.Samples)+1e-12))
			}
			fmt.Fprintln(os.Stderr, g, m, "worst z", worst, "taken", float64(taken)/float64(run.Samples)/10)
		}
	}
}
