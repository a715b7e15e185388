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
		if x.Runs > 0 && !(x.Stability > 0.9 && x.Stability <= 1) {
			t.Errorf("stability %v at γ = %v", x.Stability, x.Resolution)
		}
	}
	if least > 11 || most <= 102 {
		t.Errorf("%d to %d footprints, want 11 or fewer to over 102", least, most)
	}
	rec := c.Recommendation
	chosen := c.Settings[rec.Setting]
	if rec.Elbow < 33 || rec.Elbow > 35 || rec.Low > rec.Footprints || rec.High < rec.Footprints {
		t.Errorf("elbow at %d, want 33 to 35; %d lies outside %d to %d", rec.Elbow, rec.Footprints, rec.Low, rec.High)
	}
	if chosen.Footprints < 31 || chosen.Footprints > 37 || chosen.Representative.InsideShare < 0.895 {
		t.Errorf("recommended %d footprints with %.4f inside: %s", chosen.Footprints, chosen.Representative.InsideShare, strings.Join(rec.Reasons, "; "))
	}
	if m := chosen.Representative; m.MinPopulation < DefaultScale.Least || m.MaxPopulation > DefaultScale.Most {
		t.Errorf("footprints of %v to %v people break the scale", m.MinPopulation, m.MaxPopulation)
	}
	for i, x := range c.Optimal {
		if i > 0 && x.From != c.Optimal[i-1].To {
			t.Errorf("intervals of resolution do not join at %v", x.From)
		}
	}
}

// Whatever was swept, the recommendation lies at the same number.
func TestRecommendationHoldsStill(t *testing.T) {
	m, people, _ := footprinttest.England(t)
	for _, ends := range [][2]float64{{1, 20}, {4, 15}} {
		s := &Sweep{Seed: 7, Seeds: 1}
		for _, gamma := range LogResolutions(ends[0], ends[1], 6) {
			s.Settings = append(s.Settings, Setting{Method: "leiden", Resolution: gamma})
		}
		c, err := s.Summarise(context.Background(), m, runSweep(t, s, m), Options{Population: people})
		if err != nil {
			t.Fatal(err)
		}
		if k := c.Settings[c.Recommendation.Setting].Footprints; k < 33 || k > 35 {
			t.Errorf("from γ = %v to %v, %d footprints are recommended", ends[0], ends[1], k)
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
			if c.Partition.Len() != c.Number.Footprints || c.Partition.Len() < 2 || len(c.Reasons) == 0 {
				t.Errorf("%d footprints where %d were chosen: %v", c.Partition.Len(), c.Number.Footprints, c.Reasons)
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
	fmt.Println(choice.Partition.Len(), "footprints")
	// Output: 4 footprints
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
