package ensemble

import (
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// Measure is the distribution that maps are drawn from.
type Measure int8

// The measures.
const (
	Trees   Measure = iota // in proportion to the product of the parts' numbers of spanning trees
	Uniform                // every map alike
)

// ParseMeasure reads a measure's name.
func ParseMeasure(name string) (Measure, error) {
	switch name {
	case "trees":
		return Trees, nil
	case "uniform":
		return Uniform, nil
	}
	return 0, fmt.Errorf("unknown measure %q; there are trees and uniform", name)
}

// String is the measure's name.
func (m Measure) String() string {
	if m == Uniform {
		return "uniform"
	}
	return "trees"
}

// Problem says which maps the rules allow.
type Problem struct {
	Areas int
	// Pairs are the neighbouring areas, each pair once, the lower first. Ties are
	// further edges for areas without any neighbour, which count as no border.
	Pairs, Ties [][2]int32
	// Demands hold as in the other methods. Footprints must be 1 or more.
	// Contiguous is not read: parts are in one piece by Pairs and Ties. Where
	// Population is nil each area counts as one person.
	Demands footprint.Constraints
	// Matrix holds the flows; nil without any. Providers follow their largest
	// flow: each lies in the part whose residents are most of its patients. Of
	// equal parts it is the one with the first of its areas.
	Matrix *flow.Matrix
	// Near, where Within is above 0, is a map that every map must lie near to:
	// at most the share Within of all people live in another part, after the
	// best one-to-one matching of parts.
	Near    []int32
	Within  float64
	Measure Measure
}

// Space is the set of maps that a Problem allows, ready to be walked. Areas that
// must be together are one unit where they border each other.
type Space struct {
	Problem
	units      int
	unitOf     []int32   // of each area
	start      []int32   // arcs of unit u are start[u]:start[u+1]
	arc        []int32   // the unit at the end of each arc; parallel edges repeat
	ends       []int32   // of edge e: 2e and 2e+1
	people     []float64 // of each unit
	everyone   float64
	low, high  float64 // bounds of a part's people, with room for rounding
	first      []int32 // first area of each unit
	flows      *unitFlows
	groups     groupDemands
	areaPeople []float64
	areaStart  []int32 // areas of unit u are areaList[areaStart[u]:areaStart[u+1]]
	areaList   []int32
}

// NewSpace checks a problem and makes its space. The error is a
// *footprint.ParameterError or *footprint.InfeasibleError.
func NewSpace(p Problem) (*Space, error) {
	s := &Space{Problem: p}
	if err := s.check(); err != nil {
		return nil, err
	}
	s.makeUnits()
	s.makeEdges()
	s.makePeople()
	if s.Matrix != nil {
		s.flows = flowsOf(s.Matrix, s.unitOf, s.units)
		s.flows.counts = s.Demands.Counts
	}
	if err := s.makeGroups(); err != nil {
		return nil, err
	}
	return s, s.checkUnits()
}

// check refuses demands that cannot be met whatever the map.
func (s *Space) check() error {
	d := &s.Demands
	switch {
	case d.Footprints < 1:
		return footprint.BadParameter("footprints must be 1 or more, not %d", d.Footprints)
	case d.Footprints > s.Areas:
		return footprint.Infeasible("%d footprints cannot be made of %d areas: ask for %d or fewer", d.Footprints, s.Areas, s.Areas)
	case s.Matrix != nil:
		return d.Check(s.Matrix)
	case d.MinLocalisation > 0 || d.MaxShare > 0 || d.MinProviders > 0:
		return footprint.BadParameter("min-localisation, max-share and min-providers need flows")
	}
	return s.checkPeople()
}

// checkPeople compares the bounds with the people there are, without flows.
func (s *Space) checkPeople() error {
	d := &s.Demands
	all := float64(s.Areas)
	if d.Population != nil {
		all = 0
		for _, x := range d.Population {
			all += x
		}
	}
	k := float64(d.Footprints)
	switch {
	case d.MaxPopulation > 0 && d.MinPopulation > d.MaxPopulation:
		return footprint.BadParameter("min-population %v is above max-population %v: lower the first or raise the second", d.MinPopulation, d.MaxPopulation)
	case k*d.MinPopulation > all*(1+1e-9):
		return footprint.Infeasible("%d footprints of %v people or more need %v people, and there are %v: ask for %d or fewer, or lower min-population",
			d.Footprints, d.MinPopulation, k*d.MinPopulation, all, int(all/d.MinPopulation))
	case d.MaxPopulation > 0 && k*d.MaxPopulation < all*(1-1e-9):
		return footprint.Infeasible("%d footprints of %v people or fewer hold %v people, and there are %v: ask for %d or more, or raise max-population",
			d.Footprints, d.MaxPopulation, k*d.MaxPopulation, all, int(math.Ceil(all/d.MaxPopulation)))
	}
	return nil
}

// makeUnits joins neighbouring areas that must be together.
func (s *Space) makeUnits() {
	sets := grouping.NewSets(s.Areas)
	for _, group := range s.togetherGroups() {
		in := map[int32]bool{}
		for _, v := range group {
			in[v] = true
		}
		for _, e := range s.edges() {
			if in[e[0]] && in[e[1]] {
				sets.Union(e[0], e[1])
			}
		}
	}
	s.unitOf = make([]int32, s.Areas)
	for a := range int32(s.Areas) {
		if r := sets.Find(a); r == a {
			s.unitOf[a] = int32(s.units)
			s.first = append(s.first, a)
			s.units++
		} else {
			s.unitOf[a] = s.unitOf[r]
		}
	}
	s.areaStart, s.areaList = grouping.Members(s.unitOf, s.units)
}

// areasIn are a unit's areas.
func (s *Space) areasIn(unit int32) []int32 {
	return s.areaList[s.areaStart[unit]:s.areaStart[unit+1]]
}

// edges are the pairs and then the ties.
func (s *Space) edges() [][2]int32 { return slices.Concat(s.Pairs, s.Ties) }

// makeEdges makes the arcs of units: every pair of areas in two units is an
// edge of its own.
func (s *Space) makeEdges() {
	degree := make([]int32, s.units+1)
	for _, e := range s.edges() {
		a, b := s.unitOf[e[0]], s.unitOf[e[1]]
		if a != b {
			s.ends = append(s.ends, a, b)
			degree[a]++
			degree[b]++
		}
	}
	s.start = make([]int32, s.units+1)
	for u := range s.units {
		s.start[u+1] = s.start[u] + degree[u]
	}
	at := slices.Clone(s.start)
	s.arc = make([]int32, len(s.ends))
	for i := 0; i < len(s.ends); i += 2 {
		a, b := s.ends[i], s.ends[i+1]
		s.arc[at[a]], s.arc[at[b]] = b, a
		at[a]++
		at[b]++
	}
}

// makePeople adds up people by unit and widens the bounds by rounding.
func (s *Space) makePeople() {
	s.people, s.areaPeople = make([]float64, s.units), s.Demands.Population
	if s.areaPeople == nil || slices.ContainsFunc(s.areaPeople, math.IsNaN) {
		s.areaPeople = slices.Repeat([]float64{1}, s.Areas)
	}
	for a, u := range s.unitOf {
		s.people[u] += s.areaPeople[a]
		s.everyone += s.areaPeople[a]
	}
	room := s.everyone * 1e-9
	s.low, s.high = s.Demands.MinPopulation-room, math.Inf(1)
	if s.Demands.MaxPopulation > 0 {
		s.high = s.Demands.MaxPopulation + room
	}
}

// within says whether a part may have so many people.
func (s *Space) within(people float64) bool { return people >= s.low && people <= s.high }

// checkUnits refuses a graph in several pieces, fewer units than parts, and a
// unit that is too large.
func (s *Space) checkUnits() error {
	if k := s.Demands.Footprints; k > s.units {
		return footprint.Infeasible("%d footprints cannot be made of %d areas and groups that must be together: ask for %d or fewer", k, s.units, s.units)
	}
	for u, x := range s.people {
		if x > s.high {
			return footprint.Infeasible("%s alone has %.0f people, above max-population %.0f: raise it", s.name(int32(u)), x, s.Demands.MaxPopulation)
		}
	}
	sets := grouping.NewSets(s.units)
	for i := 0; i < len(s.ends); i += 2 {
		sets.Union(s.ends[i], s.ends[i+1])
	}
	if n := sets.Len(); n > 1 {
		return footprint.Infeasible("the areas lie in %d pieces of land without a common border, and no walk over maps leads from one to the other: "+
			"join the pieces with --links, or take one piece at a time", n)
	}
	return nil
}

// name names a unit by its first area.
func (s *Space) name(unit int32) string {
	if s.Matrix != nil {
		return footprint.NodeName(s.Matrix, s.first[unit])
	}
	return fmt.Sprintf("area %d", s.first[unit]+1)
}

// togetherGroups are the groups of areas that must share a part: those that
// Together and KeepWhole name, and those fixed in one footprint of Start.
func (s *Space) togetherGroups() [][]int32 {
	var out [][]int32
	for _, group := range s.Demands.Joined() {
		out = append(out, s.areasOf(group))
	}
	held := map[int32][]int32{}
	var order []int32
	for v, f := range s.Demands.FixedNodes() {
		if int(v) < s.Areas {
			if held[f] == nil {
				order = append(order, f)
			}
			held[f] = append(held[f], v)
		}
	}
	for _, f := range order {
		out = append(out, held[f])
	}
	return out
}

// areasOf keeps the areas of a group of nodes.
func (s *Space) areasOf(group []int32) (areas []int32) {
	for _, v := range group {
		if int(v) < s.Areas {
			areas = append(areas, v)
		}
	}
	return areas
}

// expand puts areas in the parts of their units.
func (s *Space) expand(unit, area []int32) {
	for a, u := range s.unitOf {
		area[a] = unit[u]
	}
}

// canonical renumbers labels from 0 in the order in which they appear.
func canonical(label []int32) {
	place := map[int32]int32{}
	for i, c := range label {
		p, ok := place[c]
		if !ok {
			p = int32(len(place))
			place[c] = p
		}
		label[i] = p
	}
}
