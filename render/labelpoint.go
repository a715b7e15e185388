package render

import (
	"math"

	"github.com/paulmach/orb"
)

// LabelPoint is the pole of inaccessibility of the largest polygon: the
// position inside it that is farthest from its outline, within about a
// hundredth of its width. The zero point stands for no polygon.
//
// The search halves squares, the most promising first (Agafonkin 2016,
// "polylabel"; Garcia-Castellanos D, Lombardo U 2007,
// doi:10.1080/14702540801897809).
func LabelPoint(m orb.MultiPolygon) orb.Point {
	var p orb.Polygon
	best := -1.0
	for _, q := range m {
		if len(q) == 0 || len(q[0]) == 0 {
			continue
		}
		area := ringArea(q[0])
		for _, h := range q[1:] {
			area -= ringArea(h)
		}
		if area > best {
			p, best = q, area
		}
	}
	if p == nil {
		return orb.Point{}
	}
	return pole(p)
}

// outline is a polygon with degrees of longitude shrunk to the length of
// degrees of latitude, its segments in bands of y.
type outline struct {
	segments []float64 // x1 y1 x2 y2
	bands    [][]int32
	minY, dy float64
}

func newOutline(p orb.Polygon, shrink float64) *outline {
	o := &outline{}
	b := p.Bound()
	n := 0
	for _, r := range p {
		n += len(r)
	}
	o.bands = make([][]int32, max(1, min(n/8, 4096)))
	o.minY = b.Min[1]
	o.dy = (b.Max[1] - b.Min[1]) / float64(len(o.bands))
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			k := int32(len(o.segments) / 4)
			o.segments = append(o.segments, r[i-1][0]*shrink, r[i-1][1], r[i][0]*shrink, r[i][1])
			lo, hi := o.band(min(r[i-1][1], r[i][1])), o.band(max(r[i-1][1], r[i][1]))
			for ; lo <= hi; lo++ {
				o.bands[lo] = append(o.bands[lo], k)
			}
		}
	}
	return o
}

func (o *outline) band(y float64) int {
	if o.dy <= 0 {
		return 0
	}
	return max(0, min(len(o.bands)-1, int((y-o.minY)/o.dy)))
}

// distance is how far a position lies from the outline, negative outside.
func (o *outline) distance(x, y float64) float64 {
	at := o.band(y)
	inside := false
	for _, k := range o.bands[at] {
		s := o.segments[4*k : 4*k+4]
		if (s[1] > y) != (s[3] > y) && x < (s[2]-s[0])*(y-s[1])/(s[3]-s[1])+s[0] {
			inside = !inside
		}
	}
	nearest := math.Inf(1)
	for step := 0; step < len(o.bands); step++ {
		// Bands farther off cannot hold anything nearer.
		if step > 1 {
			if gap := float64(step-1) * o.dy; gap*gap > nearest {
				break
			}
		}
		for _, b := range [2]int{at - step, at + step} {
			if b < 0 || b >= len(o.bands) || step == 0 && b != at {
				continue
			}
			for _, k := range o.bands[b] {
				s := o.segments[4*k : 4*k+4]
				nearest = min(nearest, squareDistance(x, y, s[0], s[1], s[2], s[3]))
			}
			if step == 0 {
				break
			}
		}
	}
	if inside {
		return math.Sqrt(nearest)
	}
	return -math.Sqrt(nearest)
}

func squareDistance(x, y, x1, y1, x2, y2 float64) float64 {
	dx, dy := x2-x1, y2-y1
	if d := dx*dx + dy*dy; d > 0 {
		t := max(0, min(1, ((x-x1)*dx+(y-y1)*dy)/d))
		x1, y1 = x1+t*dx, y1+t*dy
	}
	dx, dy = x-x1, y-y1
	return dx*dx + dy*dy
}

type square struct {
	x, y, half, distance float64
}

// promise is the farthest from the outline that any position in it can be.
func (s square) promise() float64 { return s.distance + s.half*math.Sqrt2 }

func pole(p orb.Polygon) orb.Point {
	b := p.Bound()
	shrink := math.Cos((b.Min[1] + b.Max[1]) / 2 * math.Pi / 180)
	if shrink < 1e-3 {
		shrink = 1e-3
	}
	o := newOutline(p, shrink)
	minX, maxX := b.Min[0]*shrink, b.Max[0]*shrink
	width, height := maxX-minX, b.Max[1]-b.Min[1]
	size := min(width, height)
	if size <= 0 {
		return b.Center()
	}
	precision := size / 100
	at := func(x, y, half float64) square { return square{x, y, half, o.distance(x, y)} }
	best := at(minX+width/2, b.Min[1]+height/2, 0)
	var heap []square
	push := func(s square) {
		if s.distance > best.distance {
			best = s
		}
		if s.promise() <= best.distance+precision {
			return
		}
		heap = append(heap, s)
		for i := len(heap) - 1; i > 0 && heap[i].promise() > heap[(i-1)/2].promise(); i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
	}
	pop := func() square {
		s := heap[0]
		n := len(heap) - 1
		heap[0] = heap[n]
		heap = heap[:n]
		for i := 0; ; {
			k := 2*i + 1
			if k >= n {
				break
			}
			if k+1 < n && heap[k+1].promise() > heap[k].promise() {
				k++
			}
			if heap[i].promise() >= heap[k].promise() {
				break
			}
			heap[i], heap[k] = heap[k], heap[i]
			i = k
		}
		return s
	}
	half := size / 2
	if max(width, height)/size > 50 {
		half = max(width, height) / 100
	}
	for y := b.Min[1]; y < b.Max[1]; y += 2 * half {
		for x := minX; x < maxX; x += 2 * half {
			push(at(x+half, y+half, half))
		}
	}
	for steps := 0; len(heap) > 0 && steps < 10_000; steps++ {
		s := pop()
		if s.promise() <= best.distance+precision {
			break
		}
		h := s.half / 2
		for _, q := range [4][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			push(at(s.x+q[0]*h, s.y+q[1]*h, h))
		}
	}
	return orb.Point{math.Round(best.x/shrink*1e6) / 1e6, math.Round(best.y*1e6) / 1e6}
}
