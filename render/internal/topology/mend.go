package topology

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
	"stpmap/render/internal/linework"
)

// MendOptions says what to do about borders that do not match.
type MendOptions struct {
	Snap  float64 // metres; 0 is none
	Clean bool
}

// Mismatch is a gap between areas, or land of several areas.
type Mismatch struct {
	Overlap  bool
	Areas    []int32 // around a gap, or overlapping; rising
	Polygons orb.MultiPolygon
	LengthM  float64
	Closed   bool
	// Share is the largest share of one of the overlapping areas that the
	// overlap takes; 0 for a gap.
	Share float64
	// Width is the mean width in metres.
	Width float64
}

// A gap is distinguished from land or water that no area holds by being
// narrow, or small and drawn-out beside the areas around it.
const (
	sliverWidth       = 100.0 // metres
	sliverCompactness = 0.3
	sliverShare       = 1e-3
)

// Mend finds where borders do not match: edges of two areas cross, or run
// beside each other. It gives a coverage whose polygons are valid in any case;
// with Clean, gaps are filled and overlaps given to one area.
func (c *Coverage) Mend(ctx context.Context, o MendOptions) (*Coverage, []Mismatch, error) {
	if o.Snap == 0 {
		sound := len(c.crowded) == 0 && c.sound()
		if sound && !c.hasSlivers() {
			return c, nil, nil
		}
	}
	sides := c.sides()
	if o.Snap > 0 {
		sides = linework.Snap(sides, o.Snap)
	}
	sides, err := linework.Node(ctx, sides)
	if err != nil {
		return nil, nil, err
	}
	m := &mender{p: linework.NewPlane(sides), collapsed: c.Collapsed}
	m.c = coverageOf(m.p, c.areas)
	m.measure()
	found := m.mismatches(o.Clean)
	if o.Clean || !slices.ContainsFunc(found, func(f Mismatch) bool { return f.Overlap }) {
		out, err := m.settled(ctx, o.Clean)
		return out, found, err
	}
	m.c.Collapsed = c.Collapsed
	return m.c, found, nil
}

// unmatched lists the segments of arcs with an area on one side only, with
// that area on the left, and the first segment of each such arc.
func (c *Coverage) unmatched() (segments, first []int32) {
	for k := range c.left {
		l := c.line(k)
		left, right := c.left[k] >= 0, c.right[k] >= 0
		if left != right {
			first = append(first, int32(len(segments)/4))
		}
		switch {
		case left && !right:
			for i := 2; i < len(l); i += 2 {
				segments = append(segments, l[i-2:i+2]...)
			}
		case right && !left:
			for i := len(l) - 2; i > 0; i -= 2 {
				segments = append(segments, l[i], l[i+1], l[i-2], l[i-1])
			}
		}
	}
	return segments, first
}

// sound says whether no two polygons overlap: unmatched edges have ends in
// common at most, and outside each of them lies no area.
func (c *Coverage) sound() bool {
	segments, first := c.unmatched()
	t := linework.NewTree(segments)
	ok := true
	t.Pairs(func(i, j int32) {
		ok = ok && !linework.Conflict(segments[4*i:4*i+4], segments[4*j:4*j+4])
	})
	return ok && !slices.ContainsFunc(first, func(i int32) bool { return coveredRight(t, i) != 0 })
}

// coveredRight is how many areas lie just to the right of an unmatched edge.
// It counts, by direction, the edges that a ray to the east from the edge's
// middle crosses; a ray through an end passes just above it.
func coveredRight(t *linework.Tree, i int32) int {
	s := t.Segments[4*i : 4*i+4]
	px, py := int64(s[0])+int64(s[2]), int64(s[1])+int64(s[3]) // doubled
	east := 0
	ray := linework.Box{MinX: int32(px >> 1), MinY: int32(py >> 1), MaxX: math.MaxInt32, MaxY: int32((py + 1) >> 1)}
	t.Search(ray, func(j int32) bool {
		if i == j {
			return true
		}
		u := t.Segments[4*j : 4*j+4]
		x1, y1, x2, y2 := 2*int64(u[0]), 2*int64(u[1]), 2*int64(u[2]), 2*int64(u[3])
		if (y1 > py) == (y2 > py) {
			return true
		}
		side := (x2-x1)*(py-y1) - (y2-y1)*(px-x1)
		switch {
		case y2 > y1 && side > 0:
			east++
		case y2 < y1 && side < 0:
			east--
		}
		return true
	})
	// To the east of an edge that runs down, and above one that runs east, lies
	// the area itself.
	if s[3] < s[1] || s[3] == s[1] && s[2] > s[0] {
		return east - 1
	}
	return east
}

