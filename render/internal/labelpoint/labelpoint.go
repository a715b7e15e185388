package labelpoint

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/internal/extent"
)

// LabelPoint is the pole of inaccessibility of the largest polygon: the
// position inside it that is farthest from its outline, within about a
// hundredth of its width. The zero point stands for no polygon.
//
// The search halves squares, the most promising first (Agafonkin 2016,
// "polylabel"; Garcia-Castellanos D, Lombardo U 2007,
// doi:10.1080/14702540801897809).
func LabelPoint(m orb.MultiPolygon) orb.Point { return new(Labeller).Place(m) }

// Labeller finds label points; it keeps its memory from one polygon to the
// next.
type Labeller struct {
	outline outline
	heap    squares
}

// Place is LabelPoint of a polygon.
func (l *Labeller) Place(m orb.MultiPolygon) orb.Point {
	var p orb.Polygon
	if len(m) == 1 && len(m[0]) > 0 && len(m[0][0]) > 0 {
		p = m[0]
	} else {
		best := -1.0
		for _, q := range m {
			if area := flatArea(q); area > best {
				p, best = q, area
			}
		}
	}
	if p == nil {
		return orb.Point{}
	}
	return l.pole(p)
}

// flatArea is a polygon's area as a plane that is true to scale in its middle
// has it, in squares of a degree at the equator: enough to tell which of several
// is the largest. −1 for none.
func flatArea(p orb.Polygon) float64 {
	if len(p) == 0 || len(p[0]) == 0 {
		return -1
	}
	sum := 0.0
	for i, r := range p {
		area := 0.0
		for k := 1; k < len(r); k++ {
			area += float64((r[k-1][0]-r[0][0])*(r[k][1]-r[0][1])) - float64((r[k][0]-r[0][0])*(r[k-1][1]-r[0][1]))
		}
		if area = math.Abs(area) / 2; i > 0 {
			area = -area
		}
		sum += area
	}
	b := Bound(p[0])
	sin, cos := portable.Sincos((b.Min[1] + b.Max[1]) / 2 * math.Pi / 180)
	const e2 = 0.00669438 // of WGS84
	return sum * cos / ((1 - float64(e2*sin*sin)) * (1 - float64(e2*sin*sin)))
}

// Bound is r.Bound(), without the calls.
func Bound(r orb.Ring) orb.Bound {
	var e extent.Extent
	e.AddPoints(r...)
	return e.Box
}

// outline is a polygon with degrees of longitude shrunk to the length of
// degrees of latitude, its edges in bands of y: those of band k are
// members[start[k]:start[k+1]], and an edge is in each band that it passes.
type outline struct {
	edges    []edge
	start    []int32
	members  []edge
	bands    int
	minY, dy float64
	looked   int // edges that the search has looked at
}

// A coast has few edges to a band; the teeth of a comb are all in each. So many
// members an edge are the most, on average, and so many edges a search looks at.
const (
	mostMembers = 16
	mostLooked  = 500_000_000
)

// edge is from x1, y1 to x2, y2; reach is how far its ends are from its middle.
type edge struct {
	x, y, reach    float64
	x1, y1, x2, y2 float64
}

func (o *outline) set(p orb.Polygon, b orb.Bound, shrink float64) {
	n := 0
	for _, r := range p {
		n += len(r)
	}
	o.edges, o.looked = o.edges[:0], 0
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			e := edge{x1: float64(r[i-1][0] * shrink), y1: r[i-1][1], x2: float64(r[i][0] * shrink), y2: r[i][1]}
			e.x, e.y = (e.x1+e.x2)/2, (e.y1+e.y2)/2
			e.reach = math.Sqrt(float64((e.x-e.x1)*(e.x-e.x1)) + float64((e.y-e.y1)*(e.y-e.y1)))
			o.edges = append(o.edges, e)
		}
	}
	o.minY = b.Min[1]
	size := o.split(max(1, min(n/8, 4096)), b.Max[1]-b.Min[1])
	o.start = slices.Grow(o.start[:0], o.bands+2)[:o.bands+2]
	clear(o.start)
	for i := range o.edges {
		for k, last := o.passes(&o.edges[i]); k <= last; k++ {
			o.start[k+2]++
		}
	}
	for i := 2; i < len(o.start); i++ {
		o.start[i] += o.start[i-1]
	}
	o.members = slices.Grow(o.members[:0], size)[:size]
	for i := range o.edges {
		e := &o.edges[i]
		for k, last := o.passes(e); k <= last; k++ {
			o.members[o.start[k+1]] = *e
			o.start[k+1]++
		}
	}
}

// split parts the height into bands, fewer of them where edges pass too many,
// and gives the number of members of all.
func (o *outline) split(bands int, height float64) (size int) {
	for o.bands = bands; ; o.bands /= 2 {
		o.dy, size = height/float64(o.bands), 0
		for i := range o.edges {
			first, last := o.passes(&o.edges[i])
			size += last - first + 1
		}
		if o.bands == 1 || size <= mostMembers*len(o.edges) {
			return size
		}
	}
}

// passes is the first and the last band that an edge lies in.
func (o *outline) passes(e *edge) (first, last int) {
	return o.band(min(e.y1, e.y2)), o.band(max(e.y1, e.y2))
}

func (o *outline) band(y float64) int {
	if o.dy <= 0 {
		return 0
	}
	return max(0, min(o.bands-1, int((y-o.minY)/o.dy)))
}

// seeker looks for the edge nearest to a position.
type seeker struct {
	x, y            float64
	near            int32   // the nearest so far, by place in members
	distance, limit float64 // the search ends at a distance under the limit
}

