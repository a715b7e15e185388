package clustering

import (
	"math"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/registry"
)

// smallStudy has two groups of three areas, each with its provider, and a little
// flow between them.
func smallStudy(t *testing.T) *study.Study {
	t.Helper()
	b := flow.NewBuilder()
	for i, code := range []string{"E1", "E2", "E3", "E4", "E5", "E6"} {
		home, away := "X", "Y"
		if i >= 3 {
			home, away = away, home
		}
		for provider, n := range map[string]float64{home: 100 + float64(i), away: 5} {
			if err := b.Add(code, provider, flow.Exactly(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return &study.Study{Matrix: m}
}

// Every method that is listed can be built and run, by the name that it is
// listed under.
func TestEveryMethodRuns(t *testing.T) {
	in := smallStudy(t)
	for _, name := range Methods() {
		p := Plan{Method: name, Resolution: math.NaN(), Seed: 1, Restarts: 2}
		if name == "ttwa" {
			p.Numbers = map[string]float64{"min-size": 10, "target-size": 20, "min-containment": 0.5, "target-containment": 0.6}
		}
		m, err := p.Build(footprint.Constraints{}, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		made, err := m.Partition(t.Context(), in.Matrix)
		if err != nil || made.Len() == 0 {
			t.Errorf("%s: %d footprints, %v", name, made.Len(), err)
		}
		if p.Optimised() == "" {
			t.Errorf("%s optimises nothing", name)
		}
	}
	if _, err := (Plan{Method: "magic"}).Build(footprint.Constraints{}, nil); err == nil {
		t.Error("an unknown method is built")
	}
}

// What the table says of methods fits together: a method with a quality has a
// resolution, and the flag for it.
func TestTraitsOfMethods(t *testing.T) {
	for _, m := range registry.Methods() {
		if Qualities(m.Name) && !Resolves(m.Name) {
			t.Errorf("%s has a quality and no resolution", m.Name)
		}
		if Resolves(m.Name) != slices.Contains(flagsOf(m), "resolution") {
			t.Errorf("%s: resolution %v, flags %q", m.Name, Resolves(m.Name), flagsOf(m))
		}
		if Qualities(m.Name) != (m.Optimises == "") {
			t.Errorf("%s optimises %q", m.Name, m.Optimises)
		}
	}
	if Seeded("magic") || Resolves("magic") || (Plan{Method: "given"}).Optimised() != "given" {
		t.Error("an unknown method has traits")
	}
	if got := takersOf("resolution"); !slices.Equal(got, []string{"leiden", "louvain", "ward"}) {
		t.Errorf("the resolution is for %q", got)
	}
}

func TestGamma(t *testing.T) {
	for _, c := range []struct {
		p     Plan
		gamma float64
		open  bool
	}{
		{Plan{Resolution: math.NaN()}, 0, true}, {Plan{Resolution: 2}, 2, false}, {Plan{Resolution: math.NaN(), Footprints: 3}, 0, false}, {Plan{Resolution: math.NaN(), Auto: true}, 0, false},
	} {
		if c.p.Gamma() != c.gamma || c.p.Open() != c.open {
			t.Errorf("%+v: γ %v, open %v", c.p, c.p.Gamma(), c.p.Open())
		}
	}
	for method, auto := range map[string]bool{"leiden": true, "louvain": true, "ward": false, "ttwa": false} {
		p := Plan{Method: method, Resolution: math.NaN()}
		if p.ChooseNumber(); p.Auto != auto {
			t.Errorf("%s: auto %v", method, p.Auto)
		}
	}
}

// Demands that the inputs cannot be held against are their fault.
func TestConstraintsNeedTheirData(t *testing.T) {
	in := smallStudy(t)
	if _, err := (Plan{Contiguous: true}).Constraints(in); err == nil {
		t.Error("contiguity without boundaries is taken")
	}
	_, err := Plan{MinPopulation: 5}.Constraints(in)
	if err == nil || !strings.Contains(err.Error(), "the population of 6 areas is not known (E1, E2, E3, E4, E5 and 1 more)") {
		t.Errorf("got %v", err)
	}
	in.Population = []float64{1, 2, 3, 4, 5, 6}
	cs, err := Plan{MinPopulation: 5, Footprints: 2, MaxShare: 0.7}.Constraints(in)
	if err != nil || cs.MinPopulation != 5 || cs.Footprints != 2 || cs.MaxShare != 0.7 || len(cs.Population) != 6 {
		t.Errorf("%+v, %v", cs, err)
	}
}

// One footprint over a quarter of the flow is warned of, with what helps.
func TestChaining(t *testing.T) {
	for _, c := range []struct {
		share      float64
		footprints int
		plan       Plan
		want       string
	}{
		{0.2, 9, Plan{Method: "leiden"}, ""},
		{0.3, 1, Plan{Method: "leiden"}, ""},
		{math.NaN(), 9, Plan{}, ""},
		{0.3, 3, Plan{Method: "leiden"}, "ask for more --footprints"},
		{0.3, 9, Plan{Method: "leiden"}, "--max-share 0.25 or a higher --resolution keeps"},
		{0.3, 9, Plan{Method: "leiden", Footprints: 9}, "--max-share 0.25 keeps"},
		{0.3, 9, Plan{Method: "ttwa"}, "--max-share 0.25 keeps"},
	} {
		res := &Result{Plan: c.plan, Measures: footprint.Measures{Footprints: c.footprints, LargestShare: c.share}}
		if got := res.chained(); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v of %d: %q, want %q", c.share, c.footprints, got, c.want)
		}
	}
}

func TestHostSalt(t *testing.T) {
	if salt := HostSalt(smallStudy(t), "ttwa"); salt != "" {
		t.Errorf("without points: %q", salt)
	}
}
