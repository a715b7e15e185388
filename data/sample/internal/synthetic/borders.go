package synthetic

import (
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

// inner draws the borders between cells of different areas.
func (c *country) inner(rng *rand.Rand) []piece {
	l := c.ground
	type link struct{ from, to, left, right int }
	var links []link
	at := map[int][]int{} // corner → neighbouring corners along borders
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
	place := map[int]point{}
	for v := range at {
		place[v] = l.corner(v)
	}
	for range 2 { // smooth away the honeycomb
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
	// Roughen: corners are moved, and each border gets a bend. What crosses
	// another border is roughened half as much, until nothing crosses.
	type rough struct {
		by    point
		share int64 // thousandths of by that are used
	}
	moved := map[int]*rough{}
	bends := make([]rough, len(links))
	for k, link := range links {
		for _, v := range []int{link.from, link.to} {
			if moved[v] == nil {
				moved[v] = &rough{point{int64(rng.IntN(601)) - 300, int64(rng.IntN(361)) - 180}, 1000}
			}
		}
		bends[k] = rough{point{int64(rng.IntN(361)) - 180, 0}, 1000} // thousandths of the length, sideways
	}
	corner := func(v int) point {
		p, r := place[v], moved[v]
		return point{p.x + r.by.x*r.share/1000, p.y + r.by.y*r.share/1000}
	}
	out := make([]piece, 0, 2*len(links))
	for range 12 {
		out = out[:0]
		all := newSegments()
		clean := true
		for k, link := range links {
			a, b := corner(link.from), corner(link.to)
			off := bends[k].by.x * bends[k].share / 1000
			dx, dy := b.x-a.x, b.y-a.y
			mid := point{(a.x+b.x)/2 - dy*off*5/3/1000, (a.y+b.y)/2 + dx*off*3/5/1000}
			for _, p := range []piece{{a, mid, link.left, link.right}, {mid, b, link.left, link.right}} {
				for _, id := range all.near(p.a, p.b) {
					if !meet(p.a, p.b, all.ends[id][0], all.ends[id][1]) {
						continue
					}
					clean = false
					for _, n := range []int{k, int(id) / 2} {
						bends[n].share /= 2
						moved[links[n].from].share /= 2
						moved[links[n].to].share /= 2
					}
				}
				all.add(p.a, p.b)
				out = append(out, p)
			}
		}
		if clean {
			break
		}
	}
	return out
}

// cut puts the coast and what of the inner borders lies inside it into the
// mesh, with a vertex wherever they cross.
func (c *country) cut(m *mesh, inner []piece) {
	type stop struct {
		along float64
		at    point
	}
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
		slices.SortStableFunc(stops, func(x, y stop) int {
			if x.along < y.along {
				return -1
			} else if x.along > y.along {
				return 1
			}
			return 0
		})
		for k := range len(stops) - 1 {
			m.add(stops[k].at, stops[k+1].at, unknown, sea)
		}
	}
	inside := newLocator(mainland)
	for i, p := range inner {
		stops := append(cuts[i], stop{-1, p.a}, stop{math.Inf(1), p.b})
		slices.SortStableFunc(stops, func(x, y stop) int {
			if x.along < y.along {
				return -1
			} else if x.along > y.along {
				return 1
			}
			return 0
		})
		for k := range len(stops) - 1 {
			a, b := stops[k].at, stops[k+1].at
			if inside.contains(point{(a.x + b.x) / 2, (a.y + b.y) / 2}) {
				m.add(a, b, p.left, p.right)
			}
		}
	}
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
		moved := false
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
			if best < 0 {
				return nil, fmt.Errorf("a piece of area %d has no neighbour", cy.left)
			}
			for _, s := range cy.sides {
				m.sides[s].left = best
			}
			moved = true
			break // borders have changed: look again
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
