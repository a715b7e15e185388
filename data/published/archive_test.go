package published

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/spreadsheet"
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

// Archives that say they unpack to more than the limit are refused before
// anything is unpacked; those that lie are cut off by the zip reader.
func TestArchiveLimits(t *testing.T) {
	small := zipOf(t, map[string]string{"a.csv": csvText(rttExtract(52, "RTT-MAY-2019")...)})
	huge := func(b []byte, size uint32) []byte {
		b = bytes.Clone(b)
		i := bytes.LastIndex(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[i+24:], size)
		return b
	}
	twice := func(b []byte) []byte { // two members of 3 GB each
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a.csv", "b.csv"} {
			h := r.File[0].FileHeader
			h.Name = name
			h.UncompressedSize64 = 3 << 30
			f, err := w.CreateRaw(&h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}(small)
	book := huge(zipOf(t, map[string]string{"xl/workbook.xml": "<workbook/>"}), 0xfffffff0)
	ods := huge(zipOf(t, map[string]string{"content.xml": "<x/>"}), 0xfffffff0)
	many := map[string]string{}
	for i := range importer.MaxMembers + 1 {
		many[fmt.Sprint(i, ".csv")] = ""
	}
	for name, c := range map[string]struct {
		b     []byte
		limit string
	}{
		"two large members": {twice, fmt.Sprintf("%d MiB", importer.MaxUnpacked>>20)},
		"workbook":          {book, fmt.Sprintf("%d MiB", spreadsheet.MaxWorkbook>>20)},
		"ods":               {ods, fmt.Sprintf("%d MiB", spreadsheet.MaxWorkbook>>20)},
		"many members":      {zipOf(t, many), fmt.Sprint(importer.MaxMembers)},
	} {
		_, err := Import(t.Context(), "", []importer.Input{{Name: "x.zip", R: bytes.NewReader(c.b)}}, importer.Options{})
		if !errors.Is(err, table.ErrTooLarge) || !strings.Contains(err.Error(), c.limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A member that claims to be shorter than it is.
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "x.zip", R: bytes.NewReader(huge(small, 100))}}, importer.Options{}); err == nil {
		t.Error("a member longer than it says was read")
	}
	// A spreadsheet whose few bytes stand for very many cells.
	bomb := odsOf(t, nil)
	bomb = zipOf(t, map[string]string{"content.xml": strings.Replace(odsContent(t, bomb), `<table:table-cell/>`,
		`<table:table-cell table:number-columns-repeated="1000000" office:value-type="string"><text:p>x</text:p></table:table-cell>`, 1)})
	if _, err := Import(t.Context(), "cqc", []importer.Input{{Name: "x.ods", R: bytes.NewReader(bomb)}}, importer.Options{Sheet: "Locations"}); !errors.Is(err, table.ErrTooLarge) {
		t.Errorf("a million columns: %v", err)
	}
	// Or whose rows repeat.
	wide := `<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`
	bomb = odsOf(t, map[string][][]string{"Providers": cqcRows()})
	bomb = zipOf(t, map[string]string{"content.xml": strings.Replace(odsContent(t, bomb), `</table:table></office:spreadsheet>`, wide+`</table:table></office:spreadsheet>`, 1)})
	if _, err := Import(t.Context(), "cqc", []importer.Input{{Name: "x.ods", R: bytes.NewReader(bomb)}}, importer.Options{}); !errors.Is(err, table.ErrTooLarge) {
		t.Errorf("16 thousand million cells: %v", err)
	}
	if _, err := Import(t.Context(), "", []importer.Input{{Name: "old.xls", R: strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}}, importer.Options{}); err == nil || !strings.Contains(err.Error(), "xlsx") {
		t.Errorf("an old workbook: %v", err)
	}
}
