package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data/table"
)

// escaped is a text as XML writes it.
func escaped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A random grid, written with equal cells and rows run together wherever they
// stand beside each other, reads back cell by cell.
func TestOpenDocumentReadsBackRuns(t *testing.T) {
	words := []string{"", "", "a", "b", "<&>", "12"}
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(seed, 61))
		var grid [][]string
		for range 1 + rng.IntN(12) {
			if len(grid) > 0 && rng.IntN(3) == 0 {
				grid = append(grid, grid[len(grid)-1])
				continue
			}
			row := make([]string, 1+rng.IntN(7))
			for i := range row {
				row[i] = words[rng.IntN(len(words))]
			}
			grid = append(grid, row)
		}
		want := map[int][]string{}
		var doc strings.Builder
		for i := 0; i < len(grid); {
			j := i + 1
			for j < len(grid) && slices.Equal(grid[i], grid[j]) {
				j++
			}
			fmt.Fprintf(&doc, `<table:table-row table:number-rows-repeated="%d">`, j-i)
			for a := 0; a < len(grid[i]); {
				b := a + 1
				for b < len(grid[i]) && grid[i][a] == grid[i][b] {
					b++
				}
				kind := []string{"table-cell", "covered-table-cell"}[rng.IntN(2)]
				fmt.Fprintf(&doc, `<table:%s table:number-columns-repeated="%d"><text:p>%s</text:p></table:%s>`, kind, b-a, escaped(t, grid[i][a]), kind)
				a = b
			}
			doc.WriteString(`</table:table-row>`)
			kept := grid[i]
			for len(kept) > 0 && kept[len(kept)-1] == "" {
				kept = kept[:len(kept)-1]
			}
			for ; i < j; i++ {
				if len(kept) > 0 {
					want[i+1] = kept
				}
			}
		}
		if got := all(t, odsFile(t, doc.String()), "Data"); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: got %v, want %v", seed, got, want)
		}
	}
}

// Cells by type: what is stored for numbers and dates, what is shown for text.
func TestOpenDocumentCells(t *testing.T) {
	for _, tt := range []struct{ name, cell, want string }{
		{"float", `<table:table-cell office:value-type="float" office:value="0.5"><text:p>½</text:p></table:table-cell>`, "0.5"},
		{"percentage", `<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>13%</text:p></table:table-cell>`, "0.125"},
		{"currency", `<table:table-cell office:value-type="currency" office:value="9"><text:p>£9.00</text:p></table:table-cell>`, "9"},
		{"date", `<table:table-cell office:value-type="date" office:date-value="2024-04-01"><text:p>April 24</text:p></table:table-cell>`, "2024-04-01"},
		{"boolean", `<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>`, "TRUE"},
		{"paragraphs", `<table:table-cell><text:p>one</text:p><text:p>two</text:p></table:table-cell>`, "one\ntwo"},
		{"spans", `<table:table-cell><text:p>a<text:s/><text:span>b</text:span><text:tab/>c</text:p></table:table-cell>`, "a b c"},
		{"line break", `<table:table-cell><text:p>Provider<text:line-break/>code</text:p></table:table-cell>`, "Provider\ncode"},
		{"space around", `<table:table-cell><text:p>  x </text:p></table:table-cell>`, "x"},
		{"entities", `<table:table-cell><text:p>R&amp;D &#163;1</text:p></table:table-cell>`, "R&D £1"},
		{"a note after", `<table:table-cell><text:p>x</text:p><office:annotation><text:p>seen<text:s/>by</text:p></office:annotation></table:table-cell>`, "x"},
	} {
		got := all(t, odsFile(t, `<table:table-row>`+tt.cell+`<table:table-cell><text:p>end</text:p></table:table-cell></table:table-row>`), "Data")
		if want := map[int][]string{1: {tt.want, "end"}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, want)
		}
	}
}

// What is wrong with a sheet is told in words.
func TestOpenDocumentSaysWhatIsWrong(t *testing.T) {
	row := func(attributes, cells string) string {
		return `<table:table-row ` + attributes + `>` + cells + `</table:table-row>`
	}
	const cell = `<table:table-cell><text:p>x</text:p></table:table-cell>`
	for _, tt := range []struct {
		rows, want string
		is         error
	}{
		{row(`table:number-rows-repeated="0"`, cell), `number-rows-repeated is "0"`, nil},
		{row(`table:number-rows-repeated="many"`, cell), `number-rows-repeated is "many"`, nil},
		{row("", `<table:table-cell table:number-columns-repeated="-2"/>`), `number-columns-repeated is "-2"`, nil},
		{row(`table:number-rows-repeated="1048576"`, cell) + row("", cell), "more than 1048576 rows in a sheet", table.ErrTooLarge},
		{row("", `<table:table-cell table:number-columns-repeated="16384"/>`+cell), "more than 16384 columns in a sheet", table.ErrTooLarge},
	} {
		r, err := odsFile(t, tt.rows).Open("Data")
		for err == nil {
			_, _, err = r.Next()
		}
		if !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("got %q, want %q", err, tt.want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A spreadsheet without content, or cut short, is refused by each way in.
func TestOpenDocumentDamaged(t *testing.T) {
	archive := func(name, content string) OpenDocument {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create(name)
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
	for name, book := range map[string]OpenDocument{
		"no content": archive("mimetype", "x"),
		"cut short":  archive("content.xml", `<office:document-content><table:tab`),
	} {
		if names, err := book.Names(); err == nil {
			t.Errorf("%s: sheets %q", name, names)
		}
		if rows, err := book.Open("Data"); err == nil {
			t.Errorf("%s: rows %v", name, rows)
		}
	}
	whole := `<table:table table:name="Data"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>`
	for _, end := range []string{"<text:p>x", "</table:table-cell>", "</table:table-row>"} {
		at := strings.Index(whole, end)
		r, err := archive("content.xml", whole[:at]).Open("Data")
		for err == nil {
			_, _, err = r.Next()
		}
		if err == io.EOF {
			t.Errorf("a sheet that stops before %s was read to its end", end)
		}
	}
}

// A random grid of text and numbers reads back from a workbook, each row with
// its own number, and sheets are found without regard to case.
func TestExcelReadsBack(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 62))
		f := excelize.NewFile()
		if _, err := f.NewSheet("Flows 2024"); err != nil {
			t.Fatal(err)
		}
		want := map[int][]string{}
		for row := 1; row <= 30; row++ {
			if rng.IntN(4) == 0 {
				continue // a blank row keeps its number
			}
			n := 1 + rng.IntN(5)
			for col := 1; col <= n; col++ {
				at, err := excelize.CoordinatesToCellName(col, row)
				if err != nil {
					t.Fatal(err)
				}
				var v any = rng.IntN(1000)
				if rng.IntN(2) == 0 {
					v = fmt.Sprintf("<%d & \"more\">", rng.IntN(1000))
				}
				if err := f.SetCellValue("Flows 2024", at, v); err != nil {
					t.Fatal(err)
				}
				want[row] = append(want[row], fmt.Sprint(v))
			}
		}
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		book, err := OpenExcel(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if got := all(t, book, "FLOWS 2024 "); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: got %v, want %v", seed, got, want)
		}
	}
}

// The limit on cells counts what is added, and tells how much it is.
func TestCellsAreCounted(t *testing.T) {
	var c cells
	if err := c.add(MaxCells); err != nil {
		t.Fatal(err)
	}
	err := c.add(1)
	if !errors.Is(err, table.ErrTooLarge) || !strings.HasSuffix(err.Error(), "more than 50 million cells in a sheet") {
		t.Errorf("got %v", err)
	}
}
