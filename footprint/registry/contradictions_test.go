package registry

import (
	"errors"
	"fmt"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// demand is one demand by itself, which any method can meet.
type demand struct {
	name string
	set  func(c *footprint.Constraints)
}

// contradictory are two demands that cannot both hold.
type contradictory struct {
	one, other demand
	want       string // the sentence, whatever the method
}

func contradictions(m *flow.Matrix) []contradictory {
	nA, nP := len(m.Areas()), len(m.Providers())
	population := make([]float64, nA)
	for a := range population {
		population[a] = 1000
	}
	start := func() *footprint.Partition {
		p := &footprint.Partition{Areas: make([]int32, nA), Providers: make([]int32, nP), IDs: []string{"F01", "F02", "F03"}}
		for a := range p.Areas {
			p.Areas[a] = int32(a % 3)
		}
		return p
	}
	fixed := func(nodes ...int) []bool {
		marks := make([]bool, nA+nP)
		for _, v := range nodes {
			marks[v] = true
		}
		return marks
	}
	minPopulation := demand{"min-population", func(c *footprint.Constraints) { c.Population, c.MinPopulation = population, 9000 }}
	maxPopulation := demand{"max-population", func(c *footprint.Constraints) { c.Population, c.MaxPopulation = population, 8000 }}
	footprints := demand{"footprints", func(c *footprint.Constraints) { c.Footprints = 2 }}
	share := demand{"max-share", func(c *footprint.Constraints) { c.MaxShare = 0.4 }}
	together := demand{"together", func(c *footprint.Constraints) { c.Together = append(c.Together, []int32{1, 2}, []int32{2, 3}) }}
	apart := demand{"apart", func(c *footprint.Constraints) { c.Apart = [][]int32{{1, 5, 3}} }}
	hold := func(nodes ...int) demand {
		return demand{"fix", func(c *footprint.Constraints) { c.Start, c.Fixed = start(), fixed(nodes...) }}
	}
	lost := demand{"start", func(c *footprint.Constraints) {
		c.Start, c.Fixed = start(), fixed(1)
		c.Start.Areas[1] = footprint.Unplaced
	}}
	noStart := demand{"no start", func(c *footprint.Constraints) { c.Start = nil }}
	nothing := demand{"nothing", func(*footprint.Constraints) {}}
	return []contradictory{
		{minPopulation, maxPopulation, "min-population 9,000 is above max-population 8,000: lower the first or raise the second"},
		{footprints, share, "2 footprints with at most 0.4 of all patients each (max-share) cannot hold all: ask for 3 or more, or raise max-share"},
		{together, apart, "area A0001 and area A0003 must be together and must be apart: drop one of the demands"},
		{footprints, apart, "area A0001 and 2 others must all be apart, which needs 3 footprints, and 2 are asked for: ask for 3 or more"},
		{together, hold(1, 2), "area A0001 and area A0002 are fixed in different footprints, and must be together: drop one of the demands"},
		{hold(2, 5), demand{"apart", func(c *footprint.Constraints) { c.Apart = [][]int32{{2, 5}} }}, "area A0002 and area A0005 must be together and must be apart: drop one of the demands"},
		{hold(0, 1, 2), footprints, "nodes are fixed in 3 footprints, and 2 are asked for: ask for 3 or more, or fix fewer"},
		{lost, nothing, "area A0001 is fixed, but the partition to start from does not place it: place it, or do not fix it"},
		{demand{"keep-whole", func(c *footprint.Constraints) { c.KeepWhole = []footprint.Unit{{Name: "Kent", Areas: []int32{1, 3}}} }}, apart, "area A0001 and area A0003 must be together (unit Kent, which is to stay whole) and must be apart: drop one of the demands"},
		{hold(1), noStart, "fix needs a partition to start from, and there is none"},
	}
}

// Every pair of contradictory demands is refused in the same way by every
// method, in either order and whatever else is asked.
func TestContradictionsAreRefusedAlike(t *testing.T) {
	m := footprinttest.RandomFlows(t, 40, 10, 3)
	for _, x := range contradictions(m) {
		for _, method := range Methods() {
			for _, extra := range []demand{
				{"", func(*footprint.Constraints) {}},
				{", contiguous", func(c *footprint.Constraints) { c.Contiguous = footprinttest.GridBorders(40, 8) }},
				{", localisation", func(c *footprint.Constraints) { c.MinLocalisation = 0.2 }},
				{", single kind", func(c *footprint.Constraints) { c.AllowSingleKind = true }},
			} {
				t.Run(fmt.Sprintf("%s/%s and %s%s", method.Name, x.one.name, x.other.name, extra.name), func(t *testing.T) {
					var c footprint.Constraints
					extra.set(&c)
					x.one.set(&c)
					x.other.set(&c)
					checkRefused(t, method, m, c, x.want)
				})
			}
		}
	}
}

func checkRefused(t *testing.T, method footprint.Description, m *flow.Matrix, c footprint.Constraints, want string) {
	t.Helper()
	with, err := method.New(footprint.Settings{Constraints: c})
	if err != nil {
		t.Fatal(err)
	}
	_, err = with.Partition(t.Context(), m)
	var bad *footprint.ParameterError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v (%T), want a *ParameterError", err, err)
	}
	if bad.Reason != want {
		t.Errorf("got %q, want %q", bad.Reason, want)
	}
}

