package rendertest

import (
	"context"
	"fmt"
	"math"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// GridSweep is a sweep over a square of towns.
func GridSweep(t testing.TB, counts bool) (*flow.Matrix, *sweep.Comparison, footprint.Measures) {
	t.Helper()
	b := flow.NewBuilder()
	const side = 6
	for a := range side * side {
		for p := range 9 {
			dx, dy := a%side-2*(p%3), a/side-2*(p/3)
			if err := b.Add(fmt.Sprintf("A%02d", a), fmt.Sprintf("P%d", p), flow.Exactly(float64(600/(1+dx*dx+dy*dy)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := &sweep.Sweep{Seeds: 3, Resamples: 1}
	for _, gamma := range sweep.LogResolutions(0.4, 3, 6) {
		one := sweep.Setting{Method: "leiden", Resolution: gamma}
		if counts {
			one = sweep.Setting{Method: "louvain", Resolution: math.NaN(), Footprints: 2 + len(s.Settings)}
		}
		s.Settings = append(s.Settings, one)
	}
	runs := sweep.NewRuns(len(s.Tasks()))
	if err := s.Run(context.Background(), m, runs.Missing(1, 1), runs.Put); err != nil {
		t.Fatal(err)
	}
	people := make([]float64, len(m.Areas()))
	for a := range people {
		people[a] = 90_000
	}
	c, err := s.Summarise(context.Background(), m, runs, sweep.Options{Population: people})
	if err != nil {
		t.Fatal(err)
	}
	official := c.Results[len(c.Results)/2].Measures
	return m, c, official
}
