package footprint_test

import (
	"context"
	"fmt"

	"stpmap/flow"
	"stpmap/footprint"
)

// twoTowns has three areas round the hospital P and two round Q; one of them,
// Ford, sends patients both ways.
func twoTowns() *flow.Matrix {
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

func show(m *flow.Matrix, p footprint.Partition) {
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

func ExampleIntramax_Tree() {
	m := twoTowns()
	t, err := footprint.Intramax{}.Tree(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(t.Leaves), "leaves,", len(t.Merges), "merges")
	p, err := t.Cut(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(m, p)
	// Output:
	// 7 leaves, 6 merges
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}

func ExampleWard() {
	m := twoTowns()
	p, err := footprint.Ward{Constraints: footprint.Constraints{Footprints: 3}}.Partition(context.Background(), m)
	fmt.Println(p.Len(), err)
	// Output:
	// 0 3 footprints cannot be made of 2 providers: ask for 2 or fewer
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

func ExampleBootstrap() {
	m := twoTowns()
	ctx := context.Background()
	method := func(seed uint64) footprint.Method { return footprint.Leiden{Seed: seed, Jobs: 1} }
	base, err := method(1).Partition(ctx, m)
	if err != nil {
		fmt.Println(err)
		return
	}
	runs, _, err := footprint.Bootstrap{Runs: 1000, Seed: 1}.Partitions(ctx, m, method)
	if err != nil {
		fmt.Println(err)
		return
	}
	u, err := footprint.MeasureUncertainty(base, runs, [][2]int32{{1, 2}, {0, 3}})
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

func ExampleFindPreset() {
	p, _ := footprint.FindPreset("ons-ttwa")
	fmt.Print("--method ", p.Method)
	for _, x := range p.Parameters {
		fmt.Print(" --", x.Flag, " ", x.Value)
	}
	fmt.Println()
	// Output:
	// --method ttwa --min-size 3500 --target-size 25000 --min-containment 0.6667 --target-containment 0.75
}
