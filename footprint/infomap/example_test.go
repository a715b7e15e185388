package infomap_test

import (
	"context"
	"fmt"

	"stpmap/footprint/infomap"
	"stpmap/footprint/internal/footprinttest"
)

func ExampleInfomap() {
	m := footprinttest.TwoTowns()
	p, err := infomap.Infomap{Seed: 1, Restarts: 5}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	footprinttest.Show(m, p)
	bits, err := infomap.Codelength(m, p, false)
	fmt.Printf("%.4f bits %v\n", bits, err)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
	// 2.2106 bits <nil>
}
