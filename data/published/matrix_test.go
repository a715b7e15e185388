package published

import (
	"errors"
	"fmt"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

func TestWideTable(t *testing.T) {
	text := "Emergency admissions by hospital\n\nArea,Area Name,General & City,Cottage,Outside county,Total\n" +
		"E92000001,England,,,,\nE01000001,One,10,<5,#,12\nE01000002,Two,0,-,7,7\n"
	out, err := importText(t, "", "wide.csv", text, importer.Options{Names: map[string]string{"general and city": "RA1"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"E01000001 Cottage 1 4", "E01000001 Outside county 1 4", "E01000001 RA1 10 10", "E01000002 Outside county 7 7", "E01000002 RA1 0 0"}
	if len(out.Flows) != len(want) {
		t.Fatalf("got %+v", out.Flows)
	}
	for i, r := range out.Flows {
		if got := fmt.Sprint(r.Area, " ", r.Provider, " ", r.Count.Lower, " ", r.Count.Upper); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
	if _, err := importText(t, "matrix", "wide.csv", text+"E01000001,One,1,1,1,3\n", importer.Options{}); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("an area twice: %v", err)
	}
	// Without a total, the format must be asked for.
	plain := "code,RA1,RB1\nE01000001,1,2\n"
	if _, err := importText(t, "", "wide.csv", plain, importer.Options{}); !errors.Is(err, importer.ErrNotRecognised) {
		t.Errorf("any table is a matrix: %v", err)
	}
	out, err = importText(t, "matrix", "wide.csv", plain, importer.Options{Area: "code"})
	if err != nil || len(out.Flows) != 2 {
		t.Errorf("asked for: %v", err)
	}
}
