package shapefile

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"stpmap/render/layer"
)

// longestText is what a column of text can hold, in bytes.
const longestText = 254

// numberWidth holds every whole number and, in one form or another, every other.
const numberWidth = 24

// column is a column of the table.
type column struct {
	name     string
	kind     byte
	width    int
	decimals byte
}

// Names are the names of a layer's columns in the table: ten letters at most, each
// once. What is longer loses its end, and where two are then the same, the later
// one gets a number.
func Names(l *layer.Layer) []string {
	taken := map[string]bool{}
	out := make([]string, len(l.Fields))
	for i, f := range l.Fields {
		name := f.Name[:min(10, len(f.Name))]
		for n := 2; taken[name]; n++ {
			end := "_" + strconv.Itoa(n)
			name = f.Name[:min(10-len(end), len(f.Name))] + end
		}
		taken[name] = true
		out[i] = name
	}
	return out
}

func columns(l *layer.Layer) []column {
	names := Names(l)
	list := make([]column, len(l.Fields))
	for i, f := range l.Fields {
		c := column{name: names[i], kind: 'N', width: numberWidth}
		switch f.Type {
		case layer.Text:
			c.kind, c.width = 'C', 1
			for k := range l.Features {
				c.width = max(c.width, len(cell(l.Features[k].Values[i], longestText)))
			}
		case layer.Real:
			c.decimals = 15
		case layer.Boolean:
			c.kind, c.width = 'L', 1
		}
		list[i] = c
	}
	return list
}

// cell is a value as text of so many bytes at most.
func cell(v any, width int) string {
	switch v := layer.Known(v).(type) {
	case string:
		v = strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "\ufffd")
		for len(v) > width {
			_, n := utf8.DecodeLastRuneInString(v)
			v = v[:len(v)-n]
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return decimal(v)
	case bool:
		if v {
			return "T"
		}
		return "F"
	}
	return ""
}

// decimal is a number in the shortest form that reads back the same and fits. No
// double needs more than 24 letters with an exponent.
func decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if len(s) > numberWidth || math.Abs(v) >= 1e15 {
		s = strconv.FormatFloat(v, 'e', -1, 64)
	}
	return s
}

// writeTable writes the columns as dBASE III. An unknown is blank; an unknown flag
// is "?".
func writeTable(w io.Writer, l *layer.Layer) error {
	if err := l.Check(); err != nil {
		return err
	}
	list := columns(l)
	size := 1
	for _, c := range list {
		size += c.width
	}
	// The date of the last change is 1980-01-01.
	b := []byte{3, 80, 1, 1}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(l.Features)))
	b = binary.LittleEndian.AppendUint16(b, uint16(33+32*len(list)))
	b = binary.LittleEndian.AppendUint16(b, uint16(size))
	b = append(b, make([]byte, 20)...)
	for _, c := range list {
		field := make([]byte, 32)
		copy(field, c.name)
		field[11], field[16], field[17] = c.kind, byte(c.width), c.decimals
		b = append(b, field...)
	}
	b = append(b, '\r')
	for i := range l.Features {
		b = append(b, ' ')
		for k, c := range list {
			b = appendCell(b, l.Features[i].Values[k], c)
		}
	}
	_, err := w.Write(append(b, 0x1a))
	return err
}

func appendCell(b []byte, v any, c column) []byte {
	s := cell(v, c.width)
	if c.kind == 'L' && s == "" {
		s = "?"
	}
	pad := strings.Repeat(" ", max(0, c.width-len(s)))
	if c.kind == 'N' {
		return append(b, pad+s...)
	}
	return append(b, s+pad...)
}

// writeNames says what the columns of the table are.
func writeNames(w io.Writer, l *layer.Layer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "A Shapefile's columns have ten letters at most. These are the names in full.\n\n")
	for i, name := range Names(l) {
		fmt.Fprintf(&b, "%-10s  %s: %s\n", name, l.Fields[i].Name, l.Fields[i].Alias)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
