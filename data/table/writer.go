package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"

	"stpmap/flow"
)

// Writer writes CSV and keeps the first error.
type Writer struct {
	b   *bufio.Writer
	csv *csv.Writer
	err error
}

func NewWriter(w io.Writer, heading ...string) *Writer {
	b := bufio.NewWriter(w)
	t := &Writer{b: b, csv: csv.NewWriter(b)}
	t.Row(heading...)
	return t
}

func (t *Writer) Row(cells ...string) {
	if t.err == nil {
		t.err = t.csv.Write(cells)
	}
}

func (t *Writer) Close() error {
	t.csv.Flush()
	return errors.Join(t.err, t.csv.Error(), t.b.Flush())
}

func FormatNumber(x float64) string { return string(flow.AppendNumber(nil, x)) }
