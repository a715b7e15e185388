package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"

	"stpmap/flow"
	"stpmap/flow/plaintext"
)

// Writer writes CSV and keeps the first error.
type Writer struct {
	b   *bufio.Writer
	csv *csv.Writer
	err error
}

// NewWriter writes the heading.
func NewWriter(w io.Writer, heading ...string) *Writer {
	b := bufio.NewWriter(w)
	t := &Writer{b: b, csv: csv.NewWriter(b)}
	t.Row(heading...)
	return t
}

// Row writes one row, unless an error came before. Texts that a spreadsheet would
// run are written as plaintext.Cell has them.
func (t *Writer) Row(cells ...string) {
	if t.err == nil {
		t.err = t.csv.Write(plaintext.Cells(cells))
	}
}

// Close writes what is left, and gives the first error. It does not close the
// writer below.
func (t *Writer) Close() error {
	t.csv.Flush()
	return errors.Join(t.err, t.csv.Error(), t.b.Flush())
}

// FormatNumber is a number as our tables have it: the shortest text that reads
// back as the same.
func FormatNumber(x float64) string { return string(flow.AppendNumber(nil, x)) }
