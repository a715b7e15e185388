package topology

import (
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/render/internal/linework"
)

// SimplifyMethod is how positions to leave out are chosen.
type SimplifyMethod int8

// The methods of simplification.
const (
	Visvalingam SimplifyMethod = iota
	DouglasPeucker
)

// SimplifyOptions is as in package render.
type SimplifyOptions struct {
	Method    SimplifyMethod
	Tolerance float64
	Keep      float64
}

// Simplify leaves positions out of arcs:
//
//  1. rank each position between an arc's ends by what leaving it out changes;
//  2. keep those above the threshold;
//  3. where lines now conflict, something lies between a line and what it was,
//     or a ring has turned over, put the most important position back, and
//     look again.
func (c *Coverage) Simplify(o SimplifyOptions) *Coverage {
	s := &simplifier{c: c, rank: make([]float64, len(c.xy)/2), keep: make([]bool, len(c.xy)/2)}
	for k := range c.left {
		if o.Method == DouglasPeucker {
			s.rankDouglasPeucker(k)
		} else {
			s.rankVisvalingam(k)
		}
	}
	s.choose(o)
	s.findRings()
	// After the first look at everything only what was put back is looked at,
	// until it rests; then everything once more.
	for all := true; ; {
		changed := s.repair(all)
		if all && !changed {
			break
		}
		all = !changed
	}
	return s.result()
}

type simplifier struct {
	c     *Coverage
	rank  []float64 // of each position; +Inf at ends
	keep  []bool
	back  []int32 // positions put back since the last look
	rings []ring

	xy         []float64 // of the arc at hand, from metres
	prev, next []int32
	heap       rankHeap
}

// metres gives an arc in metres on a plane that touches its middle, until the
// next call; one that runs backward is turned round.
func (s *simplifier) metres(arc int) []float64 {
	l := s.c.line(arc)
	b := linework.EmptyBox
	b.Add(l)
	shrink := portable.Cos((float64(b.MinY) + float64(b.MaxY)) / 2e6 * math.Pi / 180)
	s.xy = slices.Grow(s.xy[:0], len(l))[:len(l)]
	for i := 0; i < len(l); i += 2 {
		s.xy[i] = float64(l[i]-b.MinX) * 1e-6 * linework.MetresPerDegree * shrink
		s.xy[i+1] = float64(l[i+1]-b.MinY) * 1e-6 * linework.MetresPerDegree
	}
	if s.backward(arc) {
		for i, j := 0, len(l)-2; i < j; i, j = i+2, j-2 {
			s.xy[i], s.xy[i+1], s.xy[j], s.xy[j+1] = s.xy[j], s.xy[j+1], s.xy[i], s.xy[i+1]
		}
	}
	return s.xy
}

// backward tells whether an arc comes later in order than the same arc read
// from its end. Which way an arc runs depends on how the file lists its areas.
func (s *simplifier) backward(arc int) bool {
	l := s.c.line(arc)
	for i, j := 0, len(l)-2; i < j; i, j = i+2, j-2 {
		if l[i] != l[j] {
			return l[i] > l[j]
		}
		if l[i+1] != l[j+1] {
			return l[i+1] > l[j+1]
		}
	}
	return false
}

// weightedArea is the area of the triangle a b c, less where b is a spike and
// more where it is nearly straight, so that lines come out smooth.
func weightedArea(xy []float64, a, b, c int32) float64 {
	ux, uy := xy[2*a]-xy[2*b], xy[2*a+1]-xy[2*b+1]
	vx, vy := xy[2*c]-xy[2*b], xy[2*c+1]-xy[2*b+1]
	area := math.Abs(float64(ux*vy)-float64(uy*vx)) / 2
	if d := math.Sqrt((float64(ux*ux) + float64(uy*uy)) * (float64(vx*vx) + float64(vy*vy))); d > 0 {
		area *= 1 - 0.7*(float64(ux*vx)+float64(uy*vy))/d
	}
	return area
}

