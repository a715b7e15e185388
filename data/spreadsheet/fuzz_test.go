package spreadsheet

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"
)

// walk reads every sheet of a book to its end or its first fault: rows rise, and
// cells stay within the limits.
func walk(t *testing.T, b Book) {
	names, err := b.Names()
	if err != nil {
		return
	}
	for _, name := range names {
		rows, err := b.Open(name)
		if err != nil || rows == nil {
			continue
		}
		last, cells := 0, 0
		for range 100_000 {
			texts, row, err := rows.Next()
			if err != nil {
				if err == io.EOF && row < last {
					t.Fatalf("sheet %q ends at row %d, after row %d", name, row, last)
				}
				break
			}
			if row <= last {
				t.Fatalf("sheet %q: row %d after row %d", name, row, last)
			}
			last = row
			if cells += len(texts); cells > MaxCells {
				t.Fatalf("sheet %q: %d cells", name, cells)
			}
		}
		_ = rows.Close()
	}
}

// A workbook of any bytes is read or refused.
func FuzzExcel(f *testing.F) {
	x := excelize.NewFile()
	percent, err := x.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		f.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "code", "B1": 12.5, "B3": true, "C2": "=A1", "AB4": 0.5} {
		if err := x.SetCellValue("Sheet1", cell, v); err != nil {
			f.Fatal(err)
		}
	}
	if err := x.SetCellStyle("Sheet1", "AB4", "AB4", percent); err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := x.Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add(file.Bytes()[:file.Len()/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		book, err := OpenExcel(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		walk(t, book)
	})
}

// A sheet of any XML is read or refused: one part of the workbook changes, so that
// the archive around it stays whole.
func FuzzExcelSheet(f *testing.F) {
	f.Add(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="C1"><v>3</v></c></row></sheetData></worksheet>`,
		`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>9</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></si></sst>`, `<styleSheet/>`)
	f.Add(`<worksheet><sheetData><row r="3"><c r="B3" t="s"><v>0</v></c><c r="A9" t="e"><v>#REF!</v></c></row></sheetData></worksheet>`, `<sst/>`,
		`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, part := range [][2]string{
			{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
			{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
			{"xl/worksheets/sheet1.xml", sheet},
			{"xl/sharedStrings.xml", shared},
			{"xl/styles.xml", styles},
		} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: part[0]}) // as it is: to pack it costs more than to read it
			if err == nil {
				_, err = io.WriteString(w, part[1])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		book, err := OpenExcel(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			return
		}
		walk(t, book)
	})
}

// A sheet of OpenDocument of any XML is read or refused.
func FuzzOpenDocument(f *testing.F) {
	f.Add(`<table:table table:name="Data"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="17"><text:p>017</text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(`<table:table table:name="A"><table:table-row table:number-rows-repeated="9999999"><table:table-cell table:number-columns-repeated="20000"/></table:table-row>`)
	f.Fuzz(func(t *testing.T, content string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateHeader(&zip.FileHeader{Name: "content.xml"})
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		book, err := NewOpenDocument(r)
		if err != nil {
			return
		}
		walk(t, book)
	})
}
