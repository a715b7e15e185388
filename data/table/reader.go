package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"stpmap/flow/fault"
)

// Limits of a text table.
const (
	MaxField    = 1 << 20  // bytes of one field
	MaxRow      = 16 << 20 // bytes of one row
	MaxPreamble = 50       // lines looked at for the header
)

// Layout says how a table is laid out. The zero value is right for a
// table whose first row that is not blank is the header.
type Layout struct {
	// Comma separates the fields; 0 takes whichever of comma, tab, semicolon
	// and bar fits the header.
	Comma byte
	// Header recognises the header among the first MaxPreamble lines; the
	// cells come trimmed. nil takes the first row that is not blank. Where it
	// recognises none, the first of the widest rows is the header, so that the
	// caller can say what is missing from it.
	Header func(cells []string) bool
	// NoHeader says that the first row is data.
	NoHeader bool
	// Ragged lets rows be shorter or longer than the header; missing fields
	// read as empty.
	Ragged bool
	// Cells makes the column of a place the number of its cell, for a sheet of
	// a workbook written as text.
	Cells bool
}

// Reader reads the rows of delimiter-separated text (RFC 4180) without holding
// them. It takes UTF-8, with or without a byte order mark, and Windows-1252:
// the first character beyond ASCII decides which, and one that does not fit
// afterwards is a fault. Preamble, blank rows and repeated header rows are
// skipped. Faults are *fault.Error with line and column.
type Reader struct {
	name   string
	src    io.Reader
	opts   Layout
	comma  byte
	header []string

	// buf[pos:end] is read but not consumed; no byte in buf[pos:special] is a
	// quote, NUL or beyond ASCII. buf has 8 bytes to spare after end.
	buf               []byte
	pos, end, special int
	hold              bool // keep buf from its start: the header is being sought
	filled            bool // the source had more to give than there was room for
	eof               bool
	srcErr            error
	line              int // of the next row
	enc               Encoding

	// The row: field i is data[ends[i]+1 : ends[i+1]], ends[0] being one before
	// the first.
	data     []byte
	ends     []int
	rowLine  int
	rowStart int     // of an easy row in data, for columns; -1 for a hard one
	places   []place // of the fields of a hard row
	scratch  []byte

	headerLine   int
	headerPlaces []place
	headerByte   byte // that the header starts with, to spot repeats
	preamble     []string
	repeats      int
	done         bool
}

type place struct{ line, column int }

// New reads as far as the header of the table in r. name is for messages.
// The error wraps ErrEmptyTable where there is no row at all.
func New(name string, r io.Reader, opts Layout) (*Reader, error) {
	t := &Reader{name: name, src: r, opts: opts, line: 1, buf: make([]byte, smallBuffer)}
	if err := t.start(); err != nil {
		return nil, err
	}
	return t, nil
}

// Name is the name the table was given.
func (t *Reader) Name() string { return t.name }

// Header gives the headings, trimmed; nil under NoHeader.
func (t *Reader) Header() []string { return t.header }

// HeaderPos is the line and column of heading i.
func (t *Reader) HeaderPos(i int) (line, column int) {
	if i < 0 || i >= len(t.headerPlaces) {
		return t.headerLine, 0
	}
	if t.opts.Cells {
		return t.headerLine, i + 1
	}
	return t.headerPlaces[i].line, t.headerPlaces[i].column
}

// HeaderFault is a fault at heading i, or at the header's line for i = -1.
func (t *Reader) HeaderFault(i int, err error) *fault.Error {
	line, column := t.HeaderPos(i)
	return &fault.Error{File: t.name, Line: line, Column: column, Err: err}
}

// Preamble gives the lines before the header, trimmed, blank ones left out.
func (t *Reader) Preamble() []string { return t.preamble }

// Comma is the separator in use.
func (t *Reader) Comma() byte { return t.comma }

// RepeatedHeaders is how many rows were skipped because they repeat the header.
func (t *Reader) RepeatedHeaders() int { return t.repeats }

// Encoding names the encoding as far as the text has shown it: "ASCII",
// "UTF-8" or "Windows-1252".
func (t *Reader) Encoding() string { return t.enc.String() }

// Len is the number of fields in the row.
func (t *Reader) Len() int { return len(t.ends) - 1 }

// Field gives field i of the row, without spaces around it, as UTF-8; empty
// where the row has no such field. It is valid until the next row.
func (t *Reader) Field(i int) []byte {
	if uint(i)+1 >= uint(len(t.ends)) {
		return nil
	}
	f := t.data[t.ends[i]+1 : t.ends[i+1]]
	if len(f) > 0 && (f[0] <= ' ' || f[0] >= 0x80 || f[len(f)-1] <= ' ' || f[len(f)-1] >= 0x80) {
		return bytes.TrimSpace(f)
	}
	return f
}

