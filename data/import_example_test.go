package data_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"stpmap/data"
)

// A council's table keeps its suppressed cells as intervals; its total and the
// row of England are not counted.
func ExampleImport() {
	text := `Area,Royal,Cottage,Outside county,Total
E92000001,,,,
E01000001,120,<5,9,129
`
	out, err := data.Import(context.Background(), "", []data.Input{{Name: "admissions.csv", R: strings.NewReader(text)}}, data.ImportOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out.Format.Name)
	if _, err := data.WriteFlows(os.Stdout, out.Flows); err != nil {
		fmt.Println(err)
	}
	// Output:
	// matrix
	// area,provider,count
	// E01000001,Cottage,<5
	// E01000001,Outside county,9
	// E01000001,Royal,120
}

// A trust that merged, and one that only other lists know.
func ExampleDiagnose() {
	successors := data.NewSuccessors([]data.Succession{{Old: "RM2", New: "R0A", Date: "2017-10-01"}})
	d := data.Diagnose([]data.CodeUse{{Code: "R0A", Patients: 600}, {Code: "RM2", Patients: 300}, {Code: "100", Patients: 100}},
		[]string{"R0A", "1E2"}, data.References{Successors: successors})
	fmt.Printf("%.0f%% of patients join\n", 100*d.Coverage())
	for _, m := range d.Mismatches {
		fmt.Printf("%s: %s, so %s\n", m.Code, m.Reason, m.Instead)
	}
	// Output:
	// 60% of patients join
	// RM2: merged into another organisation, so R0A
	// 100: read as a number by a spreadsheet, so 1E2
}
