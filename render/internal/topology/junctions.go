package topology

import (
	"math"
	"math/bits"
)

// junctionSet is the positions where arcs end.
type junctionSet struct {
	filter filter
	table  *pointTable
	size   int
	count  int // those that have a number
}

// What a table holds at a position besides the number plus 1 of a junction.
const (
	unnumbered  = -1
	notJunction = math.MinInt32
)

// junctions finds the positions where arcs end: those that two rings, or one
// ring twice, pass by different neighbours. Linked positions add nothing, and
// most of the others are alone at their place; filters sort those out, so that
// few must be looked up.
func (b *builder) junctions() *junctionSet {
	b.eachRing(func(_, ring int32, _ bool) { b.unlinked += int(b.ends[ring] - b.in.Rings[ring]) })
	for _, w := range b.linked {
		b.unlinked -= bits.OnesCount64(w)
	}
	shared, n := b.sharedPlaces()
	table := newPointTable(spread{b.spread.cell + 1}, n) // junctions are farther between
	xy := b.in.XY
	b.eachRing(func(_, ring int32, _ bool) {
		start, end := b.in.Rings[ring], b.ends[ring]
		for i := b.linked.gap(start); i < end; i = b.linked.gap(i + 1) {
			x, y := xy[2*i], xy[2*i+1]
			block, fine := b.spread.hash(x, y)
			if bits := twoBits(fine); *shared.word(block, fine)&bits != bits {
				continue
			}
			// A value is the first position's number plus 1, negative for a
			// junction.
			k := table.slot(x, y)
			switch first := table.values[k]; {
			case first == 0:
				table.put(k, x, y, i+1)
			case first > 0:
				lo, hi := b.neighbours(first-1, b.ringOf(first-1))
				if p, q := b.neighbours(i, ring); p != lo || q != hi {
					table.values[k] = -first
				}
			}
		}
	})
	return newJunctionSet(table)
}

// sharedPlaces has all places with several positions that are not linked, and
// about how many there are.
func (b *builder) sharedPlaces() (filter, int) {
	seen := newFilter(b.spread, b.unlinked)
	var again []int32
	xy := b.in.XY
	b.eachRing(func(_, ring int32, _ bool) {
		start, end := b.in.Rings[ring], b.ends[ring]
		for i := b.linked.gap(start); i < end; i = b.linked.gap(i + 1) {
			x, y := xy[2*i], xy[2*i+1]
			block, fine := b.spread.hash(x, y)
			word, bits := seen.word(block, fine), twoBits(fine)
			if *word&bits == bits {
				again = append(again, i)
			} else {
				*word |= bits
			}
		}
	})
	shared := newFilter(b.spread, len(again))
	for _, i := range again {
		shared.add(xy[2*i], xy[2*i+1])
	}
	return shared, len(again)
}

// neighbours are the positions before and after one in its ring, the lower
// first.
func (b *builder) neighbours(at, ring int32) (lo, hi uint64) {
	xy := b.in.XY
	start, end := b.in.Rings[ring], b.ends[ring]
	p, q := at-1, at+1
	if at == start {
		p = end - 1
	}
	if q == end {
		q = start
	}
	lo, hi = pack(xy[2*p], xy[2*p+1]), pack(xy[2*q], xy[2*q+1])
	if lo > hi {
		lo, hi = hi, lo
	}
	return lo, hi
}

// newJunctionSet takes the positions with negative values out of a table.
func newJunctionSet(table *pointTable) *junctionSet {
	s := &junctionSet{table: table}
	for _, v := range table.values {
		if v < 0 {
			s.size++
		}
	}
	s.filter = newFilter(table.spread, s.size)
	for k, v := range table.values {
		switch {
		case v < 0:
			table.values[k] = unnumbered
			s.filter.add(unpack(table.keys[k] ^ 1<<63))
		case v > 0:
			table.values[k] = notJunction
		}
	}
	return s
}

// number gives the number of the junction at a place, −1 for none. Junctions
// are numbered in the order in which they are asked for.
func (s *junctionSet) number(x, y int32) int32 {
	k := s.table.slot(x, y)
	switch v := s.table.values[k]; v {
	case 0, notJunction:
		return -1
	case unnumbered:
		s.count++
		s.table.values[k] = int32(s.count)
		return int32(s.count - 1)
	default:
		return v - 1
	}
}
