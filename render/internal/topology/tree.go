package topology

import (
	"cmp"
	"slices"
)

// run is how many segments in sequence share a leaf of the tree, fan how many
// children a node has.
const (
	run = 8
	fan = 8
)

// tree finds segments by box: a packed R-tree over runs of segments, which
// follow each other along a line and so lie together. Leaves are sorted along
// a Hilbert curve.
type tree struct {
	segments []int32 // x1 y1 x2 y2
	leaves   []int32 // runs by position on the curve: run k holds segments k×run …
	levels   [][]box // boxes of nodes, the lowest level (one for each leaf) first
}

func newTree(segments []int32) *tree {
	t := &tree{segments: segments}
	n := len(segments) / 4
	runs := (n + run - 1) / run
	all := emptyBox
	boxes := make([]box, runs)
	for k := range boxes {
		boxes[k] = emptyBox
		boxes[k].add(segments[4*k*run : min(len(segments), 4*(k+1)*run)])
		all.join(boxes[k])
	}
	keys := make([]uint64, runs)
	t.leaves = make([]int32, runs)
	w, h := max(1, int64(all.maxX)-int64(all.minX)), max(1, int64(all.maxY)-int64(all.minY))
	for k, b := range boxes {
		x := ((int64(b.minX)+int64(b.maxX))/2 - int64(all.minX)) * 65535 / w
		y := ((int64(b.minY)+int64(b.maxY))/2 - int64(all.minY)) * 65535 / h
		keys[k] = hilbert(uint32(x), uint32(y))
		t.leaves[k] = int32(k)
	}
	slices.SortFunc(t.leaves, func(a, b int32) int {
		if c := cmp.Compare(keys[a], keys[b]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	level := make([]box, runs)
	for i, k := range t.leaves {
		level[i] = boxes[k]
	}
	t.levels = append(t.levels, level)
	for len(level) > 1 {
		up := make([]box, (len(level)+fan-1)/fan)
		for i := range up {
			up[i] = emptyBox
			for _, b := range level[i*fan : min(len(level), (i+1)*fan)] {
				up[i].join(b)
			}
		}
		t.levels = append(t.levels, up)
		level = up
	}
	return t
}

// hilbert is a cell's place on the curve through 65536 × 65536 cells.
func hilbert(x, y uint32) uint64 {
	var d uint64
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | uint64(3*rx^ry)
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
func (t *tree) bounds() box {
	if len(t.leaves) == 0 {
		return emptyBox
	}
	return t.levels[len(t.levels)-1][0]
}

// search calls visit with each segment whose box meets b, until visit is
// false.
func (t *tree) search(b box, visit func(segment int32) bool) {
	if len(t.leaves) == 0 {
		return
	}
	t.descend(len(t.levels)-1, 0, b, visit)
}

func (t *tree) descend(level, node int, b box, visit func(int32) bool) bool {
	if !t.levels[level][node].meets(b) {
		return true
	}
	if level > 0 {
		below := t.levels[level-1]
		for i := node * fan; i < min(len(below), (node+1)*fan); i++ {
			if !t.descend(level-1, i, b, visit) {
				return false
			}
		}
		return true
	}
	first := int(t.leaves[node]) * run
	for k := first; k < min(first+run, len(t.segments)/4); k++ {
		if segmentBox(t.segments[4*k:]).meets(b) && !visit(int32(k)) {
			return false
		}
	}
	return true
}

func segmentBox(s []int32) box {
	return box{min(s[0], s[2]), min(s[1], s[3]), max(s[0], s[2]), max(s[1], s[3])}
}

// pairs calls visit with every two segments whose boxes meet, the lower number
// first.
func (t *tree) pairs(visit func(i, j int32)) {
	n := len(t.segments) / 4
	for k := range t.leaves {
		first := int(t.leaves[k]) * run
		last := min(first+run, n)
		t.joined(len(t.levels)-1, 0, t.levels[0][k], func(other int) {
			otherFirst := int(t.leaves[other]) * run
			if otherFirst < first {
				return // met from the other side
			}
			otherLast := min(otherFirst+run, n)
			for i := first; i < last; i++ {
				b := segmentBox(t.segments[4*i:])
				for j := max(i+1, otherFirst); j < otherLast; j++ {
					if segmentBox(t.segments[4*j:]).meets(b) {
						visit(int32(i), int32(j))
					}
				}
			}
		})
	}
}

// joined calls visit with each leaf whose box meets b.
func (t *tree) joined(level, node int, b box, visit func(leaf int)) {
	if !t.levels[level][node].meets(b) {
		return
	}
	if level == 0 {
		visit(node)
		return
	}
	for i := node * fan; i < min(len(t.levels[level-1]), (node+1)*fan); i++ {
		t.joined(level-1, i, b, visit)
	}
}
