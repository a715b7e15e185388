package footprint

import (
	"errors"
	"fmt"
	"slices"

	"stpmap/flow"
)

// UnsupportedError names a demand that a method has no way to honour.
type UnsupportedError struct {
	Method string // as the method is called on the command line
	Demand string // what was asked, in words
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s cannot honour %s", e.Method, e.Demand)
}

// ParameterError names a parameter whose value makes no sense, whatever the
// data, or two that contradict each other.
type ParameterError struct{ Reason string }

func (e *ParameterError) Error() string { return e.Reason }

func isInfeasible(err error) bool {
	var e *InfeasibleError
	return errors.As(err, &e)
}

func badParameter(format string, args ...any) error {
	return &ParameterError{Reason: fmt.Sprintf(format, args...)}
}

// tag keeps footprints apart: two nodes whose tags have the same group and
// different values may not share one.
type tag struct{ group, value int32 }

// demands are the Constraints of one run, checked against its matrix and put
// in the form in which footprints are merged.
type demands struct {
	m                *flow.Matrix
	c                Constraints
	areas, providers int // providers is 0 in a one-mode matrix
	// unit gives each node the group of nodes that it must stay with, from 0
	// in order of first member.
	unit   []int32
	units  int
	tags   map[int32][]tag // by node
	border [][]int32       // neighbours of each area; see neighbours
}

func (d *demands) nodes() int { return d.areas + d.providers }

// node names a node for a person.
func (d *demands) node(v int32) string {
	if int(v) < d.areas {
		return "area " + d.m.Areas()[v]
	}
	return "provider " + d.m.Providers()[int(v)-d.areas]
}

