package topology

// cutter cuts rings into arcs.
type cutter struct {
	b         *builder
	c         *Coverage
	junctions *junctionSet
	table     arcTable
	closed    map[uint64]closedArc // arcs without a junction, by their lowest position
	stops     []stop               // of the ring at hand
}

type closedArc struct {
	arc      int32
	positive bool
}

// stop is a junction on a ring.
type stop struct{ at, node int32 }

func (b *builder) cut(junctions *junctionSet) {
	c := b.cover
	c.xy = make([]int32, 0, 2*(b.unlinked+b.unlinked/16+16))
	c.arc = append(c.arc, 0)
	k := &cutter{b: b, c: c, junctions: junctions, closed: map[uint64]closedArc{}}
	k.table.grow(c)
	b.eachRing(func(area, ring int32, shell bool) {
		areaLeft := shell == b.positive[ring]
		xy := b.positions(ring)
		k.stop(xy)
		n := len(k.stops)
		if n == 0 {
			k.ring(area, xy, b.positive[ring], areaLeft)
			return
		}
		for i, s := range k.stops[1:] {
			k.piece(area, xy, k.stops[i], s, areaLeft)
		}
		k.piece(area, xy, k.stops[n-1], k.stops[0], areaLeft)
	})
	c.nodes = junctions.count
}

// stop lists the junctions of a ring.
func (k *cutter) stop(xy []int32) {
	k.stops = k.stops[:0]
	f := k.junctions.filter
	for i := 0; i+1 < len(xy); i += 2 {
		x, y := xy[i], xy[i+1]
		if word, mask := f.place(hashXY(x, y)); *word&mask != mask {
			continue
		}
		if node := k.junctions.number(x, y); node >= 0 {
			k.stops = append(k.stops, stop{int32(i / 2), node})
		}
	}
}

// piece takes a ring's positions from one stop to another, round the end of
// the ring where the second does not come after the first. An arc runs from
// the node that was met first.
func (k *cutter) piece(area int32, xy []int32, from, to stop, areaLeft bool) {
	n := int32(len(xy) / 2)
	second, last := from.at+1, to.at-1
	if second == n {
		second = 0
	}
	if last < 0 {
		last = n - 1
	}
	slot := k.table.slot(k.c, from.node, xy[2*second], xy[2*second+1])
	d := k.table.arcs[slot] - 1
	if d < 0 {
		forward := from.node < to.node || from.node == to.node && second <= last
		d = 2 * int32(len(k.c.left))
		before := len(k.c.xy)
		if to.at > from.at {
			k.c.xy = append(k.c.xy, xy[2*from.at:2*to.at+2]...)
		} else {
			k.c.xy = append(k.c.xy, xy[2*from.at:]...)
			k.c.xy = append(k.c.xy, xy[:2*to.at+2]...)
		}
		if !forward {
			reversePairs(k.c.xy[before:])
			from, to = to, from
			d++
		}
		k.add(from.node, to.node)
		k.table.add(k.c, d>>1)
	}
	k.face(d>>1, area, areaLeft == (d&1 == 0))
}

// ring takes a ring without a junction, as far as another one did not before.
func (k *cutter) ring(area int32, xy []int32, positive, areaLeft bool) {
	lowest := pack(xy[0], xy[1])
	for i := 2; i+1 < len(xy); i += 2 {
		lowest = min(lowest, pack(xy[i], xy[i+1]))
	}
	arc, ok := k.closed[lowest]
	if !ok {
		arc = closedArc{int32(len(k.c.left)), positive}
		k.closed[lowest] = arc
		k.c.xy = append(append(k.c.xy, xy...), xy[0], xy[1])
		node := int32(k.junctions.count)
		k.junctions.count++
		k.add(node, node)
	}
	k.face(arc.arc, area, areaLeft == (arc.positive == positive))
}

// add ends an arc whose positions were appended.
func (k *cutter) add(from, to int32) {
	c := k.c
	c.arc = append(c.arc, int32(len(c.xy)/2))
	c.from, c.to = append(c.from, from), append(c.to, to)
	c.left, c.right = append(c.left, Outside), append(c.right, Outside)
}

// face puts an area on one side of an arc.
func (k *cutter) face(arc, area int32, left bool) {
	side := k.c.right
	if left {
		side = k.c.left
	}
	if side[arc] == Outside {
		side[arc] = area
	} else {
		k.c.crowded = append(k.c.crowded, crowding{arc, area, left})
	}
}

// arcTable finds a directed arc by its first node and the position after it.
type arcTable struct {
	arcs []int32 // directed arcs plus 1
	used int
}

func (t *arcTable) slot(c *Coverage, from, x, y int32) int {
	mask := len(t.arcs) - 1
	h := int((hashXY(x, y)^uint64(from)*0x9E3779B97F4A7C15)>>32) & mask
	for t.arcs[h] != 0 {
		if node, sx, sy := c.leaves(t.arcs[h] - 1); node == from && sx == x && sy == y {
			break
		}
		h = (h + 1) & mask
	}
	return h
}

// leaves gives the node from which a directed arc starts and its next position.
func (c *Coverage) leaves(d int32) (node, x, y int32) {
	l := c.line(int(d >> 1))
	if d&1 == 0 {
		return c.from[d>>1], l[2], l[3]
	}
	return c.to[d>>1], l[len(l)-4], l[len(l)-3]
}

// add takes an arc in both directions.
func (t *arcTable) add(c *Coverage, arc int32) {
	if t.used += 2; 2*t.used > len(t.arcs) {
		t.grow(c)
	}
	for _, d := range [2]int32{2 * arc, 2*arc + 1} {
		node, x, y := c.leaves(d)
		t.arcs[t.slot(c, node, x, y)] = d + 1
	}
}

func (t *arcTable) grow(c *Coverage) {
	old := t.arcs
	t.arcs = make([]int32, max(64, 2*len(old)))
	for _, d := range old {
		if d != 0 {
			node, x, y := c.leaves(d - 1)
			t.arcs[t.slot(c, node, x, y)] = d
		}
	}
}
