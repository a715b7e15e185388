package gpkg

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Sizes within a node of SQLite's R*Tree, in bytes.
const (
	rtreeHeader = 4
	rtreeCell   = 24
)

// rtreeBox is a cell of a node: the box of a row or of the node below, and its
// number.
type rtreeBox struct {
	id  int64
	box [4]float32 // minx, maxx, miny, maxy
}

// newRTreeBox rounds a box outwards to the numbers that an index holds.
func newRTreeBox(id int64, b orb.Bound) rtreeBox {
	return rtreeBox{id, [4]float32{floatBelow(b.Min[0]), -floatBelow(-b.Max[0]), floatBelow(b.Min[1]), -floatBelow(-b.Max[1])}}
}

// floatBelow is the largest float32 that is not above x.
func floatBelow(x float64) float32 {
	f := float32(x)
	if float64(f) > x {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

// rtreeNode is a node of an index.
type rtreeNode struct {
	number int64 // 1 is the root
	parent int64 // 0 for the root
	depth  int   // levels below; set in the root alone, as in the format
	cells  []rtreeBox
}

// packedRTree is an index of boxes in nodes of size bytes, as SQLite's R*Tree
// module stores them. The nodes are numbered from 2 in their order: first those
// that hold boxes, so many as leaves says, last the root.
//
// A row that goes through the module costs a search and now and then a split.
// Here all boxes are known, so the tree is packed from below, each level sorted
// into columns by x, those by y, and cut into nodes as full as they can be and
// nearly of one size. It is half as large as the module's own and can be edited
// like it.
//
// Leutenegger ST, Lopez MA, Edgington J (1997). STR: a simple and efficient
// algorithm for R-tree packing. Proceedings of the 13th International Conference
// on Data Engineering:497-506. doi:10.1109/ICDE.1997.582015.
func packedRTree(boxes []rtreeBox, size int) (nodes []rtreeNode, leaves int) {
	capacity := (size - rtreeHeader) / rtreeCell
	cells := slices.Clone(boxes)
	for depth := 0; ; depth++ {
		n := max(1, (len(cells)+capacity-1)/capacity)
		tile(cells, n)
		above := make([]rtreeBox, n)
		for k := range n {
			node := rtreeNode{number: 1, cells: cells[k*len(cells)/n : (k+1)*len(cells)/n]}
			if n > 1 {
				node.number = int64(len(nodes)) + 2
			} else {
				node.depth = depth
			}
			above[k] = rtreeBox{id: node.number}
			for i, c := range node.cells {
				if depth > 0 {
					nodes[c.id-2].parent = node.number
				}
				above[k].widen(c.box, i == 0)
			}
			nodes = append(nodes, node)
		}
		if depth == 0 {
			leaves = n
		}
		if n == 1 {
			return nodes, leaves
		}
		cells = above
	}
}

func (b *rtreeBox) widen(by [4]float32, first bool) {
	if first {
		b.box = by
		return
	}
	b.box = [4]float32{min(b.box[0], by[0]), max(b.box[1], by[1]), min(b.box[2], by[2]), max(b.box[3], by[3])}
}

// tile orders cells so that each n-th of them lies close together. Ties go by
// number.
func tile(cells []rtreeBox, n int) {
	along := func(low, high int) func(a, b rtreeBox) int {
		return func(a, b rtreeBox) int {
			return cmp.Or(cmp.Compare(a.box[low]+a.box[high], b.box[low]+b.box[high]), cmp.Compare(a.id, b.id))
		}
	}
	slices.SortFunc(cells, along(0, 1))
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	for c := range columns {
		from, to := c*n/columns, (c+1)*n/columns // nodes
		slices.SortFunc(cells[from*len(cells)/n:to*len(cells)/n], along(2, 3))
	}
}

// encode appends a node of size bytes in the format of the R*Tree module
// ("Database Format of R-Tree Tables" in its source): depth, number of cells,
// and of each cell the number and the four sides, all big-endian.
func (n *rtreeNode) encode(b []byte, size int) []byte {
	from := len(b)
	b = binary.BigEndian.AppendUint16(b, uint16(n.depth))
	b = binary.BigEndian.AppendUint16(b, uint16(len(n.cells)))
	for _, c := range n.cells {
		b = binary.BigEndian.AppendUint64(b, uint64(c.id))
		for _, x := range c.box {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return append(b, make([]byte, size-(len(b)-from))...)
}
