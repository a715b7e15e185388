package topology

import (
	"context"
	"math/bits"
	"sync"
)

// Outside is the face of an arc where there is no area.
const Outside = int32(-1)

// Coverage is polygons as shared arcs.
type Coverage struct {
	areas int

	xy  []int32 // x and y of each position, arc after arc
	arc []int32 // where each arc's positions begin; one more than arcs
	// left and right is the face on each side of an arc in its own direction.
	left, right []int32
	from, to    []int32 // nodes; an arc that closes on itself has the same twice
	nodes       int

	// owners gives the areas of each face, sorted, as owners[ownerPtr[f]:
	// ownerPtr[f+1]]. Where ownerPtr is nil, a face is the area of its number.
	ownerPtr, owners []int32

	// byArea lists the directed arcs around each area; see listArcs.
	byAreaOnce        sync.Once
	byAreaPtr, byArea []int32

	// Collapsed counts rings without an area, which were left out.
	Collapsed int
	// crowded lists arcs with two areas on one side.
	crowded []crowding
}

type crowding struct {
	arc, area int32
	left      bool
}

// Areas is the number of areas.
func (c *Coverage) Areas() int { return c.areas }

// Arcs is the number of arcs.
func (c *Coverage) Arcs() int { return len(c.left) }

// Positions is the number of positions of all arcs, ends included.
func (c *Coverage) Positions() int { return len(c.xy) / 2 }

func (c *Coverage) line(arc int) []int32 { return c.xy[2*c.arc[arc] : 2*c.arc[arc+1]] }

// builder finds arcs:
//
//  1. give each distinct position a number;
//  2. a position is a junction if two rings pass it by different neighbours;
//  3. cut rings at junctions; each piece is an arc, met once or twice.
type builder struct {
	in    *Rings
	order []int32
	ids   []int32 // of each position
	ring  []int32 // where rings begin in ids, after cleaning
	xy    []int32 // of each number
	cover *Coverage
}

// Build finds the arcs of r, with areas in the given order: area k of the
// coverage is order[k] of r; nil keeps r's own. r.XY is given up: it is nil
// afterwards.
func Build(ctx context.Context, r *Rings, order []int32) (*Coverage, error) {
	b := &builder{in: r, order: order}
	if order == nil {
		b.order = make([]int32, r.Len())
		for i := range b.order {
			b.order[i] = int32(i)
		}
	}
	b.cover = &Coverage{areas: len(b.order)}
	b.number()
	r.XY = nil
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	b.cutSpikes()
	junction := b.junctions()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	b.cut(junction)
	return b.cover, nil
}

// eachRing calls f for every ring in the order of areas, with its number in
// the input.
func (b *builder) eachRing(f func(area, ring int32, shell bool)) {
	in := b.in
	for k, a := range b.order {
		for p := in.Areas[a]; p < in.Areas[a+1]; p++ {
			for r := in.Polygons[p]; r < in.Polygons[p+1]; r++ {
				f(int32(k), r, r == in.Polygons[p])
			}
		}
	}
}

func hashXY(x, y int32) uint64 {
	h := uint64(uint32(x))<<32 | uint64(uint32(y))
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return h
}

// number gives each distinct position a number, in order of appearance, so
// that positions in sequence mostly have numbers in sequence.
func (b *builder) number() {
	in := b.in
	n := len(in.XY) / 2
	b.ids = make([]int32, n)
	b.xy = make([]int32, 0, n+n/8+16)
	size := 1 << max(4, bits.Len(uint(n/2)))
	table := make([]int32, size)
	shift := 64 - bits.Len(uint(size-1))
	mask := size - 1
	var next int32
	b.eachRing(func(_, ring int32, _ bool) {
		last := int32(-1)
		for i := in.Rings[ring]; i < in.Rings[ring+1]; i++ {
			x, y := in.XY[2*i], in.XY[2*i+1]
			// A border met again runs on in numbers, one way or the other.
			if last > 0 && b.xy[2*last-2] == x && b.xy[2*last-1] == y {
				last--
				b.ids[i] = last
				continue
			}
			if last >= 0 && last+1 < next && b.xy[2*last+2] == x && b.xy[2*last+3] == y {
				last++
				b.ids[i] = last
				continue
			}
			h := int(hashXY(x, y) >> shift)
			for {
				e := table[h]
				if e == 0 {
					next++
					table[h] = next
					b.xy = append(b.xy, x, y)
					last = next - 1
					break
				}
				if b.xy[2*e-2] == x && b.xy[2*e-1] == y {
					last = e - 1
					break
				}
				h = (h + 1) & mask
			}
			b.ids[i] = last
			if int(next) > size-size/4 {
				size *= 2
				shift--
				mask = size - 1
				table = make([]int32, size)
				for id := range next {
					h := int(hashXY(b.xy[2*id], b.xy[2*id+1]) >> shift)
					for table[h] != 0 {
						h = (h + 1) & mask
					}
					table[h] = id + 1
				}
			}
		}
	})
}

