package rule

import (
	"math"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/internal/region"
)

// The size and containment test by hand, for sizes 100 to 300 and containments
// of a half for large areas and all for small ones.
func TestValidityByHand(t *testing.T) {
	test := TTWA{MinSize: 100, TargetSize: 300, MinContainment: 0.5, TargetContainment: 1}
	for _, c := range []struct {
		name               string
		live, work, inside float64
		want               float64
	}{
		{"large, half contained", 300, 300, 150, 1},
		{"larger still", 3000, 3000, 1500, 1},
		{"large, more contained", 300, 300, 225, 1.5},
		{"half way, S = 1/2 and Z = 3/4", 200, 200, 150, 0.75 * 0.75 * 2},
		{"the lesser of both containments", 200, 400, 150, 0.375 * 0.75 * 2},
		{"small, Z = 1/2", 100, 100, 75, 0.75 * 0.5 * 2},
		{"smaller than small, Z = 3/8", 50, 50, 40, 0.8 * 0.375 * 2},
		{"nobody leaves or enters", 50, 50, 50, 1},
		{"no residents", 0, 50, 0, 0},
		{"no providers", 50, 0, 0, 0},
	} {
		if got := test.Validity(c.live, c.work, c.inside); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	// The defaults pass exactly at both ends of the trade-off.
	for _, c := range [][2]float64{{3500, 0.75}, {25_000, 0.6667}} {
		if got := (TTWA{}).Validity(c[0], c[0], c[0]*c[1]); math.Abs(got-1) > 1e-12 {
			t.Errorf("%v residents, %v inside: %v, want 1", c[0], c[1], got)
		}
	}
	if got := (TTWA{MinSize: 9, TargetSize: 3}).Validity(300, 300, 300); got != 0 {
		t.Errorf("numbers that make no sense: %v, want 0", got)
	}
}

// The rules' own numbers of each cluster are those of its places added up, and
// every place is in one cluster or on the reserve list, once.
func TestRunKeepsItsBooks(t *testing.T) {
	for seed := range uint64(4) {
		for name, m := range map[string]*flow.Matrix{"places": footprinttest.RandomTowns(t, 60, 900, seed), "patients": footprinttest.RandomFlows(t, 60, 15, seed)} {
			d, err := region.NewDemands(m, footprint.Constraints{})
			if err != nil {
				t.Fatal(err)
			}
			label, n, err := placesOf(d, nil)
			if err != nil {
				t.Fatal(err)
			}
			rules, err := TTWA{MinSize: 1000, TargetSize: 20_000}.withDefaults()
			if err != nil {
				t.Fatal(err)
			}
			s := newTTWARun(&rules, region.NewMerging(d, label, n, cohesion), label)
			if err := s.shrink(t.Context()); err != nil {
				t.Fatal(err)
			}
			checkBooks(t, name, s)
			for c := range s.members {
				if len(s.members[c]) > 0 && s.live[c] > 0 && s.valid(int32(c)) < ttwaPass {
					t.Errorf("%s %d: cluster %d was left with validity %v", name, seed, c, s.valid(int32(c)))
				}
			}
			s.placeReserve()
			checkBooks(t, name, s)
			for p, c := range s.cluster {
				if c < 0 {
					t.Errorf("%s %d: place %d is in no cluster", name, seed, p)
				}
			}
		}
	}
}

func checkBooks(t *testing.T, name string, s *ttwaRun) {
	t.Helper()
	n := len(s.cluster)
	live, work, inside, times := make([]float64, n), make([]float64, n), make([]float64, n), make([]int, n)
	for p, c := range s.cluster {
		r, own := &s.g.Regions[p], 0.0
		if c < 0 {
			continue
		}
		live[c], work[c], inside[c] = live[c]+r.Out, work[c]+r.In, inside[c]+r.Inside
		for _, l := range r.Links {
			if s.cluster[l.To] == c {
				inside[c] += l.Out
				own += l.In
			}
		}
		if math.Abs(s.own[p]-own) > 1e-6 {
			t.Errorf("%s: place %d gets %v from its cluster, noted as %v", name, p, own, s.own[p])
		}
	}
	for c := range s.members {
		if math.Abs(s.live[c]-live[c]) > 1e-6 || math.Abs(s.work[c]-work[c]) > 1e-6 || math.Abs(s.inside[c]-inside[c]) > 1e-6 {
			t.Errorf("%s: cluster %d has %v, %v and %v, noted as %v, %v and %v", name, c, live[c], work[c], inside[c], s.live[c], s.work[c], s.inside[c])
		}
		for _, p := range s.members[c] {
			times[p]++
			if s.cluster[p] != int32(c) {
				t.Errorf("%s: place %d of cluster %d is listed in %d", name, p, s.cluster[p], c)
			}
		}
	}
	for _, p := range s.reserve {
		times[p]++
	}
	for p, k := range times {
		if k != 1 {
			t.Errorf("%s: place %d is listed %d times", name, p, k)
		}
	}
}

// Cohesion by hand: of i's 200 patients 60 go to j, which treats 300; of j's 400
// patients 30 go to i, which treats 150.
func TestCohesionByHand(t *testing.T) {
	want := 60.0*60/(200*300) + 30.0*30/(400*150)
	if got := cohesionOf(60, 30, 200, 150, 400, 300); math.Abs(got-want) > 1e-15 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := cohesionOf(30, 60, 400, 300, 200, 150); math.Abs(got-want) > 1e-15 {
		t.Errorf("seen from j: got %v, want %v", got, want)
	}
	if got := cohesionOf(60, 0, 200, 0, 0, 300); got != 60.0*60/(200*300) {
		t.Errorf("one way: got %v", got)
	}
}

// By plurality each area lies with the provider that treats most of its
// patients, whatever the flows.
func TestPluralityHolds(t *testing.T) {
	for seed := range uint64(10) {
		m := footprinttest.RandomFlows(t, 80, 15, seed)
		p, err := HSA{}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
		for a := range m.Areas() {
			ps, ws := m.Row(a)
			best := 0
			for k, w := range ws {
				if w > ws[best] {
					best = k
				}
			}
			if len(ps) > 0 && p.Providers[ps[best]] != p.Areas[a] {
				t.Errorf("seed %d: area %d lies in %d, its first provider in %d", seed, a, p.Areas[a], p.Providers[ps[best]])
			}
		}
	}
}

// Swiss areas keep enough of their own patients and treat enough, and referral
// regions are large and closed enough, or one region is left.
func TestRulesAreMet(t *testing.T) {
	for seed := range uint64(6) {
		m := footprinttest.RandomFlows(t, 80, 25, seed)
		p, err := HSA{Rule: SwissHSA, Threshold: 0.55, MinInterventions: 3000}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		live, work, inside := footprinttest.Sums(m, p)
		for f := range live {
			if p.Len() > 1 && (inside[f] < 0.55*live[f] || work[f] < 3000) {
				t.Errorf("seed %d: %s keeps %v of %v and treats %v", seed, p.IDs[f], inside[f], live[f], work[f])
			}
		}
		people := make([]float64, len(m.Areas()))
		for a := range people {
			people[a] = float64(5000 + 100*a)
		}
		p, err = HSA{Rule: DartmouthHRR, MinInside: 0.6, Constraints: footprint.Constraints{Population: people}}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		footprinttest.CheckPartition(t, m, p, footprint.Constraints{Population: people, MinPopulation: 120_000, MinLocalisation: 0.6})
	}
}

// The names of the rules are read as they are written.
func TestRuleNames(t *testing.T) {
	for r := DartmouthHSA; r <= SwissHSA; r++ {
		if got, ok := ParseHSARule(r.String()); !ok || got != r {
			t.Errorf("%v is read as %v, %v", r, got, ok)
		}
	}
	if _, ok := ParseHSARule("dartmouth"); ok || HSARule(7).String() != "unknown rule" {
		t.Errorf("a rule that is none: %v, %v", ok, HSARule(7))
	}
}

// Refusals and how they are worded.
func TestRefusalsInWords(t *testing.T) {
	m, _ := footprinttest.HandWorked(t)
	towns := footprinttest.RandomTowns(t, 5, 20, 1)
	for _, c := range []struct {
		method footprint.Method
		want   string
	}{
		{HSA{Rule: 9}, "rule 9 is not one of the 3 of hsa"},
		{HSA{Rule: SwissHSA, Threshold: 2}, "threshold must lie in [0, 1], not 2"},
		{HSA{Rule: DartmouthHRR}, "referral regions of at least 120000 people need the population of the areas"},
		{HSA{Rule: DartmouthHRR, MinRegion: -1, Referral: towns}, "referral flows and flows must both be one-mode or both not"},
		{HSA{Host: []int32{0, 1, 2}}, "3 hosts were given for 2 providers"},
		{HSA{Host: []int32{0, 3}}, "provider Q is hosted by area 3 of 3"},
		{TTWA{MinSize: 30_000}, "target-size 25000 must be above min-size 30000, and both above 0"},
		{TTWA{MinContainment: 1.5}, "min-containment 1.5 and target-containment 0.75 must lie in (0, 1]"},
		{TTWA{MinContainment: 0.9}, "target-containment 0.75 must not be below min-containment 0.9"},
	} {
		if _, err := c.method.Partition(t.Context(), m); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	_, err := HSAMethod.New(footprint.Settings{Words: map[string]string{"hsa-rule": "dutch"}})
	if want := `unknown hsa-rule "dutch"; there are dartmouth-hsa, dartmouth-hrr and swiss-hsa`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Settings reach the fields that they name.
func TestMethodsFromSettings(t *testing.T) {
	made, err := HSAMethod.New(footprint.Settings{Words: map[string]string{"hsa-rule": "swiss-hsa"}, Numbers: map[string]float64{"hsa-threshold": 0.3, "min-interventions": 6, "min-region": 1, "min-inside": 2, "min-procedures": 3}})
	if err != nil {
		t.Fatal(err)
	}
	h := made.(HSA)
	if h.Rule != SwissHSA || h.Threshold != 0.3 || h.MinInterventions != 6 || h.MinRegion != 1 || h.MinInside != 2 || h.MinProcedures != 3 {
		t.Errorf("got %+v", h)
	}
	made, err = TTWAMethod.New(footprint.Settings{Numbers: map[string]float64{"min-size": 1, "target-size": 2, "min-containment": 0.3, "target-containment": 0.4, "ttwa-compatible": 1}})
	if err != nil {
		t.Fatal(err)
	}
	if w := made.(TTWA); w.MinSize != 1 || w.TargetSize != 2 || w.MinContainment != 0.3 || w.TargetContainment != 0.4 || !w.Compatible {
		t.Errorf("got %+v", w)
	}
}
