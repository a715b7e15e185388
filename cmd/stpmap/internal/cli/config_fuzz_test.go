package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// A configuration of any bytes sets flags or is refused, with a place in it or a
// line to try, and its password is in no message.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"flows: a.csv\nruns: 3\n", "flows: [a.csv, b.csv]\nshare: 0.25\ntitle: 'A: B'\n", "flows: postgres://u:hush@h/db\n", "- flows\n", "runs: ~\nflows: {a: b}\n",
		"a: &x [*x, *x]\n", "---\n---\n", "seed: 18446744073709551616\n", "flows: |\n  a\n  b\n", "? [a]\n: b\n", "timeout: !!int 3\n", "[[[[", "title: \"\\u202e\"\nflows: a\n", "config: b.yaml\n",
	} {
		f.Add(text)
	}
	password := regexp.MustCompile(`[A-Za-z]://[^/@:\s"']*:hush@`)
	f.Fuzz(func(t *testing.T, text string) {
		var stdout, stderr bytes.Buffer
		status := testApp(nil, nil).Run(t.Context(), []string{"stpmap", "job", "--config", "-"}, strings.NewReader(text), &stdout, &stderr)
		switch said := stderr.String(); {
		case status != Done && status != Usage && status != BadInput:
			t.Fatalf("%q: status %d: %s", text, status, said)
		case status != Done && said == "":
			t.Fatalf("%q: status %d without a word", text, status)
		case password.MatchString(text) && strings.Count(text, "hush") == 1 && strings.Contains(said, "hush"):
			t.Fatalf("%q: the password is printed: %s", text, said)
		case len(said) > 100_000:
			t.Fatalf("%q: %d bytes of messages", text, len(said))
		}
	})
}
