package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"stpmap/render/glossary"
	"stpmap/render/layer"
)

// The sheets that explain the others.
const (
	aboutSheet   = "About"
	columnsSheet = "Columns"
)

// mostRows is how many rows a sheet can hold, the heading among them.
const mostRows = 1_048_576

// ErrRows is a table with more rows than a sheet can hold.
var ErrRows = errors.New("a sheet of Excel holds 1,048,575 rows at most: write CSV")

// day is what stands wherever the format demands a time.
const day = "1980-01-01T00:00:00Z"

// formats are those of numbers, by kind.
var formats = [...]string{
	glossary.Text: "@", glossary.Whole: "#,##0", glossary.Count: "#,##0", glossary.Decimal: "#,##0.00", glossary.Share: "0.0%", glossary.Plain: "General", glossary.Flag: "General",
}

// Write writes a workbook: About, Columns, then the tables in their order. Names
// are text and no formula. The same tables give the same bytes. The error wraps
// ErrRows, or is the writer's.
func Write(w io.Writer, about layer.About, tables []Table) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDocProps(&excelize.DocProperties{Title: about.Title, Creator: "stpmap", LastModifiedBy: "stpmap", Created: day, Modified: day, Version: about.Version}); err != nil {
		return err
	}
	b := &book{File: f}
	if err := b.makeStyles(); err != nil {
		return err
	}
	sheets := append([]Table{aboutTable(about, tables), explained(tables)}, tables...)
	for i, t := range sheets {
		if len(t.Rows) >= mostRows {
			return fmt.Errorf("%s has %d rows: %w", t.Name, len(t.Rows), ErrRows)
		}
		if err := b.sheet(i, &t); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return repack(w, out.Bytes())
}

// aboutTable says what the workbook is, and what its sheets hold.
func aboutTable(about layer.About, tables []Table) Table {
	t := Table{Name: aboutSheet, Columns: []Column{{Name: "what"}, {Name: "text"}}}
	add := func(what, text string) {
		if text != "" {
			t.Rows = append(t.Rows, []any{what, text})
		}
	}
	add("Title", about.Title)
	add("Note", about.Notice)
	add("Evidence", about.Evidence)
	for _, s := range about.Sources {
		add("Source", s)
	}
	add("Made with", strings.TrimSpace("stpmap "+about.Version))
	add("Choices", about.Parameters)
	add("SHA-256 of the flows", about.FlowSHA256)
	add("Sheet "+columnsSheet, "What each column of each sheet means.")
	for _, one := range tables {
		add("Sheet "+one.Name, one.Title)
	}
	return t
}

// explained lists the columns of all tables.
func explained(tables []Table) Table {
	shown := [...]string{glossary.Text: "text", glossary.Whole: "whole number", glossary.Count: "number, shown without decimals", glossary.Decimal: "number", glossary.Share: "share, shown as a percentage", glossary.Plain: "number, in the unit of its row", glossary.Flag: "true or false"}
	t := Table{Name: columnsSheet, Columns: []Column{{Name: "sheet"}, {Name: "column"}, {Name: "meaning"}, {Name: "kind"}}}
	for _, one := range tables {
		for _, c := range one.Columns {
			t.Rows = append(t.Rows, []any{one.Name, c.Name, c.Meaning, shown[c.Kind]})
		}
	}
	return t
}

// book is the workbook that is being written.
type book struct {
	*excelize.File
	head   int
	styles [len(formats)]int
}

func (b *book) makeStyles() (err error) {
	if b.head, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6EE"}}}); err != nil {
		return err
	}
	for kind, format := range formats {
		if format == "General" {
			continue // without a style, a flag stays a flag in every reader
		}
		if b.styles[kind], err = b.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return err
		}
	}
	return nil
}

// sheet writes a table: the heading stays in sight.
func (b *book) sheet(i int, t *Table) error {
	if i == 0 {
		if err := b.SetSheetName("Sheet1", t.Name); err != nil {
			return err
		}
	} else if _, err := b.NewSheet(t.Name); err != nil {
		return err
	}
	w, err := b.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for k := range t.Columns {
		if err := w.SetColWidth(k+1, k+1, width(t, k)); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(t.Columns))
	for k, c := range t.Columns {
		cells[k] = excelize.Cell{StyleID: b.head, Value: c.Name}
	}
	if err := w.SetRow("A1", cells); err != nil {
		return err
	}
	for r, row := range t.Rows {
		for k, v := range row {
			cells[k] = excelize.Cell{StyleID: b.styles[t.Columns[k].Kind], Value: clean(v)}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", r+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// clean is a value that a sheet can hold. A number without end is none.
func clean(v any) any {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		if x == 0 {
			return 0.0 // not −0
		}
	case string:
		return strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
				return utf8.RuneError
			}
			return r
		}, x)
	}
	return v
}

// width is that of a column by its heading and its first rows, in letters.
func width(t *Table, k int) float64 {
	most := utf8.RuneCountInString(t.Columns[k].Name) + 2
	for _, row := range t.Rows[:min(len(t.Rows), 200)] {
		if s, ok := row[k].(string); ok {
			most = max(most, utf8.RuneCountInString(s)+1)
		}
	}
	return float64(min(max(most, 8), 70))
}

// repack writes the parts of a workbook in the order of their names, without
// times.
func repack(w io.Writer, b []byte) error {
	in, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		part, err := f.Open()
		if err != nil {
			return err
		}
		to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := io.Copy(to, part); err != nil {
			return err
		}
	}
	return out.Close()
}
