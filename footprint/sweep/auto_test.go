package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

func defaultSweep(m *flow.Matrix) *Sweep {
	s := &Sweep{Seed: 1}
	for _, gamma := range DefaultResolutions(m, footprint.Modularity, 40) {
		s.Settings = append(s.Settings, Setting{Method: "leiden", Resolution: gamma})
	}
	return s
}

// The default sweep of England: what it covers, and what the rule chooses from
// the flows and the people alone. leidenalg 0.9.1 gives 11 footprints at 0.2,
// 37 at 2.28 and 102 at 15.
func TestDefaultSweepOfEngland(t *testing.T) {
	m, people, _ := footprinttest.England(t)
	s := defaultSweep(m)
	c, err := s.Summarise(context.Background(), m, runSweep(t, s, m), Options{Population: people})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Runs) != 800 {
		t.Errorf("%d runs, want 800", len(c.Runs))
	}
	least, most := math.MaxInt, 0
	for _, x := range c.Settings {
		least, most = min(least, x.MinFootprints), max(most, x.MaxFootprints)
		if !(x.Stability > 0.9 && x.Stability <= 1) {
			t.Errorf("stability %v at γ = %v", x.Stability, x.Resolution)
		}
	}
	if least > 11 || most <= 102 {
		t.Errorf("%d to %d footprints, want 11 or fewer to over 102", least, most)
	}
	rec := c.Recommendation
	chosen := c.Settings[rec.Setting]
	if rec.Elbow < 33 || rec.Elbow > 35 {
		t.Errorf("elbow at %d, want 33 to 35", rec.Elbow)
	}
	if chosen.Footprints < 31 || chosen.Footprints > 38 || chosen.Representative.InsideShare < 0.895 {
		t.Errorf("recommended %d footprints with %.4f inside: %s", chosen.Footprints, chosen.Representative.InsideShare, strings.Join(rec.Reasons, "; "))
	}
	for i, x := range c.Optimal {
		if i > 0 && x.From != c.Optimal[i-1].To {
			t.Errorf("intervals of resolution do not join at %v", x.From)
		}
	}
}

// Whatever the lower end of the sweep, the elbow stays.
func TestElbowHoldsStill(t *testing.T) {
	m, people, _ := footprinttest.England(t)
	for _, low := range []float64{0.2, 0.45, 0.8} {
		s := &Sweep{Seed: 1, Seeds: 3}
		for _, gamma := range LogResolutions(low, 15, 40) {
			s.Settings = append(s.Settings, Setting{Method: "leiden", Resolution: gamma})
		}
		c, err := s.Summarise(context.Background(), m, runSweep(t, s, m), Options{Population: people})
		if err != nil {
			t.Fatal(err)
		}
		if e := c.Recommendation.Elbow; e < 33 || e > 36 {
			t.Errorf("from γ = %v on, the elbow is at %d", low, e)
		}
	}
}

func TestAutoSize(t *testing.T) {
	for _, c := range []struct{ flows, resolutions, seeds int }{
		{0, 40, 20}, {3390, 40, 20}, {25_000, 40, 20}, {25_001, 40, 14}, {200_000, 20, 5}, {1_500_000, 12, 2}, {50_000_000, 12, 2},
	} {
		r, s := autoSize(c.flows)
		if r != c.resolutions || s != c.seeds {
			t.Errorf("%d flows: %d resolutions, %d seeds; want %d, %d", c.flows, r, s, c.resolutions, c.seeds)
		}
		if c.flows < autoBudget/24 && r*s*c.flows > autoBudget && c.flows > 25_000 {
			t.Errorf("%d flows: over budget", c.flows)
		}
	}
}

func TestAuto(t *testing.T) {
	m, people, _ := footprinttest.Square(t, 12, 3)
	for name, o := range map[string]AutoOptions{
		"leiden": {Seed: 3}, "people": {Seed: 3, Population: people}, "louvain": {Seed: 3, Louvain: true}, "cpm": {Seed: 3, Quality: footprint.CPM}, "bipartite": {Seed: 3, Quality: footprint.Bipartite},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Auto(context.Background(), m, o)
			if err != nil {
				t.Fatal(err)
			}
			if c.Partition.Len() != c.Setting.Footprints || c.Partition.Len() < 2 || len(c.Reasons) == 0 || c.Runs != 800 {
				t.Errorf("%d footprints, setting %d, %d runs: %v", c.Partition.Len(), c.Setting.Footprints, c.Runs, c.Reasons)
			}
			footprinttest.CheckPartition(t, m, c.Partition, footprint.Constraints{})
			o.Jobs = 1
			again, err := Auto(context.Background(), m, o)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(again.Partition.Areas, c.Partition.Areas) || !slices.Equal(again.Reasons, c.Reasons) {
				t.Error("one job chooses otherwise than several")
			}
		})
	}
	empty, _, err := flow.NewBuilder().Build()
	if err != nil {
		t.Fatal(err)
	}
	var no *footprint.InfeasibleError
	if _, err := Auto(context.Background(), empty, AutoOptions{}); !errors.As(err, &no) {
		t.Errorf("no flows: error %v, want an InfeasibleError", err)
	}
}

func ExampleAuto() {
	b := flow.NewBuilder()
	for town := range 4 {
		for area := range 5 {
			code := fmt.Sprintf("E%d%d", town, area)
			_ = b.Add(code, fmt.Sprintf("H%d", town), flow.Exactly(900))
			_ = b.Add(code, fmt.Sprintf("H%d", (town+1)%4), flow.Exactly(20))
		}
	}
	m, _, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	choice, err := Auto(context.Background(), m, AutoOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(choice.Partition.Len(), "footprints from", choice.Runs, "runs")
	// Output: 4 footprints from 800 runs
}

func BenchmarkSweep(b *testing.B) {
	m, people, _ := footprinttest.England(b)
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			s := &Sweep{Seed: 1, Seeds: 20, Jobs: jobs}
			for _, gamma := range DefaultResolutions(m, footprint.Modularity, 50) {
				s.Settings = append(s.Settings, Setting{Method: "leiden", Resolution: gamma})
			}
			for b.Loop() {
				runs := runSweep(b, s, m)
				if _, err := s.Summarise(context.Background(), m, runs, Options{Population: people, Jobs: jobs}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
