package footprint

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
