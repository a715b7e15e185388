package leiden

import (
	"os"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// long skips a test that searches many times, one search after another, under
// -short: the race detector makes it ten times as long and has nothing to see there.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("many searches, one after another")
	}
}

// Thousands of neighbourhoods make whole health systems in one piece, at every
// number of them that a country is planned with; STPMAP_ALL_NUMBERS=1 tries all.
func TestNeighbourhoods(t *testing.T) {
	long(t)
	m, people, near := footprinttest.Neighbourhoods(t, 6791, 139, 1)
	ks := []int{42}
	if os.Getenv("STPMAP_ALL_NUMBERS") != "" {
		ks = nil
		for k := 20; k <= 60; k++ {
			ks = append(ks, k)
		}
	}
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range ks {
		c := footprint.Constraints{Footprints: k, Contiguous: near, Population: people}
		if k == 42 {
			c.MinPopulation, c.MaxPopulation = 300_000, 3_000_000
		}
		p, err := e.Leiden(t.Context(), Leiden{Restarts: 10, Jobs: 1, Seed: 1, Constraints: c})
		if err != nil {
			t.Errorf("%d: %v", k, err)
			continue
		}
		footprinttest.CheckPartition(t, m, p, c)
		ms := footprint.Measure(m, p, people, near)
		t.Logf("%d: modularity %.4f, inside %.4f, weakest %.3f", k, ms.Modularity, ms.InsideShare, ms.MinLocalisation)
		if ms.MinLocalisation < 0.3 {
			t.Errorf("%d footprints: the weakest treats %.3f of its patients", k, ms.MinLocalisation)
		}
	}
}

// Blocks join until there are few enough, and none crosses a border of the map.
func TestCondenseKeepsBorders(t *testing.T) {
	m, people, near := footprinttest.Square(t, 12, 3)
	e, err := NewEngine(m, footprint.Modularity)
	if err != nil {
		t.Fatal(err)
	}
	o := e.idle.Get().(*workspace)
	c := &footprint.Constraints{Footprints: 4, Contiguous: near, Population: people}
	p, unit, err := e.newPlan(o, c, e.factor)
	if err != nil {
		t.Fatal(err)
	}
	label, err := e.run(t.Context(), o, 1, 1, 0, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &search{p: p, o: o, k: 4}
	within := s.pieces(e.startOfUnits(o, p, unit, label))
	part := make([]int32, p.g.Nodes)
	for v := range part {
		part[v] = int32(v)
	}
	n := s.condense(part, len(part), 20, within)
	if n > 20 {
		t.Errorf("%d blocks are left", n)
	}
	of := map[int32]int32{}
	for v, b := range part {
		if c, ok := of[b]; ok && c != within[v] {
			t.Fatalf("block %d crosses from footprint %d to %d", b, c, within[v])
		}
		of[b] = within[v]
	}
}
