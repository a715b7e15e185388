package footprint

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/wording"
)

// Constraints are demands on the footprints of a partition, shared by all
// methods. The zero value demands nothing beyond a health system: at least one
// area, at least one provider, one connected piece in the flow network, and what
// Floor says. (In a one-mode matrix: connectedness only.)
//
// A method that cannot honour a demand says so by name in its error.
type Constraints struct {
	// Footprints is the exact number wanted; 0 leaves it to the method.
	Footprints int
	// Contiguous, where not nil, asks that each footprint's areas are connected
	// through borders of positive length. An area without any neighbour (an
	// island) is exempt.
	Contiguous Adjacency
	// Population of each area, by index; needed by the two bounds below and
	// used to number the footprints. nil: patients take its place in numbering.
	Population []float64
	// MinPopulation and MaxPopulation bound a footprint's people; 0 is no bound.
	MinPopulation, MaxPopulation float64
	// MinLocalisation is the least localisation index of a footprint, in [0, 1].
	MinLocalisation float64
	// MaxShare is the largest share of all patients one footprint may hold, in
	// (0, 1]; 0 is no bound.
	MaxShare float64
	// Together lists groups of nodes that must share a footprint; Apart lists
	// groups no two nodes of which may. A node is an area's index, or the
	// number of areas plus a provider's index.
	Together, Apart [][]int32
	// KeepWhole lists units of areas, each of which stays in one footprint.
	KeepWhole []Unit
	// MinProviders is the least number of providers of a footprint; 0 asks for
	// none beyond a health system. CountedProviders, where not nil, says of each
	// provider whether it counts, as those of some types do.
	MinProviders     int
	CountedProviders []bool
	// Fixed, where not nil, holds nodes to a footprint of Start: Fixed[node]
	// keeps it where Start puts it.
	Start *Partition
	Fixed []bool
	// AllowSingleKind lifts the rule that a footprint has areas and providers.
	AllowSingleKind bool
	// AllowDegenerate lifts the floor of what a health system is; see Floor.
	AllowDegenerate bool
}

// Check finds demands that cannot be met, before any work is done. It is the
// same for every method. The error is a *ParameterError where demands make no
// sense or contradict each other, whatever the matrix, and an *InfeasibleError
// where no partition of this matrix can meet them.
func (c *Constraints) Check(m *flow.Matrix) error {
	return c.CheckCounts(m, m.RowTotal, m.Total().Value)
}

