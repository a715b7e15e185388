package main

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// entries are the names of a folder's files.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(contents(t, dir)))
}

// What a process is writing stays; what an ended one left goes, with the files
// that a writer made beside it, and nothing else does.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	stage := func(name string) *staging {
		t.Helper()
		var s staging
		if err := s.create(filepath.Join(dir, name), func(w io.Writer) error {
			_, err := io.WriteString(w, name)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return &s
	}
	keep := []string{".hidden", ".x" + tempMark, ".x" + tempMark + "12a", ".x" + tempMark + "12.bak", "x" + tempMark + "12", "footprints.gpkg"}
	for _, name := range keep {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(keep)

	dead := stage("a.csv")
	number := dead.locks[dir].number
	beside := ".." + "a.csv" + tempMark + number + ".4711"
	if err := os.WriteFile(filepath.Join(dir, beside), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	left := append([]string{"." + "a.csv" + tempMark + number, beside, tempMark + number}, keep...)
	slices.Sort(left)
	live := stage("b.csv")
	for _, name := range left {
		if !slices.Contains(entries(t, dir), name) {
			t.Errorf("%s is gone, while it is being written", name)
		}
	}
	_ = dead.locks[dir].file.Close() // as the system does for a process that ends
	last := stage("c.csv")
	if err := last.commit(); err != nil {
		t.Fatal(err)
	}
	if err := live.commit(); err != nil {
		t.Fatal(err)
	}
	want := append([]string{"b.csv", "c.csv"}, keep...)
	slices.Sort(want)
	if got := entries(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}

	// Without the lock's file there is no process either.
	orphan := ".d.csv" + tempMark + "12345"
	if err := os.WriteFile(filepath.Join(dir, orphan), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stage("e.csv").discard()
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
				var s staging
				for k := 0; k < 2 && err == nil; k++ {
					err = s.create(filepath.Join(dir, string(rune('a'+i))+string(rune('0'+k))), func(w io.Writer) error {
						_, err := io.WriteString(w, "text")
						return err
					})
				}
				if err == nil {
					err = s.commit()
				}
				s.discard()
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

// A run after a killed one leaves a folder with nothing but results.
func TestRunAfterKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs SIGKILL")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	out := filepath.Join(dir, "out")
	args := []string{"run", "--flows", "flows.csv", "--boundaries", "areas.geojson", "--footprints", "2", "-q", "-o", "out"}
	left := func() (n int) {
		for _, name := range entries(t, out) {
			if strings.Contains(name, tempMark) {
				n++
			}
		}
		return n
	}
	for files := 3; left() < 3; files = files%12 + 1 {
		cmd, said := stpmapIn(dir, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForFiles(out, files, 10*time.Second)
		_ = cmd.Process.Signal(syscall.SIGKILL)
		if err := cmd.Wait(); err == nil {
			if err := os.RemoveAll(out); err != nil { // it was too quick
				t.Fatal(err)
			}
		}
		_ = said
	}
	cmd, said := stpmapIn(dir, args...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if n := left(); n != 0 {
		t.Errorf("%d leftovers: %q", n, entries(t, out))
	}
}
