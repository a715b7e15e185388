package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"stpmap/flow/fault"
	"stpmap/flow/wholefile"
)

// Open opens an input by the name that a flag gives it; - is standard input. A
// file that changes while it is read fails at its end.
func Open(name string, stdin io.Reader) (io.ReadCloser, error) {
	if name == "-" {
		if f, ok := stdin.(*wholefile.File); ok {
			return shared{f}, nil
		}
		return io.NopCloser(stdin), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, Unreadable(name, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close()
		return nil, &fault.Error{File: name, Err: errors.New("is a folder, not a file")}
	}
	return wholefile.New(file), nil
}

// InputName is the name of an input in messages.
func InputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// shared is standard input, which no reader of it closes.
type shared struct{ *wholefile.File }

func (shared) Close() error { return nil }

// Unreadable makes a missing file the input's fault; other errors stay what
// they are.
func Unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{File: name, Err: errors.New("no such file")}
	}
	return err
}