// try looks at members from lo up to hi; true ends the search.
func (s *seeker) try(o *outline, lo, hi int32) bool {
	x, y, nearest := s.x, s.y, s.distance
	members := o.members[lo:hi]
	for k := range members {
		e := &members[k]
		dx, dy, far := x-e.x, y-e.y, nearest+e.reach
		if float64(dx*dx)+float64(dy*dy) > far*far {
			continue
		}
		if d := e.distance(x, y); d < nearest {
			s.near, s.distance, nearest = lo+int32(k), d, d
			if d <= s.limit {
				return true
			}
		}
	}
	return false
}

// distance is how far a position lies from the outline, negative outside, and
// which edge is nearest, as a place in members. hint is an edge that may be
// near; inside says that the position is known to be. The distance is −Inf where
// it is seen, before all is known, to be no more than enough.
func (o *outline) distance(x, y, enough float64, hint int32, inside bool) (float64, int32) {
	s := seeker{x: x, y: y, near: hint, distance: o.members[hint].distance(x, y), limit: -1}
	if enough > 0 {
		if s.limit = enough; s.distance <= enough {
			return math.Inf(-1), hint
		}
	}
	own, known := o.band(y), inside
	lo, hi := o.start[own], o.start[own+1]
	o.looked += int(hi - lo)
	for k := lo; k < hi && !known; k++ {
		e := &o.members[k]
		if (e.y1 > y) != (e.y2 > y) && x < (e.x2-e.x1)*(y-e.y1)/(e.y2-e.y1)+e.x1 {
			inside = !inside
		}
	}
	if enough > 0 && !inside || s.try(o, lo, hi) {
		return math.Inf(-1), s.near
	}
	// Bands up and down, as long as they can hold anything nearer.
	above, below := o.minY+float64(float64(own+1)*o.dy)-y, y-o.minY-float64(float64(own)*o.dy)
	for step := 1; step < o.bands; step++ {
		up, down := own+step, own-step
		upward, downward := up < o.bands && above < s.distance, down >= 0 && below < s.distance
		if !upward && !downward {
			break
		}
		if upward && s.try(o, o.start[up], o.start[up+1]) || downward && s.try(o, o.start[down], o.start[down+1]) {
			return math.Inf(-1), s.near
		}
		above, below = above+o.dy, below+o.dy
	}
	if inside {
		return s.distance, s.near
	}
	return -s.distance, s.near
}

// distance is how far a position lies from the edge.
func (e *edge) distance(x, y float64) float64 {
	dx, dy := e.x2-e.x1, e.y2-e.y1
	t := 0.0
	if d := float64(dx*dx) + float64(dy*dy); d > 0 {
		t = max(0, min(1, (float64((x-e.x1)*dx)+float64((y-e.y1)*dy))/d))
	}
	dx, dy = x-e.x1-float64(t*dx), y-e.y1-float64(t*dy)
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

type square struct {
	x, y, half, distance float64
	near                 int32 // the segment nearest to its middle, or one that is near
}

// promise is the farthest from the outline that any position in it can be.
func (s square) promise() float64 { return s.distance + float64(s.half*math.Sqrt2) }

// squares is a heap, the most promising square first.
type squares []square

func (h *squares) push(s square) {
	*h = append(*h, s)
	heap := *h
	for i := len(heap) - 1; i > 0 && heap[i].promise() > heap[(i-1)/2].promise(); i = (i - 1) / 2 {
		heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
	}
}

func (h *squares) pop() square {
	heap := *h
	s := heap[0]
	n := len(heap) - 1
	heap[0] = heap[n]
	heap = heap[:n]
	*h = heap
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

func (l *Labeller) pole(p orb.Polygon) orb.Point {
	b := Bound(p[0])
	shrink := portable.Cos((b.Min[1] + b.Max[1]) / 2 * math.Pi / 180)
	if shrink < 1e-3 {
		shrink = 1e-3
	}
	o := &l.outline
	o.set(p, b, shrink)
	minX, maxX := float64(b.Min[0]*shrink), float64(b.Max[0]*shrink)
	width, height := maxX-minX, b.Max[1]-b.Min[1]
	size := min(width, height)
	if size <= 0 {
		return b.Center()
	}
	precision := size / 100
	best := square{x: minX + width/2, y: b.Min[1] + height/2}
	best.distance, best.near = o.distance(best.x, best.y, 0, 0, false)
	// A square is of no use if it is no better than the best and cannot hold
	// anything better by more than the precision.
	at := func(x, y, half float64, near int32, inside bool) square {
		enough := best.distance + min(0, precision-float64(half*math.Sqrt2)) - float64(size*1e-9)
		s := square{x: x, y: y, half: half}
		s.distance, s.near = o.distance(x, y, enough, near, inside)
		return s
	}
	heap := l.heap[:0]
	defer func() { l.heap = heap }()
	push := func(s square) {
		if s.distance > best.distance {
			best = s
		}
		if s.promise() > best.distance+precision {
			heap.push(s)
		}
	}
	half := size / 2
	if max(width, height)/size > 50 {
		half = max(width, height) / 100
	}
	for y := b.Min[1]; y < b.Max[1]; y += float64(2 * half) {
		for x := minX; x < maxX; x += float64(2 * half) {
			push(at(x+half, y+half, half, best.near, false))
		}
	}
	for steps := 0; len(heap) > 0 && steps < 10_000 && o.looked < mostLooked; steps++ {
		s := heap.pop()
		if s.promise() <= best.distance+precision {
			break
		}
		h := s.half / 2
		inside := s.distance > h*1.5 // so are the middles of the quarters, √2 × h away
		for _, q := range [4][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			push(at(s.x+float64(q[0]*h), s.y+float64(q[1]*h), h, s.near, inside))
		}
	}
	return orb.Point{math.Round(best.x/shrink*1e6) / 1e6, math.Round(best.y*1e6) / 1e6}
}
