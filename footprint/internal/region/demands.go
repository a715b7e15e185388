package region

import (
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
)

// Tag keeps footprints apart: two nodes whose tags have the same group and
// different values may not share one.
type Tag struct{ group, value int32 }

// Clash says whether the holders of two lists of tags may not share a
// footprint.
func Clash(x, y []Tag) bool {
	for _, a := range x {
		for _, b := range y {
			if a.group == b.group && a.value != b.value {
				return true
			}
		}
	}
	return false
}

// Demands are the Constraints of one run, checked against its matrix and put
// in the form in which footprints are merged.
type Demands struct {
	Matrix           *flow.Matrix
	Constraints      footprint.Constraints
	Ground           *footprint.Ground // of areas; nil where contiguity is not asked
	Areas, Providers int               // Providers is 0 in a one-mode matrix
	// Unit gives each node the group of nodes that it must stay with, from 0
	// in order of first member.
	Unit  []int32
	Units int
	Tags  map[int32][]Tag // by node

	degenerate []int32 // first nodes of what had to join others; see noteDegenerate
}

// NewDemands checks c against m; the error is that of Constraints.Check.
func NewDemands(m *flow.Matrix, c footprint.Constraints) (*Demands, error) {
	if err := c.Check(m); err != nil {
		return nil, err
	}
	d := &Demands{Matrix: m, Constraints: c, Areas: len(m.Areas()), Tags: map[int32][]Tag{}}
	if !m.OneMode() {
		d.Providers = len(m.Providers())
	}
	if c.Contiguous != nil {
		d.Ground = footprint.GroundOf(c.Contiguous, d.Areas)
	}
	for i, g := range c.Apart {
		for _, v := range slices.Compact(slices.Sorted(slices.Values(g))) {
			d.Tags[v] = append(d.Tags[v], Tag{int32(i), v})
		}
	}
	units := grouping.NewSets(d.Nodes())
	for _, g := range c.Joined() {
		for _, v := range g {
			units.Union(g[0], v)
		}
	}
	d.fix(units)
	d.Unit, d.Units = units.Labels()
	return d, nil
}

// fix tags fixed nodes with their footprint, and joins those of one footprint.
func (d *Demands) fix(units grouping.Sets) {
	first := map[int32]int32{}
	for v, f := range d.Constraints.FixedNodes() {
		d.Tags[v] = append(d.Tags[v], Tag{-1, f})
		if w, ok := first[f]; ok {
			units.Union(w, v)
		} else {
			first[f] = v
		}
	}
}

// Nodes is the number of areas and providers.
func (d *Demands) Nodes() int { return d.Areas + d.Providers }

// Provider is the node of a provider, or in a one-mode matrix of a place.
func (d *Demands) Provider(provider int32) int32 {
	if d.Providers > 0 {
		return int32(d.Areas) + provider
	}
	return provider
}

// node names a node for a person.
func (d *Demands) node(v int32) string { return footprint.NodeName(d.Matrix, v) }

// loose is d as if nothing had to be together.
func (d *Demands) loose() *Demands {
	free := *d
	free.Units = d.Nodes()
	return &free
}

// Fits says whether a footprint may hold so many people and patients.
func (d *Demands) Fits(people, patients float64) bool {
	c := &d.Constraints
	return (c.MaxPopulation == 0 || people <= c.MaxPopulation) &&
		(c.MaxShare == 0 || patients <= c.MaxShare*d.Matrix.Total().Value)
}

// People is the population of an area; 0 where it is not known.
func (d *Demands) People(area int32) float64 {
	if d.Constraints.Population == nil {
		return 0
	}
	return d.Constraints.Population[area]
}

// StartOfUnits is the footprint of each unit in Start, packed; a unit that it
// does not place stands alone, one that it splits goes with its first node. It
// is nil where there is no Start.
func (d *Demands) StartOfUnits() []int32 {
	if d.Constraints.Start == nil {
		return nil
	}
	label := slices.Repeat([]int32{-1}, d.Units)
	first := map[int32]int32{} // unit that stands for each footprint
	for v, u := range d.Unit {
		f := d.Constraints.StartOf(v)
		if f < 0 || label[u] >= 0 {
			continue
		}
		if _, ok := first[f]; !ok {
			first[f] = u
		}
		label[u] = first[f]
	}
	for u, l := range label {
		if l < 0 {
			label[u] = int32(u)
		}
	}
	grouping.Compact(label, d.Units)
	return label
}

// Partition numbers the footprints that node labels make.
func (d *Demands) Partition(label []int32) footprint.Partition {
	p := footprint.Partition{Areas: slices.Clone(label[:d.Areas])}
	if d.Providers > 0 {
		p.Providers = slices.Clone(label[d.Areas:])
	}
	return p.Number(d.Matrix, d.Constraints.Population)
}
