// Package plaintext is the one home of a rule: a name is text, wherever it is
// shown. No program that opens an output may run it, hide it or turn it round.
//
// In: a name or a code as an input has it. Out: the same as text that is safe to
// show, or a sentence that refuses it. It imports nothing of ours.
package plaintext

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrFormula says that a code would be run as a formula by a spreadsheet.
var ErrFormula = errors.New("begins as a formula, which spreadsheets run")

// ErrHidden says that a code has a character that is not seen or that changes
// the direction of what follows.
var ErrHidden = errors.New("has a control character")

// Name is a name as people are shown it: control characters, marks that change
// the direction of text, and bytes that are not UTF-8 become escapes, such as
// \u202E. Line breaks and tabs stay.
func Name(s string) string {
	if hidden(s) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case isHidden(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// hidden is where the first character lies that Name replaces, -1 for none.
func hidden(s string) int {
	for i, r := range s {
		if isHidden(r) {
			return i
		}
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// isHidden reports whether a character is a control, or turns text round:
// embeddings, overrides and isolates of Unicode's bidirectional algorithm.
func isHidden(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// QGIS is a name for a text that QGIS evaluates: legends, titles and labels of
// layouts run what stands between [% and %]. A space between the two characters
// of the opening ends that.
func QGIS(s string) string { return strings.ReplaceAll(Name(s), "[%", "[ %") }

// Cell is a text for a cell of a table that a spreadsheet may open. What would
// be a formula there gets an apostrophe in front; numbers stay as they are.
func Cell(s string) string {
	if IsFormula(s) {
		return "'" + s
	}
	return s
}

// Cells is Cell for a row, which is left as it is.
func Cells(row []string) []string {
	if !slices.ContainsFunc(row, IsFormula) {
		return row
	}
	row = slices.Clone(row)
	for i, s := range row {
		row[i] = Cell(s)
	}
	return row
}

// IsFormula reports whether a spreadsheet takes a text for a formula: it begins
// with = + - @, a tab or a carriage return, and is neither a number nor the one
// character.
func IsFormula(s string) bool {
	first, n := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r＝＋－＠", first) && len(s) > n && !isNumber(s)
}

// isNumber reports whether a text is a sign and digits, with a point or an
// exponent.
func isNumber(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	at := strings.IndexAny(s, "eE")
	if at >= 0 {
		if !digits(strings.TrimLeft(s[at+1:], "+-")) {
			return false
		}
		s = s[:at]
	}
	whole, part, point := strings.Cut(s, ".")
	return digits(whole) && (!point || part == "" || digits(part)) || whole == "" && digits(part)
}

// CheckCode refuses a code in UTF-8 that cannot stand unchanged in every
// output. The error is ErrFormula or ErrHidden; nil where the code can.
func CheckCode(s string) error {
	switch {
	case strings.ContainsAny(s, "\n\t") || hidden(s) >= 0:
		return ErrHidden
	case IsFormula(s):
		return ErrFormula
	}
	return nil
}
