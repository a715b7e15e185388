// Command gensample writes the archive of Synthetic England that package sample
// embeds. An archive that holds the same files already is left alone, so that a
// newer compressor makes no difference.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"stpmap/data/sample/internal/synthetic"
)

func main() {
	out := flag.String("o", "sample.zip", "archive to write")
	seed := flag.Uint64("seed", synthetic.Seed, "seed of the random numbers")
	flag.Parse()
	if err := run(*out, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "gensample:", err)
		os.Exit(1)
	}
}

func run(out string, seed uint64) error {
	files, err := synthetic.Files(seed)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(out); err == nil && holds(old, files) {
		return nil
	}
	archive, err := pack(files)
	if err != nil {
		return err
	}
	return os.WriteFile(out, archive, 0o644)
}

// holds reports whether an archive consists of just these files.
func holds(archive []byte, files []synthetic.File) bool {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil || len(r.File) != len(files) {
		return false
	}
	for i, f := range r.File {
		c, err := f.Open()
		if err != nil {
			return false
		}
		content, err := io.ReadAll(c)
		c.Close()
		if err != nil || f.Name != files[i].Name || !bytes.Equal(content, files[i].Content) {
			return false
		}
	}
	return true
}

func pack(files []synthetic.File) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, f := range files {
		// The format demands a date.
		h := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		fw, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := fw.Write(f.Content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
