package footprint

import (
	"iter"
	"math"
	"slices"
	"testing"

	"stpmap/flow"
)

func matrix(t testing.TB, oneMode bool, rows ...struct {
	area, provider string
	n              float64
},
) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	if oneMode {
		b = flow.NewOneModeBuilder()
	}
	for _, r := range rows {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

type rows = []struct {
	area, provider string
	n              float64
}

// lineOf is a row of areas, each the neighbour of the next; the last is an island.
type lineOf int

func (n lineOf) Neighbours(a int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if a == int(n)-1 {
			return
		}
		if a > 0 && !yield(a-1) {
			return
		}
		if a+1 < int(n)-1 {
			yield(a + 1)
		}
	}
}

// Worked by hand: W = 300, footprints {A, B, X} and {C, Y}.
func TestMeasure(t *testing.T) {
	m := matrix(t, false, rows{
		{"A", "X", 80},
		{"A", "Y", 20},
		{"B", "X", 60},
		{"B", "Y", 40},
		{"C", "X", 10},
		{"C", "Y", 90},
	}...)
	p := Partition{Areas: []int32{0, 0, 1}, Providers: []int32{0, 1}, IDs: []string{"F01", "F02"}}
	got := Measure(m, p, []float64{1000, 2000, 1500}, lineOf(3))
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"inside share", got.InsideShare, 230.0 / 300},
		{"modularity", got.Modularity, 230.0/300 - (350.0/600)*(350.0/600) - (250.0/600)*(250.0/600)},
		{"bipartite", got.BipartiteModularity, 230.0/300 - (200.0*150+100*150)/(300*300)},
		{"weakest", got.MinLocalisation, 0.7},
		{"median", got.MedianLocalisation, 0.8},
		{"least people", got.MinPopulation, 1500},
		{"most people", got.MaxPopulation, 3000},
		{"largest share", got.LargestShare, 200.0 / 300},
		{"size HHI", got.SizeHHI, 4.0/9 + 1.0/9},
		{"normalised cut", got.NormalisedCut, 70.0/350 + 70.0/250},
		{"market share", got.ByFootprint[1].MarketShareIndex, 90.0 / 150},
	} {
		if !(math.Abs(c.got-c.want) < 1e-12) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if got.Contiguous != 2 || got.Disconnected != 0 || got.Areas != 3 || got.Providers != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestMeasureSeesPieces(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 1}, {"B", "Y", 1}, {"C", "Y", 1}, {"D", "X", 1}, {"E", "X", 1}}...)
	p := Partition{Areas: []int32{0, 1, 1, 0, 0}, Providers: []int32{0, 0}, IDs: []string{"p", "q"}}
	got := Measure(m, p, nil, lineOf(5)) // A and D are apart on the ground; E is an island
	if got.Contiguous != 1 || got.ByFootprint[0].Contiguous || !got.ByFootprint[1].Contiguous {
		t.Errorf("contiguous %d %+v", got.Contiguous, got.ByFootprint)
	}
	if got.Disconnected != 2 { // p holds Y, whose patients are in q; q has two areas and no provider
		t.Errorf("disconnected %d", got.Disconnected)
	}
	if !math.IsNaN(got.MinPopulation) || got.ByFootprint[1].Resident.Value != 2 || got.ByFootprint[1].LocalisationIndex != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestMeasureUnplaced(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 3}, {"B", "X", 1}}...)
	p := Partition{Areas: []int32{0, Unplaced}, Providers: []int32{0}, IDs: []string{"p"}}
	got := Measure(m, p, nil, nil)
	want := 3.0/4 - (7.0/8)*(7.0/8) - (1.0/8)*(1.0/8)
	if math.Abs(got.Modularity-want) > 1e-12 || got.UnplacedAreas != 1 || got.Contiguous != -1 {
		t.Errorf("modularity %v, want %v; %+v", got.Modularity, want, got)
	}
}

func TestMeasureOneMode(t *testing.T) {
	// a triangle and a pendant: W = 4, degrees 2, 2, 3, 1
	m := matrix(t, true, rows{{"a", "b", 1}, {"b", "c", 1}, {"c", "a", 1}, {"c", "d", 1}}...)
	got := Measure(m, Partition{Areas: []int32{0, 0, 0, 1}, IDs: []string{"p", "q"}}, nil, nil)
	want := 3.0/4 - (7.0/8)*(7.0/8) - (1.0/8)*(1.0/8)
	if math.Abs(got.Modularity-want) > 1e-12 || !math.IsNaN(got.BipartiteModularity) || got.Providers != 0 || got.Disconnected != 0 {
		t.Errorf("modularity %v, want %v; %+v", got.Modularity, want, got)
	}
}

func TestNumber(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 1}, {"B", "Y", 5}, {"C", "Z", 5}}...)
	p := Partition{Areas: []int32{7, 3, 5}, Providers: []int32{7, 3, 5}}
	got := p.Number(m, nil) // by patients, ties by smallest code
	if !slices.Equal(got.Areas, []int32{2, 0, 1}) || !slices.Equal(got.IDs, []string{"F01", "F02", "F03"}) {
		t.Errorf("got %+v", got)
	}
	got = p.Number(m, []float64{900, 1, 2})
	if !slices.Equal(got.Areas, []int32{0, 2, 1}) || !slices.Equal(got.Providers, []int32{0, 2, 1}) {
		t.Errorf("by people: got %+v", got)
	}
	if got := (Partition{}).Number(matrix(t, false), nil); got.Len() != 0 {
		t.Errorf("zero value: got %+v", got)
	}
}

func TestCoverage(t *testing.T) {
	m, p, people := rowCase(t) // 500 patients and 750,000 people in five areas
	near := func(got, want float64) bool {
		return math.Abs(got-want) < 1e-12 || math.IsNaN(got) && math.IsNaN(want)
	}
	for _, c := range []struct {
		name             string
		areas, providers []int32
		population       []float64
		want             Coverage
	}{
		{"all", p.Areas, p.Providers, people, Coverage{1, 1, 1}},
		{"people unknown", p.Areas, p.Providers, nil, Coverage{1, 1, math.NaN()}},
		{"people of one unknown", p.Areas, p.Providers, []float64{1, 1, 1, 1, math.NaN()}, Coverage{1, 1, math.NaN()}},
		{"an area left out", []int32{0, 0, 0, -1, 1}, p.Providers, people, Coverage{0.8, 0.8, 500_000.0 / 750_000}},
		{"a provider left out", p.Areas, []int32{0, -1}, people, Coverage{230.0 / 500, 1, 1}},
		{"nothing placed", []int32{-1, -1, -1, -1, -1}, []int32{-1, -1}, people, Coverage{0, 0, 0}},
	} {
		got := Measure(m, Partition{IDs: p.IDs, Areas: c.areas, Providers: c.providers}, c.population, nil).Coverage
		if !near(got.Flow, c.want.Flow) || !near(got.Areas, c.want.Areas) || !near(got.People, c.want.People) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
