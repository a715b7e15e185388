package geojsonread

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	bufferSize = 64 << 10
	lookahead  = 256     // bytes the fast path wants to see at once
	maxLiteral = 1 << 20 // bytes of one string or number
	maxNesting = 256     // of values that are skipped
	// What keeps a file that unpacks without end from taking all memory.
	maxPositions = 50_000_000
	maxFeatures  = 2_000_000
	maxKeys      = 4096
	maxText      = 64 << 20
)

// Fault is something wrong with the text, and where.
type Fault struct {
	Line, Column int
	Err          error
}

// Error is "line:column: what is wrong".
func (f *Fault) Error() string { return fmt.Sprintf("%d:%d: %v", f.Line, f.Column, f.Err) }

// Unwrap gives what is wrong, without its place.
func (f *Fault) Unwrap() error { return f.Err }

// What can be wrong with a file; test with errors.Is.
var (
	ErrSyntax    = errors.New("not JSON")
	ErrTruncated = errors.New("ends too early")
	ErrEncoding  = errors.New("not UTF-8 text")
	ErrTooLarge  = errors.New("too large")
)

// scanner reads JSON from a stream through one buffer.
type scanner struct {
	ctx       context.Context
	r         io.Reader
	buf       []byte // what has been read and not yet dropped
	pos       int    // next byte in buf
	eof       bool
	err       error // of reading, other than the end
	off       int64 // bytes before buf[0]
	lines     int   // newlines before buf[0]
	lineStart int64 // offset of the first byte of the line that buf[0] stands in
	// Up to mark, newlines have been counted already.
	mark      int
	markLines int
	markStart int64
	names     map[string]string // of members, each kept once
}

func newScanner(ctx context.Context, r io.Reader) *scanner {
	s := &scanner{ctx: ctx, r: r, buf: make([]byte, 0, bufferSize)}
	for len(s.buf) < 3 && s.fill() {
	}
	if bytes.HasPrefix(s.buf, []byte("\xef\xbb\xbf")) {
		s.pos = 3
	}
	return s
}

// fill drops what has been scanned and reads on; false at the end.
func (s *scanner) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if err := s.ctx.Err(); err != nil {
		s.err = context.Cause(s.ctx)
		return false
	}
	s.advance(s.pos)
	s.lines, s.lineStart = s.markLines, s.markStart
	s.off += int64(s.pos)
	s.mark = 0
	kept := copy(s.buf[:cap(s.buf)], s.buf[s.pos:])
	s.pos = 0
	s.buf = s.buf[:kept]
	if kept == cap(s.buf) {
		s.buf = append(make([]byte, 0, 2*cap(s.buf)), s.buf...)
	}
	for tries := 0; ; tries++ {
		n, err := s.r.Read(s.buf[kept:cap(s.buf)])
		s.buf = s.buf[:kept+n]
		switch {
		case err == io.EOF:
			s.eof = true
		case err != nil:
			s.err = err
		case n == 0 && tries > 100:
			s.err = io.ErrNoProgress
		case n == 0:
			continue
		}
		return n > 0
	}
}

// advance counts the newlines between mark and pos.
func (s *scanner) advance(pos int) {
	if pos < s.mark {
		s.mark, s.markLines, s.markStart = 0, s.lines, s.lineStart
	}
	b := s.buf[s.mark:pos]
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		s.markLines += bytes.Count(b, []byte{'\n'})
		s.markStart = s.off + int64(s.mark+i) + 1
	}
	s.mark = pos
}

// place is the line and column of a position in the buffer.
func (s *scanner) place(pos int) (line, column int) {
	s.advance(pos)
	return s.markLines + 1, int(s.off+int64(pos)-s.markStart) + 1
}

func (s *scanner) faultAt(pos int, err error) *Fault {
	line, column := s.place(pos)
	return &Fault{Line: line, Column: column, Err: err}
}

func (s *scanner) fault(err error) error { return s.faultAt(s.pos, err) }

// ended is the error for a text that stops where more must come.
func (s *scanner) ended() error {
	if s.err != nil {
		if s.ctx.Err() != nil {
			return s.err
		}
		return s.fault(s.err)
	}
	return s.fault(ErrTruncated)
}

// peek skips white space and gives the next byte without taking it.
func (s *scanner) peek() (byte, error) {
	for {
		for s.pos < len(s.buf) {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\r', '\n':
				s.pos++
			default:
				return c, nil
			}
		}
		if !s.fill() {
			return 0, s.ended()
		}
	}
}

// atEnd skips white space and says whether nothing else follows.
func (s *scanner) atEnd() (bool, error) {
	_, err := s.peek()
	if errors.Is(err, ErrTruncated) {
		return true, nil
	}
	return false, err
}

func (s *scanner) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return s.fault(fmt.Errorf("%w: want %q, found %q", ErrSyntax, want, c))
	}
	s.pos++
	return nil
}

// next is called after a value of an array or object: true if another follows.
func (s *scanner) next(end byte) (bool, error) {
	c, err := s.peek()
	if err != nil {
		return false, err
	}
	if c != ',' && c != end {
		return false, s.fault(fmt.Errorf("%w: want ',' or %q, found %q", ErrSyntax, end, c))
	}
	s.pos++
	return c == ',', nil
}

// object calls member for each key of an object; member takes the value.
func (s *scanner) object(member func(key string) error) error {
	if err := s.expect('{'); err != nil {
		return err
	}
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c == '}' {
		s.pos++
		return nil
	}
	for more := true; more; {
		key, err := s.name()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
		if more, err = s.next('}'); err != nil {
			return err
		}
	}
	return nil
}

