package published

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow"
)

// An archive larger than the buffers on its way, from a source that cannot
// seek, is still an archive.
func TestLargeArchiveFromAStream(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var table strings.Builder
	table.WriteString("area,provider,count\n")
	want, rows := 0, 60_000
	for range rows {
		n := 1 + rng.IntN(1_000_000)
		want += n
		fmt.Fprintf(&table, "A%06d,P%06d,%d\n", rng.IntN(1e6), rng.IntN(1e6), n)
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("flows.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, table.String()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if archive.Len() < 2*headSize {
		t.Fatalf("an archive of %d bytes tests nothing", archive.Len())
	}
	b := flow.NewBuilder()
	rep, _, err := ReadFlows(t.Context(), "flows.zip", io.MultiReader(&archive), b, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Total().Published; rep.Rows != rows || got != float64(want) {
		t.Errorf("%d rows and %v patients, want %d and %d", rep.Rows, got, rows, want)
	}
}

// The workbooks of Excel until 2003 are refused by name wherever a table is
// read, with the way out.
func TestOldWorkbook(t *testing.T) {
	text := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	check := func(from string, err error) {
		t.Helper()
		if !errors.Is(err, table.ErrOldWorkbook) || err.Error() != "w.xls: an old Excel workbook (.xls), which is not read: save it as xlsx or CSV" {
			t.Errorf("%s: %v", from, err)
		}
	}
	_, err := Import(t.Context(), "shmi", []importer.Input{{Name: "w.xls", R: strings.NewReader(text)}}, importer.Options{})
	check("import", err)
	_, err = Import(t.Context(), "", []importer.Input{{Name: "w.xls", R: io.MultiReader(strings.NewReader(text))}}, importer.Options{})
	check("import from a stream", err)
	_, err = table.Decompress("w.xls", strings.NewReader(text))
	check("a table", err)
}
