package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"stpmap/data/sample"
	tablepkg "stpmap/data/table"
	"stpmap/render/boundary"
)

// fileSource opens the inputs by the names that flags give.
type fileSource interface {
	// resolve gives the name to open for a flag, "" for none.
	resolve(c *cli.Context, flag string) []string
	open(name string) (io.ReadCloser, error)
	boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error)
	notice() string
}

// filesOnDisk are the user's files.
type filesOnDisk struct{ stdin io.Reader }

func (f filesOnDisk) resolve(c *cli.Context, flag string) []string {
	if s := c.StringSlice(flag); s != nil {
		return s
	}
	if s, ok := c.Value(flag).(string); ok && s != "" {
		return []string{s}
	}
	return nil
}

func (f filesOnDisk) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(f.stdin), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close()
		return nil, &tablepkg.InputError{File: name, Err: errors.New("is a folder, not a file")}
	}
	return file, nil
}

// unreadable makes a missing file the input's fault; other errors stay what
// they are.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &tablepkg.InputError{File: name, Err: errors.New("no such file")}
	}
	return err
}

func (f filesOnDisk) boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error) {
	b, err := boundary.Open(ctx, name, o)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return b, nil
}

func (f filesOnDisk) notice() string { return "" }

// sampleFiles are those of the embedded sample.
type sampleFiles struct{ fsys fs.FS }

func newSampleFiles() sampleFiles { return sampleFiles{sample.Files()} }

func (f sampleFiles) resolve(c *cli.Context, flag string) []string {
	switch flag {
	case "flows", "providers", "indicators":
		return []string{flag + ".csv"}
	case "boundaries":
		return []string{"areas.geojson"}
	}
	return filesOnDisk{}.resolve(c, flag)
}

func (f sampleFiles) open(name string) (io.ReadCloser, error) {
	if file, err := f.fsys.Open(name); err == nil {
		return file, nil
	}
	return filesOnDisk{}.open(name)
}

func (f sampleFiles) boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error) {
	file, err := f.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return boundary.Read(ctx, name, file, o)
}

func (f sampleFiles) notice() string { return sample.Notice }
