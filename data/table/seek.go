package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stpmap/flow/fault"
)

// start finds encoding marks, the separator and the header.
func (t *Reader) start() error {
	t.hold = true
	if err := t.marks(); err != nil {
		return err
	}
	origin := origin{t.pos, t.enc}
	best, err := t.separator(origin)
	if err != nil {
		return err
	}
	switch {
	case !best.recognised && best.fault != nil:
		return best.fault
	case best.width == 0:
		return &fault.Error{File: t.name, Err: fmt.Errorf("%w: the file is empty", ErrEmptyTable)}
	}
	t.rewind(origin, best.comma)
	if !t.opts.NoHeader {
		if err := t.goTo(best); err != nil {
			return err
		}
		t.takeHeader()
	}
	t.hold = false
	return nil
}

// marks looks at the first bytes: a byte order mark is passed over, and other
// encodings and line ends are refused.
func (t *Reader) marks() error {
	for t.end < 4 {
		if err := t.fill(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	head := t.buf[:t.end]
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		t.pos, t.enc = 3, UTF8
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return &fault.Error{File: t.name, Line: 1, Column: 1, Err: fmt.Errorf("%w: this is UTF-16; save it as UTF-8", ErrEncoding)}
	case bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 && t.end > t.pos+1 && bytes.IndexByte(head, '\r') < t.end-1:
		return &fault.Error{File: t.name, Line: 1, Err: errors.New("lines end in a bare carriage return; save it with line feeds")}
	}
	return nil
}

// origin is where the text of a table starts, and what is known of its encoding
// there.
type origin struct {
	pos int
	enc Encoding
}

// rewind goes back to the start of the text, for a separator.
func (t *Reader) rewind(o origin, comma byte) {
	t.pos, t.line, t.enc, t.comma, t.done = o.pos, 1, o.enc, comma, false
	t.special = t.findSpecial(o.pos)
}

// separator finds the header and the separator: the first with which a row is
// recognised; else the one that makes the widest row.
func (t *Reader) separator(o origin) (candidate, error) {
	commas := []byte{t.opts.Comma}
	if t.opts.Comma == 0 {
		commas = []byte{',', '\t', ';', '|'}
	}
	best := candidate{comma: commas[0]}
	for i, c := range commas {
		t.rewind(o, c)
		found, err := t.seek()
		if err != nil {
			return best, err
		}
		if i == 0 || found.recognised || found.width > best.width {
			best, best.comma = found, c
		}
		if found.recognised {
			break
		}
	}
	return best, nil
}

// goTo reads as far as the header chosen, and keeps the lines before it.
func (t *Reader) goTo(header candidate) error {
	for {
		from, line := t.pos, t.line
		err := t.read()
		if line == header.line {
			return err
		}
		if err == io.EOF {
			return err
		}
		if err != nil {
			t.resync(from, line)
		}
		if text := preambleText(t.buf[from:t.pos], header.comma); text != "" {
			t.preamble = append(t.preamble, text)
		}
	}
}

// takeHeader keeps the row at hand as the header.
func (t *Reader) takeHeader() {
	t.headerLine = t.rowLine
	t.headerByte = t.data[t.ends[0]+1]
	n := len(t.ends) - 1
	for n > 1 && len(t.Field(n-1)) == 0 {
		n-- // headings that are blank at the end are a spreadsheet's leavings
	}
	for i := range n {
		t.header = append(t.header, t.Text(i))
		line, column := t.Pos(i)
		t.headerPlaces = append(t.headerPlaces, place{line, column})
	}
}

func preambleText(line []byte, comma byte) string {
	text := string(line)
	if !utf8.Valid(line) {
		text, _ = charmap.Windows1252.NewDecoder().String(text)
	}
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(text), string(comma)+`"`))
}

// candidate is what may be the header.
type candidate struct {
	line, width int
	comma       byte
	recognised  bool
	fault       *fault.Error // the first row that could not be read
}

// seek looks for the header with the separator now set.
func (t *Reader) seek() (best candidate, err error) {
	wanted := t.opts.Header
	if t.opts.NoHeader {
		wanted = nil
	}
	var cells []string
	for t.line <= MaxPreamble {
		from, line := t.pos, t.line
		err := t.read()
		var bad *fault.Error
		switch {
		case err == io.EOF:
			return best, nil
		case err != nil && (t.srcErr != nil || !errors.As(err, &bad)):
			return best, err
		case err != nil:
			// A stray quote in the preamble is nobody's fault.
			if best.fault == nil {
				best.fault = bad
			}
			if wanted == nil {
				return best, nil
			}
			t.resync(from, line)
			continue
		}
		n := len(t.ends) - 1
		if t.blank(n) {
			continue
		}
		var width int
		cells, width = t.cells(cells[:0])
		if wanted != nil && wanted(cells) {
			return candidate{line: line, width: n, recognised: true}, nil
		}
		if width > best.width {
			best.line, best.width = line, width
		}
		if wanted == nil {
			break
		}
	}
	return best, nil
}

// cells gives the row at hand as text, and how many cells say something.
func (t *Reader) cells(cells []string) (all []string, width int) {
	for i := range len(t.ends) - 1 {
		cells = append(cells, t.Text(i))
		if strings.Trim(cells[i], ",;|\t ") != "" {
			width++
		}
	}
	return cells, width
}

// resync goes to the line after the one that starts at from, after a row
// starting there could not be read.
func (t *Reader) resync(from, line int) {
	t.done = false
	t.pos, t.line = t.end, line+1
	if i := bytes.IndexByte(t.buf[from:t.end], '\n'); i >= 0 {
		t.pos = from + i + 1
	}
	t.special = t.findSpecial(t.pos)
}
