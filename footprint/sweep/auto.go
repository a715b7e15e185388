package sweep

import (
	"context"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
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
	Partition footprint.Partition // of the setting chosen: its best run
	Setting   SettingSummary      // with the number of footprints and the resolution
	Reasons   []string
	Runs      int // runs of the sweep
}

// autoBudget bounds the work of Auto: flows times runs.
const autoBudget = 20_000_000

// Auto chooses the number of footprints by a sweep over resolutions and the
// rule of Recommend. The sweep has 40 resolutions with 20 seeds each where the
// matrix has 25,000 flows or fewer, and fewer of both beyond, but at least 12
// resolutions and 2 seeds.
func Auto(ctx context.Context, m *flow.Matrix, o AutoOptions) (AutoChoice, error) {
	if m.Len() == 0 {
		return AutoChoice{}, footprint.Infeasible("no patients in the flows: nothing to cluster")
	}
	resolutions, seeds := autoSize(m.Len())
	s := Sweep{Seeds: seeds, Seed: o.Seed, Jobs: o.Jobs, Progress: o.Progress, Constraints: footprint.Constraints{Population: numbering(o.Population)}}
	method := "leiden"
	if o.Louvain {
		method = "louvain"
	}
	for _, gamma := range DefaultResolutions(m, o.Quality, resolutions) {
		s.Settings = append(s.Settings, Setting{Method: method, Quality: o.Quality, Resolution: gamma})
	}
	runs := NewRuns(len(s.Tasks()))
	if err := s.Run(ctx, m, runs.Missing(1, 1), runs.Put); err != nil {
		return AutoChoice{}, err
	}
	c, err := s.Summarise(ctx, m, runs, Options{Population: o.Population, Scale: o.Scale, Jobs: o.Jobs})
	if err != nil {
		return AutoChoice{}, err
	}
	k := c.Recommendation.Setting
	if k < 0 {
		return AutoChoice{}, footprint.Infeasible("no setting of the sweep gave footprints: give --footprints or --resolution")
	}
	return AutoChoice{
		Partition: c.Results[c.Representatives[k]].Partition, Setting: c.Settings[k],
		Reasons: slices.Clone(c.Recommendation.Reasons), Runs: len(c.Runs),
	}, nil
}

// autoSize is the size of Auto's sweep on a matrix of so many flows.
func autoSize(flows int) (resolutions, seeds int) {
	runs := autoBudget / max(1, flows)
	if runs >= 800 {
		return 40, 20
	}
	seeds = max(2, int(math.Sqrt(float64(runs)/4)))
	return min(40, max(12, runs/seeds)), seeds
}
