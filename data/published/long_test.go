package published

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"stpmap/data/importer"
	"stpmap/flow/fault"
)

func TestLongFormWorkbook(t *testing.T) {
	b := workbookOf(t, "Flows", [][]string{{"made up"}, {}, {"from", "to", "n"}, {"A", "P", "3"}, {}, {"A", "Q", "<5"}, {"B", "P", "x1"}})
	_, err := Import(t.Context(), "", []importer.Input{{Name: "f.xlsx", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable})
	var at *fault.Error
	if !errors.As(err, &at) || at.Line != 7 || at.File != "f.xlsx[Flows]" {
		t.Fatalf("a fault in row 7: %v", err)
	}
	b = workbookOf(t, "Flows", [][]string{{"from", "to", "n"}, {"A", "P", "3"}, {"A", "Q", "<5"}, {"A", "P", "4"}})
	out, err := Import(t.Context(), "", []importer.Input{{Name: "f.xlsx", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable})
	if err != nil || fmt.Sprint(pairsOf(out.Flows)) != "map[A P:7 A Q:2.5]" {
		t.Errorf("%v %+v", err, out)
	}
}
