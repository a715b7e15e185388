package spreadsheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data/table"
)

// all reads a sheet: its rows without blank cells at their ends, by number.
func all(t *testing.T, b Book, sheet string) map[int][]string {
	t.Helper()
	rows, err := b.Open(sheet)
	if err != nil || rows == nil {
		t.Fatalf("sheet %s: %v, %v", sheet, rows, err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}()
	got := map[int][]string{}
	for {
		cells, n, err := rows.Next()
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		kept := slices.Clone(cells)
		for len(kept) > 0 && kept[len(kept)-1] == "" {
			kept = kept[:len(kept)-1]
		}
		if len(kept) > 0 {
			got[n] = kept
		}
	}
}

// A workbook keeps numbers as they are stored, not as they are shown, and the
// numbers of its rows.
func TestExcel(t *testing.T) {
	f := excelize.NewFile()
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "code", "B1": "n", "A3": "E01", "B3": 1234.5, "C3": "x, \"y\"", "A4": "010", "B4": 0.934} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet1", "B4", "B4", percent); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("Second sheet"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	book, err := OpenExcel(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if names, err := book.Names(); err != nil || !slices.Equal(names, []string{"Sheet1", "Second sheet"}) {
		t.Errorf("sheets %q, %v", names, err)
	}
	want := map[int][]string{1: {"code", "n"}, 3: {"E01", "1234.5", `x, "y"`}, 4: {"010", "0.934"}}
	if got := all(t, book, " sheet1"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rows, err := book.Open("Third"); rows != nil || err != nil {
		t.Errorf("a sheet that is not there: %v, %v", rows, err)
	}
	if _, err := OpenExcel(strings.NewReader("PK no workbook"), 14); err == nil {
		t.Error("no workbook was opened")
	}
}

// odsFile is a spreadsheet of one sheet with these rows in its XML.
func odsFile(t *testing.T, rows string) OpenDocument {
	t.Helper()
	content := `<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">` +
		rows + `</table:table><table:table table:name="Other"/></office:spreadsheet></office:body></office:document-content>`
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	book, err := NewOpenDocument(z)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// Repeated cells and rows stand for as many as they say; notes are no text.
func TestOpenDocument(t *testing.T) {
	text := func(s string) string {
		return `<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>` + s + `</text:p></table:table-cell>`
	}
	number := func(value, shown string) string {
		return fmt.Sprintf(`<table:table-cell office:value-type="float" office:value="%s"><text:p>%s</text:p></table:table-cell>`, value, shown)
	}
	book := odsFile(t,
		`<table:table-row>`+text("code")+`<table:table-cell/>`+text("n")+`</table:table-row>`+
			`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
			`<table:table-row table:number-rows-repeated="2">`+text("E01")+`<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell>`+number("1234.5", "1,234.50")+`</table:table-row>`+
			`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`)
	if names, err := book.Names(); err != nil || !slices.Equal(names, []string{"Data", "Other"}) {
		t.Errorf("sheets %q, %v", names, err)
	}
	got := all(t, book, "data")
	row := []string{"E01", "x", "x", "1234.5"}
	want := map[int][]string{1: {"code", "", "n"}, 5: row, 6: row}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rows, err := book.Open("None"); rows != nil || err != nil {
		t.Errorf("a sheet that is not there: %v, %v", rows, err)
	}
	if got := all(t, book, "Other"); len(got) != 0 {
		t.Errorf("an empty sheet has %v", got)
	}
}

// Few bytes that stand for very many cells are refused, not read.
func TestOpenDocumentLimits(t *testing.T) {
	cell := func(n int) string {
		return fmt.Sprintf(`<table:table-cell table:number-columns-repeated="%d" office:value-type="string"><text:p>x</text:p></table:table-cell>`, n)
	}
	for name, rows := range map[string]string{
		"columns": `<table:table-row>` + cell(1_000_000) + `</table:table-row>`,
		"cells":   `<table:table-row table:number-rows-repeated="1000000">` + cell(16_000) + `</table:table-row>`,
		"rows":    `<table:table-row table:number-rows-repeated="1048577">` + cell(1) + `</table:table-row>`,
		"more":    `<table:table-row table:number-rows-repeated="2000000">` + cell(1) + `</table:table-row>`,
		"after":   `<table:table-row table:number-rows-repeated="1048576"/><table:table-row>` + cell(1) + `</table:table-row>`,
		"wide":    `<table:table-row>` + cell(16_385) + `</table:table-row>`,
		"counts":  `<table:table-row table:number-rows-repeated="99999999999999999999">` + cell(1) + `</table:table-row>`,
	} {
		r, err := odsFile(t, rows).Open("Data")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for err == nil && n < 60_000_000 {
			_, _, err = r.Next()
			n++
		}
		if err == io.EOF || err == nil || name != "counts" && !errors.Is(err, table.ErrTooLarge) {
			t.Errorf("%s: %d rows, then %v", name, n, err)
		}
		_ = r.Close()
	}
	// Blank rows beyond the last are what programs write to fill a sheet.
	full := all(t, odsFile(t, `<table:table-row>`+cell(2)+`</table:table-row><table:table-row table:number-rows-repeated="99999999"/>`), "Data")
	if len(full) != 1 || len(full[1]) != 2 {
		t.Errorf("a sheet that is filled with blank rows is %v", full)
	}
	cut := odsFile(t, `<table:table-row>`+cell(1)+`</table:table-row><table:table-row><table:table-`)
	r, err := cut.Open("Data")
	for err == nil {
		_, _, err = r.Next()
	}
	if err == io.EOF {
		t.Error("damaged XML was read to its end")
	}
}
