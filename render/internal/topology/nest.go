package topology

import (
	"cmp"
	"slices"

	"stpmap/render/internal/linework"
)

// Nesting says how one ring of several lies among the others.
type Nesting struct {
	// Hole is set for a ring that lies in an odd number of the others.
	Hole bool
	// Repeat is set for a ring that an earlier one is the same as, in the same
	// direction.
	Repeat bool
	// Crosses is set for a ring that lies in another one in part: nothing about
	// it is sure.
	Crosses bool
	// In is the smallest ring around this one; −1 if there is none.
	In int32
	// Area2 is twice the signed area in square units, positive for a ring that
	// runs anticlockwise.
	Area2 int64
}

// levels is at how many heights a ring is looked at.
const levels = 3

// probe is a place within a ring, between two rows of positions.
type probe struct {
	x    float64
	y    int32 // the place is at y + ½
	ring int32
}

// mostCrossings bounds the work that one area's rings may take: a country's
// islands come to a hundredth of it.
const mostCrossings = 500_000_000

// Nest finds how the rings from first to last, that one excluded, lie in each
// other, whatever their direction. Three places within each ring are held
// against every larger ring by counting crossings. It is false where that would
// take too long.
func (r *Rings) Nest(first, last int32) ([]Nesting, bool) {
	n := int(last - first)
	out := make([]Nesting, n)
	for k := range out {
		out[k] = Nesting{In: -1, Area2: doubleArea(r.ring(first + int32(k)))}
	}
	if n < 2 {
		return out, true
	}
	probes := r.probes(first, out)
	within := make([]map[int32]int, n) // ring, to how many of its probes lie in which other
	odd := make([]bool, len(probes))
	var touched []int32
	for k, left := 0, mostCrossings; k < n; k++ {
		touched = countCrossings(r.ring(first+int32(k)), probes, odd, touched[:0], left)
		if left -= len(touched); left <= 0 {
			return nil, false
		}
		for _, p := range touched {
			if !odd[p] {
				continue
			}
			odd[p] = false
			if of := probes[p].ring; larger(out, int32(k), of) {
				if within[of] == nil {
					within[of] = map[int32]int{}
				}
				within[of][int32(k)]++
			}
		}
	}
	order := make([]int32, n)
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(size(out[b].Area2), size(out[a].Area2)) })
	for _, k := range order {
		settle(out, k, within[k])
	}
	return out, true
}

// ring is the positions of a ring.
func (r *Rings) ring(k int32) []int32 { return r.XY[2*r.Rings[k] : 2*r.Rings[k+1]] }

// larger says whether ring a can be around ring b: it is larger, or as large
// and earlier.
func larger(of []Nesting, a, b int32) bool {
	x, y := size(of[a].Area2), size(of[b].Area2)
	return x > y || x == y && a < b
}

func size(area int64) int64 { return max(area, -area) }

// settle decides about a ring by how many of its probes lie in which others.
// Larger rings come first, so that what repeats another one is known.
func settle(of []Nesting, k int32, within map[int32]int) {
	around := make([]int32, 0, len(within))
	for other, hits := range within {
		if hits < levels {
			of[k].Crosses = true
			continue
		}
		around = append(around, other)
	}
	slices.SortFunc(around, func(a, b int32) int {
		return cmp.Or(cmp.Compare(size(of[a].Area2), size(of[b].Area2)), cmp.Compare(b, a))
	})
	depth := 0
	for _, other := range around {
		switch {
		case of[other].Repeat:
			continue
		case of[other].Area2 == of[k].Area2:
			of[k].Repeat = true
		case of[k].In < 0:
			of[k].In = other
		}
		depth++
	}
	of[k].Hole = depth%2 == 1
}

// probes gives places within each ring that has an area, by height.
func (r *Rings) probes(first int32, of []Nesting) []probe {
	var out []probe
	for k := range of {
		if of[k].Area2 == 0 {
			continue
		}
		xy := r.ring(first + int32(k))
		b := segmentsBox(xy)
		for q := int64(1); q <= levels; q++ {
			y := int64(b.MinY) + (int64(b.MaxY)-int64(b.MinY))*q/(levels+1)
			y = min(y, int64(b.MaxY)-1)
			if x, ok := middleAt(xy, int32(y)); ok {
				out = append(out, probe{x, int32(y), int32(k)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b probe) int { return cmp.Compare(a.y, b.y) })
	return out
}

func segmentsBox(xy []int32) linework.Box {
	b := linework.EmptyBox
	for i := 0; i < len(xy); i += 2 {
		b.MinX, b.MaxX = min(b.MinX, xy[i]), max(b.MaxX, xy[i])
		b.MinY, b.MaxY = min(b.MinY, xy[i+1]), max(b.MaxY, xy[i+1])
	}
	return b
}

// middleAt is the middle of the widest stretch of a ring at the height y + ½.
func middleAt(xy []int32, y int32) (x float64, ok bool) {
	var xs []float64
	n := len(xy)
	for i := 0; i < n; i += 2 {
		j := (i + 2) % n
		if (xy[i+1] > y) != (xy[j+1] > y) {
			xs = append(xs, crossAt(xy[i], xy[i+1], xy[j], xy[j+1], y))
		}
	}
	slices.Sort(xs)
	width := 0.0
	for i := 1; i < len(xs); i += 2 {
		if w := xs[i] - xs[i-1]; w > width {
			x, width, ok = xs[i-1]+w/2, w, true
		}
	}
	return x, ok
}

// crossAt is where an edge crosses the height y + ½.
func crossAt(x1, y1, x2, y2, y int32) float64 {
	part := (float64(y) + 0.5 - float64(y1)) / (float64(y2) - float64(y1))
	return float64(x1) + float64(part*(float64(x2)-float64(x1)))
}

// countCrossings turns odd over for each edge of a ring that lies east of a
// probe, and appends the probes that were met, until they are too many.
func countCrossings(xy []int32, probes []probe, odd []bool, touched []int32, most int) []int32 {
	n := len(xy)
	for i := 0; i < n && len(touched) < most; i += 2 {
		j := (i + 2) % n
		low, high := min(xy[i+1], xy[j+1]), max(xy[i+1], xy[j+1])
		if low == high {
			continue
		}
		at, _ := slices.BinarySearchFunc(probes, low, func(p probe, y int32) int { return cmp.Compare(p.y, y) })
		for ; at < len(probes) && probes[at].y < high; at++ {
			if crossAt(xy[i], xy[i+1], xy[j], xy[j+1], probes[at].y) > probes[at].x {
				odd[at] = !odd[at]
				touched = append(touched, int32(at))
			}
		}
	}
	return touched
}

// Emptied lists the polygons of which holes take the whole: those whose holes
// together are as large as the shell.
func (r *Rings) Emptied() []int32 {
	var out []int32
	for p := range len(r.Polygons) - 1 {
		lo, hi := r.Polygons[p], r.Polygons[p+1]
		if hi-lo < 2 {
			continue
		}
		left := size(doubleArea(r.ring(lo)))
		if left == 0 {
			continue
		}
		for k := lo + 1; k < hi; k++ {
			left -= size(doubleArea(r.ring(k)))
		}
		if left <= 0 {
			out = append(out, int32(p))
		}
	}
	return out
}
