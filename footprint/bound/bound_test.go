package bound

import (
	"math"
	"os"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

// On small worlds no map passes the bound: all maps are counted out.
// STPMAP_WORLDS=200 tries so many.
func TestNoMapPassesTheBound(t *testing.T) {
	worlds := uint64(4)
	if os.Getenv("STPMAP_WORLDS") != "" {
		worlds = 200
	}
	gaps, n := 0.0, 0
	for seed := range worlds {
		m := footprinttest.RandomMatrix(t, 7, 4, seed, nil)
		for k := range 4 {
			for _, objective := range []footprint.Objective{footprint.BestQuality, footprint.MostInside} {
				best, p := bestOfAll(m, k, objective)
				if p.Len() == 0 {
					continue
				}
				got, err := Of(t.Context(), m, p, footprint.Constraints{}, Options{Objective: objective, Footprints: k})
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(got.Value-best) > 1e-9 {
					t.Errorf("seed %d, %d footprints, %v: the map has %v, counted out %v", seed, k, objective, got.Value, best)
				}
				if got.Bound < best-1e-9 {
					t.Errorf("seed %d, %d footprints, %v: a map has %v, above the bound %v", seed, k, objective, best, got.Bound)
				}
				gaps += got.Bound - got.Value
				n++
			}
		}
	}
	if mean := gaps / float64(n); mean > 0.03 {
		t.Errorf("the bound is %.4f above in the mean of %d", mean, n)
	}
}

// bestOfAll is the best map into k footprints, or any number for 0, by counting
// out: each has a provider and an area.
func bestOfAll(m *flow.Matrix, k int, o footprint.Objective) (float64, footprint.Partition) {
	nA, nP := len(m.Areas()), len(m.Providers())
	label, best := make([]int32, nA+nP), math.Inf(-1)
	var at footprint.Partition
	var place func(v int, used int32)
	place = func(v int, used int32) {
		if v == nA+nP {
			p := footprint.Partition{Areas: label[nP:], Providers: label[:nP]}.Number(m, nil)
			if k > 0 && int(used) != k || !bothKinds(p, int(used)) {
				return
			}
			ms := footprint.Measure(m, p, nil, nil)
			x := ms.Modularity
			if o == footprint.MostInside {
				x = ms.InsideShare
			}
			if x > best {
				best = x
				p.Areas, p.Providers = append([]int32(nil), p.Areas...), append([]int32(nil), p.Providers...)
				at = p
			}
			return
		}
		most := used
		if v < nP {
			most = used + 1
		}
		for l := range most {
			label[v] = l
			place(v+1, max(used, l+1))
		}
	}
	place(0, 0)
	return best, at
}

func bothKinds(p footprint.Partition, k int) bool {
	areas := make([]bool, k)
	n := 0
	for _, f := range p.Areas {
		if !areas[f] {
			areas[f] = true
			n++
		}
	}
	return n == k
}

// The gap of England's map of 44 footprints under a planner's demands.
func TestGapOfEngland(t *testing.T) {
	if os.Getenv("STPMAP_WORLDS") == "" {
		t.Skip("STPMAP_WORLDS=200 measures the gap of England, which takes 15 s")
	}
	m, people, near := footprinttest.England(t)
	c := footprint.Constraints{Footprints: 44, Contiguous: near, Population: people, MinPopulation: 300_000, MaxPopulation: 3_000_000}
	for _, objective := range []footprint.Objective{footprint.BestQuality, footprint.MostInside} {
		p, err := leiden.Leiden{Objective: objective, Restarts: 10, Jobs: 1, Seed: 7, Constraints: c}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Of(t.Context(), m, p, c, Options{Objective: objective, Footprints: 44})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: %.5f, at most %.5f, gap %.2f%%", objective, got.Value, got.Bound, 100*got.Gap)
		if got.Gap < 0 || got.Gap > 0.03 {
			t.Errorf("%v: gap %.4f", objective, got.Gap)
		}
	}
}
