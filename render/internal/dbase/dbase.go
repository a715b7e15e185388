// Package dbase reads the rows of dBASE tables in the character set they are in.
package dbase

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"stpmap/render/internal/geojsonread"
)

// What can be wrong with a file of a fixed layout; test with errors.Is.
var (
	ErrFormat    = errors.New("not a boundary file")
	ErrTruncated = geojsonread.ErrTruncated
)

type column struct {
	kind   byte
	length int
}

// Reader reads the rows of a dBASE table.
type Reader struct {
	r      *bufio.Reader
	Names  []string
	fields []column
	row    []byte
	Text   Text
	rows   int // that the header says
	done   int
}

// NewReader reads the head of a table; cpg is the text of its .cpg file, empty for none.
func NewReader(r io.Reader, cpg string) (*Reader, error) {
	d := &Reader{r: bufio.NewReaderSize(r, 1<<16)}
	var head [32]byte
	if _, err := io.ReadFull(d.r, head[:]); err != nil {
		return nil, fmt.Errorf("%w: the .dbf file: %w", ErrFormat, Truncated(err))
	}
	d.rows = int(int32(binary.LittleEndian.Uint32(head[4:])))
	length, row := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if length < 33 || row < 1 {
		return nil, fmt.Errorf("%w: the .dbf file's header has %d bytes and its rows %d", ErrFormat, length, row)
	}
	d.Text = NewText(cpg, head[29])
	rest := make([]byte, length-32)
	if _, err := io.ReadFull(d.r, rest); err != nil {
		return nil, fmt.Errorf("%w: the .dbf file: %w", ErrFormat, Truncated(err))
	}
	total := 1
	for ; len(rest) >= 32 && rest[0] != 0x0d; rest = rest[32:] {
		name, err := d.Text.Decode(rest[:11])
		if err != nil {
			return nil, fmt.Errorf("a column's name in the .dbf file: %w", err)
		}
		d.Names = append(d.Names, name)
		f := column{kind: rest[11], length: int(rest[16])}
		if f.kind == 'C' {
			f.length += int(rest[17]) << 8 // long text keeps its upper byte where numbers have decimals
		}
		d.fields = append(d.fields, f)
		total += f.length
	}
	if total > row {
		return nil, fmt.Errorf("%w: the .dbf file's columns take %d bytes of a row of %d", ErrFormat, total, row)
	}
	d.row = make([]byte, row)
	return d, nil
}

// Left is how many rows are still to come by what the header says.
func (d *Reader) Left() int { return max(0, d.rows-d.done) }

// Next reads a row; deleted says that it was struck out.
func (d *Reader) Next() (values []geojsonread.Property, deleted bool, err error) {
	if _, err := io.ReadFull(d.r, d.row); err != nil {
		return nil, false, Truncated(err)
	}
	d.done++
	at := 1
	for i, f := range d.fields {
		raw := d.row[at : at+f.length]
		at += f.length
		switch f.kind {
		case 'N', 'F', 'C', 'D', 'L':
		default:
			continue // binary
		}
		text, err := d.Text.Decode(raw)
		if err != nil {
			return nil, false, fmt.Errorf("column %s: %w", d.Names[i], err)
		}
		p := geojsonread.Property{Key: int32(i), Kind: geojsonread.String, Text: text}
		if f.kind == 'N' || f.kind == 'F' {
			p.Kind = geojsonread.Number
			if strings.Trim(text, "*") == "" {
				p.Kind, p.Text = geojsonread.Null, ""
			}
		}
		values = append(values, p)
	}
	return values, d.row[0] == '*', nil
}

// field is a text without its padding: spaces before and after it, and all from
// the first zero byte on.
func field(b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte{0})
	return bytes.Trim(b, " ")
}

// Truncated is ErrTruncated for the end of a file, else the error itself.
func Truncated(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrTruncated
	}
	return err
}
