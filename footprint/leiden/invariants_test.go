package leiden

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/leiden/internal/optimise"
)

func engine(t testing.TB, m *flow.Matrix, q footprint.Quality) *Engine {
	t.Helper()
	e, err := NewEngine(m, q)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func qualities(m *flow.Matrix) []footprint.Quality {
	if m.OneMode() {
		return []footprint.Quality{footprint.Modularity, footprint.CPM}
	}
	return []footprint.Quality{footprint.Modularity, footprint.CPM, footprint.Bipartite}
}

func matrices(t testing.TB) map[string]*flow.Matrix {
	return map[string]*flow.Matrix{
		"two-mode":  footprinttest.RandomMatrix(t, 120, 25, 1, nil),
		"providers": footprinttest.RandomMatrix(t, 15, 40, 2, nil),
		"one-mode":  footprinttest.RandomPlaces(t, 100, 3),
	}
}

// The gain that a move is taken for is quality after less quality before.
func TestGainOfMoveIsExact(t *testing.T) {
	for name, m := range matrices(t) {
		for _, q := range qualities(m) {
			t.Run(name+"/"+q.String(), func(t *testing.T) {
				e := engine(t, m, q)
				g := e.g.Both()
				rng := rand.New(rand.NewPCG(5, 5))
				f := 1.3 * e.factor
				p := &plan{g: g, f: f, unit: make([]totals, g.Nodes)}
				for v := range p.unit {
					p.unit[v].x, p.unit[v].size = g.X[v], 1
					if g.Y != nil {
						p.unit[v].y = g.Y[v]
					}
				}
				label := make([]int32, g.Nodes)
				for v := range label {
					label[v] = int32(rng.IntN(8))
				}
				for range 200 {
					v, to := int32(rng.IntN(g.Nodes)), int32(rng.IntN(8))
					from := label[v]
					if from == to {
						continue
					}
					y := newLayout(p, slices.Clone(label))
					left := y.held[from]
					left.remove(&p.unit[v], 0)
					claimed := g.WeightTo(v, label, to) - p.expected(&p.unit[v], &y.held[to]) -
						(g.WeightTo(v, label, from) - p.expected(&p.unit[v], &left))
					before := g.Quality(q, f, e.scale, label)
					label[v] = to
					after := g.Quality(q, f, e.scale, label)
					if got, want := claimed/e.scale, after-before; math.Abs(got-want) > 1e-9*(1+math.Abs(before)) {
						t.Fatalf("claimed gain %v, quality rose by %v", got, want)
					}
				}
			})
		}
	}
}

// The moves of the optimiser raise quality, and a further sweep never lowers it.
func TestMovesRaiseQuality(t *testing.T) {
	for name, m := range matrices(t) {
		for _, q := range qualities(m) {
			t.Run(name+"/"+q.String(), func(t *testing.T) {
				e := engine(t, m, q)
				o := optimise.New(e.g.Nodes)
				o.Source.Seed(3, 3)
				o.Gamma, o.TwoMasses, o.Tolerance = 0.8*e.factor, q == footprint.Bipartite, 1e-12
				label := grouping.Sequence(e.g.Nodes)
				before := e.g.Quality(q, o.Gamma, e.scale, label)
				if moves := o.Move(e.g.Both(), label); moves == 0 {
					t.Fatal("nothing moved")
				}
				after := e.g.Quality(q, o.Gamma, e.scale, label)
				if after <= before {
					t.Errorf("quality %v after the moves, %v before", after, before)
				}
				// A second sweep may find what other footprints' growth changed.
				o.Move(e.g.Both(), label)
				if again := e.g.Quality(q, o.Gamma, e.scale, label); again < after-1e-12*math.Abs(after) {
					t.Errorf("quality fell from %v to %v", after, again)
				}
			})
		}
	}
}

func TestAggregationKeepsQuality(t *testing.T) {
	for name, m := range matrices(t) {
		for _, q := range qualities(m) {
			t.Run(name+"/"+q.String(), func(t *testing.T) {
				e := engine(t, m, q)
				o := optimise.New(e.g.Nodes)
				o.TwoMasses = q == footprint.Bipartite
				rng := rand.New(rand.NewPCG(2, 2))
				part := make([]int32, e.g.Nodes)
				for v := range part {
					part[v] = int32(rng.IntN(12))
				}
				parts := o.Compact(part, e.g.Nodes)
				up := &optimise.Level{}
				o.Aggregate(&optimise.Level{Network: e.g.Both(), Part: part}, parts, up)
				top, label := make([]int32, parts), make([]int32, e.g.Nodes)
				for c := range top {
					top[c] = int32(rng.IntN(4))
				}
				for v, c := range part {
					label[v] = top[c]
				}
				got, want := up.Network.Quality(q, e.factor, e.scale, top), e.g.Quality(q, e.factor, e.scale, label)
				if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
					t.Errorf("quality %v of the aggregate, %v of the network", got, want)
				}
			})
		}
	}
}

