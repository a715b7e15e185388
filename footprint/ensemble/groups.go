package ensemble

import (
	"cmp"
	"maps"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// sortedKeys are a map's keys, rising.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// groupDemands are groups of nodes that must share a part and do not border
// each other, and groups that must not. A node is an area, or the number of
// areas plus a provider.
type groupDemands struct{ together, apart [][]int32 }

// makeGroups keeps what units do not settle already.
func (s *Space) makeGroups() error {
	d := &s.Demands
	held := map[int32][]int32{}
	for v, f := range d.FixedNodes() {
		held[f] = append(held[f], v)
	}
	var firsts []int32
	groups := d.Joined()
	for _, f := range sortedKeys(held) {
		groups, firsts = append(groups, held[f]), append(firsts, held[f][0])
	}
	for _, g := range groups {
		if s.spread(g) {
			s.groups.together = append(s.groups.together, g)
		}
	}
	s.groups.apart = slices.Clone(d.Apart)
	if len(firsts) > 1 {
		s.groups.apart = append(s.groups.apart, firsts)
	}
	return s.checkApart()
}

// spread says whether a group lies in several units, or has providers.
func (s *Space) spread(group []int32) bool {
	for _, v := range group {
		if int(v) >= s.Areas || s.unitOf[v] != s.unitOf[group[0]] {
			return true
		}
	}
	return false
}

// checkApart refuses areas of one unit that must be apart.
func (s *Space) checkApart() error {
	for _, g := range s.groups.apart {
		for i, v := range g {
			for _, w := range g[:i] {
				if v != w && int(v) < s.Areas && int(w) < s.Areas && s.unitOf[v] == s.unitOf[w] {
					return footprint.BadParameter("areas %d and %d must be together and must be apart: drop one of the demands", w+1, v+1)
				}
			}
		}
	}
	return nil
}

// meet says whether a map meets the demands on groups.
func (g *groupDemands) meet(part func(node int32) int32) bool {
	for _, group := range g.together {
		for _, v := range group[1:] {
			if part(v) != part(group[0]) {
				return false
			}
		}
	}
	for _, group := range g.apart {
		for i, v := range group {
			for _, w := range group[:i] {
				if v != w && part(v) == part(w) {
					return false
				}
			}
		}
	}
	return true
}

// pieces says whether every part of a map is in one piece.
func (s *Space) pieces(label []int32) bool {
	sets := grouping.NewSets(s.units)
	for i := 0; i < len(s.ends); i += 2 {
		if a, b := s.ends[i], s.ends[i+1]; label[a] == label[b] {
			sets.Union(a, b)
		}
	}
	return sets.Len() == s.Demands.Footprints
}
