package study

import (
	"bufio"
	"context"
	"io"
	"io/fs"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data/sample"
	"stpmap/data/table"
	"stpmap/render/boundary"
)

// Source opens the inputs by the names that a Request gives.
type Source interface {
	// Open opens a file to read from its start to its end.
	Open(name string) (io.ReadCloser, error)
	// Boundaries reads polygons.
	Boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error)
	// Notice is what every output says of data from here; "" for nothing.
	Notice() string
}

// Disk is where the user's files are; Stdin is what - names.
type Disk struct{ Stdin io.Reader }

// Open opens a file, or standard input for -.
func (d Disk) Open(name string) (io.ReadCloser, error) { return cli.Open(name, d.Stdin) }

// Boundaries reads polygons from a file in any format.
func (d Disk) Boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error) {
	b, err := boundary.Open(ctx, name, o)
	if err != nil {
		return nil, cli.Unreadable(name, err)
	}
	return b, nil
}

// Notice is nothing: the data are the user's own.
func (d Disk) Notice() string { return "" }

// Sample is where the embedded sample's files are; other names are of the
// user's files.
type Sample struct {
	Disk
	Files fs.FS
}

// Open opens a file of the sample, or else one on disk.
func (s Sample) Open(name string) (io.ReadCloser, error) {
	if file, err := s.Files.Open(name); err == nil {
		return file, nil
	}
	return s.Disk.Open(name)
}

// Boundaries reads the sample's polygons.
func (s Sample) Boundaries(ctx context.Context, name string, o boundary.Options) (*boundary.Set, error) {
	file, err := s.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return boundary.Read(ctx, name, file, o)
}

// Notice says that the data are invented.
func (s Sample) Notice() string { return sample.Notice }

// unpack unpacks a table. Archives and workbooks of flows, indicators and
// successors stay as they are: the readers of published files open them.
func unpack(role, name string, r io.Reader) (io.ReadCloser, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(16)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if table.Sniff(head) == table.Zip && slices.Contains([]string{"flows", "indicators", "successors"}, role) {
		return io.NopCloser(br), nil
	}
	return table.Decompress(name, br)
}
