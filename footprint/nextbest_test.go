package footprint

import (
	"iter"
	"slices"
	"testing"

	"stpmap/flow"
)

// line is areas in a row, each the neighbour of the next.
type line int

func (l line) Neighbours(a int) iter.Seq[int] {
	var out []int
	if a > 0 {
		out = append(out, a-1)
	}
	if a < int(l)-1 {
		out = append(out, a+1)
	}
	return slices.Values(out)
}

// Five areas in a row in three footprints, each with a provider. Area C of the
// second exchanges most with the third footprint, then with the first.
func nextWorld(t *testing.T) (*flow.Matrix, Partition) {
	t.Helper()
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{
		{"A", "RA", 50}, {"B", "RB", 60}, {"C", "RB", 40}, {"C", "RC", 9}, {"C", "RA", 5}, {"D", "RB", 30}, {"E", "RC", 70}, {"B", "RA", 3},
	} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, FromGroups(m, []string{"F1", "F2", "F2", "F2", "F3"}, []string{"F1", "F2", "F3"})
}

func TestNextPlaces(t *testing.T) {
	m, p := nextWorld(t)
	const a, b, c, d, e, rb = 0, 1, 2, 3, 4, 6
	people := []float64{100, 100, 100, 100, 100}
	for _, x := range []struct {
		name string
		node int
		cs   Constraints
		want string // "" for none
	}{
		{"most exchange", c, Constraints{}, "F3"},
		{"never one without exchange", d, Constraints{}, ""},
		{"not out of the middle of the row", c, Constraints{Contiguous: line(5)}, ""},
		{"a border to it", b, Constraints{Contiguous: line(5)}, "F1"},
		{"too many people there", c, Constraints{Population: people, MaxPopulation: 150}, ""},
		{"too few left", c, Constraints{Population: people, MinPopulation: 250}, ""},
		{"apart from who is there", c, Constraints{Apart: [][]int32{{c, e}}}, "F1"},
		{"together with who stays", c, Constraints{Together: [][]int32{{b, c}}}, ""},
		{"held", c, Constraints{Fixed: []bool{false, false, true}}, ""},
		{"too little treated inside there", c, Constraints{MinLocalisation: 0.7}, ""},
		{"the only area", a, Constraints{}, ""},
		{"the only provider", rb - 1, Constraints{}, ""},
	} {
		got := ""
		if to := NewNextPlaces(m, p, x.cs).Of(x.node); to >= 0 {
			got = p.IDs[to]
		}
		if got != x.want {
			t.Errorf("%s: got %q, want %q", x.name, got, x.want)
		}
		ex := ExplainNode(m, p, x.node, 1)
		if ex.Bind(m, p, x.node, x.cs); ex.NextBest != got {
			t.Errorf("%s: the explanation says %q, the map %q", x.name, ex.NextBest, got)
		}
		if got == "" && x.name != "never one without exchange" && ex.Blocked == "" && len(ex.Exchanges) > 1 {
			t.Errorf("%s: nothing is said to be ruled out", x.name)
		}
	}
}
