package region

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
)

// finish makes demands and finishes labels that are kept as they are.
func finish(t *testing.T, m *flow.Matrix, c footprint.Constraints, label []int32, f Finishing) ([]int32, error) {
	t.Helper()
	d, err := NewDemands(m, c)
	if err != nil {
		t.Fatal(err)
	}
	if f.Value == nil {
		f.Value = exchange
	}
	out, _, err := d.Finish(t.Context(), label, grouping.Count(label), f)
	return out, err
}

// What cannot be helped is named, with what to change about it.
func TestFinishSaysWhatCannotBeHad(t *testing.T) {
	// A and B with their hospitals P and Q; in pair 1 of A's patients goes to Q.
	pair := footprinttest.Table(t, []float64{10, 1}, []float64{0, 10})
	apart := footprinttest.Table(t, []float64{10, 0}, []float64{0, 10})
	// Four hospitals; C and D exchange most, A with C and B with D a little.
	four := footprinttest.Table(t, []float64{100, 0, 1, 0}, []float64{0, 100, 0, 1}, []float64{0, 0, 100, 50}, []float64{0, 0, 0, 100})
	// A and B exchange patients, C and D none; on the map A lies beside C, and B
	// beside D.
	crossed := footprinttest.Table(t, []float64{10, 1, 0, 0}, []float64{0, 10, 0, 0}, []float64{0, 0, 10, 0}, []float64{0, 0, 0, 10})
	beside := footprinttest.AdjacencyList{{2}, {3}, {0}, {1}}
	two, one := []int32{0, 1, 0, 1}, []int32{0, 0, 0, 0}
	people := []float64{10, 20}
	for _, c := range []struct {
		name  string
		m     *flow.Matrix
		cs    footprint.Constraints
		label []int32
		want  string
	}{
		{
			"nobody to merge with", apart,
			footprint.Constraints{Population: []float64{10, 10}, MinPopulation: 15},
			two,
			"the footprint of area A must merge to reach min-population but exchanges no patients with any other: loosen that demand",
		},
		{
			"too many people together", pair,
			footprint.Constraints{Population: people, MinPopulation: 15, MaxPopulation: 25},
			two,
			"the footprints of area A and area B must merge to reach min-population but together pass max-population 25: raise it, or loosen the other",
		},
		{
			"too many patients together", pair,
			footprint.Constraints{Population: people, MinPopulation: 15, MaxShare: 0.6},
			two,
			"the footprints of area A and area B must merge to reach min-population but together pass max-share 0.6: raise it, or loosen the other",
		},
		{
			"must be apart", pair,
			footprint.Constraints{Population: people, MinPopulation: 15, Apart: [][]int32{{0, 1}}},
			two,
			"the footprints of area A and area B must merge to reach min-population but must be apart or are fixed: drop one of the two demands",
		},
		{
			"localisation, and apart", pair,
			footprint.Constraints{MinLocalisation: 0.95, Apart: [][]int32{{0, 3}}},
			two,
			"the footprints of area A and area B must merge to reach min-localisation but must be apart or are fixed: drop one of the two demands",
		},
		{
			"no border with whom it exchanges", crossed,
			footprint.Constraints{Population: []float64{10, 20, 20, 20}, MinPopulation: 15, Contiguous: beside},
			[]int32{0, 1, 2, 3, 0, 1, 2, 3},
			"the footprint of area A must merge to reach min-population but exchanges no patients with any footprint that it borders: loosen that demand, or contiguity",
		},
		{
			"fewer than wanted", pair,
			footprint.Constraints{Footprints: 2},
			one,
			"2 footprints cannot be had: with the other demands held there are 1 at most: ask for 1 or fewer, or take another method",
		},
		{
			"more than wanted", four,
			footprint.Constraints{Footprints: 2, Population: []float64{15, 15, 5, 5}, MaxPopulation: 20},
			[]int32{0, 1, 2, 3, 0, 1, 2, 3},
			"2 footprints cannot be had: with the other demands held 3 are the fewest: ask for 3 or more, or loosen a demand",
		},
		{
			"together, and nothing connects them", apart,
			footprint.Constraints{Together: [][]int32{{0, 1}}},
			one,
			"area A and area B are to share a footprint, but nothing that may join it connects them: drop the demand that puts them together, or loosen another",
		},
		{
			"too large from the start", pair,
			footprint.Constraints{Population: people, MaxPopulation: 25},
			one,
			"the footprint of area A has 30 people, above max-population 25: raise it, or ask for more footprints",
		},
		{
			"too many patients from the start", pair,
			footprint.Constraints{MaxShare: 0.6},
			one,
			"the footprint of area A holds more than max-share 0.6 of the patients: raise it, or ask for more footprints",
		},
		{
			"apart, and together from the start", pair,
			footprint.Constraints{Apart: [][]int32{{0, 1}}},
			one,
			"the footprint of area A would hold what must be apart or is fixed to different footprints: drop such a demand, fix fewer nodes, or take another method",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			label, err := finish(t, c.m, c.cs, c.label, Finishing{})
			if !footprint.IsInfeasible(err) || err.Error() != c.want {
				t.Errorf("got %v and %v\nwant %s", label, err, c.want)
			}
		})
	}
}

