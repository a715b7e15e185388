package spreadsheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"stpmap/data/table"
)

// ErrCellSize is a cell of more text than is read.
var ErrCellSize = errors.New("a cell of more than 1 MiB")

// maxCell bounds the text of a cell, and a tag with all its attributes, in
// bytes: programs allow 32,767 characters.
const maxCell = 1 << 20

// check refuses a workbook whose parts unpack to far more than they take, or
// with a cell that is too long, before a reader holds it. A missing part is the
// reader's to find.
func check(z *zip.Reader) error {
	for _, f := range z.File {
		if f.UncompressedSize64 > table.RatioFrom && f.UncompressedSize64/table.MaxRatio > f.CompressedSize64 {
			return fmt.Errorf("%w: %s unpacks to more than %d times its size", table.ErrTooLarge, f.Name, table.MaxRatio)
		}
	}
	for _, f := range z.File {
		if f.UncompressedSize64 > maxCell && strings.EqualFold(path.Ext(f.Name), ".xml") {
			if err := checkCells(f); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// checkCells reads a part once and holds no more of it than a cell may have.
func checkCells(f *zip.File) (err error) {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b := bufio.NewReaderSize(r, maxCell)
	text := 0 // bytes between tags since the last end of a cell
	for {
		run, err := b.ReadSlice('<')
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			return ErrCellSize
		case err != nil:
			return err
		}
		if endsCell(run) {
			text = 0
		}
		if text += len(run) - 1 - bytes.IndexByte(run, '>') - 1; text > maxCell {
			return ErrCellSize
		}
	}
}

// endsCell reports whether a tag, without its bracket, ends a cell or a shared
// text, in Excel's or OpenDocument's names, whatever their prefix.
func endsCell(run []byte) bool {
	if len(run) == 0 || run[0] != '/' {
		return false
	}
	name, _, _ := bytes.Cut(run[1:], []byte(">"))
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	switch string(name) {
	case "c", "si", "table-cell", "row", "table-row":
		return true
	}
	return false
}
