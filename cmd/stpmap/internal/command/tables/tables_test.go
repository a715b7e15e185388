package tables

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/layer"
)

// A workbook has a sheet for each table of a folder, named as its file, and is only
// there where it is asked for.
func TestWorkbook(t *testing.T) {
	one := layer.Layer{Name: "partition", Fields: []layer.Field{{Name: "code", Type: layer.Text}, {Name: "n", Type: layer.Integer}}, Features: []layer.Feature{{Values: []any{"007", int64(7)}}}}
	two := layer.Layer{Name: "partition", Fields: []layer.Field{{Name: "code", Type: layer.Text}}}
	words := stage.File{Name: "words.txt", Write: func(w io.Writer) error { _, err := io.WriteString(w, "words\n"); return err }}
	for _, asked := range []bool{true, false} {
		dir := filepath.Join(t.TempDir(), "out")
		var s stage.Files
		err := Workbook{Name: "all.xlsx", About: layer.About{Title: "All"}, Asked: asked}.Stage(&s, dir, CSV("pairs.csv", one), CSV("recommended.csv", two), words)
		if err == nil {
			err = s.Commit()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "pairs.csv"))
		if err != nil || string(text) != "code,n\n007,7\n" {
			t.Errorf("%q, %v", text, err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "all.xlsx"))
		if !asked {
			if !os.IsNotExist(err) {
				t.Errorf("a workbook that nobody asked for: %v", err)
			}
			continue
		}
		book, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(book.GetSheetList(), " "); got != "About Columns pairs recommended" {
			t.Errorf("the sheets are %s", got)
		}
		if cell, err := book.GetCellValue("pairs", "A2"); err != nil || cell != "007" {
			t.Errorf("a code became %q (%v)", cell, err)
		}
	}
}

// --xlsx is refused where no folder is written.
func TestNeedsFolder(t *testing.T) {
	for out, fine := range map[string]bool{"": false, "-": false, "x.csv": false, "x.json": false, "out": true, "some/out": true} {
		if err := NeedsFolder(true, out); (err == nil) != fine {
			t.Errorf("%q: %v", out, err)
		}
		if err := NeedsFolder(false, out); err != nil {
			t.Errorf("%q without --xlsx: %v", out, err)
		}
	}
}
