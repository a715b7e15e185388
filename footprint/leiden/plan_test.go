package leiden

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/grouping"
)

// planCase is a plan with a layout in one piece each, as searches leave it.
type planCase struct {
	e    *Engine
	o    *workspace
	p    *plan
	y    *layout
	unit []int32
	m    *flow.Matrix
	near footprinttest.AdjacencyList
}

// planCases are plans on a chessboard under all kinds of demands at once.
func planCases(t *testing.T) []*planCase {
	t.Helper()
	var all []*planCase
	for seed := range uint64(2) {
		m, people, near := footprinttest.Square(t, 7, seed)
		for _, q := range []footprint.Quality{footprint.Modularity, footprint.Bipartite, footprint.CPM} {
			c := &footprint.Constraints{
				Contiguous: near, Population: people, MinPopulation: 700_000, MaxPopulation: 1_400_000, MinLocalisation: 0.6, MaxShare: 0.4,
				Apart: [][]int32{{0, 30}, {5, 17, 44}}, Together: [][]int32{{8, 9}},
			}
			e := engine(t, m, q)
			o := e.idle.Get().(*workspace)
			p, unit, err := e.newPlan(o, c, e.factor)
			if err != nil {
				t.Fatal(err)
			}
			start, err := e.run(t.Context(), o, 1, seed, 0, true, nil)
			if err != nil {
				t.Fatal(err)
			}
			s := &search{p: p, o: o, k: 4, rng: rand.New(rand.NewPCG(seed, 1))}
			y, err := s.run(t.Context(), e.startOfUnits(o, p, unit, start), nil)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, &planCase{e, o, p, y, unit, m, near})
		}
	}
	return all
}

// same says whether two sums of a plan's size are the same but for rounding.
func (c *planCase) same(x, y float64) bool { return math.Abs(x-y) <= 1e-9*c.p.rules.penalty }

// What a move of annealing claims is the score after less the score before, and
// taking it back leaves no trace.
func TestRelocationClaimsWhatItGains(t *testing.T) {
	for _, c := range planCases(t) {
		a := &annealing{y: c.y, rng: rand.New(rand.NewPCG(1, 1))}
		a.now = merit{c.y.short(), c.y.score()}
		moves := 0
		for v := range int32(c.p.g.Nodes) {
			for to := range int32(c.p.g.Nodes) {
				if c.y.held[to].size == 0 || to == c.y.label[v] {
					continue
				}
				m := &a.there
				if !a.weigh(m, v, to) {
					continue
				}
				moves++
				was, label, held := a.now, slices.Clone(c.y.label), slices.Clone(c.y.held)
				a.make(m)
				fresh := newLayout(c.p, slices.Clone(c.y.label))
				if !c.same(a.now.score, fresh.score()) || math.Abs(a.now.short-fresh.short()) > 1e-9 {
					t.Fatalf("unit %d to %d: score %v and %v missing, from scratch %v and %v", v, to, a.now.score, a.now.short, fresh.score(), fresh.short())
				}
				a.unmake(m)
				if !slices.Equal(c.y.label, label) || !slices.Equal(c.y.held, held) || !c.same(a.now.score, was.score) {
					t.Fatalf("unit %d to %d and back: not as before", v, to)
				}
			}
		}
		if moves == 0 {
			t.Error("no move was allowed")
		}
	}
}

// However hot, annealing keeps its books, the number of footprints, what must be
// apart, and each footprint in one piece.
func TestProposalsKeepFootprintsWhole(t *testing.T) {
	for _, c := range planCases(t) {
		a := &annealing{y: c.y, rng: rand.New(rand.NewPCG(2, 2))}
		a.now = merit{c.y.short(), c.y.score()}
		was, before := slices.Clone(c.y.label), c.y.footprints()
		for range 1500 {
			a.propose(10 * c.p.rules.penalty)
		}
		if slices.Equal(c.y.label, was) {
			t.Error("nothing moved")
		}
		if got := c.y.footprints(); got != before {
			t.Errorf("%d footprints, want %d", got, before)
		}
		fresh := newLayout(c.p, slices.Clone(c.y.label))
		if !c.same(a.now.score, fresh.score()) || math.Abs(a.now.short-fresh.short()) > 1e-6 {
			t.Errorf("score %v and %v missing, from scratch %v and %v", a.now.score, a.now.short, fresh.score(), fresh.short())
		}
		for i, group := range c.p.apart {
			for _, v := range group {
				for _, u := range group {
					if u != v && c.y.label[u] == c.y.label[v] && was[u] != was[v] {
						t.Errorf("group %d: units %d and %d came together", i, u, v)
					}
				}
			}
		}
		label := make([]int32, len(c.unit))
		for v, u := range c.unit {
			label[v] = c.y.label[u]
		}
		c.o.Compact(label, len(label))
		footprinttest.CheckPartition(t, c.m, c.e.partition(label).Number(c.m, nil), footprint.Constraints{Contiguous: c.near, AllowSingleKind: true})
	}
}

