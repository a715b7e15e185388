package cli

import (
	"strings"
	"testing"
)

// passwords are values that hold one, of every shape that has been met.
var passwords = []string{
	"postgres://u:SECRETPW@h/db", "mysql://u:SECRETPW@127.0.0.1/db", "https://:SECRETPW@h/x.geojson",
	"postgres://u:SECRETPW@x@h/db", "odd+scheme://u:SECRETPW@h", "postgres://u:SECRETPW/x@h/db", "postgres://u:SECRETPW?x@h/db", "see https://u:SECRETPW@h/",
}

func TestNoPasswordIsPrinted(t *testing.T) {
	for _, text := range passwords {
		for _, flag := range []string{"flows", "config", "definitions", "out", "title", "runs", "clean", "share", "timeout", "log-format"} {
			r := runApp(t, "job", "--"+flag+"="+text)
			if r.status != Usage || !strings.Contains(r.stderr, "--"+flag+" holds a password") || strings.Contains(r.stdout+r.stderr, "SECRETPW") {
				t.Errorf("--%s %s: status %d, %s", flag, text, r.status, r.stderr)
			}
			if flag == "config" {
				continue
			}
			r = configured(t, "# flags\n"+flag+": '"+text+"'")
			if r.status != BadInput || !strings.Contains(r.stderr, "sub/c.yaml:2:") || strings.Contains(r.stdout+r.stderr, "SECRETPW") {
				t.Errorf("%s: %s: status %d, %s", flag, text, r.status, r.stderr)
			}
		}
	}
	if r := runApp(t, "job", "--flows", "a.csv", passwords[0]); r.status != Usage || strings.Contains(r.stderr, "SECRETPW") {
		t.Errorf("an argument: status %d, %s", r.status, r.stderr)
	}
}

func TestURLsWithoutPasswordPass(t *testing.T) {
	for _, text := range []string{"postgres://analyst@host/db", "clickhouse://h:8123/d?x=a@b", "https://h:8080/@me", "a@b:c", "C:/x@y:z"} {
		if r := runApp(t, "job", "--flows", text); r.status != Done {
			t.Errorf("%s: status %d, %s", text, r.status, r.stderr)
		}
	}
}

func TestWithoutSecret(t *testing.T) {
	got := WithoutSecret("dial postgres://u:pw@h/db: refused; http://h:80/x@y")
	if want := "dial postgres://u:***@h/db: refused; http://h:80/x@y"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Parameters go with every output: they hold names of files and no folders.
func TestParametersHoldNoFolder(t *testing.T) {
	for text, want := range map[string]string{
		"/home/me/defs.yaml": "--definitions=defs.yaml", `C:\Users\me\defs.yaml`: "--definitions=defs.yaml", "defs.yaml": "--definitions=defs.yaml",
		"other": "--definitions=other", "https://me@host/defs": "--definitions=https://",
	} {
		r := runApp(t, "job", "--flows", "/home/me/a.csv", "--definitions", text)
		if r.options == nil {
			t.Fatalf("%s: status %d, %s", text, r.status, r.stderr)
		}
		if got := r.options.Parameters(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestWordsForPeopleAreText(t *testing.T) {
	r := runApp(t, "job", "--flows", "a.csv", "--title", "a\u202eb")
	if r.options == nil || r.options.Title != `a\u202Eb` {
		t.Errorf("got %+v", r)
	}
}
