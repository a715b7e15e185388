package stage

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// entries are the names of a folder's files.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.Name()
	}
	return names
}

// What a process is writing stays; what an ended one left goes, with the files
// that a writer made beside it, and nothing else does.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	stage := func(name string) *Files {
		t.Helper()
		var s Files
		if err := s.Create(filepath.Join(dir, name), func(w io.Writer) error {
			_, err := io.WriteString(w, name)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return &s
	}
	keep := []string{".hidden", ".x" + TempMark, ".x" + TempMark + "12a", ".x" + TempMark + "12.bak", "x" + TempMark + "12", "footprints.gpkg"}
	for _, name := range keep {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(keep)

	dead := stage("a.csv")
	number := dead.locks[dir].number
	beside := ".." + "a.csv" + TempMark + number + ".4711"
	if err := os.WriteFile(filepath.Join(dir, beside), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	left := append([]string{"." + "a.csv" + TempMark + number, beside, TempMark + number}, keep...)
	slices.Sort(left)
	live := stage("b.csv")
	for _, name := range left {
		if !slices.Contains(entries(t, dir), name) {
			t.Errorf("%s is gone, while it is being written", name)
		}
	}
	_ = dead.locks[dir].file.Close() // as the system does for a process that ends
	last := stage("c.csv")
	if err := last.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := live.Commit(); err != nil {
		t.Fatal(err)
	}
	want := append([]string{"b.csv", "c.csv"}, keep...)
	slices.Sort(want)
	if got := entries(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}

	// Without the lock's file there is no process either.
	orphan := ".d.csv" + TempMark + "12345"
	if err := os.WriteFile(filepath.Join(dir, orphan), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stage("e.csv").Discard()
	if got := entries(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
}

// Stagings that begin and end in one folder at the same time do not take each
// other's files for leftovers.
func TestStagingsTogether(t *testing.T) {
	dir := t.TempDir()
	done := make(chan error)
	const writers, rounds = 8, 60
	for i := range writers {
		go func() {
			var err error
			for range rounds {
				var s Files
				for k := 0; k < 2 && err == nil; k++ {
					err = s.Create(filepath.Join(dir, string(rune('a'+i))+string(rune('0'+k))), func(w io.Writer) error {
						_, err := io.WriteString(w, "text")
						return err
					})
				}
				if err == nil {
					err = s.Commit()
				}
				s.Discard()
			}
			done <- err
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := entries(t, dir); len(got) != 2*writers {
		t.Errorf("the folder has %q", got)
	}
}
