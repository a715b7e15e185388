package claims

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// Limits on a page: writers make pages of 1 MiB, DuckDB's may have 100 MB, and
// one of a single value over and over may hold all records of a group.
const (
	maxPage       = 128 << 20 // bytes, unpacked
	maxPageValues = 128 << 20
)

var (
	errPage      = errors.New("a page is damaged or cut off")
	errPageLarge = fmt.Errorf("a page is larger than %d MiB unpacked, or has more than %d million values", maxPage>>20, maxPageValues/1_000_000)
)

// Pages looks at the pages of column chunks.
type Pages struct {
	r    io.ReaderAt
	size int64
	head []byte // of a page, as far as its header may reach
	page []byte
	room []byte // for what is unpacked all at once
	zstd *zstd.Decoder
}

// NewPages looks at the pages of a file of size bytes.
func NewPages(r io.ReaderAt, size int64) *Pages { return &Pages{r: r, size: size} }

// Check goes from page to page of a column chunk, and ends with an error at the
// first that claims more than it holds or than is read, or unpacks to more.
// What is wrong with a header otherwise is left for the reader to say.
func (p *Pages) Check(c *format.ColumnMetaData) error {
	at := c.DataPageOffset
	if c.DictionaryPageOffset != 0 {
		at = c.DictionaryPageOffset
	}
	if at < 0 || c.TotalCompressedSize < 0 || at > p.size {
		return errPage
	}
	for end := at + min(c.TotalCompressedSize, p.size-at); at < end; {
		h, n, err := p.header(at, end)
		if err != nil || n == 0 {
			return err
		}
		at += n
		switch {
		case h.packed < 0 || h.packed > end-at || h.unpacked < 0 || h.values < 0 || h.levels < 0 || h.levels > h.packed:
			return errPage
		case h.dictionary && h.values > h.unpacked: // each has a byte at least
			return errPage
		case h.unpacked > maxPage || h.packed > maxPage || h.values > maxPageValues:
			return errPageLarge
		}
		if err := p.unpack(c.Codec, h, at+h.levels); err != nil {
			return err
		}
		at += h.packed
	}
	return nil
}

// pageHeader is what the header of a page says of its size.
type pageHeader struct {
	packed, unpacked int64 // bytes
	levels           int64 // bytes before what is packed
	values           int64
	dictionary       bool
	plain            bool // not packed, whatever the column is
}

// header reads the header at a place, and gives its length: 0 where it is none.
func (p *Pages) header(at, end int64) (pageHeader, int64, error) {
	for size := int64(1 << 10); ; size <<= 5 { // texts in it may be long
		n := min(size, end-at)
		p.head = slices.Grow(p.head[:0], int(n))
		b := p.head[:n]
		if _, err := p.r.ReadAt(b, at); err != nil && err != io.EOF {
			return pageHeader{}, 0, err
		}
		t := thrift{b: b, items: maxFooterItems}
		if h := t.page(); t.err == nil {
			return h, n - int64(len(t.b)), nil
		}
		if n == end-at || n >= 1<<20 {
			return pageHeader{}, 0, nil
		}
	}
}

// page reads a page's header.
func (t *thrift) page() (h pageHeader) {
	t.fields(0, func(id int64, kind byte) bool {
		switch {
		case id == 2 && kind == 5:
			h.unpacked = t.number()
		case id == 3 && kind == 5:
			h.packed = t.number()
		case (id == 5 || id == 7 || id == 8) && kind == 12:
			h.dictionary = id == 7
			t.fields(1, func(inner int64, kind byte) bool {
				switch {
				case inner == 1 && kind == 5:
					h.values = t.number()
				case id == 8 && (inner == 5 || inner == 6) && kind == 5:
					h.levels += t.number()
				case id == 8 && inner == 7 && kind == 2:
					h.plain = true
				default:
					return false
				}
				return true
			})
		default:
			return false
		}
		return true
	})
	return h
}

// unpack sees that what is packed at a place is not larger than is read.
func (p *Pages) unpack(codec format.CompressionCodec, h pageHeader, at int64) error {
	if n := h.packed - h.levels; n == 0 || h.plain {
		return nil
	}
	packed := io.NewSectionReader(p.r, at, h.packed-h.levels)
	switch codec {
	case format.Snappy:
		var length [binary.MaxVarintLen64]byte
		if _, err := p.r.ReadAt(length[:min(packed.Size(), int64(len(length)))], at); err != nil {
			return err
		}
		if n, err := snappy.DecodedLen(length[:]); err != nil || n > maxPage {
			return errPageLarge
		}
	case format.Lz4Raw:
		return p.lz4(packed, h.unpacked-h.levels)
	case format.Gzip:
		z, err := gzip.NewReader(bufio.NewReader(packed))
		if err != nil {
			return errPage
		}
		return bounded(z)
	case format.Brotli:
		return bounded(brotli.NewReader(packed))
	case format.Zstd:
		if p.zstd == nil {
			z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxPage))
			if err != nil {
				return err
			}
			p.zstd = z
		}
		if err := p.zstd.Reset(packed); err != nil {
			return errPage
		}
		return bounded(p.zstd)
	}
	return nil
}

// bounded reads what is unpacked to its end, or as far as it is read.
func bounded(r io.Reader) error {
	n, err := io.CopyN(io.Discard, r, maxPage+1)
	switch {
	case n > maxPage:
		return errPageLarge
	case err != io.EOF:
		return errPage
	}
	return nil
}

// lz4 unpacks a block that is size bytes unpacked. The reader would try again
// and again with twice the room where a block is damaged.
func (p *Pages) lz4(packed *io.SectionReader, size int64) error {
	if size < 0 {
		return errPage
	}
	p.page = slices.Grow(p.page[:0], int(packed.Size()))[:packed.Size()]
	if _, err := io.ReadFull(packed, p.page); err != nil {
		return err
	}
	p.room = slices.Grow(p.room[:0], int(size))[:size]
	if n, err := lz4.UncompressBlock(p.page, p.room); err != nil || int64(n) != size {
		return errPage
	}
	return nil
}
