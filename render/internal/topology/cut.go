package topology

// cutter cuts rings into arcs.
type cutter struct {
	b         *builder
	c         *Coverage
	junctions *junctionSet
	out       *arcsOut
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
	k := &cutter{b: b, c: c, junctions: junctions, out: newArcsOut(c, junctions.size), closed: map[uint64]closedArc{}}
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
	for arc, node := range c.from {
		if node < 0 {
			c.from[arc], c.to[arc] = int32(c.nodes), int32(c.nodes)
			c.nodes++
		}
	}
}

// stop lists the junctions of a ring.
func (k *cutter) stop(xy []int32) {
	k.stops = k.stops[:0]
	f := k.junctions.filter
	for i := 0; i+1 < len(xy); i += 2 {
		x, y := xy[i], xy[i+1]
		block, fine := f.spread.hash(x, y)
		if bits := twoBits(fine); *f.word(block, fine)&bits != bits {
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
	d := k.out.find(from.node, xy[2*second], xy[2*second+1])
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
		k.out.add(d >> 1)
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
		k.add(-1, -1)
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

// arcsOut finds a directed arc by the node it leaves and its next position.
type arcsOut struct {
	c      *Coverage
	head   []int32 // the last arc out of each node plus 1
	next   []int32 // of a directed arc, the one before it out of the same node plus 1
	degree []uint8
	more   map[outArc]int32 // beyond maxListed of one node
}

type outArc struct{ node, x, y int32 }

// maxListed keeps a node with very many arcs from being searched one by one.
const maxListed = 16

func newArcsOut(c *Coverage, nodes int) *arcsOut {
	return &arcsOut{c: c, head: make([]int32, nodes), degree: make([]uint8, nodes), more: map[outArc]int32{}}
}

// find gives −1 for an arc that is not there.
func (t *arcsOut) find(node, x, y int32) int32 {
	for d := t.head[node] - 1; d >= 0; d = t.next[d] - 1 {
		if x2, y2 := t.second(d); x2 == x && y2 == y {
			return d
		}
	}
	if t.degree[node] == maxListed {
		if d, ok := t.more[outArc{node, x, y}]; ok {
			return d
		}
	}
	return -1
}

// second is a directed arc's second position.
func (t *arcsOut) second(d int32) (x, y int32) {
	at := 2 * (t.c.arc[d>>1] + 1)
	if d&1 == 1 {
		at = 2 * (t.c.arc[d>>1+1] - 2)
	}
	return t.c.xy[at], t.c.xy[at+1]
}

// add takes an arc in both directions.
func (t *arcsOut) add(arc int32) {
	for len(t.next) < int(2*arc+2) {
		t.next = append(t.next, 0)
	}
	for d, node := range [2]int32{t.c.from[arc], t.c.to[arc]} {
		d := 2*arc + int32(d)
		if t.degree[node] == maxListed {
			x, y := t.second(d)
			t.more[outArc{node, x, y}] = d
			continue
		}
		t.degree[node]++
		t.next[d] = t.head[node]
		t.head[node] = d + 1
	}
}
