package claims

import (
	"encoding/binary"
	"math/bits"

	"github.com/parquet-go/parquet-go/format"
)

// checkValues sees that a page's levels and values are not many more than it
// says: a run of five bytes may stand for two thousand million.
func (h *pageHeader) checkValues(definition, values []byte, levels int) error {
	width := bits.Len(uint(levels))
	switch {
	case levels == 0:
	case h.second:
		if err := h.runs(definition, width); err != nil {
			return err
		}
	default:
		var err error
		if definition, values, err = measured(values); err != nil {
			return err
		}
		if format.Encoding(h.levels) == format.RLE {
			if err := h.runs(definition, width); err != nil {
				return err
			}
		}
	}
	switch format.Encoding(h.encoding) {
	case format.PlainDictionary, format.RLEDictionary: //lint:ignore SA1019 older writers use both
		if len(values) == 0 {
			return nil
		}
		return h.runs(values[1:], int(values[0]))
	case format.RLE:
		runs, _, err := measured(values)
		if err != nil {
			return err
		}
		return h.runs(runs, 1)
	case format.DeltaBinaryPacked:
		var d deltas
		d.begin(values, h.values)
		return d.err
	case format.DeltaLengthByteArray:
		_, _, err := h.lengths(values)
		return err
	case format.DeltaByteArray:
		shared, rest, err := h.lengths(values)
		if err != nil {
			return err
		}
		own, _, err := h.lengths(rest)
		if err == nil && shared+own > 4*maxPage {
			err = errPageLarge
		}
		return err
	}
	return nil
}

// measured is what four bytes give the length of, and what comes after.
func measured(b []byte) (part, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errPage
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n > int64(len(b)-4) {
		return nil, nil, errPage
	}
	return b[4 : 4+n], b[4+n:], nil
}

// runs counts the values of runs, which are of one value over and over or of
// eights of values of width bits. The last may be filled up: by DuckDB to 256.
func (h *pageHeader) runs(b []byte, width int) error {
	if width > 32 {
		return errPage
	}
	for left := h.values + 1<<16; len(b) > 0; {
		head, n := binary.Uvarint(b)
		if n <= 0 {
			return errPage
		}
		b = b[n:]
		count, size := head>>1, uint64(width+7)/8
		if head&1 != 0 {
			if count > maxPageValues {
				return errPage
			}
			count, size = 8*count, count*uint64(width)
		}
		if count > uint64(left) || size > uint64(len(b)) && count > 0 {
			return errPage
		}
		left -= int64(count)
		if count > 0 {
			b = b[size:]
		}
	}
	return nil
}

// lengths adds up the lengths of texts, and gives what comes after them.
func (h *pageHeader) lengths(b []byte) (sum int64, rest []byte, err error) {
	var d deltas
	length := d.begin(b, h.values)
	for n := d.total; n > 0 && d.err == nil; n-- {
		if length < 0 || length > maxPage {
			return 0, nil, errPage
		}
		sum += length
		if n > 1 {
			length += d.next()
		}
	}
	return sum, d.b, d.err
}

// deltas walks over numbers that are stored as the steps from one to the next:
// blocks of so many small blocks, each with its own width in bits.
type deltas struct {
	b            []byte // what is left behind the small block at hand
	total        int64  // numbers in all
	small, parts int64  // numbers in a small block, and small blocks in a block
	least        int64  // of the steps of the block at hand
	widths       []byte // of its small blocks that are still to come
	bits         []byte // of the small block at hand
	width        uint
	at           int64 // in it
	err          error
}

// fail ends the walk.
func (d *deltas) fail() int64 {
	d.err, d.b, d.bits = errPage, nil, nil
	return 0
}

func (d *deltas) varint() int64 {
	x, n := binary.Uvarint(d.b)
	if n <= 0 || d.err != nil {
		return d.fail()
	}
	d.b = d.b[n:]
	return int64(x)
}

func (d *deltas) signed() int64 {
	x := uint64(d.varint())
	return int64(x>>1) ^ -int64(x&1)
}

// begin reads the heading, and gives the first number. There may be no more than
// most.
func (d *deltas) begin(b []byte, most int64) int64 {
	d.b = b
	block := d.varint()
	d.parts = d.varint()
	d.total = d.varint()
	first := d.signed()
	if d.err != nil || block <= 0 || block > 1<<20 || d.parts <= 0 || d.parts > block || block%(8*d.parts) != 0 || d.total < 0 || d.total > most {
		return d.fail()
	}
	d.small = block / d.parts
	d.at = d.small
	return first
}

// next is the next step.
func (d *deltas) next() int64 {
	if d.at == d.small {
		if len(d.widths) == 0 {
			d.least = d.signed()
			if d.err != nil || d.parts > int64(len(d.b)) {
				return d.fail()
			}
			d.widths, d.b = d.b[:d.parts], d.b[d.parts:]
		}
		d.width, d.widths, d.at = uint(d.widths[0]), d.widths[1:], 0
		if d.width > 32 {
			return d.fail()
		}
		size := min(d.small/8*int64(d.width), int64(len(d.b))) // the last may be cut off behind its numbers
		d.bits, d.b = d.b[:size], d.b[size:]
	}
	from := uint(d.at) * d.width
	d.at++
	var word [8]byte
	copy(word[:], d.bits[min(int(from/8), len(d.bits)):])
	step := binary.LittleEndian.Uint64(word[:]) >> (from % 8) & (1<<d.width - 1)
	return d.least + int64(step)
}
