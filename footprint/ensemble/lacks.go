package ensemble

import (
	"fmt"
	"slices"

	"stpmap/footprint/internal/wording"
)

// Lacks says in sentences which demands a map by area does not meet; none where
// the rules allow it. Labels count from 0.
func (s *Space) Lacks(label []int32) (out []string) {
	parts := int(slices.Max(label)) + 1
	if k := s.Demands.Footprints; parts != k {
		return []string{fmt.Sprintf("it has %d footprints, and the maps drawn have %d", parts, k)}
	}
	unit := s.contract(label)
	for a, u := range s.unitOf {
		if label[a] != unit[u] {
			out = append(out, "it parts areas that must be together")
			break
		}
	}
	c := newChain(s)
	c.set(unit)
	if !c.pieces(c.label) {
		out = append(out, "a footprint is in several pieces on the ground")
	}
	return append(out, c.lacks()...)
}

// lacks says which demands beyond pieces the map does not meet.
func (c *chain) lacks() (out []string) {
	small, large, flows := 0, 0, 0
	for p, x := range c.sum {
		switch {
		case x < c.low:
			small++
		case x > c.high:
			large++
		}
		if c.flow != nil && !c.flow.meets(&c.Demands, int32(p)) {
			flows++
		}
	}
	add := func(n int, one, more string) {
		if n == 1 {
			out = append(out, "1 footprint "+one)
		} else if n > 1 {
			out = append(out, fmt.Sprintf("%d footprints %s", n, more))
		}
	}
	least, most := wording.People(c.Demands.MinPopulation), wording.People(c.Demands.MaxPopulation)
	add(small, "has fewer than "+least+" people", "have fewer than "+least+" people")
	add(large, "has more than "+most+" people", "have more than "+most+" people")
	add(flows, "breaks a demand on providers or patients", "break demands on providers or patients")
	if !c.groups.meet(c.partOf) {
		out = append(out, "it parts areas that must be together, or joins some that must be apart")
	}
	return out
}

// Moved is the share of people who live in another part of a map by area than
// of another, after the best one-to-one matching.
func (s *Space) Moved(a, b []int32) float64 {
	rows, columns := int(slices.Max(a))+1, int(slices.Max(b))+1
	overlap := make([]float64, rows*columns)
	for i, p := range a {
		overlap[int(p)*columns+int(b[i])] += s.areaPeople[i]
	}
	return max(0, s.everyone-assignment(overlap, rows, columns)) / s.everyone
}

