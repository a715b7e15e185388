package footprint

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"stpmap/flow"
)

// The figures of a partition that is changed by hand are those of Measure, to
// the last bit, after every change, whatever the flows: whole numbers, decimals,
// suppressed counts, one mode, places without a footprint.
func TestLiveIsMeasure(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 1))
	for trial := range 40 {
		m, p := liveCase(t, rng, trial%3 == 0, trial%2 == 0)
		near := inARow(len(p.Areas))
		people := make([]float64, len(p.Areas))
		for a := range people {
			people[a] = float64(rng.IntN(1000))
		}
		if trial%4 == 1 {
			people[0] = math.NaN()
		}
		if trial%4 == 2 {
			people = nil
		}
		live := NewLive(m, p, people, near)
		for step := range 60 {
			tryOnce(t, live, rng, p)
			nodes, to := randomMoves(rng, p, trial%5 == 0)
			live.Move(nodes, to)
			for i, v := range nodes {
				p = p.Move(int(v), to[i])
			}
			got, want := fmt.Sprintf("%+v", live.Measures), fmt.Sprintf("%+v", Measure(m, p, people, near))
			if got != want {
				t.Fatalf("trial %d, step %d:\n%s, want\n%s", trial, step, got, want)
			}
			checkMembers(t, live, p)
		}
	}
}

// tryOnce makes a move and takes it back.
func tryOnce(t *testing.T, live *Live, rng *rand.Rand, p Partition) {
	t.Helper()
	nodes, to := randomMoves(rng, p, true)
	was := make([]int32, len(nodes))
	for i, v := range nodes {
		was[i] = live.Of(v)
	}
	before := live.Measures
	before.ByFootprint = slices.Clone(before.ByFootprint)
	live.Move(nodes, to)
	live.MoveBack(nodes, was, before)
	if !slices.Equal(live.Partition.Areas, p.Areas) || !slices.Equal(live.Partition.Providers, p.Providers) {
		t.Fatal("a move that is taken back leaves another map")
	}
	checkMembers(t, live, p)
}

// liveCase is randomCase with suppressed counts, and with decimals where asked.
func liveCase(t *testing.T, rng *rand.Rand, oneMode, decimals bool) (*flow.Matrix, Partition) {
	t.Helper()
	m, p := randomCase(t, rng, oneMode)
	b := flow.NewBuilder()
	if oneMode {
		b = flow.NewOneModeBuilder()
	}
	for a, code := range m.Areas() {
		ps, counts := m.Row(a)
		for i, j := range ps {
			c := flow.Exactly(counts[i])
			switch {
			case rng.IntN(4) == 0:
				c = flow.Between(1, 4)
			case decimals:
				c = flow.Exactly(counts[i] / 10)
			}
			if err := b.Add(code, m.Providers()[j], c); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out, p
}

// randomMoves are moves of one to three nodes, no node twice.
func randomMoves(rng *rand.Rand, p Partition, unplace bool) (nodes, to []int32) {
	all := len(p.Areas) + len(p.Providers)
	for _, v := range rng.Perm(all)[:1+rng.IntN(min(3, all))] {
		f := int32(rng.IntN(p.Len()))
		if unplace && rng.IntN(4) == 0 {
			f = Unplaced
		}
		nodes, to = append(nodes, int32(v)), append(to, f)
	}
	return nodes, to
}

func checkMembers(t *testing.T, live *Live, p Partition) {
	t.Helper()
	for f, want := range p.Footprints() {
		areas, providers := live.Members(int32(f))
		if !slices.Equal(areas, want.Areas) || !slices.Equal(providers, want.Providers) {
			t.Fatalf("%s holds %v and %v, want %v and %v", want.ID, areas, providers, want.Areas, want.Providers)
		}
	}
}

// A footprint that is added is empty, and what is put into it is measured.
func TestLiveAddFootprint(t *testing.T) {
	m, p, people := rowCase(t)
	live := NewLive(m, p, people, nil)
	live.AddFootprint("F03")
	if got := live.Measures.ByFootprint[2]; got.ID != "F03" || got.Areas != 0 || got.Population != 0 {
		t.Errorf("the new footprint is %+v", got)
	}
	live.Move([]int32{0}, []int32{2})
	if got := live.Measures.ByFootprint[2]; got.Areas != 1 || got.Resident.Value != 100 || got.Population != 100_000 {
		t.Errorf("with A in it, it is %+v", got)
	}
	if p.Len() != 2 || p.Areas[0] != 0 {
		t.Error("the partition that it was made of has changed")
	}
	if live.Ground() != nil || live.Measures.Contiguous != -1 {
		t.Error("it knows the ground without an adjacency")
	}
}

// Unmet lists the demands of all footprints that are not met; Breaches those of
// the footprints that a change touches.
func TestUnmet(t *testing.T) {
	m, p, people := rowCase(t)
	cs := Constraints{Population: people, MinPopulation: 400_000, Contiguous: inARow(5), Together: [][]int32{{0, 3}}}
	ms := Measure(m, p, people, cs.Contiguous)
	var got []string
	for _, b := range Unmet(m, p, ms, cs) {
		got = append(got, b.Demand+" "+b.Footprint)
	}
	if want := []string{"min-population F02", "together "}; !slices.Equal(got, want) {
		t.Errorf("unmet are %q, want %q", got, want)
	}
	if got := Unmet(m, p, ms, Constraints{}); len(got) > 0 {
		t.Errorf("nothing is asked, and unmet is %v", got)
	}
	after := p.Move(1, 1)
	want := Breaches(m, p, after, cs)
	if got := BreachesMeasured(m, p, ms, after, Measure(m, after, people, cs.Contiguous), cs); !reflect.DeepEqual(got, want) || len(want) == 0 {
		t.Errorf("with figures given %v, without %v", got, want)
	}
}
