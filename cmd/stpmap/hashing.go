package main

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"path/filepath"
)

// hashing hashes and counts what is read through it.
type hashing struct {
	r io.Reader
	h hash.Hash
	n int64
}

func newHashing(r io.Reader) *hashing { return &hashing{r: r, h: sha256.New()} }

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	return n, err
}

// keep keeps what was read as an input of that role.
func (l *loader) keep(role, name string, h *hashing) {
	base := filepath.Base(name)
	if name == "-" {
		base = "standard input"
	}
	l.in.files = append(l.in.files, inputFile{Role: role, Name: base, Bytes: h.n, SHA256: hex.EncodeToString(h.h.Sum(nil))})
}

// hash keeps the hash of a file that was read by another way.
func (l *loader) hash(role, name string) error {
	f, err := l.files.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := newHashing(f)
	if _, err := io.Copy(io.Discard, h); err != nil {
		return err
	}
	l.keep(role, name, h)
	return nil
}
