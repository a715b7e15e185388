package render

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// markup writes XML with attributes in the order they are given. Every text and
// value is escaped, and characters that XML 1.0 cannot hold become U+FFFD. The
// first error sticks.
type markup struct {
	w    *bufio.Writer
	open []string
	err  error
}

func newMarkup(w io.Writer) *markup { return &markup{w: bufio.NewWriter(w)} }

func (m *markup) raw(s string) {
	if m.err == nil {
		_, m.err = m.w.WriteString(s)
	}
}

func (m *markup) escaped(s string) {
	if m.err == nil {
		m.err = xml.EscapeText(m.w, []byte(s))
	}
}

func (m *markup) indent() {
	m.raw("\n")
	m.raw(strings.Repeat(" ", len(m.open)))
}

func (m *markup) tag(name string, attrs []string) {
	m.indent()
	m.raw("<")
	m.raw(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		m.raw(" ")
		m.raw(attrs[i])
		m.raw(`="`)
		m.escaped(attrs[i+1])
		m.raw(`"`)
	}
}

// start opens an element; attrs are names and values in turn.
func (m *markup) start(name string, attrs ...string) {
	m.tag(name, attrs)
	m.raw(">")
	m.open = append(m.open, name)
}

// end closes the element opened last.
func (m *markup) end() {
	name := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	m.indent()
	m.raw("</")
	m.raw(name)
	m.raw(">")
}

// empty writes an element without content.
func (m *markup) empty(name string, attrs ...string) {
	m.tag(name, attrs)
	m.raw("/>")
}

// text writes an element that holds only text.
func (m *markup) text(name, text string, attrs ...string) {
	m.tag(name, attrs)
	m.raw(">")
	m.escaped(text)
	m.raw("</")
	m.raw(name)
	m.raw(">")
}

func (m *markup) close() error {
	m.raw("\n")
	if m.err == nil {
		m.err = m.w.Flush()
	}
	return m.err
}

// decimal writes a number in shortest form without an exponent.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
