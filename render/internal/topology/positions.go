package topology

import "math/bits"

// pack puts a position into one word.
func pack(x, y int32) uint64 { return uint64(uint32(x))<<32 | uint64(uint32(y)) }

func unpack(v uint64) (x, y int32) { return int32(uint32(v >> 32)), int32(uint32(v)) }

// spread hashes positions: block is the same for all within a cell, as those
// that follow each other along a line mostly are, and fine is their own. A table
// whose cache lines are chosen by block and whose places within by fine is a
// good deal faster than one that scatters neighbours.
type spread struct{ cell uint }

func (s spread) hash(x, y int32) (block, fine uint64) {
	block = pack(x>>s.cell, y>>s.cell) * 0x9E3779B97F4A7C15
	fine = pack(x, y) * 0xBF58476D1CE4E5B9
	return block ^ block<<29, fine ^ fine<<31
}

// newSpread chooses cells that lines cross in some eight positions.
func newSpread(xy []int32) spread {
	var sum, n int64
	for i := 2; i+1 < len(xy); i += 2 * 61 {
		dx, dy := int64(xy[i])-int64(xy[i-2]), int64(xy[i+1])-int64(xy[i-1])
		if far := max(dx, -dx) + max(dy, -dy); far < 1e6 { // not from ring to ring
			sum += far
			n++
		}
	}
	return spread{uint(bits.Len64(uint64(8 * sum / max(n, 1))))}
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

// touch writes to each page of a new slice. A page that is read before it is
// written to costs two page faults, not one.
func touch[T uint64 | int32](s []T) {
	for i := 0; i < len(s); i += 512 {
		s[i] = 0
	}
}

// filter is a set of positions that now and then takes a strange one for its
// own, and never the other way round: a blocked Bloom filter with two bits in
// one word for each (doi:10.1145/362686.362692, doi:10.1145/1498698.1594230).
type filter struct {
	spread spread
	words  []uint64
	shift  int
}

// newFilter makes room for n positions; of a hundred strange ones it takes a
// few for its own.
func newFilter(s spread, n int) filter {
	size := bits.Len(uint(max(n/6, 8)))
	f := filter{spread: s, words: make([]uint64, 1<<size), shift: 64 - size}
	touch(f.words)
	return f
}

// word and twoBits are apart so that they are inlined where it counts.
func (f *filter) word(block, fine uint64) *uint64 { return &f.words[block>>f.shift&^7|fine>>61] }

func twoBits(fine uint64) uint64 { return 1<<(fine>>55&63) | 1<<(fine>>49&63) }

func (f *filter) add(x, y int32) {
	block, fine := f.spread.hash(x, y)
	*f.word(block, fine) |= twoBits(fine)
}

// pointTable gives positions a number each.
type pointTable struct {
	spread spread
	keys   []uint64 // 0 in an empty slot
	values []int32
	used   int
	shift  int
}

// key is never 0, as x is never the least of all numbers.
func key(x, y int32) uint64 { return pack(x, y) ^ 1<<63 }

func newPointTable(s spread, n int) *pointTable {
	size := bits.Len(uint(max(2*n, 32)))
	t := &pointTable{spread: s, keys: make([]uint64, 1<<size), values: make([]int32, 1<<size), shift: 64 - size}
	touch(t.keys)
	return t
}

// slot is where a position stands, or where it would.
func (t *pointTable) slot(x, y int32) int {
	block, fine := t.spread.hash(x, y)
	keys, key := t.keys, key(x, y)
	i := int(block>>t.shift&^7 | fine>>61)
	for keys[i] != 0 && keys[i] != key {
		i = (i + 1) & (len(keys) - 1)
	}
	return i
}

// put fills an empty slot, which slot gave.
func (t *pointTable) put(i int, x, y, value int32) {
	t.keys[i], t.values[i] = key(x, y), value
	if t.used++; 2*t.used > len(t.keys) {
		old := *t
		*t = *newPointTable(old.spread, len(old.keys))
		t.used = old.used
		for k, v := range old.keys {
			if v != 0 {
				i := t.slot(unpack(v ^ 1<<63))
				t.keys[i], t.values[i] = v, old.values[k]
			}
		}
	}
}
