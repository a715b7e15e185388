package topology

import (
	"context"
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
//  1. clean rings of repeats and spikes;
//  2. link positions to those of an earlier ring that runs along the same
//     border, so that each border is looked at once from here on;
//  3. a position is a junction if two rings pass it by different neighbours;
//  4. cut rings at junctions; each piece is an arc, met once or twice.
type builder struct {
	in       *Rings
	order    []int32
	ends     []int32 // where each ring ends, after cleaning; it begins where in.Rings says
	positive []bool  // whether a ring runs anticlockwise
	spread   spread
	ringAt   []int32 // the ring of each 64th position
	linked   bitset  // positions with the neighbours of an earlier one at the same place
	unlinked int     // how many positions are not linked
	cover    *Coverage
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
	b.clean()
	b.spread = newSpread(r.XY)
	b.indexRings()
	b.link()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	junctions := b.junctions()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	b.cut(junctions)
	r.XY = nil
	return b.cover, nil
}

// eachRing calls f for every ring with an area, in the order of areas.
func (b *builder) eachRing(f func(area, ring int32, shell bool)) {
	in := b.in
	for k, a := range b.order {
		for p := in.Areas[a]; p < in.Areas[a+1]; p++ {
			for r := in.Polygons[p]; r < in.Polygons[p+1]; r++ {
				if b.ends[r] > in.Rings[r] {
					f(int32(k), r, r == in.Polygons[p])
				}
			}
		}
	}
}

// positions are those of a ring.
func (b *builder) positions(ring int32) []int32 {
	return b.in.XY[2*b.in.Rings[ring] : 2*b.ends[ring]]
}

// ringOf is the ring of a position.
func (b *builder) ringOf(at int32) int32 {
	r := b.ringAt[at/64]
	for b.in.Rings[r+1] <= at {
		r++
	}
	return r
}

func (b *builder) indexRings() {
	in := b.in
	b.ringAt = make([]int32, len(in.XY)/128+1)
	r := int32(0)
	for i := range b.ringAt {
		for int(r) < len(in.Rings)-2 && int(in.Rings[r+1]) <= 64*i {
			r++
		}
		b.ringAt[i] = r
	}
}

// clean takes repeated positions and there-and-back spikes out of rings, in
// place; a ring without an area becomes empty.
func (b *builder) clean() {
	in := b.in
	n := len(in.Rings) - 1
	b.ends, b.positive = make([]int32, n), make([]bool, n)
	for p := range len(in.Polygons) - 1 {
		for r := in.Polygons[p]; r < in.Polygons[p+1]; r++ {
			xy := in.XY[2*in.Rings[r] : 2*in.Rings[r+1]]
			if hasSpikes(xy) {
				xy = cutSpikes(xy)
			}
			b.ends[r] = in.Rings[r] + int32(len(xy)/2)
			area := doubleArea(xy)
			b.positive[r] = area > 0
			if area != 0 {
				continue
			}
			if in.Rings[r+1] > in.Rings[r] {
				b.cover.Collapsed++
			}
			b.ends[r] = in.Rings[r]
			if r == in.Polygons[p] { // a shell without an area takes its holes with it
				for ; r < in.Polygons[p+1]; r++ {
					b.ends[r] = in.Rings[r]
				}
			}
		}
	}
}

// hasSpikes says whether a position of a ring is that of the one before or the
// one before that.
func hasSpikes(xy []int32) bool {
	n := len(xy)
	if n < 6 {
		return true
	}
	px, py, qx, qy := xy[n-4], xy[n-3], xy[n-2], xy[n-1]
	for i := 0; i+1 < n; i += 2 {
		x, y := xy[i], xy[i+1]
		if x == qx && y == qy || x == px && y == py {
			return true
		}
		px, py, qx, qy = qx, qy, x, y
	}
	return false
}

func cutSpikes(xy []int32) []int32 {
	n := len(xy) / 2
	at := make([]uint64, n)
	for i := range at {
		at[i] = pack(xy[2*i], xy[2*i+1])
	}
	w := 0
	for _, v := range at {
		switch {
		case w > 0 && at[w-1] == v:
		case w > 1 && at[w-2] == v:
			w--
		default:
			at[w] = v
			w++
		}
	}
	lo := 0
	for w-lo >= 2 {
		switch {
		case at[w-1] == at[lo]:
			w--
			continue
		case w-lo >= 3 && at[w-2] == at[lo]: // the last position is a spike's tip
			w -= 2
			continue
		case w-lo >= 3 && at[w-1] == at[lo+1]: // the first one is
			lo++
			w--
			continue
		}
		break
	}
	if w-lo < 3 {
		return xy[:0]
	}
	for i, v := range at[lo:w] {
		xy[2*i], xy[2*i+1] = unpack(v)
	}
	return xy[:2*(w-lo)]
}
