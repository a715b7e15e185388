package merge

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// listed are all maps of k systems that keep enough, each as its unions in order
// of their first systems.
func listed(p *Problem, in Input, k int, least float64) (maps [][]set) {
	ok := map[uint64]bool{}
	for bits := uint64(1); bits < 1<<p.Systems; bits++ {
		ok[bits] = plainFeasible(in, (&set{bits}).members())
	}
	var fill func(left uint64, chosen []set, kept float64)
	fill = func(left uint64, chosen []set, kept float64) {
		if left == 0 {
			if len(chosen) == k && kept >= least {
				maps = append(maps, slices.Clone(chosen))
			}
			return
		}
		first := left & -left
		rest := left ^ first
		for sub := rest; ; sub = (sub - 1) & rest {
			if s := sub | first; ok[s] && len(chosen) < k {
				u := set{s}
				fill(left^s, append(chosen, u), kept+p.value(&u))
			}
			if sub == 0 {
				break
			}
		}
	}
	fill(1<<p.Systems-1, nil, p.base)
	return maps
}

// key tells a map by its unions, whatever their order.
func key(sets []set) string {
	groups := groupsOf(sets)
	out := []byte{}
	for _, g := range groups {
		for _, i := range g {
			out = append(out, byte(i))
		}
		out = append(out, 255)
	}
	return string(out)
}

// Every map that the walk comes to is a good one of as many systems, keeps what
// is noted of it, and is one of those that there are.
func TestWalkKeepsToGoodMaps(t *testing.T) {
	const within = 0.05
	walked, several := 0, 0
	for seed := range uint64(16) {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		v := NewSolver(p)
		for _, k := range []int{p.Systems - 1, p.Systems - 3, 3} {
			m, err := v.Best(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if m.Groups == nil {
				continue
			}
			walked++
			least := m.Kept - within*p.Total - 1e-6
			good := map[string]bool{}
			for _, sets := range listed(p, in, k, least) {
				good[key(sets)] = true
			}
			w := &walker{p: p, size: p.Systems, least: least - p.base}
			for _, g := range m.Groups {
				s := setOf(g...)
				w.sets = append(w.sets, s)
				w.kept += p.value(&s)
			}
			rng, met := rand.New(rand.NewPCG(seed, 8)), map[string]bool{}
			for range 3000 {
				w.step(rng)
				met[key(w.sets)] = true
			}
			for one := range met {
				if !good[one] {
					t.Fatalf("seed %d, %d systems: the walk came to %v, which is no good map", seed, k, []byte(one))
				}
			}
			if kept := p.Kept(groupsOf(w.sets)) - p.base; len(w.sets) != k || kept-w.kept > 1e-6 || w.kept-kept > 1e-6 {
				t.Errorf("seed %d: %d unions keep %v, and %v is noted", seed, len(w.sets), kept, w.kept)
			}
			if len(good) > 5 && len(met) > 2 {
				several++
			}
		}
	}
	if walked < 15 || several < 5 {
		t.Errorf("%d walks, %d of them with several maps: the worlds test too little", walked, several)
	}
}

// Where the walk stands in for a count, it says so, gives the same sample for the
// same seed, and finds together every pair that is together in all good maps.
func TestSampleOfGoodMaps(t *testing.T) {
	sampledWorlds := 0
	for seed := range uint64(12) {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		v := NewSolver(p)
		k := p.Systems - 2
		m, err := v.Best(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		if m.Groups == nil {
			continue
		}
		counted, err := v.Near(t.Context(), m, 0.03, m.Kept, 1)
		if err != nil {
			t.Fatal(err)
		}
		unproven := m
		unproven.Optimal = false
		one, err := v.Near(t.Context(), unproven, 0.03, m.Kept, 5)
		if err != nil {
			t.Fatal(err)
		}
		again, err := v.Near(t.Context(), unproven, 0.03, m.Kept, 5)
		if err != nil {
			t.Fatal(err)
		}
		if one.Counted || one.Maps != sampled || !slices.Equal(one.Together, again.Together) {
			t.Errorf("seed %d: a sample of %d maps, counted %t, the same again %t", seed, one.Maps, one.Counted, slices.Equal(one.Together, again.Together))
		}
		if !counted.Counted || counted.Maps < 1 {
			t.Fatalf("seed %d: %+v", seed, counted)
		}
		for _, pair := range counted.Always() {
			if one.Share(pair[0], pair[1]) != 1 {
				t.Errorf("seed %d: systems %v are together in every map, and in %v of the sample", seed, pair, one.Share(pair[0], pair[1]))
			}
		}
		for i := range int32(p.Systems) {
			for j := range i {
				if one.Share(i, j) > 0 && counted.Share(i, j) == 0 {
					t.Errorf("seed %d: %d and %d are together in a sample, and in none of all maps", seed, j, i)
				}
			}
		}
		sampledWorlds++
	}
	if sampledWorlds < 6 {
		t.Errorf("%d worlds were sampled: too few", sampledWorlds)
	}
}

// The number of maps that keep more than a proposal is that of the list.
func TestRankOfAProposalAmongAllMaps(t *testing.T) {
	ranked := 0
	for seed := range uint64(12) {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		k := p.Systems - 2
		all := listed(p, in, k, 0)
		if len(all) == 0 {
			continue
		}
		v := NewSolver(p)
		m, err := v.Best(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(seed, 9))
		for range 3 {
			kept := p.Kept(groupsOf(all[rng.IntN(len(all))]))
			g, err := v.Near(t.Context(), m, max(0, m.Kept-kept)/p.Total, kept, 1)
			if err != nil {
				t.Fatal(err)
			}
			more := 0
			for _, sets := range all {
				if p.Kept(groupsOf(sets)) > kept+1e-6 {
					more++
				}
			}
			if !g.Counted || g.More != more {
				t.Errorf("seed %d: %d maps keep more (counted %t), want %d of %d", seed, g.More, g.Counted, more, len(all))
			}
			ranked++
		}
	}
	if ranked < 12 {
		t.Errorf("%d maps were ranked: too few", ranked)
	}
}
