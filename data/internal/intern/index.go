package intern

import (
	"encoding/binary"
	"math/bits"
)

// Index gives numbers to codes. Codes of up to 16 bytes, as nearly all
// are, lie in the table itself, so that a look-up touches one line of memory;
// longer ones are in a map. The zero value is empty.
type Index struct {
	slots []codeSlot // open addressing; a power of two, or nil
	used  int
	long  map[string]int32
}

// codeSlot is a code's first and last eight bytes, which may overlap, and its
// length; 0 is free.
type codeSlot struct {
	first, last uint64
	id          int32
	n           uint32
}

// halves gives the first and last eight bytes of a code of 1 to 16 bytes; of a
// shorter one than eight, its first and last four or its single bytes.
func halves(code []byte) (first, last uint64) {
	switch n := len(code); {
	case n >= 8:
		return binary.LittleEndian.Uint64(code), binary.LittleEndian.Uint64(code[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(code)), uint64(binary.LittleEndian.Uint32(code[n-4:]))
	case n == 3:
		return uint64(code[0]) | uint64(code[1])<<8 | uint64(code[2])<<16, 0
	case n == 2:
		return uint64(code[0]) | uint64(code[1])<<8, 0
	case n == 1:
		return uint64(code[0]), 0
	}
	return 0, 0
}

func hashCode(first, last uint64) uint64 {
	hi, lo := bits.Mul64(first^0x9e3779b97f4a7c15, last^0xd6e8feb86659fd93|1)
	return (hi ^ lo) * 0xff51afd7ed558ccd
}

// Find gives the number of a code; ok is false where it has none.
func (x *Index) Find(code []byte) (id int32, ok bool) {
	n := uint32(len(code))
	if n-1 >= 16 || x.slots == nil {
		id, ok = x.long[string(code)]
		return id, ok
	}
	first, last := halves(code)
	mask := uint64(len(x.slots) - 1)
	for i := hashCode(first, last) >> 20 & mask; ; i = (i + 1) & mask {
		switch s := &x.slots[i]; {
		case s.first == first && s.last == last && s.n == n:
			return s.id, true
		case s.n == 0:
			return 0, false
		}
	}
}

// Add gives a code that has no number the number id.
func (x *Index) Add(code []byte, id int32) {
	if n := len(code); n == 0 || n > 16 {
		if x.long == nil {
			x.long = map[string]int32{}
		}
		x.long[string(code)] = id
		return
	}
	if 4*(x.used+1) > 3*len(x.slots) {
		old := x.slots
		x.slots = make([]codeSlot, max(2*len(old), 64))
		for i := range old {
			if old[i].n > 0 {
				x.put(old[i])
			}
		}
	}
	first, last := halves(code)
	x.put(codeSlot{first, last, id, uint32(len(code))})
	x.used++
}

func (x *Index) put(s codeSlot) {
	mask := uint64(len(x.slots) - 1)
	i := hashCode(s.first, s.last) >> 20 & mask
	for x.slots[i].n > 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = s
}
