package published

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

const scotlandOutpatients = `Quarter,QuarterQF,HBT,HBR,Attendances,CrossBoundaryFlag
2024Q1,,S08000024,S08000016,40,0
2024Q1,,S08000024,S08000024,9000,1
2024Q1,,S08000024,RA2702,15,0
2024Q1,,SB0801,S08000016,12,0
2024Q1,,S92000003,S08000016,52,0
2024Q1,,S08000029,RA2704,3,0
`

func TestScotlandFlows(t *testing.T) {
	out, err := importText(t, "", "cbf.csv", scotlandOutpatients, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "map[RA2702 S08000024:15 RA2704 S08000029:3 S08000016 S08000024:40 S08000016 SB0801:12 S08000024 S08000024:9000]"
	if got := fmt.Sprint(pairsOf(out.Flows)); out.Format.Name != "scotland-flows" || got != want {
		t.Errorf("%s: got %s", out.Format.Name, got)
	}
	if l := out.Report.LeftOut; len(l) != 1 || l[0].Rows != 1 || l[0].Reason != "sum over boards" {
		t.Errorf("left out: %+v", l)
	}
	if o := out.Report.Outside; len(o) != 2 || o[0].Kind != "from elsewhere in the United Kingdom" || o[0].Patients.Value != 15 || o[1].Kind != "no residence known" {
		t.Errorf("outside: %+v", o)
	}
	if len(out.Report.Notes) != 0 {
		t.Errorf("notes: %q", out.Report.Notes)
	}
}

// Stays are taken where a file has episodes too, quarters are not added, and a
// board under codes of two years is said.
func TestScotlandInpatients(t *testing.T) {
	text := "Quarter,QuarterQF,HBT,HBR,Episodes,Stays,CrossBoundaryFlag\n2018Q4,,S08000018,S08000018,120,100,1\n2018Q4,,S08000029,S08000018,13,10,0\n"
	out, err := importText(t, "", "cbf.csv", text, importer.Options{})
	if err != nil || pairsOf(out.Flows)["S08000018 S08000018"] != 100 {
		t.Fatalf("%v, %v", out, err)
	}
	if n := out.Report.Notes; len(n) != 1 || !strings.HasPrefix(n[0], "S08000018 and S08000029 are both NHS Fife") {
		t.Errorf("notes: %q", n)
	}
	if out, err = importText(t, "", "cbf.csv", text, importer.Options{Count: "Episodes"}); err != nil || pairsOf(out.Flows)["S08000018 S08000029"] != 13 {
		t.Errorf("episodes: %v", err)
	}
	more := text + "2019Q1,,S08000029,S08000029,90,80,1\n"
	if _, err = importText(t, "", "cbf.csv", more, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two quarters: %v", err)
	}
	if out, err = importText(t, "", "cbf.csv", more, importer.Options{Period: "2019Q1"}); err != nil || len(out.Flows) != 1 || out.Flows[0].Count.Value != 80 {
		t.Errorf("one quarter: %v", err)
	}
}
