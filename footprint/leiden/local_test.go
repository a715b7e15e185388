package leiden

import (
	"fmt"
	"slices"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// everyFifth fixes each fifth node.
func everyFifth(nodes int) []bool {
	fixed := make([]bool, nodes)
	for v := range fixed {
		fixed[v] = v%5 == 0
	}
	return fixed
}

// A search near a map never gives a worse one, comes to rest, and is about as good
// as a search from several starts.
func TestSearchNearStart(t *testing.T) {
	long(t)
	england, people, near := footprinttest.England(t)
	square, crowd, beside := footprinttest.Square(t, 12, 3)
	for _, c := range []struct {
		name string
		x    footprint.Constraints
		k    int
		wide bool
	}{
		{"England", footprint.Constraints{Contiguous: near, Population: people, MinPopulation: 300_000, MaxPopulation: 3_000_000}, 0, false},
		{"England, 40", footprint.Constraints{Contiguous: near, Population: people, MinPopulation: 300_000, MaxPopulation: 3_000_000}, 40, false},
		{"England, 44", footprint.Constraints{}, 44, false},
		{"square", footprint.Constraints{Contiguous: beside}, 0, true},
		{"square, 9", footprint.Constraints{Contiguous: beside, Population: crowd, MinPopulation: 400_000}, 9, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := england
			if c.wide {
				m = square
			}
			from := c.x
			from.Footprints = 44
			if c.wide {
				from.Footprints = 9
			}
			start, err := Leiden{Seed: 3, Effort: 1, Constraints: from}.Partition(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			x := c.x
			x.Footprints, x.Start, x.Fixed = c.k, &start, everyFifth(len(m.Areas())+len(m.Providers()))
			quality := func(l Leiden) (footprint.Partition, float64) {
				p, err := l.Partition(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				footprinttest.CheckPartition(t, m, p, x)
				return p, footprint.Measure(m, p, nil, nil).Modularity
			}
			p, found := quality(Leiden{Seed: 3, Restarts: 10, Constraints: x})
			if was := footprint.Measure(m, start, nil, nil).Modularity; (c.k == 0 || c.k == from.Footprints) && found < was-1e-12 {
				t.Errorf("modularity falls from %.6f to %.6f", was, found)
			}
			// From its own map it goes on, until it rests.
			for seed := uint64(4); ; seed++ {
				again := x
				again.Start = &p
				q, better := quality(Leiden{Seed: seed, Constraints: again})
				if better < found-1e-12 {
					t.Fatalf("modularity falls from %.6f to %.6f", found, better)
				}
				rests := better <= found+1e-12
				if p, found = q, better; rests {
					break
				}
			}
			_, best := quality(Leiden{Seed: 3, Restarts: 3, Effort: 1, Constraints: x})
			if found < 0.99*best {
				t.Errorf("modularity %.6f near the start, %.6f from several", found, best)
			}
		})
	}
}

// A start that breaks a demand is mended, if need be by a search from several
// starts; jobs and what the memory was used for change nothing.
func TestSearchNearStartMends(t *testing.T) {
	m, people, near := footprinttest.Square(t, 12, 4)
	start, err := Leiden{Seed: 1, Constraints: footprint.Constraints{Footprints: 14}}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	fixed := make([]bool, len(m.Areas())+len(m.Providers()))
	fixed[0], fixed[50] = true, true
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]footprint.Constraints{
		"people":     {Population: people, MinPopulation: 1_000_000},
		"one piece":  {Contiguous: near},
		"fewer":      {Footprints: 3, Contiguous: near},
		"more":       {Footprints: 15},
		"kept whole": {Together: [][]int32{{1, 2, 13}}, Apart: [][]int32{{2, 100}}},
	} {
		x.Start, x.Fixed = &start, fixed
		var first footprint.Partition
		for i, jobs := range []int{1, 2, 2} {
			p, err := e.Leiden(t.Context(), Leiden{Seed: 9, Restarts: 2, Jobs: jobs, Constraints: x})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			footprinttest.CheckPartition(t, m, p, x)
			if i == 0 {
				first = p
			} else if fmt.Sprint(p) != fmt.Sprint(first) {
				t.Errorf("%s: run %d gives another map", name, i)
			}
		}
	}
}

// A search near the start moves what is badly placed and leaves the rest.
func TestSearchNearStartLeavesTheRest(t *testing.T) {
	m, _, _ := footprinttest.England(t)
	x := footprint.Constraints{Fixed: make([]bool, len(m.Areas())+len(m.Providers()))}
	x.Fixed[0] = true
	p, err := Leiden{Restarts: 10}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // until it rests
		x.Start = &p
		if p, err = (Leiden{Seed: 1, Constraints: x}).Partition(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	torn := footprint.Partition{Areas: slices.Clone(p.Areas), Providers: p.Providers, IDs: p.IDs}
	for _, v := range []int{3, 70, 150} {
		torn.Areas[v] = (torn.Areas[v] + 1) % int32(p.Len())
	}
	x.Start = &torn
	back, err := Leiden{Seed: 1, Constraints: x}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !footprinttest.SameGrouping(back.Areas, p.Areas) || !footprinttest.SameGrouping(back.Providers, p.Providers) {
		t.Error("three areas put elsewhere do not come back, or others moved")
	}
}
