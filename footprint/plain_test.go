package footprint

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// Modularity is the sum over all pairs of nodes of one footprint, as Newman and
// Barber define it; what is unplaced is a community by itself.
func TestModularityPairByPair(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	for trial := range 30 {
		m, p := randomCase(t, rng, trial%3 == 0)
		for i := range p.Areas {
			if rng.IntN(6) == 0 {
				p.Areas[i] = Unplaced
			}
		}
		for j := range p.Providers {
			if rng.IntN(6) == 0 {
				p.Providers[j] = Unplaced
			}
		}
		newman, barber := pairByPair(m, p)
		got := Measure(m, p, nil, nil)
		if math.Abs(got.Modularity-newman) > 1e-12 {
			t.Errorf("trial %d: modularity %v, want %v", trial, got.Modularity, newman)
		}
		if math.Abs(got.BipartiteModularity-barber) > 1e-12 || math.IsNaN(got.BipartiteModularity) != m.OneMode() {
			t.Errorf("trial %d: bipartite modularity %v, want %v", trial, got.BipartiteModularity, barber)
		}
	}
}

func pairByPair(m *flow.Matrix, p Partition) (newman, barber float64) {
	nA := len(m.Areas())
	label := slices.Concat(p.Areas, p.Providers)
	n, total := len(label), m.Total().Value
	flows := make([][]float64, n)
	for v := range flows {
		flows[v] = make([]float64, n)
	}
	strength := make([]float64, n)
	for a := range nA {
		ps, ws := m.Row(a)
		for i, j := range ps {
			u := int(j)
			if !m.OneMode() {
				u += nA
			}
			flows[a][u] += ws[i]
			flows[u][a] += ws[i]
			strength[a] += ws[i]
			strength[u] += ws[i]
		}
	}
	for v := range n {
		for u := range n {
			if v != u && (label[v] != label[u] || label[v] < 0) {
				continue
			}
			newman += flows[v][u]/(2*total) - strength[v]*strength[u]/(4*total*total)
			if v < nA && u >= nA {
				barber += flows[v][u]/total - strength[v]*strength[u]/(total*total)
			}
		}
	}
	return newman, barber
}

