package sample_test

import (
	"fmt"
	"testing"

	"stpmap/data/sample"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/leiden"
)

// sampleMatrix reads the sample's flows; what is withheld is an interval.
func sampleMatrix(t *testing.T) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for _, r := range rows(t, "flows.csv") {
		var c flow.Count
		switch r["count"] {
		case "<5":
			c = flow.Between(1, 4)
		case "*":
			c = flow.Between(1, 7)
		default:
			c = flow.Exactly(number(t, r["count"]))
		}
		if err := b.Add(r["area"], r["provider"], c); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSampleSystemsAreRecovered(t *testing.T) {
	m := sampleMatrix(t)
	system := map[string]int32{}
	for _, r := range rows(t, "reference_partition.csv") {
		var n int32
		if _, err := fmt.Sscanf(r["footprint"], "S%d", &n); err != nil {
			t.Fatal(err)
		}
		system[r["area_code"]] = n
	}
	planted := make([]int32, len(m.Areas()))
	for i, code := range m.Areas() {
		planted[i] = system[code]
	}
	for seed := range uint64(3) {
		p, err := leiden.Leiden{
			Seed:        seed,
			Constraints: footprint.Constraints{Footprints: sample.Footprints},
		}.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() != sample.Footprints {
			t.Errorf("seed %d: %d footprints, want %d", seed, p.Len(), sample.Footprints)
		}
		ag := compare.Agree(p.Areas, planted)
		t.Logf("seed %d: ARI %.4f, %d areas moved", seed, ag.ARI, ag.Moved)
		if ag.ARI < 0.9 || ag.Compared != len(planted) {
			t.Errorf("seed %d: ARI %.3f over %d areas, want 0.9 or more", seed, ag.ARI, ag.Compared)
		}
	}
}
