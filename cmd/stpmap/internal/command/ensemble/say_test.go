package ensemble

import (
	"math"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/footprint/ensemble"
)

// Figures are written for people by their kind.
func TestNumbersForPeople(t *testing.T) {
	for _, c := range []struct {
		name string
		x    float64
		want string
	}{
		{"inside_share", 0.8682, "86.8%"},
		{"min_localisation_index", 0.5391, "53.9%"},
		{"mean_compactness", 0.24085, "0.241"},
		{"population_spread", 0.4518, "0.452"},
		{"cut_borders", 245, "245"},
		{"max_population", 2832133, "2,832,133"},
	} {
		if got := number(ensemble.Statistic{Name: c.name}, c.x); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if lower("Borders that are cut") != "borders that are cut" || plainFileName("/x/reference_partition.csv") != "reference partition" {
		t.Error("names for people")
	}
	if between(ensemble.Place{Lower: 3, Upper: 3}) != "exactly" || between(ensemble.Place{Percentile: 3, Lower: 2, Upper: 4}) != "percentile 3.00, with 95% from 2.00 to 4.00" {
		t.Error("bounds in words")
	}
}

// Labels are numbered from 0 in the order in which they come.
func TestCompacted(t *testing.T) {
	for _, c := range []struct{ label, want []int32 }{
		{[]int32{7, 7, 2, 7, 9}, []int32{0, 0, 1, 0, 2}}, {[]int32{0, 1, 2}, []int32{0, 1, 2}}, {nil, nil},
	} {
		if got := compacted(slices.Clone(c.label)); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.label, got, c.want)
		}
	}
}

// three is a result of three maps of four areas in two chains.
func three() *result {
	return &result{
		options: &Options{Chains: 2, Samples: 4},
		maps:    [][]int32{{0, 0, 1, 1}, {0, 1, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}}, chain: []int{1, 1, 2, 2},
		figure: [][]float64{{2, 0.5}, {1, 0.9}, {2, 0.5}, {2, 0.5}},
	}
}

// Draws go to their chains, and equal maps are one.
func TestDrawsByChain(t *testing.T) {
	r := three()
	d := r.draws(0)
	if len(d) != 2 || !slices.Equal(d[0], []float64{2, 1}) || !slices.Equal(d[1], []float64{2, 2}) {
		t.Errorf("draws %v", d)
	}
	if n := r.distinct(); n != 2 {
		t.Errorf("%d different maps, want 2", n)
	}
}

// The worst of the diagnostics is told, of what varies; nothing that varies is no
// convergence.
func TestWorstDiagnostics(t *testing.T) {
	r := &result{places: []ensemble.Place{
		{Varies: true, Converged: true, RHat: 1.001, BulkESS: 900, TailESS: 700},
		{Varies: false, RHat: math.NaN(), BulkESS: math.NaN(), TailESS: math.NaN()},
		{Varies: true, Converged: true, RHat: 1.004, BulkESS: 500, TailESS: 800},
	}}
	if rhat, ess, ok := r.worst(); rhat != 1.004 || ess != 500 || !ok {
		t.Errorf("%v, %v, %t", rhat, ess, ok)
	}
	r.places[2].Converged = false
	if _, _, ok := r.worst(); ok {
		t.Error("what has not converged has")
	}
	if rhat, ess, ok := (&result{places: r.places[1:2]}).worst(); ok || !math.IsNaN(rhat) || !math.IsNaN(ess) {
		t.Errorf("nothing varies: %v, %v, %t", rhat, ess, ok)
	}
	if !anyVaries(r.places) || anyVaries(r.places[1:2]) {
		t.Error("what varies")
	}
}

// What has not converged is told with what to ask for, and no percentile; what
// has is told with its place.
func TestPlacesInWords(t *testing.T) {
	s := ensemble.Statistic{Name: "cut_borders", Title: "Borders that are cut", Better: -1}
	for _, c := range []struct {
		place ensemble.Place
		want  string
	}{
		{ensemble.Place{Statistic: s}, ""},
		{ensemble.Place{Statistic: s, Varies: true, RHat: 1.2, BulkESS: 90, TailESS: 70, Enough: 21000}, "Borders that are cut: no place is given. R-hat is 1.200 (1.01 at most), and the maps are worth 70 independent ones (400 at least): ask for --samples 21000, or a greater --thin."},
		{ensemble.Place{Statistic: s, Varies: true, Converged: true, Percentile: math.NaN(), Median: 12, P05: 10, P95: 14}, "Borders that are cut: half of the maps have 12 or less, 9 in 10 from 10 to 14."},
		{ensemble.Place{Statistic: s, Varies: true, Converged: true, Value: 11, Percentile: 20, Lower: 18, Upper: 22, Median: 12, Verdict: "better than 80% of maps"}, "Borders that are cut: 11, better than 80% of maps (percentile 20.00, with 95% from 18.00 to 22.00). Half of the maps have 12 or less."},
	} {
		r := &result{}
		r.sayPlace(c.place)
		if got := strings.Join(r.words, "\n"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Flags that do not go together are refused before anything is read.
func TestFlagsThatDoNotGoTogether(t *testing.T) {
	good := func() *Options {
		return &Options{Samples: 10_000, Chains: 4, Footprints: 3, Out: "out"}
	}
	for _, c := range []struct {
		name   string
		change func(o *Options, s *sharing.Sharing)
		want   string
	}{
		{"nothing", func(*Options, *sharing.Sharing) {}, ""},
		{"no boundaries", func(o *Options, _ *sharing.Sharing) { o.Boundaries = "" }, "needs --boundaries"},
		{"two maps", func(o *Options, _ *sharing.Sharing) { o.Partition = []string{"a", "b"} }, "places one --partition"},
		{"near to nothing", func(o *Options, _ *sharing.Sharing) { o.Near = 0.1 }, "--near needs --partition"},
		{"bounds twice", func(o *Options, _ *sharing.Sharing) { o.Tolerance, o.MinPopulation = 0.1, 5 }, "--tolerance sets the bounds of people"},
		{"fixed nowhere", func(o *Options, _ *sharing.Sharing) { o.Fix = "codes" }, "--fix needs --start"},
		{"too few", func(o *Options, _ *sharing.Sharing) { o.Samples = 31 }, "too few for 4 chains: ask for 32 or more"},
		{"a part of a chain", func(_ *Options, s *sharing.Sharing) { s.Shards = 3 }, "must divide --chains 4"},
		{"a list in parts", func(o *Options, s *sharing.Sharing) { o.Enumerate, s.Resume = true, true }, "lists all maps at once"},
		{"standard output", func(o *Options, _ *sharing.Sharing) { o.Out = "-" }, "a folder of files"},
		{"a file", func(o *Options, _ *sharing.Sharing) { o.Out = "x.geojson" }, `"x.geojson" is the name of one file`},
		{"nowhere to resume", func(o *Options, s *sharing.Sharing) { o.Out, s.Resume = "", true }, "need --out"},
		{"nothing to merge", func(o *Options, s *sharing.Sharing) { o.Out, s.Merge = "", true }, "--merge needs --out or --part"},
	} {
		o, share := good(), sharing.Sharing{}
		o.Boundaries = "areas.geojson"
		c.change(o, &share)
		err := o.check(share)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
