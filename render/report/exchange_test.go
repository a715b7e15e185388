package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/layer"
)

// Every pair counts, however small: shares inside are the localisation index and
// the market share index, and what leaves adds up to the rest.
func TestExchangesAreOfTheWholeMatrix(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 41))
		b := flow.NewBuilder()
		for range 200 {
			count := flow.Exactly(float64(5 + rng.IntN(4000)))
			if rng.IntN(4) == 0 {
				count = flow.Between(1, 4)
			}
			b.Add(string(rune('a'+rng.IntN(12))), string(rune('P'+rng.IntN(8))), count)
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p := footprint.Partition{IDs: []string{"F1", "F2", "F3"}}
		for range m.Areas() {
			p.Areas = append(p.Areas, int32(rng.IntN(4))-1)
		}
		for range m.Providers() {
			p.Providers = append(p.Providers, int32(rng.IntN(4))-1)
		}
		ms := footprint.Measure(m, p, nil, nil)
		for f, e := range Exchanges(m, p) {
			want := ms.ByFootprint[f]
			near(t, "inside", e.Inside, want.LocalisationIndex)
			near(t, "from inside", e.FromInside, want.MarketShareIndex)
			for name, side := range map[string]struct {
				list   []Partner
				inside float64
				count  flow.Count
			}{"out": {e.Out, e.Inside, want.Resident}, "in": {e.In, e.FromInside, want.Treated}} {
				if side.count.Value == 0 {
					continue // tested below
				}
				rest, patients := 1-side.inside, want.Inside.Published
				for i, q := range side.list {
					rest -= q.Share
					patients += q.Patients
					if q.Footprint == int32(f) || i > 0 && q.Share > side.list[i-1].Share {
						t.Errorf("seed %d: %s of %d is %v", seed, name, f, side.list)
					}
				}
				near(t, name, rest, 0)
				near(t, name+", patients", patients, side.count.Published)
			}
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// A footprint that nobody lives in, or is treated in, has no share.
func TestNobodyHasNoShare(t *testing.T) {
	b := flow.NewBuilder()
	b.Add("a", "P", flow.Exactly(10))
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	e := Exchanges(m, footprint.Partition{IDs: []string{"F1", "F2"}, Areas: []int32{0}, Providers: []int32{1}})
	if e[0].Inside != 0 || !math.IsNaN(e[0].FromInside) || !math.IsNaN(e[1].Inside) || e[1].FromInside != 0 {
		t.Errorf("exchanges are %+v", e)
	}
	if shown := e[1].page(); shown.Inside != nil || shown.Ins != 1 || shown.In[0] != [3]any{int32(0), 10.0, 1.0} {
		t.Errorf("the page has %+v", shown)
	}
}

// Whole numbers have classes without decimals that share no bound; few of them a
// class each; a rating keeps its own classes, the hatched one where it is needed.
func TestCountsAreWholeInTheLegend(t *testing.T) {
	ratings := []layer.Class{{Value: int64(1), Label: "1 best"}, {Value: int64(2), Label: "2"}, {Label: "not rated", Hatched: true}}
	p := chequered(5, 3)
	l := &p.Levels[0]
	l.Columns = []Column{{Title: "Areas", Type: layer.Integer}, {Title: "Failing", Type: layer.Integer}, {Title: "Rating", Type: layer.Integer, Classes: ratings}}
	for i := range l.Areas {
		l.Areas[i] = int32(i % 9)
	}
	l.Footprints = nil
	for i, n := range []int64{3, 5, 8, 13, 21, 34, 55, 89, 144} {
		l.Footprints = append(l.Footprints, Footprint{ID: string(rune('A' + i)), Values: []any{n, int64(i % 3), int64(1 + i%2)}})
	}
	p.Levels = p.Levels[:1]
	for c, want := range [][]string{{"3 to 5", "6 to 13", "14 to 34", "35 to 89", "90 to 144"}, {"0", "1", "2"}, {"1 best", "2"}} {
		got := dataOf(t, p).Levels[0].Columns[c].Classes
		if len(got) != len(want) {
			t.Fatalf("classes are %+v, want %v", got, want)
		}
		for i := range got {
			if got[i].Label != want[i] {
				t.Errorf("class %d is %q, want %q", i, got[i].Label, want[i])
			}
		}
	}
	l.Footprints[4].Values[2] = nil
	if got := dataOf(t, p).Levels[0].Columns[2].Classes; len(got) != 3 || !got[2].Hatch {
		t.Errorf("with one that is not rated, classes are %+v", got)
	}
}
