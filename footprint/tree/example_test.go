package tree_test

import (
	"context"
	"fmt"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/tree"
)

func ExampleIntramax_Tree() {
	m := footprinttest.TwoTowns()
	t, err := tree.Intramax{}.Tree(context.Background(), m)
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
	footprinttest.Show(m, p)
	// Output:
	// 7 leaves, 6 merges
	// F01: Abbey Brook Ford P
	// F02: Marsh Quay Q
}

func ExampleWard() {
	m := footprinttest.TwoTowns()
	p, err := tree.Ward{Constraints: footprint.Constraints{Footprints: 3}}.Partition(context.Background(), m)
	fmt.Println(p.Len(), err)
	// Output:
	// 0 3 footprints cannot be made of 2 providers: ask for 2 or fewer
}
