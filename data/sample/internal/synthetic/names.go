package synthetic

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Invented place names are put together from these. The beginnings are
// invented too, so that the names made are no town's, county's or health body's.
var (
	beginnings = []string{
		"Aldwen", "Arvel", "Bexmar", "Brindel", "Caddel", "Cawdrel", "Corvan", "Dunvar", "Drellan", "Elvar",
		"Embrel", "Fennar", "Farrowen", "Gawthen", "Grenvar", "Hallowen", "Harrenden", "Ivelmar", "Jessel", "Kelvar",
		"Kestrin", "Larken", "Lovering", "Marlen", "Merrivar", "Nethermar", "Norvel", "Orrin", "Oxenvar", "Pellan",
		"Quarren", "Quenning", "Ravenel", "Ruddel", "Selwen", "Skellen", "Tambren", "Thistlen", "Thraven", "Ulver",
		"Varden", "Vennel", "Wexen", "Wardrel", "Wychen", "Yarlen", "Yewen", "Zelden",
	}
	endings = []string{
		"bourne", "bridge", "bury", "combe", "cote", "dale", "den", "field", "ford", "gate", "ham", "hurst",
		"ley", "mere", "minster", "mouth", "over", "port", "stead", "stoke", "thorpe", "ton", "wick", "worth",
	}
	shires = []string{"shire", "land", "mark", "sey"}
)

// suffix ends every name in a table.
const suffix = " (synthetic)"

// places makes n different invented names, no two with the same beginning and
// ending.
func places(n int, rng *rand.Rand) []string {
	all := make([]string, 0, len(beginnings)*len(endings))
	for _, b := range beginnings {
		for _, e := range endings {
			if strings.HasSuffix(b, e[:1]) || strings.HasSuffix(b, "en") && (e == "over" || e == "den") {
				continue // Aldwennorth, Wexenden: hard to say
			}
			all = append(all, b+e)
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:n]
}

// name gives areas, systems and their codes. Codes follow the alphabet, so that
// they say nothing about who belongs together.
func (c *country) name() {
	rng := stream(c.seed, 10)
	pool := places(len(c.areas), rng)
	for i := range c.areas {
		a := &c.areas[i]
		a.place = pool[i]
		a.name = a.place + " Commissioning Group"
	}
	for i := range c.areas {
		if a := &c.areas[i]; a.host >= 0 {
			host := &c.areas[a.host]
			a.name = a.place + " City Commissioning Group"
			host.name = a.place + " County Commissioning Group"
		}
	}
	// Systems are called after an invented county, or their two largest areas.
	counties := slices.Clone(beginnings)
	rng.Shuffle(len(counties), func(i, j int) { counties[i], counties[j] = counties[j], counties[i] })
	for s := range c.systems {
		c.systems[s].name = c.systemName(s, counties[s], rng)
	}
	for rank, i := range alphabetical(len(c.areas), func(i int) string { return c.areas[i].name }) {
		c.areas[i].code = code("SA", 3, rank+1)
	}
	for rank, i := range alphabetical(len(c.systems), func(i int) string { return c.systems[i].name }) {
		c.systems[i].code = code("S", 2, rank+1)
	}
}

// systemName calls a system after a county, its largest area or its two largest.
func (c *country) systemName(s int, beginning string, rng *rand.Rand) string {
	first, second := -1, -1
	for i, a := range c.areas {
		if a.system != s {
			continue
		}
		if first < 0 || a.people > c.areas[first].people {
			first, second = i, first
		} else if second < 0 || a.people > c.areas[second].people {
			second = i
		}
	}
	county := beginning + shires[rng.IntN(len(shires))]
	if strings.HasSuffix(beginning, "l") {
		county = beginning + "shire"
	}
	switch rng.IntN(4) {
	case 0:
		return c.areas[first].place + " and " + c.areas[second].place
	case 1:
		return "Greater " + c.areas[first].place
	case 2:
		return county + " and " + c.areas[first].place
	}
	return county
}

// alphabetical is the order of n names.
func alphabetical(n int, name func(int) string) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(name(a), name(b)) })
	return order
}

// code is a prefix and a number with leading zeros.
func code(prefix string, digits, n int) string {
	b := []byte(prefix)
	for i := digits - 1; i >= 0; i-- {
		p := 1
		for range i {
			p *= 10
		}
		b = append(b, byte('0'+n/p%10))
	}
	return string(b)
}