// What can be helped is helped by hand-worked merges.
func TestFinishByHand(t *testing.T) {
	row := footprinttest.GridBorders(3, 3)
	// A exchanges with C only, which lies beyond B: B must join C first.
	beyond := footprinttest.Table(t, []float64{10, 0, 2}, []float64{0, 10, 1}, []float64{0, 0, 10})
	three := footprinttest.Table(t, []float64{10, 3, 0}, []float64{0, 20, 1}, []float64{0, 0, 30})
	own := []int32{0, 1, 2, 0, 1, 2}
	for _, c := range []struct {
		name  string
		m     *flow.Matrix
		cs    footprint.Constraints
		label []int32
		f     Finishing
		want  []int32
	}{
		{"nothing asked", three, footprint.Constraints{}, own, Finishing{}, own},
		{"what is not connected comes apart", three, footprint.Constraints{}, []int32{0, 1, 0, 0, 1, 0}, Finishing{}, own},
		{"an area alone joins where most go", three, footprint.Constraints{}, []int32{0, 1, 2, 0, 0, 2}, Finishing{}, []int32{0, 0, 2, 0, 0, 2}},
		{"fewer wanted: the best pair", three, footprint.Constraints{Footprints: 2}, own, Finishing{}, []int32{0, 0, 2, 0, 0, 2}},
		{
			// B has the fewest people, and exchanges most with A.
			"fewer wanted: the smallest first", three,
			footprint.Constraints{Footprints: 2, Population: []float64{9, 5, 7}},
			own,
			Finishing{Smallest: true},
			[]int32{0, 0, 2, 0, 0, 2},
		},
		{
			"fewer wanted: the smallest of those that exchange least", three,
			footprint.Constraints{Footprints: 2, Population: []float64{9, 8, 5}},
			own,
			Finishing{Smallest: true},
			[]int32{0, 1, 1, 0, 1, 1},
		},
		{
			// Without populations by patients: A's are the fewest.
			"the smallest by patients", three,
			footprint.Constraints{Footprints: 2},
			own,
			Finishing{Smallest: true},
			[]int32{0, 0, 2, 0, 0, 2},
		},
		{
			"a neighbour builds the bridge", beyond,
			footprint.Constraints{Contiguous: row, Population: []float64{5, 20, 20}, MinPopulation: 10},
			own,
			Finishing{},
			[]int32{0, 0, 0, 0, 0, 0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			label, err := finish(t, c.m, c.cs, c.label, c.f)
			if err != nil {
				t.Fatal(err)
			}
			if !footprinttest.SameGrouping(label, c.want) {
				t.Errorf("got %v, want the grouping %v", label, c.want)
			}
		})
	}
}

// A method's own test is one more demand: C fails it, and so does whatever C
// merges into, until one footprint is left and the demand is named.
func TestFinishByAMethodsTest(t *testing.T) {
	m := footprinttest.Table(t, []float64{10, 3, 0}, []float64{0, 20, 1}, []float64{0, 0, 30})
	own := []int32{0, 1, 2, 0, 1, 2}
	small := func(most float64) Finishing {
		return Finishing{Bad: func(r *Region) (float64, bool) { return r.In, r.Out > most }, Demand: "be small"}
	}
	if label, err := finish(t, m, footprint.Constraints{}, own, small(30)); err != nil || !footprinttest.SameGrouping(label, own) {
		t.Errorf("all pass: got %v and %v", label, err)
	}
	_, err := finish(t, m, footprint.Constraints{}, own, small(29))
	want := "the footprint of area A must merge to be small but exchanges no patients with any other: loosen that demand"
	if !footprint.IsInfeasible(err) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A run that is stopped says why.
func TestFinishStops(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 6, 1)
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	for _, c := range []footprint.Constraints{{Footprints: 2}, {MinLocalisation: 0.9}, {Together: [][]int32{{0, 1}}}} {
		d, err := NewDemands(m, c)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Finish(ctx, d.Unit, d.Units, Finishing{Value: exchange}); !errors.Is(err, reason) {
			t.Errorf("%+v: got %v, want the reason", c, err)
		}
	}
}

