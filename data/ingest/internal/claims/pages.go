package claims

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// Limits on a page: writers make pages of 1 MiB, DuckDB's may have 100 MB, and
// one of a single value over and over may hold all records of a group.
const (
	maxPage       = 128 << 20 // bytes, unpacked
	maxPageValues = 64 << 20
)

var (
	errPage = errors.New("a page is damaged or cut off")
	// The library gives zeros for a page that LZ4 makes less than three times as
	// small, and takes ever more room for one that is damaged.
	errLZ4       = errors.New("its pages are packed by LZ4, which cannot be trusted here: pack them with Snappy or Zstandard")
	errPageLarge = fmt.Errorf("a page is larger than %d MiB unpacked, or has more than %d million values", maxPage>>20, maxPageValues/1_000_000)
)

// Pages looks at the pages of column chunks.
type Pages struct {
	r    io.ReaderAt
	size int64
	head []byte // of a page, as far as its header may reach
	page []byte // as it is in the file
	room []byte // what it unpacks to
	zstd *zstd.Decoder
}

// NewPages looks at the pages of a file of size bytes.
func NewPages(r io.ReaderAt, size int64) *Pages { return &Pages{r: r, size: size} }

// Check goes from page to page of a column chunk, and ends with an error at the
// first that claims more than it holds or than is read, or unpacks to more.
// levels is the column's highest definition level; the column is not repeated.
// What is wrong otherwise is left for the reader to say.
func (p *Pages) Check(c *format.ColumnMetaData, levels int) error {
	at := c.DataPageOffset
	if c.DictionaryPageOffset != 0 {
		at = c.DictionaryPageOffset
	}
	if at < 0 || c.TotalCompressedSize < 0 || at > p.size {
		return errPage
	}
	left := c.NumValues
	for end := at + min(c.TotalCompressedSize, p.size-at); at < end; {
		h, n, err := p.header(at, end)
		if err != nil || n == 0 {
			return err
		}
		at += n
		switch {
		case h.packed < 0 || h.packed > end-at || h.unpacked < 0 || h.values < 0:
			return errPage
		case h.repetition < 0 || h.definition < 0 || h.repetition+h.definition > min(h.packed, h.unpacked):
			return errPage
		case h.dictionary && h.values > h.unpacked: // each has a byte at least
			return errPage
		case h.unpacked > maxPage || h.packed > maxPage || h.values > maxPageValues:
			return errPageLarge
		}
		p.page = slices.Grow(p.page[:0], int(h.packed))[:h.packed]
		if n, err := p.r.ReadAt(p.page, at); int64(n) < h.packed {
			return err
		}
		at += h.packed
		before := h.repetition + h.definition
		values, err := p.unpack(c.Codec, h, p.page[before:])
		if err != nil {
			return err
		}
		if h.unpacked > 2*(before+int64(len(values)))+1<<20 {
			return errPage // the reader makes room for what is claimed
		}
		if !h.dictionary {
			if left -= h.values; left < 0 {
				return errPage
			}
			if err := h.checkValues(p.page[h.repetition:before], values, levels); err != nil {
				return err
			}
		}
	}
	return nil
}

// pageHeader is what the header of a page says of its size.
type pageHeader struct {
	packed, unpacked       int64 // bytes
	repetition, definition int64 // bytes of levels before what is packed, of the second version
	values                 int64
	encoding, levels       int64 // of values and of levels
	dictionary, second     bool  // the second version of pages
	plain                  bool  // not packed, whatever the column is
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
			h.second = id == 8
			t.fields(1, func(inner int64, kind byte) bool {
				var to *int64
				switch {
				case inner == 1:
					to = &h.values
				case id == 5 && inner == 2, id == 8 && inner == 4:
					to = &h.encoding
				case id == 5 && inner == 3:
					to = &h.levels
				case id == 8 && inner == 5:
					to = &h.definition
				case id == 8 && inner == 6:
					to = &h.repetition
				case id == 8 && inner == 7:
					h.plain = kind == 2 // false
				}
				if to == nil || kind != 5 {
					return false
				}
				*to = t.number()
				return true
			})
		default:
			return false
		}
		return true
	})
	return h
}

// unpack gives what a page unpacks to, which holds until the next.
func (p *Pages) unpack(codec format.CompressionCodec, h pageHeader, packed []byte) ([]byte, error) {
	if len(packed) == 0 || h.plain {
		return packed, nil
	}
	switch codec {
	case format.Snappy:
		n, err := snappy.DecodedLen(packed)
		if err != nil {
			return nil, errPage
		}
		if n > maxPage {
			return nil, errPageLarge
		}
		p.room = slices.Grow(p.room[:0], n)
		if p.room, err = snappy.Decode(p.room[:n], packed); err != nil {
			return nil, errPage
		}
		return p.room, nil
	case format.Lz4Raw:
		return nil, errLZ4
	case format.Gzip:
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, errPage
		}
		return p.whole(z)
	case format.Brotli:
		return p.whole(brotli.NewReader(bytes.NewReader(packed)))
	case format.Zstd:
		if p.zstd == nil {
			z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPage))
			if err != nil {
				return nil, err
			}
			p.zstd = z
		}
		var err error
		if p.room, err = p.zstd.DecodeAll(packed, p.room[:0]); errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
			return nil, errPageLarge
		} else if err != nil {
			return nil, errPage
		}
		return p.room, nil
	}
	return packed, nil
}

// whole reads what is unpacked to its end, or as far as it is read.
func (p *Pages) whole(r io.Reader) ([]byte, error) {
	b := bytes.NewBuffer(p.room[:0])
	_, err := b.ReadFrom(io.LimitReader(r, maxPage+1))
	p.room = b.Bytes()
	switch {
	case len(p.room) > maxPage:
		return nil, errPageLarge
	case err != nil:
		return nil, errPage
	}
	return p.room, nil
}
