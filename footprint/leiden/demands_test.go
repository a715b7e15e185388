package leiden

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

func TestDemandsHold(t *testing.T) {
	for seed := range uint64(3) {
		m, population, neighbours := footprinttest.Square(t, 12, seed)
		start, err := Leiden{Seed: seed, Constraints: footprint.Constraints{Footprints: 6, Contiguous: neighbours}}.Partition(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		fixed := make([]bool, len(m.Areas())+len(m.Providers()))
		for v := range fixed {
			fixed[v] = v%5 == 0
		}
		for name, c := range map[string]footprint.Constraints{
			"contiguous":   {Contiguous: neighbours},
			"number":       {Contiguous: neighbours, Footprints: 7},
			"population":   {Contiguous: neighbours, Population: population, MinPopulation: 700_000, MaxPopulation: 2_500_000},
			"all sizes":    {Contiguous: neighbours, Footprints: 8, Population: population, MinPopulation: 700_000, MaxPopulation: 2_500_000, MaxShare: 0.2},
			"localisation": {MinLocalisation: 0.9},
			"share":        {MaxShare: 0.12},
			"together":     {Together: [][]int32{{0, 1, 13}, {5, int32(len(m.Areas()))}}},
			"apart":        {Apart: [][]int32{{0, 1, 2}, {14, int32(len(m.Areas())) + 3}}},
			"both":         {Together: [][]int32{{60, 61}}, Apart: [][]int32{{60, 62}, {61, 73}}, Contiguous: neighbours},
			"fixed":        {Start: &start, Fixed: fixed, Contiguous: neighbours},
			"fixed number": {Start: &start, Fixed: fixed, Footprints: 9},
		} {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				p, err := Leiden{Seed: seed, Constraints: c}.Partition(context.Background(), m)
				if err != nil {
					t.Fatal(err)
				}
				footprinttest.CheckPartition(t, m, p, c)
				if c.Fixed == nil {
					return
				}
				// Fixed nodes are together exactly where they were.
				was := append(slices.Clone(start.Areas), start.Providers...)
				is := append(slices.Clone(p.Areas), p.Providers...)
				for v := range fixed {
					for u := range v {
						if fixed[u] && fixed[v] && (was[u] == was[v]) != (is[u] == is[v]) {
							t.Fatalf("fixed nodes %d and %d: together %v, were %v", u, v, is[u] == is[v], was[u] == was[v])
						}
					}
				}
			})
		}
	}
}

func TestDemandsRefused(t *testing.T) {
	m, population, neighbours := footprinttest.Square(t, 6, 1)
	for _, c := range []struct {
		name   string
		demand footprint.Constraints
		want   string // part of the reason
	}{
		{"localisation", footprint.Constraints{Footprints: 4, MinLocalisation: 1}, "lower the least localisation index"},
		{"widths", footprint.Constraints{Contiguous: neighbours, Population: population, MinPopulation: 1_500_000, MaxPopulation: 1_600_000}, "but together pass 1,600,000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Leiden{Constraints: c.demand}.Partition(context.Background(), m)
			var no *footprint.InfeasibleError
			if !errors.As(err, &no) {
				t.Fatalf("error %v, want an InfeasibleError", err)
			}
			if !strings.Contains(no.Reason, c.want) {
				t.Errorf("reason %q does not say %q", no.Reason, c.want)
			}
		})
	}
}

func TestRefusalNamesWhatMustMerge(t *testing.T) {
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{{"A", "P", 90}, {"A", "Q", 10}, {"B", "P", 10}, {"B", "Q", 90}} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Leiden{Constraints: footprint.Constraints{Population: []float64{200_000, 190_000}, MinPopulation: 300_000, MaxPopulation: 350_000}}.Partition(context.Background(), m)
	want := "F01 and F02 must merge to reach 300,000 but together pass 350,000: widen the bounds of population"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