// cutSpikes takes repeated positions and there-and-back spikes out of rings,
// in place; a ring that vanishes becomes empty.
func (b *builder) cutSpikes() {
	in := b.in
	b.ring = make([]int32, len(in.Rings)) // where a ring ends in ids; it begins where in.Rings says
	for r := range len(in.Rings) - 1 {
		ids := b.ids[in.Rings[r]:in.Rings[r+1]]
		b.ring[r] = in.Rings[r] + int32(len(cutSpikes(ids)))
	}
	// A shell without an area takes its holes with it.
	for p := range len(in.Polygons) - 1 {
		for r := in.Polygons[p]; r < in.Polygons[p+1]; r++ {
			if b.doubleArea(r) != 0 {
				continue
			}
			if b.ring[r] > in.Rings[r] || in.Rings[r+1] > in.Rings[r] {
				b.cover.Collapsed++
			}
			b.ring[r] = in.Rings[r]
			if r == in.Polygons[p] {
				for ; r < in.Polygons[p+1]; r++ {
					b.ring[r] = in.Rings[r]
				}
			}
		}
	}
}

func cutSpikes(ids []int32) []int32 {
	n := len(ids)
	clean := n >= 3
	if clean {
		p, q := ids[n-2], ids[n-1]
		for _, v := range ids {
			if v == q || v == p {
				clean = false
				break
			}
			p, q = q, v
		}
	}
	if clean {
		return ids
	}
	w := 0
	for _, v := range ids {
		switch {
		case w > 0 && ids[w-1] == v:
		case w > 1 && ids[w-2] == v:
			w--
		default:
			ids[w] = v
			w++
		}
	}
	lo := 0
	for w-lo >= 2 {
		switch {
		case ids[w-1] == ids[lo]:
			w--
		case w-lo >= 3 && ids[w-2] == ids[lo]: // the last position is a spike's tip
			w -= 2
		case w-lo >= 3 && ids[w-1] == ids[lo+1]: // the first one is
			lo++
			w--
		default:
			copy(ids, ids[lo:w])
			if w-lo < 3 {
				return ids[:0]
			}
			return ids[:w-lo]
		}
	}
	return ids[:0]
}

func (b *builder) doubleArea(ring int32) int64 {
	ids := b.ids[b.in.Rings[ring]:b.ring[ring]]
	if len(ids) < 3 {
		return 0
	}
	x0, y0 := int64(b.xy[2*ids[0]]), int64(b.xy[2*ids[0]+1])
	var sum, px, py int64
	for _, id := range ids {
		x, y := int64(b.xy[2*id])-x0, int64(b.xy[2*id+1])-y0
		sum += px*y - x*py
		px, py = x, y
	}
	return sum
}

// junctions marks the positions where arcs end.
func (b *builder) junctions() []bool {
	n := len(b.xy) / 2
	near := make([]int32, 2*n) // the first passer's neighbours plus 1
	junction := make([]bool, n)
	in := b.in
	for r := range len(in.Rings) - 1 {
		ids := b.ids[in.Rings[r]:b.ring[r]]
		if len(ids) == 0 {
			continue
		}
		p := ids[len(ids)-1]
		for i, v := range ids {
			q := ids[0]
			if i+1 < len(ids) {
				q = ids[i+1]
			}
			lo, hi := p+1, q+1
			if lo > hi {
				lo, hi = hi, lo
			}
			switch at := near[2*v : 2*v+2]; {
			case at[0] == 0:
				at[0], at[1] = lo, hi
			case at[0] != lo || at[1] != hi:
				junction[v] = true
			}
			p = v
		}
	}
	return junction
}

