package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
	"stpmap/footprint/rule"
)

// sureAndUnsure has two plain systems, A and B, and one area, C, that is torn
// between them: 52 patients go one way and 48 the other.
func sureAndUnsure(t testing.TB) *flow.Matrix {
	b := flow.NewBuilder()
	for i := range 6 {
		_ = b.Add(fmt.Sprintf("A%d", i), "P", flow.Exactly(400))
		_ = b.Add(fmt.Sprintf("B%d", i), "Q", flow.Exactly(400))
	}
	_ = b.Add("C", "P", flow.Exactly(52))
	_ = b.Add("C", "Q", flow.Exactly(48))
	return footprinttest.Built(t, b)
}

func leidenSeeds(c footprint.Constraints) func(uint64) footprint.Method {
	return func(seed uint64) footprint.Method {
		return leiden.Leiden{Seed: seed, Jobs: 1, Effort: 1, Constraints: c}
	}
}

func TestBootstrapConfidence(t *testing.T) {
	m := sureAndUnsure(t)
	base, err := leiden.Leiden{}.Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	runs, failed, err := Bootstrap{Runs: 400, Seed: 1}.Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{}))
	if err != nil || failed != 0 {
		t.Fatalf("%d runs failed: %v", failed, err)
	}
	c, _ := m.AreaIndex("C")
	u, err := MeasureUncertainty(base, runs, [][2]int32{{0, int32(c)}, {int32(c), 6}, {0, 1}, {0, 6}})
	if err != nil {
		t.Fatal(err)
	}
	if u.Runs != 400 {
		t.Errorf("got %d runs, want 400", u.Runs)
	}
	for a, x := range u.Areas {
		if a != c && (x.Confidence != 1 || x.Next != footprint.Unplaced || x.NextShare != 0) {
			t.Errorf("area %d: got %+v, want no doubt", a, x)
		}
	}
	// C goes with the larger of two Poisson counts: P(X₅₂ > X₄₈) is
	// Φ(4/√100) = 0.655, and a tie, of probability 0.037, may go either way.
	got := u.Areas[c]
	if got.Confidence < 0.58 || got.Confidence > 0.73 {
		t.Errorf("C: got a confidence of %v, want about 0.65", got.Confidence)
	}
	if got.Next == base.Areas[c] || got.Next < 0 || math.Abs(got.Confidence+got.NextShare-1) > 1e-12 {
		t.Errorf("C: got %+v, want the rest in the other footprint", got)
	}
	want := []float64{1 - got.Confidence, got.Confidence, 0, 1}
	if base.Areas[c] != base.Areas[0] {
		want = []float64{got.Confidence, 1 - got.Confidence, 0, 1}
	}
	for i := range want {
		if math.Abs(u.Borders[i]-want[i]) > 1e-12 {
			t.Errorf("borders: got %v, want %v", u.Borders, want)
			break
		}
	}
}

func TestBootstrapJobs(t *testing.T) {
	m := footprinttest.RandomFlows(t, 60, 15, 3)
	for name, method := range map[string]func(uint64) footprint.Method{
		"leiden":  leidenSeeds(footprint.Constraints{}),
		"louvain": func(seed uint64) footprint.Method { return leiden.Louvain{Seed: seed, Jobs: 1} },
		"infomap": func(seed uint64) footprint.Method { return infomap.Infomap{Seed: seed, Jobs: 1} },
		"ttwa":    func(uint64) footprint.Method { return rule.TTWA{MinSize: 300, TargetSize: 3000} },
	} {
		var first []footprint.Partition
		for i, jobs := range []int{1, 2, 7} {
			runs, _, err := Bootstrap{Runs: 20, Seed: 5, Jobs: jobs}.Partitions(t.Context(), m, method)
			if err != nil {
				t.Fatal(err)
			}
			c, rounds, agreed, err := Consensus{Seed: 2, Jobs: jobs}.Partition(t.Context(), m, runs, leidenSeeds(footprint.Constraints{}))
			if err != nil {
				t.Fatal(err)
			}
			if !agreed || rounds == 0 {
				t.Errorf("%s: %d rounds, agreed %v", name, rounds, agreed)
			}
			footprinttest.CheckPartition(t, m, c, footprint.Constraints{})
			runs = append(runs, c)
			if i == 0 {
				first = runs
			} else if !reflect.DeepEqual(runs, first) {
				t.Errorf("%s: other partitions with %d jobs", name, jobs)
			}
		}
		if !slices.ContainsFunc(first[1:20], func(p footprint.Partition) bool { return !reflect.DeepEqual(p, first[0]) }) {
			t.Errorf("%s: all resamples gave the same", name)
		}
	}
}

