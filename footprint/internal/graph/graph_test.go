package graph_test

import (
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/graph"
)

// Nodes of areas come first and those of providers after them.
//
//	      P    Q
//	A   600    0
//	B   200  200
//	C   200  300
func TestNewByHand(t *testing.T) {
	m, _ := footprinttest.HandWorked(t)
	g := graph.New(m)
	if g.Areas != 3 || g.Nodes() != 5 || graph.Nodes(m) != 5 || g.Total != 3000 {
		t.Errorf("%d areas, %d nodes, total %v", g.Areas, g.Nodes(), g.Total)
	}
	if want := []float64{600, 400, 500, 1000, 500}; !slices.Equal(g.Strength, want) {
		t.Errorf("strengths %v, want %v", g.Strength, want)
	}
	if want := []int32{0, 1, 3, 5, 8, 10}; !slices.Equal(g.Ptr, want) {
		t.Errorf("rows begin at %v, want %v", g.Ptr, want)
	}
	if want := []int32{3, 3, 4, 3, 4, 0, 1, 2, 1, 2}; !slices.Equal(g.Adj, want) {
		t.Errorf("ends %v, want %v", g.Adj, want)
	}
	if want := []float64{600, 200, 200, 200, 300, 600, 200, 200, 200, 300}; !slices.Equal(g.Weight, want) {
		t.Errorf("weights %v, want %v", g.Weight, want)
	}
}

// Of places, by hand: a stays with 5 and sends 3 to b, which sends 2 back; c
// sends 4 to a. An edge has the flow both ways, a loop counts twice.
func TestNewOneModeByHand(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, r := range []struct {
		from, to string
		n        float64
	}{{"a", "a", 5}, {"a", "b", 3}, {"b", "a", 2}, {"c", "a", 4}} {
		if err := b.Add(r.from, r.to, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m := footprinttest.Built(t, b)
	g := graph.New(m)
	if g.Nodes() != 3 || graph.Nodes(m) != 3 || g.Total != 28 {
		t.Errorf("%d nodes, total %v, want 3 and twice 14", g.Nodes(), g.Total)
	}
	if !slices.Equal(g.Adj, []int32{1, 2, 0, 0}) || !slices.Equal(g.Weight, []float64{5, 4, 5, 4}) {
		t.Errorf("ends %v with %v", g.Adj, g.Weight)
	}
	if !slices.Equal(g.Loop, []float64{5, 0, 0}) || !slices.Equal(g.Strength, []float64{19, 5, 4}) {
		t.Errorf("loops %v, strengths %v", g.Loop, g.Strength)
	}
}

// Against the matrix cell by cell: A is F and its transpose together, its rows
// add up to the strengths, and all strengths to twice the flow.
func TestNewAgainstCells(t *testing.T) {
	for seed := range uint64(5) {
		for name, m := range map[string]*flow.Matrix{
			"patients": footprinttest.RandomFlows(t, 25, 8, seed), "places": footprinttest.RandomTowns(t, 25, 150, seed),
		} {
			g := graph.New(m)
			n := g.Nodes()
			want := make([]float64, n*n)
			for a := range m.Areas() {
				ps, ws := m.Row(a)
				for i, p := range ps {
					u := int(p)
					if !m.OneMode() {
						u += g.Areas
					}
					want[a*n+u] += ws[i]
					want[u*n+a] += ws[i]
				}
			}
			sum := 0.0
			for v := range n {
				row := g.Adj[g.Ptr[v]:g.Ptr[v+1]]
				if !slices.IsSorted(row) || len(slices.Compact(slices.Clone(row))) != len(row) {
					t.Fatalf("%s %d: the ends of node %d are %v", name, seed, v, row)
				}
				if got := want[v*n+v]; got != 2*g.Loop[v] {
					t.Errorf("%s %d: loop %v, want half of %v", name, seed, g.Loop[v], got)
				}
				strength := want[v*n+v]
				for i, u := range row {
					if got := g.Weight[int(g.Ptr[v])+i]; got != want[v*n+int(u)] || int(u) == v {
						t.Errorf("%s %d: %v between %d and %d, want %v", name, seed, got, v, u, want[v*n+int(u)])
					}
					strength += want[v*n+int(u)]
				}
				edges := 0
				for u := range n {
					if u != v && want[v*n+u] > 0 {
						edges++
					}
				}
				if edges != len(row) || strength != g.Strength[v] {
					t.Errorf("%s %d: node %d has %d edges and strength %v, want %d and %v", name, seed, v, len(row), g.Strength[v], edges, strength)
				}
				sum += strength
			}
			if sum != g.Total || sum != 2*m.Total().Value {
				t.Errorf("%s %d: total %v, want %v", name, seed, g.Total, 2*m.Total().Value)
			}
		}
	}
}

// Pairs are walked in the order in which the matrix stores their cells.
func TestEachPair(t *testing.T) {
	for name, m := range map[string]*flow.Matrix{"patients": footprinttest.RandomFlows(t, 20, 6, 1), "places": footprinttest.RandomTowns(t, 20, 90, 1)} {
		next, sum := 0, 0.0
		graph.EachPair(m, func(k, area int, other int32) {
			if k != next {
				t.Fatalf("%s: pair %d comes at %d", name, k, next)
			}
			next++
			if m.At(area, int(other)) != m.Cell(k) {
				t.Fatalf("%s: pair %d is area %d with %d, whose flow is not that of the cell", name, k, area, other)
			}
			sum += m.Cell(k).Value
		})
		if next != m.Len() || !footprinttest.Near(sum, m.Total().Value, 1e-12) {
			t.Errorf("%s: %d pairs of %v, want %d of %v", name, next, sum, m.Len(), m.Total().Value)
		}
	}
}
