package leiden

import (
	"context"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/leiden/internal/optimise"
)

// Leiden maximises a quality with the Leiden algorithm (Traag, Waltman and van
// Eck 2019, doi:10.1038/s41598-019-41695-z), complete with refinement and
// repeated until nothing moves. Refinement takes the best part, the limit of
// the paper's random choice for θ → 0. The zero value works.
type Leiden struct {
	Resolution  float64             // γ of the quality; 0 means 1
	Quality     footprint.Quality   // what is maximised; Modularity where it is not set
	Seed        uint64              // same seed and matrix, same partition
	Restarts    int                 // runs, of which the best is kept; 0 means 1; ties go to the earliest
	Objective   footprint.Objective // of an exact number of footprints
	Effort      int                 // of the search for an exact number, 1 to 10; 0 means 3
	Jobs        int                 // runs at a time; 0 means GOMAXPROCS; never changes the result
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

// Louvain is Leiden without refinement (Blondel et al. 2008,
// doi:10.1088/1742-5468/2008/10/P10008), for comparison. Footprints that come
// out in several pieces of the flow network are split. The zero value works.
type Louvain struct {
	Resolution  float64             // γ of the quality; 0 means 1
	Quality     footprint.Quality   // what is maximised; Modularity where it is not set
	Seed        uint64              // same seed and matrix, same partition
	Restarts    int                 // runs, of which the best is kept; 0 means 1; ties go to the earliest
	Objective   footprint.Objective // of an exact number of footprints
	Effort      int                 // of the search for an exact number, 1 to 10; 0 means 3
	Jobs        int                 // runs at a time; 0 means GOMAXPROCS; never changes the result
	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var (
	_ footprint.Method = Leiden{}
	_ footprint.Method = Louvain{}
)

// defaultEffort is the effort where none is asked for.
const defaultEffort = 3

// fewNodes is the number of nodes below which a round of the search is cheap.
const fewNodes = 200

// searches gives the number of searches for an exact number of footprints, and
// the rounds of each. Small networks take more rounds, each of which is cheap, and
// large ones fewer.
func (l *Leiden) searches(nodes int) (chains, rounds int) {
	effort := l.Effort
	if effort == 0 {
		effort = defaultEffort
	}
	rounds = min(20, 2*effort*effort)
	if nodes < fewNodes {
		rounds *= min(4, fewNodes/max(1, nodes))
	}
	if nodes >= optimise.SmallNetwork { // each round is long
		return min(max(1, l.Restarts), max(1, effort/4)), max(2, effort*effort/2+1)
	}
	if nodes < fewNodes && l.Objective == footprint.StrongestWeakest {
		effort *= 2 // one footprint decides, so that the starts matter more
	}
	return min(max(1, l.Restarts), effort), rounds
}

// Partition implements Method.
func (l Leiden) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	return l.partition(ctx, m, true)
}

// Partition implements Method.
func (l Louvain) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	return Leiden(l).partition(ctx, m, false)
}

func (l Leiden) partition(ctx context.Context, m *flow.Matrix, refine bool) (footprint.Partition, error) {
	e, err := NewEngine(m, l.Quality)
	if err != nil {
		return footprint.Partition{}, err
	}
	return e.cluster(ctx, l, refine)
}

// LeidenMethod describes Leiden to the registry.
var LeidenMethod = footprint.Description{
	Name: "leiden", Title: "best of a quality, with refinement (Traag, Waltman and van Eck 2019)",
	Seeded: true, Resolution: true, Quality: true, Levels: true, Objectives: true,
	New: func(s footprint.Settings) (footprint.Method, error) { return fromSettings(s), nil },
}

// LouvainMethod describes Louvain to the registry.
var LouvainMethod = footprint.Description{
	Name: "louvain", Title: "best of a quality, without refinement (Blondel et al. 2008)",
	Seeded: true, Resolution: true, Quality: true, Objectives: true,
	New: func(s footprint.Settings) (footprint.Method, error) { return Louvain(fromSettings(s)), nil },
}

func fromSettings(s footprint.Settings) Leiden {
	return Leiden{
		Resolution: s.Resolution, Quality: s.Quality, Objective: s.Objective, Effort: s.Effort, Seed: s.Seed, Restarts: s.Restarts, Jobs: s.Jobs,
		Constraints: s.Constraints, Progress: s.Progress,
	}
}
