package merge

import (
	"errors"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// Input is today's map with its flows, and what new systems must be.
type Input struct {
	Matrix *flow.Matrix
	// Today places every area and provider in one of today's systems.
	Today footprint.Partition
	// Neighbours are the areas that border each other; nil makes systems that
	// exchange patients neighbours.
	Neighbours footprint.Adjacency
	// Population of each area, NaN where not known; nil where known for none.
	Population []float64
	// Counts says of each provider whether it counts for MinProviders; nil counts all.
	Counts []bool
	Demands
}

// Demands are what every system of a map must be. The zero value demands no
// more than a health system: an area, a provider, patients who are treated
// where they live, and patients that its parts exchange.
type Demands struct {
	OnePiece                     bool    // each system in one piece on the ground
	MinPopulation, MaxPopulation float64 // people; 0 is no bound
	MinProviders                 int     // of those that count; 0 is no bound
	MinLocalisation              float64 // in [0, 1]
	MaxShare                     float64 // of all patients, in (0, 1]; 0 is no bound
	AllowSingleKind              bool    // systems may lack an area or a provider
	// Together lists systems that must share a system, Apart those no two of
	// which may.
	Together, Apart [][]int32
	// Units gives the unit of each area that systems should lie in or consist
	// of, negative for none; nil where there are none.
	Units []int32
	// UnitNames are the units' names, for messages.
	UnitNames []string
	// Strict demands that they do.
	Strict bool
}

// Problem is what follows from an input: figures of today's systems and of
// every two of them.
type Problem struct {
	Input
	Systems int
	// Exchange[i*Systems+j] are the patients that two systems exchange, both ways.
	Exchange []float64
	Inside   []float64 // patients of each system treated in it
	Resident []float64 // patients who live in each system
	People   []float64 // NaN where not known
	Counted  []int     // providers that count
	Areas    []int
	Total    float64 // all patients

	ground *footprint.Ground // of systems; nil where exchange stands in for it
	near   []set             // systems that a system may join directly
	touch  []set             // systems that are neighbours
	flows  []set             // systems that a system exchanges patients with
	landed []bool            // the system has an area that is no island
	hosts  []bool            // the system has a provider, whether or not it counts
	bound  []set             // groups that must be together
	apart  []set             // systems that a system may not be with
	parted []int32           // systems that have such ones
	base   float64           // patients treated inside today
	unit   *units
}

// errNoSystems is a map of today without a system.
var errNoSystems = errors.New("today's map has no system")

// New puts the figures together. The error is a *footprint.InfeasibleError
// where the map cannot be worked with.
func New(in Input) (*Problem, error) {
	n := in.Today.Len()
	switch {
	case n == 0:
		return nil, errNoSystems
	case n > MaxSystems:
		return nil, footprint.Infeasible("there are %d systems, and at most %d can be merged", n, MaxSystems)
	}
	p := &Problem{
		Input: in, Systems: n, Exchange: make([]float64, n*n), Inside: make([]float64, n), Resident: make([]float64, n),
		People: make([]float64, n), Counted: make([]int, n), Areas: make([]int, n), Total: in.Matrix.Total().Value,
		near: make([]set, n), touch: make([]set, n), flows: make([]set, n), landed: make([]bool, n), hosts: make([]bool, n),
	}
	if err := p.addFlows(); err != nil {
		return nil, err
	}
	p.addMembers()
	p.addGround()
	p.addGroups()
	p.addUnits()
	return p, nil
}

// addFlows adds up what each system keeps and what every two exchange.
func (p *Problem) addFlows() error {
	m := p.Matrix
	of := p.Today.Providers
	if m.OneMode() {
		of = p.Today.Areas
	}
	for a, s := range p.Today.Areas {
		if s < 0 {
			return footprint.Infeasible("today's map does not place area %s: add it, or leave its flows out", m.Areas()[a])
		}
		providers, counts := m.Row(a)
		for k, j := range providers {
			t := of[j]
			if t < 0 {
				return footprint.Infeasible("today's map does not place provider %s: add it, or leave its flows out", m.Providers()[j])
			}
			p.Resident[s] += counts[k]
			if s == t {
				p.Inside[s] += counts[k]
				continue
			}
			p.Exchange[int(s)*p.Systems+int(t)] += counts[k]
			p.Exchange[int(t)*p.Systems+int(s)] += counts[k]
		}
	}
	for _, x := range p.Inside {
		p.base += x
	}
	return nil
}

// addMembers counts areas, people and providers.
func (p *Problem) addMembers() {
	for a, s := range p.Today.Areas {
		p.Areas[s]++
		if p.Population == nil {
			p.People[s] = math.NaN()
		} else {
			p.People[s] += p.Population[a]
		}
	}
	for j, s := range p.Today.Providers {
		if s < 0 {
			continue
		}
		p.hosts[s] = true
		if p.Counts == nil || p.Counts[j] {
			p.Counted[s]++
		}
	}
}

// addGround finds the systems that are neighbours, and those that may be joined
// directly: neighbours under OnePiece, else those that exchange patients, or any
// where a union need not be a health system.
func (p *Problem) addGround() {
	n := p.Systems
	for i := range n {
		for j := range n {
			if i != j && p.Exchange[i*n+j] > 0 {
				p.flows[i].add(int32(j))
			}
		}
	}
	if p.Neighbours == nil {
		copy(p.touch, p.flows)
	} else {
		p.ground = footprint.GroundOf(p.Neighbours, len(p.Today.Areas))
		for a, s := range p.Today.Areas {
			for _, b := range p.ground.Near(int32(a)) {
				if t := p.Today.Areas[b]; t != s {
					p.touch[s].add(t)
				}
			}
		}
	}
	for a, s := range p.Today.Areas {
		if p.ground == nil || p.ground.Landed(int32(a)) {
			p.landed[s] = true
		}
	}
	switch {
	case p.OnePiece:
		copy(p.near, p.touch)
		p.addIslands()
	case p.AllowSingleKind: // nothing has to hold a union together
		all := firstOf(n)
		for i := range int32(n) {
			alone := setOf(i)
			p.near[i] = all.without(&alone)
		}
	default:
		copy(p.near, p.flows)
	}
}

// addIslands lets an island join every system that it exchanges patients with.
func (p *Problem) addIslands() {
	n := p.Systems
	for i := range n {
		for j := range n {
			if !(p.landed[i] && p.landed[j]) && i != j && p.Exchange[i*n+j] > 0 {
				p.near[i].add(int32(j))
				p.near[j].add(int32(i))
			}
		}
	}
}

// addGroups takes what must be together, groups with a common system as one, and
// what must be apart.
func (p *Problem) addGroups() {
	sets := grouping.NewSets(p.Systems)
	for _, group := range p.Together {
		for _, i := range group {
			sets.Union(group[0], i)
		}
	}
	p.bound, p.parted = nil, nil
	groups := make([]set, p.Systems)
	for i := range int32(p.Systems) {
		groups[sets.Find(i)].add(i)
	}
	for i := range groups {
		if groups[i].len() > 1 {
			p.bound = append(p.bound, groups[i])
		}
	}
	p.apart = make([]set, p.Systems)
	for _, group := range p.Apart {
		for _, i := range group {
			for _, j := range group {
				if i != j {
					p.apart[i].add(j)
				}
			}
		}
	}
	for i := range int32(p.Systems) {
		if !p.apart[i].empty() {
			p.parted = append(p.parted, i)
		}
	}
}

// Between are the patients that two systems exchange, both ways.
func (p *Problem) Between(i, j int32) float64 { return p.Exchange[int(i)*p.Systems+int(j)] }

// Name is the id of a system.
func (p *Problem) Name(i int32) string { return p.Today.IDs[i] }

// least is the smallest of some numbers; NaN of none.
func least(all []float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	return slices.Min(all)
}

// Share is the share of all patients treated inside on a map of these unions.
func (p *Problem) Share(groups [][]int32) float64 { return p.Kept(groups) / p.Total }

// Kept are the patients treated inside on a map of these unions.
func (p *Problem) Kept(groups [][]int32) float64 {
	sum := p.base
	for _, g := range groups {
		s := setOf(g...)
		sum += p.value(&s)
	}
	return sum
}

// Partition is the map of these unions, with every area and provider; ids name
// the unions.
func (p *Problem) Partition(groups [][]int32, ids []string) footprint.Partition {
	of := make([]int32, p.Systems)
	for g, members := range groups {
		for _, i := range members {
			of[i] = int32(g)
		}
	}
	out := footprint.Partition{IDs: ids, Areas: make([]int32, len(p.Today.Areas))}
	for a, s := range p.Today.Areas {
		out.Areas[a] = of[s]
	}
	if p.Today.Providers != nil {
		out.Providers = make([]int32, len(p.Today.Providers))
	}
	for j, s := range p.Today.Providers {
		out.Providers[j] = footprint.Unplaced
		if s >= 0 {
			out.Providers[j] = of[s]
		}
	}
	return out
}
