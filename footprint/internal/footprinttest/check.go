package footprinttest

import (
	"math"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// CheckPartition checks, from the matrix alone, that footprints are health
// systems and that every demand holds.
func CheckPartition(t testing.TB, m *flow.Matrix, p footprint.Partition, c footprint.Constraints) {
	t.Helper()
	nA := len(m.Areas())
	label := slices.Clone(p.Areas)
	provider := p.Areas
	if !m.OneMode() {
		label = append(label, p.Providers...)
		provider = p.Providers
	}
	for v, f := range label {
		if f < 0 || int(f) >= p.Len() {
			t.Fatalf("node %d is in footprint %d of %d", v, f, p.Len())
		}
	}
	if c.Footprints > 0 && p.Len() != c.Footprints {
		t.Errorf("got %d footprints, want %d", p.Len(), c.Footprints)
	}
	// Pieces in the flow network: flood from node to node.
	var flood func(v int32, seen []bool)
	flood = func(v int32, seen []bool) {
		seen[v] = true
		visit := func(w int32) {
			if label[w] == label[v] && !seen[w] {
				flood(w, seen)
			}
		}
		if int(v) < nA {
			ps, _ := m.Row(int(v))
			for _, q := range ps {
				if m.OneMode() {
					visit(q)
				} else {
					visit(q + int32(nA))
				}
			}
		}
		if q := int(v) - nA; q >= 0 || m.OneMode() {
			if m.OneMode() {
				q = int(v)
			}
			as, _ := m.Column(q)
			for _, a := range as {
				visit(a)
			}
		}
	}
	pieces := make([]int, p.Len())
	seen := make([]bool, len(label))
	for v := range label {
		if !seen[v] {
			pieces[label[v]]++
			flood(int32(v), seen)
		}
	}
	live, work, inside := Sums(m, p)
	people, areas := make([]float64, p.Len()), make([]int, p.Len())
	for a, f := range p.Areas {
		areas[f]++
		if c.Population != nil {
			people[f] += c.Population[a]
		}
	}
	hosts, counted := make([]int, p.Len()), make([]int, p.Len())
	for j, f := range provider {
		hosts[f]++
		if c.Counts(j) {
			counted[f]++
		}
	}
	for f, id := range p.IDs {
		if pieces[f] != 1 {
			t.Errorf("%s is in %d pieces in the flow network", id, pieces[f])
		}
		if !c.AllowSingleKind && (areas[f] == 0 || hosts[f] == 0) {
			t.Errorf("%s has %d areas and %d providers", id, areas[f], hosts[f])
		}
		if !m.OneMode() && !c.AllowSingleKind && inside[f] == 0 {
			t.Errorf("%s has a localisation index of 0", id)
		}
		if c.MinLocalisation > 0 && inside[f] < c.MinLocalisation*live[f]*(1-1e-12) {
			t.Errorf("%s: localisation index %v, want at least %v", id, inside[f]/live[f], c.MinLocalisation)
		}
		if people[f] < c.MinPopulation || c.MaxPopulation > 0 && people[f] > c.MaxPopulation {
			t.Errorf("%s has %v people, want %v to %v", id, people[f], c.MinPopulation, c.MaxPopulation)
		}
		if least, ofMean := c.Floor(m.OneMode()); inside[f] < least*live[f]*(1-1e-12) ||
			live[f] < ofMean*m.Total().Value/float64(p.Len())*(1-1e-12) && !(inside[f] == live[f] && inside[f] == work[f]) {
			t.Errorf("%s is no health system: %v of %v patients are treated inside", id, inside[f], live[f])
		}
		if counted[f] < c.MinProviders {
			t.Errorf("%s has %d of the providers that count, want at least %d", id, counted[f], c.MinProviders)
		}
		if c.MaxShare > 0 && live[f] > c.MaxShare*m.Total().Value*(1+1e-12) {
			t.Errorf("%s has a share of %v, want at most %v", id, live[f]/m.Total().Value, c.MaxShare)
		}
	}
	for _, g := range c.Joined() {
		for _, v := range g {
			if label[v] != label[g[0]] {
				t.Errorf("nodes %d and %d are not together", g[0], v)
			}
		}
	}
	for _, g := range c.Apart {
		for i, v := range g {
			for _, w := range g[:i] {
				if label[v] == label[w] {
					t.Errorf("nodes %d and %d are not apart", w, v)
				}
			}
		}
	}
	if c.Contiguous != nil {
		checkContiguous(t, p, c.Contiguous)
	}
}

// checkContiguous checks that the areas of each footprint are in one piece on
// the map, islands aside.
func checkContiguous(t testing.TB, p footprint.Partition, near footprint.Adjacency) {
	t.Helper()
	seen, pieces := make([]bool, len(p.Areas)), make([]int, p.Len())
	for a := range p.Areas {
		stack := []int{a}
		if len(slices.Collect(near.Neighbours(a))) == 0 || seen[a] {
			continue
		}
		pieces[p.Areas[a]]++
		seen[a] = true
		for len(stack) > 0 {
			b := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for x := range near.Neighbours(b) {
				if p.Areas[x] == p.Areas[a] && !seen[x] {
					seen[x] = true
					stack = append(stack, x)
				}
			}
		}
	}
	for f, n := range pieces {
		if n > 1 {
			t.Errorf("%s is in %d pieces on the map", p.IDs[f], n)
		}
	}
}

// Inside gives the share of patients treated in their own footprint and the
// least localisation index.
func Inside(m *flow.Matrix, p footprint.Partition) (share, weakest float64) {
	in, all := make([]float64, p.Len()), make([]float64, p.Len())
	sum := 0.0
	for a, f := range p.Areas {
		providers, counts := m.Row(a)
		for i, q := range providers {
			all[f] += counts[i]
			if p.Providers[q] == f {
				in[f] += counts[i]
				sum += counts[i]
			}
		}
	}
	weakest = 1
	for f := range in {
		weakest = min(weakest, in[f]/all[f])
	}
	return sum / m.Total().Value, weakest
}

// Sums adds up live, work and inside patients of each footprint.
func Sums(m *flow.Matrix, p footprint.Partition) (live, work, inside []float64) {
	live, work, inside = make([]float64, p.Len()), make([]float64, p.Len()), make([]float64, p.Len())
	provider := p.Providers
	if m.OneMode() {
		provider = p.Areas
	}
	for a, f := range p.Areas {
		live[f] += m.RowTotal(a)
		ps, ws := m.Row(a)
		for k, j := range ps {
			if provider[j] == f {
				inside[f] += ws[k]
			}
		}
	}
	for j, f := range provider {
		work[f] += m.ColumnTotal(j)
	}
	return live, work, inside
}

// SameGrouping reports whether two labelings group alike, whatever the labels.
func SameGrouping[A, B comparable](x []A, y []B) bool {
	if len(x) != len(y) {
		return false
	}
	to, from := map[A]B{}, map[B]A{}
	for i := range x {
		if b, ok := to[x[i]]; ok && b != y[i] {
			return false
		}
		if a, ok := from[y[i]]; ok && a != x[i] {
			return false
		}
		to[x[i]], from[y[i]] = y[i], x[i]
	}
	return true
}

// Near says whether got is want but for a share of it, or of 1.
func Near(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))
}
