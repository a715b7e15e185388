package score_test

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/sample"
	"stpmap/flow"
	"stpmap/flow/flowtest"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

// readAll gives the rows of a table of the sample or of a file, without its
// heading, by heading.
func readAll(t testing.TB, fsys fs.FS, name string) []map[string]string {
	t.Helper()
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return flowtest.ByHeading(flowtest.CSV(t, text))
}

func readFlows(t testing.TB, fsys fs.FS, name string) *flow.Matrix {
	t.Helper()
	f, err := fsys.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := flow.NewBuilder()
	if _, err := data.ReadFlows(context.Background(), name, f, b); err != nil {
		t.Fatal(err)
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func sampleObservations(t testing.TB) []attribution.Observation {
	t.Helper()
	f, err := sample.Files().Open("indicators.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _, err := data.ReadIndicators(context.Background(), "indicators.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	list := make([]attribution.Observation, len(rows))
	for i, o := range rows {
		list[i] = attribution.Observation(o)
	}
	return list
}

// group makes a partition of code and group.
func group(m *flow.Matrix, areas, providers map[string]string) footprint.Partition {
	a, p := make([]string, len(m.Areas())), make([]string, len(m.Providers()))
	for i, code := range m.Areas() {
		a[i] = areas[code]
	}
	for j, code := range m.Providers() {
		p[j] = providers[code]
	}
	return footprint.FromGroups(m, a, p)
}

func column(rows []map[string]string, key, value string) map[string]string {
	out := map[string]string{}
	for _, r := range rows {
		out[r[key]] = r[value]
	}
	return out
}

// The five systems that were planted as underperforming come out as the worst
// five, under the planted partition and the one that clustering finds, whatever
// the view and the aggregation.
func TestSamplePlantedUnderperformers(t *testing.T) {
	sample := sample.Files()
	m := readFlows(t, sample, "flows.csv")
	var bad []string
	for _, r := range readAll(t, sample, "reference_systems.csv") {
		if r["underperforming"] == "true" {
			bad = append(bad, r["footprint"])
		}
	}
	planted := group(m, column(readAll(t, sample, "reference_partition.csv"), "area_code", "footprint"),
		column(readAll(t, sample, "reference_providers.csv"), "provider_code", "footprint"))
	for _, tc := range []struct {
		name string
		opt  score.Options
	}{
		{"default", score.Options{}},
		{"providers", score.Options{View: attribution.Providers}},
		{"arithmetic", score.Options{Aggregation: score.Arithmetic}},
		{"geometric", score.Options{Aggregation: score.Geometric, Normalisation: score.MinMax}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.opt.Seed = 1
			r, err := score.Run(context.Background(), score.Input{Matrix: m, Partition: planted, Observations: sampleObservations(t), Options: tc.opt})
			if err != nil {
				t.Fatal(err)
			}
			worst := slices.Clone(r.Worst)
			slices.Sort(worst)
			if !slices.Equal(worst, bad) {
				t.Errorf("got worst %v, want the planted %v", worst, bad)
			}
			for _, f := range r.Footprints {
				if slices.Contains(bad, f.Footprint) && f.PWorst < 0.9 {
					t.Errorf("got %+v, want p_worst of at least 0.9", f)
				}
				if !f.Rated {
					t.Errorf("%s is not rated", f.Footprint)
				}
			}
			var b strings.Builder
			if err := r.WriteLeague(&b, 8); err != nil {
				t.Fatal(err)
			}
			t.Logf("\n%s", b.String())
			if tc.name == "default" {
				for _, n := range r.Notes {
					t.Log(n)
				}
				for _, s := range r.Sensitivity {
					t.Logf("%+v", s)
				}
				e, _ := r.Explain(bad[0])
				t.Log(e.Text())
			}
		})
	}
}