// A run of annealing never ends worse than it began, where it began well.
func TestAnnealingKeepsTheBest(t *testing.T) {
	ran := 0
	for _, c := range planCases(t) {
		c.p.rules.minPeople, c.p.rules.maxPeople, c.p.rules.minLocalisation, c.p.rules.maxResidents = 0, math.Inf(1), 0, math.Inf(1)
		c.y.count()
		before := c.y.score()
		if c.y.short() > 0 {
			continue
		}
		ran++
		a := &annealing{y: c.y, rng: rand.New(rand.NewPCG(3, 3)), hot: 0.3 * c.e.total}
		a.run(2000)
		if after := newLayout(c.p, c.y.label).score(); after < before-1e-9*c.p.rules.penalty || !c.same(after, a.top) {
			t.Errorf("score %v, noted as %v, began with %v", after, a.top, before)
		}
	}
	if ran == 0 {
		t.Error("no layout met its demands to begin with")
	}
}

// Gains always pass; a loss much above the temperature never does, and one of
// the temperature passes in about one of e cases.
func TestAccepts(t *testing.T) {
	a := &annealing{rng: rand.New(rand.NewPCG(4, 4))}
	passed := 0
	for range 10_000 {
		if !a.accepts(0, 1) || !a.accepts(5, 1e-9) || a.accepts(-100, 1) {
			t.Fatal("a gain was refused, or a great loss accepted")
		}
		if a.accepts(-3, 3) {
			passed++
		}
	}
	if want := 10_000 / math.E; math.Abs(float64(passed)-want) > 200 {
		t.Errorf("%d of 10,000 passed, want about %.0f", passed, want)
	}
}

// A plan of blocks scores as the plan of units does when blocks move as wholes.
func TestCoarsenKeepsScore(t *testing.T) {
	for _, c := range planCases(t) {
		rng := rand.New(rand.NewPCG(5, 5))
		block := make([]int32, c.p.g.Nodes)
		for v := range block {
			block[v] = c.y.label[v]*3 + rng.Int32N(3)
		}
		c.o.compactSparse(block)
		blocks := grouping.Count(block)
		q := c.p.coarsen(c.o, block, blocks)
		label := make([]int32, blocks)
		for v, b := range block {
			label[b] = c.y.label[v]
		}
		c.o.Compact(label, c.p.g.Nodes)
		z := newLayout(q, label)
		if !c.same(z.score(), c.y.score()) || math.Abs(z.short()-c.y.short()) > 1e-9 || z.footprints() != c.y.footprints() {
			t.Errorf("%d blocks score %v with %v missing, units %v with %v", blocks, z.score(), z.short(), c.y.score(), c.y.short())
		}
		people, areas := 0.0, int32(0)
		for b := range q.unit {
			people += q.unit[b].people
			areas += q.unit[b].areas
		}
		want := 0.0
		for v := range c.p.unit {
			want += c.p.unit[v].people
		}
		if !footprinttest.Near(people, want, 1e-12) || int(areas) != len(c.m.Areas()) {
			t.Errorf("blocks hold %v people in %d areas, want %v in %d", people, areas, want, len(c.m.Areas()))
		}
	}
}

