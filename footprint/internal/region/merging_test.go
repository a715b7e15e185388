package region

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// exchange values a pair by its patients.
func exchange(_ *Merging, _ int32, l Link) float64 { return l.Out + l.In }

func matrices(t *testing.T, seed uint64) map[string]*flow.Matrix {
	return map[string]*flow.Matrix{
		"patients": footprinttest.RandomFlows(t, 40, 12, seed), "places": footprinttest.RandomTowns(t, 40, 500, seed),
	}
}

// After any merges a region has what regions made anew of its nodes have.
func TestMergesAreRegionsMadeAnew(t *testing.T) {
	for seed := range uint64(6) {
		for name, m := range matrices(t, seed) {
			c := footprint.Constraints{Contiguous: footprinttest.GridBorders(40, 8), Population: make([]float64, 40)}
			for a := range c.Population {
				c.Population[a] = float64(100 + a)
			}
			d, err := NewDemands(m, c)
			if err != nil {
				t.Fatal(err)
			}
			g := NewMerging(d, d.Unit, d.Units, exchange)
			rng := rand.New(rand.NewPCG(seed, 2))
			for range 25 {
				i := rng.Int32N(int32(d.Units))
				if l, _, ok := g.Best(i); g.IsAlive(i) && ok {
					g.Merge(i, l.To)
				}
			}
			label, n := g.labels(d.Unit)
			anew := NewMerging(d, label, n, exchange)
			if math.Abs(anew.Cut-g.Cut) > 1e-6 {
				t.Errorf("%s %d: cut %v, made anew %v", name, seed, g.Cut, anew.Cut)
			}
			at := int32(0)
			for i := range g.Regions {
				if !g.IsAlive(int32(i)) {
					continue
				}
				g.tidy(int32(i))
				x, y := &g.Regions[i], &anew.Regions[at]
				if x.first != y.first || x.Landed != y.Landed || x.People != y.People || x.Out != y.Out || x.In != y.In || x.Inside != y.Inside || len(x.Beside) != len(y.Beside) {
					t.Fatalf("%s %d: region %d is %+v, made anew %+v", name, seed, i, x, y)
				}
				sum := func(links []Link) (out, in float64) {
					for _, l := range links {
						out, in = out+l.Out, in+l.In
					}
					return out, in
				}
				out, in := sum(x.Links)
				wantOut, wantIn := sum(y.Links)
				if out != wantOut || in != wantIn || len(x.Links) != len(y.Links) {
					t.Errorf("%s %d: region %d exchanges %v and %v, made anew %v and %v", name, seed, i, out, in, wantOut, wantIn)
				}
				at++
			}
		}
	}
}

// Finish gives footprints that hold, from any labels that keep units whole.
func TestFinishFromAnyLabels(t *testing.T) {
	held := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		for name, m := range matrices(t, seed%4) {
			c := footprint.Constraints{Together: [][]int32{{1, 17}, {3, 4, 5}}}
			if rng.IntN(2) == 0 {
				c.Contiguous = footprinttest.GridBorders(40, 8)
			}
			if rng.IntN(2) == 0 {
				c.MinLocalisation = 0.5 * rng.Float64()
			}
			d, err := NewDemands(m, c)
			if err != nil {
				t.Fatal(err)
			}
			label := make([]int32, d.Nodes())
			for v, u := range d.Unit {
				label[v] = u % 3
			}
			label, _, err = d.Finish(t.Context(), label, d.Units, Finishing{Value: exchange})
			if footprint.IsInfeasible(err) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			held++
			t.Run(name, func(t *testing.T) { footprinttest.CheckPartition(t, m, d.Partition(label), c) })
		}
	}
	if held < 60 {
		t.Errorf("only %d held", held)
	}
}

// Where a unit splits, its start goes with its first node; what is not placed
// stands alone.
func TestStartOfUnits(t *testing.T) {
	m := footprinttest.Table(t, []float64{5, 1}, []float64{1, 5}, []float64{2, 2})
	start := &footprint.Partition{Areas: []int32{1, 0, footprint.Unplaced}, Providers: []int32{1, 0}, IDs: []string{"F01", "F02"}}
	d, err := NewDemands(m, footprint.Constraints{Start: start, Together: [][]int32{{0, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	// Units: areas 0 and 1; area 2; provider 3; provider 4.
	if got, want := d.StartOfUnits(), []int32{0, 1, 0, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
