package importer

import (
	"bytes"

	"stpmap/data/table"
)

// Rows streams the rows of one table of a published file, blank rows and
// repeated headings left out.
type Rows interface {
	// next gives the next row, valid until the call after it. An *fault.Error is
	// a fault past which the caller may go on; io.EOF comes after the last row.
	next() (Row, error)
}

// Row is one row: of a text table where t is set, of a spreadsheet
// otherwise.
type Row struct {
	t     *table.Reader
	cells [][]byte
	Line  int // 1-based line, or row of a spreadsheet
}

// Cell is the text of a cell without space around it; nil past the end of the
// row and for a column of -1.
func (r Row) Cell(i int) []byte {
	if r.t != nil {
		if i < 0 {
			return nil
		}
		return r.t.Field(i)
	}
	if i < 0 || i >= len(r.cells) {
		return nil
	}
	return bytes.TrimSpace(r.cells[i])
}

// Text is Cell as a string.
func (r Row) Text(i int) string { return string(r.Cell(i)) }

func (r Row) len() int {
	if r.t != nil {
		return r.t.Len()
	}
	return len(r.cells)
}

// Position is where a cell is: line and byte column of a text, row and number
// of the cell in a spreadsheet.
func (r Row) Position(i int) (line, column int) {
	switch {
	case i < 0:
		return r.Line, 0
	case r.t != nil:
		return r.t.Pos(i)
	}
	return r.Line, i + 1
}

func byteCells(texts []string) [][]byte {
	cells := make([][]byte, len(texts))
	for i, s := range texts {
		cells[i] = []byte(s)
	}
	return cells
}

// textSheet is a table of delimiter-separated text.
type textSheet struct{ t *table.Reader }

func (s *textSheet) next() (Row, error) {
	err := s.t.Next()
	return Row{t: s.t, Line: s.t.Line()}, err
}