// Text is Field as a string.
func (t *Reader) Text(i int) string { return string(t.Field(i)) }

// Line is the line that the row starts in.
func (t *Reader) Line() int { return t.rowLine }

// Pos is the line and column (1-based, in bytes) where field i starts, at its
// quote if it has one.
func (t *Reader) Pos(i int) (line, column int) {
	switch {
	case i < 0:
		return t.rowLine, 0
	case t.opts.Cells:
		return t.rowLine, i + 1
	case t.rowStart >= 0:
		if i+1 >= len(t.ends) {
			i = len(t.ends) - 2
		}
		return t.rowLine, t.ends[i] + 2 - t.rowStart
	case i < len(t.places):
		return t.places[i].line, t.places[i].column
	}
	return t.rowLine, 0
}

// Fault is a fault in field i of the row, or in the row as a whole for i = -1.
func (t *Reader) Fault(i int, err error) *fault.Error {
	line, column := t.Pos(i)
	return &fault.Error{File: t.name, Line: line, Column: column, Err: err}
}

// Next goes to the next row. An *fault.Error is a fault in that row, past which
// the caller may go on; io.EOF comes after the last row; any other error comes
// from the source and is the last.
func (t *Reader) Next() error {
	if t.done {
		return io.EOF
	}
	for {
		if err := t.read(); err != nil {
			return err
		}
		n := len(t.ends) - 1
		if t.blank(n) {
			continue
		}
		if t.header == nil {
			return nil
		}
		if n != len(t.header) && !t.opts.Ragged {
			if err := t.ragged(n); err != nil {
				return err
			}
		}
		if t.data[t.ends[0]+1] == t.headerByte && t.repeatsHeader() {
			t.repeats++
			continue
		}
		return nil
	}
}

// ContextRows is how many rows go by between two looks at the context.
const ContextRows = 4096

// Each calls row for every row. Faults in a row, of its layout or returned by
// row, are collected in faults; any other error ends the reading and is
// returned. A fault past which nothing can be read is in faults too.
func (t *Reader) Each(ctx context.Context, faults *fault.List, row func() error) error {
	for n := 0; ; n++ {
		if n%ContextRows == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := t.Next()
		if err == nil {
			err = row()
		}
		if err == nil {
			continue
		}
		if err == io.EOF {
			return nil
		}
		var bad *fault.Error
		if !errors.As(err, &bad) {
			return err
		}
		faults.Add(bad)
	}
}

// blank reports whether no field of the row has anything in it.
func (t *Reader) blank(n int) bool {
	if t.ends[n]-t.ends[0]-1 == n-1 {
		return true // only separators
	}
	if c := t.data[t.ends[0]+1]; c > ' ' && c < 0x80 && c != t.comma && c != ',' {
		return false
	}
	for i := range n {
		if len(t.Field(i)) > 0 {
			return false
		}
	}
	return true
}

// ragged is the fault of a row that does not fit the header; blank fields at
// the end, as spreadsheets leave them, are none.
func (t *Reader) ragged(n int) error {
	for i := len(t.header); i < n; i++ {
		if len(t.Field(i)) > 0 {
			return t.Fault(i, fmt.Errorf("%w: %d fields where the header has %d", ErrRagged, n, len(t.header)))
		}
	}
	if n < len(t.header) {
		return t.Fault(n-1, fmt.Errorf("%w: %d of %d fields", ErrRagged, n, len(t.header)))
	}
	t.ends = t.ends[:len(t.header)+1]
	return nil
}

func (t *Reader) repeatsHeader() bool {
	for i, h := range t.header {
		if string(t.Field(i)) != h {
			return false
		}
	}
	return true
}

// makeRoom drops what is consumed, or makes the buffer larger.
func (t *Reader) makeRoom() error {
	if !t.hold && t.pos > 0 && (t.pos >= len(t.buf)/2 || t.end+8 >= len(t.buf)) {
		copy(t.buf, t.buf[t.pos:t.end])
		t.end -= t.pos
		t.special -= t.pos
		t.pos = 0
	}
	if t.end+8 >= len(t.buf) || len(t.buf) < largeBuffer && t.filled {
		if t.end-t.pos > MaxRow {
			return &fault.Error{File: t.name, Line: t.line, Err: fmt.Errorf("%w: one row of more than %d MiB; is a quote not closed?", ErrFieldSize, MaxRow>>20)}
		}
		grown := make([]byte, max(2*len(t.buf), largeBuffer))
		copy(grown, t.buf[:t.end])
		t.buf = grown
	}
	return nil
}

// A table of a few rows costs little; one that fills the small buffer gets the
// large one.
const smallBuffer, largeBuffer = 4 << 10, 256 << 10

