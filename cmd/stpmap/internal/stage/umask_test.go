//go:build unix

package stage

import (
	"io"
	"os"
	"path/filepath"
	"strings"
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

// A device or a pipe is refused: a file in its place would take it from everybody.
func TestPipesAreNotReplaced(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	var s Files
	defer s.Discard()
	err := s.Create(pipe, func(io.Writer) error { t.Error("the writer is asked"); return nil })
	if err == nil || !strings.Contains(err.Error(), "is a device or a pipe") {
		t.Errorf("got %v", err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is gone: %v, %v", info, err)
	}
}
