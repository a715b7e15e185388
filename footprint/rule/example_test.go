package rule_test

import (
	"context"
	"fmt"

	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/rule"
)

func ExampleTTWA() {
	m := footprinttest.TwoTowns()
	p, err := rule.TTWA{MinSize: 500, TargetSize: 5000}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	footprinttest.Show(m, p)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}

func ExampleHSA() {
	m := footprinttest.TwoTowns()
	p, err := rule.HSA{Rule: rule.SwissHSA, Threshold: 0.6}.Partition(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	footprinttest.Show(m, p)
	// Output:
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}
