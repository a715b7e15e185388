package topology

import "math/bits"

// pack puts a position into one word.
func pack(x, y int32) uint64 { return uint64(uint32(x))<<32 | uint64(uint32(y)) }

func unpack(v uint64) (x, y int32) { return int32(uint32(v >> 32)), int32(uint32(v)) }

func hashXY(x, y int32) uint64 {
	h := pack(x, y)
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return h
}

// bitset is a set of small numbers.
type bitset []uint64

// newBitset makes room for numbers below n; n itself is never in it.
func newBitset(n int) bitset { return make(bitset, n/64+1) }

func (s bitset) has(i int32) bool { return s[uint32(i)/64]&(1<<(uint32(i)%64)) != 0 }

// gap is the first number from i on that is not in the set.
func (s bitset) gap(i int32) int32 {
	k := uint32(i) / 64
	if w := ^s[k] >> (uint32(i) % 64); w != 0 {
		return i + int32(bits.TrailingZeros64(w))
	}
	for k++; ^s[k] == 0; k++ {
	}
	return int32(64*k) + int32(bits.TrailingZeros64(^s[k]))
}

// add puts from, from+1, … to−1 into the set.
func (s bitset) add(from, to int32) {
	if from >= to {
		return
	}
	first, last := uint32(from)/64, uint32(to-1)/64
	low, high := ^uint64(0)<<(uint32(from)%64), ^uint64(0)>>(63-uint32(to-1)%64)
	if first == last {
		s[first] |= low & high
		return
	}
	s[first] |= low
	for k := first + 1; k < last; k++ {
		s[k] = ^uint64(0)
	}
	s[last] |= high
}

// filter is a set of hashed positions that now and then takes a strange one for
// its own, and never the other way round: a Bloom filter of two bits in one
// word (doi:10.1145/362686.362692, doi:10.1145/1498698.1594230).
type filter struct {
	words []uint64
	shift int
}

// newFilter makes room for n positions; of a hundred strange ones it takes one
// or two for its own.
func newFilter(n int) filter {
	size := bits.Len(uint(max(n/4, 8)))
	return filter{words: make([]uint64, 1<<size), shift: 64 - size}
}

func (f *filter) place(h uint64) (word *uint64, mask uint64) {
	return &f.words[h>>f.shift], 1<<(h>>20&63) | 1<<(h>>26&63)
}

// pointTable gives positions a number each.
type pointTable struct {
	keys   []uint64
	values []int32 // 0 in an empty slot
	used   int
	shift  int
}

func newPointTable(n int) *pointTable {
	size := bits.Len(uint(max(2*n, 32)))
	return &pointTable{keys: make([]uint64, 1<<size), values: make([]int32, 1<<size), shift: 64 - size}
}

// slot is where a position stands, or where it would.
func (t *pointTable) slot(x, y int32) int {
	key := pack(x, y)
	mask := len(t.values) - 1
	i := int(hashXY(x, y) >> t.shift)
	for t.values[i] != 0 && t.keys[i] != key {
		i = (i + 1) & mask
	}
	return i
}

// put fills an empty slot, which slot gave.
func (t *pointTable) put(i int, x, y, value int32) {
	t.keys[i], t.values[i] = pack(x, y), value
	if t.used++; 4*t.used > 3*len(t.values) {
		old := *t
		*t = *newPointTable(len(old.values))
		t.used = old.used
		for k, v := range old.values {
			if v != 0 {
				i := t.slot(unpack(old.keys[k]))
				t.keys[i], t.values[i] = old.keys[k], v
			}
		}
	}
}