// Values that make no sense are refused in the same way by every method.
func TestBadValuesAreRefusedAlike(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 5, 1)
	for _, c := range []footprint.Constraints{
		{Footprints: -1},
		{MinLocalisation: 1.5},
		{MaxShare: -0.1},
		{MinPopulation: -1},
		{Population: make([]float64, 19)},
		{Together: [][]int32{{0, 1000}}},
		{Apart: [][]int32{{-1, 2}}},
		{Start: &footprint.Partition{}},
	} {
		sentence := ""
		for _, method := range Methods() {
			with, err := method.New(footprint.Settings{Constraints: c})
			if err != nil {
				t.Fatal(err)
			}
			_, err = with.Partition(t.Context(), m)
			var bad *footprint.ParameterError
			if !errors.As(err, &bad) {
				t.Fatalf("%s, %+v: got %v, want a *ParameterError", method.Name, c, err)
			}
			if sentence == "" {
				sentence = bad.Reason
			}
			if bad.Reason != sentence {
				t.Errorf("%s says %q, another method %q", method.Name, bad.Reason, sentence)
			}
		}
	}
}

// What no partition of a matrix can meet is named in the same way by every
// method that honours the demand.
func TestImpossibleDemandsAreNamedAlike(t *testing.T) {
	m := footprinttest.RandomFlows(t, 40, 10, 3)
	people := make([]float64, 40)
	for a := range people {
		people[a] = 1000
	}
	people[7] = 5000
	// Two lands of 20 areas each, in strips.
	twoLands := make(footprinttest.AdjacencyList, 40)
	for a := range 40 {
		if a%20 > 0 {
			twoLands[a], twoLands[a-1] = append(twoLands[a], a-1), append(twoLands[a-1], a)
		}
	}
	for _, x := range []struct {
		name string
		c    footprint.Constraints
		want string
	}{
		{"too many", footprint.Constraints{Footprints: 11}, "11 footprints cannot be made of 10 providers: ask for 10 or fewer"},
		{"people unknown", footprint.Constraints{MinPopulation: 1}, "min-population and max-population need the population of each area, and none is given"},
		{"too few people", footprint.Constraints{Footprints: 9, Population: people, MinPopulation: 5000}, "9 footprints of 5,000 people or more need 45,000 people, and there are 44,000: ask for 8 or fewer, or lower min-population"},
		{"too many people", footprint.Constraints{Footprints: 4, Population: people, MaxPopulation: 10_000}, "4 footprints of 10,000 people or fewer hold 40,000 people, and there are 44,000: ask for 5 or more, or raise max-population"},
		{"none so large", footprint.Constraints{Population: people, MinPopulation: 50_000}, "min-population 50,000 is above the 44,000 people of all areas: lower it"},
		{"one too large", footprint.Constraints{Population: people, MaxPopulation: 4000}, "area A0007 alone has 5,000 people, above max-population 4,000: raise it"},
		{"too few providers", footprint.Constraints{Footprints: 4, MinProviders: 3}, "4 footprints with 3 or more providers each need 12, and there are 10: ask for 3 or fewer, or lower min-providers"},
		{"none so many", footprint.Constraints{MinProviders: 11}, "each footprint must have 11 or more providers, and there are 10 in all: lower min-providers"},
		{
			"none of the type",
			footprint.Constraints{MinProviders: 1, CountedProviders: make([]bool, 10)},
			"each footprint must have 1 or more providers of the types asked for, and there are 0 in all: lower min-providers",
		},
		{
			"unit too large",
			footprint.Constraints{Population: people, MaxPopulation: 5500, KeepWhole: []footprint.Unit{{Name: "Kent", Areas: []int32{6, 7}}}},
			"unit Kent, which is to stay whole, and all that must be with it, 2 areas in all, have 6,000 people, above max-population 5,500: raise it",
		},
		{
			"unit over water",
			footprint.Constraints{Contiguous: twoLands, KeepWhole: []footprint.Unit{{Name: "Kent", Areas: []int32{6, 27}}}},
			"unit Kent is to stay whole and in one piece, but no border or link joins the land of area A0006 to that of area A0027: give a link, or leave the unit out",
		},
		{"group too large", footprint.Constraints{Population: people, MaxPopulation: 5500, Together: [][]int32{{6, 7}}}, "area A0006 and the areas that must be with it, 2 in all, have 6,000 people, above max-population 5,500: raise it"},
	} {
		for _, method := range Methods() {
			t.Run(method.Name+"/"+x.name, func(t *testing.T) {
				with, err := method.New(footprint.Settings{Constraints: x.c})
				if err != nil {
					t.Fatal(err)
				}
				_, err = with.Partition(t.Context(), m)
				var no *footprint.InfeasibleError
				var lacks *footprint.UnsupportedError
				if errors.As(err, &lacks) {
					t.Skip(err)
				}
				if !errors.As(err, &no) || no.Reason != x.want {
					t.Errorf("got %v, want %s", err, x.want)
				}
			})
		}
	}
}
