package sweep

import (
	"context"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/internal/work"
)

// RunSummary is one run of a sweep on the flows as they are.
type RunSummary struct {
	Task
	Result       int     // index into Comparison.Results
	QualityValue float64 // what was optimised, at the setting's resolution
	// Stability is the mean AMI of its areas with those of the setting's other
	// runs; NaN where there is one run.
	Stability float64
}

// Result is a partition that a sweep found, however often.
type Result struct {
	Partition footprint.Partition // numbered
	Measures  footprint.Measures  // of no footprints where the demands could not be met
	Runs      int                 // runs on the flows as they are that found it
	// Reference is the agreement of its areas with the reference; Compared is 0
	// where there is none.
	Reference compare.Agreement
}

// OptimalResult is a partition with the resolutions for which none of the
// sweep has a higher modularity.
type OptimalResult struct {
	Result   int // index into Comparison.Results
	From, To float64
}

// Comparison is what a sweep says. Agreement is over areas throughout.
type Comparison struct {
	Runs    []RunSummary // in the order of the tasks
	Results []Result     // different partitions, in the order of their first run
	// Settings and Representatives go with Sweep.Settings; a representative is
	// an index into Results, −1 where the setting gave no partition.
	Settings        []SettingSummary
	Representatives []int
	VI              [][]float64 // between the representatives, in nats
	Plateaus        []Plateau
	Pareto          []int // indices into Settings
	Optimal         []OptimalResult
	Recommendation  Recommendation
	// People is the number of people that the recommendation went by, 0 where
	// it is not known.
	People float64
}

// PlateauVI is how far, in nats, the partition may change from one setting to
// the next within a plateau: about one area in a hundred changes its footprint.
const PlateauVI = 0.05

// Options are what Summarise needs besides the runs.
type Options struct {
	Population []float64           // by area, NaN where not known; nil if not known
	Adjacency  footprint.Adjacency // may be nil
	Reference  []int32             // group of each area, negative for none; nil if there is no reference
	Scale      PlanningScale
	Jobs       int // 0 means GOMAXPROCS
}

