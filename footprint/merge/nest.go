package merge

import (
	"fmt"
	"slices"
)

// units are those that systems should lie in or consist of.
type units struct {
	size  []int     // areas of each unit
	parts [][]share // of each system: its areas by unit
}

// share is how many areas of a unit, negative for none, a system has.
type share struct {
	unit  int32
	areas int
}

// addUnits counts the areas that systems and units share.
func (p *Problem) addUnits() {
	if p.Units == nil {
		return
	}
	most := slices.Max(p.Units)
	u := &units{size: make([]int, most+1), parts: make([][]share, p.Systems)}
	for a, unit := range p.Units {
		if unit >= 0 {
			u.size[unit]++
		}
		s := p.Today.Areas[a]
		at := slices.IndexFunc(u.parts[s], func(x share) bool { return x.unit == unit })
		if at < 0 {
			at = len(u.parts[s])
			u.parts[s] = append(u.parts[s], share{unit: unit})
		}
		u.parts[s][at].areas++
	}
	p.unit = u
}

// nested says whether a union lies in one unit, or has no part of a unit but the
// whole. Without units every union does.
func (p *Problem) nested(s *set) bool {
	cut, kinds := p.cutUnit(s)
	return cut < 0 || kinds == 1
}

// cutUnit is the first unit of which a union has a part only, −1 for none, and
// the number of units (areas without one count as one) that it has areas of.
func (p *Problem) cutUnit(s *set) (cut int32, kinds int) {
	if p.unit == nil {
		return -1, 0
	}
	held := map[int32]int{}
	for _, i := range s.members() {
		for _, x := range p.unit.parts[i] {
			held[x.unit] += x.areas
		}
	}
	cut = -1
	for unit, areas := range held {
		if unit >= 0 && areas < p.unit.size[unit] && (cut < 0 || unit < cut) {
			cut = unit
		}
	}
	return cut, len(held)
}

// nestWords says which unit a union parts.
func (p *Problem) nestWords(s *set) string {
	cut, _ := p.cutUnit(s)
	name := fmt.Sprintf("unit %d", cut+1)
	if int(cut) < len(p.UnitNames) {
		name = p.UnitNames[cut]
	}
	return "neither lies in one unit nor consists of whole ones: it has a part of " + name
}

// Unnested counts the systems of a map that neither lie in one unit nor consist
// of whole ones.
func (p *Problem) Unnested(groups [][]int32) (n int) {
	for _, g := range groups {
		s := setOf(g...)
		if !p.nested(&s) {
			n++
		}
	}
	return n
}
