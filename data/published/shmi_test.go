package published

import (
	"bytes"
	"testing"

	"stpmap/data/importer"
)

func TestMortality(t *testing.T) {
	same(t, figuresFrom(t, "shmi", "SHMI 2013-14.csv",
		"INDICATOR_CODE,PROVIDER,PROVIDER NAME,DENOMINATOR,OBSERVED,EXPECTED,VALUE,PO_LL,PO_UL,OD_LL,OD_UL,OD_BANDING\n"+
			"I00714,RA1,A,50000,1000,980.5,1.0199,0.9,1.1,0.88,1.13,2\n"+
			"I00714,RA2,B,40000,1200,1000,1.2,0.9,1.1,0.88,1.13,1\n", importer.Options{}),
		map[string]string{"RA1 shmi 2013/14": "1.0199", "RA1 shmi_band 2013/14": "2", "RA2 shmi 2013/14": "1.2", "RA2 shmi_band 2013/14": "1"})
	// The workbook has ten rows above the heading, and notes below the table.
	b := workbookOf(t, "Data", append(make([][]string, 10),
		[]string{"Provider code", "Provider name", "SHMI value", "SHMI banding", "Number of spells", "Observed deaths", "Expected deaths"},
		[]string{"ENGLAND", "England", "1", "", "9000000", "270000", "270000"},
		[]string{"RA1", "A", "1.0199", "As expected", "50000", "1000", "980"},
		[]string{"RA3", "C", "0.7", "Lower than expected", "50", "*", "*"},
		[]string{"Notes: figures are rounded"},
	))
	out, err := Import(t.Context(), "", []importer.Input{{Name: "SHMI data, Jan 2024.xlsx", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, figuresOf(out.Figures), map[string]string{
		"RA1 shmi 2024-01": "1.0199", "RA1 shmi_band 2024-01": "2", "RA3 shmi 2024-01": "0.7", "RA3 shmi_band 2024-01": "3",
	})
	for _, f := range out.Figures {
		if f.Entity == "RA3" && (f.Numerator.Known || f.Denominator.Known) {
			t.Errorf("a suppressed count became a number: %+v", f)
		}
	}
}