// slow hides that a method is Leiden.
type slow struct{ footprint.Method }

// Leiden on the engine's network filled anew is Leiden on a matrix built anew.
func TestBootstrapFastPath(t *testing.T) {
	m := footprinttest.RandomFlows(t, 60, 15, 4)
	b := Bootstrap{Runs: 12, Seed: 9, Jobs: 1}
	fast, _, err := b.Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{}))
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := b.Partitions(t.Context(), m, func(seed uint64) footprint.Method { return slow{leiden.Leiden{Seed: seed, Jobs: 1}} })
	if err != nil {
		t.Fatal(err)
	}
	for i := range fast {
		if !footprinttest.SameGrouping(slices.Concat(fast[i].Areas, fast[i].Providers), slices.Concat(plain[i].Areas, plain[i].Providers)) {
			t.Errorf("run %d: the two ways differ", i)
		}
	}
}

func TestResample(t *testing.T) {
	b := flow.NewBuilder()
	_ = b.Add("A", "P", flow.Exactly(200))
	_ = b.Add("A", "Q", flow.Between(1, 4))
	_ = b.Add("B", "P", flow.Exactly(0.01)) // all that B has
	_ = b.Add("C", "P", flow.Exactly(3))
	_ = b.Add("C", "Q", flow.Exactly(500))
	_ = b.Add("C", "R", flow.Exactly(0.01)) // all that R has
	m := footprinttest.Built(t, b)
	r := resampler{m: m}
	const draws = 4000
	sum, square := make([]float64, m.Len()), make([]float64, m.Len())
	seen := map[float64]bool{}
	for i := range draws {
		counts := r.draw(rand.NewPCG(7, uint64(i)), 0)
		for k, w := range counts {
			sum[k] += w
			square[k] += w * w
		}
		seen[counts[1]] = true
		if counts[2] < 1 || counts[5] < 1 {
			t.Fatalf("B or R vanished: %v", counts)
		}
	}
	// The first: Poisson, mean and variance 200. The second: a mixture over 1,
	// 2, 3, 4, of mean 2.5 and variance 2.5 + 1.25.
	for k, want := range []struct{ mean, variance float64 }{{200, 200}, {2.5, 3.75}} {
		mean := sum[k] / draws
		variance := square[k]/draws - mean*mean
		if math.Abs(mean-want.mean) > 4*math.Sqrt(want.variance/draws) || math.Abs(variance/want.variance-1) > 0.15 {
			t.Errorf("pair %d: got mean %v and variance %v, want %v and %v", k, mean, variance, want.mean, want.variance)
		}
	}
	if len(seen) < 6 {
		t.Errorf("the suppressed count came out as %d values only", len(seen))
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		if x := drawBetween(rng, 1, 4); x < 1 || x > 4 || x != math.Trunc(x) {
			t.Fatalf("drew %v from 1 to 4", x)
		}
		if x := drawBetween(rng, 0.5, 0.75); x < 0.5 || x > 0.75 {
			t.Fatalf("drew %v from 0.5 to 0.75", x)
		}
	}
}

