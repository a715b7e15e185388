package sweep_test

import (
	"context"
	"fmt"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
	"stpmap/footprint/sweep"
)

func ExampleBootstrap() {
	m := footprinttest.TwoTowns()
	ctx := context.Background()
	method := func(seed uint64) footprint.Method { return leiden.Leiden{Seed: seed, Jobs: 1} }
	base, err := method(1).Partition(ctx, m)
	if err != nil {
		fmt.Println(err)
		return
	}
	runs, _, err := sweep.Bootstrap{Runs: 1000, Seed: 1}.Partitions(ctx, m, method)
	if err != nil {
		fmt.Println(err)
		return
	}
	u, err := sweep.MeasureUncertainty(base, runs, [][2]int32{{1, 2}, {0, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for a, c := range u.Areas {
		fmt.Printf("%s: sure of %s: %v\n", m.Areas()[a], base.IDs[base.Areas[a]], c.Confidence > 0.95)
	}
	fmt.Println("Abbey and Marsh are always separate:", u.Borders[1] == 1)
	// Output:
	// Abbey: sure of F01: true
	// Brook: sure of F01: true
	// Ford: sure of F01: false
	// Marsh: sure of F02: true
	// Quay: sure of F02: true
	// Abbey and Marsh are always separate: true
}
