package xlsx

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"

	"stpmap/flow/plaintext"
	"stpmap/render/glossary"
	"stpmap/render/layer"
)

// Table is a sheet of the workbook.
type Table struct {
	Name    string // of the sheet
	Title   string // what its rows are, for people
	Columns []Column
	Rows    [][]any // string, int64, float64 and bool; nil is unknown
}

// Column is a column of a sheet.
type Column struct {
	Name, Meaning string
	Kind          glossary.Kind
}

// FromLayer is the table of a layer's columns, without its geometry.
func FromLayer(l layer.Layer) Table {
	t := Table{Name: l.Name, Title: l.Title, Rows: make([][]any, len(l.Features))}
	for _, f := range l.Fields {
		t.Columns = append(t.Columns, columnOf(l.Name, f))
	}
	for i := range l.Features {
		row := make([]any, len(l.Fields))
		for k, v := range l.Features[i].Values {
			if row[k] = layer.Known(v); row[k] != nil && l.Fields[k].Type == layer.Text {
				row[k] = plaintext.Cell(row[k].(string))
			}
		}
		t.Rows[i] = row
	}
	return t
}

// columnOf explains a field: by the glossary, else by its readable name.
func columnOf(table string, f layer.Field) Column {
	c, ok := glossary.Of(table, f.Name)
	if ok && (c.Kind == glossary.Text) == (f.Type == layer.Text) {
		return Column{f.Name, c.Meaning, c.Kind}
	}
	kinds := [...]glossary.Kind{layer.Text: glossary.Text, layer.Integer: glossary.Whole, layer.Real: glossary.Plain, layer.Boolean: glossary.Flag}
	return Column{f.Name, f.Alias, kinds[f.Type]}
}

// FromCSV reads a table that was written as CSV. The glossary says which columns
// hold numbers: a code of digits stays text. What is not of its column's kind is
// text too.
func FromCSV(name, title string, r io.Reader) (Table, error) {
	t := Table{Name: name, Title: title}
	cr := csv.NewReader(r)
	head, err := cr.Read()
	if err != nil {
		return t, err
	}
	for _, h := range head {
		c, _ := glossary.Of(name, h)
		t.Columns = append(t.Columns, Column{h, c.Meaning, c.Kind})
	}
	for {
		cells, err := cr.Read()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		row := make([]any, len(cells))
		for i, text := range cells {
			row[i] = value(text, t.Columns[i].Kind)
		}
		t.Rows = append(t.Rows, row)
	}
}

// Of is what writes a workbook of one table, told by what writes the table as CSV.
func Of(name, title string, about layer.About, csv func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		var b bytes.Buffer
		if err := csv(&b); err != nil {
			return err
		}
		t, err := FromCSV(name, title, &b)
		if err != nil {
			return err
		}
		return Write(w, about, []Table{t})
	}
}

// value is a cell of CSV in its column's kind.
func value(text string, kind glossary.Kind) any {
	switch {
	case text == "":
		return nil
	case kind == glossary.Flag && (text == "true" || text == "false"):
		return text == "true"
	case kind == glossary.Text || kind == glossary.Flag:
		return text
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		return x
	}
	return text
}