func TestFootprintsAreHealthSystems(t *testing.T) {
	ctx := context.Background()
	for name, m := range matrices(t) {
		for _, q := range qualities(m) {
			for _, gamma := range []float64{0.2, 1, 5, 50} {
				for _, refine := range []bool{true, false} {
					t.Run(fmt.Sprintf("%s/%v/%v/%v", name, q, gamma, refine), func(t *testing.T) {
						l := Leiden{Resolution: gamma, Quality: q, Seed: 4}
						var method footprint.Method = l
						if !refine {
							method = Louvain(l)
						}
						p, err := method.Partition(ctx, m)
						if err != nil {
							t.Fatal(err)
						}
						footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
					})
				}
			}
		}
	}
}

func TestFootprintsExactly(t *testing.T) {
	long(t)
	ctx := context.Background()
	for name, m := range matrices(t) {
		most := min(len(m.Areas()), len(m.Providers()))
		for _, k := range []int{1, 2, 3, 5, 8, 13, most / 2, most - 1, most} {
			t.Run(fmt.Sprintf("%s/%d", name, k), func(t *testing.T) {
				p, err := Leiden{Constraints: footprint.Constraints{Footprints: k}}.Partition(ctx, m)
				var no *footprint.InfeasibleError
				if errors.As(err, &no) && k > most/2 {
					t.Skip("not so many pairs: ", err)
				}
				if err != nil {
					t.Fatal(err)
				}
				if p.Len() != k {
					t.Errorf("%d footprints, asked for %d", p.Len(), k)
				}
				footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
			})
		}
	}
}

