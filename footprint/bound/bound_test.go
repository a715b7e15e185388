package bound

import (
	"context"
	"errors"
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
				best, p := bestOfAll(m, k, objective, nil)
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

// Nor does one of maps whose footprints have people within bounds, for which the
// bound is lower than without them in some worlds.
func TestNoMapWithPeopleWithinBoundsPassesTheBound(t *testing.T) {
	lower, n := 0, 0
	for seed := range uint64(6) {
		m := footprinttest.RandomMatrix(t, 6, 4, seed, nil)
		people, all := make([]float64, 6), 0.0
		for a := range people {
			people[a] = 1 + float64((7*a+int(seed))%5)
			all += people[a]
		}
		for k := 2; k <= 3; k++ {
			c := footprint.Constraints{Footprints: k, Population: people, MinPopulation: 0.6 * all / float64(k), MaxPopulation: 1.3 * all / float64(k)}
			within := func(p footprint.Partition) bool { return peopleWithin(p, k, &c) }
			for _, objective := range []footprint.Objective{footprint.BestQuality, footprint.MostInside} {
				best, p := bestOfAll(m, k, objective, within)
				if p.Len() == 0 {
					continue
				}
				o := Options{Objective: objective, Footprints: k}
				got, err := Of(t.Context(), m, p, c, o)
				if err != nil {
					t.Fatal(err)
				}
				if got.Bound < best-1e-9 {
					t.Errorf("seed %d, %d footprints, %v: a map has %v, above the bound %v", seed, k, objective, best, got.Bound)
				}
				free, err := Of(t.Context(), m, p, footprint.Constraints{}, o)
				if err != nil {
					t.Fatal(err)
				}
				if n++; got.Bound < free.Bound-1e-6 {
					lower++
				}
			}
		}
	}
	if n < 10 || lower == 0 {
		t.Errorf("of %d bounds %d are lower for the people", n, lower)
	}
}

// peopleWithin says whether each of k footprints has people within the bounds.
func peopleWithin(p footprint.Partition, k int, c *footprint.Constraints) bool {
	people := make([]float64, k)
	for a, f := range p.Areas {
		people[f] += c.Population[a]
	}
	for _, n := range people {
		if n < c.MinPopulation || n > c.MaxPopulation {
			return false
		}
	}
	return true
}

// What has no bound is refused, and a search that is stopped says so.
func TestNoBound(t *testing.T) {
	m := footprinttest.RandomMatrix(t, 6, 4, 1, nil)
	p, err := leiden.Leiden{Seed: 1}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Of(t.Context(), m, p, footprint.Constraints{}, Options{Objective: footprint.StrongestWeakest}); !footprint.IsInfeasible(err) {
		t.Errorf("the weakest footprint is bounded: %v", err)
	}
	b := flow.NewOneModeBuilder()
	if err := b.Add("A", "B", flow.Exactly(3)); err != nil {
		t.Fatal(err)
	}
	places, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Of(t.Context(), places, footprint.Partition{Areas: []int32{0, 0}, IDs: footprint.IDs(1)}, footprint.Constraints{}, Options{}); !footprint.IsInfeasible(err) {
		t.Errorf("one-mode flows are bounded: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Of(stopped, m, p, footprint.Constraints{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped search gives %v", err)
	}
}

// More steps never raise a bound, and the gap is that of its two ends.
func TestStepsLowerTheBound(t *testing.T) {
	m := footprinttest.RandomMatrix(t, 30, 8, 3, nil)
	p, err := leiden.Leiden{Seed: 1, Constraints: footprint.Constraints{Footprints: 4}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, steps := range []int{1, 10, 50, 150} {
		got, err := Of(t.Context(), m, p, footprint.Constraints{}, Options{Footprints: 4, Steps: steps})
		if err != nil {
			t.Fatal(err)
		}
		if got.Bound > last+1e-12 || got.Bound < got.Value || math.Abs(got.Gap-(got.Bound-got.Value)/got.Value) > 1e-12 {
			t.Errorf("%d steps: %+v after %v", steps, got, last)
		}
		last = got.Bound
	}
}

// bestOfAll is the best map into k footprints, or any number for 0, by counting
// out: each has a provider and an area, and the map passes allowed, if that is
// not nil.
func bestOfAll(m *flow.Matrix, k int, o footprint.Objective, allowed func(footprint.Partition) bool) (float64, footprint.Partition) {
	nA, nP := len(m.Areas()), len(m.Providers())
	label, best := make([]int32, nA+nP), math.Inf(-1)
	var at footprint.Partition
	var place func(v int, used int32)
	place = func(v int, used int32) {
		if v == nA+nP {
			p := footprint.Partition{Areas: label[nP:], Providers: label[:nP]}.Number(m, nil)
			if k > 0 && int(used) != k || !bothKinds(p, int(used)) || allowed != nil && !allowed(p) {
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
