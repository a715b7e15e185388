package topology

import (
	"cmp"
	"slices"

	"stpmap/render/internal/geodesy"
)

// Borders is which areas touch along a line, and for how long.
type Borders struct {
	ptr    []int32
	others []int32
	metres []float64
}

// Of gives the neighbours of an area, rising, and the lengths of the borders
// in metres, which mean nothing where they were not measured.
func (b *Borders) Of(area int) (others []int32, metres []float64) {
	lo, hi := b.ptr[area], b.ptr[area+1]
	return b.others[lo:hi], b.metres[lo:hi]
}

// owner lists the areas of a face; it must not be changed.
func (c *Coverage) ownersOf(face int32, buf *[1]int32) []int32 {
	if face < 0 {
		return nil
	}
	if c.ownerPtr == nil {
		buf[0] = face
		return buf[:]
	}
	return c.owners[c.ownerPtr[face]:c.ownerPtr[face+1]]
}

// owned says whether any area covers a face.
func (c *Coverage) owned(face int32) bool {
	return face >= 0 && (c.ownerPtr == nil || c.ownerPtr[face] < c.ownerPtr[face+1])
}

// length is an arc's length in metres.
func (c *Coverage) length(arc int) float64 {
	l := c.line(arc)
	var sum float64
	for i := 2; i < len(l); i += 2 {
		sum += geodesy.Length(float64(l[i-2])/1e6, float64(l[i-1])/1e6, float64(l[i])/1e6, float64(l[i+1])/1e6)
	}
	return sum
}

// Borders finds the borders between areas, and measures them if asked to: an
// arc is never without length. Where two areas overlap, the border is half the
// overlap's outline.
func (c *Coverage) Borders(measure bool) *Borders {
	out := &Borders{ptr: make([]int32, c.areas+1)}
	c.eachBorder(func(_, a, _ int32, _ float64) { out.ptr[a+1]++ })
	for a := range c.areas {
		out.ptr[a+1] += out.ptr[a]
	}
	type border struct {
		other  int32
		metres float64
	}
	list := make([]border, out.ptr[c.areas])
	at := slices.Clone(out.ptr[:c.areas])
	last, length := int32(-1), 1.0
	c.eachBorder(func(arc, a, b int32, share float64) {
		if measure && arc != last {
			last, length = arc, c.length(int(arc))
		}
		list[at[a]] = border{b, share * length}
		at[a]++
	})
	out.others, out.metres = make([]int32, 0, len(list)), make([]float64, 0, len(list))
	for a := range c.areas {
		of := list[out.ptr[a]:at[a]]
		slices.SortStableFunc(of, func(x, y border) int { return cmp.Compare(x.other, y.other) })
		out.ptr[a] = int32(len(out.others))
		for i, x := range of {
			if i > 0 && of[i-1].other == x.other {
				out.metres[len(out.metres)-1] += x.metres
				continue
			}
			out.others, out.metres = append(out.others, x.other), append(out.metres, x.metres)
		}
	}
	out.ptr[c.areas] = int32(len(out.others))
	return out
}

// eachBorder calls visit for each two areas on the sides of an arc, both ways
// round, with the share of the arc's length that counts.
func (c *Coverage) eachBorder(visit func(arc, a, b int32, share float64)) {
	var lb, rb [1]int32
	for k := range c.left {
		if c.left[k] == c.right[k] || c.left[k] < 0 || c.right[k] < 0 {
			continue
		}
		left, right := c.ownersOf(c.left[k], &lb), c.ownersOf(c.right[k], &rb)
		for _, a := range left {
			for _, b := range right {
				if a == b {
					continue
				}
				share := 1.0
				if slices.Contains(right, a) {
					share -= 0.5
				}
				if slices.Contains(left, b) {
					share -= 0.5
				}
				if share != 0 {
					visit(int32(k), a, b, share)
					visit(int32(k), b, a, share)
				}
			}
		}
	}
}
