package ensemble

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"stpmap/flow/flowtest"
	"stpmap/footprint"
)

// started is a chain at a first map of a space.
func started(t *testing.T, s *Space, seed uint64) *chain {
	t.Helper()
	c := newChain(s)
	c.stream(seed, 1)
	if err := c.begin(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// connected says, by a walk of its own, whether some units are in one piece.
func connected(s *Space, units []int32) bool {
	seen := map[int32]bool{units[0]: true}
	for grown := true; grown; {
		grown = false
		for i := 0; i < len(s.ends); i += 2 {
			a, b := s.ends[i], s.ends[i+1]
			if slices.Contains(units, a) && slices.Contains(units, b) && seen[a] != seen[b] {
				seen[a], seen[b], grown = true, true, true
			}
		}
	}
	return len(seen) == len(units)
}

// Wilson's walk gives every spanning tree of a 2 by 3 grid equally often: 15
// trees, χ² over 3,000 of them.
func TestTreesAreUniform(t *testing.T) {
	s := grid(t, 2, 3, 1, 0, Trees)
	c := newChain(s)
	c.set(make([]int32, 6))
	c.stream(7, 7)
	const draws = 3000
	got := map[string]int{}
	for range draws {
		c.wilson(0, 0)
		if len(c.room.order) != 6 {
			t.Fatalf("a tree of %d areas", len(c.room.order))
		}
		var edges []string
		seen := map[int32]bool{}
		for _, u := range c.room.order {
			up := c.room.hang[u]
			if up >= 0 && !seen[up] {
				t.Fatalf("%d stands before %d, on which it hangs", u, up)
			}
			seen[u] = true
			if up >= 0 {
				edges = append(edges, strconv.Itoa(int(min(u, up)))+"-"+strconv.Itoa(int(max(u, up))))
			}
		}
		slices.Sort(edges)
		got[strings.Join(edges, " ")]++
	}
	chi2 := 0.0
	for _, n := range got {
		chi2 += (float64(n) - draws/15.0) * (float64(n) - draws/15.0) / (draws / 15.0)
	}
	if p := (distuv.ChiSquared{K: 14}).Survival(chi2); len(got) != 15 || p < 1e-4 {
		t.Errorf("%d trees, p %v: %v", len(got), p, got)
	}
}

// What a chain keeps beside its labels (people, trees, borders, patients) is what
// counting anew gives, after any number of steps.
func TestChainsKeepTheirBooks(t *testing.T) {
	for _, m := range []Measure{Trees, Uniform} {
		s := withFlows(t, m, func(c *footprint.Constraints) { c.MinLocalisation = 0.4; c.MinProviders = 1 })
		c := started(t, s, 3)
		fresh := newChain(s)
		for range 400 {
			c.step()
			fresh.set(c.label)
			if c.cut != fresh.cut {
				t.Fatalf("%d borders are cut, and %d are noted", fresh.cut, c.cut)
			}
			for p := range c.sum {
				if math.Abs(c.sum[p]-fresh.sum[p]) > 1e-9 {
					t.Fatalf("part %d has %v people, and %v are noted", p, fresh.sum[p], c.sum[p])
				}
				if got := slices.Sorted(slices.Values(c.member[p])); !slices.Equal(got, fresh.member[p]) {
					t.Fatalf("part %d has %v, and %v is noted", p, fresh.member[p], got)
				}
				if math.Abs(c.flow.inside[p]-fresh.flow.inside[p]) > 1e-9 || math.Abs(c.flow.resident[p]-fresh.flow.resident[p]) > 1e-9 || c.flow.held[p] != fresh.flow.held[p] || c.flow.counted[p] != fresh.flow.counted[p] {
					t.Fatalf("part %d: patients or providers differ from a count anew", p)
				}
				if !math.IsNaN(c.trees[p]) {
					if want := fresh.countTreesOf(int32(p)); math.Abs(c.trees[p]-want) > 1e-9 {
						t.Fatalf("part %d: e^%v trees, and e^%v are noted", p, want, c.trees[p])
					}
				}
				if c.known[p] {
					checkTree(t, c, int32(p))
				}
			}
			if !slices.Equal(c.flow.at, fresh.flow.at) {
				t.Fatalf("providers are at %v, want %v", c.flow.at, fresh.flow.at)
			}
		}
		if c.merged == 0 && c.flipped == 0 {
			c.walk(100)
		}
	}
}

// checkTree says whether the tree that a chain holds of a part is one: a root,
// each other unit hanging on a neighbour that stands before it.
func checkTree(t *testing.T, c *chain, part int32) {
	t.Helper()
	place := map[int32]int{}
	for i, u := range c.member[part] {
		place[u] = i
	}
	reached := map[int32]bool{}
	for _, u := range c.member[part] {
		up := c.up[u]
		if up < 0 {
			reached[u] = true
			continue
		}
		if _, ok := place[up]; !ok || !slices.Contains(c.arc[c.start[u]:c.start[u+1]], up) {
			t.Fatalf("part %d: %d hangs on %d, which is no neighbour in the part", part, u, up)
		}
	}
	if len(reached) != 1 {
		t.Fatalf("part %d has %d roots", part, len(reached))
	}
	for _, u := range c.member[part] {
		at, steps := u, 0
		for ; c.up[at] >= 0 && steps <= len(place); steps++ {
			at = c.up[at]
		}
		if steps > len(place) {
			t.Fatalf("part %d: no way leads from %d to the root", part, u)
		}
	}
}

// The number of edges at which a joined tree may be cut is that of cutting it at
// each edge in turn.
func TestPathsCountTheCuts(t *testing.T) {
	s := grid(t, 4, 4, 2, 3, Trees)
	c := started(t, s, 11)
	compared := 0
	for range 60 {
		c.step()
		c.plant(0)
		c.plant(1)
		c.wilson(0, 1) // stamps the units that are in both parts
		edges, sum := c.paths(c.member[0], c.member[1], c.up, func(u int32) bool { return c.label[u] == 0 })
		wantEdges, want := 0, 0.0
		for i := 0; i < len(s.ends); i += 2 {
			u, v := s.ends[i], s.ends[i+1]
			if c.label[u] == c.label[v] {
				continue
			}
			wantEdges++
			want += 1 / float64(cutsOfJoined(c, u, v))
		}
		if edges != wantEdges || math.Abs(sum-want) > 1e-9 {
			t.Fatalf("%d edges with %v, want %d with %v", edges, sum, wantEdges, want)
		}
		compared += edges
	}
	if compared < 100 {
		t.Errorf("%d edges compared: too few", compared)
	}
}

// cutsOfJoined counts the edges at which the tree of both parts, joined by one
// edge, falls into two sides within the bounds.
func cutsOfJoined(c *chain, u, v int32) (n int) {
	type edge struct{ a, b int32 }
	edges := []edge{{u, v}}
	for x := range c.up {
		if c.up[x] >= 0 {
			edges = append(edges, edge{int32(x), c.up[x]})
		}
	}
	for out := range edges {
		side := map[int32]bool{u: true}
		for grown := true; grown; {
			grown = false
			for i, e := range edges {
				if i != out && side[e.a] != side[e.b] {
					side[e.a], side[e.b], grown = true, true, true
				}
			}
		}
		people := 0.0
		for x := range side {
			people += c.people[x]
		}
		if c.within(people) && c.within(c.everyone-people) {
			n++
		}
	}
	return n
}

// A part holds without a unit where a walk of its own reaches all others, and a
// leaf is a unit with one tie at most.
func TestHoldsAndLeaves(t *testing.T) {
	s := grid(t, 4, 4, 3, 3, Trees)
	c := started(t, s, 5)
	held, broke := 0, 0
	for range 120 {
		c.step()
		for u := range int32(s.units) {
			part := c.label[u]
			if len(c.member[part]) < 2 {
				continue
			}
			c.plant(part)
			ties := 0
			for _, x := range c.member[part] {
				if x != u && (c.up[x] == u || c.up[u] == x) {
					ties++
				}
			}
			if c.leaf(u) != (ties < 2) {
				t.Fatalf("unit %d has %d ties in its tree, and leaf says %t", u, ties, c.leaf(u))
			}
			inPart, _ := c.links(u, part, -1)
			rest := slices.DeleteFunc(slices.Clone(c.member[part]), func(x int32) bool { return x == u })
			want := connected(s, rest)
			if got := c.holds(u, part, inPart); got != want {
				t.Fatalf("without %d, %v is in one piece: %t, want %t", u, rest, got, want)
			}
			if want {
				held++
			} else {
				broke++
			}
		}
	}
	if held == 0 || broke == 0 {
		t.Errorf("%d parts hold and %d break: the test tests too little", held, broke)
	}
}

// A random first map has K parts in one piece each, whatever the seed; one that
// is mended meets the bounds of people too.
func TestRandomMaps(t *testing.T) {
	for seed := range uint64(40) {
		s, err := NewSpace(squares(6, 3+int(seed%5), Measure(seed%2)))
		if err != nil {
			t.Fatal(err)
		}
		c := newChain(s)
		c.stream(seed, 2)
		c.set(c.randomMap())
		if !s.pieces(c.label) || int(slices.Max(c.label))+1 != s.Demands.Footprints {
			t.Fatalf("seed %d: %v is not in %d pieces", seed, c.label, s.Demands.Footprints)
		}
		if err := c.begin(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		for p := range c.member {
			if !connected(s, c.member[p]) || !c.within(c.sum[p]) {
				t.Errorf("seed %d: part %v with %v people", seed, c.member[p], c.sum[p])
			}
		}
	}
}

// A map that is given is where the chain begins, and is mended where it breaks a
// demand.
func TestStartsAreMended(t *testing.T) {
	s := grid(t, 4, 4, 4, 0, Trees)
	rows := make([]int32, 16)
	for a := range rows {
		rows[a] = int32(a / 4)
	}
	c := newChain(s)
	c.stream(1, 1)
	if err := c.begin(t.Context(), rows); err != nil || !slices.Equal(c.label, rows) {
		t.Errorf("began at %v (%v), want the map given", c.label, err)
	}
	for name, broken := range map[string][]int32{
		"unequal":   {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3},
		"in pieces": {0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3},
	} {
		c := newChain(s)
		c.stream(1, 1)
		if err := c.begin(t.Context(), broken); err != nil {
			t.Fatal(err)
		}
		if lacks := s.Lacks(c.label); lacks != nil {
			t.Errorf("%s: mended to %v, which lacks %q", name, c.label, lacks)
		}
	}
}

// How near a map is agrees with the best of all matchings; the bounds that save
// the matching never say otherwise.
func TestNearnessIsTheBestMatching(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	near, far := 0, 0
	for seed := range uint64(40) {
		p := squares(4, 4, Trees)
		p.Demands.MinPopulation, p.Demands.MaxPopulation, p.Within = 1, 16, 0.1+0.5*rng.Float64()
		p.Demands.Population = make([]float64, 16)
		for a := range p.Demands.Population {
			p.Demands.Population[a] = float64(1 + rng.IntN(9))
		}
		p.Demands.MaxPopulation = 200
		for range p.Areas {
			p.Near = append(p.Near, int32(rng.IntN(4)))
		}
		s, err := NewSpace(p)
		if err != nil {
			t.Fatal(err)
		}
		n := newNearState(s)
		label := make([]int32, 16)
		for i := range label {
			label[i] = p.Near[i]
			if rng.IntN(3) == 0 {
				label[i] = int32(rng.IntN(4))
			}
		}
		n.reset(label)
		for range 20 {
			u, to := int32(rng.IntN(16)), int32(rng.IntN(4))
			n.move(u, label[u], to)
			label[u] = to
			want := s.Moved(label, p.Near)
			if got := n.moved() / s.everyone; math.Abs(got-want) > 1e-9 {
				t.Fatalf("seed %d: %v of people move, want %v", seed, got, want)
			}
			if got := n.meets(); got != (want <= p.Within*(1+1e-9)) {
				t.Fatalf("seed %d: near %t, and %v of %v move", seed, got, want, p.Within)
			} else if got {
				near++
			} else {
				far++
			}
		}
	}
	if near < 50 || far < 50 {
		t.Errorf("%d near and %d far: the test tests too little", near, far)
	}
}

// The number of spanning trees is the same in numbers of 64 bits and of any
// length; what 64 bits may not hold is left to the second.
func TestFewAndManyTrees(t *testing.T) {
	s := grid(t, 7, 7, 1, 0, Trees)
	rng := rand.New(rand.NewPCG(1, 9))
	few, many := 0, 0
	for range 400 {
		units := []int32{int32(rng.IntN(49))}
		for goal := 1 + rng.IntN(48); len(units) < goal; {
			u := units[rng.IntN(len(units))]
			v := s.arc[s.start[u]+rng.Int32N(s.start[u+1]-s.start[u])]
			if !slices.Contains(units, v) {
				units = append(units, v)
			}
		}
		want := s.countManyTrees(units)
		got, ok := s.countFewTrees(units)
		if ok {
			few++
		} else {
			many++
		}
		if ok && (!want.IsInt64() || want.Int64() != got) || s.countTrees(units).Cmp(want) != 0 || want.Sign() <= 0 {
			t.Fatalf("%v: %d trees (%t), want %v", units, got, ok, want)
		}
	}
	if few < 50 || many < 50 {
		t.Errorf("%d sets in 64 bits and %d beyond: the test tests too little", few, many)
	}
}

// Every number of the tables of partitions that can be counted in a moment; of the
// others, up to 7 by 7 into 7, those of some seconds each with STPMAP_LONG=1.
func TestPartitionCounts(t *testing.T) {
	rows := flowtest.Records(t, "reference/grids/partition_counts.csv")
	counted := 0
	for _, r := range rows {
		size, _, _ := strings.Cut(r["grid"], "x")
		n, parts, want := int(parse(t, size)), int(parse(t, r["parts"])), int64(parse(t, r["partitions"]))
		long := n == 5 && want > 200_000 || n == 6 && (parts < 4 || want > 500_000) || n == 7
		far := n > 7 || n < 7 && want > 70_000_000 || n == 6 && (parts == 2 && want > 100_000 || parts == 3 && want > 2_000_000)
		if far || long && os.Getenv("STPMAP_LONG") == "" {
			continue
		}
		p := gridProblem(n, r["contiguity"] == "queen")
		p.Demands = footprint.Constraints{Footprints: parts, MinPopulation: 1, MaxPopulation: float64(n * n)}
		if tolerance := r["size_tolerance"]; tolerance != "any" {
			d := parse(t, tolerance)
			p.Demands.MinPopulation, p.Demands.MaxPopulation = float64(n*n/parts)-d, float64(n*n/parts)+d
		}
		s, err := NewSpace(p)
		if err != nil {
			t.Fatal(err)
		}
		x, err := s.Count(t.Context())
		if err != nil || x.Maps.Int64() != want {
			t.Errorf("%v: %v maps (%v), want %d", r, x.Maps, err, want)
		}
		counted++
	}
	if counted < 20 {
		t.Errorf("%d rows were counted: too few", counted)
	}
}

// gridProblem is a square grid whose areas border those beside them and, like a
// queen's moves, those at their corners.
func gridProblem(n int, corners bool) Problem {
	p := Problem{Areas: n * n}
	for y := range n {
		for x := range n {
			for _, d := range [][2]int{{1, 0}, {0, 1}, {1, 1}, {-1, 1}} {
				v, w := x+d[0], y+d[1]
				if v < 0 || v >= n || w >= n || !corners && d[0]*d[1] != 0 {
					continue
				}
				p.Pairs = append(p.Pairs, [2]int32{int32(y*n + x), int32(w*n + v)})
			}
		}
	}
	return p
}
