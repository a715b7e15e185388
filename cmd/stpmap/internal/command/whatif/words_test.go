package whatif

import (
	"math"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/whatif"
)

// Lists, rounded numbers and file names as sentences have them.
func TestPartsOfSentences(t *testing.T) {
	for _, c := range []struct {
		parts []string
		want  string
	}{{nil, ""}, {[]string{"A closes"}, "A closes"}, {[]string{"A closes", "B opens"}, "A closes and B opens"}, {[]string{"A", "B", "C"}, "A, B and C"}} {
		if got := list(c.parts); got != c.want {
			t.Errorf("%v: %q, want %q", c.parts, got, c.want)
		}
	}
	for n, want := range map[float64]string{0: "0", 7.4: "7", 999: "999", 1234: "1,230", 55_678: "55,700", 1_150_229: "1,150,000", -1234: "-1,230"} {
		if got := rounded(n); got != want {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
	for name, want := range map[string]string{"a.yaml": "a", "x/y/close RXX.yml": "close RXX", "plain": "plain"} {
		if got := stem(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if percentOrNone(math.NaN()) != "–" || percentOrNone(0.123) != "12.3%" {
		t.Errorf("%q, %q", percentOrNone(math.NaN()), percentOrNone(0.123))
	}
}

// The spread is over the models that say something.
func TestSpreadOfModels(t *testing.T) {
	for _, c := range []struct {
		models    []float64
		low, high float64
	}{
		{[]float64{5, 2, 9}, 2, 9}, {[]float64{math.NaN(), 4}, 4, 4}, {[]float64{7, math.NaN(), 6}, 6, 7},
	} {
		r := providerRow{models: c.models}
		if low, high := r.spread(); low != c.low || high != c.high {
			t.Errorf("%v: from %v to %v, want %v to %v", c.models, low, high, c.low, c.high)
		}
	}
	if low, high := (&providerRow{models: []float64{math.NaN()}}).spread(); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("of nothing: %v to %v", low, high)
	}
}

// Means are over the patients whose way is known before and after.
func TestMeanTravel(t *testing.T) {
	before, after, welfare := meanTravel([]whatif.Travel{
		{Before: 10, After: 20, Welfare: 2, Patients: flow.Exactly(100)},
		{Before: 30, After: 40, Welfare: math.NaN(), Patients: flow.Exactly(300)},
		{Before: math.NaN(), After: 5, Welfare: 4, Patients: flow.Exactly(100)},
	})
	if before != 25 || after != 35 || welfare != 3 {
		t.Errorf("%v before, %v after, %v lost", before, after, welfare)
	}
	if b, a, w := meanTravel(nil); !math.IsNaN(b) || !math.IsNaN(a) || !math.IsNaN(w) {
		t.Errorf("of nobody: %v, %v, %v", b, a, w)
	}
}

// closing is the work and the answer for a hospital that closes, one of its cells
// known within bounds only.
func closing(t *testing.T, small flow.Count) (*work, *answer) {
	t.Helper()
	b := flow.NewBuilder()
	for _, c := range []struct {
		area, provider string
		count          flow.Count
	}{{"E1", "X", flow.Exactly(300)}, {"E1", "Y", small}, {"E2", "Y", flow.Exactly(200)}, {"E2", "X", flow.Exactly(60)}, {"E2", "Z", flow.Exactly(40)}} {
		if err := b.Add(c.area, c.provider, c.count); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	d, err := whatif.NewData(m, whatif.Costs{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	groups := &study.NamedPartition{Partition: footprint.FromGroups(m, []string{"F1", "F2"}, []string{"F1", "F2", "F2"}), Names: []string{"North", ""}}
	w := &work{Options: &Options{}, in: &study.Study{Matrix: m, ProviderNames: []string{"Ex", "Why", ""}, AreaNames: []string{"One", "E2"}, Given: []*study.NamedPartition{groups}}, data: d, use: whatif.SharesModel}
	w.models = []whatif.Model{{Name: whatif.SharesModel}}
	p := plan{close: []string{"Y"}}
	s, err := w.scenario(&p)
	if err != nil {
		t.Fatal(err)
	}
	r, err := whatif.Run(d, s, &w.models[0])
	if err != nil {
		t.Fatal(err)
	}
	return w, &answer{plan: p, scenario: s, results: []*whatif.Result{r}, used: r, travel: r.Travel()}
}

// The question names what closes, and how many patients move: as bounds where some
// counts are bounds, and in no other unit than the flows'.
func TestChangeInWords(t *testing.T) {
	w, a := closing(t, flow.Exactly(40))
	if got := strings.Join(w.sayChange(a), " "); got != "The question: what if Why (Y) closes? 240 patients would go elsewhere. They live in 2 areas of 2." {
		t.Errorf("got %q", got)
	}
	w, a = closing(t, flow.Between(1, 4))
	if got := strings.Join(w.sayChange(a), " "); !strings.Contains(got, "201 to 204 patients would go elsewhere") {
		t.Errorf("got %q", got)
	}
	if got := w.sayTravel(a); got != nil {
		t.Errorf("without distances: %q", got)
	}
	receivers := strings.Join(w.sayReceivers(a), " ")
	if !strings.Contains(receivers, "Ex (X) would treat 120 more patients, 33.3% more than today.") || !strings.Contains(receivers, "Z would treat 80 more patients") {
		t.Errorf("got %q", receivers)
	}
	words := strings.Join(w.sayModels(a), " ")
	if !strings.Contains(words, "shares divides them as the other patients of their area divide. The figures above are of shares.") || strings.Contains(words, "Where the models differ") {
		t.Errorf("got %q", words)
	}
	none := &answer{scenario: &whatif.Scenario{}}
	if got := w.sayChange(none); len(got) != 1 || got[0] != "Nothing changes." {
		t.Errorf("got %q", got)
	}
}

// Areas, providers and footprints are called by their names, with the code where
// the name does not say it.
func TestCalledByName(t *testing.T) {
	w, a := closing(t, flow.Exactly(40))
	for got, want := range map[string]string{
		w.called("X"): "Ex (X)", w.called("Z"): "Z", w.called("NEW"): "NEW", w.area(0): "One (E1)", w.area(1): "E2", w.footprint(0): "North (F1)", w.footprint(1): "F2",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	a.before = &side{partition: w.in.Given[0].Partition}
	a.moved = []shift{{0, "F2", "F1"}, {1, "F1", ""}}
	if got := strings.Join(w.sayElsewhere(a), " "); got != "Drawn again from today's map, 2 areas would belong elsewhere: One (E1) to North (F1), E2." {
		t.Errorf("got %q", got)
	}
	a.moved = nil
	if got := strings.Join(w.sayElsewhere(a), " "); got != "Drawn again from today's map, every area would stay in its footprint." {
		t.Errorf("got %q", got)
	}
}
