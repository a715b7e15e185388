package linework

import "slices"

// fan is how many segments a leaf holds, and how many children a node has.
const fan = 8

// Tree finds segments by box: a packed R-tree over segments sorted along a
// Hilbert curve (Kamel I, Faloutsos C 1993, doi:10.1145/170088.170403).
type Tree struct {
	Segments []int32 // x1 y1 x2 y2
	ids      []int32 // segments by place on the curve
	boxes    []Box   // of the segments in the order of ids
	levels   [][]Box // boxes of nodes, the lowest level (one for each leaf) first
}

// NewTree makes the tree of segments, x1 y1 x2 y2 each, which it keeps.
func NewTree(segments []int32) *Tree {
	n := len(segments) / 4
	t := &Tree{Segments: segments, ids: alongCurve(segments), boxes: make([]Box, n)}
	for i, k := range t.ids {
		t.boxes[i] = SegmentBox(segments[4*k:])
	}
	for level := t.boxes; len(level) > 0; {
		up := make([]Box, (len(level)+fan-1)/fan)
		for i := range up {
			up[i] = EmptyBox
			for _, b := range level[i*fan : min(len(level), (i+1)*fan)] {
				up[i].Join(b)
			}
		}
		t.levels = append(t.levels, up)
		if level = up; len(up) == 1 {
			break
		}
	}
	return t
}

// alongCurve numbers segments by where their middles come on a Hilbert curve
// through the box around them, those of one place in their own order.
func alongCurve(segments []int32) []int32 {
	n := len(segments) / 4
	all := EmptyBox
	all.Add(segments)
	w, h := max(1, int64(all.MaxX)-int64(all.MinX)), max(1, int64(all.MaxY)-int64(all.MinY))
	keys := make([]uint64, n) // place, then number
	for k := range keys {
		s := segments[4*k : 4*k+4]
		x := ((int64(s[0])+int64(s[2]))/2 - int64(all.MinX)) * 65535 / w
		y := ((int64(s[1])+int64(s[3]))/2 - int64(all.MinY)) * 65535 / h
		keys[k] = uint64(hilbert(uint32(x), uint32(y)))<<32 | uint64(k)
	}
	if n < 1<<11 {
		slices.Sort(keys)
	} else {
		keys = sortPlaces(keys)
	}
	out := make([]int32, n)
	for i, key := range keys {
		out[i] = int32(uint32(key))
	}
	return out
}

// sortPlaces sorts keys by their upper halves, equal ones as they stand: three
// rounds of counting, eleven bits each.
func sortPlaces(keys []uint64) []uint64 {
	const bits = 11
	other := make([]uint64, len(keys))
	for shift := 32; shift < 64; shift += bits {
		var at [1<<bits + 1]int32
		for _, k := range keys {
			at[k>>shift&(1<<bits-1)+1]++
		}
		for i := 1; i < len(at); i++ {
			at[i] += at[i-1]
		}
		for _, k := range keys {
			d := k >> shift & (1<<bits - 1)
			other[at[d]] = k
			at[d]++
		}
		keys, other = other, keys
	}
	return keys
}

// hilbert is a cell's place on the curve through 65536 × 65536 cells.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | 3*rx ^ ry
		if ry == 0 {
			if rx == 1 {
				x, y = 65535-x, 65535-y
			}
			x, y = y, x
		}
	}
	return d
}

// bounds is the box around all segments.
func (t *Tree) bounds() Box {
	if len(t.ids) == 0 {
		return EmptyBox
	}
	return t.levels[len(t.levels)-1][0]
}

// Search calls visit with each segment whose box meets b, until visit is
// false.
func (t *Tree) Search(b Box, visit func(segment int32) bool) {
	if len(t.ids) > 0 {
		t.descend(len(t.levels)-1, 0, b, visit)
	}
}

func (t *Tree) descend(level, node int, b Box, visit func(int32) bool) bool {
	first := node * fan
	if level == 0 {
		for i, s := range t.boxes[first:min(len(t.boxes), first+fan)] {
			if s.meets(b) && !visit(t.ids[first+i]) {
				return false
			}
		}
		return true
	}
	below := t.levels[level-1]
	for i, c := range below[first:min(len(below), first+fan)] {
		if c.meets(b) && !t.descend(level-1, first+i, b, visit) {
			return false
		}
	}
	return true
}

// SegmentBox is the box around a segment.
func SegmentBox(s []int32) Box {
	return Box{min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3])}
}

// Pairs calls visit with every two segments whose boxes meet, the lower number
// first.
func (t *Tree) Pairs(visit func(i, j int32)) {
	meet := func(a, b int) {
		if i, j := t.ids[a], t.ids[b]; i < j {
			visit(i, j)
		} else {
			visit(j, i)
		}
	}
	if len(t.ids) == 0 {
		return
	}
	for leaf, around := range t.levels[0] {
		first := leaf * fan
		last := min(first+fan, len(t.boxes))
		t.joined(len(t.levels)-1, 0, leaf, around, func(other int) {
			otherFirst := other * fan
			otherLast := min(otherFirst+fan, len(t.boxes))
			for a := first; a < last; a++ {
				s := t.boxes[a]
				for b := max(a+1, otherFirst); b < otherLast; b++ {
					if t.boxes[b].meets(s) {
						meet(a, b)
					}
				}
			}
		})
	}
}

// joined calls visit with each leaf from a given one on whose box meets b.
func (t *Tree) joined(level, node, from int, b Box, visit func(leaf int)) {
	if level == 0 {
		visit(node)
		return
	}
	// How many leaves a child has below it.
	leaves := 1
	for range level - 1 {
		leaves *= fan
	}
	first := node * fan
	below := t.levels[level-1]
	for i, c := range below[first:min(len(below), first+fan)] {
		if (first+i+1)*leaves > from && c.meets(b) {
			t.joined(level-1, first+i, from, b, visit)
		}
	}
}
