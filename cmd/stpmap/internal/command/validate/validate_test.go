package validate

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/codebook"
	"stpmap/flow/fault"
)

func TestFaultsAsJSON(t *testing.T) {
	one := &fault.Error{File: "a.csv", Line: 3, Column: 2, Err: errors.New("wrong")}
	line := &fault.Error{File: "a.csv", Line: 4, Err: errors.New("short")}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"none", nil, "[]"},
		{"another error", errors.New("no disk"), "[]"},
		{"one", fmt.Errorf("more: %w", one), "[{a.csv 3 2 wrong}]"},
		{"several", &fault.List{List: []*fault.Error{one, line}}, "[{a.csv 3 2 wrong} {a.csv 4 1 short}]"},
	} {
		if got := fmt.Sprint(faultList(c.err)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A study that could not be read has lists, not nulls.
func TestReportOfNothing(t *testing.T) {
	r := joined(reportOf(nil, nil), nil)
	if r.Faults == nil || r.AreasWithoutBoundaryCodes == nil || r.Notes == nil || r.Joins == nil || r.Version == "" || r.CRS != nil {
		t.Errorf("%+v", r)
	}
}

func TestJoinsAreSaid(t *testing.T) {
	codes := []codebook.CodeUse{{Code: "E01", Patients: 75}, {Code: "E02", Patients: 25}}
	patients := func(i int) float64 { return codes[i].Patients }
	if got := uses([]string{"E01", "E02"}, patients); fmt.Sprint(got) != fmt.Sprint(codes) {
		t.Errorf("uses %v", got)
	}
}

func TestSayJoinsWithoutAny(t *testing.T) {
	var b bytes.Buffer
	if sayJoins(&b, nil); b.Len() != 0 {
		t.Errorf("said %q", b.String())
	}
	sayJoins(&b, []codeJoin{{what: "area", with: "boundaries"}})
	if !strings.HasPrefix(b.String(), "0 areas of 0 join --boundaries: ") {
		t.Errorf("said %q", b.String())
	}
}
