package merge

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// row is systems in a row, each of one area and one provider with 100 patients at
// home; links say how many patients of one go to another.
func row(t *testing.T, n int, links map[[2]int]float64) Input {
	t.Helper()
	b := flow.NewBuilder()
	groups, near := make([]string, n), make(borders, n)
	for i := range n {
		groups[i] = fmt.Sprintf("S%d", i+1)
		if i > 0 {
			near[i], near[i-1] = append(near[i], i-1), append(near[i-1], i)
		}
		if err := b.Add(fmt.Sprintf("A%d", i+1), fmt.Sprintf("P%d", i+1), flow.Exactly(100)); err != nil {
			t.Fatal(err)
		}
	}
	for link, count := range links {
		if err := b.Add(fmt.Sprintf("A%d", link[0]+1), fmt.Sprintf("P%d", link[1]+1), flow.Exactly(count)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	people := make([]float64, n)
	for i := range people {
		people[i] = float64(1000 * (i + 1))
	}
	return Input{Matrix: m, Today: footprint.FromGroups(m, groups, groups), Neighbours: near, Population: people, Demands: Demands{OnePiece: true}}
}

func problem(t *testing.T, in Input) *Problem {
	t.Helper()
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A merger has its rank among itself and what one other system in the place of a
// member gives, and the best of these is named; worked out by hand.
func TestWeigh(t *testing.T) {
	links := map[[2]int]float64{{0, 1}: 10, {1, 2}: 30, {2, 3}: 20, {3, 4}: 5, {0, 4}: 40}
	p := problem(t, row(t, 5, links))
	for _, c := range []struct {
		systems  []int32
		patients float64
		rank, of int
		best     []int32
		reason   string
	}{
		// With 1: 2 (10). With 2: 1, 3 (30). 1 and 5 do not touch.
		{[]int32{0, 1}, 10, 2, 2, []int32{1, 2}, ""},
		{[]int32{1, 2}, 30, 1, 3, []int32{1, 2}, ""},
		{[]int32{3, 4}, 5, 2, 2, []int32{2, 3}, ""},
		// Breaks a demand: it stands beside the unions that its members could make.
		{[]int32{0, 4}, 40, 1, 3, []int32{0, 1}, "is not one piece on the ground"},
		{[]int32{0, 1, 2}, 40, 2, 2, []int32{1, 2, 3}, ""},
	} {
		m := p.Weigh(c.systems)
		if m.Patients != c.patients || m.Rank != c.rank || m.Of != c.of || !slices.Equal(m.Best, c.best) || m.Reason != c.reason {
			t.Errorf("%v: got %+v, want %+v", c.systems, m, c)
		}
		if want := c.patients / p.Total; math.Abs(m.Gain-want) > 1e-12 {
			t.Errorf("%v: gain %v, want %v", c.systems, m.Gain, want)
		}
	}
	in := row(t, 5, links)
	in.OnePiece = false
	if m := problem(t, in).Weigh([]int32{0, 4}); m.Rank != 1 || m.Reason != "" || m.Of < 3 {
		t.Errorf("without one piece: %+v", m)
	}
}

// The rank of a merger in random worlds is that of a plain count.
func TestWeighInRandomWorlds(t *testing.T) {
	for seed := range uint64(30) {
		in := world(t, seed)
		p := problem(t, in)
		for i := range int32(p.Systems) {
			for j := range i {
				s := setOf(i, j)
				mine, rank, of := p.value(&s), 1, 1
				for other := range int32(p.Systems) {
					for _, u := range [][]int32{{i, other}, {j, other}} {
						if other == i || other == j || !plainFeasible(in, slices.Sorted(slices.Values(u))) {
							continue
						}
						of++
						if w := setOf(u...); p.value(&w) > mine*(1+1e-9) {
							rank++
						}
					}
				}
				m := p.Weigh([]int32{j, i})
				if m.Rank != rank || m.Of != of || (m.Reason == "") != plainFeasible(in, []int32{j, i}) {
					t.Errorf("seed %d, %d and %d: rank %d of %d (%q), want %d of %d", seed, j, i, m.Rank, m.Of, m.Reason, rank, of)
				}
			}
		}
	}
}

// The table of pairs has every pair that borders or exchanges patients, from the
// greatest gain to the least, with the figures of the union.
func TestPairsOfRandomWorlds(t *testing.T) {
	for seed := range uint64(30) {
		in := world(t, seed)
		p := problem(t, in)
		last := math.Inf(1)
		for k, pair := range p.Pairs() {
			if pair.Rank != k+1 || pair.Patients > last || pair.A >= pair.B {
				t.Fatalf("seed %d: pair %d is %+v after one of %v patients", seed, k+1, pair, last)
			}
			last = pair.Patients
			if pair.Feasible() != plainFeasible(in, []int32{pair.A, pair.B}) {
				t.Errorf("seed %d: %+v is feasible %t", seed, pair, pair.Feasible())
			}
			// A partition with the two as one has the same share inside and the same
			// weakest system.
			groups := [][]int32{{pair.A, pair.B}}
			for i := range int32(p.Systems) {
				if i != pair.A && i != pair.B {
					groups = append(groups, []int32{i})
				}
			}
			ms := footprint.Measure(in.Matrix, p.Partition(groups, footprint.IDs(len(groups))), in.Population, nil)
			if math.Abs(ms.InsideShare-(p.Share(nil)+pair.Gain)) > 1e-9 {
				t.Errorf("seed %d: %+v: %v inside, and the map measures %v", seed, pair, p.Share(nil)+pair.Gain, ms.InsideShare)
			}
			if math.Abs(pair.Localisation-ms.MinLocalisation) > 1e-9 && !math.IsNaN(ms.MinLocalisation) {
				t.Errorf("seed %d: %+v: the weakest is %v, want %v", seed, pair, pair.Localisation, ms.MinLocalisation)
			}
		}
	}
}

// Each step of the tree makes one union of two, in one piece, and what it keeps
// adds up; every map of it is made of unions of the one before.
func TestTreeOfRandomWorlds(t *testing.T) {
	for seed := range uint64(30) {
		p := problem(t, world(t, seed))
		steps := p.Tree()
		members := map[int][]int32{}
		for i := range p.Systems {
			members[i] = []int32{int32(i)}
		}
		kept := p.base
		for k, s := range steps {
			want := slices.Sorted(slices.Values(slices.Concat(members[s.A], members[s.B])))
			if len(members[s.A]) == 0 || len(members[s.B]) == 0 || !slices.Equal(s.Systems, want) {
				t.Fatalf("seed %d, step %d: %+v is not made of %v and %v", seed, k, s, members[s.A], members[s.B])
			}
			delete(members, s.A)
			delete(members, s.B)
			members[p.Systems+k] = s.Systems
			if kept += s.Patients; math.Abs(kept-s.Kept) > 1e-6 {
				t.Errorf("seed %d, step %d: %v kept, want %v", seed, k, s.Kept, kept)
			}
			groups := groupsOf(p.cut(steps[:k+1]))
			if len(groups) != p.Systems-k-1 || math.Abs(p.Kept(groups)-kept) > 1e-6 {
				t.Errorf("seed %d, step %d: %d unions keep %v, want %v", seed, k, len(groups), p.Kept(groups), kept)
			}
		}
	}
}

// Units: lying in one, consisting of whole ones, and what is cut is named.
func TestNesting(t *testing.T) {
	in := row(t, 4, map[[2]int]float64{{0, 1}: 9, {1, 2}: 9, {2, 3}: 9})
	in.Units, in.UnitNames = []int32{0, 0, 1, -1}, []string{"North", "South"}
	p := problem(t, in)
	for _, c := range []struct {
		groups   [][]int32
		unnested int
	}{
		{[][]int32{{0}, {1}, {2}, {3}}, 0},
		{[][]int32{{0, 1}, {2, 3}}, 0},
		{[][]int32{{0}, {1, 2}, {3}}, 1},
		{[][]int32{{0, 1, 2}, {3}}, 0},
		{[][]int32{{0}, {1, 2, 3}}, 1},
	} {
		if got := p.Unnested(c.groups); got != c.unnested {
			t.Errorf("%v: %d systems do not fit, want %d", c.groups, got, c.unnested)
		}
	}
	if reason := p.Reason([]int32{1, 2}); reason != "" {
		t.Errorf("counted only, and refused: %s", reason)
	}
	in.Strict = true
	p = problem(t, in)
	if reason := p.Reason([]int32{1, 2}); !strings.Contains(reason, "a part of North") {
		t.Errorf("strict: %q", reason)
	}
	if s := setOf(1, 2); p.nested(&s) {
		t.Error("a union with a part of North nests")
	}
}

// Reasons name every demand that a union breaks.
func TestReasons(t *testing.T) {
	links := map[[2]int]float64{{0, 1}: 20, {1, 2}: 30, {3, 4}: 50}
	for _, c := range []struct {
		name    string
		demand  func(in *Input)
		systems []int32
		want    []string
	}{
		{"nothing", func(*Input) {}, []int32{0, 1}, nil},
		{"pieces", func(*Input) {}, []int32{0, 2}, []string{"is not one piece on the ground", "has parts without patients between them"}},
		{"people", func(in *Input) { in.MinPopulation = 5000 }, []int32{0, 1}, []string{"has 3,000 people, under 5,000"}},
		{"too many", func(in *Input) { in.MaxPopulation = 2500 }, []int32{0, 1}, []string{"has 3,000 people, over 2,500"}},
		{"providers", func(in *Input) { in.MinProviders = 3 }, []int32{0, 1}, []string{"has 2 of the providers that count, under 3"}},
		{"localisation", func(in *Input) { in.MinLocalisation = 0.9 }, []int32{3}, []string{"has a localisation index of 0.667, under 0.9"}},
		{"share", func(in *Input) { in.MaxShare = 0.3 }, []int32{0, 1, 2}, []string{"of all patients, over 0.3"}},
		{"together", func(in *Input) { in.Together = [][]int32{{1, 2}} }, []int32{0, 1}, []string{"parts S2 from S3, which must be together"}},
		{"apart", func(in *Input) { in.Apart = [][]int32{{0, 1}} }, []int32{0, 1}, []string{"has S1 and S2, which must be apart"}},
		{"two at once", func(in *Input) { in.MinProviders, in.MinPopulation = 3, 5000 }, []int32{0, 1}, []string{"under 5,000; has 2 of"}},
	} {
		in := row(t, 5, links)
		c.demand(&in)
		p := problem(t, in)
		got := p.Reason(c.systems)
		if len(c.want) == 0 && got != "" {
			t.Errorf("%s: %q, want nothing", c.name, got)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", c.name, got, want)
			}
		}
		s := setOf(c.systems...)
		if p.feasible(&s) != (got == "") {
			t.Errorf("%s: feasible %t, and the reason is %q", c.name, p.feasible(&s), got)
		}
		if p.Pieced(c.systems) != (c.name != "pieces") {
			t.Errorf("%s: in one piece %t", c.name, p.Pieced(c.systems))
		}
	}
}

// What cannot be worked with is refused with what stands in the way.
func TestNewRefuses(t *testing.T) {
	in := row(t, 3, nil)
	if _, err := New(Input{Matrix: in.Matrix, Today: footprint.Partition{Areas: []int32{-1, -1, -1}}}); !errors.Is(err, errNoSystems) {
		t.Errorf("no system: %v", err)
	}
	in.Today.Areas = []int32{0, -1, 2}
	var infeasible *footprint.InfeasibleError
	if _, err := New(in); !errors.As(err, &infeasible) || !strings.Contains(err.Error(), "does not place area A2") {
		t.Errorf("an area without a system: %v", err)
	}
	in = row(t, 3, nil)
	in.Today.Providers = []int32{0, 1, -1}
	if _, err := New(in); !errors.As(err, &infeasible) || !strings.Contains(err.Error(), "does not place provider P3") {
		t.Errorf("a provider without a system: %v", err)
	}
	in = row(t, MaxSystems+1, nil)
	if _, err := New(in); !errors.As(err, &infeasible) || !strings.Contains(err.Error(), "at most 256 can be merged") {
		t.Errorf("too many systems: %v", err)
	}
}

// A solver that may not work still gives maps that hold, with a bound, and the
// same answer twice.
func TestLittleEffort(t *testing.T) {
	for seed := range uint64(10) {
		in := world(t, seed)
		p := problem(t, in)
		best, _ := enumerate(p, in, 0)
		answers := func() (maps []Map) {
			v := NewSolver(p)
			v.Limit = 1
			for k := p.Systems; k >= 1; k-- {
				m, err := v.Best(t.Context(), k)
				if err != nil {
					t.Fatal(err)
				}
				maps = append(maps, m)
			}
			v.Tighten(maps)
			return maps
		}
		maps, again := answers(), answers()
		for i, m := range maps {
			k := m.Footprints
			switch {
			case m.Infeasible && best[k] >= 0:
				t.Errorf("seed %d: %d systems are called infeasible, and a map keeps %v", seed, k, best[k])
			case m.Groups == nil:
			case best[k] < 0:
				t.Errorf("seed %d: a map of %d systems, and there is none: %+v", seed, k, m)
			case m.Kept > best[k]+1e-6 || m.Bound < best[k]-1e-6 || m.Optimal && m.Kept < best[k]-1e-6:
				t.Errorf("seed %d: %+v, and the best keeps %v", seed, m, best[k])
			}
			for _, g := range m.Groups {
				if reason := p.Reason(g); reason != "" {
					t.Errorf("seed %d: %v %s", seed, g, reason)
				}
			}
			if fmt.Sprint(again[i]) != fmt.Sprint(m) {
				t.Errorf("seed %d: %+v, and then %+v", seed, m, again[i])
			}
		}
	}
}
