package network

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// dense is the matrix of arcs, loops on the diagonal; several arcs add up.
func dense(g *Network) [][]float64 {
	g = g.Both()
	d := make([][]float64, g.Nodes)
	for v := range d {
		d[v] = make([]float64, g.Nodes)
		d[v][v] = g.Loop[v]
		g.Neighbours(int32(v), func(u int32, w float64) { d[v][u] += w })
	}
	return d
}

// matrices have flows that four bytes hold, flows that they do not, and places.
func matrices(t *testing.T) map[string]*flow.Matrix {
	t.Helper()
	thin := footprinttest.RandomFlows(t, 30, 9, 3)
	b := flow.NewBuilder()
	for a, code := range thin.Areas() {
		ps, ws := thin.Row(a)
		for i, p := range ps {
			if err := b.Add(code, thin.Providers()[p], flow.Exactly(ws[i]/3)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return map[string]*flow.Matrix{"thin": thin, "wide": footprinttest.Built(t, b), "places": footprinttest.RandomTowns(t, 30, 200, 3)}
}

// The nodes of areas and providers are a rearrangement, providers first, and
// each flow of the matrix lies between its two nodes.
func TestNewHoldsTheMatrix(t *testing.T) {
	for name, m := range matrices(t) {
		g, s := New(m)
		if wide := name != "thin"; (g.Thin == nil) != wide {
			t.Errorf("%s: flows in four bytes: %v", name, g.Thin != nil)
		}
		want := make([][]float64, g.Nodes)
		for v := range want {
			want[v] = make([]float64, g.Nodes)
		}
		for a := range m.Areas() {
			v := s.Area[a]
			if got := s.AreaRank[int(v)-g.Providers]; int(got) != a {
				t.Fatalf("%s: area %d is node %d, which is area %d", name, a, v, got)
			}
			ps, ws := m.Row(a)
			for i, p := range ps {
				if m.OneMode() {
					u := s.Area[p]
					if u == v {
						want[v][v] += ws[i]
						continue
					}
					want[v][u] += ws[i]
					want[u][v] += ws[i]
					continue
				}
				u := s.Provider[p]
				if int(u) >= g.Providers || s.ProviderRank[u] != p {
					t.Fatalf("%s: provider %d is node %d", name, p, u)
				}
				want[v][u], want[u][v] = ws[i], ws[i]
			}
		}
		for v, row := range dense(g) {
			for u, w := range row {
				if !footprinttest.Near(w, want[v][u], 1e-12) {
					t.Fatalf("%s: %v between nodes %d and %d, want %v", name, w, v, u, want[v][u])
				}
			}
		}
	}
}

// Other codes, in another order of rows, give the same network.
func TestNewForgetsCodes(t *testing.T) {
	for name, m := range matrices(t) {
		rng := rand.New(rand.NewPCG(4, 4))
		b := flow.NewBuilder()
		if m.OneMode() {
			b = flow.NewOneModeBuilder()
		}
		providers := m.Providers()
		if m.OneMode() {
			providers = m.Areas()
		}
		// Codes that sort the other way round.
		code := func(list []string, i int) string { return fmt.Sprintf("Z%05d", len(list)-i) }
		for _, a := range rng.Perm(len(m.Areas())) {
			ps, ws := m.Row(a)
			for _, i := range rng.Perm(len(ps)) {
				if err := b.Add(code(m.Areas(), a), code(providers, int(ps[i])), flow.Exactly(ws[i])); err != nil {
					t.Fatal(err)
				}
			}
		}
		g, _ := New(m)
		h, _ := New(footprinttest.Built(t, b))
		if !slices.Equal(g.Ptr, h.Ptr) || !slices.Equal(g.Loop, h.Loop) {
			t.Errorf("%s: rows or loops differ", name)
		}
		for v, row := range dense(g) {
			if !slices.Equal(row, dense(h)[v]) {
				t.Fatalf("%s: the arcs of node %d differ", name, v)
			}
		}
	}
}

// A network filled with other counts is that of the matrix which has them;
// counts of 0 leave no arc, and a node without any is isolated.
func TestFillWithCounts(t *testing.T) {
	for name, m := range matrices(t) {
		rng := rand.New(rand.NewPCG(5, 5))
		g, s := New(m)
		before := dense(g) // the arcs of providers are made once, and must not stay
		counts := make([]float64, m.Len())
		want := make([][]float64, g.Nodes)
		for v := range want {
			want[v] = make([]float64, g.Nodes)
		}
		for a := range m.Areas() {
			ps, _ := m.Row(a)
			for i, p := range ps {
				n := float64(max(0, rng.IntN(20)-6))
				if a == 0 {
					n = 0
				}
				counts[m.RowOffset(a)+i] = n
				v, others := s.Area[a], s.Provider
				if m.OneMode() {
					others = s.Area
				}
				u := others[p]
				want[v][u] += n
				if u != v {
					want[u][v] += n
				}
			}
		}
		if m.OneMode() {
			g.FillOneMode(m, &s, counts)
		} else {
			g.Fill(m, &s, counts, true)
		}
		got := dense(g)
		same := true
		for v, row := range got {
			same = same && slices.Equal(row, before[v])
			if !slices.Equal(row, want[v]) {
				t.Fatalf("%s: node %d has %v, want %v", name, v, row, want[v])
			}
			flows := 0.0
			for _, w := range row {
				flows += w
			}
			if isolated := g.Isolated(int32(v)); isolated != (flows == 0) {
				t.Errorf("%s: node %d with flow %v is isolated: %v", name, v, flows, isolated)
			}
			g.Both().Neighbours(int32(v), func(u int32, w float64) {
				if w == 0 {
					t.Errorf("%s: an arc without flow from %d to %d", name, v, u)
				}
			})
		}
		if same {
			t.Errorf("%s: the counts changed nothing", name)
		}
	}
}

// The masses are those of the formulas, and quality of any labels is what they
// say when it is added up pair by pair.
func TestQualityPairByPair(t *testing.T) {
	for name, m := range matrices(t) {
		g, _ := New(m)
		arcs := dense(g)
		strength, total := make([]float64, g.Nodes), 0.0
		for v, row := range arcs {
			for u, w := range row {
				if u == v {
					w *= 2
				}
				strength[v] += w
			}
			total += strength[v]
		}
		for _, q := range []footprint.Quality{footprint.Modularity, footprint.CPM, footprint.Bipartite} {
			if q == footprint.Bipartite && m.OneMode() {
				continue
			}
			g.Y = nil
			factor, scale := g.Weigh(q)
			if !footprinttest.Near(g.Total, total, 1e-12) || !footprinttest.Near(total, 2*m.Total().Value, 1e-12) {
				t.Errorf("%s: strength of all nodes is %v, want %v, twice the patients", name, g.Total, total)
			}
			for trial := range 5 {
				rng := rand.New(rand.NewPCG(uint64(trial), 6))
				label := make([]int32, g.Nodes)
				for v := range label {
					label[v] = rng.Int32N(5)
				}
				gamma := 0.5 * float64(1+trial)
				want := pairByPair(g, arcs, strength, label, q, gamma)
				if got := g.Quality(q, gamma*factor, scale, label); !footprinttest.Near(got, want, 1e-9) {
					t.Errorf("%s, %v, γ %v: quality %v, want %v", name, q, gamma, got, want)
				}
			}
		}
	}
}

// pairByPair is quality as the formulas of footprint.Quality state it.
func pairByPair(g *Network, arcs [][]float64, strength []float64, label []int32, q footprint.Quality, gamma float64) float64 {
	twice := 0.0
	for _, s := range strength {
		twice += s
	}
	patients, sum := twice/2, 0.0
	for v := range label {
		for u := range label {
			if label[v] != label[u] {
				continue
			}
			w := arcs[v][u] / 2
			if u == v {
				w = arcs[v][v]
			}
			switch q {
			case footprint.CPM:
				sum += w
				if u != v {
					sum -= gamma / 2
				}
			case footprint.Bipartite:
				sum += w / patients
				if v >= g.Providers && u < g.Providers {
					sum -= gamma * strength[v] * strength[u] / (patients * patients)
				}
			default:
				sum += w/patients - gamma*strength[v]*strength[u]/(twice*twice)
			}
		}
	}
	return sum
}

// Without any flow nothing is expected, and quality is a number.
func TestWeighWithoutFlow(t *testing.T) {
	g := &Network{Nodes: 3, Ptr: make([]int, 4), Loop: make([]float64, 3)}
	for _, q := range []footprint.Quality{footprint.Modularity, footprint.Bipartite} {
		factor, scale := g.Weigh(q)
		if factor != 0 || scale != 1 || g.Total != 0 {
			t.Errorf("%v: factor %v, scale %v, total %v", q, factor, scale, g.Total)
		}
		if got := g.Quality(q, factor, scale, []int32{0, 0, 1}); got != 0 || math.IsNaN(got) {
			t.Errorf("%v: quality %v, want 0", q, got)
		}
	}
}

// End and Rows say the same about an arc, and Both has each arc twice.
func TestRowsAndEnds(t *testing.T) {
	for name, m := range matrices(t) {
		g, _ := New(m)
		both := g.Both()
		if !m.OneMode() && both.Ptr[both.Nodes] != 2*m.Len() {
			t.Errorf("%s: %d arcs for %d flows", name, both.Ptr[both.Nodes], m.Len())
		}
		if both.Both() != both {
			t.Errorf("%s: the network with both kinds of arc has another", name)
		}
		for v := range int32(both.Nodes) {
			thin, wide := both.Rows(v)
			var ends []int32
			for _, e := range thin {
				ends = append(ends, e.To)
			}
			for _, e := range wide {
				ends = append(ends, e.To)
			}
			for i, u := range ends {
				if got := both.End(both.Ptr[v] + i); got != u {
					t.Fatalf("%s: arc %d of node %d ends at %d and at %d", name, i, v, got, u)
				}
			}
			if len(thin) > 0 && len(wide) > 0 || len(ends) != both.Ptr[v+1]-both.Ptr[v] {
				t.Errorf("%s: node %d has %d and %d arcs", name, v, len(thin), len(wide))
			}
		}
	}
}

// Areas with the same largest provider lie together.
func TestAreasLieByLargestProvider(t *testing.T) {
	m := footprinttest.RandomFlows(t, 60, 12, 8)
	g, s := New(m)
	var largest []int32
	for v := int32(g.Providers); int(v) < g.Nodes; v++ {
		ps, ws := m.Row(int(s.AreaRank[int(v)-g.Providers]))
		best := slices.MaxFunc(ps, func(p, q int32) int {
			at := func(x int32) float64 { return ws[slices.Index(ps, x)] }
			return cmp.Or(cmp.Compare(at(p), at(q)), cmp.Compare(s.Provider[q], s.Provider[p]))
		})
		largest = append(largest, s.Provider[best])
	}
	if !slices.IsSorted(largest) {
		t.Errorf("the largest providers of areas in order are %v", largest)
	}
}
