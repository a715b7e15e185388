package leiden

import (
	"math/rand/v2"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// A matching has as many pairs as a plain search of augmenting paths finds; its
// areas are all different, and each sends patients to its provider.
func TestMatching(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 12))
		// Few flows, so that the largest ones are not always a way to the most pairs.
		rows := make([][]float64, 12)
		for a := range rows {
			rows[a] = make([]float64, 10)
			for range 1 + rng.IntN(2) {
				rows[a][rng.IntN(10)] = float64(1 + rng.IntN(50))
			}
		}
		m := footprinttest.Table(t, rows...)
		e := engine(t, m, footprint.Modularity)
		partner := make([]int, len(m.Areas()))
		for a := range partner {
			partner[a] = -1
		}
		var try func(p int, seen []bool) bool
		try = func(p int, seen []bool) bool {
			areas, _ := m.Column(p)
			for _, a := range areas {
				if !seen[a] {
					seen[a] = true
					if partner[a] < 0 || try(partner[a], seen) {
						partner[a] = p
						return true
					}
				}
			}
			return false
		}
		want := 0
		for p := range m.Providers() {
			if try(p, make([]bool, len(m.Areas()))) {
				want++
			}
		}
		pairs, taken := 0, map[int32]bool{}
		for p, a := range e.matching() {
			if a < 0 {
				continue
			}
			pairs++
			if taken[a] {
				t.Errorf("seed %d: node %d is paired twice", seed, a)
			}
			taken[a] = true
			if m.At(e.area(a), int(e.src.ProviderRank[p])).Value == 0 {
				t.Errorf("seed %d: %s and %s have no patients between them", seed, e.name(a), e.name(int32(p)))
			}
		}
		if pairs != want {
			t.Errorf("seed %d: %d pairs, want %d", seed, pairs, want)
		}
	}
}

// A search that finds no layout says what is missed most, and what to change.
func TestUnmetSentences(t *testing.T) {
	pair := [][]float64{{10, 1}, {0, 10}}
	apart := [][]float64{{10, 0}, {0, 10}}
	two, one := []int32{0, 1, 0, 1}, []int32{0, 0, 0, 0}
	people := []float64{10, 20}
	for _, c := range []struct {
		rows  [][]float64
		cs    footprint.Constraints
		label []int32 // of areas and then providers
		want  string
	}{
		{pair, footprint.Constraints{MaxPopulation: 25}, one, "the footprint of A, B has 30 people and cannot be cut to 25 or fewer: raise the largest population, or ask for more footprints"},
		{pair, footprint.Constraints{MaxShare: 0.6}, one, "the footprint of A, B has more than 0.6 of all patients and cannot be cut: raise the largest share, or ask for more footprints"},
		{apart, footprint.Constraints{MinPopulation: 15}, two, "the footprint of A has 10 people, and no footprint beside it to reach 15 with: lower the least population"},
		{pair, footprint.Constraints{MinPopulation: 15, MaxPopulation: 25}, two, "the footprint of A and the footprint of B must merge to reach 15 but together pass 25: widen the bounds of population"},
		{pair, footprint.Constraints{MinPopulation: 15, Footprints: 2}, two, "the footprint of A has 10 people and must merge with the footprint of B to reach 15, which leaves fewer than 2 footprints: ask for fewer, or lower the least population"},
		{pair, footprint.Constraints{MinPopulation: 15}, two, "the footprint of A has 10 people and must merge with the footprint of B to reach 15, which another demand forbids: loosen it, or lower the least population"},
		{pair, footprint.Constraints{MinLocalisation: 0.95}, two, "the footprint of A reaches a localisation index of 0.909 only, below 0.95: lower the least localisation index, or ask for fewer footprints"},
		{pair, footprint.Constraints{}, []int32{0, 1, 1, 1}, "the footprint of A has areas only, and its demands let it join no footprint: loosen a demand"},
		{pair, footprint.Constraints{}, []int32{0, 0, 1, 0}, "the footprint of P has providers only, and its demands let it join no footprint: loosen a demand"},
		{pair, footprint.Constraints{Footprints: 2}, one, "no partition into 2 footprints was found that meets all demands; 1 is the nearest: ask for 1, or loosen a demand"},
		{pair, footprint.Constraints{Footprints: 2, MinPopulation: 10}, two, ""},
	} {
		e := engine(t, footprinttest.Table(t, c.rows...), footprint.Modularity)
		o := e.idle.Get().(*workspace)
		c.cs.Population = people
		p, unit, err := e.newPlan(o, &c.cs, e.factor)
		if err != nil {
			t.Fatal(err)
		}
		label := make([]int32, len(unit))
		for v, l := range c.label {
			label[unit[e.node(int32(v))]] = l
		}
		got := ""
		if err := e.unmet(o, newLayout(p, label), unit, &c.cs); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// More footprints than can be paired are refused before any search: P takes
// patients of all, Q and R of A only.
func TestMoreThanCanBePaired(t *testing.T) {
	m := footprinttest.Table(t, []float64{5, 2, 1}, []float64{9, 0, 0}, []float64{9, 0, 0})
	_, err := Leiden{Constraints: footprint.Constraints{Footprints: 3}}.Partition(t.Context(), m)
	want := "3 footprints are too many: only 2 areas and providers can be paired by patients who go from the one to the other; ask for 2 or fewer"
	if !footprint.IsInfeasible(err) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	p, err := Leiden{Constraints: footprint.Constraints{Footprints: 2}}.Partition(t.Context(), m)
	if err != nil || p.Len() != 2 {
		t.Errorf("2 footprints: got %d and %v", p.Len(), err)
	}
}
