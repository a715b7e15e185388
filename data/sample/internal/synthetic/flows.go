package synthetic

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// flowCell is a number of patients from an area to a provider.
type flowCell struct {
	area, provider, patients int
}

// ambiguous is how many areas at the systems' borders look two ways.
const ambiguous = 5

// travel makes the flows: Huff's model, in which an area's people choose among
// hospitals by size and distance, with a preference for their own system's;
// counts are Poisson.
func (c *country) travel() {
	rng := stream(c.seed, 13)
	pull := make([][]float64, len(c.areas))
	natural := make([]float64, len(c.areas)) // share of the pull from inside, before any preference
	for a := range c.areas {
		pull[a], natural[a] = c.pull(c.areas[a])
	}
	torn := c.torn(natural)
	for a, ar := range c.areas {
		// Small systems are remote ones, and keep more of their people.
		size := min(1, float64(c.systems[ar.system].people)/1.6e6)
		stay := clamp(1-float64((1-natural[a])*(0.14+float64(0.16*size))), 0.72, 0.98)
		if torn[a] {
			stay = 0.55
		}
		trips := float64(ar.people) * (0.235 + float64(0.03*rng.Float64()))
		for j, chance := range c.chances(ar, pull[a], stay) {
			// A thousandth of a patient is fine enough.
			mean := math.Round(trips*chance*1000) / 1000
			if n := poisson(rng, mean); n > 0 {
				c.flows = append(c.flows, flowCell{a, j, n})
			}
		}
	}
}

// pull is how strongly each hospital that is no specialist draws an area's
// people, and the share of that from inside the area's system.
func (c *country) pull(ar area) (pull []float64, natural float64) {
	pull = make([]float64, len(c.providers))
	// Where people live far apart, they travel further.
	reach := 3.5 + float64(0.42*ar.reach/1000)
	in, out := 0.0, 0.0
	for j, p := range c.providers {
		if p.specialist {
			continue
		}
		km := distance(ar.heart, p.at) / 1000
		w := float64(p.beds * (exp(-km/reach) + float64(0.00004*exp(-km/45))))
		if p.city {
			w += float64(p.beds * float64(0.010*exp(-km/32)))
		}
		pull[j] = w
		if p.system == ar.system {
			in += w
		} else {
			out += w
		}
	}
	return pull, in / (in + out)
}

// torn are the areas, one a system, that look two ways most.
func (c *country) torn(natural []float64) map[int]bool {
	border := make([]int, len(c.areas))
	for a := range border {
		border[a] = a
	}
	slices.SortStableFunc(border, func(a, b int) int { return cmp.Compare(natural[a], natural[b]) })
	torn := map[int]bool{}
	systems := map[int]bool{}
	for _, a := range border {
		if s := c.areas[a].system; len(torn) < ambiguous && !systems[s] && len(c.areas[a].cells) > 0 {
			torn[a], systems[s] = true, true
		}
	}
	return torn
}

// chances are the shares of an area's trips that go to each hospital, of which
// stay is that of its own system.
func (c *country) chances(ar area, pull []float64, stay float64) []float64 {
	in, out, special := 0.0, 0.0, 0.0
	chance := make([]float64, len(c.providers))
	for j, p := range c.providers {
		switch {
		case p.specialist:
			chance[j] = float64(p.beds * exp(-distance(ar.heart, p.at)/1000/32))
			special += chance[j]
		case p.system == ar.system:
			in += pull[j]
		default:
			out += pull[j]
		}
	}
	for j, p := range c.providers {
		switch {
		case p.specialist:
			chance[j] = 0.022 * chance[j] / special
		case p.system == ar.system:
			chance[j] = 0.978 * stay * pull[j] / in
		default:
			chance[j] = 0.978 * (1 - stay) * pull[j] / out
		}
	}
	return chance
}

// printed is the count as its publisher prints it: most withhold 1 to 4 as <5,
// some systems everything up to 7 as *.
func (c *country) printed(f flowCell) string {
	strict := f.patients <= 7 && c.areas[f.area].system%6 == 1
	switch {
	case strict:
		return "*"
	case f.patients < 5:
		return "<5"
	}
	return fmt.Sprint(f.patients)
}
