package footprint

import (
	"fmt"
	"slices"
)

// Unit is areas that must stay in one footprint, under the name of what they
// are: a county, a council, a place.
type Unit struct {
	Name  string
	Areas []int32 // by index
}

// Joined lists all groups of nodes that must share a footprint: those of
// Together, then the areas of each unit of KeepWhole.
func (c *Constraints) Joined() [][]int32 {
	groups := slices.Clip(c.Together)
	for _, u := range c.KeepWhole {
		groups = append(groups, u.Areas)
	}
	return groups
}

// UnitOf gives the name of the unit of KeepWhole that holds all of some nodes;
// false where none does.
func (c *Constraints) UnitOf(nodes ...int32) (name string, ok bool) {
	for _, u := range c.KeepWhole {
		if !slices.ContainsFunc(nodes, func(v int32) bool { return !slices.Contains(u.Areas, v) }) {
			return u.Name, true
		}
	}
	return "", false
}

// InUnit names in brackets the unit of KeepWhole that holds all of some nodes,
// after a blank; "" where none does.
func (c *Constraints) InUnit(nodes ...int32) string {
	if name, ok := c.UnitOf(nodes...); ok {
		return fmt.Sprintf(" (unit %s, which is to stay whole)", name)
	}
	return ""
}

// Counts says whether a provider is of those that MinProviders counts.
func (c *Constraints) Counts(provider int) bool {
	return c.CountedProviders == nil || c.CountedProviders[provider]
}

// units looks at the members of units.
func (k *check) units() error {
	for _, u := range k.KeepWhole {
		for _, a := range u.Areas {
			if a < 0 || int(a) >= k.areas {
				return BadParameter("unit %s names area %d, and there are %d areas", u.Name, a, k.areas)
			}
		}
	}
	return nil
}

// hospitals compares the providers that each footprint must have with those
// there are.
func (k *check) hospitals() error {
	if k.MinProviders == 0 {
		return nil
	}
	if k.m.OneMode() {
		return BadParameter("min-providers counts providers, and in a one-mode matrix there are places only")
	}
	have := 0
	for j := range k.providers {
		if k.Counts(j) {
			have++
		}
	}
	what := "providers"
	if k.CountedProviders != nil {
		what = "providers of the types asked for"
	}
	switch {
	case have < k.MinProviders:
		return Infeasible("each footprint must have %d or more %s, and there are %d in all: lower min-providers", k.MinProviders, what, have)
	case k.Footprints*k.MinProviders > have:
		return Infeasible("%d footprints with %d or more %s each need %d, and there are %d: ask for %d or fewer, or lower min-providers",
			k.Footprints, k.MinProviders, what, k.Footprints*k.MinProviders, have, have/k.MinProviders)
	}
	return nil
}

// whole looks for units whose areas lie in pieces of land that nothing joins.
func (k *check) whole() error {
	if k.Contiguous == nil || len(k.KeepWhole) == 0 {
		return nil
	}
	ground := GroundOf(k.Contiguous, k.areas)
	piece := ground.landmass()
	for _, u := range k.KeepWhole {
		first := int32(-1)
		for _, a := range u.Areas {
			switch {
			case !ground.Landed(a):
			case first < 0:
				first = a
			case piece[a] != piece[first]:
				return Infeasible("unit %s is to stay whole and in one piece, but no border or link joins the land of %s to that of %s: give a link, or leave the unit out",
					u.Name, k.node(first), k.node(a))
			}
		}
	}
	return nil
}