// Summarise computes the figures of a sweep whose runs are all done.
func (s *Sweep) Summarise(ctx context.Context, m *flow.Matrix, runs *Runs, o Options) (*Comparison, error) {
	tasks := s.Tasks()
	of, parts := runs.canonical()
	if len(of) != len(tasks) {
		return nil, fmt.Errorf("%d runs for %d tasks", len(of), len(tasks))
	}
	for t, k := range of {
		if k < 0 {
			return nil, fmt.Errorf("run %d of %d is missing", t+1, len(of))
		}
		if len(parts[k]) != graph.Nodes(m) {
			return nil, fmt.Errorf("run %d has %d labels for %d areas and providers", t+1, len(parts[k]), graph.Nodes(m))
		}
	}
	c := &Comparison{Settings: make([]SettingSummary, len(s.Settings)), Representatives: make([]int, len(s.Settings))}

	// Results of the flows as they are come first in task order, those that
	// only resampled flows gave behind them: they need no figures.
	members := make([][]int, len(s.Settings))   // runs of each setting
	resamples := make([][]int, len(s.Settings)) // results on resampled flows
	for t, task := range tasks {
		k := int(of[t])
		if task.Resample > 0 {
			resamples[task.Setting] = append(resamples[task.Setting], k)
			continue
		}
		if k >= len(c.Results) {
			c.Results = append(c.Results, Result{})
		}
		c.Results[k].Runs++
		if placed(parts[k]) {
			members[task.Setting] = append(members[task.Setting], len(c.Runs))
		}
		c.Runs = append(c.Runs, RunSummary{Task: task, Result: k})
	}
	nA := len(m.Areas())
	groups := make([]*compare.Grouping, len(parts))
	population := numbering(o.Population)
	err := work.Each(ctx, o.Jobs, len(parts), nil, "", func() func(int) error {
		return func(k int) error {
			groups[k] = compare.NewGrouping(parts[k][:nA])
			if k >= len(c.Results) || !placed(parts[k]) {
				return nil
			}
			r := &c.Results[k]
			p := footprint.Partition{Areas: parts[k][:nA]}
			if !m.OneMode() {
				p.Providers = parts[k][nA:]
			}
			r.Partition = p.Number(m, population)
			r.Measures = footprint.Measure(m, r.Partition, o.Population, o.Adjacency)
			if o.Reference != nil {
				r.Reference = compare.Agree(r.Partition.Areas, o.Reference)
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range c.Runs {
		r := &c.Runs[i]
		r.Stability = math.NaN()
		r.QualityValue = qualityOf(m, &c.Results[r.Result], s.Settings[r.Setting])
	}
	tables := compare.NewComparer(nA)
	err = work.Each(ctx, o.Jobs, len(s.Settings), nil, "", func() func(int) error {
		a := &resultAgreement{Comparer: tables.Share(), groups: groups, labels: parts, areas: nA}
		return func(k int) error {
			c.summarise(k, s.Settings[k], members[k], resamples[k], a)
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	c.compareSettings(&resultAgreement{Comparer: tables.Share(), groups: groups, labels: parts, areas: nA})
	c.Plateaus = Plateaus(c.Settings, PlateauVI)
	c.Pareto = ParetoFront(c.Settings)
	c.optimal()
	for _, n := range o.Population {
		c.People += n
	}
	if !(c.People > 0) {
		c.People = 0 // not known for every area
	}
	scale := o.Scale
	if !(scale.Least > 0) || !(scale.Most >= scale.Least) {
		scale = DefaultScale
	}
	c.Recommendation = Recommend(c.Settings, c.People, scale)
	return c, nil
}

// placed reports whether a run found a partition.
func placed(label []int32) bool {
	return slices.ContainsFunc(label, func(c int32) bool { return c >= 0 })
}

// numbering is populations for Partition.Number, 0 where not known.
func numbering(population []float64) []float64 {
	if population == nil {
		return nil
	}
	out := make([]float64, len(population))
	for i, n := range population {
		if n > 0 {
			out[i] = n
		}
	}
	return out
}

// qualityOf is the value of a result in what its setting optimises, from its
// measures; of other methods, modularity at γ = 1.
func qualityOf(m *flow.Matrix, r *Result, s Setting) float64 {
	gamma := s.Resolution
	if math.IsNaN(gamma) || !s.optimises() {
		gamma = 1
	}
	ms := &r.Measures
	switch {
	case s.optimises() && s.Quality == footprint.CPM:
		pairs := 0.0
		for _, f := range ms.ByFootprint {
			n := float64(f.Areas + f.Providers)
			pairs += n * (n - 1) / 2
		}
		if s.Footprints > 0 {
			return ms.InsideShare * m.Total().Value
		}
		return ms.InsideShare*m.Total().Value - gamma*pairs
	case s.optimises() && s.Quality == footprint.Bipartite:
		return ms.InsideShare - gamma*(ms.InsideShare-ms.BipartiteModularity)
	}
	return ms.InsideShare - gamma*(ms.InsideShare-ms.Modularity)
}

// resultAgreement compares results by their areas.
type resultAgreement struct {
	*compare.Comparer
	groups []*compare.Grouping // nil for one with unplaced areas
	labels [][]int32
	areas  int
}

func (a *resultAgreement) amiOf(i, j int) float64 {
	switch {
	case i == j:
		return 1
	case a.groups[i] == nil || a.groups[j] == nil:
		return compare.Agree(a.labels[i][:a.areas], a.labels[j][:a.areas]).AMI
	}
	return a.AMI(a.groups[i], a.groups[j])
}

func (a *resultAgreement) viOf(i, j int) float64 {
	switch {
	case i == j:
		return 0
	case a.groups[i] == nil || a.groups[j] == nil:
		return compare.Agree(a.labels[i][:a.areas], a.labels[j][:a.areas]).VI
	}
	return a.VI(a.groups[i], a.groups[j])
}

// summarise fills in a setting and the stability of its runs. Runs that found
// the same partition agree fully, so only different ones are compared.
func (c *Comparison) summarise(k int, s Setting, members, resamples []int, a *resultAgreement) {
	sum := SettingSummary{
		Method: s.Method, Quality: s.Quality, Resolution: s.Resolution, Asked: s.Footprints, Runs: len(members),
		MinFootprints: math.MaxInt, Stability: math.NaN(), ResampledStability: math.NaN(), NextVI: math.NaN(),
	}
	var results, times []int
	best := -1
	for _, i := range members {
		r := &c.Runs[i]
		n := c.Results[r.Result].Measures.Footprints
		sum.MinFootprints, sum.MaxFootprints = min(sum.MinFootprints, n), max(sum.MaxFootprints, n)
		if best < 0 || r.QualityValue > c.Runs[best].QualityValue+1e-12*math.Abs(c.Runs[best].QualityValue) {
			best = i
		}
		at := -1
		for j, q := range results {
			if q == r.Result {
				at = j
			}
		}
		if at < 0 {
			results, times = append(results, r.Result), append(times, 1)
		} else {
			times[at]++
		}
	}
	if best < 0 {
		c.Representatives[k] = -1
		none := math.NaN()
		sum.MinFootprints, sum.QualityValue = 0, none
		sum.Representative = footprint.Measures{
			InsideShare: none, Modularity: none, BipartiteModularity: none, MinLocalisation: none,
			MedianLocalisation: none, MinPopulation: none, MaxPopulation: none, LargestShare: none, SizeHHI: none, NormalisedCut: none, Contiguous: -1,
		}
		c.Settings[k] = sum
		return
	}
	rep := c.Runs[best].Result
	c.Representatives[k] = rep
	sum.Representative = c.Results[rep].Measures
	sum.Footprints = sum.Representative.Footprints
	sum.QualityValue = c.Runs[best].QualityValue
	sum.Reference = c.Results[rep].Reference
	sum.Distinct = len(results)

	if n := len(members); n > 1 {
		with := make([]float64, len(results)) // sum of AMI of one run with all others
		for i := range results {
			with[i] += float64(times[i] - 1)
			for j := range i {
				v := a.amiOf(results[i], results[j])
				with[i] += v * float64(times[j])
				with[j] += v * float64(times[i])
			}
		}
		total := 0.0
		for i := range results {
			total += with[i] * float64(times[i])
		}
		sum.Stability = total / float64(n*(n-1))
		for _, i := range members {
			for j, q := range results {
				if q == c.Runs[i].Result {
					c.Runs[i].Stability = with[j] / float64(n-1)
				}
			}
		}
	}
	if len(resamples) > 0 {
		total := 0.0
		for _, q := range resamples {
			total += a.amiOf(rep, q)
		}
		sum.ResampledStability = total / float64(len(resamples))
	}
	c.Settings[k] = sum
}

// compareSettings compares the representatives with each other.
func (c *Comparison) compareSettings(a *resultAgreement) {
	n := len(c.Settings)
	c.VI = make([][]float64, n)
	for i := range c.VI {
		c.VI[i] = make([]float64, n)
		for j := range i {
			v := math.NaN()
			if c.Representatives[i] >= 0 && c.Representatives[j] >= 0 {
				v = a.viOf(c.Representatives[i], c.Representatives[j])
			}
			c.VI[i][j], c.VI[j][i] = v, v
		}
	}
	for i := range n - 1 {
		s, t := &c.Settings[i], &c.Settings[i+1]
		s.NextAMI = math.NaN()
		if !math.IsNaN(c.VI[i][i+1]) && s.Method == t.Method && s.Quality == t.Quality && (s.Asked > 0) == (t.Asked > 0) {
			s.NextVI, s.NextAMI = c.VI[i][i+1], a.amiOf(c.Representatives[i], c.Representatives[i+1])
		}
	}
	if n > 0 {
		c.Settings[n-1].NextAMI = math.NaN()
	}
}

// optimal prunes the results to those of highest modularity at some resolution.
func (c *Comparison) optimal() {
	var inside, expected []float64
	var which []int
	for i, r := range c.Results {
		if r.Measures.Footprints > 0 {
			inside, expected = append(inside, r.Measures.InsideShare), append(expected, r.Measures.InsideShare-r.Measures.Modularity)
			which = append(which, i)
		}
	}
	for _, v := range OptimalIntervals(inside, expected) {
		c.Optimal = append(c.Optimal, OptimalResult{which[v.Partition], v.From, v.To})
	}
}
