package footprint

import (
	"context"
	"errors"
	"slices"
	"testing"

	"stpmap/flow"
)

func TestLevelsNest(t *testing.T) {
	m, population, neighbours := square(t, 12, 4)
	for name, c := range map[string]Constraints{
		"free":       {},
		"contiguous": {Contiguous: neighbours, Population: population, MinPopulation: 500_000},
	} {
		t.Run(name, func(t *testing.T) {
			ks := []int{5, 12, 8, 2, 8}
			levels, err := Levels(context.Background(), m, Leiden{Seed: 1, Constraints: c}, ks...)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range levels {
				d := c
				d.Footprints = ks[i]
				checkSystems(t, m, p)
				checkDemands(t, m, p, d)
			}
			for _, pair := range [][2]int{{1, 2}, {2, 0}, {0, 3}, {2, 4}, {1, 3}} {
				parents, err := Parents(levels[pair[0]], levels[pair[1]])
				if err != nil {
					t.Error(err)
				}
				for a, f := range levels[pair[0]].Areas {
					if parents[f] != levels[pair[1]].Areas[a] {
						t.Errorf("area %d is not in its footprint's parent", a)
					}
				}
			}
		})
	}
}

// The coarse levels of a tree stay near what is found without the finer ones.
func TestLevelsOfEngland(t *testing.T) {
	m := readFlows(t, flow.NewBuilder(), "england", "flows.csv")
	levels, err := Levels(context.Background(), m, Leiden{}, 100, 44, 37, 21)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.78, 0.885, 0.895, 0.93} {
		if share, _ := inside(m, levels[i]); share < want {
			t.Errorf("%d footprints keep %.4f inside, want %v", levels[i].Len(), share, want)
		}
	}
}

func TestLevelsRefused(t *testing.T) {
	m, _, _ := square(t, 6, 1)
	var no *InfeasibleError
	if _, err := Levels(context.Background(), m, Leiden{}, 100, 2); !errors.As(err, &no) {
		t.Errorf("error %v, want an InfeasibleError", err)
	}
	if _, err := Levels(context.Background(), m, Leiden{}, 2, 0); err == nil {
		t.Error("a level of no footprints is taken")
	}
}

func TestParentsRefused(t *testing.T) {
	a := Partition{Areas: []int32{0, 0, 1}, IDs: []string{"F01", "F02"}}
	b := Partition{Areas: []int32{0, 1, 1}, IDs: []string{"F01", "F02"}}
	if _, err := Parents(a, b); err == nil {
		t.Error("partitions that cross are taken for nested")
	}
	if _, err := Parents(a, Partition{Areas: []int32{0}, IDs: []string{"F01"}}); err == nil {
		t.Error("partitions of different matrices are taken")
	}
}

func TestKeepIDs(t *testing.T) {
	b := flow.NewBuilder()
	for i, n := range []float64{10, 20, 30, 40, 50} {
		if err := b.Add(string(rune('A'+i)), "P", flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		was, now []int32
		ids      []string // of was
		want     []string
	}{
		{"same", []int32{0, 0, 1, 1, 2}, []int32{2, 2, 0, 0, 1}, []string{"F01", "F02", "F03"}, []string{"F02", "F03", "F01"}},
		{"one split", []int32{0, 0, 0, 1, 1}, []int32{0, 0, 2, 1, 1}, []string{"F01", "F02"}, []string{"F01", "F02", "F03"}},
		{"names of its own", []int32{0, 0, 1, 1, 1}, []int32{0, 1, 1, 2, 2}, []string{"North", "F01"}, []string{"F02", "North", "F01"}},
		{"larger overlap first", []int32{0, 0, 0, 0, 1}, []int32{0, 0, 1, 1, 1}, []string{"X", "Y"}, []string{"F01", "X"}},
		{"unplaced", []int32{-1, 0, 0, 0, 0}, []int32{0, 1, 1, 1, -1}, []string{"X"}, []string{"F01", "X"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			earlier := Partition{Areas: c.was, Providers: []int32{0}, IDs: c.ids}
			p := Partition{Areas: c.now, Providers: []int32{0}, IDs: make([]string, len(c.want))}
			got, err := p.KeepIDs(m, earlier)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.IDs, c.want) {
				t.Errorf("ids %v, want %v", got.IDs, c.want)
			}
		})
	}
	if _, err := (Partition{}).KeepIDs(m, Partition{}); err == nil {
		t.Error("partitions of other matrices are taken")
	}
}
