package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"

	tablepkg "stpmap/data/table"
	"stpmap/render/boundary"
)

// streamed reports whether an input can be read once only and from its start:
// standard input, or a pipe.
func streamed(name string) bool {
	if name == "-" {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// streamBoundaries reads boundaries from a stream, which must be GeoJSON: the
// other formats are read back and forth.
func (l *loader) streamBoundaries(name string, o boundary.Options) (*boundary.Set, error) {
	f, err := l.files.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := newHashing(f)
	r := bufio.NewReaderSize(h, 1<<16)
	head, err := r.Peek(16)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return nil, &tablepkg.InputError{File: displayName(name), Err: errors.New("no boundaries: the stream is empty")}
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")), bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0a}), bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, &tablepkg.InputError{File: displayName(name), Err: errors.New("only GeoJSON can be read from standard input or a pipe: name the file of a GeoPackage or Shapefile")}
	}
	b, err := boundary.Read(l.ctx, displayName(name), r, o)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, err
	}
	if l.provenance {
		l.keep("boundaries", name, h)
	}
	return b, nil
}
