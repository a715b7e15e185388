package score

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"stpmap/flow/fault"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// Any figures are scored or refused with a located fault; what is scored is
// finite and adds up.
func FuzzObservations(f *testing.F) {
	nan := math.NaN()
	f.Add(uint8(0), 9.0, 10.0, nan, nan, nan, 5.0, 6.0, "2017", "2018")
	f.Add(uint8(1), 3.0, nan, 0.5, 0.1, 0.9, 0.0, 0.0, "", "")
	f.Add(uint8(2), 1e300, 1e300, nan, nan, nan, 1.0, 1e-300, "Mar-17", "2017-03")
	f.Add(uint8(4), nan, nan, 2.0, nan, nan, nan, 3.0, "x", "y")
	f.Add(uint8(5), -1e9, 3.5, nan, nan, nan, 0.0, 0.0, "2017/18", "2017/18")
	f.Fuzz(func(t *testing.T, kind uint8, num, den, value, lower, upper, num2, den2 float64, period, period2 string) {
		m, p := footprinttest.HandWorked(t)
		defs := plain(2, func(i int, ind *definition.Indicator) {
			if i == 0 {
				ind.Kind = definition.Kinds()[int(kind)%len(definition.Kinds())]
				if ind.Kind == definition.Band {
					ind.Polarity, ind.Bands, ind.FailingFrom = definition.LowerIsBetter, []string{"good", "fair", "poor"}, 2
				}
			} else {
				ind.DenominatorFrom = "i00"
				if ind.Kind = definition.Kinds()[int(kind/8)%len(definition.Kinds())]; ind.Kind == definition.Band {
					ind.Kind = definition.Rate
				}
			}
		})
		a, b, c := row("P", "i00", num, den), row("Q", "i00", num2, den2), row("P", "i01", num2, nan)
		a.Value, a.Lower, a.Upper, a.Period, b.Period, c.Period = value, lower, upper, period, period2, period2
		a.Line, b.Line, c.Line = 2, 3, 4
		r, err := Run(context.Background(), Input{Matrix: m, Partition: p, Observations: []attribution.Observation{a, b, c}, Definitions: defs, Options: quick(20)})
		if err != nil {
			var faults *fault.List
			if !errors.As(err, &faults) && !errors.Is(err, attribution.ErrNothing) {
				t.Fatalf("got %v", err)
			}
			return
		}
		for _, row := range r.Indicators {
			if math.IsInf(row.Value, 0) || math.IsInf(row.Z, 0) || row.Coverage < 0 || row.Coverage > 1 {
				t.Fatalf("got %+v", row)
			}
		}
		var out strings.Builder
		if err := errors.Join(r.WriteIndicators(&out), r.WriteScores(&out), r.WriteTrends(&out), r.WriteSensitivity(&out)); err != nil {
			t.Fatal(err)
		}
		if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Fatal(s)
		}
	})
}