func (s *simplifier) rankVisvalingam(arc int) {
	first := int(s.c.arc[arc])
	xy := s.metres(arc)
	n := len(xy) / 2
	rank := s.rank[first : first+n]
	rank[0], rank[n-1] = math.Inf(1), math.Inf(1)
	if n < 3 {
		return
	}
	s.prev, s.next = slices.Grow(s.prev[:0], n)[:n], slices.Grow(s.next[:0], n)[:n]
	prev, next := s.prev, s.next
	h := &s.heap
	h.rank, h.place = rank, slices.Grow(h.place[:0], n)[:n]
	for i := 1; i < n-1; i++ {
		prev[i], next[i] = int32(i-1), int32(i+1)
		rank[i] = weightedArea(xy, prev[i], int32(i), next[i])
	}
	h.build(n)
	var floor float64
	for len(h.heap) > 0 {
		i := h.pop()
		floor = math.Max(floor, rank[i])
		rank[i] = floor
		a, b := prev[i], next[i]
		if b < int32(n-1) {
			prev[b] = a
		}
		if a > 0 {
			next[a] = b
			rank[a] = math.Max(floor, weightedArea(xy, prev[a], a, next[a]))
			h.fix(a)
		}
		if b < int32(n-1) {
			rank[b] = math.Max(floor, weightedArea(xy, prev[b], b, next[b]))
			h.fix(b)
		}
	}
	for i := 1; i < n-1; i++ {
		rank[i] = math.Sqrt(rank[i]) // a length, as the tolerance is
	}
	if s.backward(arc) {
		slices.Reverse(rank)
	}
}

// rankHeap orders the positions of an arc by rank, then number.
type rankHeap struct {
	rank  []float64
	heap  []int32
	place []int32
}

func (h *rankHeap) less(i, j int32) bool {
	return h.rank[i] < h.rank[j] || h.rank[i] == h.rank[j] && i < j
}

func (h *rankHeap) build(n int) {
	h.heap = h.heap[:0]
	for i := 1; i < n-1; i++ {
		h.heap = append(h.heap, int32(i))
		h.place[i] = int32(i - 1)
	}
	for k := len(h.heap)/2 - 1; k >= 0; k-- {
		h.down(k)
	}
}

func (h *rankHeap) swap(a, b int) {
	h.heap[a], h.heap[b] = h.heap[b], h.heap[a]
	h.place[h.heap[a]], h.place[h.heap[b]] = int32(a), int32(b)
}

func (h *rankHeap) down(k int) {
	for {
		m := 2*k + 1
		if m >= len(h.heap) {
			return
		}
		if m+1 < len(h.heap) && h.less(h.heap[m+1], h.heap[m]) {
			m++
		}
		if !h.less(h.heap[m], h.heap[k]) {
			return
		}
		h.swap(k, m)
		k = m
	}
}

func (h *rankHeap) fix(i int32) {
	k := int(h.place[i])
	for k > 0 && h.less(h.heap[k], h.heap[(k-1)/2]) {
		h.swap(k, (k-1)/2)
		k = (k - 1) / 2
	}
	h.down(k)
}

func (h *rankHeap) pop() int32 {
	i := h.heap[0]
	last := len(h.heap) - 1
	h.swap(0, last)
	h.heap = h.heap[:last]
	h.down(0)
	return i
}

func (s *simplifier) rankDouglasPeucker(arc int) {
	first := int(s.c.arc[arc])
	xy := s.metres(arc)
	n := len(xy) / 2
	rank := s.rank[first : first+n]
	rank[0], rank[n-1] = math.Inf(1), math.Inf(1)
	type span struct {
		a, b int
		most float64
	}
	stack := []span{{0, n - 1, math.Inf(1)}}
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if p.b-p.a < 2 {
			continue
		}
		far, at := -1.0, 0
		for i := p.a + 1; i < p.b; i++ {
			if d := distanceToSegment(xy, i, p.a, p.b); d > far {
				far, at = d, i
			}
		}
		rank[at] = math.Min(far, p.most)
		stack = append(stack, span{p.a, at, rank[at]}, span{at, p.b, rank[at]})
	}
	if s.backward(arc) {
		slices.Reverse(rank)
	}
}

func distanceToSegment(xy []float64, i, a, b int) float64 {
	x, y := xy[2*i], xy[2*i+1]
	ax, ay := xy[2*a], xy[2*a+1]
	dx, dy := xy[2*b]-ax, xy[2*b+1]-ay
	if d := float64(dx*dx) + float64(dy*dy); d > 0 {
		t := math.Max(0, math.Min(1, (float64((x-ax)*dx)+float64((y-ay)*dy))/d))
		ax, ay = ax+float64(t*dx), ay+float64(t*dy)
	}
	return portable.Hypot(x-ax, y-ay)
}

