package claims

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/delta"
	encoded "github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Every codec, encoding and kind of page passes as the library writes it, and so
// do levels of values that are not there.
func TestPagesPass(t *testing.T) {
	text := func(e encoding.Encoding) parquet.Node { return parquet.Encoded(parquet.String(), e) }
	number := func(e encoding.Encoding) parquet.Node { return parquet.Encoded(parquet.Int(64), e) }
	schema := parquet.NewSchema("rows", parquet.Group{
		"a": text(&parquet.Plain), "b": parquet.Optional(text(&parquet.Plain)),
		"c": text(&parquet.RLEDictionary), "d": parquet.Optional(text(&parquet.RLEDictionary)),
		"e": text(&parquet.DeltaByteArray), "f": parquet.Optional(text(&parquet.DeltaByteArray)),
		"g": text(&parquet.DeltaLengthByteArray), "h": parquet.Optional(text(&parquet.DeltaLengthByteArray)),
		"i": number(&parquet.DeltaBinaryPacked), "j": parquet.Optional(number(&parquet.DeltaBinaryPacked)),
		"k": number(&parquet.RLEDictionary), "l": parquet.Optional(number(&parquet.RLEDictionary)),
		"m": parquet.Encoded(parquet.Leaf(parquet.BooleanType), &parquet.RLE),
	})
	rng := rand.New(rand.NewPCG(5, 6))
	var rows []parquet.Row
	for i := range 3000 {
		row := make(parquet.Row, 13)
		word := "E0100" + strings.Repeat("0", rng.IntN(40)) + strconv.Itoa(rng.IntN(900))
		for c := range row {
			v := parquet.ValueOf(word)
			switch {
			case c == 12:
				v = parquet.ValueOf(i > 900)
			case c >= 8:
				v = parquet.ValueOf(rng.Int64N(1 << (1 + i%40)))
			}
			level := c % 2
			if c%2 == 1 && (i/100%3 == 0 || rng.IntN(9) == 0) {
				v, level = parquet.Value{}, 0
			}
			row[c] = v.Level(0, level, c)
		}
		row[12] = row[12].Level(0, 0, 12)
		rows = append(rows, row)
	}
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd} {
		for _, version := range []int{1, 2} {
			var b bytes.Buffer
			w := parquet.NewWriter(&b, schema, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(3000))
			if _, err := w.WriteRows(rows); err != nil {
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
			for i, c := range f.Metadata().RowGroups[0].Columns {
				levels := i % 2
				if err := p.Check(&c.MetaData, levels); err != nil {
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
	return b, format.ColumnMetaData{Codec: codec, DataPageOffset: 4, TotalCompressedSize: int64(len(b) - 4), NumValues: 1000}
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
		{"a page of nothing at the file's end", format.Gzip, dataPage(0, 0, 0), nil, nil},
		{"as it should be", format.Gzip, dataPage(1000, len(small), 1000), small, nil},
		{"two gigabytes claimed", format.Gzip, dataPage(math.MaxInt32, len(small), 1), small, errPageLarge},
		{"two thousand million values", format.Gzip, dataPage(1000, len(small), math.MaxInt32), small, errPageLarge},
		{"more packed than the column has", format.Gzip, dataPage(1000, math.MaxInt32, 1), small, errPage},
		{"less than nothing", format.Gzip, dataPage(-1, len(small), 1), small, errPage},
		{"more values than the column has", format.Gzip, dataPage(1000, len(small), 1001), small, errPage},
		{"a hundred megabytes claimed for a thousand bytes", format.Gzip, dataPage(100<<20, len(small), 1000), small, errPage},
		{"a dictionary of more values than bytes", format.Gzip, dictionaryPage(1000, len(small), 2000), small, errPage},
		{"gzip that unpacks to more", format.Gzip, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, gzipWriter), errPageLarge},
		{"Zstandard that unpacks to more", format.Zstd, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, zstdWriter), errPageLarge},
		{"Brotli that unpacks to more", format.Brotli, dataPage(1000, 0, 1), packedZeros(t, maxPage+1, brotliWriter), errPageLarge},
		{"Snappy that claims four gigabytes", format.Snappy, dataPage(1000, 0, 1), []byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0}, errPageLarge},
		{"LZ4 that is damaged", format.Lz4Raw, dataPage(1000, 0, 1), []byte{0x0f, 0xff, 0xff, 0x10, 0}, errLZ4},
		{"gzip that is none", format.Gzip, dataPage(1000, 0, 1), []byte("PARQUET"), errPage},
		{"Zstandard that is none", format.Zstd, dataPage(1000, 0, 1), []byte("PARQUET"), errPage},
		{"Brotli that is none", format.Brotli, dataPage(1000, 0, 1), []byte("\xff\xff\xff\xff"), errPage},
	} {
		if c.header.CompressedPageSize == 0 {
			c.header.CompressedPageSize = int32(len(c.packed))
		}
		b, meta := chunk(t, c.codec, c.header, c.packed)
		if err := NewPages(bytes.NewReader(b), int64(len(b))).Check(&meta, 0); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// Runs and steps may stand for no more values than a page has.
func TestValuesRefused(t *testing.T) {
	many := []byte{0xfe, 0xff, 0xff, 0xff, 0x0f} // a run of 2^31 - 1
	measured := func(b []byte) []byte { return append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...) }
	for _, c := range []struct {
		name     string
		encoding format.Encoding
		levels   int
		page     []byte
		want     error
	}{
		{"a run of ten", format.RLEDictionary, 0, []byte{1, 20, 0}, nil},
		{"a run of two thousand million", format.RLEDictionary, 0, append(append([]byte{1}, many...), 0), errPage},
		{"ten thousand runs of ten", format.RLEDictionary, 0, append([]byte{1}, bytes.Repeat([]byte{20, 0}, 10_000)...), errPage},
		{"an eight filled up to 256", format.RLEDictionary, 0, append([]byte{8, 65}, make([]byte, 256)...), nil},
		{"eights that are cut off", format.RLEDictionary, 0, []byte{8, 0x05, 0, 0}, errPage},
		{"values of 200 bits", format.RLEDictionary, 0, []byte{200, 20, 0}, errPage},
		{"a head without an end", format.RLEDictionary, 0, []byte{1, 0xff}, errPage},
		{"levels", format.Plain, 1, measured([]byte{20, 1}), nil},
		{"levels of two thousand million", format.Plain, 1, measured(append(many, 1)), errPage},
		{"levels longer than the page", format.Plain, 1, []byte{200, 0, 0, 0, 20, 1}, errPage},
		{"truths of two thousand million", format.RLE, 0, measured(append(many, 1)), errPage},
		{"two thousand million steps", format.DeltaBinaryPacked, 0, []byte{0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 7, 0}, errPage},
		{"two thousand million lengths", format.DeltaLengthByteArray, 0, []byte{0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 7, 0}, errPage},
		{"a length below nothing", format.DeltaLengthByteArray, 0, []byte{0x80, 1, 4, 1, 1}, errPage},
		{"blocks of nothing", format.DeltaLengthByteArray, 0, []byte{0, 4, 1, 0}, errPage},
		{"texts that share more than there is room for", format.DeltaByteArray, 0, append(
			append(lengths(100<<20, 10), lengths(0, 10)...), "x"...), errPageLarge},
		{"texts that share a little", format.DeltaByteArray, 0, append(append(lengths(100, 10), lengths(0, 10)...), "x"...), nil},
	} {
		h := dataPage(len(c.page), len(c.page), 10)
		h.DataPageHeader.V.Encoding, h.DataPageHeader.V.DefinitionLevelEncoding = c.encoding, format.RLE
		b, meta := chunk(t, format.Uncompressed, h, c.page)
		if err := NewPages(bytes.NewReader(b), int64(len(b))).Check(&meta, c.levels); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// lengths is n times the same length, as steps of nothing.
func lengths(length int64, n uint64) []byte {
	b := binary.AppendUvarint([]byte{0x80, 1, 4}, n)
	b = binary.AppendVarint(b, length)
	return append(b, 0, 0, 0, 0, 0) // the least step, and four widths
}

// Lengths add up to what the library wrote.
func TestLengthsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		numbers, want := make([]int32, 1+rng.IntN(400)), int64(0)
		for i := range numbers {
			numbers[i] = rng.Int32N(1 << (1 + rng.IntN(20)))
			want += int64(numbers[i])
		}
		b, err := new(delta.BinaryPackedEncoding).EncodeInt32(nil, numbers)
		if err != nil {
			t.Fatal(err)
		}
		h := pageHeader{values: int64(len(numbers))}
		got, rest, err := h.lengths(append(b, "rest"...))
		if err != nil || got != want || string(rest) != "rest" {
			t.Fatalf("%d numbers: got %d, %q, %v, want %d", len(numbers), got, rest, err, want)
		}
	}
}

// A header may have texts of any length in it, as the least and the most value.
func TestPageHeaderWithLongTexts(t *testing.T) {
	for _, n := range []int{10, 1 << 10, 40 << 10, 400 << 10} {
		h := dataPage(1<<30, 3, 1)
		h.DataPageHeader.V.Statistics.MaxValue = bytes.Repeat([]byte("x"), n)
		b, meta := chunk(t, format.Uncompressed, h, []byte("abc"))
		if err := NewPages(bytes.NewReader(b), int64(len(b))).Check(&meta, 0); !errors.Is(err, errPageLarge) {
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
		f.Add(b, byte(c.codec), meta.DataPageOffset, int64(0), meta.TotalCompressedSize, 0)
		b, meta = chunk(f, c.codec, dictionaryPage(100, len(c.packed), 20), c.packed)
		f.Add(b, byte(c.codec), int64(900), meta.DataPageOffset, meta.TotalCompressedSize, 1)
	}
	for encoding, page := range [][]byte{
		format.RLEDictionary: append([]byte{6, 0, 0, 0, 20, 1}, 2, 20, 1, 3, 0, 0), format.DeltaBinaryPacked: lengths(3, 10),
		format.DeltaLengthByteArray: append(lengths(3, 10), "x"...), format.DeltaByteArray: append(append(lengths(100, 10), lengths(0, 10)...), "x"...),
	} {
		if page == nil {
			continue
		}
		h := dataPage(len(page), len(page), 10)
		h.DataPageHeader.V.Encoding, h.DataPageHeader.V.DefinitionLevelEncoding = format.Encoding(encoding), format.RLE
		b, meta := chunk(f, format.Uncompressed, h, page)
		f.Add(b, byte(format.Uncompressed), meta.DataPageOffset, int64(0), meta.TotalCompressedSize, encoding/8)
	}
	f.Fuzz(func(t *testing.T, file []byte, codec byte, data, dictionary, size int64, levels int) {
		meta := format.ColumnMetaData{Codec: format.CompressionCodec(codec), DataPageOffset: data, DictionaryPageOffset: dictionary, TotalCompressedSize: size, NumValues: 1000}
		err := NewPages(bytes.NewReader(file), int64(len(file))).Check(&meta, levels)
		if err != nil && !errors.Is(err, errPage) && !errors.Is(err, errPageLarge) && !errors.Is(err, errLZ4) {
			t.Fatalf("%q: %v", file, err)
		}
	})
}
