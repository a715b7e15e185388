package registry

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
)

// leaky is a world in which one area hardly uses the hospital that hardly anyone
// else uses: together they would be a footprint of localisation 0.01.
func leaky(t *testing.T) *flow.Matrix {
	return footprinttest.Table(t,
		[]float64{900, 50, 0, 0, 0},
		[]float64{800, 60, 10, 0, 0},
		[]float64{40, 900, 20, 0, 0},
		[]float64{10, 800, 60, 0, 2},
		[]float64{0, 30, 900, 40, 0},
		[]float64{0, 20, 30, 900, 0},
		[]float64{500, 490, 0, 0, 10},
	)
}

// No method makes a footprint that is no health system unless that is allowed;
// a number that cannot be reached otherwise is refused with one that can.
func TestNoDegenerateFootprints(t *testing.T) {
	m := leaky(t)
	for _, method := range Methods() {
		for k := range 6 {
			t.Run(fmt.Sprintf("%s/%d", method.Name, k), func(t *testing.T) {
				c := footprint.Constraints{Footprints: k}
				with, err := method.New(footprint.Settings{Constraints: c, Seed: 1})
				if err != nil {
					t.Fatal(err)
				}
				p, err := with.Partition(t.Context(), m)
				var no *footprint.InfeasibleError
				switch {
				case err == nil:
					footprinttest.CheckPartition(t, m, p, c)
				case !errors.As(err, &no):
					t.Fatal(err)
				case k < 5:
					t.Logf("refused: %v", err)
				case method.Objectives && !strings.Contains(no.Reason, "--allow-degenerate") || !strings.Contains(no.Reason, "ask for"):
					t.Errorf("the refusal gives no way out: %v", err)
				}
				if k == 5 && err == nil {
					t.Error("5 footprints without a degenerate one cannot be")
				}
			})
		}
	}
}

// What is degenerate is made where that is allowed.
func TestDegenerateFootprintsAreAllowed(t *testing.T) {
	m := leaky(t)
	with, err := Methods()[0].New(footprint.Settings{Constraints: footprint.Constraints{Footprints: 5, AllowDegenerate: true}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := with.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if _, weakest := footprinttest.Inside(m, p); p.Len() != 5 || weakest >= footprint.LeastLocalisation {
		t.Errorf("%d footprints, weakest %v", p.Len(), weakest)
	}
}
