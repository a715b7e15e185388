package footprint

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// beside are neighbours by area.
type beside [][]int

func (b beside) Neighbours(area int) iter.Seq[int] { return slices.Values(b[area]) }

// sixAreas are areas A0 to A5, each with a provider of its own; the first three
// lie in one piece, the next two in another, and the last is an island.
func sixAreas(t *testing.T) (*flow.Matrix, beside) {
	t.Helper()
	b := flow.NewBuilder()
	for i := range 6 {
		if err := b.Add("A"+string(rune('0'+i)), "P"+string(rune('0'+i)), flow.Exactly(50)); err != nil {
			t.Fatal(err)
		}
		if err := b.Add("A"+string(rune('0'+i)), "P0", flow.Exactly(3)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, beside{{1}, {0, 2}, {1}, {4}, {3}, nil}
}

// Groups that must share a footprint are those of Together and of each unit, and
// neither list is changed.
func TestJoined(t *testing.T) {
	c := Constraints{Together: [][]int32{{0, 7}}, KeepWhole: []Unit{{"North", []int32{1, 2}}, {"South", []int32{3}}}}
	got := c.Joined()
	if len(got) != 3 || !slices.Equal(got[0], []int32{0, 7}) || !slices.Equal(got[1], []int32{1, 2}) || !slices.Equal(got[2], []int32{3}) {
		t.Errorf("got %v", got)
	}
	got[0] = nil
	if c.Together[0] == nil {
		got = append(got, nil)
	}
	if len(c.Together) != 1 || len(c.KeepWhole) != 2 || len(got) < 3 {
		t.Errorf("the demands have changed: %+v", c)
	}
	if none := (&Constraints{}).Joined(); len(none) != 0 {
		t.Errorf("no demands join %v", none)
	}
}

// A unit is named where it holds all of some nodes.
func TestUnitOf(t *testing.T) {
	c := Constraints{KeepWhole: []Unit{{"North", []int32{1, 2}}, {"South", []int32{3, 4}}}}
	for _, tc := range []struct {
		nodes []int32
		want  string
	}{
		{[]int32{1}, "North"}, {[]int32{2, 1}, "North"}, {[]int32{4}, "South"}, {[]int32{1, 3}, ""}, {[]int32{0}, ""}, {[]int32{1, 9}, ""},
	} {
		name, ok := c.UnitOf(tc.nodes...)
		if name != tc.want || ok != (tc.want != "") {
			t.Errorf("%v: %q, %t, want %q", tc.nodes, name, ok, tc.want)
		}
		said := c.InUnit(tc.nodes...)
		if tc.want == "" && said != "" || tc.want != "" && said != " (unit "+tc.want+", which is to stay whole)" {
			t.Errorf("%v: said %q", tc.nodes, said)
		}
	}
}

// A provider counts unless others are listed.
func TestCounts(t *testing.T) {
	all := Constraints{}
	some := Constraints{CountedProviders: []bool{true, false}}
	if !all.Counts(0) || !all.Counts(9) || !some.Counts(0) || some.Counts(1) {
		t.Error("the providers that count are not those listed")
	}
}

// Units, least numbers of providers and pieces of land that cannot be are refused
// with what to change; what can be is let through.
func TestWholeAndProvidersAreChecked(t *testing.T) {
	m, ground := sixAreas(t)
	var parameter *ParameterError
	var infeasible *InfeasibleError
	for _, c := range []struct {
		name   string
		demand Constraints
		want   string
		kind   any
	}{
		{"nothing", Constraints{}, "", nil},
		{"a unit in one piece", Constraints{Contiguous: ground, KeepWhole: []Unit{{"North", []int32{0, 1, 2}}}}, "", nil},
		{"a unit with an island", Constraints{Contiguous: ground, KeepWhole: []Unit{{"North", []int32{0, 5}}}}, "", nil},
		{"a unit in two pieces", Constraints{Contiguous: ground, KeepWhole: []Unit{{"Both", []int32{0, 3}}}}, "unit Both is to stay whole and in one piece, but no border or link joins the land of area A0 to that of area A3", &infeasible},
		{"two pieces where none is demanded", Constraints{KeepWhole: []Unit{{"Both", []int32{0, 3}}}}, "", nil},
		{"a unit of no area", Constraints{KeepWhole: []Unit{{"Wide", []int32{0, 6}}}}, "unit Wide names area 6, and there are 6 areas", &parameter},
		{"a unit below", Constraints{KeepWhole: []Unit{{"Low", []int32{-1}}}}, "unit Low names area -1", &parameter},
		{"two each", Constraints{Footprints: 3, MinProviders: 2}, "", nil},
		{"seven in all", Constraints{MinProviders: 7}, "must have 7 or more providers, and there are 6 in all", &infeasible},
		{"too many footprints", Constraints{Footprints: 4, MinProviders: 2}, "4 footprints with 2 or more providers each need 8, and there are 6: ask for 3 or fewer", &infeasible},
		{"of a type", Constraints{Footprints: 2, MinProviders: 2, CountedProviders: []bool{true, true, true, false, false, false}}, "2 or more providers of the types asked for each need 4, and there are 3: ask for 1 or fewer", &infeasible},
		{"none of the type", Constraints{MinProviders: 1, CountedProviders: make([]bool, 6)}, "providers of the types asked for, and there are 0 in all", &infeasible},
	} {
		err := c.demand.Check(m)
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		case c.kind == &parameter && !errors.As(err, &parameter), c.kind == &infeasible && !errors.As(err, &infeasible):
			t.Errorf("%s: %v is an error of another kind", c.name, err)
		}
	}
}

// In one mode there are places, and no providers to count.
func TestProvidersInOneMode(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, e := range [][2]string{{"A", "B"}, {"B", "A"}, {"B", "C"}} {
		if err := b.Add(e[0], e[1], flow.Exactly(4)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	c := Constraints{MinProviders: 1}
	if err := c.Check(m); err == nil || !strings.Contains(err.Error(), "there are places only") {
		t.Errorf("got %v", err)
	}
}