// Every provider has an area of its own, so that the largest number can be met.
func TestFootprintsExactlyAsManyAsProviders(t *testing.T) {
	m := footprinttest.RandomMatrix(t, 60, 30, 9, nil)
	p, err := Leiden{Constraints: footprint.Constraints{Footprints: 30}}.Partition(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() != 30 {
		t.Errorf("%d footprints", p.Len())
	}
	footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
}

func TestJobsChangeNothing(t *testing.T) {
	ctx := context.Background()
	m := footprinttest.RandomMatrix(t, 120, 20, 5, nil)
	for _, c := range []footprint.Constraints{{}, {Footprints: 9}, {MaxShare: 0.3}} {
		var want footprint.Partition
		for i, jobs := range []int{1, 2, 8} {
			p, err := Leiden{Restarts: 4, Jobs: jobs, Seed: 3, Constraints: c}.Partition(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				want = p
			} else if !slices.Equal(p.Areas, want.Areas) || !slices.Equal(p.Providers, want.Providers) {
				t.Errorf("%d jobs gave another partition than 1", jobs)
			}
		}
	}
}

// A search that begins with a map depends on its seed alone, not on what its
// memory was used for before: which task gets which memory is up to chance.
func TestStartDependsOnTheSeedAlone(t *testing.T) {
	ctx := t.Context()
	m, people, near := footprinttest.Square(t, 12, 5)
	total := 0.0
	for _, n := range people {
		total += n
	}
	demands := footprint.Constraints{Footprints: 12, Contiguous: near, Population: people, MinPopulation: total / 30, MaxPopulation: total / 7}
	start, err := Leiden{Seed: 1, Effort: 1, Constraints: demands}.Partition(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	demands.Footprints, demands.Start = 9, &start
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		t.Fatal(err)
	}
	l := Leiden{Constraints: demands}
	fresh := func() *workspace { return e.idle.New().(*workspace) }
	goal, unit, err := e.newPlan(fresh(), &demands, e.factor)
	if err != nil {
		t.Fatal(err)
	}
	j := planJob{l: &l, goal: goal, way: goal, unit: unit, gamma: 1}
	for i := range 12 {
		used := fresh()
		used.Source.Seed(99, uint64(i))
		var got [2][]int32
		for k, o := range []*workspace{fresh(), used} {
			y, _, err := e.layoutFrom(ctx, o, &j, i, 1)
			if err != nil {
				t.Fatal(err)
			}
			got[k] = slices.Clone(y.label)
		}
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("search %d depends on what its memory was used for", i)
		}
	}
}

// Other codes for the same places give the same footprints.
func TestRelabellingChangesNothing(t *testing.T) {
	long(t)
	ctx := context.Background()
	plain := footprinttest.RandomMatrix(t, 200, 30, 6, nil)
	other := func(kind byte, i int) string { return fmt.Sprintf("%c%06d", kind, (i*7919+13)%100_003) }
	renamed := footprinttest.RandomMatrix(t, 200, 30, 6, other)
	for _, c := range []footprint.Constraints{{}, {Footprints: 7}, {MaxShare: 0.3, Footprints: 8}} {
		p, err := Leiden{Seed: 2, Constraints: c}.Partition(ctx, plain)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Leiden{Seed: 2, Constraints: c}.Partition(ctx, renamed)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() != q.Len() {
			t.Fatalf("%d footprints, %d with other codes", p.Len(), q.Len())
		}
		for i := range plain.Areas() {
			a, _ := plain.AreaIndex(fmt.Sprintf("A%06d", i))
			b, _ := renamed.AreaIndex(other('A', i))
			if p.IDs[p.Areas[a]] != q.IDs[q.Areas[b]] {
				t.Fatalf("area %d is in %s, with another code in %s", i, p.IDs[p.Areas[a]], q.IDs[q.Areas[b]])
			}
		}
	}
}

func TestZeroValues(t *testing.T) {
	ctx := context.Background()
	for name, b := range map[string]*flow.Builder{"two-mode": flow.NewBuilder(), "one-mode": flow.NewOneModeBuilder()} {
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []footprint.Method{Leiden{}, Louvain{}} {
			p, err := method.Partition(ctx, m)
			if err != nil || p.Len() != 0 {
				t.Errorf("%s: %d footprints of nothing, error %v", name, p.Len(), err)
			}
		}
	}
}

func TestResolutionOutOfRange(t *testing.T) {
	m := footprinttest.RandomMatrix(t, 10, 3, 1, nil)
	for _, gamma := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := (Leiden{Resolution: gamma}).Partition(context.Background(), m); err == nil {
			t.Errorf("resolution %v is taken", gamma)
		}
	}
}

func TestCancelled(t *testing.T) {
	m := footprinttest.RandomMatrix(t, 50, 10, 1, nil)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	for _, c := range []footprint.Constraints{{}, {Footprints: 4}, {MaxShare: 0.5}} {
		if _, err := (Leiden{Constraints: c}).Partition(ctx, m); !errors.Is(err, why) {
			t.Errorf("error %v, want the cause", err)
		}
	}
}
