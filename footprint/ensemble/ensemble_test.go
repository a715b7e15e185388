package ensemble

import (
	"math"
	"math/big"
	"os"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"stpmap/flow/flowtest"
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

// drawn runs chains and gives the number of edges between parts of each map, by
// chain.
func drawn(t *testing.T, run Sampling) Draws {
	t.Helper()
	d := make(Draws, run.Chains)
	records := make([][]int32, run.Samples)
	if err := run.Run(t.Context(), allTasks(run.Samples), nil, func(task int, r []int32) error {
		records[task] = r
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, r := range records {
		d[i%run.Chains] = append(d[i%run.Chains], float64(cutOf(run.Space, run.Labels(r))))
	}
	return d
}

func allTasks(n int) []int {
	todo := make([]int, n)
	for i := range todo {
		todo[i] = i
	}
	return todo
}

// fit is the p value of a χ² test of draws against an exact distribution. Each
// class counts with the effective number of its draws, the least of all classes.
func fit(d Draws, want map[int]float64) float64 {
	all := slices.Concat(d...)
	n, ess := float64(len(all)), float64(len(all))
	got, classes := map[int]float64{}, 0
	for _, x := range all {
		got[int(x)]++
	}
	for k := range want {
		classes++
		if e := d.mapped(func(x float64) float64 {
			if int(x) == k {
				return 1
			}
			return 0
		}).MeanESS(); e > 0 {
			ess = min(ess, e)
		}
	}
	for k := range got {
		if want[k] == 0 {
			return 0
		}
	}
	if classes < 2 {
		return 1
	}
	chi2 := 0.0
	for k, p := range want {
		chi2 += (got[k]/n - p) * (got[k]/n - p) / p * ess
	}
	return distuv.ChiSquared{K: float64(classes - 1)}.Survival(chi2)
}

// grids that the kernels are held against: rows, columns, parts, tolerance. On
// those with a tolerance flips alone reach every map.
var grids = [][4]int{{3, 3, 3, 0}, {2, 4, 2, 0}, {4, 4, 2, 0}, {4, 4, 4, 0}, {3, 3, 3, 1}, {2, 4, 2, 1}, {4, 4, 4, 1}}

// Every kernel draws the exact distribution of the number of edges between parts,
// under both measures. STPMAP_LONG=1 makes it 20 seeds of more draws.
func TestKernelsDrawTheExactDistribution(t *testing.T) {
	seeds, samples := 2, 800
	if os.Getenv("STPMAP_LONG") != "" {
		seeds, samples = 20, 8000
	}
	failures, tests := 0, 0
	for _, g := range grids {
		for _, m := range []Measure{Trees, Uniform} {
			s := grid(t, g[0], g[1], g[2], g[3], m)
			want := cutEdges(t, s)
			for _, only := range []kernel{bothKernels, mergeSplits, flips} {
				if only == flips && g[3] == 0 {
					continue
				}
				bad := 0
				for seed := range uint64(seeds) {
					p := fit(drawn(t, Sampling{Space: s, Samples: samples, Chains: 4, Thin: 12, Seed: seed, only: only}), want)
					if tests++; p < 0.05 {
						bad++
					}
					if p < 1e-5 {
						t.Errorf("%v, %v, kernel %d, seed %d: p %v", g, m, only, seed, p)
					}
				}
				if failures += bad; seeds == 20 {
					t.Logf("%v, %v, kernel %d: %d of %d seeds below 0.05", g, m, only, bad, seeds)
				}
			}
		}
	}
	if most := 0.05*float64(tests) + 3.5*math.Sqrt(0.05*0.95*float64(tests)); float64(failures) > most {
		t.Errorf("%d of %d tests are below 0.05, which chance gives %.0f times at most", failures, tests, most)
	}
}

// 7 by 7 into 7 equal parts, by trees: the exact shares are published numbers.
func TestSevenBySeven(t *testing.T) {
	rows := flowtest.Records(t, "reference/grids/cut_edges_7x7_forest_share.csv")
	want := map[int]float64{}
	tail := 0.0
	for _, r := range rows {
		k, p := int(parse(t, r["cut_edges"])), parse(t, r["share_under_spanning_forest_measure"])
		if p < 5e-4 { // too rare for a class of its own
			tail += p
			k = 39
		}
		want[k] = p
	}
	want[39] = tail
	seeds, samples := 1, 600
	if os.Getenv("STPMAP_LONG") != "" {
		seeds, samples = 20, 8000
	}
	bad := 0
	for seed := range uint64(seeds) {
		d := drawn(t, Sampling{Space: grid(t, 7, 7, 7, 0, Trees), Samples: samples, Chains: 4, Thin: 150, Seed: seed})
		p := fit(d.mapped(func(x float64) float64 { return min(x, 39) }), want)
		if t.Logf("seed %d: p %.3f, R-hat %.4f, ESS %.0f of %d", seed, p, d.RHat(), d.BulkESS(), samples); p < 0.05 {
			bad++
		}
		if p < 1e-5 {
			t.Errorf("seed %d: p %v", seed, p)
		}
	}
	if bad > 5 {
		t.Errorf("%d of %d seeds are below 0.05", bad, seeds)
	}
}
