package rule

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"stpmap/flow"
	"stpmap/flow/flowtest"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

func brindisi(t testing.TB) *flow.Matrix {
	return footprinttest.ReadFlows(t, flow.NewOneModeBuilder(), "labour/brindisi/flows.csv")
}

var brindisiSets = []struct {
	tag string
	TTWA
	areas int
}{
	{"default_1000_0.6667_10000_0.75", TTWA{MinSize: 1000, MinContainment: 0.6667, TargetSize: 10000, TargetContainment: 0.75}, 9},
	{"vignette1_50_0.3_100_0.4", TTWA{MinSize: 50, MinContainment: 0.3, TargetSize: 100, TargetContainment: 0.4}, 20},
	{"vignette2_1000_0.6_10000_0.7", TTWA{MinSize: 1000, MinContainment: 0.6, TargetSize: 10000, TargetContainment: 0.7}, 9},
	{"ttwa_3500_0.6667_25000_0.75", TTWA{}, 5}, // the zero value has these numbers
}

// The partitions are what findClusters of LabourMarketAreas 3.4 gives for its
// Brindisi data.
func TestTTWABrindisi(t *testing.T) {
	m := brindisi(t)
	for _, set := range brindisiSets {
		t.Run(set.tag, func(t *testing.T) {
			method := set.TTWA
			method.Compatible = true
			p, err := method.Partition(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if p.Len() != set.areas {
				t.Errorf("got %d areas, want %d", p.Len(), set.areas)
			}
			want := make([]string, len(m.Areas()))
			for _, r := range flowtest.Rows(t, "labour/brindisi/clusters_"+set.tag+".csv") {
				a, ok := m.AreaIndex(r[0])
				if !ok {
					t.Fatalf("community %s has no flows", r[0])
				}
				want[a] = r[1]
			}
			if !footprinttest.SameGrouping(p.Areas, want) {
				t.Errorf("got %v, want the grouping %v", p.Areas, want)
			}
		})
	}
}

// No place of Brindisi ends on the reserve list, so that the strict mode gives
// the same areas, all of which pass.
func TestTTWABrindisiStrict(t *testing.T) {
	m := brindisi(t)
	for _, set := range brindisiSets {
		strict, err := set.TTWA.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		compatible := set.TTWA
		compatible.Compatible = true
		p, err := compatible.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if !footprinttest.SameGrouping(strict.Areas, p.Areas) {
			t.Errorf("%s: the modes differ", set.tag)
		}
		live, work, inside := footprinttest.Sums(m, strict)
		for f := range live {
			if v := set.Validity(live[f], work[f], inside[f]); v < 1 {
				t.Errorf("%s: validity of %s: got %v, want at least 1", set.tag, strict.IDs[f], v)
			}
		}
	}
}

// The package prints the validity of each area it makes.
func TestTTWAValidity(t *testing.T) {
	for _, set := range brindisiSets {
		n := 0
		for _, r := range flowtest.Rows(t, "labour/brindisi/validity_"+set.tag+".csv") {
			if r[0] == "0" {
				continue // the reserve list
			}
			got := set.Validity(footprinttest.Number(t, r[1]), footprinttest.Number(t, r[2]), footprinttest.Number(t, r[3]))
			if want := footprinttest.Number(t, r[8]); got < want-1e-12 || got > want+1e-12 {
				t.Errorf("%s: validity of area %s: got %v, want %v", set.tag, r[0], got, want)
			}
			n++
		}
		if n != set.areas {
			t.Errorf("%s: compared %d areas, want %d", set.tag, n, set.areas)
		}
	}
	if got := (TTWA{}).Validity(10, 10, 10); got != 1 {
		t.Errorf("an area that nobody leaves or enters: got %v, want 1", got)
	}
	if got := (TTWA{}).Validity(0, 10, 0); got != 0 {
		t.Errorf("an area without residents: got %v, want 0", got)
	}
}

func TestTTWAStrictPasses(t *testing.T) {
	matrices := map[string]*flow.Matrix{}
	for seed := range uint64(6) {
		matrices[fmt.Sprintf("places %d", seed)] = footprinttest.RandomTowns(t, 150, 3000, seed)
		matrices[fmt.Sprintf("patients %d", seed)] = footprinttest.RandomFlows(t, 120, 30, seed)
	}
	failsWithout := 0
	for name, m := range matrices {
		for _, method := range []TTWA{{MinSize: 2000, TargetSize: 20000}, {MinSize: 500, TargetSize: 5000, MinContainment: 0.6, TargetContainment: 0.8}} {
			p, err := method.Partition(t.Context(), m)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
			live, work, inside := footprinttest.Sums(m, p)
			for f := range live {
				if v := method.Validity(live[f], work[f], inside[f]); v < 1-1e-9 {
					t.Errorf("%s: validity of %s: got %v, want at least 1", name, p.IDs[f], v)
				}
			}
			method.Compatible = true
			p, err = method.Partition(t.Context(), m)
			if err != nil {
				t.Fatalf("%s, compatible: %v", name, err)
			}
			live, work, inside = footprinttest.Sums(m, p)
			for f := range live {
				if method.Validity(live[f], work[f], inside[f]) < 1-1e-9 {
					failsWithout++
				}
			}
		}
	}
	t.Logf("areas that fail in compatible mode: %d", failsWithout)
}

func TestTTWAHosts(t *testing.T) {
	// Both providers lie in area A, though B sends Q the most: with that known,
	// B's flow leaves B, which cannot stand alone.
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		n              float64
	}{{"A", "P", 900}, {"A", "Q", 100}, {"B", "Q", 950}, {"B", "P", 50}} {
		_ = b.Add(r.area, r.provider, flow.Exactly(r.n))
	}
	m := footprinttest.Built(t, b)
	small := TTWA{MinSize: 100, TargetSize: 1000}
	for _, c := range []struct {
		name string
		host []int32
		want int
	}{{"by largest flow", nil, 2}, {"unknown", []int32{-1, -1}, 2}, {"both in A", []int32{0, 0}, 1}} {
		small.Host = c.host
		p, err := small.Partition(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() != c.want {
			t.Errorf("%s: got %d areas, want %d", c.name, p.Len(), c.want)
		}
	}
	small.Host = []int32{0}
	var bad *footprint.ParameterError
	if _, err := small.Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("one host for two providers: got %v, want a *ParameterError", err)
	}
	small.Host = []int32{0, 7}
	if _, err := small.Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("host out of range: got %v, want a *ParameterError", err)
	}
}

func TestTTWABadDemands(t *testing.T) {
	m := footprinttest.RandomTowns(t, 20, 200, 1)
	for _, c := range []struct {
		name string
		TTWA
	}{
		{"sizes out of order", TTWA{MinSize: 30000}},
		{"containment above 1", TTWA{MinContainment: 1.5}},
		{"containments out of order", TTWA{MinContainment: 0.9}},
	} {
		var bad *footprint.ParameterError
		if _, err := c.Partition(t.Context(), m); !errors.As(err, &bad) {
			t.Errorf("%s: got %v, want a *ParameterError", c.name, err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := (TTWA{}).Partition(ctx, m); !errors.Is(err, gone) {
		t.Errorf("cancelled: got %v, want the cause", err)
	}
}

func BenchmarkTTWA(b *testing.B) {
	m := footprinttest.RandomTowns(b, 400, 11000, 1)
	for b.Loop() {
		if _, err := (TTWA{}).Partition(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}
