package synthetic

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Sizes of the sample.
const (
	systemCount   = 37
	areaCount     = 200
	enclaveCount  = 5
	acuteCount    = 131
	specialists   = 9
	totalPeople   = 55_000_000
	leastPeople   = 60_000
	mostPeople    = 900_000
	enclaveInland = 7 // cells between an enclave's centre and its host's border
)

// area is a commissioner's territory.
type area struct {
	code, name string
	place      string // the invented name in its own name
	system     int
	people     int
	cells      []int // of its territory on the mainland
	heart      point // where its people live, on average
	label      point // inside, near the heart
	reach      float64
	host       int // the area it is wholly inside, or -1
	polygons   [][]ring
}

// system is a planted health system.
type system struct {
	code, name string
	failing    bool
	people     int
}

// country is the whole of Synthetic England.
type country struct {
	seed      uint64
	ground    *lattice
	coast     []ring // mainland, then islands
	people    []float64
	areas     []area
	systems   []system
	providers []provider
	flows     []flowCell
	owner     []int // area of each cell, -1 at sea
}

// found lays out the land: coast, people, systems and areas.
func found(seed uint64) (*country, error) {
	l := newLattice(stream(seed, 0))
	c := &country{seed: seed, ground: l}
	rings, err := outline()
	if err != nil {
		return nil, err
	}
	rng := stream(seed, 1)
	mainland := roughen(rings[0], rng)
	c.coast = []ring{mainland, roughen(rings[1], rng)}
	for _, s := range islands {
		c.coast = append(c.coast, s.shore(rng))
	}
	land := make([]bool, l.cells())
	var cells []int
	inside := newLocator(mainland)
	for i := range land {
		if land[i] = inside.contains(l.centre(i)); land[i] {
			cells = append(cells, i)
		}
	}
	c.people = settle(l, land, stream(seed, 2))
	if err := c.divide(land, cells); err != nil {
		return nil, err
	}
	for i, o := range c.owner {
		if o >= 0 && land[i] {
			c.areas[o].cells = append(c.areas[o].cells, i)
		}
	}
	l.spread(c.owner, 8)
	c.settleAreas()
	c.islandAreas()
	if err := c.borders(); err != nil {
		return nil, fmt.Errorf("seed %d: %w", seed, err)
	}
	return c, nil
}

// divide parts the land into systems and these into areas.
func (c *country) divide(land []bool, cells []int) error {
	l := c.ground
	// 1. Systems: centres by weight of people, territories by growth over
	// uneven ground.
	weight := make([]float64, len(land))
	for _, i := range cells {
		weight[i] = float64(c.people[i] * math.Sqrt(c.people[i]))
	}
	cost := l.uneven(stream(c.seed, 3).Uint64())
	systemSeeds := centres(l, systemCount, 12, cells, weight, stream(c.seed, 4))
	systemOf := l.grow(systemSeeds, cost, func(_, k int) bool { return land[k] })
	c.systems = make([]system, systemCount)
	size := make([]float64, systemCount)
	members := make([][]int, systemCount)
	for _, i := range cells {
		if s := systemOf[i]; s >= 0 {
			size[s] += c.people[i]
			members[s] = append(members[s], i)
		}
	}

	// 2. Areas: the same again inside each system.
	var seeds []int
	rng := stream(c.seed, 5)
	for s, n := range share(areaCount-islandCount()-enclaveCount, size, 2) {
		for range n {
			c.areas = append(c.areas, area{system: s, host: -1})
		}
		seeds = append(seeds, centres(l, n, 2, members[s], weight, rng)...)
	}
	c.owner = l.grow(seeds, l.uneven(stream(c.seed, 6).Uint64()), func(o, k int) bool {
		return land[k] && systemOf[k] == c.areas[o].system
	})
	return c.enclaves()
}

// islandCount is how many areas are islands, the outline's own among them.
func islandCount() int {
	n := 1
	for _, s := range islands {
		if s.people > 0 {
			n++
		}
	}
	return n
}

// uneven is the cost of crossing each cell: smooth hills and a rough surface.
func (l *lattice) uneven(seed uint64) []int {
	rng := stream(seed, 1)
	hills, ridges := l.noise(12, rng), l.noise(3, rng)
	cost := make([]int, l.cells())
	for i := range cost {
		// Steep where the field is high, so that borders follow the ridges.
		h, r := hills[i], ridges[i]
		cost[i] = 20 + h*h/2200 + r*r/2600 + rng.IntN(120)
	}
	return cost
}

