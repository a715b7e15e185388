// Package wholefile notices files that change while they are read.
//
// In: an open file. Out: a reader of it that fails at its end if the file was
// cut, added to, written or replaced meanwhile. It imports nothing of ours.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrChanged says that a file is not what it was when its reading began.
var ErrChanged = errors.New("changed while it was read: try again when nothing writes to it")

// File reads a regular file; anything else, such as a pipe, it passes on.
type File struct {
	*os.File
	name string
	path string      // "" where the name is not the file's
	was  fs.FileInfo // nil for what is no regular file
}

// New takes a file that has just been opened.
func New(f *os.File) *File {
	w := Named(f.Name(), f)
	w.path = f.Name()
	return w
}

// Named is New, with a name for messages.
func Named(name string, f *os.File) *File {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		info = nil
	}
	return &File{File: f, name: name, was: info}
}

// Read gives io.EOF only where the file is still as it was.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if err == io.EOF {
		if changed := f.Check(); changed != nil {
			err = changed
		}
	}
	return n, err
}

// WriteTo is Read's copy, so that the file's own does not go round Read.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{f})
}

// Check says whether the file has still the size and the time that it had, and
// whether its name is still its own. The error wraps ErrChanged.
func (f *File) Check() error {
	if f.was == nil {
		return nil
	}
	now, err := f.Stat()
	if err != nil {
		return err
	}
	changed := f.differs(now)
	if at, err := os.Stat(f.path); err == nil && !changed {
		// Another file was put in its place. Drives that number their files anew
		// whenever one looks give the same size and time at least.
		changed = !os.SameFile(at, f.was) && f.differs(at)
	}
	if changed {
		return fmt.Errorf("%s %w", f.name, ErrChanged)
	}
	return nil
}

func (f *File) differs(now fs.FileInfo) bool {
	return now.Size() != f.was.Size() || !now.ModTime().Equal(f.was.ModTime())
}

// Changed is Check where r is a File, or has one in it, and nil for any other
// reader. It is for a reader that met a fault before the file's end.
func Changed(r io.Reader) error {
	if f, ok := r.(interface{ Check() error }); ok {
		return f.Check()
	}
	return nil
}
