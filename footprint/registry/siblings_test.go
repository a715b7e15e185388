package registry

import (
	"os"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// Under the same demands no other method makes a map of more modularity than the
// search for an exact number. STPMAP_WORLDS=50 tries 50 worlds, England and the
// counts of patients by local authority.
func TestNoSiblingDoesBetter(t *testing.T) {
	worlds := uint64(2)
	if os.Getenv("STPMAP_WORLDS") != "" {
		worlds = 50
		m, people, near := footprinttest.England(t)
		counts := footprinttest.ReadFlows(t, flow.NewBuilder(), "england/flows_ltla19_trust_covid_link_counts.csv")
		for _, k := range []int{30, 37, 44, 50} {
			siblings(t, "England", m, footprint.Constraints{Footprints: k, Contiguous: near, Population: people, MinPopulation: 300_000, MaxPopulation: 3_000_000})
			siblings(t, "England without rules", m, footprint.Constraints{Footprints: k})
			siblings(t, "counts", counts, footprint.Constraints{Footprints: k})
		}
	}
	for seed := range worlds {
		m, people, near := footprinttest.Square(t, 7+int(seed%4), seed)
		total := 0.0
		for _, n := range people {
			total += n
		}
		k := 3 + int(seed%2)
		siblings(t, "square", m, footprint.Constraints{Footprints: k, Contiguous: near, Population: people, MinPopulation: total / float64(k) / 4})
		siblings(t, "plane", footprinttest.RandomMatrix(t, 40, 12, seed, nil), footprint.Constraints{Footprints: 3 + int(seed%6)})
	}
}

// siblings compares all methods under the same demands.
func siblings(t *testing.T, name string, m *flow.Matrix, c footprint.Constraints) {
	t.Helper()
	made := func(method footprint.Description) (float64, bool) {
		with, err := method.New(footprint.Settings{Seed: 1, Restarts: 10, Constraints: c})
		if err != nil {
			t.Fatal(err)
		}
		p, err := with.Partition(t.Context(), m)
		if err != nil {
			return 0, false
		}
		return footprint.Measure(m, p, nil, nil).Modularity, true
	}
	ours, ok := made(Methods()[0])
	for _, method := range Methods()[1:] {
		theirs, can := made(method)
		if can && !ok {
			t.Errorf("%s, %d: %s finds a map, leiden none", name, c.Footprints, method.Name)
		}
		if can && ok && theirs > ours+1e-9 {
			t.Errorf("%s, %d: %s reaches %.6f, leiden %.6f", name, c.Footprints, method.Name, theirs, ours)
		}
	}
}