// array calls element for each value of an array; element takes it.
func (s *scanner) array(element func() error) error {
	if err := s.expect('['); err != nil {
		return err
	}
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c == ']' {
		s.pos++
		return nil
	}
	for more := true; more; {
		if err := element(); err != nil {
			return err
		}
		if more, err = s.next(']'); err != nil {
			return err
		}
	}
	return nil
}

// quoted takes a string's text with its quotes; it is valid until the next
// read.
func (s *scanner) quoted() ([]byte, error) {
	if c, err := s.peek(); err != nil {
		return nil, err
	} else if c != '"' {
		return nil, s.fault(fmt.Errorf("%w: want a string, found %q", ErrSyntax, c))
	}
	for n := 1; ; {
		for ; s.pos+n < len(s.buf); n++ {
			switch s.buf[s.pos+n] {
			case '\\':
				n++
			case '"':
				text := s.buf[s.pos : s.pos+n+1]
				s.pos += n + 1
				return text, nil
			case '\n':
				return nil, s.faultAt(s.pos+n, fmt.Errorf("%w: line break in a string", ErrSyntax))
			}
		}
		if n > maxLiteral {
			return nil, s.fault(fmt.Errorf("string: %w", ErrTooLarge))
		}
		if !s.fill() {
			return nil, s.ended()
		}
	}
}

// str takes a string and decodes it.
func (s *scanner) str() (string, error) {
	text, err := s.quoted()
	if err != nil {
		return "", err
	}
	start := s.pos - len(text)
	if !utf8.Valid(text) {
		return "", s.faultAt(start, ErrEncoding)
	}
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1]), nil
	}
	var out string
	if err := json.Unmarshal(text, &out); err != nil {
		return "", s.faultAt(start, fmt.Errorf("%w: string %.40q", ErrSyntax, text))
	}
	return out, nil
}

// name takes a string that many objects have.
func (s *scanner) name() (string, error) {
	text, err := s.quoted()
	if err != nil {
		return "", err
	}
	if name, ok := s.names[string(text)]; ok {
		return name, nil
	}
	quoted := string(text)
	s.pos -= len(text)
	name, err := s.str()
	if err == nil && len(s.names) < maxKeys && len(quoted) < 256 {
		if s.names == nil {
			s.names = make(map[string]string)
		}
		s.names[quoted] = name
	}
	return name, err
}

// literal takes the bytes of a number, true, false or null; they are valid
// until the next read.
func (s *scanner) literal() ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	for n := 0; ; {
		for ; s.pos+n < len(s.buf); n++ {
			switch c := s.buf[s.pos+n]; {
			case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '+', c == '.':
			default:
				text := s.buf[s.pos : s.pos+n]
				if n == 0 {
					return nil, s.fault(fmt.Errorf("%w: want a value, found %q", ErrSyntax, c))
				}
				s.pos += n
				return text, nil
			}
		}
		if n > maxLiteral {
			return nil, s.fault(fmt.Errorf("number: %w", ErrTooLarge))
		}
		if !s.fill() {
			return nil, s.ended()
		}
	}
}

// isNumber says whether text is a number as JSON spells it.
func isNumber(text []byte) bool {
	digits := func(b []byte) int {
		n := 0
		for n < len(b) && b[n] >= '0' && b[n] <= '9' {
			n++
		}
		return n
	}
	b := bytes.TrimPrefix(text, []byte{'-'})
	n := digits(b)
	if n == 0 || n > 1 && b[0] == '0' {
		return false
	}
	b = b[n:]
	if len(b) > 0 && b[0] == '.' {
		if n = digits(b[1:]); n == 0 {
			return false
		}
		b = b[1+n:]
	}
	if len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if n = digits(b); n == 0 {
			return false
		}
		b = b[n:]
	}
	return len(b) == 0
}

// skip takes one value of any kind.
func (s *scanner) skip() error {
	var open []byte
	for {
		c, err := s.peek()
		if err != nil {
			return err
		}
		switch c {
		case '{', '[':
			if len(open) == maxNesting {
				return s.fault(fmt.Errorf("nested more than %d deep: %w", maxNesting, ErrTooLarge))
			}
			s.pos++
			end := c + 2 // '[' and ']', '{' and '}' lie two apart
			if after, err := s.peek(); err != nil {
				return err
			} else if after == end {
				s.pos++
				break
			}
			open = append(open, end)
			if c == '{' {
				if err := s.key(); err != nil {
					return err
				}
			}
			continue
		case '"':
			if _, err := s.quoted(); err != nil {
				return err
			}
		default:
			start := s.pos
			text, err := s.literal()
			if err != nil {
				return err
			}
			if w := string(text); w != "true" && w != "false" && w != "null" && !isNumber(text) {
				return s.faultAt(max(0, min(start, s.pos-len(text))), fmt.Errorf("%w: value %.40q", ErrSyntax, text))
			}
		}
		for len(open) > 0 {
			end := open[len(open)-1]
			more, err := s.next(end)
			if err != nil {
				return err
			}
			if more {
				if end == '}' {
					if err := s.key(); err != nil {
						return err
					}
				}
				break
			}
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			return nil
		}
	}
}

func (s *scanner) key() error {
	if _, err := s.quoted(); err != nil {
		return err
	}
	return s.expect(':')
}
