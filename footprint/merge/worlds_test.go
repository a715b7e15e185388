package merge

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// borders are neighbours by area.
type borders [][]int

func (b borders) Neighbours(area int) iter.Seq[int] { return slices.Values(b[area]) }

// world draws flows among a few systems of one to three areas and providers
// each, on a grid, and demands of every kind.
func world(t *testing.T, seed uint64) Input {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 19))
	n := 8 + rng.IntN(3)
	if os.Getenv(longRun) != "" {
		n = 8 + rng.IntN(5)
	}
	var areas, providers []string
	var groups, hosts []string
	for s := range n {
		for range 1 + rng.IntN(2) {
			areas = append(areas, fmt.Sprintf("A%02d", len(areas)))
			groups = append(groups, fmt.Sprintf("S%02d", s))
		}
		for range rng.IntN(3) {
			providers = append(providers, fmt.Sprintf("P%02d", len(providers)))
			hosts = append(hosts, fmt.Sprintf("S%02d", s))
		}
	}
	b := flow.NewBuilder()
	for a, area := range areas {
		for j, provider := range providers {
			count := 0.0
			switch {
			case groups[a] == hosts[j]:
				count = float64(50 + rng.IntN(200))
			case rng.IntN(3) == 0:
				count = float64(1 + rng.IntN(60))
			}
			if count > 0 {
				if err := b.Add(area, provider, flow.Exactly(count)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Matrix: m}
	in.Today = footprint.FromGroups(m, chosen(m.Areas(), areas, groups), chosen(m.Providers(), providers, hosts))
	in.draw(rng)
	return in
}

// chosen are the groups of some codes.
func chosen(codes, all, groups []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = groups[slices.Index(all, c)]
	}
	return out
}

// draw draws people, neighbours and demands.
func (in *Input) draw(rng *rand.Rand) {
	n, systems := len(in.Today.Areas), in.Today.Len()
	total := 0.0
	for range n {
		x := float64(100 + rng.IntN(900))
		in.Population = append(in.Population, x)
		total += x
	}
	near := make(borders, n)
	join := func(a, b int) {
		if a != b && !slices.Contains(near[a], b) {
			near[a], near[b] = append(near[a], b), append(near[b], a)
		}
	}
	for a := range n {
		if a > 0 && rng.IntN(12) > 0 {
			join(a, a-1)
		}
		join(a, rng.IntN(n))
		if a >= 4 {
			join(a, a-4)
		}
	}
	if rng.IntN(4) > 0 {
		in.Neighbours = near
	}
	average := total / float64(systems)
	odds := func(of int) bool { return rng.IntN(of) == 0 }
	d := &in.Demands
	d.OnePiece = !odds(3)
	d.AllowSingleKind = !odds(3)
	if odds(3) {
		d.MinPopulation = math.Round(average * (0.5 + 1.5*rng.Float64()))
	}
	if odds(3) {
		d.MaxPopulation = math.Round(average * (1.5 + 3*rng.Float64()))
	}
	if odds(4) {
		d.MinProviders = 1 + rng.IntN(3)
		for range in.Today.Providers {
			in.Counts = append(in.Counts, !odds(3))
		}
	}
	if odds(4) {
		d.MinLocalisation = 0.3 + 0.5*rng.Float64()
	}
	if odds(5) {
		d.MaxShare = 0.3 + 0.3*rng.Float64()
	}
	if odds(4) {
		d.Together = [][]int32{{int32(rng.IntN(systems)), int32(rng.IntN(systems))}}
	}
	if odds(3) {
		d.Apart = [][]int32{{0, int32(1 + rng.IntN(systems-1)), int32(1 + rng.IntN(systems-1))}}
		d.Apart[0] = slices.Compact(slices.Sorted(slices.Values(d.Apart[0])))
	}
	if odds(3) {
		for _, s := range in.Today.Areas {
			d.Units = append(d.Units, s/3-int32(rng.IntN(8)/7))
		}
		d.Strict = odds(2)
	}
}

// plainFeasible is a second reading of the demands, by areas and providers.
func plainFeasible(in Input, group []int32) bool {
	d, m := in.Demands, in.Matrix
	holds := make([]bool, in.Today.Len())
	for _, s := range group {
		holds[s] = true
	}
	for _, g := range d.Together {
		if holds[g[0]] != holds[g[len(g)-1]] {
			return false
		}
	}
	for _, g := range d.Apart {
		n := 0
		for _, s := range g {
			if holds[s] {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	people, resident, inside, areas, providers, counted := 0.0, 0.0, 0.0, 0, 0, 0
	units := map[int32]int{}
	for a, s := range in.Today.Areas {
		if !holds[s] {
			continue
		}
		areas++
		people += in.Population[a]
		if d.Units != nil {
			units[d.Units[a]]++
		}
		ps, counts := m.Row(a)
		for k, j := range ps {
			resident += counts[k]
			if holds[in.Today.Providers[j]] {
				inside += counts[k]
			}
		}
	}
	for j, s := range in.Today.Providers {
		if holds[s] {
			providers++
			if in.Counts == nil || in.Counts[j] {
				counted++
			}
		}
	}
	cut := false
	for u, n := range units {
		all := 0
		for _, v := range d.Units {
			if v == u {
				all++
			}
		}
		cut = cut || u >= 0 && n < all
	}
	switch {
	case !d.AllowSingleKind && (areas == 0 || providers == 0 || inside == 0),
		people < d.MinPopulation, d.MaxPopulation > 0 && people > d.MaxPopulation,
		counted < d.MinProviders,
		d.MinLocalisation > 0 && inside/resident < d.MinLocalisation-1e-9,
		d.MaxShare > 0 && resident > d.MaxShare*m.Total().Value*(1+1e-9),
		d.Strict && cut && len(units) > 1:
		return false
	}
	return plainPieces(in, group)
}

// plainPieces says whether systems are in one piece, each taken as one: on the
// ground where that is demanded, islands by patients, and by patients.
func plainPieces(in Input, group []int32) bool {
	island := func(s int32) bool {
		for a, t := range in.Today.Areas {
			if t == s && in.Neighbours != nil && len(in.Neighbours.(borders)[a]) > 0 {
				return false
			}
		}
		return in.Neighbours != nil
	}
	exchange := func(s, t int32) bool {
		for a, x := range in.Today.Areas {
			ps, _ := in.Matrix.Row(a)
			for _, j := range ps {
				if y := in.Today.Providers[j]; x == s && y == t || x == t && y == s {
					return true
				}
			}
		}
		return false
	}
	ground := func(s, t int32) bool {
		if in.Neighbours == nil || island(s) || island(t) {
			return exchange(s, t)
		}
		for a, x := range in.Today.Areas {
			for b := range in.Neighbours.Neighbours(a) {
				if y := in.Today.Areas[b]; x == s && y == t {
					return true
				}
			}
		}
		return false
	}
	connected := func(link func(s, t int32) bool) bool {
		seen := map[int32]bool{group[0]: true}
		for grown := true; grown; {
			grown = false
			for _, s := range group {
				for _, t := range group {
					if seen[s] && !seen[t] && (link(s, t) || link(t, s)) {
						seen[t], grown = true, true
					}
				}
			}
		}
		return len(seen) == len(group)
	}
	return (!in.OnePiece || connected(ground)) && (in.AllowSingleKind || connected(exchange))
}

// enumerate goes through every map by itself: the most patients kept by number
// of systems, −1 where no map meets the demands, and how many maps keep at least
// a share less.
func enumerate(p *Problem, in Input, within float64) (best []float64, near [][]float64) {
	n := p.Systems
	ok := make([]bool, 1<<n)
	value := make([]float64, 1<<n)
	for bits := 1; bits < 1<<n; bits++ {
		var group []int32
		for i := range int32(n) {
			if bits>>i&1 != 0 {
				for _, j := range group {
					value[bits] += p.Exchange[int(i)*n+int(j)]
				}
				group = append(group, i)
			}
		}
		ok[bits] = plainFeasible(in, group)
	}
	best, near = slices.Repeat([]float64{-1}, n+1), make([][]float64, n+1)
	all := make([][]float64, n+1)
	var fill func(left, k int, kept float64)
	fill = func(left, k int, kept float64) {
		if left == 0 {
			all[k] = append(all[k], kept)
			best[k] = max(best[k], kept)
			return
		}
		first := left & -left
		rest := left ^ first
		for sub := rest; ; sub = (sub - 1) & rest {
			if s := sub | first; ok[s] {
				fill(left^s, k+1, kept+value[s])
			}
			if sub == 0 {
				break
			}
		}
	}
	fill(1<<n-1, 0, p.base)
	for k := range all {
		for _, kept := range all[k] {
			if kept >= best[k]-within*p.Total-1e-6 {
				near[k] = append(near[k], kept)
			}
		}
	}
	return best, near
}

// longRun is the variable that has all 200 worlds tested.
const longRun = "STPMAP_LONG"

// Every number of systems of random worlds under every mix of demands has the
// best map that enumeration finds, proven, or none where there is none; and the
// good maps are as many.
func TestBestMapsOfRandomWorlds(t *testing.T) {
	worlds := uint64(12)
	if os.Getenv(longRun) != "" {
		worlds = 200
	}
	found, infeasible := 0, 0
	for seed := range worlds {
		in := world(t, seed)
		p, err := New(in)
		if err != nil {
			t.Fatal(err)
		}
		const within = 0.02
		best, near := enumerate(p, in, within)
		v := NewSolver(p)
		for k := p.Systems; k >= 1; k-- {
			m, err := v.Best(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if best[k] < 0 {
				infeasible++
				if !m.Infeasible || m.Groups != nil {
					t.Errorf("seed %d: %d systems: %+v, and no map meets the demands", seed, k, m)
				}
				continue
			}
			found++
			if !m.Optimal || math.Abs(m.Kept-best[k]) > 1e-6 || len(m.Groups) != k || m.Bound != m.Kept {
				t.Errorf("seed %d: %d systems: %+v, want %v", seed, k, m, best[k])
				continue
			}
			if math.Abs(p.Kept(m.Groups)-m.Kept) > 1e-6 {
				t.Errorf("seed %d: %d systems keep %v, not %v", seed, k, p.Kept(m.Groups), m.Kept)
			}
			checkNear(t, v, m, near[k], within)
		}
	}
	if found < 20 || infeasible < 20 {
		t.Errorf("%d maps found and %d numbers infeasible: the worlds test too little", found, infeasible)
	}
}

func checkNear(t *testing.T, v *Solver, m Map, near []float64, within float64) {
	t.Helper()
	middle := near[len(near)/2]
	g, err := v.Near(t.Context(), m, within, middle, 1)
	if err != nil {
		t.Fatal(err)
	}
	more := 0
	for _, kept := range near {
		if kept > middle+1e-6 {
			more++
		}
	}
	if !g.Counted || g.Maps != len(near) || g.More != more {
		t.Errorf("%d systems: %d maps of which %d keep more (counted %t), want %d and %d", m.Footprints, g.Maps, g.More, g.Counted, len(near), more)
	}
}
