package topology

import (
	"cmp"
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/render/internal/linework"
)

// OpenGap is where the outer borders of two areas run beside each other without
// touching: a gap with no end, which land or water outside could be too.
type OpenGap struct {
	A, B    int32   // the areas, A the lower
	LengthM float64 // along which they run so
	WidthM  float64 // mean
	At      [2]float64
}

// What is so narrow for so long is hardly a channel: coasts are drawn coarser.
const (
	openWidth  = 50.0 // metres
	openLength = 1000.0
	// Areas that touch nowhere have no corner at the coast, about which they come
	// close for a while: less is telling.
	apartLength = 100.0
	openShape   = 20.0 // times as long as wide
)

// OpenGaps lists the gaps that are open to the outside at one end or both, by
// area. Where borders meet at the coast they run close for a moment only, which
// is too short to count.
func (c *Coverage) OpenGaps() []OpenGap {
	segments, owner := c.outline()
	return openGaps(segments, owner, openWidth, openLength, nil)
}

// OpenGapsApart lists such gaps of at most a width, in metres, between areas that
// do not touch anywhere.
func (c *Coverage) OpenGapsApart(width float64, touch func(a, b int32) bool) []OpenGap {
	segments, owner := c.outline()
	segments, owner = nearOthers(segments, owner, width, touch)
	return openGaps(segments, owner, width, apartLength, touch)
}

// outline lists the segments with land on one side only, and their areas.
func (c *Coverage) outline() (segments, owner []int32) {
	for k := range c.left {
		var lb, rb [1]int32
		left, right := c.ownersOf(c.left[k], &lb), c.ownersOf(c.right[k], &rb)
		if (len(left) == 0) == (len(right) == 0) {
			continue
		}
		own := slices.Concat(left, right)[0]
		l := c.line(k)
		for i := 2; i < len(l); i += 2 {
			segments, owner = append(segments, l[i-2:i+2]...), append(owner, own)
		}
	}
	return segments, owner
}

// nearOthers keeps the segments that lie in the box around the outline of an area
// that theirs does not touch.
func nearOthers(segments, owner []int32, width float64, touch func(a, b int32) bool) (near, of []int32) {
	boxes := map[int32]linework.Box{}
	for i, a := range owner {
		b, ok := boxes[a]
		if !ok {
			b = linework.EmptyBox
		}
		b.Add(segments[4*i : 4*i+4])
		boxes[a] = b
	}
	areas := make([]int32, 0, len(boxes))
	for a := range boxes {
		areas = append(areas, a)
	}
	slices.SortFunc(areas, func(a, b int32) int {
		return cmp.Or(cmp.Compare(boxes[a].MinX, boxes[b].MinX), cmp.Compare(a, b))
	})
	others := map[int32][]linework.Box{}
	for k, a := range areas {
		wide := boxes[a].Wider(width)
		for _, b := range areas[k+1:] {
			if boxes[b].MinX > wide.MaxX {
				break
			}
			if wide.Meets(boxes[b]) && !touch(a, b) {
				others[a], others[b] = append(others[a], boxes[b].Wider(width)), append(others[b], wide)
			}
		}
	}
	for i, a := range owner {
		s := segments[4*i : 4*i+4]
		if slices.ContainsFunc(others[a], linework.SegmentBox(s).Meets) {
			near, of = append(near, s...), append(of, a)
		}
	}
	return near, of
}

// openGaps pairs each segment with the nearest one of another area within a
// width; touch, where not nil, says which areas are not looked at together.
func openGaps(segments, owner []int32, width, length float64, touch func(a, b int32) bool) []OpenGap {
	t := linework.NewTree(segments)
	type sum struct {
		metres, weighted, longest float64
		at                        [2]float64
	}
	pairs := map[[2]int32]*sum{}
	for i, own := range owner {
		s := segments[4*i : 4*i+4]
		mx, my := (float64(s[0])+float64(s[2]))/2, (float64(s[1])+float64(s[3]))/2
		shrink := math.Max(0.01, portable.Cos(my*1e-6*math.Pi/180))
		perUnit := 1e-6 * linework.MetresPerDegree
		dy := int32(width/perUnit) + 1
		dx := int32(width/perUnit/shrink) + 1
		x, y := int32(math.Round(mx)), int32(math.Round(my))
		nearest, of := width, int32(-1)
		t.Search(linework.Box{MinX: x - dx, MinY: y - dy, MaxX: x + dx, MaxY: y + dy}, func(j int32) bool {
			if owner[j] == own || touch != nil && touch(own, owner[j]) {
				return true
			}
			u := segments[4*j : 4*j+4]
			d := pointToSegment(mx*shrink, my, float64(u[0])*shrink, float64(u[1]), float64(u[2])*shrink, float64(u[3])) * perUnit
			if d < nearest || d == nearest && of >= 0 && owner[j] < of {
				nearest, of = d, owner[j]
			}
			return true
		})
		if of < 0 {
			continue
		}
		key := [2]int32{min(own, of), max(own, of)}
		p := pairs[key]
		if p == nil {
			p = &sum{}
			pairs[key] = p
		}
		metres := float64(portable.Hypot((float64(s[2])-float64(s[0]))*shrink, float64(s[3])-float64(s[1])) * perUnit)
		p.metres += metres
		p.weighted += float64(metres * nearest)
		if metres > p.longest {
			p.longest, p.at = metres, [2]float64{mx * 1e-6, my * 1e-6}
		}
	}
	var out []OpenGap
	for key, p := range pairs {
		g := OpenGap{A: key[0], B: key[1], LengthM: p.metres / 2, WidthM: p.weighted / p.metres, At: p.at} // both sides were measured
		if g.LengthM >= length && g.LengthM >= openShape*g.WidthM {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b OpenGap) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// pointToSegment is the distance of a point from a segment.
func pointToSegment(px, py, x1, y1, x2, y2 float64) float64 {
	dx, dy := x2-x1, y2-y1
	t := 0.0
	if n := float64(dx*dx) + float64(dy*dy); n > 0 {
		t = max(0, min(1, (float64((px-x1)*dx)+float64((py-y1)*dy))/n))
	}
	return portable.Hypot(px-x1-float64(t*dx), py-y1-float64(t*dy))
}