func TestClash(t *testing.T) {
	for _, c := range []struct {
		x, y []Tag
		want bool
	}{
		{nil, nil, false},
		{[]Tag{{0, 1}}, nil, false},
		{[]Tag{{0, 1}}, []Tag{{0, 1}}, false},
		{[]Tag{{0, 1}}, []Tag{{1, 2}}, false},
		{[]Tag{{0, 1}}, []Tag{{0, 2}}, true},
		{[]Tag{{0, 1}, {-1, 3}}, []Tag{{1, 1}, {-1, 4}}, true},
	} {
		if got, back := Clash(c.x, c.y), Clash(c.y, c.x); got != c.want || back != c.want {
			t.Errorf("%v with %v: %v and %v, want %v", c.x, c.y, got, back, c.want)
		}
	}
}

// Pieces on the map, by hand: A–B and C–D border, E is an island.
func TestPiecesByHand(t *testing.T) {
	near := footprinttest.AdjacencyList{{1}, {0}, {3}, {2}, nil}
	// All five send patients to P, C and D more of them; Q is C's.
	m := footprinttest.Table(t, []float64{10, 0}, []float64{10, 0}, []float64{15, 9}, []float64{15, 0}, []float64{3, 0})
	for _, c := range []struct {
		name  string
		cs    footprint.Constraints
		label []int32
		want  []int32
	}{
		{"in flow alone", footprint.Constraints{}, []int32{0, 0, 0, 0, 0, 0, 0}, []int32{0, 0, 0, 0, 0, 0, 0}},
		{"no flow without P", footprint.Constraints{}, []int32{0, 0, 0, 0, 0, 1, 0}, []int32{0, 1, 2, 3, 4, 5, 2}},
		{
			// P goes with C and D, which send it the most; the island goes with the
			// first area, and then has no flow with it.
			"on the map",
			footprint.Constraints{Contiguous: near},
			[]int32{0, 0, 0, 0, 0, 0, 0},
			[]int32{0, 1, 2, 2, 3, 2, 2},
		},
		{
			"together all the same",
			footprint.Constraints{Contiguous: near, Together: [][]int32{{0, 2}, {1, 0}}},
			[]int32{0, 0, 0, 0, 0, 0, 0},
			[]int32{0, 0, 0, 0, 0, 0, 0},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := NewDemands(m, c.cs)
			if err != nil {
				t.Fatal(err)
			}
			got, n := d.pieces(c.label, grouping.Count(c.label))
			if !footprinttest.SameGrouping(got, c.want) || n != grouping.Count(c.want) {
				t.Errorf("got %v, %d pieces, want the grouping %v", got, n, c.want)
			}
		})
	}
}

// Greedy takes the best pair at every step, as a search of all pairs finds it,
// and what it records is what the pair was worth.
func TestGreedyTakesTheBestPair(t *testing.T) {
	for name, value := range map[string]Criterion{
		"of both": func(g *Merging, i int32, l Link) float64 {
			return (l.Out + l.In) / math.Sqrt(g.Volume[i]*g.Volume[l.To])
		},
		"of those": func(g *Merging, i int32, l Link) float64 { return l.Out / (g.Regions[i].Out + 1) },
	} {
		for seed := range uint64(4) {
			for mode, m := range matrices(t, seed) {
				for _, c := range []footprint.Constraints{{}, {Contiguous: footprinttest.GridBorders(40, 8)}, {MaxShare: 0.2}, {Apart: [][]int32{{0, 1, 2, 3}}}} {
					d, err := NewDemands(m, c)
					if footprint.IsInfeasible(err) {
						continue // one area has more than the share
					}
					if err != nil {
						t.Fatal(err)
					}
					compareGreedy(t, fmt.Sprintf("%s, %s %d", name, mode, seed), d, value)
				}
			}
		}
	}
}

// compareGreedy makes the same merges, and looks at all pairs before each.
func compareGreedy(t *testing.T, name string, d *Demands, value Criterion) {
	t.Helper()
	g, slow := NewMerging(d, d.Unit, d.Units, value), NewMerging(d, d.Unit, d.Units, value)
	step := 0
	err := g.Greedy(t.Context(), func() bool { return g.alive <= 3 }, func(kept, gone int32, worth float64) {
		if i, j, want := bestPair(slow); !footprinttest.Near(worth, want, 1e-12) {
			t.Fatalf("%s, step %d: %d and %d are worth %v, but %d and %d %v", name, step, kept, gone, worth, i, j, want)
		}
		slow.Merge(kept, gone)
		step++
	})
	if err != nil {
		t.Fatal(err)
	}
	if i, _, _ := bestPair(slow); g.alive > 3 && i >= 0 {
		t.Errorf("%s: stopped at %d regions, though a pair may merge", name, g.alive)
	}
	if step == 0 {
		t.Errorf("%s: nothing merged", name)
	}
}