// CheckCounts is Check for a matrix whose counts are replaced, as in a
// resample: patients gives those of each area, total those of all.
func (c *Constraints) CheckCounts(m *flow.Matrix, patients func(area int) float64, total float64) error {
	k := &check{Constraints: c, m: m, areas: len(m.Areas()), patients: patients, total: total}
	if !m.OneMode() {
		k.providers = len(m.Providers())
	}
	for _, step := range k.steps() {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// check looks at demands step by step.
type check struct {
	*Constraints
	m                *flow.Matrix
	areas, providers int // providers is 0 in a one-mode matrix
	patients         func(area int) float64
	total            float64
	// unit is one set for all nodes that must share a footprint: what Together
	// says and, from fixed on, the nodes fixed in one footprint.
	unit grouping.Sets
}

// steps are contradictions first, then what the matrix rules out.
func (k *check) steps() []func() error {
	return []func() error{
		k.values, k.lengths, k.nodes, k.units, k.number, k.together, k.fixed, k.apart,
		k.most, k.hospitals, k.people, k.largest, k.whole, k.pieces,
	}
}

// values looks at each number by itself, and at the two bounds of population.
func (k *check) values() error {
	switch {
	case k.Footprints < 0:
		return BadParameter("footprints must be 1 or more, not %d", k.Footprints)
	case !(k.MinPopulation >= 0), !(k.MaxPopulation >= 0):
		return BadParameter("min-population and max-population must be 0 or more, not %v and %v", k.MinPopulation, k.MaxPopulation)
	case k.MaxPopulation > 0 && k.MinPopulation > k.MaxPopulation:
		return BadParameter("min-population %s is above max-population %s: lower the first or raise the second",
			wording.People(k.MinPopulation), wording.People(k.MaxPopulation))
	case !(k.MinLocalisation >= 0 && k.MinLocalisation <= 1):
		return BadParameter("min-localisation must be from 0 to 1, not %v", k.MinLocalisation)
	case !(k.MaxShare >= 0 && k.MaxShare <= 1):
		return BadParameter("max-share must be above 0, up to 1, not %v", k.MaxShare)
	case k.MinProviders < 0:
		return BadParameter("min-providers must be 0 or more, not %d", k.MinProviders)
	}
	return nil
}

// lengths looks at lists that go with the matrix.
func (k *check) lengths() error {
	switch {
	case k.Population != nil && len(k.Population) != k.areas:
		return BadParameter("there are %d populations for %d areas", len(k.Population), k.areas)
	case k.CountedProviders != nil && len(k.CountedProviders) != k.providers:
		return BadParameter("there are %d marks of providers that count for %d providers", len(k.CountedProviders), k.providers)
	case k.Fixed != nil && k.Start == nil:
		return BadParameter("fix needs a partition to start from, and there is none")
	case k.Fixed != nil && len(k.Fixed) != k.areas+k.providers:
		return BadParameter("there are %d marks of fixed nodes for %d areas and providers", len(k.Fixed), k.areas+k.providers)
	case k.Start != nil && (len(k.Start.Areas) != k.areas || len(k.Start.Providers) != k.providers):
		return BadParameter("the partition to start from has %d areas and %d providers, the flows %d and %d",
			len(k.Start.Areas), len(k.Start.Providers), k.areas, k.providers)
	}
	for _, x := range k.Population {
		if !(x >= 0) || math.IsInf(x, 0) {
			return BadParameter("the population of an area must be a number of 0 or more, not %v", x)
		}
	}
	return nil
}

// nodes looks for members of groups that are no node.
func (k *check) nodes() error {
	n := k.areas + k.providers
	for _, v := range slices.Concat(slices.Concat(k.Together, k.Apart)...) {
		if v < 0 || int(v) >= n {
			return BadParameter("a group names node %d, and there are %d areas and providers", v, n)
		}
	}
	return nil
}

// number compares the number of footprints with what one may hold.
func (k *check) number() error {
	if n := k.Footprints; n > 0 && k.MaxShare > 0 && float64(n)*k.MaxShare < 1-1e-12 {
		return BadParameter("%d footprints with at most %v of all patients each (max-share) cannot hold all: ask for %d or more, or raise max-share",
			n, k.MaxShare, int(math.Ceil(1/k.MaxShare-1e-9)))
	}
	return nil
}

// together makes the units.
func (k *check) together() error {
	k.unit = grouping.NewSets(k.areas + k.providers)
	for _, group := range k.Joined() {
		for _, v := range group {
			k.unit.Union(group[0], v)
		}
	}
	return nil
}

// fixed looks for fixed nodes that Start does not place, that other demands
// bring together with those of another footprint, or that need too many
// footprints. It joins those of one footprint.
func (k *check) fixed() error {
	held, first := map[int32]int32{}, map[int32]int32{} // a fixed node of each unit; of each footprint
	for v, f := range k.FixedNodes() {
		if f < 0 {
			return BadParameter("%s is fixed, but the partition to start from does not place it: place it, or do not fix it", k.node(v))
		}
		u := k.unit.Find(v)
		if w, ok := held[u]; ok && k.StartOf(int(w)) != f {
			return BadParameter("%s and %s are fixed in different footprints, and must be together%s: drop one of the demands", k.node(w), k.node(v), k.InUnit(w, v))
		}
		held[u] = v
		if _, ok := first[f]; !ok {
			first[f] = v
		}
	}
	if n := k.Footprints; n > 0 && len(first) > n {
		return BadParameter("nodes are fixed in %d footprints, and %d are asked for: ask for %d or more, or fix fewer", len(first), n, len(first))
	}
	for v, f := range k.FixedNodes() {
		k.unit.Union(first[f], v)
	}
	return nil
}

// apart looks for units that hold what must be apart, and for groups that need
// more footprints than are asked for.
func (k *check) apart() error {
	for _, group := range k.Apart {
		if err := k.apartIn(group); err != nil {
			return err
		}
	}
	return nil
}

func (k *check) apartIn(group []int32) error {
	seen := map[int32]int32{}
	for _, v := range group {
		u := k.unit.Find(v)
		if w, ok := seen[u]; ok && w != v {
			return BadParameter("%s and %s must be together%s and must be apart: drop one of the demands", k.node(w), k.node(v), k.InUnit(w, v))
		}
		seen[u] = v
	}
	if n := k.Footprints; n > 0 && len(seen) > n {
		return BadParameter("%s and %d others must all be apart, which needs %d footprints, and %d are asked for: ask for %d or more",
			k.node(group[0]), len(seen)-1, len(seen), n, len(seen))
	}
	return nil
}

// most compares the number of footprints with the areas and providers there
// are: each footprint needs one of both.
func (k *check) most() error {
	most, what := k.areas, "areas"
	switch {
	case k.AllowSingleKind:
		most, what = k.areas+k.providers, "areas and providers"
	case k.providers > 0 && k.providers < most:
		most, what = k.providers, "providers"
	}
	if n := k.Footprints; n > most {
		return Infeasible("%d footprints cannot be made of %d %s: ask for %d or fewer", n, most, what, most)
	}
	return nil
}

// people compares the bounds of population with the people there are.
func (k *check) people() error {
	if k.MinPopulation == 0 && k.MaxPopulation == 0 {
		return nil
	}
	if k.Population == nil {
		return Infeasible("min-population and max-population need the population of each area, and none is given")
	}
	all := 0.0
	for _, x := range k.Population {
		all += x
	}
	n, low, high := float64(k.Footprints), k.MinPopulation, k.MaxPopulation
	switch {
	case n > 0 && n*low > all:
		return Infeasible("%d footprints of %s people or more need %s people, and there are %s: ask for %d or fewer, or lower min-population",
			k.Footprints, wording.People(low), wording.People(n*low), wording.People(all), int(all/low))
	case n > 0 && high > 0 && n*high < all:
		return Infeasible("%d footprints of %s people or fewer hold %s people, and there are %s: ask for %d or more, or raise max-population",
			k.Footprints, wording.People(high), wording.People(n*high), wording.People(all), int(math.Ceil(all/high)))
	case low > all:
		return Infeasible("min-population %s is above the %s people of all areas: lower it", wording.People(low), wording.People(all))
	}
	return nil
}

// largest looks for units that alone are above an upper bound.
func (k *check) largest() error {
	if k.MaxPopulation == 0 && (k.MaxShare == 0 || k.MaxShare == 1) {
		return nil
	}
	n := k.areas + k.providers
	people, patients, areas := make([]float64, n), make([]float64, n), make([]int, n)
	for a := range k.areas {
		u := k.unit.Find(int32(a))
		areas[u]++
		patients[u] += k.patients(a)
		if k.Population != nil {
			people[u] += k.Population[a]
		}
	}
	for u := range n {
		if k.MaxPopulation > 0 && people[u] > k.MaxPopulation {
			return Infeasible("%s people, above max-population %s: raise it", k.alone(int32(u), areas[u])+wording.People(people[u]), wording.People(k.MaxPopulation))
		}
		if k.MaxShare > 0 && k.MaxShare < 1 && patients[u] > k.MaxShare*k.total {
			return Infeasible("%smore than %v of all patients: raise max-share", k.alone(int32(u), areas[u]), k.MaxShare)
		}
	}
	return nil
}

// pieces compares the number of footprints with the unconnected pieces of the
// flow network, and with those of the land.
func (k *check) pieces() error {
	if k.Footprints == 0 {
		return nil
	}
	network := slices.Clone(k.unit)
	graph.EachPair(k.m, func(_, area int, other int32) {
		if k.providers > 0 {
			other += int32(k.areas)
		}
		network.Union(int32(area), other)
	})
	if err := k.CheckPieces(network.Len()); err != nil {
		return err
	}
	if k.Contiguous == nil {
		return nil
	}
	ground, land := GroundOf(k.Contiguous, k.areas), slices.Clone(k.unit)
	ground.Join(make([]int32, k.areas), land)
	pieces := map[int32]bool{}
	for a := range int32(k.areas) {
		if ground.Landed(a) {
			pieces[land.Find(a)] = true
		}
	}
	if n := len(pieces); n > k.Footprints {
		return Infeasible("the areas lie in %d pieces of land without a common border, and footprints in one piece cannot span them: ask for %d or more", n, n)
	}
	return nil
}

// CheckPieces compares the number of footprints with the unconnected pieces of
// a flow network: each needs a footprint of its own.
func (c *Constraints) CheckPieces(pieces int) error {
	if k := c.Footprints; k > 0 && k < pieces {
		return Infeasible("%d footprints are too few: the flow network falls into %d unconnected pieces, and each needs a footprint of its own; ask for %d or more", k, pieces, pieces)
	}
	return nil
}

// alone begins a sentence about a unit, named by its first node.
func (k *check) alone(unit int32, areas int) string {
	if name, ok := k.UnitOf(unit); ok && areas > 1 {
		return fmt.Sprintf("unit %s, which is to stay whole, and all that must be with it, %d areas in all, have ", name, areas)
	}
	if areas > 1 {
		return fmt.Sprintf("%s and the areas that must be with it, %d in all, have ", k.node(unit), areas)
	}
	return k.node(unit) + " alone has "
}

func (k *check) node(v int32) string { return NodeName(k.m, v) }

// StartOf is the footprint of a node in Start, areas first, as Fixed counts them.
func (c *Constraints) StartOf(node int) int32 {
	if areas := len(c.Start.Areas); node >= areas {
		return c.Start.Providers[node-areas]
	}
	return c.Start.Areas[node]
}

// FixedNodes yields the fixed nodes with their footprints in Start, negative for
// one that Start does not place.
func (c *Constraints) FixedNodes() iter.Seq2[int32, int32] {
	return func(yield func(node, footprint int32) bool) {
		for i, is := range c.Fixed {
			if is && !yield(int32(i), c.StartOf(i)) {
				return
			}
		}
	}
}

// NodeName names a node for a person, as "area E01" or "provider RJ1".
func NodeName(m *flow.Matrix, node int32) string {
	areas := m.Areas()
	if int(node) < len(areas) {
		return "area " + areas[node]
	}
	return "provider " + m.Providers()[int(node)-len(areas)]
}
