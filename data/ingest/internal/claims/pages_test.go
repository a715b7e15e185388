package claims

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	encoded "github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Every codec and both kinds of page pass as the library writes them.
func TestPagesPass(t *testing.T) {
	type row struct {
		Area  string `parquet:"area,dict"`
		Trust string `parquet:"trust,optional"`
		N     int64  `parquet:"n,optional"`
	}
	var rows []row
	for i := range 5000 {
		rows = append(rows, row{strings.Repeat("E", 1+i%7), strings.Repeat("R", i%3), int64(i % 11)})
	}
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd, &parquet.Lz4Raw} {
		for _, version := range []int{1, 2} {
			var b bytes.Buffer
			w := parquet.NewGenericWriter[row](&b, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(2000))
			if _, err := w.Write(rows); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil {
				t.Fatal(err)
			}
			p := NewPages(bytes.NewReader(b.Bytes()), int64(b.Len()))
			for _, c := range f.Metadata().RowGroups[0].Columns {
				if err := p.Check(&c.MetaData); err != nil {
					t.Errorf("%s, pages of version %d, column %v: %v", codec, version, c.MetaData.PathInSchema, err)
				}
			}
		}
	}
}

// chunk is a column chunk of one page, and where it lies.
func chunk(t testing.TB, codec format.CompressionCodec, h format.PageHeader, packed []byte) ([]byte, format.ColumnMetaData) {
	t.Helper()
	head, err := encoded.Marshal(new(encoded.CompactProtocol), h)
	if err != nil {
		t.Fatal(err)
	}
	b := append(append([]byte("PAR1"), head...), packed...)
	return b, format.ColumnMetaData{Codec: codec, DataPageOffset: 4, TotalCompressedSize: int64(len(b) - 4)}
}

// dataPage is the header of a page of the first version.
func dataPage(unpacked, packed, values int) format.PageHeader {
	h := format.PageHeader{Type: format.DataPage, UncompressedPageSize: int32(unpacked), CompressedPageSize: int32(packed)}
	h.DataPageHeader.Valid = true
	h.DataPageHeader.V.NumValues = int32(values)
	return h
}

func dictionaryPage(unpacked, packed, values int) format.PageHeader {
	h := format.PageHeader{Type: format.DictionaryPage, UncompressedPageSize: int32(unpacked), CompressedPageSize: int32(packed)}
	h.DictionaryPageHeader.Valid = true
	h.DictionaryPageHeader.V.NumValues = int32(values)
	return h
}

// packedZeros is n zero bytes, packed.
func packedZeros(t testing.TB, n int64, open func(w io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(zeros)) {
		if _, err := w.Write(zeros[:min(n, int64(len(zeros)))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipWriter(w io.Writer) io.WriteCloser   { return gzip.NewWriter(w) }
func brotliWriter(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 2) }
func zstdWriter(w io.Writer) io.WriteCloser {
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err)
	}
	return z
}

// What a page claims, and what it unpacks to, is bounded; what is damaged is refused.
func TestPagesRefused(t *testing.T) {
	small := packedZeros(t, 1000, gzipWriter)
	for _, c := range []struct {
		name   string
		codec  format.CompressionCodec
		header format.PageHeader
		packed []byte
		want   error
	}{
		{"as it should be", format.Gzip, dataPage(1000, len(small), 1000), small, nil},
		{"two gigabytes claimed", format.Gzip, dataPage(math.MaxInt32, len(small), 1), small, errPageLarge},
		{"two thousand million values", format.Gzip, dataPage(1000, len(small), math.MaxInt32), small, errPageLarge},
		{"more packed than the column has", format.Gzip, dataPage(1000, math.MaxInt32, 1), small, errPage},
		{"less than nothing", format.Gzip, dataPage(-1, len(small), 1), small, errPage},
		{"a dictionary of more values than bytes", format.Gzip, dictionaryPage(1000, len(small), 2000), small, errPage},
		{"gzip that unpacks to more", format.Gzip, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, gzipWriter), errPageLarge},
		{"Zstandard that unpacks to more", format.Zstd, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, zstdWriter), errPageLarge},
		{"Brotli that unpacks to more", format.Brotli, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, brotliWriter), errPageLarge},
		{"Snappy that claims four gigabytes", format.Snappy, dataPage(1000, 0, 1), []byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0}, errPageLarge},
		{"LZ4 that is damaged", format.Lz4Raw, dataPage(1000, 0, 1), []byte{0x0f, 0xff, 0xff, 0x10, 0}, errPage},
		{"LZ4 shorter than it says", format.Lz4Raw, dataPage(1000, 0, 1), []byte{0x10, 'a'}, errPage},
		{"gzip that is none", format.Gzip, dataPage(1000, 0, 1), []byte("PARQUET"), errPage},
		{"Zstandard that is none", format.Zstd, dataPage(1000, 0, 1), []byte("PARQUET"), errPage},
		{"Brotli that is none", format.Brotli, dataPage(1000, 0, 1), []byte("\xff\xff\xff\xff"), errPage},
	} {
		if c.header.CompressedPageSize == 0 {
			c.header.CompressedPageSize = int32(len(c.packed))
		}
		b, meta := chunk(t, c.codec, c.header, c.packed)
		if err := NewPages(bytes.NewReader(b), int64(len(b))).Check(&meta); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// A header may have texts of any length in it, as the least and the most value.
func TestPageHeaderWithLongTexts(t *testing.T) {
	for _, n := range []int{10, 1 << 10, 40 << 10, 400 << 10} {
		h := dataPage(1<<30, 3, 1)
		h.DataPageHeader.V.Statistics.MaxValue = bytes.Repeat([]byte("x"), n)
		b, meta := chunk(t, format.Uncompressed, h, []byte("abc"))
		if err := NewPages(bytes.NewReader(b), int64(len(b))).Check(&meta); !errors.Is(err, errPageLarge) {
			t.Errorf("a text of %d: got %v", n, err)
		}
	}
}

// Column chunks anywhere, of any bytes, are passed or refused.
func FuzzPages(f *testing.F) {
	small := packedZeros(f, 100, gzipWriter)
	for _, c := range []struct {
		codec  format.CompressionCodec
		packed []byte
	}{
		{format.Uncompressed, []byte("abc")},
		{format.Snappy, []byte{5, 0x10, 'a', 'b', 'c', 'd', 'e'}},
		{format.Gzip, small},
		{format.Brotli, packedZeros(f, 100, brotliWriter)},
		{format.Zstd, packedZeros(f, 100, zstdWriter)},
		{format.Lz4Raw, []byte{0x50, 'a', 'b', 'c', 'd', 'e'}},
	} {
		b, meta := chunk(f, c.codec, dataPage(100, len(c.packed), 100), c.packed)
		f.Add(b, byte(c.codec), meta.DataPageOffset, int64(0), meta.TotalCompressedSize)
		b, meta = chunk(f, c.codec, dictionaryPage(100, len(c.packed), 20), c.packed)
		f.Add(b, byte(c.codec), int64(900), meta.DataPageOffset, meta.TotalCompressedSize)
	}
	f.Fuzz(func(t *testing.T, file []byte, codec byte, data, dictionary, size int64) {
		meta := format.ColumnMetaData{Codec: format.CompressionCodec(codec), DataPageOffset: data, DictionaryPageOffset: dictionary, TotalCompressedSize: size}
		err := NewPages(bytes.NewReader(file), int64(len(file))).Check(&meta)
		if err != nil && !errors.Is(err, errPage) && !errors.Is(err, errPageLarge) {
			t.Fatalf("%q: %v", file, err)
		}
	})
}