// bestPair looks at all pairs of regions; i is -1 where none may merge.
func bestPair(g *Merging) (i, j int32, value float64) {
	i, j = -1, -1
	for k := range int32(len(g.Regions)) {
		if !g.IsAlive(k) {
			continue
		}
		if l, v, ok := g.Best(k); ok && (i < 0 || v > value) {
			i, j, value = k, l.To, v
		}
	}
	return i, j, value
}

// The flow that crosses between regions is what the matrix has between labels,
// from both ends, and no merge loses any patient.
func TestMergingKeepsPatients(t *testing.T) {
	for name, m := range matrices(t, 5) {
		d, err := NewDemands(m, footprint.Constraints{})
		if err != nil {
			t.Fatal(err)
		}
		g := NewMerging(d, d.Unit, d.Units, exchange)
		total := m.Total().Value
		err = g.Greedy(t.Context(), func() bool {
			label, _ := g.labels(d.Unit)
			p := d.Partition(label)
			_, _, insides := footprinttest.Sums(m, p)
			inside := 0.0
			for _, x := range insides {
				inside += x
			}
			out, in := 0.0, 0.0
			for i := range g.Regions {
				if g.IsAlive(int32(i)) {
					out += g.Regions[i].Out
					in += g.Regions[i].In
				}
			}
			if !footprinttest.Near(out, total, 1e-12) || !footprinttest.Near(in, total, 1e-12) || !footprinttest.Near(g.Cut, 2*(total-inside), 1e-9) {
				t.Fatalf("%s, %d regions: %v live and %v are treated of %v; %v cross, want %v", name, g.alive, out, in, total, g.Cut, 2*(total-inside))
			}
			return g.alive == 1
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Demands of one run hold the people of areas, and limits only where asked.
func TestDemandsLimits(t *testing.T) {
	m, _ := footprinttest.HandWorked(t) // 1,500 patients
	for _, c := range []struct {
		cs               footprint.Constraints
		people, patients float64
		want             bool
	}{
		{footprint.Constraints{}, 1e9, 1e9, true},
		{footprint.Constraints{MaxPopulation: 100}, 100, 1e9, true},
		{footprint.Constraints{MaxPopulation: 100}, 101, 0, false},
		{footprint.Constraints{MaxShare: 0.5}, 1e9, 750, true},
		{footprint.Constraints{MaxShare: 0.5}, 0, 751, false},
	} {
		c.cs.Population = []float64{50, 30, 20}
		d, err := NewDemands(m, c.cs)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Fits(c.people, c.patients); got != c.want {
			t.Errorf("%v people and %v patients under max-population %v and max-share %v: %v", c.people, c.patients, c.cs.MaxPopulation, c.cs.MaxShare, got)
		}
		if d.People(1) != 30 || d.Nodes() != 5 || d.Provider(1) != 4 || d.node(4) != "provider Q" {
			t.Errorf("%v people, %d nodes, node %d, %s", d.People(1), d.Nodes(), d.Provider(1), d.node(4))
		}
	}
	d, err := NewDemands(m, footprint.Constraints{})
	if err != nil {
		t.Fatal(err)
	}
	if d.People(0) != 0 || d.StartOfUnits() != nil || !slices.Equal(d.Unit, grouping.Sequence(5)) {
		t.Errorf("without populations and start: %v people, start %v, units %v", d.People(0), d.StartOfUnits(), d.Unit)
	}
}

// Fixed nodes of one footprint are one unit; those of different ones clash.
func TestDemandsOfFixedNodes(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	d, err := NewDemands(m, footprint.Constraints{Start: &p, Fixed: []bool{true, false, true, true, false}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Unit, []int32{0, 1, 2, 0, 3}) || d.Units != 4 {
		t.Errorf("units %v", d.Unit)
	}
	for _, c := range []struct {
		v, w int32
		want bool
	}{{0, 2, true}, {0, 3, false}, {0, 1, false}, {2, 3, true}} {
		if got := Clash(d.Tags[c.v], d.Tags[c.w]); got != c.want {
			t.Errorf("nodes %d and %d clash: %v", c.v, c.w, got)
		}
	}
}
