package merge

import (
	"cmp"
	"slices"
)

// Merger is a union of two or more of today's systems, weighed against what its
// members could do instead.
type Merger struct {
	Systems      []int32
	Patients     float64 // who would no longer leave their system
	Gain         float64 // the same as a share of all patients
	People       float64 // NaN where not known
	Providers    int     // that count
	Localisation float64
	// Rank is its place among Of unions: itself, and those that meet the demands
	// and have one other system in the place of one of its members.
	Rank, Of int
	Best     []int32 // the one of these that meets the demands and gains most; nil for none
	BestGain float64 // its share of all patients
	Reason   string  // what it breaks; empty where it meets every demand
}

// Weigh weighs a merger.
func (p *Problem) Weigh(systems []int32) Merger {
	s := setOf(systems...)
	t := p.sum(&s)
	m := Merger{
		Systems: s.members(), Patients: p.value(&s), People: t.people, Providers: t.providers, Localisation: t.localisation(),
		Reason: p.Reason(systems),
	}
	m.Gain = m.Patients / p.Total
	options := p.options(s)
	slices.SortStableFunc(options, func(a, b *column) int { return cmp.Compare(b.value, a.value) })
	m.Rank, m.Of = 1, len(options)
	if m.Reason != "" { // it is none of the options, and stands beside them
		m.Of++
	}
	if len(options) > 0 {
		m.Best, m.BestGain = options[0].members, options[0].value/p.Total
	}
	for _, o := range options {
		if o.value > m.Patients*(1+tolerance) {
			m.Rank++
		}
	}
	return m
}

// options are the unions that meet the demands: a union itself first, then those
// with one other system in the place of a member.
func (p *Problem) options(s set) (list []*column) {
	add := func(u set) {
		if p.feasible(&u) {
			list = append(list, &column{s: u, members: u.members(), value: p.value(&u)})
		}
	}
	add(s)
	for _, out := range s.members() {
		for in := range int32(p.Systems) {
			if !s.has(in) {
				u := s
				u.remove(out)
				u.add(in)
				add(u)
			}
		}
	}
	return list
}

// Step is one merger of a tree: the unions that two numbers stand for become
// one. Systems have the numbers 0 to n−1, the union of step k the number n+k.
type Step struct {
	A, B     int
	Systems  []int32 // of the new union
	Patients float64 // who no longer leave, by this step
	Kept     float64 // patients treated inside after it
}

// Tree merges two unions at a time, those that gain most, as far as one piece,
// what must be together or apart, and upper bounds allow. Each map of it is made
// of unions of the one before; the best map of a number of systems need not be.
func (p *Problem) Tree() (steps []Step) {
	type part struct {
		number int
		s      set
	}
	var parts []part
	for i := range p.Systems {
		parts = append(parts, part{i, setOf(int32(i))})
	}
	kept := p.base
	for len(parts) > 1 {
		best, a, b := -1.0, -1, -1
		for y := range parts {
			for x := range y {
				u := parts[x].s.or(&parts[y].s)
				gain := p.value(&u) - p.value(&parts[x].s) - p.value(&parts[y].s)
				if gain > best && p.mayGrow(&u) {
					best, a, b = gain, x, y
				}
			}
		}
		if a < 0 {
			break
		}
		kept += best
		u := parts[a].s.or(&parts[b].s)
		steps = append(steps, Step{A: parts[a].number, B: parts[b].number, Systems: u.members(), Patients: best, Kept: kept})
		parts[a] = part{p.Systems + len(steps) - 1, u}
		parts = slices.Delete(parts, b, b+1)
	}
	return steps
}

// mayGrow says whether a union breaks no demand but those that a larger one may
// meet.
func (p *Problem) mayGrow(s *set) bool {
	for _, i := range p.parted {
		if s.has(i) && s.meets(&p.apart[i]) {
			return false
		}
	}
	return p.pieced(s) && !p.tooLarge(p.sum(s))
}
