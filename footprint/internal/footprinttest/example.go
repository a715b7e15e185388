package footprinttest

import (
	"fmt"

	"stpmap/flow"
	"stpmap/footprint"
)

// TwoTowns has three areas round the hospital P and two round Q; one of them,
// Ford, sends patients both ways.
func TwoTowns() *flow.Matrix {
	b := flow.NewBuilder()
	for _, r := range []struct {
		area, provider string
		patients       float64
	}{
		{"Abbey", "P", 900},
		{"Abbey", "Q", 30},
		{"Brook", "P", 500},
		{"Brook", "Q", 10},
		{"Ford", "P", 260},
		{"Ford", "Q", 240},
		{"Marsh", "Q", 700},
		{"Marsh", "P", 20},
		{"Quay", "Q", 800},
		{"Quay", "P", 40},
	} {
		if err := b.Add(r.area, r.provider, flow.Exactly(r.patients)); err != nil {
			panic(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// Show prints the members of each footprint.
func Show(m *flow.Matrix, p footprint.Partition) {
	for _, f := range p.Footprints() {
		fmt.Print(f.ID, ":")
		for _, a := range f.Areas {
			fmt.Print(" ", m.Areas()[a])
		}
		for _, j := range f.Providers {
			fmt.Print(" ", m.Providers()[j])
		}
		fmt.Println()
	}
}