// hasSlivers says whether there is a gap in a sound coverage.
func (c *Coverage) hasSlivers() bool {
	var arcs []int32 // with the outside on their left
	for k := range c.left {
		switch {
		case c.left[k] < 0 && c.right[k] >= 0:
			arcs = append(arcs, int32(2*k))
		case c.left[k] >= 0 && c.right[k] < 0:
			arcs = append(arcs, int32(2*k+1))
		}
	}
	type hole struct {
		areas        []int32 // around it
		size, length float64
	}
	var holes []hole
	around := make([]bool, c.areas) // areas around any hole
	newAssembler(c).walks(arcs, func(rings []ring) {
		for _, r := range rings {
			if r.area <= 0 {
				continue
			}
			h := hole{size: squareMetres(r.area, r.box)}
			for _, d := range r.arcs {
				h.areas = append(h.areas, max(c.left[d>>1], c.right[d>>1]))
				h.length += c.length(int(d >> 1))
			}
			if slices.Min(h.areas) == slices.Max(h.areas) {
				continue // a hole of one area is meant
			}
			for _, a := range h.areas {
				around[a] = true
			}
			holes = append(holes, h)
		}
	})
	if len(holes) == 0 {
		return false
	}
	sizes := c.areaSizes(around)
	return slices.ContainsFunc(holes, func(h hole) bool {
		least := math.Inf(1)
		for _, a := range h.areas {
			least = math.Min(least, sizes[a])
		}
		return isSliver(h.size, h.length, least)
	})
}

// squareMetres is a doubled area in square millionths of a degree at a place.
func squareMetres(doubled int64, at linework.Box) float64 {
	lat := (float64(at.MinY) + float64(at.MaxY)) / 2e6 * math.Pi / 180
	return math.Abs(float64(doubled)) / 2 * 1e-12 * linework.MetresPerDegree * linework.MetresPerDegree * portable.Cos(lat)
}

func isSliver(area, length, smallestAround float64) bool {
	if length == 0 {
		return true
	}
	width := 2 * area / length
	compact := 4 * math.Pi * area / (length * length)
	return width < sliverWidth || compact < sliverCompactness && area < sliverShare*smallestAround
}

// areaSizes is the size of areas in square metres, near enough: of those that
// are wanted, or of all for nil.
func (c *Coverage) areaSizes(wanted []bool) []float64 {
	out := make([]float64, c.areas)
	var lb, rb [1]int32
	want := func(a int32) bool { return wanted[a] }
	for k := range c.left {
		if wanted != nil && !slices.ContainsFunc(c.ownersOf(c.left[k], &lb), want) &&
			!slices.ContainsFunc(c.ownersOf(c.right[k], &rb), want) {
			continue
		}
		l := c.line(k)
		var s float64
		for i := 2; i < len(l); i += 2 {
			lat := (float64(l[i-1]) + float64(l[i+1])) / 2
			s -= float64((float64(l[i]) - float64(l[i-2])) * portable.Sin(lat*1e-6*math.Pi/180))
		}
		s = float64(s * (1e-6 * linework.MetresPerDegree * linework.MetresPerDegree * 180 / math.Pi))
		for _, a := range c.ownersOf(c.left[k], &lb) {
			out[a] += s
		}
		for _, a := range c.ownersOf(c.right[k], &rb) {
			out[a] -= s
		}
	}
	for a := range out {
		out[a] = math.Abs(out[a])
	}
	return out
}

// mender works on the faces of noded borders.
type mender struct {
	p         *linework.Plane
	c         *Coverage // with the plane's faces
	collapsed int

	around  []linework.Box // of each face
	length  []float64
	arcs    [][]int32 // directed, around each face that may be a mismatch
	arcLen  []float64
	sizes   []float64 // of areas
	suspect []bool    // faces that are gaps or overlaps
}

func (m *mender) ownersOf(face int32) []int32 {
	return m.c.owners[m.c.ownerPtr[face]:m.c.ownerPtr[face+1]]
}

