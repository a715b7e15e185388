package published

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

func TestRegistrations(t *testing.T) {
	heading := "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n"
	row := func(date, practice, lsoa, sex string, n int) string {
		return fmt.Sprintf("GP_PRAC_PAT_LIST,%s,%s,\"SURGERY, THE\",%s,%s,%d\n", date, practice, lsoa, sex, n)
	}
	all := heading + row("01APR2024", "A81001", "E01012259", "ALL", 50) + row("01APR2024", "A81001", "W01000001", "ALL", 3) + row("01APR2024", "A81001", "NO2011", "ALL", 2)
	male := heading + row("01APR2024", "A81001", "E01012259", "MALE", 30)
	female := heading + row("01APR2024", "A81001", "E01012259", "FEMALE", 20)
	b := zipOf(t, map[string]string{"gp-reg-pat-prac-lsoa-all.csv": all, "gp-reg-pat-prac-lsoa-male.csv": male, "gp-reg-pat-prac-lsoa-female.csv": female})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "gp.zip", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pairsOf(out.Flows)); out.Format.Name != "gp-lsoa" || got != "map[E01012259 A81001:50 NO2011 A81001:2 W01000001 A81001:3]" {
		t.Errorf("%s: got %s", out.Format.Name, got)
	}
	if o := out.Report.Outside; len(o) != 2 || o[0].Kind != "Wales" || o[0].Patients.Value != 3 || o[1].Patients.Value != 2 {
		t.Errorf("outside: %+v", o)
	}
	// Men and women alone add up to the same; one more does not.
	out, err = importText(t, "", "gp.csv", male+row("01APR2024", "A81001", "E01012259", "FEMALE", 20), importer.Options{})
	if err != nil || pairsOf(out.Flows)["E01012259 A81001"] != 50 {
		t.Errorf("men and women: %v", err)
	}
	if _, err := importText(t, "", "gp.csv", all+row("01APR2024", "A81001", "E01012259", "MALE", 49), importer.Options{}); !errors.Is(err, importer.ErrTotal) {
		t.Errorf("men do not add up to all: %v", err)
	}
	if _, err := importText(t, "", "gp.csv", all+row("01JUL2024", "A81001", "E01012259", "ALL", 50), importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("two dates: %v", err)
	}
	out, err = importText(t, "", "gp.csv", all+row("01JUL2024", "A81001", "E01012259", "ALL", 51), importer.Options{Period: "2024-07", Kind: importer.PopulationTable})
	if err != nil || len(out.Populations) != 1 || out.Populations[0].People != 51 {
		t.Errorf("population of one date: %v, %+v", err, out)
	}
}
