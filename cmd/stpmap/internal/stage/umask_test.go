//go:build unix

package stage

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// New files and folders have what the umask leaves.
func TestUmask(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o022))
	for umask, want := range map[int]os.FileMode{0o077: 0o600, 0o022: 0o644, 0o002: 0o664} {
		syscall.Umask(umask)
		name := filepath.Join(t.TempDir(), "new", "a.csv")
		if err := WriteOut(io.Discard, name, text("x")); err != nil {
			t.Fatal(err)
		}
		file, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		dir, err := os.Stat(filepath.Dir(name))
		if err != nil {
			t.Fatal(err)
		}
		if file.Mode().Perm() != want || dir.Mode().Perm() != 0o777&^os.FileMode(umask) {
			t.Errorf("umask %03o: file %v, folder %v", umask, file.Mode(), dir.Mode())
		}
	}
}
