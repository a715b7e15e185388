package codebook_test

import (
	"fmt"

	"stpmap/data/codebook"
)

// A trust that merged, and one that only other lists know.
func ExampleDiagnose() {
	successors := codebook.NewSuccessors([]codebook.Succession{{Old: "RM2", New: "R0A", Date: "2017-10-01"}})
	d := codebook.Diagnose([]codebook.CodeUse{{Code: "R0A", Patients: 600}, {Code: "RM2", Patients: 300}, {Code: "100", Patients: 100}},
		[]string{"R0A", "1E2"}, codebook.References{Successors: successors})
	fmt.Printf("%.0f%% of patients join\n", 100*d.Coverage())
	for _, m := range d.Mismatches {
		fmt.Printf("%s: %s, so %s\n", m.Code, m.Reason, m.Instead)
	}
	// Output:
	// 60% of patients join
	// RM2: merged into another organisation, so R0A
	// 100: read as a number by a spreadsheet, so 1E2
}
