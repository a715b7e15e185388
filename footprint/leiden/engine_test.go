package leiden

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

func equal(p, q footprint.Partition) bool {
	return slices.Equal(p.Areas, q.Areas) && slices.Equal(p.Providers, q.Providers) && slices.Equal(p.IDs, q.IDs)
}

// Runs of one engine, one after another or at once, give what each would give
// by itself.
func TestEngineRunsAreIndependent(t *testing.T) {
	ctx := context.Background()
	for name, m := range matrices(t) {
		for _, q := range qualities(m) {
			t.Run(name+"/"+q.String(), func(t *testing.T) {
				e := engine(t, m, q)
				var wg sync.WaitGroup
				for seed := range uint64(4) {
					for _, gamma := range []float64{0.5, 1, 4} {
						wg.Go(func() {
							got, err := e.Run(ctx, gamma, seed)
							if err != nil {
								t.Error(err)
								return
							}
							want, err := Leiden{Resolution: gamma, Quality: q, Seed: seed}.Partition(ctx, m)
							if err != nil {
								t.Error(err)
							}
							if !equal(got, want) {
								t.Errorf("resolution %v, seed %d: the engine's partition differs", gamma, seed)
							}
						})
					}
				}
				wg.Wait()
			})
		}
	}
	e := engine(t, footprinttest.RandomMatrix(t, 20, 5, 1, nil), footprint.CPM)
	if _, err := e.Leiden(ctx, Leiden{}); err == nil {
		t.Error("an engine of CPM maximises modularity")
	}
	if _, err := e.Louvain(ctx, Louvain{Quality: footprint.CPM, Resolution: -1}); err == nil {
		t.Error("a negative resolution is taken")
	}
}

// An engine with other counts gives what a matrix of those counts gives, with
// codes without flow left out.
func TestEngineWithCounts(t *testing.T) {
	ctx := context.Background()
	for name, m := range matrices(t) {
		t.Run(name, func(t *testing.T) {
			e := engine(t, m, footprint.Modularity)
			rng := rand.New(rand.NewPCG(1, 1))
			var reused *Engine
			for round := range 4 {
				b := flow.NewBuilder()
				if m.OneMode() {
					b = flow.NewOneModeBuilder()
				}
				counts := make([]float64, m.Len())
				for a, area := range m.Areas() {
					providers, was := m.Row(a)
					for i, p := range providers {
						n := float64(rng.IntN(3)) * was[i]
						if round == 3 {
							n /= 3 // not exact in four bytes
						}
						counts[m.RowOffset(a)+i] = n
						if err := b.Add(area, m.Providers()[p], flow.Exactly(n)); err != nil {
							t.Fatal(err)
						}
					}
				}
				other, _, err := b.Build()
				if err != nil {
					t.Fatal(err)
				}
				if reused, err = e.WithCounts(counts, reused); err != nil {
					t.Fatal(err)
				}
				p, err := reused.Leiden(ctx, Leiden{Restarts: 3})
				if err != nil {
					t.Fatal(err)
				}
				o := engine(t, other, footprint.Modularity)
				label := make([]int32, o.g.Nodes)
				for a, code := range other.Areas() {
					i, _ := m.AreaIndex(code)
					label[o.src.Area[a]] = p.Areas[i]
				}
				for j, code := range other.Providers() {
					if i, ok := m.ProviderIndex(code); ok && !m.OneMode() {
						label[o.src.Provider[j]] = p.Providers[i]
					}
				}
				if slices.Min(label) < 0 {
					if !m.OneMode() {
						t.Fatal("a place with flow is unplaced")
					}
					return // places without flow stay in a one-mode matrix
				}
				got := o.g.Quality(footprint.Modularity, o.factor, o.scale, label)
				best, err := o.Leiden(ctx, Leiden{Restarts: 3})
				if err != nil {
					t.Fatal(err)
				}
				if want := modularityOf(t, other, best, footprint.Modularity); got < want-0.02 {
					t.Errorf("modularity %.4f of the counts, %.4f of their matrix", got, want)
				}
			}
		})
	}
	m := footprinttest.RandomMatrix(t, 20, 5, 1, nil)
	e := engine(t, m, footprint.Modularity)
	for _, counts := range [][]float64{nil, make([]float64, m.Len()-1), append(make([]float64, m.Len()-1), -1)} {
		if _, err := e.WithCounts(counts, nil); err == nil {
			t.Errorf("%d counts are taken for %d", len(counts), m.Len())
		}
	}
}

