package picture

import (
	"iter"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// square is a tile's column and row.
type square [2]int

// board is a map of tiles: the feature that has each square.
type board struct {
	side float64
	of   map[square]int
	all  []square // in order
}

func newBoard(side float64) *board { return &board{side: side, of: map[square]int{}} }

// put gives the square with its middle at a point to a feature.
func (b *board) put(feature int, at orb.Point) {
	q := square{int(math.Floor(at[0] / b.side)), int(math.Floor(at[1] / b.side))}
	if _, taken := b.of[q]; !taken {
		b.all = append(b.all, q)
	}
	b.of[q] = feature
}

// beside are the four squares next to one.
func (q square) beside() [4]square {
	return [4]square{{q[0] + 1, q[1]}, {q[0], q[1] + 1}, {q[0] - 1, q[1]}, {q[0], q[1] - 1}}
}

// alike is the number of squares beside one that a feature has.
func (b *board) alike(q square, feature int) int {
	n := 0
	for _, p := range q.beside() {
		if f, ok := b.of[p]; ok && f == feature {
			n++
		}
	}
	return n
}

// gatherReach is how far apart tiles are that may change places.
const gatherReach = 3

// gather lets tiles change places while that brings tiles of one feature together.
func (b *board) gather() {
	slices.SortFunc(b.all, func(p, q square) int { return slices.Compare(p[:], q[:]) })
	for changed, round := true, 0; changed && round < 40; round++ {
		changed = false
		for _, p := range b.all {
			for dx := 0; dx <= gatherReach; dx++ {
				for dy := -gatherReach; dy <= gatherReach; dy++ {
					changed = b.swap(p, square{p[0] + dx, p[1] + dy}) || changed
				}
			}
		}
	}
}

// swap changes the places of two tiles if both together then have more of their
// own beside them.
func (b *board) swap(p, q square) bool {
	f, g := b.of[p], b.of[q]
	if _, ok := b.of[q]; !ok || f == g {
		return false
	}
	before := b.alike(p, f) + b.alike(q, g)
	b.of[p], b.of[q] = g, f
	if b.alike(p, g)+b.alike(q, f) > before {
		return true
	}
	b.of[p], b.of[q] = f, g
	return false
}

// corner is a corner of a square: the lower left one for 0, 0.
func (b *board) corner(q square, dx, dy int) orb.Point {
	return orb.Point{float64(float64(q[0]+dx) * b.side), float64(float64(q[1]+dy) * b.side)}
}

// tiles are the squares of each feature; nil for one of none.
func (b *board) tiles(features int) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, features)
	for _, q := range b.all {
		f := b.of[q]
		out[f] = append(out[f], orb.Polygon{{b.corner(q, 0, 0), b.corner(q, 1, 0), b.corner(q, 1, 1), b.corner(q, 0, 1), b.corner(q, 0, 0)}})
	}
	return out
}

// edges are the lines between tiles of different features, and around all.
func (b *board) edges() (out []orb.LineString) {
	for _, q := range b.all {
		for side, p := range q.beside() {
			f, ok := b.of[p]
			if ok && (f == b.of[q] || side > 1) {
				continue
			}
			ends := [4][2]orb.Point{
				{b.corner(q, 1, 0), b.corner(q, 1, 1)},
				{b.corner(q, 0, 1), b.corner(q, 1, 1)},
				{b.corner(q, 0, 0), b.corner(q, 0, 1)},
				{b.corner(q, 0, 0), b.corner(q, 1, 0)},
			}[side]
			out = append(out, orb.LineString{ends[0], ends[1]})
		}
	}
	return out
}

// nearby lists which features have tiles beside each other.
type nearby []map[int]bool

// Neighbours are the features beside one, in order.
func (n nearby) Neighbours(f int) iter.Seq[int] {
	return slices.Values(slices.Sorted(maps.Keys(n[f])))
}

// colours is the layer's style, with fills that tell neighbours among the tiles
// apart where colours do no more than that.
func (b *board) colours(l *layer.Layer) layer.Style {
	style := l.Style
	if !onlyNames(l) {
		return style
	}
	near := make(nearby, len(l.Features))
	for f := range near {
		near[f] = map[int]bool{}
	}
	for _, q := range b.all {
		for _, p := range q.beside() {
			if f, ok := b.of[p]; ok && f != b.of[q] {
				near[b.of[q]][f], near[f][b.of[q]] = true, true
			}
		}
	}
	fill := layer.Colouring(near, len(l.Features))
	at := l.FieldIndex(style.Field)
	style.Classes = nil
	for f := range l.Features {
		v := l.Features[f].Values[at]
		style.Classes = append(style.Classes, layer.Class{Value: v, Label: layer.ValueText(v), Colour: layer.Qualitative(fill[f])})
	}
	return style
}
