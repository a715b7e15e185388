package footprint_test

import (
	"context"
	"fmt"

	"stpmap/footprint"
)

func ExampleTTWA() {
	m := twoTowns()
	p, err := footprint.TTWA{MinSize: 500, TargetSize: 5000}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(m, p)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}

func ExampleHSA() {
	m := twoTowns()
	p, err := footprint.HSA{Rule: footprint.SwissHSA, Threshold: 0.6}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(m, p)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}