// Demands that make no sense, contradict each other or cannot be met are named
// in a sentence that says what to change.
func TestDemandsInWords(t *testing.T) {
	m, p, people := rowCase(t) // areas A to E, providers X and Y; 750,000 people
	const A, B, C, D, X, Y = 0, 1, 2, 3, 5, 6
	fix := func(nodes ...int) []bool {
		marks := make([]bool, 7)
		for _, v := range nodes {
			marks[v] = true
		}
		return marks
	}
	unplaced := p.Move(C, Unplaced)
	for _, c := range []struct {
		cs   Constraints
		want string
	}{
		{Constraints{}, ""},
		{Constraints{Footprints: -1}, "footprints must be 1 or more, not -1"},
		{Constraints{MinPopulation: math.NaN()}, "min-population and max-population must be 0 or more, not NaN and 0"},
		{Constraints{MinPopulation: 3e5, MaxPopulation: 2e5}, "min-population 300,000 is above max-population 200,000: lower the first or raise the second"},
		{Constraints{MinLocalisation: 1.1}, "min-localisation must be from 0 to 1, not 1.1"},
		{Constraints{MaxShare: -0.1}, "max-share must be above 0, up to 1, not -0.1"},
		{Constraints{Population: people[:4]}, "there are 4 populations for 5 areas"},
		{Constraints{Population: []float64{1, 2, 3, 4, -5}}, "the population of an area must be a number of 0 or more, not -5"},
		{Constraints{Fixed: fix(A)}, "fix needs a partition to start from, and there is none"},
		{Constraints{Start: &p, Fixed: fix(A)[:3]}, "there are 3 marks of fixed nodes for 7 areas and providers"},
		{Constraints{Start: &Partition{Areas: p.Areas}}, "the partition to start from has 5 areas and 0 providers, the flows 5 and 2"},
		{Constraints{Together: [][]int32{{A, 7}}}, "a group names node 7, and there are 7 areas and providers"},
		{Constraints{Apart: [][]int32{{A, -1}}}, "a group names node -1, and there are 7 areas and providers"},
		{Constraints{Footprints: 2, MaxShare: 0.3}, "2 footprints with at most 0.3 of all patients each (max-share) cannot hold all: ask for 4 or more, or raise max-share"},
		{Constraints{Start: &unplaced, Fixed: fix(C)}, "area C is fixed, but the partition to start from does not place it: place it, or do not fix it"},
		{Constraints{Start: &p, Fixed: fix(A, D), Together: [][]int32{{A, D}}}, "area A and area D are fixed in different footprints, and must be together: drop one of the demands"},
		{Constraints{Start: &p, Fixed: fix(A, Y), Footprints: 1}, "nodes are fixed in 2 footprints, and 1 are asked for: ask for 2 or more, or fix fewer"},
		{Constraints{Together: [][]int32{{A, B}, {B, C}}, Apart: [][]int32{{C, A}}}, "area C and area A must be together and must be apart: drop one of the demands"},
		{Constraints{Start: &p, Fixed: fix(A, B), Apart: [][]int32{{A, B}}}, "area A and area B must be together and must be apart: drop one of the demands"},
		{Constraints{Apart: [][]int32{{A, B, X}}, Footprints: 2}, "area A and 2 others must all be apart, which needs 3 footprints, and 2 are asked for: ask for 3 or more"},
		{Constraints{Footprints: 3}, "3 footprints cannot be made of 2 providers: ask for 2 or fewer"},
		{Constraints{Footprints: 8, AllowSingleKind: true}, "8 footprints cannot be made of 7 areas and providers: ask for 7 or fewer"},
		{Constraints{MinPopulation: 1}, "min-population and max-population need the population of each area, and none is given"},
		{Constraints{Population: people, MinPopulation: 800_000}, "min-population 800,000 is above the 750,000 people of all areas: lower it"},
		{Constraints{Population: people, MinPopulation: 400_000, Footprints: 2}, "2 footprints of 400,000 people or more need 800,000 people, and there are 750,000: ask for 1 or fewer, or lower min-population"},
		{Constraints{Population: people, MaxPopulation: 300_000, Footprints: 2}, "2 footprints of 300,000 people or fewer hold 600,000 people, and there are 750,000: ask for 3 or more, or raise max-population"},
		{Constraints{Population: people, MaxPopulation: 240_000}, "area D alone has 250,000 people, above max-population 240,000: raise it"},
		{Constraints{Population: people, MaxPopulation: 260_000, Together: [][]int32{{B, A}}}, "area A and the areas that must be with it, 2 in all, have 300,000 people, above max-population 260,000: raise it"},
		{Constraints{MaxShare: 0.1}, "area A alone has more than 0.1 of all patients: raise max-share"},
	} {
		got := ""
		if err := c.cs.Check(m); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A flow network or a land in pieces needs a footprint for each.
func TestPiecesInWords(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 5}, {"B", "Y", 5}, {"C", "Y", 5}}...)
	c := Constraints{Footprints: 1}
	want := "1 footprints are too few: the flow network falls into 2 unconnected pieces, and each needs a footprint of its own; ask for 2 or more"
	if err := c.Check(m); !IsInfeasible(err) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	m = matrix(t, false, rows{{"A", "X", 5}, {"B", "X", 5}, {"C", "X", 5}, {"D", "X", 5}}...)
	c.Contiguous = lists{{1}, {0}, {3}, {2}}
	want = "the areas lie in 2 pieces of land without a common border, and footprints in one piece cannot span them: ask for 2 or more"
	if err := c.Check(m); !IsInfeasible(err) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	c.Together = [][]int32{{1, 2}} // a unit spans them, whatever that makes of it
	if err := c.Check(m); err != nil {
		t.Errorf("joined by a unit: %v", err)
	}
}

