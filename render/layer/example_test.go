package layer_test

import (
	"fmt"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func ExampleBreaks() {
	waits := []float64{1, 2, 2, 3, 20, 21, 22, 60}
	for _, how := range []layer.Classification{layer.Quantile, layer.Equal, layer.Jenks} {
		bounds, err := layer.Breaks(waits, how, 3, nil)
		fmt.Println(how, bounds, err)
	}
	// Output:
	// quantile [1 2 21 60] <nil>
	// equal [1 20.666666666666668 40.333333333333336 60] <nil>
	// jenks [1 3 22 60] <nil>
}

func ExampleGraduatedClasses() {
	classes, err := layer.GraduatedClasses(rendertest.Counties(), "wait", layer.GraduatedOptions{NotRated: "Not rated"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range classes {
		fmt.Println(c.Label, c.Colour, c.Hatched)
	}
	// Output:
	// 12.5 #5ca0c7 false
	// Not rated #eeeeee true
}
