package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"stpmap/flow/fault"
)

// With --log-format json an error is one object a fault, with its place.
func TestErrorsAsJSON(t *testing.T) {
	many := &fault.List{}
	for i := range 22 {
		many.Add(&fault.Error{File: "a.csv", Line: i + 2, Column: 3, Err: io.EOF})
	}
	for _, c := range []struct {
		name  string
		err   error
		lines int
		first string
	}{
		{"a plain one", errors.New("no disk"), 1, `{"level":"ERROR","msg":"no disk","message":"no disk"}`},
		{"a fault", &fault.Error{File: "a.csv", Line: 3, Column: 9, Err: errors.New("negative count: -3")}, 1, `{"level":"ERROR","msg":"a.csv:3:9: negative count: -3","file":"a.csv","line":3,"column":9,"message":"negative count: -3"}`},
		{"faults", many.Err(), 21, `{"level":"ERROR","msg":"a.csv:2:3: EOF","file":"a.csv","line":2,"column":3,"message":"EOF"}`},
		{"of the flags", Usagef("stpmap job --flows b", "wrong"), 1, `{"level":"ERROR","msg":"wrong","message":"wrong","try":"stpmap job --flows b"}`},
		{"a secret", errors.New("postgres://a:SECRETPW@h"), 1, ""},
	} {
		var said bytes.Buffer
		env := &Env{Stderr: &said, asJSON: true}
		env.report(t.Context(), c.err, "")
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		if len(lines) != c.lines || c.first != "" && lines[0] != c.first || strings.Contains(said.String(), "SECRETPW") {
			t.Errorf("%s: said %s", c.name, said.String())
		}
		for _, line := range lines {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s: no JSON: %s", c.name, line)
			}
		}
	}
}

// The form holds for faults of the flags too, before they are read.
func TestFlagErrorsAsJSON(t *testing.T) {
	want := `{"level":"ERROR","msg":"no flag --flaws; did you mean \"--flows\"?","message":"no flag --flaws; did you mean \"--flows\"?","try":"stpmap job --flows a.csv"}` + "\n"
	for _, args := range [][]string{{"job", "--flaws", "a", "--log-format", "json"}, {"job", "--flaws", "a", "--log-format=json"}} {
		if r := runApp(t, args...); r.status != Usage || r.stderr != want {
			t.Errorf("%q: status %d, said %s", args, r.status, r.stderr)
		}
	}
	if r := runApp(t, "job", "--flaws", "--log-format"); strings.HasPrefix(r.stderr, "{") {
		t.Errorf("said %s", r.stderr)
	}
}

func TestProgressAsJSON(t *testing.T) {
	var said bytes.Buffer
	env := &Env{Stderr: &said, progress: "json"}
	p := env.Steps()
	p.Stage("runs", 3)
	p.Step(1) // within a tenth of a second of the stage's own line
	p.Step(3)
	count := p.Counting()
	count(7, 10, 10)
	want := `{"stage":"runs","done":0,"of":3,"seconds_left":null}
{"stage":"runs","done":3,"of":3,"seconds_left":0}
{"stage":"counting","done":7,"of":0,"seconds_left":0}
`
	if said.String() != want {
		t.Errorf("said %s", said.String())
	}
	for _, way := range []string{"terminal", "none"} {
		if (&Env{Stderr: &said, progress: way}).Progress() != nil {
			t.Errorf("%s draws where no terminal is", way)
		}
	}
	if r := runApp(t, "job", "--flows", "a", "--progress", "loud"); r.status != Usage || !strings.HasPrefix(r.stderr, "unknown --progress \"loud\": it is terminal, json or none\n") {
		t.Errorf("status %d, said %s", r.status, r.stderr)
	}
}