func (m *mender) measure() {
	n := len(m.p.Winding)
	m.around, m.length, m.arcs = make([]linework.Box, n), make([]float64, n), make([][]int32, n)
	for f := range m.around {
		m.around[f] = linework.EmptyBox
	}
	m.arcLen = make([]float64, m.c.Arcs())
	b := linework.EmptyBox
	for k := range m.arcLen {
		m.arcLen[k] = m.c.length(k)
		b = linework.EmptyBox
		b.Add(m.c.line(k))
		for side, f := range [2]int32{m.c.left[k], m.c.right[k]} {
			m.around[f].Join(b)
			m.length[f] += m.arcLen[k]
			m.arcs[f] = append(m.arcs[f], int32(2*k+side))
		}
	}
	m.sizes = m.c.areaSizes(nil)
	m.suspect = make([]bool, n)
	for f := int32(1); f < int32(n); f++ {
		switch owners := m.ownersOf(f); len(owners) {
		case 0:
			near := m.neighbours(f)
			least := math.Inf(1)
			for _, a := range near {
				least = math.Min(least, m.sizes[a])
			}
			m.suspect[f] = len(near) > 1 && isSliver(m.size(f), m.length[f], least)
		case 1:
		default:
			m.suspect[f] = true
		}
	}
}

func (m *mender) size(face int32) float64 { return squareMetres(m.p.Area[face], m.around[face]) }

