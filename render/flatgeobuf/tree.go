package flatgeobuf

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// nodeSize is how many children a node of the tree has.
const nodeSize = 16

// hilbertSide is the last place of the grid that the curve runs over.
const hilbertSide = 1<<16 - 1

// alongCurve sorts rows by the places of their middles on a Hilbert curve, which
// keeps near what is near on the map.
func alongCurve(rows []row) {
	all, _ := around(rows)
	at := make(map[int]uint32, len(rows))
	for _, r := range rows {
		c := r.box.Center()
		at[r.at] = hilbert(gridded(c[0], all.Min[0], all.Max[0]), gridded(c[1], all.Min[1], all.Max[1]))
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(at[a.at], at[b.at]), cmp.Compare(a.at, b.at)) })
}

// gridded is a coordinate's place on the grid.
func gridded(x, low, high float64) uint32 {
	if !(high > low) {
		return 0
	}
	return uint32(math.Floor(hilbertSide * (x - low) / (high - low)))
}

// hilbert is how far along the curve of order 16 a place of the grid lies.
func hilbert(x, y uint32) (d uint32) {
	for s := uint32(1 << 15); s > 0; s /= 2 {
		rx, ry := uint32(0), uint32(0)
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = hilbertSide-x, hilbertSide-y
			}
			x, y = y, x
		}
	}
	return d
}

// node is an entry of the tree: a box, and where what it holds begins: a row by
// its byte after the tree, a node by the number of its first child.
type node struct {
	box    orb.Bound
	offset uint64
}

// levels are where each level of a tree over n rows begins in the list of nodes
// and where it ends, the rows first; the root is the first node of the list.
func levels(n int) (bounds [][2]int) {
	sizes, all := []int{n}, n
	for {
		n = (n + nodeSize - 1) / nodeSize
		sizes, all = append(sizes, n), all+n
		if n == 1 {
			break
		}
	}
	for _, size := range sizes {
		bounds = append(bounds, [2]int{all - size, all})
		all -= size
	}
	return bounds
}

// tree is the packed R-tree over the rows, root first, level by level.
func tree(rows []row, features [][]byte) []byte {
	bounds := levels(len(rows))
	nodes := make([]node, bounds[0][1])
	offset := uint64(0)
	for i, r := range rows {
		nodes[bounds[0][0]+i] = node{r.box, offset}
		offset += uint64(len(features[i]))
	}
	for l := range bounds[:len(bounds)-1] {
		parent := bounds[l+1][0]
		for at := bounds[l][0]; at < bounds[l][1]; parent++ {
			n := node{nodes[at].box, uint64(at)}
			for end := min(at+nodeSize, bounds[l][1]); at < end; at++ {
				n.box = n.box.Union(nodes[at].box)
			}
			nodes[parent] = n
		}
	}
	b := make([]byte, 0, 40*len(nodes))
	for _, n := range nodes {
		for _, x := range [...]float64{n.box.Min[0], n.box.Min[1], n.box.Max[0], n.box.Max[1]} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		b = binary.LittleEndian.AppendUint64(b, n.offset)
	}
	return b
}
