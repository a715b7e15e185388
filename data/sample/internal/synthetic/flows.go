package synthetic

import (
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
	for a, ar := range c.areas {
		pull[a] = make([]float64, len(c.providers))
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
			pull[a][j] = w
			if p.system == ar.system {
				in += w
			} else {
				out += w
			}
		}
		natural[a] = in / (in + out)
	}
	border := make([]int, len(c.areas))
	for a := range border {
		border[a] = a
	}
	slices.SortStableFunc(border, func(a, b int) int {
		switch {
		case natural[a] < natural[b]:
			return -1
		case natural[a] > natural[b]:
			return 1
		}
		return 0
	})
	torn := map[int]bool{}
	systems := map[int]bool{}
	for _, a := range border {
		if s := c.areas[a].system; len(torn) < ambiguous && !systems[s] && len(c.areas[a].cells) > 0 {
			torn[a], systems[s] = true, true
		}
	}
	for a, ar := range c.areas {
		// Small systems are remote ones, and keep more of their people.
		size := min(1, float64(c.systems[ar.system].people)/1.6e6)
		stay := clamp(1-float64((1-natural[a])*(0.14+float64(0.16*size))), 0.72, 0.98)
		if torn[a] {
			stay = 0.55
		}
		trips := float64(ar.people) * (0.235 + float64(0.03*rng.Float64()))
		in, out, special := 0.0, 0.0, 0.0
		weight := make([]float64, len(c.providers))
		for j, p := range c.providers {
			switch {
			case p.specialist:
				weight[j] = float64(p.beds * exp(-distance(ar.heart, p.at)/1000/32))
				special += weight[j]
			case p.system == ar.system:
				in += pull[a][j]
			default:
				out += pull[a][j]
			}
		}
		for j, p := range c.providers {
			var chance float64
			switch {
			case p.specialist:
				chance = 0.022 * weight[j] / special
			case p.system == ar.system:
				chance = 0.978 * stay * pull[a][j] / in
			default:
				chance = 0.978 * (1 - stay) * pull[a][j] / out
			}
			// A thousandth of a patient is fine enough.
			mean := math.Round(trips*chance*1000) / 1000
			if n := poisson(rng, mean); n > 0 {
				c.flows = append(c.flows, flowCell{a, j, n})
			}
		}
	}
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
