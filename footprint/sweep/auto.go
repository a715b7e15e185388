package sweep

import (
	"context"
	"fmt"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/wording"
	"stpmap/footprint/leiden"
)

// LogResolutions is n resolutions from one number to another, both above 0, in
// equal ratios.
func LogResolutions(from, to float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = from
		if i > 0 {
			out[i] = from * portable.Pow(to/from, float64(i)/float64(n-1))
		}
	}
	if n > 1 {
		out[n-1] = to
	}
	return out
}

// DefaultResolutions is the sweep's default range, 0.2 to 17 in equal ratios,
// for a quality on a matrix. The constant Potts model counts γ in patients per
// pair of nodes, so there the numbers are multiples of the mean flow of a pair.
func DefaultResolutions(m *flow.Matrix, q footprint.Quality, n int) []float64 {
	scale := 1.0
	if nodes := float64(graph.Nodes(m)); q == footprint.CPM && nodes > 1 && m.Total().Value > 0 {
		scale = m.Total().Value / (nodes * (nodes - 1) / 2)
	}
	return LogResolutions(0.2*scale, 17*scale, n)
}

// AutoOptions are the options of Auto; the zero value works.
type AutoOptions struct {
	Louvain    bool // sweep with Louvain, not Leiden
	Quality    footprint.Quality
	Seed       uint64
	Jobs       int                // runs at a time; 0 means GOMAXPROCS; never changes the result
	Population []float64          // by area, NaN where not known; nil if not known
	Scale      PlanningScale      // zero means DefaultScale
	Progress   footprint.Progress // nil is silent
}

// AutoChoice is what Auto chose, and why.
type AutoChoice struct {
	Partition footprint.Partition // of so many footprints
	Number    NumberChoice        // its Footprints are 0 where the flows support none
	Reasons   []string
}

// wideFlows is the number of flows from which on Auto searches with the least
// effort.
const wideFlows = 50_000

// Auto chooses the number of footprints by the rule of ChooseNumber, and makes a
// map of so many, of the scale where one can be made. Where the rule recommends
// no number, it is that of the highest modularity.
func Auto(ctx context.Context, m *flow.Matrix, o AutoOptions) (AutoChoice, error) {
	if m.Len() == 0 {
		return AutoChoice{}, footprint.Infeasible("no patients in the flows: nothing to cluster")
	}
	number, err := ChooseNumber(ctx, m, NumberOptions{Population: o.Population, Scale: o.Scale, Jobs: o.Jobs, Progress: o.Progress})
	if err != nil {
		return AutoChoice{}, err
	}
	if number.Footprints == 0 {
		p, err := leidenRun(ctx, m, 1)
		if err != nil {
			return AutoChoice{}, err
		}
		number.Footprints, number.Resolution, number.Fits = p.Len(), 1, false
		number.because("so the number of the map of highest modularity is taken: %s", wording.Counted(p.Len(), "footprint"))
	}
	choice := AutoChoice{Number: number, Reasons: number.Reasons}
	l := leiden.Leiden{Quality: o.Quality, Seed: o.Seed, Jobs: o.Jobs, Constraints: footprint.Constraints{Population: numbering(o.Population)}}
	if m.Len() > wideFlows {
		l.Effort = 1
	}
	scale := o.Scale.orDefault()
	choice.Partition, err = o.method(number.search(scale, l)).Partition(ctx, m)
	if footprint.IsInfeasible(err) && number.Fits {
		choice.Reasons = append(choice.Reasons, fmt.Sprintf("no map of so many meets the scale, so it is left out (%v)", err))
		choice.Number.Fits, number.Fits = false, false
		choice.Partition, err = o.method(number.search(scale, l)).Partition(ctx, m)
	}
	return choice, err
}

// method is the search with the method asked for.
func (o AutoOptions) method(l leiden.Leiden) footprint.Method {
	if o.Louvain {
		return leiden.Louvain(l)
	}
	return l
}
