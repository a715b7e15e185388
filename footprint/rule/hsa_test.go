package rule

import (
	"errors"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// The rules on small cases, worked by hand.
func TestHSAByHand(t *testing.T) {
	// Five areas in a row, A–B–C–D–E, three hospitals P, Q, R.
	//
	//	    P   Q   R
	//	A  60  20   0   plurality P
	//	B  30  40   0   Q
	//	C   0  50  10   Q
	//	D  25   5  20   P, though it lies beyond B and C: an island of P
	//	E   0  10  70   R
	five := footprinttest.Table(t, []float64{60, 20, 0}, []float64{30, 40, 0}, []float64{0, 50, 10}, []float64{25, 5, 20}, []float64{0, 10, 70})
	row := footprinttest.GridBorders(5, 5)
	people := []float64{100000, 90000, 80000, 70000, 60000}

	// A flow matrix in which R, hosted by C, cannot hold even C.
	//
	//	    P   Q   R
	//	A  60  10   0   P
	//	B   5  80  10   Q
	//	C  30  20  25   P: C hosts R, so the town R is no candidate and
	//	D   0  10  40   R: D, which chose R, follows it to P
	failed := footprinttest.Table(t, []float64{60, 10, 0}, []float64{5, 80, 10}, []float64{30, 20, 25}, []float64{0, 10, 40})

	// Swiss: R keeps 3 of its 8 patients, a localisation index of 0.375.
	//
	//	    P   Q   R
	//	A  90  10   0
	//	B  10  90   0
	//	C   1   4   3   C hosts R
	weak := footprinttest.Table(t, []float64{90, 10, 0}, []float64{10, 90, 0}, []float64{1, 4, 3})
	// Here R's index is 6/8 = 0.75, but it treats 6 patients only.
	few := footprinttest.Table(t, []float64{90, 10, 0}, []float64{10, 90, 0}, []float64{0, 2, 6})

	for _, c := range []struct {
		name  string
		m     *flow.Matrix
		rule  HSA
		areas []int
		at    []int // footprint of each provider
	}{
		{"plurality", five, HSA{}, []int{0, 1, 1, 0, 2}, []int{0, 1, 2}},
		{
			// D borders C (Q) and E (R); it sends R more.
			"the island goes to the neighbour that treats most of it", five,
			HSA{Constraints: footprint.Constraints{Contiguous: row}},
			[]int{0, 1, 1, 2, 2},
			[]int{0, 1, 2},
		},
		{
			"a town whose own area goes elsewhere is no candidate", failed,
			HSA{Host: []int32{0, 1, 2}},
			[]int{0, 1, 0, 0},
			[]int{0, 1, 0},
		},
		{
			// Without hosts R is a town like the others.
			"towns without a place", failed,
			HSA{},
			[]int{0, 1, 0, 2},
			[]int{0, 1, 2},
		},
		{
			// From contiguous A | BC | DE: 100,000, 170,000 and 130,000 people.
			// A is too small and leaves for Q (20 patients, none to R). AB with C:
			// inside 60+20+30+40+50 = 200 of 210; DE: 20+70 = 90 of 130, 0.69. Both
			// are large and closed enough.
			"referral regions", five,
			HSA{Rule: DartmouthHRR, Constraints: footprint.Constraints{Contiguous: row, Population: people}},
			[]int{0, 0, 0, 1, 1},
			[]int{0, 0, 1},
		},
		{
			// At 0.7 DE fails (0.692); most who leave go to P, which is ABC.
			"referral regions that must treat more", five,
			HSA{Rule: DartmouthHRR, MinInside: 0.7, Constraints: footprint.Constraints{Contiguous: row, Population: people}},
			[]int{0, 0, 0, 0, 0},
			[]int{0, 0, 0},
		},
		{
			"no demand on people or share inside", five,
			HSA{Rule: DartmouthHRR, MinRegion: -1, MinInside: -1},
			[]int{0, 1, 1, 0, 2},
			[]int{0, 1, 2},
		},
		{"Swiss, index below 0.4 joins where most go", weak, HSA{Rule: SwissHSA, MinInterventions: -1}, []int{0, 1, 1}, []int{0, 1, 1}},
		{"Swiss, another threshold", weak, HSA{Rule: SwissHSA, Threshold: 0.3, MinInterventions: -1}, []int{0, 1, 2}, []int{0, 1, 2}},
		{"Swiss, fewer than ten interventions", few, HSA{Rule: SwissHSA}, []int{0, 1, 1}, []int{0, 1, 1}},
		{"Swiss, six will do", few, HSA{Rule: SwissHSA, MinInterventions: 6}, []int{0, 1, 2}, []int{0, 1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := c.rule.Partition(t.Context(), c.m)
			if err != nil {
				t.Fatal(err)
			}
			got := append(append([]int32(nil), p.Areas...), p.Providers...)
			want := append(append([]int(nil), c.areas...), c.at...)
			if !footprinttest.SameGrouping(got, want) {
				t.Errorf("got %v and %v, want the grouping %v and %v", p.Areas, p.Providers, c.areas, c.at)
			}
			footprinttest.CheckPartition(t, c.m, p, c.rule.Constraints)
		})
	}
}

// Referral patients choose the region: B's service area treats enough heart
// patients (12) to be a centre and most of C's go there; D's (8) does not count.
func TestHSAReferral(t *testing.T) {
	m := footprinttest.Table(t,
		[]float64{90, 5, 0, 5},
		[]float64{5, 90, 5, 0},
		[]float64{5, 5, 90, 5},
		[]float64{5, 0, 5, 90})
	heart := footprinttest.Table(t,
		[]float64{20, 0, 0, 0},
		[]float64{0, 7, 0, 0},
		[]float64{1, 5, 0, 8},
		[]float64{3, 0, 0, 0})
	rule := HSA{Rule: DartmouthHRR, Referral: heart, MinRegion: -1, MinInside: -1}
	p, err := rule.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !footprinttest.SameGrouping(p.Areas, []int{0, 1, 1, 0}) {
		t.Errorf("got %v, want A with D and B with C", p.Areas)
	}
	rule.MinProcedures = 5 // now D's hospital counts, and treats most of C's
	p, err = rule.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !footprinttest.SameGrouping(p.Areas, []int{0, 1, 0, 0}) {
		t.Errorf("5 procedures: got %v, want A, C and D together", p.Areas)
	}
}

func TestHSARefuses(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 5, 1)
	var bad *footprint.ParameterError
	var cannot *footprint.InfeasibleError
	if _, err := (HSA{Rule: 9}).Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("unknown rule: got %v, want a *ParameterError", err)
	}
	if _, err := (HSA{Rule: SwissHSA, Threshold: 2}).Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("threshold of 2: got %v, want a *ParameterError", err)
	}
	if _, err := (HSA{Rule: DartmouthHRR}).Partition(t.Context(), m); !errors.As(err, &cannot) {
		t.Errorf("referral regions without population: got %v, want an *InfeasibleError", err)
	}
	if _, err := (HSA{Rule: DartmouthHRR, MinRegion: -1, Referral: footprinttest.RandomTowns(t, 5, 20, 1)}).Partition(t.Context(), m); !errors.As(err, &bad) {
		t.Errorf("one-mode referrals: got %v, want a *ParameterError", err)
	}
}
