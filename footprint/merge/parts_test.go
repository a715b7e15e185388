package merge

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A set does what a map of its members does.
func TestSetsAreMaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func() (s set, m map[int32]bool) {
		m = map[int32]bool{}
		for range rng.IntN(90) {
			i := int32(rng.IntN(MaxSystems))
			s.add(i)
			m[i] = true
		}
		for range rng.IntN(20) {
			i := int32(rng.IntN(MaxSystems))
			s.remove(i)
			delete(m, i)
		}
		return s, m
	}
	listed := func(keep func(i int32) bool) (out []int32) {
		for i := range int32(MaxSystems) {
			if keep(i) {
				out = append(out, i)
			}
		}
		return out
	}
	for range 300 {
		s, m := draw()
		u, n := draw()
		and, or, without := s.and(&u), s.or(&u), s.without(&u)
		for what, c := range map[string]struct {
			got  []int32
			want []int32
		}{
			"members": {s.members(), listed(func(i int32) bool { return m[i] })},
			"and":     {and.members(), listed(func(i int32) bool { return m[i] && n[i] })},
			"or":      {or.members(), listed(func(i int32) bool { return m[i] || n[i] })},
			"without": {without.members(), listed(func(i int32) bool { return m[i] && !n[i] })},
		} {
			if !slices.Equal(c.got, c.want) {
				t.Fatalf("%s: got %v, want %v", what, c.got, c.want)
			}
		}
		if s.len() != len(m) || s.empty() != (len(m) == 0) || s.meets(&u) != (len(and.members()) > 0) {
			t.Fatalf("%v: %d members, empty %t, meets %t", s.members(), s.len(), s.empty(), s.meets(&u))
		}
		if first := s.first(); len(m) == 0 && first != -1 || len(m) > 0 && first != s.members()[0] {
			t.Fatalf("the first of %v is %d", s.members(), first)
		}
	}
	if all := firstOf(150); all.len() != 150 || !all.has(149) || all.has(150) {
		t.Errorf("the first 150 are %v", all.members())
	}
}

// The largest flow is the smallest cut, which is found by trying all of them.
func TestFlowIsTheSmallestCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := 1 + rng.IntN(7)
		type arc struct {
			from, to int32
			room     float64
		}
		var arcs []arc
		g := &network{}
		g.reset(n, 1e-9)
		for range rng.IntN(4 * n) {
			v, w := int32(rng.IntN(n+2)), int32(rng.IntN(n+2))
			if v == w {
				continue
			}
			there, back := float64(rng.IntN(30)), float64(rng.IntN(10))
			g.join(v, w, there, back)
			arcs = append(arcs, arc{v, w, there}, arc{w, v, back})
		}
		least := math.Inf(1)
		side := func(bits int, v int32) bool { return v == int32(n) || v < int32(n) && bits>>v&1 != 0 }
		cost := func(in func(v int32) bool) (sum float64) {
			for _, a := range arcs {
				if in(a.from) && !in(a.to) {
					sum += a.room
				}
			}
			return sum
		}
		for bits := range 1 << n {
			least = min(least, cost(func(v int32) bool { return side(bits, v) }))
		}
		if got := g.flow(); math.Abs(got-least) > 1e-6 {
			t.Fatalf("%d places, %v: a flow of %v, and the smallest cut is %v", n, arcs, got, least)
		}
		if got := cost(g.sourceSide); math.Abs(got-least) > 1e-6 {
			t.Fatalf("%d places, %v: the side of the source is a cut of %v, want %v", n, arcs, got, least)
		}
	}
}

// The union that is worth most above its price is the one that trying all of them
// finds, and no other is missed by the bound.
func TestPricingFindsTheBestUnion(t *testing.T) {
	found := 0
	for seed := range uint64(25) {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		q := newPricer(p)
		rng := rand.New(rand.NewPCG(seed, 6))
		for range p.Systems {
			q.prices = append(q.prices, float64(rng.IntN(120)))
		}
		for at, first := range q.order {
			before, most := setOf(q.order[:at]...), math.Inf(-1)
			for bits := 1; bits < 1<<p.Systems; bits++ {
				var s set
				s[0] = uint64(bits)
				if s.has(first) && !s.meets(&before) && plainFeasible(in, s.members()) {
					most = max(most, q.worth(&s))
				}
			}
			got, bound := q.best(at, -1e9)
			best := math.Inf(-1)
			for _, s := range got {
				if !p.feasible(&s) {
					t.Fatalf("seed %d: %v breaks a demand: %s", seed, s.members(), p.Reason(s.members()))
				}
				if s.has(first) && !s.meets(&before) {
					best = max(best, q.worth(&s))
				}
			}
			if math.IsInf(most, -1) {
				if !math.IsInf(best, -1) {
					t.Errorf("seed %d, first %d: found a union worth %v, and there is none", seed, first, best)
				}
				continue
			}
			found++
			if bound < most-1e-6 || math.Abs(best-most) > 1e-6 {
				t.Errorf("seed %d, first %d: found %v, bound %v, and the best is worth %v", seed, first, best, bound, most)
			}
		}
	}
	if found < 40 {
		t.Errorf("%d systems had a union: the worlds test too little", found)
	}
}

// With every union as a column, the program's worth is no less than the best map,
// and is it where the solution is whole.
func TestProgramBoundsTheBestMap(t *testing.T) {
	whole := 0
	for seed := range uint64(12) {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		best, _ := enumerate(p, in, 0)
		for k := 1; k <= p.Systems; k++ {
			l := &program{n: p.Systems, tolerance: 1e-9, miscount: 1e7, penalty: 1e6}
			for bits := 1; bits < 1<<p.Systems; bits++ {
				var s set
				s[0] = uint64(bits)
				if p.feasible(&s) {
					l.columns = append(l.columns, &column{s: s, members: s.members(), value: p.value(&s)})
				}
			}
			l.start(k)
			l.solve()
			if best[k] < 0 {
				continue
			}
			room := 1e-5 * p.Total // right-hand sides are shifted a little
			if got, want := l.worth(k), best[k]-p.base; got < want-room {
				t.Errorf("seed %d, %d systems: a bound of %v, and a map keeps %v", seed, k, got, want)
			}
			if a, _ := l.fraction(); a >= 0 || l.artificial() {
				continue
			}
			whole++
			kept := 0.0
			var all set
			for _, s := range l.chosen() {
				if all.meets(&s) {
					t.Errorf("seed %d, %d systems: unions meet each other", seed, k)
				}
				all = all.or(&s)
				kept += p.value(&s)
			}
			if len(l.chosen()) != k || all != firstOf(p.Systems) || math.Abs(kept-(best[k]-p.base)) > 1e-6 {
				t.Errorf("seed %d, %d systems: %d unions keep %v, want %v", seed, k, len(l.chosen()), kept, best[k]-p.base)
			}
		}
	}
	if whole < 20 {
		t.Errorf("%d solutions were whole: the worlds test too little", whole)
	}
}
