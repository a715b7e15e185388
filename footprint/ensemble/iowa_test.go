package ensemble

import (
	"os"
	"testing"

	"stpmap/flow/flowtest"
	"stpmap/footprint"
)

// iowa is the 99 counties in four districts within a tolerance, with the
// districts enacted.
func iowa(t *testing.T, tolerance float64, measure Measure) (*Space, []int32) {
	t.Helper()
	nodes := flowtest.Records(t, "reference/iowa-mit/nodes.csv")
	edges := flowtest.Records(t, "reference/iowa-mit/edges.csv")
	p := Problem{Areas: len(nodes), Measure: measure}
	var enacted []int32
	sum := 0.0
	for _, n := range nodes {
		people := parse(t, n["TOTPOP"])
		sum += people
		p.Demands.Population = append(p.Demands.Population, people)
		enacted = append(enacted, int32(parse(t, n["CD"]))-1)
	}
	for _, e := range edges {
		a, b := int32(parse(t, e["a"])), int32(parse(t, e["b"]))
		p.Pairs = append(p.Pairs, [2]int32{min(a, b), max(a, b)})
	}
	p.Demands = footprint.Constraints{Footprints: 4, Population: p.Demands.Population, MinPopulation: sum / 4 * (1 - tolerance), MaxPopulation: sum / 4 * (1 + tolerance)}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	return s, enacted
}

// Iowa's districts enacted in 2011 cut 47 borders, and lie among maps within 1%
// where longer runs put them: 77% of maps cut fewer.
func TestIowa(t *testing.T) {
	s, enacted := iowa(t, 0.01, Trees)
	f := NewFigures(s, nil)
	if v := f.Of(enacted); v[0] != 47 || s.Lacks(enacted) != nil {
		t.Fatalf("the map enacted cuts %v borders, and lacks %q", v[0], s.Lacks(enacted))
	}
	samples, thin := 1200, 40
	if os.Getenv("STPMAP_LONG") != "" {
		samples, thin = 10_000, 100
	}
	p := PlaceOf(f.Statistics()[0], 47, drawn(t, Sampling{Space: s, Samples: samples, Chains: 4, Thin: thin, Seed: 1}))
	t.Logf("R-hat %.4f, ESS %.0f, percentile %.2f (%.2f to %.2f)", p.RHat, p.BulkESS, p.Percentile, p.Lower, p.Upper)
	if samples == 10_000 && (!p.Converged || p.Upper < 76 || p.Lower > 78) {
		t.Errorf("%+v", p)
	}
}