// The same counts give the same partition, bit for bit.
func TestEngineWithSameCounts(t *testing.T) {
	ctx := context.Background()
	m := footprinttest.RandomMatrix(t, 120, 25, 1, nil)
	e := engine(t, m, footprint.Modularity)
	counts := make([]float64, 0, m.Len())
	for a := range m.Areas() {
		_, c := m.Row(a)
		counts = append(counts, c...)
	}
	same, err := e.WithCounts(counts, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Run(ctx, 1, 7)
	if err != nil {
		t.Fatal(err)
	}
	q, err := same.Run(ctx, 1, 7)
	if err != nil {
		t.Fatal(err)
	}
	if !equal(p, q) {
		t.Error("the same counts give another partition")
	}
}

// Continuing from a result keeps it; from a disturbed one it is found again or
// bettered.
func TestStart(t *testing.T) {
	ctx := context.Background()
	for name, m := range matrices(t) {
		t.Run(name, func(t *testing.T) {
			p, err := Leiden{Restarts: 10}.Partition(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			best := modularityOf(t, m, p, footprint.Modularity)
			again, err := Leiden{Constraints: footprint.Constraints{Start: &p}}.Partition(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			if q := modularityOf(t, m, again, footprint.Modularity); q < best-1e-12 {
				t.Errorf("modularity fell from %v to %v", best, q)
			}
			torn := footprint.Partition{Areas: slices.Clone(p.Areas), Providers: slices.Clone(p.Providers), IDs: p.IDs}
			for a := 0; a < len(torn.Areas); a += 10 {
				torn.Areas[a] = footprint.Unplaced
			}
			mended, err := Leiden{Constraints: footprint.Constraints{Start: &torn}}.Partition(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			footprinttest.CheckPartition(t, m, mended, footprint.Constraints{})
			if q := modularityOf(t, m, mended, footprint.Modularity); q < best-0.01 {
				t.Errorf("modularity %v after mending, %v before", q, best)
			}
		})
	}
}

func ExampleLeiden() {
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		patients       float64
	}{
		{"Alder", "North General", 900},
		{"Birch", "North General", 700},
		{"Birch", "South Infirmary", 200},
		{"Cedar", "South Infirmary", 800},
		{"Damson", "South Infirmary", 500},
		{"Damson", "North General", 50},
	} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.patients)); err != nil {
			fmt.Println(err)
			return
		}
	}
	m, _, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := Leiden{Seed: 1}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range p.Footprints() {
		fmt.Print(f.ID, ":")
		for _, a := range f.Areas {
			fmt.Print(" ", m.Areas()[a])
		}
		for _, j := range f.Providers {
			fmt.Print(", ", m.Providers()[j])
		}
		fmt.Println()
	}
	// Output:
	// F01: Alder Birch, North General
	// F02: Cedar Damson, South Infirmary
}

func ExampleEngine() {
	b := flow.NewBuilder()
	for i := range 12 {
		for j := range 4 {
			n := 1.0
			if i/3 == j {
				n = 100
			}
			if err := b.Add(fmt.Sprintf("A%02d", i), fmt.Sprintf("P%d", j), flow.Exactly(n)); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, resolution := range []float64{0.02, 1} {
		p, err := e.Run(context.Background(), resolution, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(resolution, p.Len())
	}
	// Output:
	// 0.02 1
	// 1 4
}