// newDemands checks c against m. The error is a *ParameterError where the
// demands contradict each other and an *InfeasibleError where the matrix
// cannot meet them.
func newDemands(m *flow.Matrix, c Constraints) (*demands, error) {
	d := &demands{m: m, c: c, areas: len(m.Areas())}
	if !m.OneMode() {
		d.providers = len(m.Providers())
	}
	if err := d.checkBounds(); err != nil {
		return nil, err
	}
	if err := d.group(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *demands) checkBounds() error {
	c := &d.c
	switch {
	case c.Footprints < 0:
		return badParameter("footprints must be at least 1, not %d", c.Footprints)
	case !(c.MinPopulation >= 0) || !(c.MaxPopulation >= 0):
		return badParameter("bounds of population must not be negative")
	case c.MaxPopulation > 0 && c.MinPopulation > c.MaxPopulation:
		return badParameter("min-population %.0f is above max-population %.0f", c.MinPopulation, c.MaxPopulation)
	case !(c.MinLocalisation >= 0 && c.MinLocalisation <= 1):
		return badParameter("min-localisation must lie in [0, 1], not %v", c.MinLocalisation)
	case !(c.MaxShare >= 0 && c.MaxShare <= 1):
		return badParameter("max-share must lie in (0, 1], not %v", c.MaxShare)
	case c.Population != nil && len(c.Population) != d.areas:
		return badParameter("population has %d values for %d areas", len(c.Population), d.areas)
	case c.Fixed != nil && c.Start == nil:
		return badParameter("fix needs a starting partition")
	case c.Fixed != nil && len(c.Fixed) != d.nodes():
		return badParameter("fix has %d values for %d areas and providers", len(c.Fixed), d.nodes())
	case c.Start != nil && (len(c.Start.Areas) != d.areas || len(c.Start.Providers) != d.providers):
		return badParameter("the starting partition has %d areas and %d providers, the flows %d and %d",
			len(c.Start.Areas), len(c.Start.Providers), d.areas, d.providers)
	}
	k, most, what := c.Footprints, d.areas, "areas"
	switch {
	case c.AllowSingleKind:
		most, what = d.nodes(), "areas and providers"
	case d.providers > 0 && d.providers < most:
		most, what = d.providers, "providers"
	}
	if k > most {
		return infeasible("%d footprints cannot be made of %d %s: ask for %d or fewer", k, most, what, most)
	}
	if k > 0 && c.MaxShare > 0 && float64(k)*c.MaxShare < 1-1e-12 {
		return badParameter("%d footprints with at most %v of the patients each cannot hold all of them: raise one of the two", k, c.MaxShare)
	}
	if c.MinPopulation == 0 && c.MaxPopulation == 0 {
		return d.checkAreas()
	}
	if c.Population == nil {
		return infeasible("min-population and max-population need the population of the areas, and none is given")
	}
	people := 0.0
	for _, p := range c.Population {
		people += p
	}
	switch {
	case k > 0 && float64(k)*c.MinPopulation > people:
		return infeasible("%d footprints of at least %.0f people need more than the %.0f there are: lower one of the two", k, c.MinPopulation, people)
	case k > 0 && c.MaxPopulation > 0 && float64(k)*c.MaxPopulation < people:
		return infeasible("%d footprints of at most %.0f people cannot hold the %.0f there are: raise one of the two", k, c.MaxPopulation, people)
	case c.MinPopulation > people:
		return infeasible("min-population %.0f is above the %.0f people there are: lower it", c.MinPopulation, people)
	}
	return d.checkAreas()
}

// checkAreas looks for an area that alone is above an upper bound.
func (d *demands) checkAreas() error {
	total := d.m.Total().Value
	for a, code := range d.m.Areas() {
		if d.c.MaxPopulation > 0 && d.c.Population[a] > d.c.MaxPopulation {
			return infeasible("area %s alone has %.0f people, above max-population %.0f: raise it", code, d.c.Population[a], d.c.MaxPopulation)
		}
		if d.c.MaxShare > 0 && d.m.RowTotal(a) > d.c.MaxShare*total {
			return infeasible("area %s alone has more than max-share %v of the patients: raise it", code, d.c.MaxShare)
		}
	}
	return nil
}

// group makes the units and tags out of Together, Apart, Start and Fixed.
func (d *demands) group() error {
	n := d.nodes()
	up := make([]int32, n)
	for i := range up {
		up[i] = int32(i)
	}
	join := func(a, b int32) {
		a, b = root(up, a), root(up, b)
		up[max(a, b)] = min(a, b)
	}
	for _, set := range [][][]int32{d.c.Together, d.c.Apart} {
		for _, g := range set {
			for _, v := range g {
				if v < 0 || int(v) >= n {
					return badParameter("together and apart name node %d of %d", v, n)
				}
			}
		}
	}
	for _, g := range d.c.Together {
		for _, v := range g[min(1, len(g)):] {
			join(g[0], v)
		}
	}
	d.tags = map[int32][]tag{}
	for i, g := range d.c.Apart {
		for _, v := range slices.Compact(slices.Sorted(slices.Values(g))) {
			d.tags[v] = append(d.tags[v], tag{int32(i), v})
		}
	}
	if d.c.Fixed != nil {
		first := map[int32]int32{}
		for v := range int32(n) {
			l := d.startLabel(v)
			if !d.c.Fixed[v] || l < 0 {
				continue
			}
			d.tags[v] = append(d.tags[v], tag{-1, l})
			if f, ok := first[l]; ok {
				join(f, v)
			} else {
				first[l] = v
			}
		}
	}
	d.unit = make([]int32, n)
	for v := range d.unit {
		d.unit[v] = root(up, int32(v))
	}
	d.units = compactLabels(d.unit, n)

	// A unit must not hold what must be apart.
	held := make([][]int32, d.units)
	for v := range int32(n) {
		if len(d.tags[v]) > 0 {
			held[d.unit[v]] = append(held[d.unit[v]], v)
		}
	}
	for _, vs := range held {
		for i, v := range vs {
			for _, w := range vs[:i] {
				if clash(d.tags[v], d.tags[w]) {
					return badParameter("%s and %s must be together and must be apart: drop one of the demands", d.node(w), d.node(v))
				}
			}
		}
	}
	return nil
}

func (d *demands) startLabel(v int32) int32 {
	if int(v) < d.areas {
		return d.c.Start.Areas[v]
	}
	return d.c.Start.Providers[int(v)-d.areas]
}

// startOfUnits is the footprint of each unit in Start, packed; a unit that it
// does not place stands alone, one that it splits goes with its first node. It
// is nil where there is no Start.
func (d *demands) startOfUnits() []int32 {
	if d.c.Start == nil {
		return nil
	}
	label := make([]int32, d.units)
	for u := range label {
		label[u] = -1
	}
	first := map[int32]int32{} // unit that stands for each footprint
	for v, u := range d.unit {
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
	compactLabels(label, d.units)
	return label
}

func clash(x, y []tag) bool {
	for _, a := range x {
		for _, b := range y {
			if a.group == b.group && a.value != b.value {
				return true
			}
		}
	}
	return false
}

// root finds the representative of i and shortens the way to it.
func root(up []int32, i int32) int32 {
	for up[i] != i {
		up[i] = up[up[i]]
		i = up[i]
	}
	return i
}

// partition numbers the footprints that node labels make.
func (d *demands) partition(label []int32) Partition {
	p := Partition{Areas: slices.Clone(label[:d.areas])}
	if d.providers > 0 {
		p.Providers = slices.Clone(label[d.areas:])
	}
	return p.Number(d.m, d.c.Population)
}
