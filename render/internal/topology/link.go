package topology

import "math/bits"

// sampled is the share of positions, by hash, through which borders that were
// met before are found: one in four. A border without such a position is met
// as if for the first time, which costs time and nothing else.
func sampled(fine uint64) bool { return fine>>40&3 == 0 }

// linker finds runs of positions that an earlier ring has too.
type linker struct {
	b     *builder
	table []int32 // positions plus 1, by hash
	shift int
	room  int
}

// link marks the positions that have the same two neighbours as one of an
// earlier ring at the same place: what is true of the earlier one is true of
// them. It need not find them all.
func (b *builder) link() {
	n := len(b.in.XY) / 2
	size := bits.Len(uint(max(n/5, 16)))
	l := &linker{b: b, table: make([]int32, 1<<size), shift: 64 - size, room: 3 << size / 4}
	touch(l.table)
	b.linked = newBitset(n)
	b.eachRing(func(_, ring int32, _ bool) { l.ring(ring) })
}

// ring links one ring to those before it.
func (l *linker) ring(ring int32) {
	b := l.b
	xy := b.in.XY
	start, end := b.in.Rings[ring], b.ends[ring]
	low := start // where the last run ended
	mask := len(l.table) - 1
	for i := start; i < end; i++ {
		x, y := xy[2*i], xy[2*i+1]
		block, fine := b.spread.hash(x, y)
		if !sampled(fine) {
			continue
		}
		k := int(block>>l.shift&^15 | fine>>60)
		j := l.table[k] - 1
		for j >= 0 && (xy[2*j] != x || xy[2*j+1] != y) {
			k = (k + 1) & mask
			j = l.table[k] - 1
		}
		if j < 0 {
			if l.room > 0 {
				l.room--
				l.table[k] = i + 1
			}
			continue
		}
		first, last := l.run(ring, low, i, j)
		if last-first < 2 {
			continue
		}
		// The ends have one neighbour that may be another.
		b.linked.add(first+1, min(last, end))
		if last >= end {
			b.linked.add(start, start+last-end)
			return
		}
		low, i = last, last-1
	}
}

// run is the run of positions about i, none before low, that another ring has
// about j, the one way or the other. It may go on beyond the end of its ring,
// that is from its start.
func (l *linker) run(ring, low, i, j int32) (first, last int32) {
	xy := l.b.in.XY
	start, end := l.b.in.Rings[ring], l.b.ends[ring]
	mate := l.b.ringOf(j)
	if mate == ring {
		return i, i // which of the two is the earlier one would be in doubt
	}
	mateStart, mateEnd := l.b.in.Rings[mate], l.b.ends[mate]
	move := func(j, step int32) int32 {
		switch j += step; {
		case j == mateEnd:
			return mateStart
		case j < mateStart:
			return mateEnd - 1
		}
		return j
	}
	same := func(i, j int32) bool { return xy[2*i] == xy[2*j] && xy[2*i+1] == xy[2*j+1] }
	next := i + 1
	if next == end {
		next = start
	}
	var step int32
	switch before, after := move(j, -1), move(j, 1); {
	case same(next, before):
		step = -1
	case same(next, after):
		step = 1
	case i > low && same(i-1, after):
		step = -1
	case i > low && same(i-1, before):
		step = 1
	default:
		return i, i
	}
	first, last = i, i
	for at := move(j, -step); first > low && same(first-1, at); at = move(at, -step) {
		first--
	}
	most := i + end - start - 1
	for at := move(j, step); last < most && same(next, at); at = move(at, step) {
		last++
		if next++; next == end {
			next = start
		}
	}
	return first, last
}
