package stage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var errBusy = errors.New("busy")

// failing is a disk whose call number n fails, and every one after it where
// always is set. calls counts them.
func failing(n int, always bool, calls *int) *disk {
	fails := func() bool {
		*calls++
		return *calls == n || always && *calls > n
	}
	two := func(f func(string, string) error) func(string, string) error {
		return func(a, b string) error {
			if fails() {
				return errBusy
			}
			return f(a, b)
		}
	}
	return &disk{rename: two(os.Rename), link: two(os.Link), remove: func(name string) error {
		if fails() {
			return errBusy
		}
		return os.Remove(name)
	}}
}

// unlinked is the disk without second names, as FAT is.
func unlinked(d *disk) *disk {
	d.link = func(string, string) error { return errors.ErrUnsupported }
	return d
}

// contents are the files below a folder with what they hold.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		fmt.Fprintf(&b, "%s=%s ", filepath.ToSlash(name), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	oldState = "a.csv=old b.csv=old p.json=old sub/c.csv=old "
	newState = "a.csv=new n.csv=new p.json=new sub/c.csv=new sub/m.csv=new "
)

// replacing is a folder in the old state, and the new one staged: files
// replaced, new ones, and one that goes.
func replacing(t *testing.T) (dir string, s *Files) {
	t.Helper()
	dir = t.TempDir()
	put := func(s *Files, content string, names ...string) {
		for _, name := range names {
			if err := s.CreateIn(dir, File{Name: filepath.FromSlash(name), Write: text(content)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var first Files
	put(&first, "old", "a.csv", "b.csv", "sub/c.csv", "p.json")
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got != oldState {
		t.Fatalf("the folder has %s", got)
	}
	s = &Files{}
	put(s, "new", "a.csv", "n.csv", "sub/c.csv", "sub/m.csv", "p.json")
	s.stale = []string{filepath.Join(dir, "b.csv")}
	return dir, s
}

// Every call that moves a file fails once: the folder is as it was, or as it
// should be.
func TestCommitIsAllOrNothing(t *testing.T) {
	for _, links := range []bool{true, false} {
		rolledBack := 0
		for n := 1; ; n++ {
			dir, s := replacing(t)
			calls := 0
			if s.disk = failing(n, false, &calls); !links {
				unlinked(s.disk)
			}
			err := s.Commit()
			s.Discard()
			if calls < n {
				if err != nil || rolledBack < 8 {
					t.Errorf("after %d calls: %v, %d rolled back", calls, err, rolledBack)
				}
				break
			}
			want := oldState
			if err == nil {
				want = newState // a link, or the tidying up
			} else if rolledBack++; !errors.Is(err, errBusy) {
				t.Errorf("call %d: %v", n, err)
			}
			var next Files // which tidies up what is left
			if err := next.CreateIn(dir, File{Name: "x", Write: text("")}); err != nil {
				t.Fatal(err)
			}
			next.Discard()
			if got := contents(t, dir); got != want {
				t.Errorf("links %t, call %d (%v): the folder has %s, want %s", links, n, err, got, want)
			}
		}
	}
}

// From some call on everything fails, as when the process is killed or the disk
// is gone: the next run undoes what was begun.
func TestNextRunUndoes(t *testing.T) {
	for _, links := range []bool{true, false} {
		for n := 1; ; n++ {
			dir, s := replacing(t)
			calls := 0
			if s.disk = failing(n, true, &calls); !links {
				unlinked(s.disk)
			}
			err := s.Commit()
			for _, l := range s.locks {
				_ = l.file.Close() // as the system does for a process that ends
			}
			if calls < n {
				break
			}
			var next Files
			if e := next.CreateIn(dir, File{Name: "x", Write: text("")}, File{Name: filepath.Join("sub", "x"), Write: text("")}); e != nil {
				t.Fatal(e)
			}
			next.Discard()
			want := oldState
			if err == nil {
				want = newState
			}
			if got := contents(t, dir); got != want {
				t.Errorf("links %t, from call %d (%v): the folder has %s, want %s", links, n, err, got, want)
			}
		}
	}
}

// A journal that somebody else wrote moves nothing.
func TestForeignJournalsMoveNothing(t *testing.T) {
	for _, text := range []string{
		`{"files":[{"file":"../a.csv"}]}`, `{"files":[{"file":"a.csv","old":"../b.csv"}]}`, `{"files":[{"file":"a.csv","old":"b.csv"}]}`,
		`{"files":[{"file":"a.csv","new":"b.csv","sha256":""}]}`, `{"files":[{"file":"/etc/x"}]}`, `{"files":[{"file":`, ``,
	} {
		dir := t.TempDir()
		for name, content := range map[string]string{"a.csv": "a", "b.csv": "b", journalMark + "7": text} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := WriteOut(io.Discard, filepath.Join(dir, "c.csv"), func(w io.Writer) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got, want := contents(t, dir), "a.csv=a b.csv=b c.csv= "; got != want {
			t.Errorf("%s: the folder has %s, want %s", text, got, want)
		}
	}
}

// A result has the mode of what it replaces.
func TestModesAreKept(t *testing.T) {
	dir := t.TempDir()
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o664} {
		name := filepath.Join(dir, mode.String())
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Chmod(name, mode)); err != nil {
			t.Fatal(err)
		}
		before, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		var s Files
		for _, n := range []string{name, name + "2"} { // the set of two goes by the journal
			if err := s.CreateAt(n, func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o604)) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		if after, err := os.Stat(name); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%v is %v, %v", before.Mode(), after.Mode(), err)
		}
	}
	if got := entries(t, dir); slices.ContainsFunc(got, func(s string) bool { return s[0] == '.' }) {
		t.Errorf("left: %q", got)
	}
}