// fill reads more of the source behind buf[pos:end], making room by dropping
// what is consumed or by growing. io.EOF says that there is no more.
func (t *Reader) fill() error {
	if t.srcErr != nil {
		return t.srcErr
	}
	if t.eof {
		return io.EOF
	}
	if err := t.makeRoom(); err != nil {
		return err
	}
	known := t.special == t.end
	from := t.end
	// A row is scanned anew when it goes on: a long one waits for a good part
	// more, or a source of small pieces would make that quadratic.
	want := 1
	if t.end-t.pos > 1<<16 {
		want = min((t.end-t.pos)/2, len(t.buf)-8-t.end)
	}
	for idle := 0; idle < 100 && t.end-from < want; idle++ {
		n, err := t.src.Read(t.buf[t.end : len(t.buf)-8])
		t.end += n
		if err == io.EOF {
			t.eof = true
			break
		} else if err != nil {
			t.srcErr = t.located(err)
			break
		}
		if n > 0 {
			idle = -1
		}
	}
	t.filled = t.end+8 >= len(t.buf)
	if known {
		t.special = t.findSpecial(from)
	}
	switch {
	case t.end > from:
		return nil
	case t.srcErr != nil:
		return t.srcErr
	case t.eof:
		return io.EOF
	}
	return io.ErrNoProgress
}

// located gives a fault of the source (broken compression) the line reached.
func (t *Reader) located(err error) error {
	var bad *fault.Error
	if errors.As(err, &bad) && bad.Line == 0 {
		line := t.line + bytes.Count(t.buf[t.pos:t.end], []byte{'\n'})
		return &fault.Error{File: bad.File, Line: line, Err: bad.Err}
	}
	return err
}

const (
	lows   = 0x0101010101010101
	sevens = 0x7f7f7f7f7f7f7f7f
	highs  = 0x8080808080808080
)

// findSpecial finds the first quote, NUL or byte beyond ASCII from i on, or end.
func (t *Reader) findSpecial(i int) int {
	b := t.buf
	for ; i+8 <= t.end; i += 8 {
		w := word(b, i)
		q := w ^ lows*'"'
		// A borrow can set bits above a true match only; the lowest is right.
		if m := ((w-lows)&^w | (q-lows)&^q | w) & highs; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < t.end; i++ {
		if b[i] == '"' || b[i] == 0 || b[i] >= 0x80 {
			return i
		}
	}
	return t.end
}

func word(b []byte, i int) uint64 {
	b = b[i : i+8 : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// read gets the next row, blank or not. It marks the table as done at io.EOF
// and at errors past which there is no going on.
func (t *Reader) read() error {
	commas := lows * uint64(t.comma)
	for {
		// The easy row: no quote, no NUL, only ASCII. Eight bytes at a time,
		// separators and line feeds in one pass.
		ends := append(t.ends[:0], t.pos-1)
		buf, limit := t.buf, t.special
		for i := t.pos; i < limit; i += 8 {
			w := word(buf, i)
			c, l := w^commas, w^lows*'\n'
			m := ^(((c&sevens + sevens) | c | sevens) & ((l&sevens + sevens) | l | sevens))
			for ; m != 0; m &= m - 1 {
				p := i + bits.TrailingZeros64(m)>>3
				if p >= limit {
					break
				}
				if buf[p] == '\n' {
					t.ends = ends
					return t.easy(p, p+1)
				}
				ends = append(ends, p)
			}
		}
		t.ends = ends
		if t.special < t.end {
			return t.hard()
		}
		if len(ends) > 1<<20 {
			t.done = true
			return &fault.Error{File: t.name, Line: t.line, Err: fmt.Errorf("%w: more than a million fields", ErrRagged)}
		}
		from := t.pos
		switch err := t.fill(); {
		case err == nil:
		case err == io.EOF:
			if t.pos < t.end {
				for i := range t.ends {
					t.ends[i] -= from - t.pos // the row may have moved
				}
				return t.easy(t.end, t.end)
			}
			t.done = true
			return io.EOF
		default:
			t.done = true
			return err
		}
	}
}

// easy ends an unquoted row of ASCII at stop; the next starts at next.
func (t *Reader) easy(stop, next int) error {
	if stop > t.pos && t.buf[stop-1] == '\r' {
		stop--
	}
	t.ends = append(t.ends, stop)
	t.data, t.rowStart, t.rowLine = t.buf, t.pos, t.line
	t.line++
	t.pos = next
	if next-t.rowStart > MaxField {
		for i := range len(t.ends) - 1 {
			if t.ends[i+1]-t.ends[i] > MaxField {
				return t.Fault(i, ErrFieldSize)
			}
		}
	}
	return nil
}
