package footprint_test

import (
	"context"
	"fmt"

	"stpmap/footprint"
)

func ExampleInfomap() {
	m := twoTowns()
	p, err := footprint.Infomap{Seed: 1, Restarts: 5}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(m, p)
	bits, err := footprint.Codelength(m, p, false)
	fmt.Printf("%.4f bits %v\n", bits, err)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
	// 2.2106 bits <nil>
}
