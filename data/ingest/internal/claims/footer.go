package claims

import (
	"encoding/binary"
	"errors"
	"io"
)

// Limits on the footer of a Parquet file. maxFooterItems bounds the items of
// all its lists together: each may take some hundred bytes once read.
const (
	maxFooter      = 64 << 20
	maxFooterItems = 4 << 20
	maxThriftDepth = 32
)

var (
	errFooter      = errors.New("its footer is longer than the file or is damaged")
	errFooterLarge = errors.New("its footer is larger than is read")
)

// Check holds what the footer of a Parquet file claims against what is
// there, before a reader makes room for it. The file ends with the footer, its
// length in four bytes, and PAR1.
func Check(r io.ReaderAt, size int64) error {
	var tail [8]byte
	if size < 12 {
		return errFooter
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil && err != io.EOF {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail[:4]))
	switch {
	case string(tail[4:]) != "PAR1" || n > size-12:
		return errFooter
	case n > maxFooter:
		return errFooterLarge
	}
	b := make([]byte, n)
	if _, err := r.ReadAt(b, size-8-n); err != nil && err != io.EOF {
		return err
	}
	t := thrift{b: b, items: maxFooterItems}
	t.structure(0)
	return t.err
}

// thrift walks over a value in Thrift's compact protocol. The first error
// sticks.
type thrift struct {
	b     []byte // what is left
	items int    // that lists may still have
	err   error
}

// fail ends the walk.
func (t *thrift) fail(err error) uint64 {
	if t.err == nil {
		t.err = err
	}
	t.b = nil
	return 0
}

func (t *thrift) byte() byte {
	if len(t.b) == 0 {
		t.fail(errFooter)
		return 0
	}
	c := t.b[0]
	t.b = t.b[1:]
	return c
}

func (t *thrift) varint() uint64 {
	x, n := binary.Uvarint(t.b)
	if n <= 0 {
		return t.fail(errFooter)
	}
	t.b = t.b[n:]
	return x
}

// skip passes over n bytes, which must be there.
func (t *thrift) skip(n uint64) {
	if n > uint64(len(t.b)) {
		t.fail(errFooter)
		return
	}
	t.b = t.b[n:]
}

// count takes n items off those that may come; each has a byte at least.
func (t *thrift) count(n uint64) int {
	if n > uint64(len(t.b)) {
		t.fail(errFooter)
		return 0
	}
	if t.items -= int(n); t.items < 0 {
		t.fail(errFooterLarge)
		return 0
	}
	return int(n)
}

// structure passes over a struct.
func (t *thrift) structure(depth int) {
	t.fields(depth, func(int64, byte) bool { return false })
}

// fields gives the number and the kind of each field of a struct, up to a stop;
// take says whether it has passed over the field's value.
func (t *thrift) fields(depth int, take func(id int64, kind byte) bool) {
	id := int64(0)
	for t.err == nil {
		head := t.byte()
		if head == 0 {
			return
		}
		if step := head >> 4; step != 0 {
			id += int64(step)
		} else {
			id = t.number() // in full
		}
		if kind := head & 15; !take(id, kind) && kind > 2 { // truth stands in the head
			t.value(kind, depth+1)
		}
	}
}

// number is a whole number with a sign.
func (t *thrift) number() int64 {
	x := t.varint()
	return int64(x>>1) ^ -int64(x&1)
}

// value passes over a value of a kind of the compact protocol.
func (t *thrift) value(kind byte, depth int) {
	if depth > maxThriftDepth {
		t.fail(errFooter)
		return
	}
	switch kind {
	case 1, 2, 3: // true, false, byte
		t.byte()
	case 4, 5, 6: // whole numbers
		t.varint()
	case 7: // a float
		t.skip(8)
	case 8: // bytes
		t.skip(t.varint())
	case 9, 10: // a list or a set
		head := t.byte()
		n := uint64(head >> 4)
		if n == 15 {
			n = t.varint()
		}
		for range t.count(n) {
			t.value(head&15, depth+1)
		}
	case 11: // a map
		t.entries(depth)
	case 12:
		t.structure(depth)
	case 13: // a UUID
		t.skip(16)
	default:
		t.fail(errFooter)
	}
}

// entries passes over a map.
func (t *thrift) entries(depth int) {
	n := t.varint()
	if n == 0 {
		return
	}
	kinds := t.byte()
	for range t.count(n) {
		t.value(kinds>>4, depth+1)
		t.value(kinds&15, depth+1)
	}
}
