package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"path/filepath"
)

// Hashing hashes and counts what is read through it.
type Hashing struct {
	r io.Reader
	h hash.Hash
	n int64
}

// NewHashing reads through to r.
func NewHashing(r io.Reader) *Hashing { return &Hashing{r: r, h: sha256.New()} }

// Read reads on and hashes.
func (h *Hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	return n, err
}

// Input is what was read so far, as an input of that role.
func (h *Hashing) Input(role, name string) Input {
	return Input{Role: role, Name: filepath.Base(name), Bytes: h.n, SHA256: hex.EncodeToString(h.h.Sum(nil))}
}
