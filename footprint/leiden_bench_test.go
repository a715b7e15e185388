package footprint

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
)

// benchMatrix is a gravity model in which the flows per area do not grow with
// the number of providers: each area draws on the nearest and on some others.
func benchMatrix(b *testing.B, areas, providers, each int) *flow.Matrix {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	side := int(math.Ceil(math.Sqrt(float64(providers))))
	builder := flow.NewBuilder()
	for a := range areas {
		x, y := rng.IntN(side), rng.IntN(side)
		for range each {
			px, py := x, y
			if rng.Float64() < 0.8 {
				px, py = px+int(2*rng.NormFloat64()), py+int(2*rng.NormFloat64())
			} else {
				px, py = rng.IntN(side), rng.IntN(side)
			}
			p := min(max(0, px), side-1)*side + min(max(0, py), side-1)
			if p >= providers {
				continue
			}
			d := math.Abs(float64(px-x)) + math.Abs(float64(py-y))
			if err := builder.Add(fmt.Sprintf("A%06d", a), fmt.Sprintf("P%04d", p), flow.Exactly(1+math.Floor(200*math.Exp(-d)*rng.Float64()))); err != nil {
				b.Fatal(err)
			}
		}
	}
	m, _, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	return m
}

var benchSizes = []struct{ areas, providers, each int }{{207, 139, 20}, {7_000, 200, 25}, {35_000, 400, 50}}

// BenchmarkLeiden is clustering alone: one run on a network that is there.
func BenchmarkLeiden(b *testing.B) {
	for _, s := range benchSizes {
		b.Run(fmt.Sprintf("areas=%d", s.areas), func(b *testing.B) {
			m := benchMatrix(b, s.areas, s.providers, s.each)
			e, err := NewEngine(m, Modularity)
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
			m := benchMatrix(b, s.areas, s.providers, s.each)
			for b.Loop() {
				if _, err := NewEngine(m, Modularity); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRestarts is to be run with -cpu 1,2.
func BenchmarkRestarts(b *testing.B) {
	m := benchMatrix(b, 7_000, 200, 25)
	e, err := NewEngine(m, Modularity)
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
	m, population, neighbours := england(b)
	c := Constraints{Footprints: 44, Contiguous: neighbours, Population: population, MinPopulation: 300_000, MaxPopulation: 3_000_000}
	for b.Loop() {
		if _, err := (Leiden{Constraints: c}).Partition(context.Background(), m); err != nil {
			b.Fatal(err)
		}
	}
}
