package main

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"stpmap/cmd/stpmap/internal/stage"
)

// names are the names of a folder's files.
func names(t *testing.T, dir string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(contents(t, dir)))
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
		for _, name := range names(t, out) {
			if stage.InProgress(name) {
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
		t.Errorf("%d leftovers: %q", n, names(t, out))
	}
}
