package synthetic

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// side is one side of a piece of border: the half-edge from one vertex to
// another with an area on its left. Sides 2k and 2k+1 are the two of a piece.
type side struct {
	from, to int32
	left     int // area, or sea or unknown
}

const (
	sea     = -1
	unknown = -2
)

// mesh is the map as vertices and sides.
type mesh struct {
	at    []point
	index map[point]int32
	sides []side
}

func (m *mesh) vertex(p point) int32 {
	if v, ok := m.index[p]; ok {
		return v
	}
	v := int32(len(m.at))
	m.at = append(m.at, p)
	m.index[p] = v
	return v
}

func (m *mesh) add(a, b point, left, right int) {
	v, w := m.vertex(a), m.vertex(b)
	if v != w {
		m.sides = append(m.sides, side{v, w, left}, side{w, v, right})
	}
}

// borders draws the areas' polygons:
//
//  1. the borders between cells of different areas, smoothed and roughened, each
//     drawn once for both neighbours;
//  2. cut where they cross the coast, and the coast with them;
//  3. traced into rings; what the coast cuts off an area goes to the neighbour
//     with the longest border, until each area is in one piece;
//  4. islands that are part of an area are added to it.
func (c *country) borders() error {
	var cycles []cycle
	var err error
	for attempt := range uint64(5) {
		// A corner that falls on the coast to the metre leaves no clean cut.
		m := &mesh{index: map[point]int32{}}
		c.cut(m, c.inner(stream(c.seed, 90+attempt)))
		if cycles, err = m.tidy(); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	if err := c.takePolygons(cycles); err != nil {
		return err
	}
	for i, s := range islands {
		if s.people == 0 {
			a := &c.areas[c.nearestArea(s.centre)]
			a.polygons = append(a.polygons, []ring{c.coast[2+i].canonical()})
		}
	}
	for i := range c.areas {
		a := &c.areas[i]
		if len(a.polygons) == 0 {
			return fmt.Errorf("area %d has no polygon", i)
		}
		a.polygons[0][0] = a.polygons[0][0].canonical()
		c.placeLabel(a)
	}
	return nil
}

// takePolygons gives the areas their rings: outer ones first, then the holes.
func (c *country) takePolygons(cycles []cycle) error {
	for _, cy := range cycles {
		if cy.left >= 0 && cy.ring.doubleArea() > 0 {
			c.areas[cy.left].polygons = append(c.areas[cy.left].polygons, []ring{cy.ring.canonical()})
		}
	}
	for _, cy := range cycles {
		if cy.left < 0 || cy.ring.doubleArea() > 0 {
			continue
		}
		found := false
		for i, polygon := range c.areas[cy.left].polygons {
			if polygon[0].contains(cy.ring[0]) {
				c.areas[cy.left].polygons[i] = append(polygon, cy.ring.canonical())
				found = true
				break
			}
		}
		if !found {
			return fmt.Errorf("a hole of area %d lies in none of its polygons", cy.left)
		}
	}
	return nil
}

// canonical starts a ring at its most south-westerly vertex.
func (r ring) canonical() ring {
	first := 0
	for i, p := range r {
		if p.x < r[first].x || p.x == r[first].x && p.y < r[first].y {
			first = i
		}
	}
	return append(slices.Clone(r[first:]), r[:first]...)
}

// piece is a line between two areas' cells, before the coast cuts it.
type piece struct {
	a, b        point
	left, right int
}

// link is an edge of the honeycomb between cells of two areas, by its corners.
type link struct{ from, to, left, right int }

// inner draws the borders between cells of different areas.
func (c *country) inner(rng *rand.Rand) []piece {
	links, at := c.links()
	return roughenLinks(links, c.smooth(at), rng)
}

// links are the edges between cells of different areas; at gives the neighbouring
// corners of each corner along them.
func (c *country) links() (links []link, at map[int][]int) {
	l := c.ground
	at = map[int][]int{}
	for i, o := range c.owner {
		if o < 0 {
			continue
		}
		for d := range 3 {
			k := l.neighbour(i, d)
			if k < 0 || c.owner[k] < 0 || c.owner[k] == o {
				continue
			}
			from, to := l.edge(i, d)
			links = append(links, link{from, to, o, c.owner[k]})
			at[from] = append(at[from], to)
			at[to] = append(at[to], from)
		}
	}
	return links, at
}

// smooth moves the corners so that the honeycomb does not show.
func (c *country) smooth(at map[int][]int) map[int]point {
	place := map[int]point{}
	for v := range at {
		place[v] = c.ground.corner(v)
	}
	for range 2 {
		next := make(map[int]point, len(place))
		for v, ns := range at {
			p := place[v]
			if len(ns) == 2 {
				q, r := place[ns[0]], place[ns[1]]
				p = point{(2*p.x + q.x + r.x) / 4, (2*p.y + q.y + r.y) / 4}
			}
			next[v] = p
		}
		place = next
	}
	return place
}

// rough is a move of a corner, or the bend of a border.
type rough struct {
	by    point
	share int64 // thousandths of by that are used
}

// rougher moves corners, and gives each border a bend.
type rougher struct {
	links []link
	place map[int]point
	moved map[int]*rough
	bends []rough // in thousandths of the length, sideways
}

// roughenLinks draws the links, roughened. What crosses another border is
// roughened half as much, until nothing crosses.
func roughenLinks(links []link, place map[int]point, rng *rand.Rand) []piece {
	r := &rougher{links, place, map[int]*rough{}, make([]rough, len(links))}
	for k, link := range links {
		for _, v := range []int{link.from, link.to} {
			if r.moved[v] == nil {
				r.moved[v] = &rough{point{int64(rng.IntN(601)) - 300, int64(rng.IntN(361)) - 180}, 1000}
			}
		}
		r.bends[k] = rough{point{int64(rng.IntN(361)) - 180, 0}, 1000}
	}
	var out []piece
	for range 12 {
		var clean bool
		if out, clean = r.draw(); clean {
			break
		}
	}
	return out
}

func (r *rougher) corner(v int) point {
	p, m := r.place[v], r.moved[v]
	return point{p.x + m.by.x*m.share/1000, p.y + m.by.y*m.share/1000}
}

// draw gives two pieces a link; clean is false where some cross, which are then
// to be drawn again.
func (r *rougher) draw() (out []piece, clean bool) {
	out = make([]piece, 0, 2*len(r.links))
	all := newSegments()
	clean = true
	for k, link := range r.links {
		a, b := r.corner(link.from), r.corner(link.to)
		off := r.bends[k].by.x * r.bends[k].share / 1000
		dx, dy := b.x-a.x, b.y-a.y
		mid := point{(a.x+b.x)/2 - dy*off*5/3/1000, (a.y+b.y)/2 + dx*off*3/5/1000}
		for _, p := range []piece{{a, mid, link.left, link.right}, {mid, b, link.left, link.right}} {
			for _, id := range all.near(p.a, p.b) {
				if meet(p.a, p.b, all.ends[id][0], all.ends[id][1]) {
					clean = false
					r.halve(k, int(id)/2)
				}
			}
			all.add(p.a, p.b)
			out = append(out, p)
		}
	}
	return out, clean
}

// halve makes links and their corners half as rough.
func (r *rougher) halve(links ...int) {
	for _, n := range links {
		r.bends[n].share /= 2
		r.moved[r.links[n].from].share /= 2
		r.moved[r.links[n].to].share /= 2
	}
}

// cut puts the coast and what of the inner borders lies inside it into the
// mesh, with a vertex wherever they cross.
func (c *country) cut(m *mesh, inner []piece) {
	mainland := c.coast[0]
	lines := newSegments()
	for _, p := range inner {
		lines.add(p.a, p.b)
	}
	cuts := make([][]stop, len(inner))
	for i, a := range mainland {
		b := mainland[(i+1)%len(mainland)]
		stops := []stop{{0, a}}
		for _, id := range lines.near(a, b) {
			if p, ok := crossing(a, b, inner[id].a, inner[id].b); ok {
				stops = append(stops, stop{distance(a, p), p})
				cuts[id] = append(cuts[id], stop{distance(inner[id].a, p), p})
			}
		}
		stops = append(stops, stop{math.Inf(1), b})
		inOrder(stops)
		for k := range len(stops) - 1 {
			m.add(stops[k].at, stops[k+1].at, unknown, sea)
		}
	}
	inside := newLocator(mainland)
	for i, p := range inner {
		stops := append(cuts[i], stop{-1, p.a}, stop{math.Inf(1), p.b})
		inOrder(stops)
		for k := range len(stops) - 1 {
			a, b := stops[k].at, stops[k+1].at
			if inside.contains(point{(a.x + b.x) / 2, (a.y + b.y) / 2}) {
				m.add(a, b, p.left, p.right)
			}
		}
	}
}

// stop is where a line is cut, and how far along it that is.
type stop struct {
	along float64
	at    point
}

func inOrder(stops []stop) {
	slices.SortStableFunc(stops, func(x, y stop) int { return cmp.Compare(x.along, y.along) })
}

// cycle is a ring of sides with one area on the left.
type cycle struct {
	ring  ring
	sides []int32
	left  int
}

// trace follows the sides round: at each vertex the next side is the first one
// clockwise from where it came.
func (m *mesh) trace() ([]cycle, error) {
	out := make([][]int32, len(m.at))
	for i, s := range m.sides {
		out[s.from] = append(out[s.from], int32(i))
	}
	place := make([]int, len(m.sides)) // of each side among those that leave its vertex
	for v := range out {
		o := m.at[v]
		slices.SortFunc(out[v], func(i, j int32) int { return turn(o, m.at[m.sides[i].to], m.at[m.sides[j].to]) })
		for k, i := range out[v] {
			place[i] = k
		}
	}
	seen := make([]bool, len(m.sides))
	var cycles []cycle
	for start := range m.sides {
		if seen[start] {
			continue
		}
		cy := cycle{left: unknown}
		for i := int32(start); !seen[i]; {
			seen[i] = true
			s := m.sides[i]
			cy.ring = append(cy.ring, m.at[s.from])
			cy.sides = append(cy.sides, i)
			if s.left != unknown {
				if cy.left != unknown && cy.left != s.left {
					p := m.at[s.from]
					return nil, fmt.Errorf("areas %d and %d on one side of the border at %d, %d", cy.left, s.left, p.x, p.y)
				}
				cy.left = s.left
			}
			around := out[s.to]
			i = around[(place[i^1]+len(around)-1)%len(around)]
		}
		cycles = append(cycles, cy)
	}
	return cycles, nil
}

// turn orders directions from o counter-clockwise, beginning in the east.
func turn(o, p, q point) int {
	half := func(p point) int {
		if p.y > o.y || p.y == o.y && p.x > o.x {
			return 0
		}
		return 1
	}
	if d := half(p) - half(q); d != 0 {
		return d
	}
	return -sign(cross(o, p, q))
}

// tidy traces the mesh and hands pieces that the coast cut off their area to
// the neighbour with the longest border, until there are none.
func (m *mesh) tidy() ([]cycle, error) {
	for {
		cycles, err := m.trace()
		if err != nil {
			return nil, err
		}
		largest := map[int]int{}
		for i, cy := range cycles {
			size := cy.ring.doubleArea()
			if cy.left < 0 || size <= 0 {
				continue
			}
			if k, ok := largest[cy.left]; !ok || size > cycles[k].ring.doubleArea() {
				largest[cy.left] = i
			}
		}
		moved, err := m.handOver(cycles, largest)
		if err != nil {
			return nil, err
		}
		if !moved {
			return cycles, nil
		}
		kept := m.sides[:0]
		for i := 0; i < len(m.sides); i += 2 {
			if m.sides[i].left != m.sides[i+1].left {
				kept = append(kept, m.sides[i], m.sides[i+1])
			}
		}
		m.sides = kept
	}
}

// handOver gives the first piece that is not its area's largest to the neighbour
// with the longest border; moved is false where there is none. Borders have
// changed then, so that the others must be looked at again.
func (m *mesh) handOver(cycles []cycle, largest map[int]int) (moved bool, err error) {
	for i, cy := range cycles {
		if cy.left < 0 || cy.ring.doubleArea() <= 0 {
			continue
		}
		for _, s := range cy.sides {
			m.sides[s].left = cy.left // the coast learns whose it is
		}
		if largest[cy.left] == i {
			continue
		}
		best := m.longestBorder(cy)
		if best < 0 {
			return false, fmt.Errorf("a piece of area %d has no neighbour", cy.left)
		}
		for _, s := range cy.sides {
			m.sides[s].left = best
		}
		return true, nil
	}
	return false, nil
}

// longestBorder is the area that shares most of a piece's border, -1 for none.
func (m *mesh) longestBorder(cy cycle) int {
	border := map[int]float64{}
	best := -1
	for _, s := range cy.sides {
		if other := m.sides[s^1].left; other >= 0 {
			border[other] += distance(m.at[m.sides[s].from], m.at[m.sides[s].to])
		}
	}
	for _, s := range cy.sides {
		if other := m.sides[s^1].left; other >= 0 && (best < 0 || border[other] > border[best]) {
			best = other
		}
	}
	return best
}

// placeLabel finds a point inside the area, near where its people live.
func (c *country) placeLabel(a *area) {
	l := c.ground
	inside := func(p point) bool {
		for _, polygon := range a.polygons {
			if !polygon[0].contains(p) {
				continue
			}
			for _, hole := range polygon[1:] {
				if hole.contains(p) {
					return false
				}
			}
			return true
		}
		return false
	}
	a.label = a.heart
	if inside(a.heart) {
		return
	}
	least := math.Inf(1)
	for _, i := range a.cells {
		if p := l.centre(i); inside(p) && distance(p, a.heart) < least {
			a.label, least = p, distance(p, a.heart)
		}
	}
}
