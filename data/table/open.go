package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"stpmap/flow/fault"
	"stpmap/flow/wholefile"
)

// Kind is what the first bytes of a file say that it is.
type Kind int8

const (
	Text    Kind = iota // none of the others: taken for text
	Gzip                // one or several gzip members
	Zstd                // Zstandard frames
	Zip                 // a zip archive, which xlsx and ods files are too
	Parquet             // Apache Parquet
	SQLite              // an SQLite database, which a GeoPackage is
)

var magics = []struct {
	kind  Kind
	bytes string
}{
	{Gzip, "\x1f\x8b"},
	{Zstd, "\x28\xb5\x2f\xfd"},
	{Zip, "PK\x03\x04"},
	{Zip, "PK\x05\x06"},
	{Parquet, "PAR1"},
	{SQLite, "SQLite format 3\x00"},
}

// Sniff tells a file's kind by its first bytes; 16 are enough.
func Sniff(head []byte) Kind {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			return m.kind
		}
	}
	if len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte("\x2a\x4d\x18")) {
		return Zstd // a skippable frame comes first
	}
	return Text
}

// Limits that Decompress keeps, against archives made to fill a disk. A table
// of numbers shrinks 5 to 50 times; the tightest real ones about 100 times.
const (
	MaxDecompressed = 64 << 30  // bytes that one compressed file may hold
	MaxRatio        = 400       // times its size that it may grow to,
	RatioFrom       = 256 << 20 // looked at once this many bytes have come out
)

// Errors of compressed files; test with errors.Is.
var (
	ErrTruncated  = errors.New("compressed data end too early")
	ErrCompressed = errors.New("damaged compressed data")
	ErrTooLarge   = errors.New("larger than the limit")
)

// Open opens a table for reading and unpacks it if it is compressed with gzip
// or Zstandard, whatever its name. Faults in the compressed data come as an
// *fault.Error from Read.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		_ = f.Close()
		return nil, &fault.Error{File: path, Err: errors.New("is a folder, not a table")}
	}
	r, err := Decompress(path, wholefile.New(f))
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &opened{r, f}, nil
}

type opened struct {
	io.ReadCloser
	file *os.File
}

func (o *opened) Close() error { return errors.Join(o.ReadCloser.Close(), o.file.Close()) }

// Decompress unpacks r if its first bytes are those of gzip (of any number of
// members) or Zstandard, and otherwise passes it on. name is for messages. An
// archive or a database is refused with an *fault.Error. Closing the result
// does not close r.
func Decompress(name string, r io.Reader) (io.ReadCloser, error) {
	in := &counter{r: r}
	br := bufio.NewReaderSize(in, 512) // for the first bytes: what is plain is read past it
	head, err := br.Peek(16)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch Sniff(head) {
	case Gzip:
		z, err := gzip.NewReader(bufio.NewReaderSize(br, 1<<16))
		if err != nil {
			return nil, unpackError(name, err)
		}
		return &unpacked{name: name, r: z, in: in, close: z.Close}, nil
	case Zstd:
		z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderMaxWindow(256<<20), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, unpackError(name, err)
		}
		return &unpacked{name: name, r: z, in: in, close: func() error { z.Close(); return nil }}, nil
	case Zip:
		return nil, &fault.Error{File: name, Err: errors.New("a zip archive or spreadsheet, not a text table: unpack it, save it as CSV, or use stpmap import")}
	case SQLite:
		return nil, &fault.Error{File: name, Err: errors.New("an SQLite database or GeoPackage, not a text table")}
	case Parquet:
		return nil, &fault.Error{File: name, Err: errors.New("a Parquet file, not a text table: use stpmap ingest")}
	}
	if IsOldWorkbook(head) {
		return nil, &fault.Error{File: name, Err: ErrOldWorkbook}
	}
	return io.NopCloser(br), nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		err = &sourceError{err}
	}
	return n, err
}

// sourceError marks an error of the source below a decompressor, which is not
// a fault in the data.
type sourceError struct{ error }

func (e *sourceError) Unwrap() error { return e.error }

type unpacked struct {
	name  string
	r     io.Reader
	in    *counter
	out   int64
	close func() error
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.out += int64(n)
	if u.out > MaxDecompressed {
		return n, &fault.Error{File: u.name, Err: fmt.Errorf("%w: more than %d GiB once unpacked", ErrTooLarge, MaxDecompressed>>30)}
	}
	if u.out > RatioFrom && u.out/MaxRatio > u.in.n {
		return n, &fault.Error{File: u.name, Err: fmt.Errorf("%w: more than %d times its size once unpacked", ErrTooLarge, MaxRatio)}
	}
	if err != nil && err != io.EOF {
		err = unpackError(u.name, err)
	}
	return n, err
}

func (u *unpacked) Close() error { return u.close() }

func unpackError(name string, err error) error {
	var src *sourceError
	switch {
	case errors.As(err, &src):
		return src.error
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &fault.Error{File: name, Err: ErrTruncated}
	}
	return &fault.Error{File: name, Err: fmt.Errorf("%w: %w", ErrCompressed, err)}
}

// ErrOldWorkbook is a workbook as Excel wrote them until 2003, which some
// published files still are.
var ErrOldWorkbook = errors.New("an old Excel workbook (.xls), which is not read: save it as xlsx or CSV")

// IsOldWorkbook reports whether a file starts as the workbooks of Excel did until
// 2003.
func IsOldWorkbook(head []byte) bool { return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) }

// IsZip reports whether a file starts as a zip archive, xlsx or ods.
func IsZip(head []byte) bool { return Sniff(head) == Zip }
