package table

import (
	"fmt"

	"stpmap/flow/plaintext"
)

// NewCode reads a code that no row before has; lines holds those of the rows so
// far. The fault is located.
func (t *Reader) NewCode(col int, role Role, lines map[string]int) (string, error) {
	code, err := t.Code(col, role)
	if err != nil {
		return "", err
	}
	if first, ok := lines[code]; ok {
		return "", t.repeated(col, role, code, first)
	}
	lines[code] = t.Line()
	return code, nil
}

// Code reads a code; the fault is located.
func (t *Reader) Code(col int, role Role) (string, error) {
	text := t.Field(col)
	if err := t.CodeFault(text, role); err != nil {
		return "", t.Fault(col, err)
	}
	return string(text), nil
}

// repeated is the fault of a code that stood on an earlier line.
func (t *Reader) repeated(col int, role Role, code string, first int) error {
	return t.Fault(col, fmt.Errorf("%w %s: %s, first on line %d", ErrDuplicate, role.Name, Quoted(code), first))
}

// codeFault says why text cannot be a code; nil where it can.
func codeFault(text []byte, enc Encoding, role Role) error {
	if len(text) == 0 {
		return fmt.Errorf("%w: no %s", ErrMissingCode, role.Name)
	}
	if err := LeftBySpreadsheet(text); err != nil {
		return err
	}
	var digit, beyond bool
	for _, c := range text {
		digit = digit || c >= '0' && c <= '9'
		beyond = beyond || c >= 0x80
		if c < ' ' || c == 0x7f {
			return fmt.Errorf("%w: %s has a control character", ErrEncoding, Quoted(string(text)))
		}
	}
	if enc != Windows1252 {
		if err := plaintext.CheckCode(string(text)); err != nil {
			return fmt.Errorf("the %s %s %w", role.Name, Quoted(string(text)), err)
		}
	}
	// A name may be Windows-1252; a code with a stray byte in it is damaged.
	if enc == Windows1252 && digit && beyond {
		return fmt.Errorf("%w in %s", ErrEncoding, Quoted(string(text)))
	}
	return nil
}

// CodeFault says why UTF-8 text cannot be a code; nil where it can. The error
// wraps ErrMissingCode or ErrEncoding.
func CodeFault(text []byte, role Role) error { return codeFault(text, UTF8, role) }

// CodeFault says why text in the table's encoding cannot be a code; nil where
// it can. The error has no place yet.
func (t *Reader) CodeFault(text []byte, role Role) error { return codeFault(text, t.enc, role) }

// ReadCode says what the text of a code stands for, and gives the code: 101
// where a program wrote 101.0. Text without a code is a fault unless rows of
// it are to be left out.
func ReadCode(text []byte, enc Encoding, role Role, skipMissing bool) (kind PlaceKind, code []byte, err error) {
	if len(text) == 0 && skipMissing {
		return WithoutCode, text, nil
	}
	if err := codeFault(text, enc, role); err != nil {
		return APlace, text, err
	}
	kind = KindOfPlace(text)
	if kind == WithoutCode && !skipMissing {
		return kind, text, fmt.Errorf("%w: %s is no %s (--skip-missing leaves such rows out)", ErrMissingCode, Quoted(string(text)), role.Name)
	}
	if floatForm.Match(text) {
		text = text[:len(text)-2]
	}
	return kind, text, nil
}
