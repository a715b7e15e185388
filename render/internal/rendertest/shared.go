// Package rendertest holds what the tests of several packages of render share:
// layers to write, and where the data beside the project lie.
package rendertest

import (
	"os"
	"path/filepath"
	"testing"
)

// Shared is the path of a file in the folder shared beside the project, given
// with forward slashes. The test is skipped where the file is not there.
func Shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
	}
	path := filepath.Join(filepath.Dir(dir), "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("../shared/%s is absent", name)
	}
	return path
}
