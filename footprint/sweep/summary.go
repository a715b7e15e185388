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
	// an index into Results, −1 where the setting gave no partition. Where no
	// setting gives what is recommended, one more stands behind them: a map made
	// for it, of which Runs has none.
	Settings        []SettingSummary
	Representatives []int
	VI              [][]float64 // between the representatives, in nats
	Plateaus        []Plateau
	Pareto          []int // indices into Settings
	Optimal         []OptimalResult
	Recommendation  Recommendation
	// Number is how many footprints the flows support, whatever was swept.
	Number NumberChoice
}

// PlateauVI is how far, in nats, the partition may change from one setting to
// the next within a plateau: about one area in a hundred changes its footprint.
const PlateauVI = 0.05

// Options are what Summarise needs besides the runs.
type Options struct {
	Population []float64           // by area, NaN where not known; nil if not known
	Adjacency  footprint.Adjacency // may be nil
	Reference  []int32             // group of each area, negative for none; nil if there is no reference
	Scale      PlanningScale       // zero means DefaultScale
	// OverDispersion is that of the halves that the rule splits the flows into;
	// 0 means DefaultOverDispersion.
	OverDispersion OverDispersion
	Jobs           int // 0 means GOMAXPROCS
	Progress       footprint.Progress
}

// Summarise computes the figures of a sweep whose runs are all done.
func (s *Sweep) Summarise(ctx context.Context, m *flow.Matrix, runs *Runs, o Options) (*Comparison, error) {
	of, parts := runs.canonical()
	if err := s.checkRuns(m, of, parts); err != nil {
		return nil, err
	}
	z := &summary{
		s: s, m: m, o: o, labels: parts, areas: len(m.Areas()), groups: make([]*compare.Grouping, len(parts)),
		c:       &Comparison{Settings: make([]SettingSummary, len(s.Settings)), Representatives: make([]int, len(s.Settings))},
		members: make([][]int, len(s.Settings)), resamples: make([][]int, len(s.Settings)),
	}
	z.listRuns(of)
	if err := z.measureResults(ctx); err != nil {
		return nil, err
	}
	c, tables := z.c, compare.NewComparer(z.areas)
	err := work.Each(ctx, o.Jobs, len(s.Settings), nil, "", func() func(int) error {
		a := z.agreement(tables)
		return func(k int) error {
			c.summarise(k, s.Settings[k], z.members[k], z.resamples[k], a)
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	c.compareSettings(z.agreement(tables))
	c.Plateaus = Plateaus(c.Settings, PlateauVI)
	c.Pareto = ParetoFront(c.Settings)
	c.optimal()
	if err := z.recommend(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// checkRuns makes sure that every run is done and is one of m.
func (s *Sweep) checkRuns(m *flow.Matrix, of []int32, parts [][]int32) error {
	if n := len(s.Tasks()); len(of) != n {
		return fmt.Errorf("%d runs for %d tasks", len(of), n)
	}
	for t, k := range of {
		if k < 0 {
			return fmt.Errorf("run %d of %d is missing", t+1, len(of))
		}
		if len(parts[k]) != graph.Nodes(m) {
			return fmt.Errorf("run %d has %d labels for %d areas and providers", t+1, len(parts[k]), graph.Nodes(m))
		}
	}
	return nil
}

// summary is a Comparison in the making.
type summary struct {
	s                  *Sweep
	m                  *flow.Matrix
	o                  Options
	c                  *Comparison
	labels             [][]int32 // by result; those that only resampled flows gave come last
	areas              int
	groups             []*compare.Grouping // by result
	members, resamples [][]int             // by setting: its runs, and its results on resampled flows
}

// listRuns lists runs and results. Results of the flows as they are come first
// in task order, those that only resampled flows gave behind them: they need no
// figures.
func (z *summary) listRuns(of []int32) {
	c := z.c
	for t, task := range z.s.Tasks() {
		k := int(of[t])
		if task.Resample > 0 {
			z.resamples[task.Setting] = append(z.resamples[task.Setting], k)
			continue
		}
		if placed(z.labels[k]) {
			z.members[task.Setting] = append(z.members[task.Setting], len(c.Runs))
		}
		c.addRun(task, k)
	}
}

// addRun adds a run with its result, which may be one more than there are.
func (c *Comparison) addRun(task Task, result int) {
	if result >= len(c.Results) {
		c.Results = append(c.Results, Result{})
	}
	c.Results[result].Runs++
	c.Runs = append(c.Runs, RunSummary{Task: task, Result: result})
}

// measureResults measures the results, and how good each run is by what it
// optimised.
func (z *summary) measureResults(ctx context.Context) error {
	population := numbering(z.o.Population)
	err := work.Each(ctx, z.o.Jobs, len(z.labels), nil, "", func() func(int) error {
		return func(k int) error {
			z.groups[k] = compare.NewGrouping(z.labels[k][:z.areas])
			if k < len(z.c.Results) && placed(z.labels[k]) {
				z.measure(&z.c.Results[k], z.labels[k], population)
			}
			return nil
		}
	})
	if err != nil {
		return err
	}
	for i := range z.c.Runs {
		r := &z.c.Runs[i]
		r.Stability = math.NaN()
		r.QualityValue = qualityOf(z.m, &z.c.Results[r.Result], z.s.Settings[r.Setting])
	}
	return nil
}

func (z *summary) measure(r *Result, label []int32, population []float64) {
	p := footprint.Partition{Areas: label[:z.areas]}
	if !z.m.OneMode() {
		p.Providers = label[z.areas:]
	}
	r.Partition = p.Number(z.m, population)
	r.Measures = footprint.Measure(z.m, r.Partition, z.o.Population, z.o.Adjacency)
	if z.o.Reference != nil {
		r.Reference = compare.Agree(r.Partition.Areas, z.o.Reference)
	}
}

func (z *summary) agreement(tables *compare.Comparer) *resultAgreement {
	return &resultAgreement{Comparer: tables.Share(), groups: z.groups, labels: z.labels, areas: z.areas}
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
		return float64(ms.InsideShare*m.Total().Value) - float64(gamma*pairs)
	case s.optimises() && s.Quality == footprint.Bipartite:
		return ms.InsideShare - float64(gamma*(ms.InsideShare-ms.BipartiteModularity))
	}
	return ms.InsideShare - float64(gamma*(ms.InsideShare-ms.Modularity))
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
	sum := &c.Settings[k]
	*sum = SettingSummary{
		Method: s.Method, Quality: s.Quality, Resolution: s.Resolution, Asked: s.Footprints, Runs: len(members),
		MinFootprints: math.MaxInt, Stability: math.NaN(), ResampledStability: math.NaN(), NextVI: math.NaN(),
	}
	best := c.bestRun(sum, members)
	if best < 0 {
		c.Representatives[k] = -1
		sum.found(nil)
		return
	}
	c.Representatives[k] = c.Runs[best].Result
	rep := &c.Results[c.Runs[best].Result]
	sum.found(&rep.Measures)
	sum.QualityValue, sum.Reference = c.Runs[best].QualityValue, rep.Reference
	results, times := c.distinct(members)
	sum.Distinct = len(results)
	if len(members) > 1 {
		sum.Stability = c.stability(members, results, times, a)
	}
	if len(resamples) > 0 {
		total := 0.0
		for _, q := range resamples {
			total += a.amiOf(c.Representatives[k], q)
		}
		sum.ResampledStability = total / float64(len(resamples))
	}
}

// bestRun is the run of the highest quality, the earliest of equals; -1 for
// none. It notes the range of footprints.
func (c *Comparison) bestRun(sum *SettingSummary, members []int) int {
	best := -1
	for _, i := range members {
		r := &c.Runs[i]
		n := c.Results[r.Result].Measures.Footprints
		sum.MinFootprints, sum.MaxFootprints = min(sum.MinFootprints, n), max(sum.MaxFootprints, n)
		if best < 0 || r.QualityValue > c.Runs[best].QualityValue+float64(1e-12*math.Abs(c.Runs[best].QualityValue)) {
			best = i
		}
	}
	return best
}

// found notes the figures of the representative; nil where no run found a
// partition.
func (sum *SettingSummary) found(ms *footprint.Measures) {
	if ms != nil {
		sum.Representative, sum.Footprints = *ms, ms.Footprints
		return
	}
	none := math.NaN()
	sum.MinFootprints, sum.QualityValue = 0, none
	sum.Representative = footprint.Measures{
		InsideShare: none, Modularity: none, BipartiteModularity: none, MinLocalisation: none,
		MedianLocalisation: none, MinPopulation: none, MaxPopulation: none, LargestShare: none, SizeHHI: none, NormalisedCut: none, Contiguous: -1,
	}
}

// distinct lists the different results of runs, in order, and how often each
// came.
func (c *Comparison) distinct(members []int) (results, times []int) {
	for _, i := range members {
		at := slices.Index(results, c.Runs[i].Result)
		if at < 0 {
			results, times = append(results, c.Runs[i].Result), append(times, 1)
		} else {
			times[at]++
		}
	}
	return results, times
}

// stability is the mean AMI of all pairs of runs; it notes each run's own.
func (c *Comparison) stability(members, results, times []int, a *resultAgreement) float64 {
	n := len(members)
	with := make([]float64, len(results)) // sum of AMI of one run with all others
	for i := range results {
		with[i] += float64(times[i] - 1)
		for j := range i {
			v := a.amiOf(results[i], results[j])
			with[i] += float64(v * float64(times[j]))
			with[j] += float64(v * float64(times[i]))
		}
	}
	total := 0.0
	for i := range results {
		total += float64(with[i] * float64(times[i]))
	}
	for _, i := range members {
		c.Runs[i].Stability = with[slices.Index(results, c.Runs[i].Result)] / float64(n-1)
	}
	return total / float64(n*(n-1))
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
