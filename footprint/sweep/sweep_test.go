package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/internal/graph"
	"stpmap/footprint/leiden"
	"stpmap/footprint/tree"
)

// clumps is a small matrix with planted groups and much noise, so that seeds
// differ.
func clumps(t testing.TB, areas int, seed uint64) *flow.Matrix {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	b := flow.NewBuilder()
	for a := range areas {
		for range 4 {
			p := (a/6*2 + rng.IntN(2)) % (areas / 3)
			if rng.IntN(3) == 0 {
				p = rng.IntN(areas / 3)
			}
			if err := b.Add(fmt.Sprintf("a%03d", a), fmt.Sprintf("p%03d", p), flow.Exactly(float64(1+rng.IntN(50)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func smallSweep() *Sweep {
	s := &Sweep{Seeds: 4, Seed: 7, Resamples: 2}
	for _, gamma := range LogResolutions(0.5, 6, 6) {
		s.Settings = append(s.Settings, Setting{Method: "leiden", Resolution: gamma})
	}
	s.Settings = append(s.Settings,
		Setting{Method: "louvain", Quality: footprint.Bipartite, Resolution: 1},
		Setting{Method: "leiden", Resolution: math.NaN(), Footprints: 5},
		Setting{Method: "leiden", Resolution: math.NaN(), Footprints: 500}, // cannot be
		Setting{Method: "ward", Resolution: math.NaN(), Footprints: 6, Runs: 1})
	s.Build = func(t Setting, _ uint64, cs footprint.Constraints) (footprint.Method, error) {
		if t.Method != "ward" {
			return nil, errors.New("only ward is built here")
		}
		return tree.Ward{Constraints: cs}, nil
	}
	return s
}

func runSweep(t testing.TB, s *Sweep, m *flow.Matrix) *Runs {
	t.Helper()
	runs := NewRuns(len(s.Tasks()))
	if err := s.Run(context.Background(), m, runs.Missing(1, 1), runs.Put); err != nil {
		t.Fatal(err)
	}
	return runs
}

// Tasks give the same results in any order and with any number of jobs.
func TestSweepOrder(t *testing.T) {
	m := clumps(t, 60, 1)
	s := smallSweep()
	s.Jobs = 1
	want := runSweep(t, s, m)
	if len(want.Missing(1, 1)) != 0 || want.Distinct() < 5 {
		t.Fatalf("%d missing, %d different", len(want.Missing(1, 1)), want.Distinct())
	}
	s.Jobs = 3
	got := NewRuns(len(s.Tasks()))
	todo := got.Missing(1, 1)
	slices.Reverse(todo)
	if err := s.Run(context.Background(), m, todo, got.Put); err != nil {
		t.Fatal(err)
	}
	if !got.Equal(want) {
		t.Error("another order of tasks gives other results")
	}
}

// A run of a sweep is the run that the method gives by itself.
func TestSweepIsTheMethod(t *testing.T) {
	m := clumps(t, 60, 2)
	s := smallSweep()
	runs := runSweep(t, s, m)
	for i, task := range s.Tasks() {
		if task.Setting > 5 || task.Resample > 0 {
			continue
		}
		p, err := leiden.Leiden{Resolution: s.Settings[task.Setting].Resolution, Seed: task.Seed}.Partition(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(nodeLabels(p), runs.Labels(i)) {
			t.Errorf("task %d differs from the method's own run", i)
		}
	}
}

// Stability is the mean over all pairs of runs, by the definition.
func TestSummariseByDefinition(t *testing.T) {
	m := clumps(t, 60, 3)
	s := smallSweep()
	runs := runSweep(t, s, m)
	nA := len(m.Areas())
	reference := make([]int32, nA)
	for a := range reference {
		reference[a] = int32(a / 12)
	}
	c, err := s.Summarise(context.Background(), m, runs, Options{Reference: reference})
	if err != nil {
		t.Fatal(err)
	}
	byTask := map[[2]int][]int{}
	for i, task := range s.Tasks() {
		kind := min(task.Resample, 1)
		byTask[[2]int{task.Setting, kind}] = append(byTask[[2]int{task.Setting, kind}], i)
	}
	area := func(i int) []int32 { return runs.Labels(i)[:nA] }
	for k := range s.Settings {
		sum := c.Settings[k]
		list := byTask[[2]int{k, 0}]
		if s.Settings[k].Footprints == 500 {
			if sum.Footprints != 0 || c.Representatives[k] != -1 || !math.IsNaN(sum.Stability) || !math.IsNaN(sum.Representative.InsideShare) {
				t.Errorf("a setting that cannot be met has figures: %+v", sum)
			}
			continue
		}
		total, pairs := 0.0, 0
		best := math.Inf(-1)
		for x, i := range list {
			for _, j := range list[:x] {
				total += compare.Agree(area(i), area(j)).AMI
				pairs++
			}
			p := footprint.Partition{Areas: area(i), Providers: runs.Labels(i)[nA:]}.Number(m, nil)
			ms := footprint.Measure(m, p, nil, nil)
			gamma := s.Settings[k].Resolution
			if math.IsNaN(gamma) {
				gamma = 1
			}
			modularity := ms.Modularity
			if s.Settings[k].Quality == footprint.Bipartite {
				modularity = ms.BipartiteModularity
			}
			best = max(best, ms.InsideShare-gamma*(ms.InsideShare-modularity))
		}
		if want := total / float64(pairs); pairs > 0 && math.Abs(sum.Stability-want) > 1e-12 {
			t.Errorf("setting %d: stability %v, want %v", k, sum.Stability, want)
		}
		if pairs == 0 && !math.IsNaN(sum.Stability) {
			t.Errorf("setting %d: one run has stability %v", k, sum.Stability)
		}
		if math.Abs(sum.QualityValue-best) > 1e-12 {
			t.Errorf("setting %d: representative has quality %v, the best is %v", k, sum.QualityValue, best)
		}
		rep := c.Results[c.Representatives[k]]
		resampled := 0.0
		for _, i := range byTask[[2]int{k, 1}] {
			resampled += compare.Agree(rep.Partition.Areas, area(i)).AMI / float64(s.Resamples)
		}
		if math.Abs(sum.ResampledStability-resampled) > 1e-12 {
			t.Errorf("setting %d: stability over resamples %v, want %v", k, sum.ResampledStability, resampled)
		}
		if want := compare.Agree(rep.Partition.Areas, reference); sum.Reference != want {
			t.Errorf("setting %d: agreement %v, want %v", k, sum.Reference, want)
		}
	}
	if want := compare.Agree(c.Results[c.Representatives[0]].Partition.Areas, c.Results[c.Representatives[3]].Partition.Areas).VI; math.Abs(c.VI[0][3]-want) > 1e-12 {
		t.Errorf("VI %v, want %v", c.VI[0][3], want)
	}
	if !math.IsNaN(c.Settings[5].NextVI) || math.IsNaN(c.Settings[4].NextVI) {
		t.Error("the last of a method has a next setting, or one before has none")
	}
	of := 0
	for _, r := range c.Results {
		of += r.Runs
	}
	if of != len(c.Runs) {
		t.Errorf("results count %d runs of %d", of, len(c.Runs))
	}
}

// The reference is read after the choice is made: with any reference, or none,
// the choice and all else but the agreement are the same.
func TestSummariseNeverPeeks(t *testing.T) {
	m := clumps(t, 60, 4)
	s := smallSweep()
	runs := runSweep(t, s, m)
	plain, err := s.Summarise(context.Background(), m, runs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(8, 8))
	for range 20 {
		reference := make([]int32, len(m.Areas()))
		for a := range reference {
			reference[a] = rng.Int32N(12) - 1
		}
		with, err := s.Summarise(context.Background(), m, runs, Options{Reference: reference})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(with.Recommendation), fmt.Sprint(plain.Recommendation); got != want {
			t.Fatalf("recommended %s with a reference, %s without", got, want)
		}
		if fmt.Sprint(with.Pareto, with.Plateaus, with.Optimal) != fmt.Sprint(plain.Pareto, plain.Plateaus, plain.Optimal) {
			t.Fatal("the reference changes the front, the plateaus or the intervals")
		}
	}
}

func TestResampledKeepsEverybody(t *testing.T) {
	b := flow.NewBuilder()
	for i, n := range []float64{0.01, 0.01, 400, 400, 1e6} {
		if err := b.Add(fmt.Sprint("a", i), fmt.Sprint("p", i%4), flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	const times = 400
	for i := range times {
		r, err := resampled(m, 1, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Areas(), m.Areas()) || !slices.Equal(r.Providers(), m.Providers()) {
			t.Fatalf("areas %v and providers %v are left", r.Areas(), r.Providers())
		}
		sum += r.RowTotal(2)
	}
	if mean := sum / times; math.Abs(mean-400) > 4 { // standard error 1
		t.Errorf("mean %v, want 400", mean)
	}
}

// A suppressed count may be anything in its interval, not only its middle.
func TestResampledDrawsSuppressedCounts(t *testing.T) {
	b := flow.NewBuilder()
	for _, c := range []struct {
		area  string
		count flow.Count
	}{{"a", flow.Between(1, 1000)}, {"a", flow.Exactly(500)}, {"b", flow.Exactly(500)}} {
		provider := "p"
		if !c.count.Suppressed() {
			provider = "q"
		}
		if err := b.Add(c.area, provider, c.count); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	least, most := math.Inf(1), 0.0
	for i := range 200 {
		r, err := resampled(m, 1, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		least, most = min(least, r.ColumnTotal(0)), max(most, r.ColumnTotal(0))
	}
	if least > 100 || most < 900 {
		t.Errorf("drawn from %v to %v, the interval is 1 to 1000", least, most)
	}
}

func logOf(t testing.TB, l RunLog, runs *Runs, end bool) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewRunLogWriter(&b, l)
	if err != nil {
		t.Fatal(err)
	}
	for i := l.Shard - 1; i < l.Tasks; i += l.Shards {
		if err := w.Write(i, runs.Labels(i)); err != nil {
			t.Fatal(err)
		}
	}
	if end {
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestRunLog(t *testing.T) {
	m := clumps(t, 60, 5)
	s := smallSweep()
	runs := runSweep(t, s, m)
	whole := RunLog{Name: "x.runs", Fingerprint: s.Fingerprint(m), Shard: 1, Shards: 1, Tasks: len(s.Tasks()), Nodes: graph.Nodes(m)}
	text := logOf(t, whole, runs, true)

	t.Run("cut off anywhere and gone on with", func(t *testing.T) {
		for _, cut := range []int{len(text), len(text) - 1, len(text) - 4, len(text) - 30, len(text) / 2, len(text) / 3, strings.Index(text, "\n") + 1} {
			got := NewRuns(whole.Tasks)
			_, complete, err := ReadRunLog(strings.NewReader(text[:cut]), whole, got)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if complete != (cut == len(text)) {
				t.Errorf("cut at %d of %d: complete is %v", cut, len(text), complete)
			}
			if err := s.Run(context.Background(), m, got.Missing(1, 1), got.Put); err != nil {
				t.Fatal(err)
			}
			if !got.Equal(runs) {
				t.Errorf("cut at %d: other results", cut)
			}
		}
	})
	t.Run("shards", func(t *testing.T) {
		got := NewRuns(whole.Tasks)
		var logs []RunLog
		var complete []bool
		for i := 3; i >= 1; i-- {
			l := whole
			l.Name, l.Shard, l.Shards = fmt.Sprint(i), i, 3
			want := whole
			want.Name, want.Shards = l.Name, 0
			one, ok, err := ReadRunLog(strings.NewReader(logOf(t, l, runs, true)), want, got)
			if err != nil {
				t.Fatal(err)
			}
			logs, complete = append(logs, one), append(complete, ok)
		}
		if err := MergeRunLogs(logs, complete); err != nil {
			t.Fatal(err)
		}
		if !got.Equal(runs) {
			t.Error("merged shards are not the whole")
		}
		for _, c := range []struct {
			name     string
			logs     []RunLog
			complete []bool
			shard    int
			want     string
		}{
			{"none", nil, nil, 0, "no shard"},
			{"missing", logs[:2], complete, 1, "shard 1 of 3 is missing"},
			{"two missing", logs[:1], complete, 1, "shards 1, 2 of 3 are missing"},
			{"doubled", append(slices.Clone(logs), logs[1]), []bool{true, true, true, true}, 2, "shard 2 of 3 is there twice"},
			{"cut off", logs, []bool{true, true, false}, 1, "shard 1 of 3 is not complete"},
			{"of another number", append(slices.Clone(logs), RunLog{Name: "y", Shard: 4, Shards: 5}), []bool{true, true, true, true}, 4, "shard 4 of 5 does not belong"},
		} {
			err := MergeRunLogs(c.logs, c.complete)
			var bad *RunLogError
			if !errors.As(err, &bad) || bad.Shard != c.shard || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		other := smallSweep()
		other.Seed++
		foreign := whole
		foreign.Fingerprint = other.Fingerprint(m)
		if foreign.Fingerprint == whole.Fingerprint {
			t.Fatal("another seed has the same fingerprint")
		}
		third := whole
		third.Shard, third.Shards = 2, 3
		lines := strings.SplitAfter(text, "\n")
		swapped := strings.Replace(lines[1], lines[1][4:6], "zz", 1)
		for name, c := range map[string]struct {
			text string
			want RunLog
			say  string
		}{
			"not a log":     {"area,provider,count\n", whole, "not a log of runs"},
			"empty":         {"", whole, "not a log of runs"},
			"foreign":       {logOf(t, foreign, runs, true), whole, "of another sweep"},
			"another shard": {logOf(t, third, runs, true), whole, "holds shard 2 of 3"},
			"damaged":       {lines[0] + swapped + strings.Join(lines[2:], ""), whole, "line 2 is damaged"},
			"more":          {text + "1", whole, "text after the end"},
		} {
			var bad *RunLogError
			if _, _, err := ReadRunLog(strings.NewReader(c.text), c.want, NewRuns(whole.Tasks)); !errors.As(err, &bad) || !strings.Contains(bad.Reason, c.say) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func FuzzReadRunLog(f *testing.F) {
	m := clumps(f, 12, 1)
	s := &Sweep{Seeds: 2, Settings: []Setting{{Method: "leiden", Resolution: 1}}}
	runs := runSweep(f, s, m)
	whole := RunLog{Fingerprint: s.Fingerprint(m), Shard: 1, Shards: 1, Tasks: 2, Nodes: graph.Nodes(m)}
	f.Add(logOf(f, whole, runs, true))
	f.Add(logOf(f, whole, runs, false) + "1 AA")
	f.Add("stpmap-runs 1 x shard 1/1 tasks 1 nodes 1\nend\n")
	f.Fuzz(func(t *testing.T, text string) {
		got := NewRuns(2)
		if _, _, err := ReadRunLog(strings.NewReader(text), whole, got); err != nil {
			var bad *RunLogError
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		for i := range 2 {
			if l := got.Labels(i); l != nil && len(l) != whole.Nodes {
				t.Fatalf("run %d has %d labels for %d nodes", i, len(l), whole.Nodes)
			}
		}
	})
}

func TestSweepCancelled(t *testing.T) {
	m := clumps(t, 60, 6)
	s := smallSweep()
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := errors.New("enough")
	runs := NewRuns(len(s.Tasks()))
	err := s.Run(ctx, m, runs.Missing(1, 1), func(task int, label []int32) error {
		cancel(stop)
		return runs.Put(task, label)
	})
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want the cause", err)
	}
	if n := len(runs.Missing(1, 1)); n == 0 {
		t.Error("the sweep went on to its end")
	}
	if _, err := s.Summarise(context.Background(), m, runs, Options{}); err == nil {
		t.Error("a sweep with runs missing is summarised")
	}
}

func TestSweepUnknownMethod(t *testing.T) {
	m := clumps(t, 12, 1)
	s := &Sweep{Settings: []Setting{{Method: "guess"}}}
	if err := s.Run(context.Background(), m, []int{0}, nil); err == nil {
		t.Error("an unknown method runs")
	}
}

func TestBorderStrengths(t *testing.T) {
	c := &Comparison{
		Results: []Result{
			{Partition: footprint.Partition{Areas: []int32{0, 0, 1, 1}}, Runs: 3},
			{Partition: footprint.Partition{Areas: []int32{0, 1, 1, -1}}, Runs: 1},
			{Runs: 2}, // found nothing
		},
		Representatives: []int{0, 1, -1}, Recommendation: Recommendation{Setting: 1},
	}
	got := c.BorderStrengths([][2]int{{0, 1}, {1, 2}, {2, 3}})
	want := []BorderStrength{
		{A: 0, B: 1, Runs: 0.25, Settings: 0.5, Chosen: true},
		{A: 1, B: 2, Runs: 0.75, Settings: 0.5},
		{A: 2, B: 3},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
