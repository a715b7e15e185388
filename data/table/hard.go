package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stpmap/flow/fault"
)

// Encoding is how the text of a table is written, as far as it has shown.
type Encoding int8

// The encodings; the first character beyond ASCII decides.
const (
	ASCII Encoding = iota // only ASCII so far
	UTF8
	Windows1252
)

// String names the encoding: "ASCII", "UTF-8" or "Windows-1252".
func (e Encoding) String() string {
	return [...]string{"ASCII", "UTF-8", "Windows-1252"}[e]
}

// errMore says that a row needs more of the source.
var errMore = errors.New("more")

// hard reads a row that has a quote, a NUL or a character beyond ASCII in it,
// by the rules of encoding/csv.
func (t *Reader) hard() error {
	for {
		next, err := t.parse()
		if err == errMore {
			// At io.EOF the table knows that this is the last row.
			if err := t.fill(); err != nil && err != io.EOF {
				t.done = true
				return err
			}
			continue
		}
		t.rowStart = -1
		t.pos = next
		if t.special < t.pos {
			t.special = t.findSpecial(t.pos)
		}
		return err
	}
}

// parse reads the row at pos into scratch and gives where the next one starts.
// Of a faulty row it gives the end of its line. It returns errMore, unless the
// source has ended, where the row does.
func (t *Reader) parse() (next int, err error) {
	t.scratch, t.places, t.ends = t.scratch[:0], t.places[:0], append(t.ends[:0], -1)
	t.rowLine = t.line
	line, lineStart := t.line, t.pos
	var refused *fault.Error
	bad := func(at int, err error) {
		if refused == nil {
			refused = &fault.Error{File: t.name, Line: line, Column: at - lineStart + 1, Err: err}
		}
	}
	i := t.pos
	for {
		if i > t.pos+MaxRow {
			bad(i, ErrFieldSize)
			t.done = true
			return i, refused
		}
		start := i
		t.places = append(t.places, place{line, i - lineStart + 1})
		if i < t.end && t.buf[i] == '"' {
			// A quoted field, up to a quote that is not doubled.
			open := place{line, i - lineStart + 1}
			i++
			for {
				q := bytes.IndexByte(t.buf[i:t.end], '"')
				if q < 0 || i+q+1 >= t.end && !t.eof {
					if !t.eof {
						if t.end-start > MaxField {
							t.done = true
							return t.end, &fault.Error{File: t.name, Line: open.line, Column: open.column, Err: fmt.Errorf("%w; is the quote not closed?", ErrFieldSize)}
						}
						return t.pos, errMore
					}
					t.done = true
					return t.end, &fault.Error{File: t.name, Line: open.line, Column: open.column, Err: fmt.Errorf("%w: quote is not closed", ErrQuote)}
				}
				span := t.buf[i : i+q]
				for {
					nl := bytes.IndexByte(span, '\n')
					if nl < 0 {
						break
					}
					// encoding/csv: a line end inside quotes is a line feed.
					part := span[:nl]
					if nl > 0 && part[nl-1] == '\r' {
						part = part[:nl-1]
					}
					t.text(part, line, lineStart, &refused)
					t.scratch = append(t.scratch, '\n')
					line++
					i += nl + 1
					lineStart = i
					span = span[nl+1:]
				}
				t.text(span, line, lineStart, &refused)
				i += len(span) + 1
				if i < t.end && t.buf[i] == '"' {
					t.scratch = append(t.scratch, '"')
					i++
					continue
				}
				break
			}
			if i+1 >= t.end && !t.eof {
				return t.pos, errMore // a line end of two bytes may be cut
			}
			if i < t.end && t.buf[i] != t.comma && t.buf[i] != '\n' &&
				!(t.buf[i] == '\r' && (i+1 >= t.end || t.buf[i+1] == '\n')) {
				bad(i, fmt.Errorf("%w: text after a closing quote", ErrQuote))
				nl := bytes.IndexByte(t.buf[i:t.end], '\n')
				if nl < 0 && !t.eof {
					return t.pos, errMore
				}
				t.line = line + 1
				if nl < 0 {
					return t.end, refused
				}
				return i + nl + 1, refused
			}
			if i < t.end && t.buf[i] == '\r' {
				i++
			}
		} else {
			rest := t.buf[i:t.end]
			n := 0
			for n < len(rest) && rest[n] != t.comma && rest[n] != '\n' {
				n++
			}
			if n == len(rest) && !t.eof {
				return t.pos, errMore
			}
			span := rest[:n]
			if n > 0 && span[n-1] == '\r' && (n == len(rest) || rest[n] == '\n') {
				span = span[:n-1]
			}
			if q := bytes.IndexByte(span, '"'); q >= 0 {
				bad(i+q, fmt.Errorf("%w: quote inside a field that does not start with one", ErrQuote))
			}
			t.text(span, line, lineStart, &refused)
			i += n
		}
		if i-start > MaxField {
			bad(start, ErrFieldSize)
		}
		t.ends = append(t.ends, len(t.scratch))
		if i >= t.end || t.buf[i] == '\n' {
			break
		}
		i++ // the separator
		t.scratch = append(t.scratch, t.comma)
	}
	t.data = t.scratch
	t.line = line + 1
	if i < t.end {
		i++
	}
	if refused != nil {
		return i, refused
	}
	return i, nil
}

// text adds a span of a field to scratch as UTF-8. The span lies in buf.
func (t *Reader) text(span []byte, line, lineStart int, refused **fault.Error) {
	easy := true
	for _, c := range span {
		if c >= 0x80 || c == 0 {
			easy = false
			break
		}
	}
	if easy {
		t.scratch = append(t.scratch, span...)
		return
	}
	at := cap(t.buf) - cap(span) // offset of the span in buf
	// Only the first fault is kept, so only its message is made: a file of zeros
	// has millions.
	bad := func(i int, what string, values ...any) {
		if *refused == nil {
			*refused = &fault.Error{File: t.name, Line: line, Column: at + i - lineStart + 1, Err: fmt.Errorf("%w: "+what, append([]any{ErrEncoding}, values...)...)}
		}
	}
	for i := 0; i < len(span); {
		c := span[i]
		if c == 0 {
			bad(i, "NUL byte")
		}
		if c < 0x80 {
			t.scratch = append(t.scratch, c)
			i++
			continue
		}
		_, n := utf8.DecodeRune(span[i:])
		if t.enc == ASCII {
			if t.enc = UTF8; n == 1 {
				t.enc = Windows1252
			}
		}
		if t.enc == UTF8 {
			if n == 1 {
				bad(i, "byte 0x%02X breaks UTF-8", c)
			}
			t.scratch = append(t.scratch, span[i:i+n]...)
			i += n
			continue
		}
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			bad(i, "byte 0x%02X", c)
			r = utf8.RuneError
		}
		t.scratch = utf8.AppendRune(t.scratch, r)
		i++
	}
}