// What a cut and what a union claim is the score after less the score before.
func TestCutsAndUnionsClaimWhatTheyGain(t *testing.T) {
	for _, c := range planCases(t) {
		before, cuts := c.y.score(), 0
		for f := range int32(c.p.g.Nodes) {
			var units []int32
			for v, l := range c.y.label {
				if l == f {
					units = append(units, int32(v))
				}
			}
			side, gain := c.p.divide(units)
			if side == nil {
				continue
			}
			cuts++
			label := slices.Clone(c.y.label)
			free := int32(slices.IndexFunc(c.y.held, func(h totals) bool { return h.size == 0 }))
			for _, v := range side {
				label[v] = free
			}
			if got := newLayout(c.p, label).score() - before; !c.same(got, gain) {
				t.Errorf("cutting %d: gained %v, claimed %v", f, got, gain)
			}
			if len(side) == 0 || len(side) == len(units) || !c.p.onePiece(side) {
				t.Errorf("cutting %d: %d of its %d units leave", f, len(side), len(units))
			}
		}
		part := slices.Clone(c.y.label)
		k := c.o.Compact(part, c.p.g.Nodes)
		q := c.p.coarsen(c.o, part, k)
		for a := range int32(k) {
			q.g.Neighbours(a, func(b int32, w float64) {
				joined := grouping.Sequence(k)
				joined[b] = a
				if got := newLayout(q, joined).score() - before; !c.same(got, q.union(a, b, w)) {
					t.Errorf("joining %d and %d: gained %v, claimed %v", a, b, got, q.union(a, b, w))
				}
			})
		}
		if cuts == 0 {
			t.Error("nothing was cut")
		}
	}
}

// How much a footprint misses, by hand.
func TestShortByHand(t *testing.T) {
	inf := math.Inf(1)
	good := totals{people: 100, residents: 50, inside: 40, size: 2, areas: 1, providers: 1}
	with := func(change func(*totals)) totals { x := good; change(&x); return x }
	r := rules{minPeople: 80, maxPeople: 120, minLocalisation: 0.6, maxResidents: 60, bothKinds: true}
	for _, c := range []struct {
		name string
		r    rules
		t    totals
		want float64
	}{
		{"all is met", r, good, 0},
		{"no units", r, totals{}, 0},
		{"a quarter of the people missing", r, with(func(x *totals) { x.people = 60 }), 0.5 + 0.5*0.25},
		{"half too many people", r, with(func(x *totals) { x.people = 180 }), 2.5},
		{"a tenth too many patients", r, with(func(x *totals) { x.residents, x.inside = 66, 66 }), 2.1},
		{"a localisation index of 0.5", r, with(func(x *totals) { x.inside = 25 }), 0.5 + 0.5*0.1},
		{"no provider", r, with(func(x *totals) { x.providers = 0 }), 1},
		{"no area", r, with(func(x *totals) { x.areas = 0 }), 1},
		{"neither kind is asked", rules{maxPeople: inf, maxResidents: inf}, with(func(x *totals) { x.providers = 0 }), 0},
		{"two demands", r, with(func(x *totals) { x.people, x.inside = 40, 25 }), 0.75 + 0.55},
	} {
		if got := c.r.short(&c.t); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What is missing counts before the score, and rounding counts for nothing.
func TestMeritOrder(t *testing.T) {
	for _, c := range []struct {
		a, b merit
		want bool
	}{
		{merit{0, 1}, merit{1, 100}, true},
		{merit{1, 100}, merit{0, 1}, false},
		{merit{0, 2}, merit{0, 1}, true},
		{merit{0, 1}, merit{0, 1}, false},
		{merit{1e-13, 2}, merit{0, 1}, true},
		{merit{0, 1 + 1e-13}, merit{0, 1}, false},
	} {
		if got := c.a.better(c.b, 1); got != c.want {
			t.Errorf("%+v better than %+v: %v", c.a, c.b, got)
		}
	}
}

// Whether a unit may leave, and its weight to two footprints at once, are what
// plain walks and sums give.
func TestQuickWalks(t *testing.T) {
	may, mayNot := 0, 0
	for _, c := range planCases(t) {
		y, g := c.y, c.p.g
		var walk grouping.Walk
		walk.Room(g.Nodes)
		y.p.ground = nil
		for v := range int32(g.Nodes) {
			var near []int32
			g.Neighbours(v, func(u int32, w float64) {
				if w > 0 && y.label[u] == y.label[v] {
					near = append(near, u)
				}
			})
			want := walk.Joins(y.label, v, near, c.p.flows)
			if got := y.mayLeave(v); got != want {
				t.Fatalf("unit %d may leave: %v, want %v", v, got, want)
			}
			if want {
				may++
			} else {
				mayNot++
			}
			for to := range int32(g.Nodes) {
				own := y.label[v]
				if to == own {
					continue
				}
				if out, in := g.WeightToBoth(v, y.label, own, to); out != g.WeightTo(v, y.label, own) || in != g.WeightTo(v, y.label, to) {
					t.Fatalf("unit %d: weights %v and %v", v, out, in)
				}
			}
		}
	}
	if may == 0 || mayNot == 0 {
		t.Errorf("%d may leave and %d may not: a side was not tried", may, mayNot)
	}
}
