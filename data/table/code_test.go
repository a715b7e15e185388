package table

import (
	"errors"
	"strings"
	"testing"

	"stpmap/flow/plaintext"
)

func TestCodesThatSpreadsheetsRunAreRefused(t *testing.T) {
	role := Role{Name: "area"}
	for text, want := range map[string]error{
		"E07": nil, "-1": nil, "@SUM(1)": plaintext.ErrFormula, "A\u202eB": plaintext.ErrHidden,
	} {
		if err := CodeFault([]byte(text), role); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", text, err, want)
		}
	}
	err := CodeFault([]byte("@SUM(1)"), role)
	if want := `the area "@SUM(1)" begins as a formula, which spreadsheets run`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	// A formula without its value is refused as one, wherever it stands.
	if err := CodeFault([]byte("=cmd()"), role); err == nil || !strings.Contains(err.Error(), "is a formula without a stored value") {
		t.Errorf("a formula: %v", err)
	}
	if err := codeFault([]byte("caf\xe9"), Windows1252, role); err != nil {
		t.Errorf("a name in Windows-1252: %v", err)
	}
}