// neighbours lists the areas that touch a face along a line, rising.
func (m *mender) neighbours(face int32) []int32 {
	var out []int32
	for _, d := range m.arcs[face] {
		out = append(out, m.ownersOf(m.other(d))...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// other is the face on the right of a directed arc.
func (m *mender) other(d int32) int32 {
	if d&1 == 0 {
		return m.c.right[d>>1]
	}
	return m.c.left[d>>1]
}

func (m *mender) mismatches(closed bool) []Mismatch {
	var out []Mismatch
	a := newAssembler(m.c)
	for f := range int32(len(m.suspect)) {
		if !m.suspect[f] {
			continue
		}
		x := Mismatch{Overlap: true, Areas: slices.Clone(m.ownersOf(f)), LengthM: m.length[f], Closed: closed}
		size := m.size(f)
		if len(x.Areas) == 0 {
			x.Overlap = false
			x.Areas = m.neighbours(f)
		} else {
			for _, area := range x.Areas {
				x.Share = math.Max(x.Share, size/math.Max(size, m.sizes[area]))
			}
		}
		if x.LengthM > 0 {
			x.Width = 2 * size / x.LengthM
		}
		x.Polygons = a.polygons(m.arcs[f])
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(x, y Mismatch) int {
		if c := slices.Compare(x.Areas, y.Areas); c != 0 {
			return c
		}
		return cmp.Compare(x.Polygons[0][0][0][0], y.Polygons[0][0][0][0])
	})
	return out
}

// settled gives each face to one area at most and builds the arcs anew. With
// clean, gaps and overlaps go to the area they share most border with.
func (m *mender) settled(ctx context.Context, clean bool) (*Coverage, error) {
	owner := make([]int32, len(m.suspect))
	const undecided = int32(-2)
	for f := range owner {
		owner[f] = Outside
		owners := m.ownersOf(int32(f))
		switch {
		case clean && m.suspect[f]:
			owner[f] = undecided
			// What is most of an area stays its own.
			for _, a := range owners {
				if m.size(int32(f)) > m.sizes[a]/2 && (owner[f] < 0 || m.sizes[a] < m.sizes[owner[f]]) {
					owner[f] = a
				}
			}
		case len(owners) > 0:
			owner[f] = owners[0]
		}
	}
	for more := clean; more; {
		more = false
		decided := slices.Clone(owner)
		for f := range owner {
			if owner[f] != undecided {
				continue
			}
			if a := m.longest(int32(f), owner, m.ownersOf(int32(f))); a >= 0 {
				decided[f], more = a, true
			}
		}
		owner = decided
	}
	for f := range owner {
		if owner[f] == undecided {
			owner[f] = Outside
			if o := m.ownersOf(int32(f)); len(o) > 0 {
				owner[f] = o[0]
			}
		}
	}
	if clean {
		m.dropCrumbs(owner)
	}
	return m.rebuild(ctx, owner)
}

// longest is the area that a face shares most border with, of the given ones,
// or of all if there are none; −1 if it borders on none.
func (m *mender) longest(face int32, owner, of []int32) int32 {
	type share struct {
		area   int32
		metres float64
	}
	var shares []share
	for _, d := range m.arcs[face] {
		a := owner[m.other(d)]
		if a < 0 || len(of) > 0 && !slices.Contains(of, a) {
			continue
		}
		i := slices.IndexFunc(shares, func(s share) bool { return s.area == a })
		if i < 0 {
			shares = append(shares, share{area: a})
			i = len(shares) - 1
		}
		shares[i].metres += m.arcLen[d>>1]
	}
	best := share{area: -1}
	for _, s := range shares {
		if best.area < 0 || s.metres > best.metres || s.metres == best.metres && s.area < best.area {
			best = s
		}
	}
	return best.area
}

// dropCrumbs gives bits that mismatches cut off from their area to the one
// around them.
func (m *mender) dropCrumbs(owner []int32) {
	n := len(owner)
	part := make([]int32, n)
	for f := range part {
		part[f] = int32(f)
	}
	find := func(f int32) int32 {
		for part[f] != f {
			part[f] = part[part[f]]
			f = part[f]
		}
		return f
	}
	for k := range m.c.left {
		l, r := find(m.c.left[k]), find(m.c.right[k])
		if l != r && owner[l] == owner[r] {
			part[max(l, r)] = min(l, r)
		}
	}
	type whole struct {
		size, length float64
		suspect      bool
		shares       map[int32]float64
	}
	parts := make(map[int32]*whole)
	of := func(f int32) *whole {
		r := find(f)
		w := parts[r]
		if w == nil {
			w = &whole{shares: map[int32]float64{}}
			parts[r] = w
		}
		return w
	}
	for f := range int32(n) {
		if owner[f] >= 0 {
			w := of(f)
			w.size += m.size(f)
			w.suspect = w.suspect || m.suspect[f]
		}
	}
	for k := range m.c.left {
		l, r := m.c.left[k], m.c.right[k]
		if find(l) == find(r) {
			continue
		}
		for _, pair := range [2][2]int32{{l, r}, {r, l}} {
			if a := owner[pair[0]]; a >= 0 {
				w := of(pair[0])
				w.length += m.arcLen[k]
				w.suspect = w.suspect || m.suspect[pair[1]]
				if b := owner[pair[1]]; b >= 0 {
					w.shares[b] += m.arcLen[k]
				}
			}
		}
	}
	to := make(map[int32]int32)
	for r, w := range parts {
		if !w.suspect || len(w.shares) == 0 || w.size > sliverShare*m.sizes[owner[r]] || !isSliver(w.size, w.length, 0) {
			continue
		}
		best, metres := int32(-1), 0.0
		for a, l := range w.shares {
			if l > metres || l == metres && (best < 0 || a < best) {
				best, metres = a, l
			}
		}
		to[r] = best
	}
	for f := range owner {
		if a, ok := to[find(int32(f))]; ok && owner[f] >= 0 {
			owner[f] = a
		}
	}
}

// rebuild makes a coverage of the faces' owners.
func (m *mender) rebuild(ctx context.Context, owner []int32) (*Coverage, error) {
	directed := make([][]int32, m.c.areas)
	for k := range m.c.left {
		l, r := owner[m.c.left[k]], owner[m.c.right[k]]
		if l == r {
			continue
		}
		if l >= 0 {
			directed[l] = append(directed[l], int32(2*k))
		}
		if r >= 0 {
			directed[r] = append(directed[r], int32(2*k+1))
		}
	}
	var rings Rings
	rings.Start()
	a := newAssembler(m.c)
	for _, d := range directed {
		for _, p := range a.assemble(d) {
			rings.XY = a.appendRing(rings.XY, p.shell)
			rings.EndRing()
			for _, h := range p.holes {
				rings.XY = a.appendRing(rings.XY, h)
				rings.EndRing()
			}
			rings.EndPolygon()
		}
		rings.EndArea()
	}
	out, err := Build(ctx, &rings, nil)
	if err == nil {
		out.Collapsed += m.collapsed
	}
	return out, err
}
