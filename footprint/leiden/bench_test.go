package leiden

import (
	"context"
	"fmt"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

var benchSizes = []struct{ areas, providers, each int }{{207, 139, 20}, {7_000, 200, 25}, {35_000, 400, 50}}

// BenchmarkLeiden is clustering alone: one run on a network that is there.
func BenchmarkLeiden(b *testing.B) {
	for _, s := range benchSizes {
		b.Run(fmt.Sprintf("areas=%d", s.areas), func(b *testing.B) {
			m := footprinttest.BenchMatrix(b, s.areas, s.providers, s.each)
			e, err := NewEngine(m, footprint.Modularity)
			if err != nil {
				b.Fatal(err)
			}
			seed := uint64(0)
			for b.Loop() {
				if _, err := e.Run(context.Background(), 1, seed); err != nil {
					b.Fatal(err)
				}
				seed++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(m.Len()), "ns/flow")
		})
	}
}

func BenchmarkNewEngine(b *testing.B) {
	for _, s := range benchSizes {
		b.Run(fmt.Sprintf("areas=%d", s.areas), func(b *testing.B) {
			m := footprinttest.BenchMatrix(b, s.areas, s.providers, s.each)
			for b.Loop() {
				if _, err := NewEngine(m, footprint.Modularity); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRestarts is to be run with -cpu 1,2.
func BenchmarkRestarts(b *testing.B) {
	m := footprinttest.BenchMatrix(b, 7_000, 200, 25)
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := e.Leiden(context.Background(), Leiden{Restarts: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDemands is the case of England's rules: one piece, 300,000 to
// 3,000,000 people, 44 footprints.
func BenchmarkDemands(b *testing.B) {
	m, population, neighbours := footprinttest.England(b)
	c := footprint.Constraints{Footprints: 44, Contiguous: neighbours, Population: population, MinPopulation: 300_000, MaxPopulation: 3_000_000}
	for b.Loop() {
		if _, err := (Leiden{Constraints: c}).Partition(context.Background(), m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNeighbourhoods is what a planner asks of a whole country: one piece,
// people within bounds, and an exact number.
func BenchmarkNeighbourhoods(b *testing.B) {
	for _, size := range []struct{ areas, providers, footprints int }{{6791, 139, 42}, {35000, 400, 42}} {
		b.Run(fmt.Sprintf("areas=%d", size.areas), func(b *testing.B) {
			m, people, near := footprinttest.Neighbourhoods(b, size.areas, size.providers, 1)
			mean := 8000 * float64(size.areas) / float64(size.footprints)
			c := footprint.Constraints{Footprints: size.footprints, Contiguous: near, Population: people, MinPopulation: mean / 4, MaxPopulation: 3 * mean}
			for b.Loop() {
				if _, err := (Leiden{Restarts: 10, Jobs: 1, Constraints: c}).Partition(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
