package yamlfile

import (
	"errors"
	"strings"
	"testing"

	"stpmap/flow/fault"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"flags", "a: 1\nb: [2, {c: 3}]", ""},
		{"brackets", "a:\n  " + strings.Repeat("[", 1000), ":2:1: nested more than 40 deep"},
		{"maps", strings.Repeat("{a: ", 1000), ":1:1: nested more than 40 deep"},
		{"marks", "a:\n" + strings.Repeat("- ", 1000), ":2:1: nested more than 40 deep"},
		{"long", strings.Repeat("#", MaxBytes+1), "longer than 256 KiB"},
	} {
		_, err := Read(strings.NewReader(c.text))
		if err == nil && c.want == "" {
			continue
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	for name, text := range map[string]string{
		"a key twice": "a: 1\na: 'SECRET'\n", "a secret key twice": "SECRET: 1\nSECRET: 2\n", "a text's mark": "a: 1\nb: |u:SECRET#h\n",
	} {
		_, err := Read(strings.NewReader(text))
		var f *fault.Error
		if !errors.As(err, &f) || f.Line != 2 || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := Read(strings.NewReader("flows: 1\nflows: 2\n")); err == nil || !strings.Contains(err.Error(), `mapping key "flows" already defined`) {
		t.Errorf("got %v, which does not name the key", err)
	}
}

// No text panics, and a fault has no line of its own.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"a: 1", "a: [", "&a *a", "? ? x", "- - -", "a: |\n  x", "!!x y: \x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file, err := Read(strings.NewReader(s))
		if (file == nil) == (err == nil) {
			t.Errorf("%v and %v", file, err)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("a fault of %d bytes", len(err.Error()))
		}
	})
}