// choose keeps the ends, the positions above the threshold, and two more of
// each arc that closes on itself.
func (s *simplifier) choose(o SimplifyOptions) {
	threshold := o.Tolerance
	if o.Keep > 0 {
		threshold = s.threshold(o.Keep)
	}
	for i, r := range s.rank {
		s.keep[i] = r > threshold
	}
	for k := range s.c.left {
		if s.c.from[k] != s.c.to[k] {
			continue
		}
		lo, hi := int(s.c.arc[k]), int(s.c.arc[k+1])
		for kept := s.inner(lo, hi); kept < 2; kept++ {
			if !s.putBack(lo, hi-1) {
				break
			}
		}
	}
}

// threshold is the rank above which a share of the positions between ends lies.
// Ranks are never negative, so their bits are in their order: the upper sixteen
// tell nearly all apart from the one that is looked for.
func (s *simplifier) threshold(share float64) float64 {
	count := make([]int, 1<<16)
	inner := 0
	for _, r := range s.rank {
		if !math.IsInf(r, 1) {
			count[math.Float64bits(r)>>48]++
			inner++
		}
	}
	cut := inner - int(math.Round(math.Min(1, share)*float64(inner)))
	switch {
	case cut <= 0:
		return math.Inf(-1)
	case cut >= inner:
		return math.MaxFloat64
	}
	at, group := cut-1, uint64(0)
	for at >= count[group] {
		at -= count[group]
		group++
	}
	near := make([]float64, 0, count[group])
	for _, r := range s.rank {
		if math.Float64bits(r)>>48 == group && !math.IsInf(r, 1) {
			near = append(near, r)
		}
	}
	slices.Sort(near)
	return near[at]
}

func (s *simplifier) inner(lo, hi int) int {
	n := 0
	for i := lo + 1; i < hi-1; i++ {
		if s.keep[i] {
			n++
		}
	}
	return n
}

