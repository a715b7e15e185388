package csv

import (
	"encoding/csv"
	"io"
	"strconv"

	"stpmap/flow"
	"stpmap/flow/plaintext"
	"stpmap/render/layer"
)

// Write writes the columns of a layer, without its geometry: RFC 4180 with
// line feeds, unknowns as empty cells, whole numbers in full and others in the
// shortest form that reads back the same.
func Write(w io.Writer, l layer.Layer) error {
	cw := csv.NewWriter(w)
	row := make([]string, len(l.Fields))
	for i, f := range l.Fields {
		row[i] = plaintext.Cell(f.Name)
	}
	if err := cw.Write(row); err != nil {
		return err
	}
	for _, f := range l.Features {
		for i, v := range f.Values {
			row[i] = Cell(v)
		}
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// Cell is a value as it stands in a table; an unknown is empty, and a text is none
// that a spreadsheet runs.
func Cell(v any) string {
	switch v := v.(type) {
	case string:
		return plaintext.Cell(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return string(flow.AppendNumber(nil, v))
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