func TestMeasureUncertainty(t *testing.T) {
	base := footprint.Partition{Areas: []int32{0, 0, 1, 1}, Providers: []int32{0, 1}, IDs: []string{"F01", "F02"}}
	runs := []footprint.Partition{
		{Areas: []int32{1, 1, 0, 0}, Providers: []int32{1, 0}, IDs: []string{"x", "y"}},      // the same, named otherwise
		{Areas: []int32{0, 1, 1, 1}, Providers: []int32{0, 1}, IDs: []string{"x", "y"}},      // the second area moved
		{Areas: []int32{0, 0, 1, 2}, Providers: []int32{0, 1}, IDs: []string{"x", "y", "z"}}, // the last stands alone
		{Areas: []int32{0, 0, 1, -1}, Providers: []int32{0, 1}, IDs: []string{"x", "y"}},     // the last is in none
		{}, // failed
	}
	u, err := MeasureUncertainty(base, runs, [][2]int32{{0, 1}, {1, 2}, {2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	want := &Uncertainty{
		Runs:      4,
		Areas:     []Certainty{{1, footprint.Unplaced, 0}, {0.75, 1, 0.25}, {1, footprint.Unplaced, 0}, {0.5, footprint.Unplaced, 0}},
		Providers: []Certainty{{1, footprint.Unplaced, 0}, {1, footprint.Unplaced, 0}},
		Borders:   []float64{0.25, 0.75, 0.5},
	}
	if !reflect.DeepEqual(u, want) {
		t.Errorf("got %+v, want %+v", u, want)
	}
	if _, err := MeasureUncertainty(base, []footprint.Partition{{}}, nil); err == nil {
		t.Error("only failed runs: got no error")
	}
	if _, err := MeasureUncertainty(base, []footprint.Partition{{Areas: []int32{0}, IDs: []string{"F01"}}}, nil); err == nil {
		t.Error("a run on other areas: got no error")
	}
	if _, err := MeasureUncertainty(base, runs, [][2]int32{{0, 9}}); err == nil {
		t.Error("a border with area 9 of 4: got no error")
	}
}

func TestBootstrapFailures(t *testing.T) {
	m := footprinttest.RandomFlows(t, 20, 5, 1)
	var cannot *footprint.InfeasibleError
	_, failed, err := Bootstrap{Runs: 5}.Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{Footprints: 18}))
	if !errors.As(err, &cannot) || failed != 5 {
		t.Errorf("18 footprints of 5 providers: got %v after %d failures", err, failed)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, _, err := (Bootstrap{}).Partitions(ctx, m, leidenSeeds(footprint.Constraints{})); !errors.Is(err, gone) {
		t.Errorf("cancelled: got %v, want the cause", err)
	}
	var bad *footprint.ParameterError
	if _, _, err := (Bootstrap{Runs: -1}).Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{})); !errors.As(err, &bad) {
		t.Errorf("-1 runs: got %v, want a *ParameterError", err)
	}
	if _, _, _, err := (Consensus{}).Partition(t.Context(), m, nil, leidenSeeds(footprint.Constraints{})); !errors.As(err, &bad) {
		t.Errorf("consensus of nothing: got %v, want a *ParameterError", err)
	}
	if _, _, _, err := (Consensus{Threshold: 2}).Partition(t.Context(), m, nil, leidenSeeds(footprint.Constraints{})); !errors.As(err, &bad) {
		t.Errorf("threshold of 2: got %v, want a *ParameterError", err)
	}
}

// Of three runs that agree but for one area, the consensus is the majority.
func TestConsensusByHand(t *testing.T) {
	m := sureAndUnsure(t)
	c, _ := m.AreaIndex("C")
	with := func(f int32) footprint.Partition {
		p := footprint.Partition{Areas: make([]int32, 13), Providers: []int32{0, 1}, IDs: []string{"F01", "F02"}}
		for a := range p.Areas {
			if a >= 6 && a < 12 {
				p.Areas[a] = 1
			}
		}
		p.Areas[c] = f
		return p
	}
	for _, test := range []struct {
		votes []int32
		want  int32
		turns int
	}{{[]int32{0, 0, 0}, 0, 0}, {[]int32{0, 1, 1}, 1, 1}, {[]int32{0, 0, 1}, 0, 1}} {
		var runs []footprint.Partition
		for _, f := range test.votes {
			runs = append(runs, with(f))
		}
		p, rounds, agreed, err := Consensus{}.Partition(t.Context(), m, runs, leidenSeeds(footprint.Constraints{}))
		if err != nil {
			t.Fatal(err)
		}
		want := with(test.want)
		if !agreed || rounds != test.turns || !footprinttest.SameGrouping(p.Areas, want.Areas) || !footprinttest.SameGrouping(p.Providers, want.Providers) {
			t.Errorf("%v: got %v after %d rounds, agreed %v", test.votes, p.Areas, rounds, agreed)
		}
	}
}

func TestConsensusOneMode(t *testing.T) {
	m := footprinttest.RandomTowns(t, 60, 700, 8)
	runs, _, err := Bootstrap{Runs: 15, Seed: 1}.Partitions(t.Context(), m, leidenSeeds(footprint.Constraints{}))
	if err != nil {
		t.Fatal(err)
	}
	p, _, agreed, err := Consensus{}.Partition(t.Context(), m, runs, leidenSeeds(footprint.Constraints{}))
	if err != nil || !agreed {
		t.Fatalf("agreed %v: %v", agreed, err)
	}
	footprinttest.CheckPartition(t, m, p, footprint.Constraints{})
}

// BenchmarkBootstrap is to be run with -cpu 1,2.
func BenchmarkBootstrap(b *testing.B) {
	m := footprinttest.BenchMatrix(b, 7_000, 200, 25)
	for b.Loop() {
		if _, _, err := (Bootstrap{Runs: 50, Jobs: runtime.GOMAXPROCS(0)}).Partitions(b.Context(), m, leidenSeeds(footprint.Constraints{})); err != nil {
			b.Fatal(err)
		}
	}
}
