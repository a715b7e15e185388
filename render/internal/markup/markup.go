package markup

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// Writer writes XML with attributes in the order they are given. Every text and
// value is escaped, and characters that XML 1.0 cannot hold become U+FFFD. The
// first error sticks.
type Writer struct {
	w    *bufio.Writer
	open []string
	err  error
}

// New writes to w.
func New(w io.Writer) *Writer { return &Writer{w: bufio.NewWriter(w)} }

// Raw writes markup as it stands.
func (m *Writer) Raw(s string) {
	if m.err == nil {
		_, m.err = m.w.WriteString(s)
	}
}

func (m *Writer) escaped(s string) {
	if m.err == nil {
		m.err = xml.EscapeText(m.w, []byte(s))
	}
}

func (m *Writer) indent() {
	m.Raw("\n")
	m.Raw(strings.Repeat(" ", len(m.open)))
}

func (m *Writer) tag(name string, attrs []string) {
	m.indent()
	m.Raw("<")
	m.Raw(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		m.Raw(" ")
		m.Raw(attrs[i])
		m.Raw(`="`)
		m.escaped(attrs[i+1])
		m.Raw(`"`)
	}
}

// Start opens an element; attrs are names and values in turn.
func (m *Writer) Start(name string, attrs ...string) {
	m.tag(name, attrs)
	m.Raw(">")
	m.open = append(m.open, name)
}

// End closes the element opened last.
func (m *Writer) End() {
	name := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	m.indent()
	m.Raw("</")
	m.Raw(name)
	m.Raw(">")
}

// Empty writes an element without content.
func (m *Writer) Empty(name string, attrs ...string) {
	m.tag(name, attrs)
	m.Raw("/>")
}

// Text writes an element that holds only text.
func (m *Writer) Text(name, text string, attrs ...string) {
	m.tag(name, attrs)
	m.Raw(">")
	m.escaped(text)
	m.Raw("</")
	m.Raw(name)
	m.Raw(">")
}

// Close ends the document and gives the first error.
func (m *Writer) Close() error {
	m.Raw("\n")
	if m.err == nil {
		m.err = m.w.Flush()
	}
	return m.err
}

// Decimal writes a number in shortest form without an exponent.
func Decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
