package wholefile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stpmap/flow/wholefile"
)

func TestFilesThatChangeAreNoticed(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"cut":      func(p string) error { return os.Truncate(p, 3) },
		"added to": func(p string) error { return os.WriteFile(p, make([]byte, 100), 0o600) },
		"replaced": func(p string) error {
			return errors.Join(os.WriteFile(p+".new", []byte("another file"), 0o600), os.Rename(p+".new", p))
		},
		"touched": func(p string) error { return os.Chtimes(p, time.Time{}, time.Unix(1, 0)) },
		"":        func(string) error { return nil },
	} {
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		f := wholefile.New(file)
		if _, err := io.ReadFull(f, make([]byte, 2)); err != nil {
			t.Fatal(err)
		}
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, f)
		if want := name != ""; errors.Is(err, wholefile.ErrChanged) != want || !want && err != nil {
			t.Errorf("%q: got %v", name, err)
		}
		if changed := wholefile.Changed(f); (changed != nil) != (name != "") || changed != nil && changed.Error() != path+" "+wholefile.ErrChanged.Error() {
			t.Errorf("%q: Changed says %v", name, changed)
		}
		_ = f.Close()
	}
	if err := wholefile.Changed(strings.NewReader("x")); err != nil {
		t.Errorf("a reader of no file: %v", err)
	}
}

func TestPipesPass(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	f := wholefile.New(r)
	_, _ = w.WriteString("abc")
	_ = w.Close()
	if got, err := io.ReadAll(f); err != nil || string(got) != "abc" {
		t.Errorf("got %q, %v", got, err)
	}
	_ = f.Close()
}
