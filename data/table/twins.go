package table

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"stpmap/flow/fault"
)

// ErrTwice marks a table that is given twice, under another name.
var ErrTwice = errors.New("would be counted twice")

// Twins finds tables that are given twice by what is in them, whatever they are
// called: a browser's second copy, or a file beside its packed one.
type Twins struct {
	seed maphash.Seed
	seen map[twinKey]string
}

type twinKey struct {
	sum  uint64
	size int64
}

// Reader passes on what is read of a table, and looks at it on the way.
func (t *Twins) Reader(r io.Reader) *TwinReader {
	if t.seen == nil {
		t.seen, t.seed = map[twinKey]string{}, maphash.MakeSeed()
	}
	h := &TwinReader{r: r}
	h.hash.SetSeed(t.seed)
	return h
}

// Check notes a table that was read to its end. The error, which wraps
// ErrTwice, names the table that has the same content; an empty one has no
// twin.
func (t *Twins) Check(name string, r *TwinReader) error {
	key := twinKey{r.hash.Sum64(), r.size}
	if first, ok := t.seen[key]; ok && r.size > 0 {
		return &fault.Error{File: name, Err: fmt.Errorf("the same content as %s, which %w", first, ErrTwice)}
	}
	t.seen[key] = name
	return nil
}

// TwinReader is a reader of Twins.
type TwinReader struct {
	r    io.Reader
	hash maphash.Hash
	size int64
}

// Read passes on what is read, and looks at it.
func (t *TwinReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	_, _ = t.hash.Write(p[:n])
	t.size += int64(n)
	return n, err
}