// enclaves carves towns out of the middle of large areas.
func (c *country) enclaves() error {
	l := c.ground
	depth := l.inland(c.owner)
	hosts, heart := c.hosts(depth)
	used := map[int]bool{}
	cost := l.uneven(stream(c.seed, 7).Uint64())
	for _, host := range hosts {
		if len(used) == enclaveCount {
			break
		}
		if s := c.areas[host].system; used[s] {
			continue
		} else {
			used[s] = true
		}
		// Take cells nearest over uneven ground, well away from the host's border.
		id := len(c.areas)
		c.areas = append(c.areas, area{system: c.areas[host].system, host: host})
		order := l.nearest(heart[host], 26, cost, func(k int) bool { return c.owner[k] == host && depth[k] >= 3 })
		for _, k := range order {
			c.owner[k] = id
		}
	}
	if len(used) < enclaveCount {
		return fmt.Errorf("room for %d enclaves only, want %d", len(used), enclaveCount)
	}
	return nil
}

// hosts are the areas with room for a town in their middle, the most crowded
// middle first; heart is the cell where it would be, of each area, or -1.
func (c *country) hosts(depth []int) (hosts, heart []int) {
	heart = make([]int, len(c.areas))
	for i := range heart {
		heart[i] = -1
	}
	for i, o := range c.owner {
		if o >= 0 && depth[i] >= enclaveInland && (heart[o] < 0 || c.people[i] > c.people[heart[o]]) {
			heart[o] = i
		}
	}
	for o, h := range heart {
		if h >= 0 {
			hosts = append(hosts, o)
		}
	}
	slices.SortStableFunc(hosts, func(a, b int) int { return cmp.Compare(c.people[heart[b]], c.people[heart[a]]) })
	return hosts, heart
}

// settleAreas counts each area's people and finds where they live.
func (c *country) settleAreas() {
	l := c.ground
	rng := stream(c.seed, 8)
	for a := range c.areas {
		ar := &c.areas[a]
		n, sx, sy, widest := 0.0, 0.0, 0.0, 0.0
		for _, i := range ar.cells {
			p := l.centre(i)
			n += c.people[i]
			sx += float64(c.people[i] * float64(p.x))
			sy += float64(c.people[i] * float64(p.y))
		}
		ar.heart = point{int64(math.Round(sx / n)), int64(math.Round(sy / n))}
		for _, i := range ar.cells {
			widest += float64(c.people[i] * distance(ar.heart, l.centre(i)))
		}
		ar.reach = widest / n
		if ar.host >= 0 {
			n = max(n, 110_000)
		}
		ar.people = int(n * (0.9 + float64(0.2*rng.Float64())))
	}
}

// islandAreas adds the areas that are islands.
func (c *country) islandAreas() {
	add := func(r ring, people int) {
		var sx, sy int64
		for _, p := range r {
			sx, sy = sx+p.x, sy+p.y
		}
		heart := point{sx / int64(len(r)), sy / int64(len(r))}
		near := c.nearestArea(heart)
		c.areas = append(c.areas, area{
			system: c.areas[near].system, host: -1, people: people, heart: heart, reach: 6000,
			polygons: [][]ring{{r}},
		})
	}
	add(c.coast[1], 142_300)
	for i, s := range islands {
		if s.people > 0 {
			add(c.coast[2+i], int(s.people)+317*i)
		}
	}
	// Round to tens, within bounds, to the total.
	free := 0
	for _, a := range c.areas {
		free += a.people
	}
	for i := range c.areas {
		p := int(math.Round(float64(c.areas[i].people) * (float64(totalPeople) / float64(free))))
		c.areas[i].people = min(mostPeople-50, max(leastPeople+50, p))
	}
	for _, a := range c.areas {
		c.systems[a.system].people += a.people
	}
}

func (c *country) nearestArea(p point) int {
	best, least := 0, math.Inf(1)
	for i, a := range c.areas {
		if d := distance(p, a.heart); d < least && a.host < 0 && len(a.cells) > 0 {
			best, least = i, d
		}
	}
	return best
}
