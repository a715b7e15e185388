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
	type border struct {
		a, b   int32
		metres float64
	}
	var list []border
	var lb, rb [1]int32
	for k := range c.left {
		if c.left[k] == c.right[k] || c.left[k] < 0 || c.right[k] < 0 {
			continue
		}
		length := -1.0
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
				if share == 0 {
					continue
				}
				if length < 0 {
					length = 1
					if measure {
						length = c.length(k)
					}
				}
				list = append(list, border{a, b, share * length}, border{b, a, share * length})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y border) int {
		if d := cmp.Compare(x.a, y.a); d != 0 {
			return d
		}
		return cmp.Compare(x.b, y.b)
	})
	out := &Borders{ptr: make([]int32, c.areas+1)}
	for i, x := range list {
		if i > 0 && list[i-1].a == x.a && list[i-1].b == x.b {
			out.metres[len(out.metres)-1] += x.metres
			continue
		}
		out.others = append(out.others, x.b)
		out.metres = append(out.metres, x.metres)
		out.ptr[x.a+1]++
	}
	for a := range c.areas {
		out.ptr[a+1] += out.ptr[a]
	}
	return out
}
