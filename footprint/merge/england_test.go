package merge_test

import (
	"math"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/flow/flowtest"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/merge"
	"stpmap/render/boundary"
)

// england is the 44 plans of 2016, each in one piece, with the trusts where the
// table of trusts puts them.
func england(t *testing.T) merge.Input {
	t.Helper()
	m := footprinttest.ReadFlows(t, flow.NewBuilder(), "england/flows.csv")
	areas, providers := make([]string, len(m.Areas())), make([]string, len(m.Providers()))
	for _, row := range flowtest.Rows(t, "england/reference_partition.csv") {
		if a, ok := m.AreaIndex(row[0]); ok {
			areas[a] = row[2]
		}
	}
	for _, row := range flowtest.Rows(t, "england/providers.csv") {
		if j, ok := m.ProviderIndex(row[0]); ok {
			providers[j] = row[6]
		}
	}
	set, err := boundary.Open(t.Context(), flowtest.Path(t, "england/areas.geojson"), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := merge.Input{Matrix: m, Today: footprint.FromGroups(m, areas, providers), Demands: merge.Demands{OnePiece: true}}
	in.Neighbours = footprint.NewLand(m, set.Adjacency(m.Areas()), footprint.LandOptions{})
	for _, code := range m.Areas() {
		i, _ := set.Index(code)
		in.Population = append(in.Population, set.Populations()[i])
	}
	return in
}

// apart works out, by plain loops over areas and providers, the patients that
// every two systems exchange, which of them border each other, and the patients
// treated inside today.
func apart(in merge.Input) (exchange [][]float64, borders [][]bool, inside float64) {
	n := in.Today.Len()
	exchange, borders = make([][]float64, n), make([][]bool, n)
	for i := range n {
		exchange[i], borders[i] = make([]float64, n), make([]bool, n)
		for j := range n {
			for a, s := range in.Today.Areas {
				for p, q := range in.Today.Providers {
					if i != j && (int(s) == i && int(q) == j || int(s) == j && int(q) == i) || i == j && int(s) == i && int(q) == i {
						exchange[i][j] += in.Matrix.At(a, p).Value
					}
				}
			}
		}
		inside += exchange[i][i]
	}
	for a, s := range in.Today.Areas {
		for b := range in.Neighbours.Neighbours(a) {
			borders[s][in.Today.Areas[b]] = true
		}
	}
	return exchange, borders, inside
}

// The ranking of all neighbouring pairs of England's 44 is that of plain loops,
// the best maps of 43 and 42 are those of all, and every map down to 20 is
// proven, with bounds that hold.
func TestEngland(t *testing.T) {
	in := england(t)
	p, err := merge.New(in)
	if err != nil {
		t.Fatal(err)
	}
	exchange, borders, inside := apart(in)
	n, known, last := p.Systems, 0, math.Inf(1)
	for _, pair := range p.Pairs() {
		if pair.Patients != exchange[pair.A][pair.B] || pair.Neighbours != borders[pair.A][pair.B] || pair.Patients > last || pair.Feasible() != pair.Neighbours {
			t.Errorf("%+v: want %v patients, neighbours %t, no more than %v", pair, exchange[pair.A][pair.B], borders[pair.A][pair.B], last)
		}
		last = pair.Patients
		if pair.Neighbours {
			known++
		}
	}
	all := 0
	for i := range n {
		for j := range i {
			if borders[i][j] {
				all++
			}
		}
	}
	if n != 44 || known != all || all < 80 {
		t.Errorf("%d systems, %d pairs of neighbours, want %d", n, known, all)
	}
	curve := checkCurve(t, p, 20)
	one, two := exhaustive(exchange, borders)
	for k, want := range map[int]float64{44: 0, 43: one, 42: two} {
		if got := curve[44-k].Kept; got != inside+want {
			t.Errorf("the best map of %d keeps %v, want %v", k, got, inside+want)
		}
	}
}

// exhaustive are the most patients that one merger, and two, can keep.
func exhaustive(exchange [][]float64, borders [][]bool) (one, two float64) {
	for i := range exchange {
		for j := range i {
			if !borders[i][j] {
				continue
			}
			one = max(one, exchange[i][j])
			for k := range exchange {
				if k != i && k != j && (borders[i][k] || borders[j][k]) {
					two = max(two, exchange[i][j]+exchange[i][k]+exchange[j][k])
				}
				for l := range k {
					if borders[k][l] && !slices.Contains([]int{k, l}, i) && !slices.Contains([]int{k, l}, j) {
						two = max(two, exchange[i][j]+exchange[k][l])
					}
				}
			}
		}
	}
	return one, two
}

// checkCurve finds the best maps down to a number of systems: proven, of whole
// systems in one piece each, and no better than their bounds.
func checkCurve(t *testing.T, p *merge.Problem, fewest int) (curve []merge.Map) {
	t.Helper()
	v := merge.NewSolver(p)
	for k := p.Systems; k >= fewest; k-- {
		m, err := v.Best(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		curve = append(curve, m)
		if !m.Optimal || m.Bound < m.Kept || len(m.Groups) != k || math.Abs(p.Kept(m.Groups)-m.Kept) > 1e-3 {
			t.Errorf("%d systems: %+v", k, m)
			continue
		}
		made := p.Partition(m.Groups, footprint.IDs(k))
		ms := footprint.Measure(p.Matrix, made, p.Population, p.Neighbours)
		if math.Abs(ms.InsideShare-m.Kept/p.Total) > 1e-9 || ms.Contiguous != k || ms.Areas != len(p.Today.Areas) || ms.Providers != len(p.Today.Providers) {
			t.Errorf("%d systems: %v inside, %d in one piece, %d areas, %d providers", k, ms.InsideShare, ms.Contiguous, ms.Areas, ms.Providers)
		}
		people, patients, today := 0.0, 0.0, 0.0
		for _, f := range ms.ByFootprint {
			people, patients = people+f.Population, patients+f.Resident.Value
		}
		for _, x := range p.Population {
			today += x
		}
		if people != today || patients != p.Total {
			t.Errorf("%d systems: %v people and %v patients, want %v and %v", k, people, patients, today, p.Total)
		}
	}
	return curve
}

// A proposal that is the best map has rank 1 in all, and its mergers are ranked
// among what their members could do.
func TestEnglandsBestMapAsAProposal(t *testing.T) {
	p, err := merge.New(england(t))
	if err != nil {
		t.Fatal(err)
	}
	v := merge.NewSolver(p)
	m, err := v.Best(t.Context(), 42)
	if err != nil {
		t.Fatal(err)
	}
	g, err := v.Near(t.Context(), m, 0, p.Kept(m.Groups), 1)
	if err != nil || !g.Counted || g.More != 0 {
		t.Errorf("%+v, %v", g, err)
	}
	for _, systems := range m.Groups {
		if len(systems) == 2 {
			if w := p.Weigh(systems); w.Rank != 1 || w.Of < 2 || w.Reason != "" {
				t.Errorf("%+v", w)
			}
		}
	}
}
