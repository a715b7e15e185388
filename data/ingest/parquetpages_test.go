package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// codecs are the ways to pack a Parquet file's pages.
var codecs = []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd}

// packed is a small file packed by a codec.
func packed(t testing.TB, codec compress.Codec) []byte {
	area := "E1"
	return parquetFile(t, []parquetRecord{{Plain: "a", Area: &area, Trust: "R1", Count: 1}, {Plain: "b", Area: &area, Trust: "R2", Count: 2}}, parquet.Compression(codec))
}

// countDamaged says whether a file is refused; that it is read is right too.
func countDamaged(t *testing.T, file []byte) bool {
	t.Helper()
	g := &counting{opts: table.Collect([]table.Option{data.Columns("lsoa", "provider", "n")}), tally: newTally(1 << 24), jobs: 1}
	err := g.parquet(t.Context(), "r.parquet", bytes.NewReader(file), int64(len(file)))
	var bad *fault.Error
	if err != nil && !errors.As(err, &bad) {
		t.Fatalf("without a place: %v", err)
	}
	return err != nil
}

// A byte that is wrong anywhere in a file ends the reading with a fault, or
// leaves a file that can be read: it takes neither hours nor all the memory.
func TestDamagedParquet(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of files")
	}
	for _, codec := range codecs {
		file := packed(t, codec)
		if countDamaged(t, file) {
			t.Fatalf("%s: the whole file is refused", codec)
		}
		refused := 0
		for at := range file {
			b := bytes.Clone(file)
			b[at] ^= []byte{0x01, 0x80, 0xff}[at%3]
			if countDamaged(t, b) {
				refused++
			}
		}
		if refused < len(file)/3 {
			t.Errorf("%s: %d of %d damaged files are refused", codec, refused, len(file))
		}
	}
}

// Nor does a wrong byte in a page whose checksum fits: other writers give none.
func TestDamagedPages(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of files")
	}
	for _, codec := range codecs[1:] {
		file := packed(t, codec)
		f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		tried := 0
		for _, c := range f.Metadata().RowGroups[0].Columns {
			start := int(c.MetaData.DataPageOffset)
			r := bytes.NewReader(file[start:])
			var h format.PageHeader
			if err := thrift.NewDecoder(new(thrift.CompactProtocol).NewReader(r)).Decode(&h); err != nil {
				t.Fatal(err)
			}
			head := file[start : len(file)-r.Len()]
			from, to := start+len(head), start+len(head)+int(h.CompressedPageSize)
			sum := binary.AppendVarint(nil, int64(h.CRC))
			for at := from; at < to; at++ {
				for change := 1; change < 256; change += 18 {
					b := bytes.Clone(file)
					b[at] ^= byte(change)
					now := binary.AppendVarint(nil, int64(int32(crc32.ChecksumIEEE(b[from:to]))))
					if len(now) != len(sum) || bytes.Count(head, sum) != 1 {
						continue // the header would have another length
					}
					copy(b[start:], bytes.Replace(head, sum, now, 1))
					countDamaged(t, b)
					tried++
				}
			}
		}
		if tried < 300 {
			t.Errorf("%s: only %d tried", codec, tried)
		}
	}
}

// Pages packed by LZ4 are refused by name: the library would give zeros for some.
func TestLZ4IsRefused(t *testing.T) {
	file := packed(t, &parquet.Lz4Raw)
	_, _, err := ingestFiles(t, map[string][]byte{"r.parquet": file}, []string{"r.parquet"}, Options{Table: []table.Option{data.Columns("lsoa", "provider", "n")}})
	if !errors.Is(err, ErrParquet) || !strings.Contains(err.Error(), "LZ4") {
		t.Errorf("got %v", err)
	}
}