// arcTable finds an arc by the numbers of its first two positions.
type arcTable struct {
	keys []uint64
	arcs []int32 // plus 1
	n    int
}

func (t *arcTable) slot(key uint64) int {
	mask := len(t.keys) - 1
	h := int((key*0x9E3779B97F4A7C15)>>32) & mask
	for t.arcs[h] != 0 && t.keys[h] != key {
		h = (h + 1) & mask
	}
	return h
}

func (t *arcTable) grow() {
	old := *t
	size := max(64, 2*len(old.keys))
	t.keys, t.arcs = make([]uint64, size), make([]int32, size)
	for i, a := range old.arcs {
		if a != 0 {
			h := t.slot(old.keys[i])
			t.keys[h], t.arcs[h] = old.keys[i], a
		}
	}
}

func (b *builder) cut(junction []bool) {
	c := b.cover
	c.xy = make([]int32, 0, len(b.xy)+len(b.xy)/8)
	c.arc = append(c.arc, 0)
	var table arcTable
	table.grow()
	node := make(map[int32]int32)
	nodeOf := func(id int32) int32 {
		v, ok := node[id]
		if !ok {
			v = int32(len(node))
			node[id] = v
		}
		return v
	}
	// piece takes ids[i..j], round the end of the ring where j ≤ i.
	piece := func(area int32, ids []int32, i, j int, areaLeft bool) {
		n := len(ids)
		at := func(k int) int32 { return ids[(k+n)%n] }
		a, a2, z, z2 := at(i), at(i+1), at(j), at(j-1)
		forward := a < z || a == z && a2 <= z2
		key := uint64(a)<<32 | uint64(a2)
		if !forward {
			key = uint64(z)<<32 | uint64(z2)
		}
		h := table.slot(key)
		if table.arcs[h] == 0 {
			if table.n++; 2*table.n > len(table.keys) {
				table.grow()
				h = table.slot(key)
			}
			table.keys[h], table.arcs[h] = key, int32(len(c.left)+1)
			count := j - i
			if count <= 0 {
				count += n
			}
			k, step := i, 1
			if !forward {
				k, step = j, -1
			}
			for range count + 1 {
				id := ids[k]
				c.xy = append(c.xy, b.xy[2*id], b.xy[2*id+1])
				if k += step; k == n {
					k = 0
				} else if k < 0 {
					k = n - 1
				}
			}
			c.arc = append(c.arc, int32(len(c.xy)/2))
			c.left = append(c.left, Outside)
			c.right = append(c.right, Outside)
			if !forward {
				a, z = z, a
			}
			c.from = append(c.from, nodeOf(a))
			c.to = append(c.to, nodeOf(z))
		}
		arc := table.arcs[h] - 1
		side := c.left
		if areaLeft != forward {
			side = c.right
		}
		if side[arc] == Outside {
			side[arc] = area
		} else {
			c.crowded = append(c.crowded, crowding{arc, area, areaLeft == forward})
		}
	}
	b.eachRing(func(area, ring int32, shell bool) {
		ids := b.ids[b.in.Rings[ring]:b.ring[ring]]
		if len(ids) == 0 {
			return
		}
		areaLeft := shell == (b.doubleArea(ring) > 0)
		first, last := -1, -1
		for i, id := range ids {
			if !junction[id] {
				continue
			}
			if first < 0 {
				first = i
			} else {
				piece(area, ids, last, i, areaLeft)
			}
			last = i
		}
		if first >= 0 {
			piece(area, ids, last, first, areaLeft)
			return
		}
		lowest := 0
		for i, id := range ids {
			if id < ids[lowest] {
				lowest = i
			}
		}
		piece(area, ids, lowest, lowest, areaLeft)
	})
	c.nodes = len(node)
}