// What a change leaves of a health system, in each of its ways.
func TestBreachesOfHealthSystems(t *testing.T) {
	m, p, _ := rowCase(t)
	words := func(m *flow.Matrix, before, after Partition, cs Constraints) string {
		var list []string
		for _, b := range Breaches(m, before, after, cs) {
			list = append(list, b.Demand+": "+b.Words)
		}
		return strings.Join(list, "; ")
	}
	bare := p.Move(0, 1).Move(1, 1)
	lone := matrix(t, false, rows{{"A", "X", 9}, {"B", "Y", 9}, {"C", "X", 9}, {"C", "Y", 1}}...)
	crossed := Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 1, 0}, Providers: []int32{0, 1}}
	places := matrix(t, true, rows{{"a", "b", 4}, {"b", "c", 4}, {"c", "d", 4}}...)
	chain := Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 0, 1}}
	for _, c := range []struct {
		name          string
		m             *flow.Matrix
		before, after Partition
		cs            Constraints
		want          string
	}{
		{"without an area", m, bare, bare.Move(2, 1), Constraints{}, "health-system: leave F01 without an area"},
		{"nobody treated inside", lone, crossed, crossed.Move(0, 1).Move(2, 1).Move(1, 0), Constraints{}, "health-system: leave F01 with none of its residents treated inside; health-system: leave parts of F02 without patients between them; health-system: leave F02 with a localisation index of 0.053, and 0.2 is the least of a health system (--allow-degenerate lifts that)"},
		{"places apart", places, chain, chain.Move(1, 1), Constraints{}, "health-system: leave parts of F01 without flow between them; health-system: leave parts of F02 without flow between them"},
		{"three pieces", m, p.Merge(1, 0), p.Merge(1, 0).Move(1, 1).Move(3, 1), Constraints{Contiguous: inARow(5), AllowSingleKind: true}, "contiguous: cut F01 into 3 pieces; contiguous: leave F02 in two pieces on the ground"},
		{"an emptied footprint is gone", m, p, p.Merge(1, 0), Constraints{}, ""},
		{"taken out", m, p, p.Move(4, Unplaced), Constraints{Together: [][]int32{{3, 4}}}, "together: part E from D, which --together keeps in one footprint"},
		{"out is not together", m, p.Move(3, Unplaced), p.Move(3, Unplaced).Move(4, Unplaced), Constraints{Apart: [][]int32{{3, 4}}, AllowSingleKind: true}, ""},
	} {
		if got := words(c.m, c.before, c.after, c.cs); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Move and Merge leave the partition that they begin with as it was.
func TestMoveAndMergeCopy(t *testing.T) {
	_, p, _ := rowCase(t)
	areas, providers := slices.Clone(p.Areas), slices.Clone(p.Providers)
	if got := p.Move(5, 1); got.Providers[0] != 1 || !slices.Equal(got.Areas, areas) {
		t.Errorf("moving a provider: %v and %v", got.Areas, got.Providers)
	}
	if got := p.Merge(0, 1); !slices.Equal(got.Areas, []int32{1, 1, 1, 1, 1}) || !slices.Equal(got.Providers, []int32{1, 1}) {
		t.Errorf("merging: %v and %v", got.Areas, got.Providers)
	}
	if !slices.Equal(p.Areas, areas) || !slices.Equal(p.Providers, providers) {
		t.Errorf("the partition became %v and %v", p.Areas, p.Providers)
	}
}

// What binds a node is listed in one sentence.
func TestBindingSentence(t *testing.T) {
	one, two, three := Breach{Words: "cut F01 into two pieces"}, Breach{Words: "leave F02 too small", Already: true}, Breach{Words: "put A with B"}
	for _, c := range []struct {
		binding []Breach
		want    string
	}{
		{nil, ""},
		{[]Breach{one}, "Moving it would cut F01 into two pieces."},
		{[]Breach{one, two}, "Moving it would cut F01 into two pieces, and leave F02 too small (as it is now)."},
		{[]Breach{two, one, three}, "Moving it would leave F02 too small (as it is now), cut F01 into two pieces, and put A with B."},
	} {
		if got := ChangeSentence("Moving it", c.binding); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// The rarer endings of an explanation: nowhere else to go, in no footprint, and
// better elsewhere by flow alone.
func TestExplainRarerCases(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 10}, {"B", "X", 1}, {"B", "Y", 9}, {"C", "Y", 10}}...)
	p := Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 1}, Providers: []int32{0, 1}}
	say := func(p Partition, node int) string {
		return strings.Join(ExplainNode(m, p, node, 1).Sentences(""), " ")
	}
	for _, c := range []struct {
		p    Partition
		node int
		want string
	}{
		{p, 0, "area A lies in F01: 100.0% of its residents' care is given there. It exchanges patients with no other footprint."},
		{p.Move(0, Unplaced), 0, "area A is in no footprint."},
		{p, 1, "area B lies in F01: 10.0% of its residents' care is given there. 90.0% of it is given in F02. By flow alone F02 would be better: moving there would raise modularity (γ = 1) by 0.22; a demand or the wanted number of footprints keeps it here."},
		{p, 3, "provider X lies in F01: 100.0% of its patients live there. It exchanges patients with no other footprint."},
	} {
		if got := say(c.p, c.node); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	ex := ExplainNode(m, p, 1, 1)
	ex.Bind(m, p, 1, Constraints{Apart: [][]int32{{1, 2}}})
	if got := strings.Join(ex.Sentences(""), " "); !strings.HasSuffix(got, "No other footprint that it exchanges patients with could take it. Moving it to F02 would put B with C, which --apart keeps in different footprints.") {
		t.Errorf("bound: %s", got)
	}
}
