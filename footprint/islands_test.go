package footprint_test

import (
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden"
)

type trips []struct {
	area, provider string
	n              float64
}

func worldOf(t *testing.T, oneMode bool, list trips) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	if oneMode {
		b = flow.NewOneModeBuilder()
	}
	for _, r := range list {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	return footprinttest.Built(t, b)
}

// Areas A B C lie in a row on the mainland, D and E on an island, F and G on
// another that sends nobody where others go, H alone.
func worldOfIslands(t *testing.T) (*footprint.Land, []string, func(footprint.LandOptions) *footprint.Land) {
	t.Helper()
	m := worldOf(t, false, trips{
		{"A", "X", 100},
		{"A", "Y", 5},
		{"B", "X", 60},
		{"B", "Y", 60},
		{"C", "Y", 100},
		{"D", "X", 30},
		{"D", "Y", 10},
		{"E", "Y", 45},
		{"E", "X", 1},
		{"F", "Z", 9},
		{"G", "Z", 9},
		{"H", "Y", 4},
	})
	land := footprinttest.AdjacencyList{{1}, {0, 2}, {1}, {4}, {3}, {6}, {5}, {}}
	join := func(o footprint.LandOptions) *footprint.Land { return footprint.NewLand(m, land, o) }
	return join(footprint.LandOptions{}), m.Areas(), join
}

func TestIslandsAreTiedByTheMostPatients(t *testing.T) {
	g, codes, _ := worldOfIslands(t)
	if g.Pieces != 4 {
		t.Errorf("got %d pieces of land", g.Pieces)
	}
	// E and B have 45 at Y and 1 at X in common; E and C have 45.
	if want := []footprint.Link{{A: 1, B: 4, Patients: 46}}; !slices.Equal(g.Ties, want) {
		t.Errorf("got ties %v, want %v", g.Ties, want)
	}
	if len(g.Loose) != 1 || !slices.Equal(g.Loose[0], []int32{5, 6}) {
		t.Errorf("got loose %v", g.Loose)
	}
	if got := slices.Collect(g.Neighbours(1)); !slices.Equal(got, []int{0, 2, 4}) {
		t.Errorf("neighbours of B: %v", got)
	}
	if got := slices.Collect(g.Neighbours(7)); len(got) != 0 {
		t.Errorf("a single island has neighbours %v", got)
	}
	notes := strings.Join(g.Notes(codes), "\n")
	for _, part := range []string{"1 group of areas is cut off", "B with E (46 patients)", "not tied to it: F G"} {
		if !strings.Contains(notes, part) {
			t.Errorf("notes lack %q:\n%s", part, notes)
		}
	}
}

func TestLinksComeBeforeTies(t *testing.T) {
	_, _, join := worldOfIslands(t)
	g := join(footprint.LandOptions{Links: [][2]int32{{3, 0}, {0, 3}, {5, 7}, {7, 2}, {2, 2}}})
	if len(g.Ties) != 0 || len(g.Loose) != 0 || g.Pieces != 4 {
		t.Errorf("got %+v", g)
	}
	if want := []footprint.Link{{A: 0, B: 3}, {A: 5, B: 7}, {A: 2, B: 7}}; !slices.Equal(g.Given, want) {
		t.Errorf("got links %v, want %v", g.Given, want)
	}
	if got := slices.Collect(g.Neighbours(7)); !slices.Equal(got, []int{2, 5}) {
		t.Errorf("neighbours of a linked island: %v", got)
	}
}

func TestStrictIslandsAreNotTied(t *testing.T) {
	_, codes, join := worldOfIslands(t)
	g := join(footprint.LandOptions{Strict: true})
	if len(g.Ties) != 0 || len(g.Loose) != 2 || len(g.Notes(codes)) != 1 {
		t.Errorf("got %+v", g)
	}
}

// A footprint that spans an island and the mainland is one piece by its tie, and
// not without it; --contiguous can then be met.
func TestTiesHoldForMeasuresAndMethods(t *testing.T) {
	m := worldOf(t, false, trips{
		{"A", "X", 90}, {"B", "X", 40}, {"B", "Y", 10}, {"C", "Y", 90}, {"D", "Y", 20}, {"D", "X", 2}, {"E", "Y", 15},
	})
	land := footprinttest.AdjacencyList{{1}, {0, 2}, {1}, {4}, {3}}
	p := footprint.Partition{Areas: []int32{0, 0, 1, 1, 1}, Providers: []int32{0, 1}, IDs: []string{"F01", "F02"}}
	tied, strict := footprint.NewLand(m, land, footprint.LandOptions{}), footprint.NewLand(m, land, footprint.LandOptions{Strict: true})
	if got := footprint.ContiguousFootprints(p, tied); !got[1] {
		t.Error("tied, and yet not one piece")
	}
	if got := footprint.ContiguousFootprints(p, strict); got[1] {
		t.Error("not tied, and yet one piece")
	}
	cs := footprint.Constraints{Footprints: 2, Contiguous: tied}
	got, err := (leiden.Leiden{Seed: 1, Restarts: 2, Constraints: cs}).Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if ok := footprint.ContiguousFootprints(got, tied); slices.Contains(ok, false) {
		t.Errorf("got %v in pieces", got)
	}
	cs.Contiguous = strict
	if _, err := (leiden.Leiden{Seed: 1, Restarts: 2, Constraints: cs}).Partition(t.Context(), m); err == nil || !strings.Contains(err.Error(), "the footprint of ") {
		t.Errorf("got error %v", err)
	}
}

func TestSharedPatientsOfOneMode(t *testing.T) {
	m := worldOf(t, true, trips{{"A", "B", 7}, {"B", "A", 2}, {"A", "A", 50}, {"C", "B", 1}})
	if got := footprint.SharedPatients(m, 0); !slices.Equal(got, []float64{0, 9, 0}) {
		t.Errorf("got %v", got)
	}
}

// In random worlds every piece of several areas ends tied or loose, and ties do
// not depend on the order of anything but codes.
func TestRandomGround(t *testing.T) {
	for seed := range uint64(50) {
		m, _, land := footprinttest.Square(t, 6, seed)
		for a := range land { // cut borders at random
			land[a] = slices.DeleteFunc(slices.Clone(land[a]), func(b int) bool { return (a*b+a+b+int(seed))%3 == 0 })
		}
		g := footprint.NewLand(m, land, footprint.LandOptions{})
		sets := grouping.NewSets(len(land))
		for a := range land {
			for b := range g.Neighbours(a) {
				sets.Union(int32(a), int32(b))
				if !slices.Contains(slices.Collect(g.Neighbours(b)), a) {
					t.Fatalf("seed %d: %d is beside %d, and not the other way round", seed, b, a)
				}
			}
		}
		size := map[int32]int{}
		for a := range land {
			size[sets.Find(int32(a))]++
		}
		several := 0
		for _, n := range size {
			if n > 1 {
				several++
			}
		}
		if several != 1+len(g.Loose) {
			t.Fatalf("seed %d: %d pieces of several areas, %d loose", seed, several, len(g.Loose))
		}
	}
}
