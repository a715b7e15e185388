package table

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder gives %v", err)
	}
	if _, err := Open(t.TempDir() + "/none.csv"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file gives %v", err)
	}
}

// A gzip made to fill a disk is stopped by its ratio.
func TestDecompressBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 260 MiB of zeros")
	}
	var z bytes.Buffer
	w, _ := gzip.NewWriterLevel(&z, gzip.BestSpeed)
	chunk := bytes.Repeat([]byte("0"), 1<<20)
	for range 260 {
		_, _ = w.Write(chunk)
	}
	_ = w.Close()
	r, err := Decompress("bomb.gz", iotestSmall{bytes.NewReader(z.Bytes())})
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, r)
	if z.Len()*MaxRatio > RatioFrom {
		t.Skipf("packed to %d bytes, which the ratio allows", z.Len())
	}
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("read %d bytes and got %v", n, err)
	}
}

// iotestSmall hides all but Read of a reader.
type iotestSmall struct{ io.Reader }
