package flow_test

import (
	"fmt"

	"stpmap/flow"
)

// Two hospitals share an area; what one has of it was published as "<5".
func Example() {
	b := flow.NewBuilder()
	for _, err := range []error{
		b.Add("E01", "RJ1", flow.Exactly(120)),
		b.Add("E01", "RJ7", flow.Between(1, 4)),
	} {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	m, report, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	total := m.Total()
	hhi, _ := m.HHI(0)
	fmt.Println(len(m.Areas()), "area,", len(m.Providers()), "providers,", report.SuppressedCells, "suppressed cell")
	fmt.Println(total.Published, "patients published,", total.Lower, "to", total.Upper, "in all")
	fmt.Printf("%.3f\n", hhi)
	// Output:
	// 1 area, 2 providers, 1 suppressed cell
	// 120 patients published, 121 to 124 in all
	// 0.960
}
