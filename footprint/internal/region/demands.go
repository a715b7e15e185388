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

// Demands are the Constraints of one run, checked against its matrix and put
// in the form in which footprints are merged.
type Demands struct {
	Matrix           *flow.Matrix
	Constraints      footprint.Constraints
	Areas, Providers int // providers is 0 in a one-mode matrix
	// Unit gives each node the group of nodes that it must stay with, from 0
	// in order of first member.
	Unit   []int32
	Units  int
	Tags   map[int32][]Tag // by node
	border [][]int32       // neighbours of each area; see neighbours
}

func (d *Demands) Nodes() int { return d.Areas + d.Providers }

// node names a node for a person.
func (d *Demands) node(v int32) string {
	if int(v) < d.Areas {
		return "area " + d.Matrix.Areas()[v]
	}
	return "provider " + d.Matrix.Providers()[int(v)-d.Areas]
}

// NewDemands checks c against m. The error is a *ParameterError where the
// demands contradict each other and an *InfeasibleError where the matrix
// cannot meet them.
func NewDemands(m *flow.Matrix, c footprint.Constraints) (*Demands, error) {
	d := &Demands{Matrix: m, Constraints: c, Areas: len(m.Areas())}
	if !m.OneMode() {
		d.Providers = len(m.Providers())
	}
	if err := d.checkBounds(); err != nil {
		return nil, err
	}
	if err := d.group(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Demands) checkBounds() error {
	c := &d.Constraints
	switch {
	case c.Footprints < 0:
		return footprint.BadParameter("footprints must be at least 1, not %d", c.Footprints)
	case !(c.MinPopulation >= 0) || !(c.MaxPopulation >= 0):
		return footprint.BadParameter("bounds of population must not be negative")
	case c.MaxPopulation > 0 && c.MinPopulation > c.MaxPopulation:
		return footprint.BadParameter("min-population %.0f is above max-population %.0f", c.MinPopulation, c.MaxPopulation)
	case !(c.MinLocalisation >= 0 && c.MinLocalisation <= 1):
		return footprint.BadParameter("min-localisation must lie in [0, 1], not %v", c.MinLocalisation)
	case !(c.MaxShare >= 0 && c.MaxShare <= 1):
		return footprint.BadParameter("max-share must lie in (0, 1], not %v", c.MaxShare)
	case c.Population != nil && len(c.Population) != d.Areas:
		return footprint.BadParameter("population has %d values for %d areas", len(c.Population), d.Areas)
	case c.Fixed != nil && c.Start == nil:
		return footprint.BadParameter("fix needs a starting partition")
	case c.Fixed != nil && len(c.Fixed) != d.Nodes():
		return footprint.BadParameter("fix has %d values for %d areas and providers", len(c.Fixed), d.Nodes())
	case c.Start != nil && (len(c.Start.Areas) != d.Areas || len(c.Start.Providers) != d.Providers):
		return footprint.BadParameter("the starting partition has %d areas and %d providers, the flows %d and %d",
			len(c.Start.Areas), len(c.Start.Providers), d.Areas, d.Providers)
	}
	k, most, what := c.Footprints, d.Areas, "areas"
	switch {
	case c.AllowSingleKind:
		most, what = d.Nodes(), "areas and providers"
	case d.Providers > 0 && d.Providers < most:
		most, what = d.Providers, "providers"
	}
	if k > most {
		return footprint.Infeasible("%d footprints cannot be made of %d %s: ask for %d or fewer", k, most, what, most)
	}
	if k > 0 && c.MaxShare > 0 && float64(k)*c.MaxShare < 1-1e-12 {
		return footprint.BadParameter("%d footprints with at most %v of the patients each cannot hold all of them: raise one of the two", k, c.MaxShare)
	}
	if c.MinPopulation == 0 && c.MaxPopulation == 0 {
		return d.checkAreas()
	}
	if c.Population == nil {
		return footprint.Infeasible("min-population and max-population need the population of the areas, and none is given")
	}
	people := 0.0
	for _, p := range c.Population {
		people += p
	}
	switch {
	case k > 0 && float64(k)*c.MinPopulation > people:
		return footprint.Infeasible("%d footprints of at least %.0f people need more than the %.0f there are: lower one of the two", k, c.MinPopulation, people)
	case k > 0 && c.MaxPopulation > 0 && float64(k)*c.MaxPopulation < people:
		return footprint.Infeasible("%d footprints of at most %.0f people cannot hold the %.0f there are: raise one of the two", k, c.MaxPopulation, people)
	case c.MinPopulation > people:
		return footprint.Infeasible("min-population %.0f is above the %.0f people there are: lower it", c.MinPopulation, people)
	}
	return d.checkAreas()
}

// checkAreas looks for an area that alone is above an upper bound.
func (d *Demands) checkAreas() error {
	total := d.Matrix.Total().Value
	for a, code := range d.Matrix.Areas() {
		if d.Constraints.MaxPopulation > 0 && d.Constraints.Population[a] > d.Constraints.MaxPopulation {
			return footprint.Infeasible("area %s alone has %.0f people, above max-population %.0f: raise it", code, d.Constraints.Population[a], d.Constraints.MaxPopulation)
		}
		if d.Constraints.MaxShare > 0 && d.Matrix.RowTotal(a) > d.Constraints.MaxShare*total {
			return footprint.Infeasible("area %s alone has more than max-share %v of the patients: raise it", code, d.Constraints.MaxShare)
		}
	}
	return nil
}

// group makes the units and tags out of Together, Apart, Start and Fixed.
func (d *Demands) group() error {
	n := d.Nodes()
	up := make([]int32, n)
	for i := range up {
		up[i] = int32(i)
	}
	join := func(a, b int32) {
		a, b = grouping.Root(up, a), grouping.Root(up, b)
		up[max(a, b)] = min(a, b)
	}
	for _, set := range [][][]int32{d.Constraints.Together, d.Constraints.Apart} {
		for _, g := range set {
			for _, v := range g {
				if v < 0 || int(v) >= n {
					return footprint.BadParameter("together and apart name node %d of %d", v, n)
				}
			}
		}
	}
	for _, g := range d.Constraints.Together {
		for _, v := range g[min(1, len(g)):] {
			join(g[0], v)
		}
	}
	d.Tags = map[int32][]Tag{}
	for i, g := range d.Constraints.Apart {
		for _, v := range slices.Compact(slices.Sorted(slices.Values(g))) {
			d.Tags[v] = append(d.Tags[v], Tag{int32(i), v})
		}
	}
	if d.Constraints.Fixed != nil {
		first := map[int32]int32{}
		for v := range int32(n) {
			l := d.startLabel(v)
			if !d.Constraints.Fixed[v] || l < 0 {
				continue
			}
			d.Tags[v] = append(d.Tags[v], Tag{-1, l})
			if f, ok := first[l]; ok {
				join(f, v)
			} else {
				first[l] = v
			}
		}
	}
	d.Unit = make([]int32, n)
	for v := range d.Unit {
		d.Unit[v] = grouping.Root(up, int32(v))
	}
	d.Units = grouping.Compact(d.Unit, n)

	// A unit must not hold what must be apart.
	held := make([][]int32, d.Units)
	for v := range int32(n) {
		if len(d.Tags[v]) > 0 {
			held[d.Unit[v]] = append(held[d.Unit[v]], v)
		}
	}
	for _, vs := range held {
		for i, v := range vs {
			for _, w := range vs[:i] {
				if Clash(d.Tags[v], d.Tags[w]) {
					return footprint.BadParameter("%s and %s must be together and must be apart: drop one of the demands", d.node(w), d.node(v))
				}
			}
		}
	}
	return nil
}

func (d *Demands) startLabel(v int32) int32 {
	if int(v) < d.Areas {
		return d.Constraints.Start.Areas[v]
	}
	return d.Constraints.Start.Providers[int(v)-d.Areas]
}

// StartOfUnits is the footprint of each unit in Start, packed; a unit that it
// does not place stands alone, one that it splits goes with its first node. It
// is nil where there is no Start.
func (d *Demands) StartOfUnits() []int32 {
	if d.Constraints.Start == nil {
		return nil
	}
	label := make([]int32, d.Units)
	for u := range label {
		label[u] = -1
	}
	first := map[int32]int32{} // unit that stands for each footprint
	for v, u := range d.Unit {
		f := d.startLabel(int32(v))
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

// Partition numbers the footprints that node labels make.
func (d *Demands) Partition(label []int32) footprint.Partition {
	p := footprint.Partition{Areas: slices.Clone(label[:d.Areas])}
	if d.Providers > 0 {
		p.Providers = slices.Clone(label[d.Areas:])
	}
	return p.Number(d.Matrix, d.Constraints.Population)
}
