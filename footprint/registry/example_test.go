package registry_test

import (
	"fmt"

	"stpmap/footprint/registry"
)

func ExampleFindPreset() {
	p, _ := registry.FindPreset("ons-ttwa")
	fmt.Print("--method ", p.Method)
	for _, x := range p.Parameters {
		fmt.Print(" --", x.Flag, " ", x.Value)
	}
	fmt.Println()
	// Output:
	// --method ttwa --min-size 3500 --target-size 25000 --min-containment 0.6667 --target-containment 0.75
}
