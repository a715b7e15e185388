package table

import (
	"io"
	"unicode/utf8"
)

// Rest is what a table has below the row that it is at, for who reads that part
// another way.
type Rest struct {
	Read     []byte    // of the source, but not looked at yet; valid until the table is used again
	Source   io.Reader // what follows
	Err      error     // why Source gives no more: io.EOF or its fault; nil where it may
	Line     int       // of the next row
	Encoding Encoding  // as far as the text has shown it
}

// Rest gives what the table has below the row that it is at.
func (t *Reader) Rest() Rest {
	r := Rest{Read: t.buf[t.pos:t.end], Source: t.src, Err: t.srcErr, Line: t.line, Encoding: t.enc}
	if r.Err == nil && t.eof {
		r.Err = io.EOF
	}
	return r
}

// Part is a table under the header of t that has only the rows in the first n
// bytes of buf, which has 8 bytes to spare behind them. The rows are whole, and
// the first of them starts at a line.
func (t *Reader) Part(buf []byte, n, line int, enc Encoding) *Reader {
	p := &Reader{
		name: t.name, opts: t.opts, comma: t.comma, header: t.header, headerByte: t.headerByte,
		headerLine: t.headerLine, headerPlaces: t.headerPlaces, line: line, enc: enc,
		buf: buf[:cap(buf):cap(buf)], end: n, eof: true,
	}
	p.special = p.findSpecial(0)
	return p
}

// Done reports whether nothing more can be read: at the end, or past a fault
// that hides where the next row starts.
func (t *Reader) Done() bool { return t.done }

// FirstEncoding is what the first character beyond ASCII decides.
func FirstEncoding(text []byte) Encoding {
	i := 0
	for ; i+32 <= len(text); i += 32 {
		if (word(text, i)|word(text, i+8)|word(text, i+16)|word(text, i+24))&highs != 0 {
			break
		}
	}
	for ; i < len(text); i++ {
		if text[i] >= 0x80 {
			if r, n := utf8.DecodeRune(text[i:]); r == utf8.RuneError && n <= 1 {
				return Windows1252
			}
			return UTF8
		}
	}
	return ASCII
}

// TextEncoding is that of the text, as far as it has shown it.
func (t *Reader) TextEncoding() Encoding { return t.enc }
