package published

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

func TestCatchmentWorkbook(t *testing.T) {
	heading := strings.Split("CatchmentYear,msoa,TrustCode,patients,total_patients,proportion,msoa_total_catchment,trust_total_catchment", ",")
	rows := [][]string{
		heading,
		{"2018", "E02000001", "R1H", "120", "200", "0.6", "8000", "500000"},
		{"2018", "E02000001", "RRV", "80", "200", "0.4", "8000", "400000"},
		{"2019", "E02000001", "R1H", "130", "210", "0.62", "8000", "510000"},
	}
	b := workbookOf(t, "All Admissions", rows, "Elective", "Emergency")
	if _, err := Import(t.Context(), "ohid-catchment", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two years added up: %v", err)
	}
	out, err := Import(t.Context(), "ohid-catchment", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2018"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pairsOf(out.Flows)); got != "map[E02000001 R1H:120 E02000001 RRV:80]" {
		t.Errorf("got %s", got)
	}
	// Not told which format, three sheets could be meant.
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2018"}); !errors.Is(err, table.ErrMixedSets) || !strings.Contains(err.Error(), "--sheet") {
		t.Errorf("three sheets: %v", err)
	}
	out, err = Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Period: "2019", Sheet: "elective"})
	if err != nil || pairsOf(out.Flows)["E02000001 R1H"] != 130 {
		t.Errorf("one of three sheets: %v", err)
	}
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "c.xlsx", R: bytes.NewReader(b)}}, importer.Options{Sheet: "Nowhere"}); err == nil || !strings.Contains(err.Error(), "All Admissions") {
		t.Errorf("a sheet that is not there: %v", err)
	}
}
