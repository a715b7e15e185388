package footprint

import (
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// floorWorld has three footprints, each of a provider. F3 keeps a quarter of its
// patients as long as E is with it, and F2 has few patients but for C.
func floorWorld(t *testing.T, tiny float64) (*flow.Matrix, Partition) {
	t.Helper()
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{
		{"A", "RA", 5000}, {"B", "RA", 5000}, {"B", "RB", 40}, {"C", "RB", 900}, {"C", "RA", 700}, {"D", "RB", tiny}, {"E", "RC", 300}, {"E", "RA", 200}, {"F", "RA", 900}, {"F", "RC", 150},
	} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, FromGroups(m, []string{"F1", "F1", "F2", "F2", "F3", "F3"}, []string{"F1", "F2", "F3"})
}

// A move that would leave less than a health system is a breach and no next
// place, unless the floor is lifted.
func TestFloorOfMoves(t *testing.T) {
	const c, e = 2, 4
	for _, x := range []struct {
		name string
		node int
		tiny float64
		cs   Constraints
		want string // of the breach; "" for none
		next string
	}{
		{"keeps too little", e, 50, Constraints{}, "leave F3 with a localisation index of 0.143, and 0.2 is the least of a health system (--allow-degenerate lifts that)", ""},
		{"lifted", e, 50, Constraints{AllowDegenerate: true}, "", "F1"},
		{"a lower floor of one's own", e, 50, Constraints{MinLocalisation: 0.1}, "", "F1"},
		{"too small", c, 30, Constraints{}, "leave F2 with less than 1% of the mean footprint's patients (--allow-degenerate lifts that)", ""},
		{"too small, whatever the localisation", c, 30, Constraints{MinLocalisation: 0.1}, "leave F2 with less than 1% of the mean footprint's patients (--allow-degenerate lifts that)", ""},
		{"large enough", c, 50, Constraints{}, "", "F1"},
	} {
		m, p := floorWorld(t, x.tiny)
		got := Breaches(m, p, p.Move(x.node, 0), x.cs)
		switch {
		case x.want == "" && len(got) > 0:
			t.Errorf("%s: %+v", x.name, got)
		case x.want != "" && (len(got) != 1 || got[0].Words != x.want || got[0].Demand != "health-system" || got[0].Already || got[0].Value == nil):
			t.Errorf("%s: %+v, want %q", x.name, got, x.want)
		}
		next := ""
		if to := NewNextPlaces(m, p, x.cs).Of(x.node); to >= 0 {
			next = p.IDs[to]
		}
		if next != x.next {
			t.Errorf("%s: next place %q, want %q", x.name, next, x.next)
		}
		ex := ExplainNode(m, p, x.node, 1)
		if ex.Bind(m, p, x.node, x.cs); ex.NextBest != next {
			t.Errorf("%s: the explanation says %q, the map %q (%s)", x.name, ex.NextBest, next, ex.Blocked)
		}
	}
}

// What is below the floor before a move is said to have been, and a footprint
// that exchanges patients with no other may be of any size.
func TestFloorOfWhatIsThere(t *testing.T) {
	m, p := floorWorld(t, 50)
	low := p.Move(4, 0) // F3 keeps too little
	got := Breaches(m, low, low.Move(1, 2), Constraints{})
	if !slices.ContainsFunc(got, func(b Breach) bool { return b.Already && strings.Contains(b.Words, "F3 with a localisation index") }) {
		t.Errorf("got %+v", got)
	}
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{{"A", "RA", 9000}, {"B", "RA", 9000}, {"C", "RC", 6}, {"D", "RD", 5}, {"D", "RC", 1}} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	alone, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	q := FromGroups(alone, []string{"F1", "F1", "F2", "F3"}, []string{"F1", "F2", "F3"})
	together := q.Merge(2, 1)
	if got := Breaches(alone, q, together, Constraints{}); len(got) != 0 {
		t.Errorf("a piece by itself: %+v", got)
	}
}
