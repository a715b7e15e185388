package interval_test

import (
	"fmt"

	"stpmap/footprint/score/interval"
)

func ExampleWilson() {
	lower, upper := interval.Wilson(81, 263, 0.95)
	fmt.Printf("%.4f to %.4f\n", lower, upper)
	// Output: 0.2553 to 0.3662
}
