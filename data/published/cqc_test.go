package published

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

const cqcHeading = "Provider ID,Provider Name,Provider Type,Provider Primary Inspection Category,Service / Population Group,Domain,Latest Rating,Publication Date,Report Type,URL,Brand ID,Brand Name"

func cqcRows() [][]string {
	row := func(id, kind, group, domain, rating, on string) []string {
		return []string{id, "Name of " + id, kind, "Acute", group, domain, rating, on, "Location", "", "-", "-"}
	}
	nhs := "NHS Healthcare Organisation"
	return [][]string{
		{"Care directory, ratings, 1 June 2024"}, // a banner
		strings.Split(cqcHeading, ","),
		row("RA1", nhs, "Overall", "Overall", "Good", "05/02/2020"),
		row("RA1", nhs, "Overall", "Overall", "Requires improvement", "07/11/2023"),
		row("RA1", nhs, "Overall", "Safe", "Inadequate", "07/11/2023"),
		row("RA1", nhs, "Maternity", "Overall", "Inadequate", "07/11/2023"),
		row("RA2", nhs, "Overall", "Overall", "-", "07/11/2023"),
		row("RA3", nhs, "Overall", "Overall", "Inspected but not rated", "07/11/2023"),
		row("RA4", nhs, "Overall", "Overall", "Outstanding", "01/01/2019"),
		row("1-101", "Social Care Org", "Overall", "Overall", "Inadequate", "07/11/2023"),
	}
}

func TestInspection(t *testing.T) {
	rows := cqcRows()
	want := map[string]string{"RA1 cqc 2024-06": "3", "RA4 cqc 2024-06": "1"}
	same(t, figuresFrom(t, "cqc", "June 2024 latest ratings.csv", csvText(rows...), importer.Options{}), want)
	rows[1][5] = "Key Question"
	same(t, figuresFrom(t, "cqc", "June 2024 latest ratings.csv", csvText(rows...), importer.Options{}), want)

	b := odsOf(t, map[string][][]string{"Locations": {{"Location ID", "x"}}, "Providers": cqcRows()})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "June 2024 latest ratings.ods", R: bytes.NewReader(b)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, figuresOf(out.Figures), want)
	rows = append(cqcRows(), cqcRows()[3])
	rows[len(rows)-1][6] = "Good"
	if _, err := importText(t, "cqc", "x.csv", csvText(rows...), importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("two ratings of one day: %v", err)
	}
}
