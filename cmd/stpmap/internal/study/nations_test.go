package study

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data/codebook"
	"stpmap/flow"
)

func TestBorderNote(t *testing.T) {
	note := BorderNote([]codebook.Crossing{
		{From: "England", To: "Wales", Patients: flow.Exactly(3)},
		{From: "Scotland", To: "England", Patients: flow.Exactly(1200)},
		{From: "Wales", To: "England", Patients: flow.Exactly(30).Plus(flow.Between(1, 4))},
		{From: "Wales", To: "Scotland", Patients: flow.Between(1, 4)},
	})
	want := "patients who cross a border, by their codes: fewer than 10 from England to Wales; 1,200 from Scotland to England; 31 to 34 from Wales to England; fewer than 10 from Wales to Scotland"
	if note != want {
		t.Errorf("got %q\nwant %q", note, want)
	}
	if got := BorderNote(nil); got != "" {
		t.Errorf("nobody crosses: %q", got)
	}
}

func TestBoardNames(t *testing.T) {
	codes := []string{"7A1", "E01000001", "S08000016"}
	if got := boardNames(codes, []string{"Betsi", "", ""}); !slices.Equal(got, []string{"Betsi", "", "NHS Borders"}) {
		t.Errorf("got %q", got)
	}
	if got := boardNames(codes[:1], nil); len(got) != 1 || !strings.HasPrefix(got[0], "Betsi Cadwaladr") {
		t.Errorf("got %q", got)
	}
	if got := boardNames(codes[1:2], nil); got != nil {
		t.Errorf("no board, and %q", got)
	}
}

// A study with Welsh areas says who crosses, with small counts as bounds, and
// names the boards.
func TestBordersOfAStudy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "flows.csv")
	if err := os.WriteFile(file, []byte("area,provider,count\n7A1,R1H,40\n7A2,R1H,2\n15N,R1H,900\n15N,7A1,60\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := Request{Flows: Flows{Flows: []string{file}, Door: Door{SuppressBelow: 5}}, Source: Disk{}, Silent: true}
	in, err := r.Read(t.Context(), &cli.Env{})
	if err != nil {
		t.Fatal(err)
	}
	want := "patients who cross a border, by their codes: 60 from England to Wales; 41 to 44 from Wales to England"
	if !slices.Contains(in.Notes, want) {
		t.Errorf("notes %q", in.Notes)
	}
	if i, _ := in.Matrix.AreaIndex("7A2"); in.AreaNames[i] != "Hywel Dda University Health Board" {
		t.Errorf("names %q", in.AreaNames)
	}
}