// putBack keeps the most important position left out between two of an arc, of
// equal ones the first as metres has them; false if there is none.
func (s *simplifier) putBack(lo, hi int) bool {
	best := -1
	arc, _ := slices.BinarySearch(s.c.arc, int32(lo)+1)
	last := s.backward(arc - 1)
	for i := lo + 1; i < hi; i++ {
		if !s.keep[i] && (best < 0 || s.rank[i] > s.rank[best] || last && s.rank[i] == s.rank[best]) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	s.keep[best] = true
	s.back = append(s.back, int32(best))
	return true
}

// findRings lists the rings of all faces as arcs.
func (s *simplifier) findRings() {
	a := newAssembler(s.c)
	faces := int32(s.c.areas)
	if s.c.ownerPtr != nil {
		faces = int32(len(s.c.ownerPtr) - 1)
	}
	directed := make([][]int32, faces)
	for k := range s.c.left {
		l, r := s.c.left[k], s.c.right[k]
		if l == r {
			continue
		}
		if l >= 0 && s.c.owned(l) {
			directed[l] = append(directed[l], int32(2*k))
		}
		if r >= 0 && s.c.owned(r) {
			directed[r] = append(directed[r], int32(2*k+1))
		}
	}
	for _, d := range directed {
		a.walks(d, func(rings []ring) { s.rings = append(s.rings, rings...) })
	}
}

// repair looks for what simplification broke, everywhere or near what was put
// back last, and puts positions back; false if nothing had to be.
func (s *simplifier) repair(all bool) bool {
	var segments []int32 // kept lines
	var span []int32     // the positions that each segment joins
	var look []int32     // the segments to look at
	fresh := make(map[int32]bool, len(s.back))
	for _, i := range s.back {
		fresh[i] = true
	}
	s.back = s.back[:0]
	for k := range s.c.left {
		last := s.c.arc[k]
		for i := last + 1; i < s.c.arc[k+1]; i++ {
			if !s.keep[i] {
				continue
			}
			if !all && (fresh[last] || fresh[i]) {
				look = append(look, int32(len(span)/2))
			}
			segments = append(segments, s.c.xy[2*last], s.c.xy[2*last+1], s.c.xy[2*i], s.c.xy[2*i+1])
			span = append(span, last, i)
			last = i
		}
	}
	t := linework.NewTree(segments)
	bad := make([]bool, len(span)/2)
	meet := func(i, j int32) {
		if (!bad[i] || !bad[j]) && linework.Conflict(segments[4*i:4*i+4], segments[4*j:4*j+4]) {
			bad[i], bad[j] = true, true
		}
	}
	if all {
		t.Pairs(meet)
		for i := range bad {
			look = append(look, int32(i))
		}
	} else {
		for _, i := range look {
			t.Search(linework.SegmentBox(segments[4*i:]), func(j int32) bool {
				if i != j {
					meet(i, j)
				}
				return true
			})
		}
	}
	for _, i := range look {
		if !bad[i] && span[2*i+1]-span[2*i] > 1 {
			bad[i] = s.swallows(t, span[2*i], span[2*i+1])
		}
	}
	again := false
	for i, b := range bad {
		if b && s.putBack(int(span[2*i]), int(span[2*i+1])) {
			again = true
		}
	}
	for _, r := range s.rings {
		if area := s.doubleArea(r); (area > 0) == (r.area > 0) && area != 0 {
			continue
		}
		for _, d := range r.arcs {
			if s.putBack(int(s.c.arc[d>>1]), int(s.c.arc[d>>1+1])-1) {
				again = true
			}
		}
	}
	return again
}

// swallows says whether a kept position lies between the line from position a
// to position b of an arc and the segment that stands for it.
func (s *simplifier) swallows(t *linework.Tree, a, b int32) bool {
	line := s.c.xy[2*a : 2*b+2]
	around := linework.EmptyBox
	around.Add(line)
	found := false
	t.Search(around, func(k int32) bool {
		for e := range 2 {
			x, y := t.Segments[4*int(k)+2*e], t.Segments[4*int(k)+2*e+1]
			if x >= around.MinX && x <= around.MaxX && y >= around.MinY && y <= around.MaxY && within(line, x, y) {
				found = true
				return false
			}
		}
		return true
	})
	return found
}

// within says whether a position lies inside a line that is closed by a
// segment from its end to its start; on it counts as outside.
func within(line []int32, x, y int32) bool {
	inside := false
	n := len(line)
	x1, y1 := line[n-2], line[n-1]
	for i := 0; i < n; i += 2 {
		x2, y2 := line[i], line[i+1]
		s := linework.Orient(x1, y1, x2, y2, x, y)
		if s == 0 && min(x1, x2) <= x && x <= max(x1, x2) && min(y1, y2) <= y && y <= max(y1, y2) {
			return false
		}
		if (y1 > y) != (y2 > y) && (s > 0) == (y2 > y1) {
			inside = !inside
		}
		x1, y1 = x2, y2
	}
	return inside
}

func (s *simplifier) doubleArea(r ring) int64 {
	var sum int64
	for _, d := range r.arcs {
		var part int64
		lo, hi := s.c.arc[d>>1], s.c.arc[d>>1+1]
		last := lo
		for i := lo + 1; i < hi; i++ {
			if s.keep[i] {
				part += int64(s.c.xy[2*last])*int64(s.c.xy[2*i+1]) - int64(s.c.xy[2*i])*int64(s.c.xy[2*last+1])
				last = i
			}
		}
		if d&1 == 1 {
			part = -part
		}
		sum += part
	}
	return sum
}

func (s *simplifier) result() *Coverage {
	c := &Coverage{
		areas: s.c.areas, left: s.c.left, right: s.c.right, from: s.c.from, to: s.c.to,
		nodes: s.c.nodes, ownerPtr: s.c.ownerPtr, owners: s.c.owners, Collapsed: s.c.Collapsed,
	}
	kept := 0
	for _, k := range s.keep {
		if k {
			kept++
		}
	}
	c.xy, c.arc = make([]int32, 0, 2*kept), append(make([]int32, 0, len(s.c.arc)), 0)
	for k := range s.c.left {
		for i := s.c.arc[k]; i < s.c.arc[k+1]; i++ {
			if s.keep[i] {
				c.xy = append(c.xy, s.c.xy[2*i], s.c.xy[2*i+1])
			}
		}
		c.arc = append(c.arc, int32(len(c.xy)/2))
	}
	return c
}

// RingPositions is how many positions the rings of all areas have, closing
// ones included.
func (c *Coverage) RingPositions() int {
	n := 0
	var lb, rb [1]int32
	for k := range c.left {
		if c.left[k] != c.right[k] {
			sides := len(c.ownersOf(c.left[k], &lb)) + len(c.ownersOf(c.right[k], &rb))
			n += sides * int(c.arc[k+1]-c.arc[k]-1)
		}
	}
	s := &simplifier{c: c}
	s.findRings()
	return n + len(s.rings)
}
