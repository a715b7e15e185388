package nest

import (
	"context"
	"errors"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

func TestLevelsNest(t *testing.T) {
	m, population, neighbours := footprinttest.Square(t, 12, 4)
	for name, c := range map[string]footprint.Constraints{
		"free":       {},
		"contiguous": {Contiguous: neighbours, Population: population, MinPopulation: 500_000},
	} {
		t.Run(name, func(t *testing.T) {
			ks := []int{5, 12, 8, 2, 8}
			levels, err := Levels(context.Background(), m, leiden.Leiden{Seed: 1, Constraints: c}, ks...)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range levels {
				d := c
				d.Footprints = ks[i]
				footprinttest.CheckPartition(t, m, p, d)
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
	m := footprinttest.ReadFlows(t, flow.NewBuilder(), "england/flows.csv")
	levels, err := Levels(context.Background(), m, leiden.Leiden{}, 100, 44, 37, 21)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.78, 0.885, 0.895, 0.93} {
		if share, _ := footprinttest.Inside(m, levels[i]); share < want {
			t.Errorf("%d footprints keep %.4f inside, want %v", levels[i].Len(), share, want)
		}
	}
}

func TestLevelsRefused(t *testing.T) {
	m, _, _ := footprinttest.Square(t, 6, 1)
	var no *footprint.InfeasibleError
	if _, err := Levels(context.Background(), m, leiden.Leiden{}, 100, 2); !errors.As(err, &no) {
		t.Errorf("error %v, want an InfeasibleError", err)
	}
	if _, err := Levels(context.Background(), m, leiden.Leiden{}, 2, 0); err == nil {
		t.Error("a level of no footprints is taken")
	}
}

func TestParentsRefused(t *testing.T) {
	a := footprint.Partition{Areas: []int32{0, 0, 1}, IDs: []string{"F01", "F02"}}
	b := footprint.Partition{Areas: []int32{0, 1, 1}, IDs: []string{"F01", "F02"}}
	if _, err := Parents(a, b); err == nil {
		t.Error("partitions that cross are taken for nested")
	}
	if _, err := Parents(a, footprint.Partition{Areas: []int32{0}, IDs: []string{"F01"}}); err == nil {
		t.Error("partitions of different matrices are taken")
	}
}
