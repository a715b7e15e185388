package footprint

import (
	"errors"
	"fmt"
	"math"

	"stpmap/footprint/internal/wording"
)

// Constraints are demands on the footprints of a partition, shared by all
// methods. The zero value demands nothing beyond a health system: at least one
// area, at least one provider, a localisation index above 0 and one connected
// piece in the flow network. (In a one-mode matrix: connectedness only.)
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
	// Fixed, where not nil, holds nodes to a footprint of Start: Fixed[node]
	// keeps it where Start puts it.
	Start *Partition
	Fixed []bool
	// AllowSingleKind lifts the rule that a footprint has areas and providers.
	AllowSingleKind bool
}

// InfeasibleError names a demand that the data cannot meet, and what to change.
type InfeasibleError struct{ Reason string }

func (e *InfeasibleError) Error() string { return e.Reason }

func Infeasible(format string, args ...any) error {
	return &InfeasibleError{Reason: fmt.Sprintf(format, args...)}
}

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

func IsInfeasible(err error) bool {
	var e *InfeasibleError
	return errors.As(err, &e)
}

func BadParameter(format string, args ...any) error {
	return &ParameterError{Reason: fmt.Sprintf(format, args...)}
}

// Check finds what is wrong with demands in themselves: wrong lengths,
// contradictions, numbers out of range.
func (c *Constraints) Check(areas, providers int) error {
	n := areas + providers
	switch {
	case c.Footprints < 0:
		return fmt.Errorf("number of footprints must be 1 or more, got %d", c.Footprints)
	case !(c.MinPopulation >= 0), !(c.MaxPopulation >= 0):
		return fmt.Errorf("bounds of population must be 0 or more, got %v and %v", c.MinPopulation, c.MaxPopulation)
	case c.MaxPopulation > 0 && c.MinPopulation > c.MaxPopulation:
		return Infeasible("the least population, %s, is above the largest, %s: lower the one or raise the other", wording.People(c.MinPopulation), wording.People(c.MaxPopulation))
	case !(c.MinLocalisation >= 0 && c.MinLocalisation <= 1):
		return fmt.Errorf("least localisation index must lie in 0 to 1, got %v", c.MinLocalisation)
	case !(c.MaxShare >= 0 && c.MaxShare <= 1):
		return fmt.Errorf("largest share must lie in 0 to 1, got %v", c.MaxShare)
	case c.Population != nil && len(c.Population) != areas:
		return fmt.Errorf("%d populations for %d areas", len(c.Population), areas)
	case c.Population == nil && (c.MinPopulation > 0 || c.MaxPopulation > 0):
		return Infeasible("a bound of population needs the population of each area, and none is given")
	case c.Fixed != nil && c.Start == nil:
		return Infeasible("nodes are fixed, but there is no partition to start from")
	case c.Fixed != nil && len(c.Fixed) != n:
		return fmt.Errorf("%d marks of fixed nodes for %d nodes", len(c.Fixed), n)
	case c.Start != nil && (len(c.Start.Areas) != areas || len(c.Start.Providers) != providers):
		return fmt.Errorf("the partition to start from has %d areas and %d providers, the matrix %d and %d", len(c.Start.Areas), len(c.Start.Providers), areas, providers)
	}
	for _, x := range c.Population {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("population of an area must be a number of 0 or more, got %v", x)
		}
	}
	for _, groups := range [...][][]int32{c.Together, c.Apart} {
		for _, group := range groups {
			for _, v := range group {
				if v < 0 || int(v) >= n {
					return fmt.Errorf("node %d of a group is not among the %d nodes", v, n)
				}
			}
		}
	}
	return nil
}

// StartOf is the footprint of a node in Start, areas first, as Fixed counts them.
func (c *Constraints) StartOf(node int) int32 {
	if areas := len(c.Start.Areas); node >= areas {
		return c.Start.Providers[node-areas]
	}
	return c.Start.Areas[node]
}
