package plaintext_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"stpmap/flow/plaintext"
)

func ExampleName() {
	fmt.Println(plaintext.Name("St Mary\u202etxt.exe"))
	// Output: St Mary\u202Etxt.exe
}

func ExampleCell() {
	fmt.Println(plaintext.Cell("=cmd()"), plaintext.Cell("-12.5"), plaintext.Cell("@home"))
	// Output: '=cmd() -12.5 '@home
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"Ynys Môn":         "Ynys Môn",
		"two\nlines\there": "two\nlines\there",
		"a\x00b":           `a\u0000b`,
		"\u2066x\u2069":    `\u2066x\u2069`,
		"\u0085":           `\u0085`,
		"bad\xff":          `bad\xFF`,
		"\ufffd":           "\ufffd",
		"مستشفى":           "مستشفى",
	} {
		if got := plaintext.Name(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestIsFormula(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "-": false, "-1": false, "+1.5e-3": false, "-.5": false, "7.": false, "A=1": false, "N/A": false,
		"=1": true, "=1+2": true, "+A1": true, "-1+2": true, "--1": true, "@SUM(1)": true, "\t=1": true, "\r1": true, "-e5": true, "＝1": true, "-1e": true,
	} {
		if got := plaintext.IsFormula(in); got != want {
			t.Errorf("%q: %t, want %t", in, got, want)
		}
	}
}

func TestCheckCode(t *testing.T) {
	for in, want := range map[string]error{
		"E07000040": nil, "-1": nil, "-": nil, "Île": nil,
		"=1": plaintext.ErrFormula, "@x": plaintext.ErrFormula,
		"a\u202eb": plaintext.ErrHidden, "a\x00": plaintext.ErrHidden, "a\tb": plaintext.ErrHidden,
	} {
		if got := plaintext.CheckCode(in); !errors.Is(got, want) {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

// Whatever a name is, what is shown of it is UTF-8, holds nothing that QGIS
// evaluates, and no cell of it is a formula.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"[% 1 %]", "[[%%]", "\u202e=1", "=1", "\xff[\x00%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plaintext.QGIS(s)
		if !utf8.ValidString(got) || strings.Contains(got, "[%") || plaintext.QGIS(got) != got {
			t.Errorf("%q is %q", s, got)
		}
		if c := plaintext.Cell(s); plaintext.IsFormula(c) {
			t.Errorf("%q is still a formula in %q", s, c)
		}
	})
}
