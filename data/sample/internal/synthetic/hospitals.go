package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// provider is a hospital trust.
type provider struct {
	code, name string
	system     int
	at         point
	area       int
	specialist bool
	city       bool // draws from far
	beds       float64
}

// specialties of the specialist providers, which have no catchment of their
// own.
var specialties = []string{
	"Heart and Chest Hospital", "Orthopaedic Hospital", "Children's Hospital", "Cancer Centre", "Eye Hospital",
	"Women's Hospital", "Neurology Centre", "Burns and Plastic Surgery Centre", "Rheumatology Hospital",
}

// build places the hospitals: in each system the first where most people live,
// the others where many live far from those there are; then the specialists, in
// the largest cities.
func (c *country) build() error {
	l := c.ground
	size := make([]float64, len(c.systems))
	members := make([][]int, len(c.systems))
	for a, ar := range c.areas {
		size[ar.system] += float64(ar.people)
		for _, i := range ar.cells {
			if c.owner[i] == a {
				members[ar.system] = append(members[ar.system], i)
			}
		}
	}
	rng := stream(c.seed, 11)
	numbers := share(acuteCount, size, 1)
	first := make([]int, len(c.systems))
	for s, n := range numbers {
		var sites []int
		for k := range n {
			best := c.site(members[s], sites)
			if best < 0 {
				return fmt.Errorf("no site for a hospital in system %d", s)
			}
			sites = append(sites, best)
			p := provider{system: s, at: l.centre(best), area: c.owner[best]}
			p.beds = size[s] / float64(n) / 500 * (0.75 + float64(0.5*rng.Float64()))
			if k == 0 {
				first[s] = len(c.providers)
				p.beds *= 1.7
			}
			c.providers = append(c.providers, p)
		}
	}
	c.specialists(first, size, members, rng)
	c.nameProviders(first)
	return nil
}

// site is the cell where many live far from the sites there are, -1 for none.
func (c *country) site(cells, sites []int) int {
	l := c.ground
	best, most := -1, -1.0
	for _, i := range cells {
		pull := math.Sqrt(c.people[i])
		for _, site := range sites {
			pull *= min(1, distance(l.centre(i), l.centre(site))/14_000)
		}
		if pull > most && c.covers(c.owner[i], l.centre(i)) {
			best, most = i, pull
		}
	}
	return best
}

// specialists places hospitals of one specialty beside those of the largest
// cities, which draw from far.
func (c *country) specialists(first []int, size []float64, members [][]int, rng *rand.Rand) {
	l := c.ground
	largest := alphabetical(len(c.systems), func(s int) string { return fmt.Sprintf("%012d", 1e11-int64(size[s])) })
	for k := range specialists {
		city := &c.providers[first[largest[k]]]
		city.city = true
		p := provider{system: city.system, at: city.at, area: city.area, specialist: true, beds: 150 + float64(rng.IntN(200))}
		for _, i := range members[city.system] {
			q := l.centre(i)
			if d := distance(q, city.at); d > 2500 && d < 6000 && c.covers(c.owner[i], q) {
				p.at, p.area = q, c.owner[i]
				break
			}
		}
		c.providers = append(c.providers, p)
	}
}

// covers reports whether the area's polygons contain p.
func (c *country) covers(a int, p point) bool {
	for _, polygon := range c.areas[a].polygons {
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

// nameProviders calls the first hospital of an area after the area, and others
// after new places.
func (c *country) nameProviders(first []int) {
	rng := stream(c.seed, 12)
	all := places(len(c.areas)+len(c.providers), stream(c.seed, 10))
	fresh := all[len(c.areas):] // the same shuffle as the areas' names, further on
	used := map[int]bool{}
	special := 0
	kinds := []string{"General Hospital", "District Hospitals", "Hospitals", "Teaching Hospitals", "Hospital"}
	for i := range c.providers {
		p := &c.providers[i]
		place := c.areas[p.area].place
		if used[p.area] && !p.specialist {
			place, fresh = fresh[0], fresh[1:]
		}
		used[p.area] = true
		switch {
		case p.specialist:
			p.name = place + " " + specialties[special]
			special++
		case p.city:
			p.name = place + " University Hospitals"
		case first[p.system] == i && rng.IntN(2) == 0:
			p.name = place + " Royal Infirmary"
		default:
			p.name = place + " " + kinds[rng.IntN(len(kinds))]
		}
	}
	for rank, i := range alphabetical(len(c.providers), func(i int) string { return c.providers[i].name }) {
		c.providers[i].code = code("SP", 3, rank+1)
	}
}
