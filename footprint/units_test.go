package footprint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// scattered is a matrix of areas A00, A01, … that all go to each of some
// providers.
func scattered(t *testing.T, areas, providers int) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for a := range areas {
		for p := range providers {
			if err := b.Add(fmt.Sprintf("A%02d", a), fmt.Sprintf("P%02d", p), flow.Exactly(float64(10+a+p))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mutual is a random ground whose borders all lie both ways and within it. Some
// have a strait in the middle that no border crosses.
func mutual(rng *rand.Rand, n int) lists {
	l, strait := make(lists, n), rng.IntN(2) == 0
	for a, near := range randomGround(rng, n) {
		for _, b := range near {
			if b < n && !(strait && (a < n/2) != (b < n/2)) && !slices.Contains(l[a], b) {
				l[a], l[b] = append(l[a], b), append(l[b], a)
			}
		}
	}
	return l
}

// A unit can stay whole in one piece where a flood from one of its areas reaches
// the others, islands apart; the refusal names the unit and two areas that no
// flood joins.
func TestUnitsOnTheGround(t *testing.T) {
	met, refused := 0, 0
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 21))
		n := 8 + rng.IntN(20)
		l := mutual(rng, n)
		m := scattered(t, n, 2)
		unit := Unit{Name: "North"}
		for range 2 + rng.IntN(3) {
			unit.Areas = append(unit.Areas, int32(rng.IntN(n)))
		}
		one := make([]int32, n)
		apart := false
		for _, a := range unit.Areas {
			for _, b := range unit.Areas {
				apart = apart || len(l[a]) > 0 && len(l[b]) > 0 && !reach(l, one, int(a))[b]
			}
		}
		c := Constraints{Contiguous: l, KeepWhole: []Unit{unit}}
		err := c.Check(m)
		if IsInfeasible(err) != apart {
			t.Fatalf("seed %d: unit %v: %v, by floods parted %v", seed, unit.Areas, err, apart)
		}
		if !apart {
			met++
			continue
		}
		refused++
		if text := err.Error(); !strings.HasPrefix(text, "unit North is to stay whole and in one piece, but no border or link joins the land of area A") {
			t.Errorf("seed %d: %q", seed, text)
		}
		c.Contiguous = nil
		if err := c.Check(m); err != nil {
			t.Errorf("seed %d: refused without contiguity: %v", seed, err)
		}
	}
	if met < 20 || refused < 20 {
		t.Errorf("%d units could stay whole and %d could not: too few of one kind", met, refused)
	}
}

// Providers that each footprint must have are compared with those that count.
func TestProvidersThatCount(t *testing.T) {
	m := scattered(t, 6, 5)
	marks := []bool{true, false, true, true, false}
	for _, x := range []struct {
		c    Constraints
		want string // "" where it can be met
	}{
		{Constraints{MinProviders: 5}, ""},
		{Constraints{MinProviders: 6}, "each footprint must have 6 or more providers, and there are 5 in all: lower min-providers"},
		{Constraints{MinProviders: 3, CountedProviders: marks}, ""},
		{Constraints{MinProviders: 4, CountedProviders: marks}, "each footprint must have 4 or more providers of the types asked for, and there are 3 in all: lower min-providers"},
		{Constraints{Footprints: 3, MinProviders: 1, CountedProviders: marks}, ""},
		{Constraints{Footprints: 2, MinProviders: 2, CountedProviders: marks}, "2 footprints with 2 or more providers of the types asked for each need 4, and there are 3: ask for 1 or fewer, or lower min-providers"},
		{Constraints{MinProviders: 1, CountedProviders: marks[:4]}, "there are 4 marks of providers that count for 5 providers"},
		{Constraints{MinProviders: -1}, "min-providers must be 0 or more, not -1"},
		{Constraints{KeepWhole: []Unit{{Name: "South", Areas: []int32{2, 6}}}}, "unit South names area 6, and there are 6 areas"},
	} {
		got := ""
		if err := x.c.Check(m); err != nil {
			got = err.Error()
		}
		if got != x.want {
			t.Errorf("%+v:\ngot  %q\nwant %q", x.c, got, x.want)
		}
	}
	for j, counts := range marks {
		if c := (&Constraints{CountedProviders: marks}); c.Counts(j) != counts {
			t.Errorf("provider %d counts: %v", j, !counts)
		}
	}
	if c := (&Constraints{}); !c.Counts(1) {
		t.Error("where no type is asked for, a provider does not count")
	}
}

// A unit is named where it holds all of some areas, and joins them as a demand to
// be together does, which stays as it was.
func TestUnitsByName(t *testing.T) {
	c := &Constraints{
		Together:  [][]int32{{0, 7}},
		KeepWhole: []Unit{{Name: "North", Areas: []int32{1, 2, 3}}, {Name: "South", Areas: []int32{3, 4}}},
	}
	if got := c.Joined(); fmt.Sprint(got) != "[[0 7] [1 2 3] [3 4]]" || len(c.Together) != 1 {
		t.Errorf("joined %v, together %v", got, c.Together)
	}
	for _, x := range []struct {
		nodes []int32
		want  string
	}{
		{[]int32{1, 3}, " (unit North, which is to stay whole)"}, {[]int32{3}, " (unit North, which is to stay whole)"}, {[]int32{4}, " (unit South, which is to stay whole)"}, {[]int32{2, 4}, ""}, {[]int32{0, 7}, ""},
	} {
		if got := c.InUnit(x.nodes...); got != x.want {
			t.Errorf("%v: %q, want %q", x.nodes, got, x.want)
		}
	}
}
