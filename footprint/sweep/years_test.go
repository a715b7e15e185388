package sweep

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

// matrixOf builds a matrix of counts by area and provider code.
func matrixOf(t *testing.T, counts map[[2]string]float64) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for pair, n := range counts {
		if err := b.Add(pair[0], pair[1], flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Years lie on the pairs of their sum, whatever codes each of them has.
func TestYearsOn(t *testing.T) {
	first := map[[2]string]float64{{"A", "X"}: 3, {"B", "Y"}: 5}
	second := map[[2]string]float64{{"A", "X"}: 1, {"A", "Y"}: 2, {"C", "Z"}: 7}
	both := map[[2]string]float64{{"A", "X"}: 4, {"A", "Y"}: 2, {"B", "Y"}: 5, {"C", "Z"}: 7}
	m := matrixOf(t, both)
	got := YearsOn(m, []*flow.Matrix{matrixOf(t, first), matrixOf(t, second)})
	if want := (Years{{3, 0, 5, 0}, {1, 2, 0, 7}}); !slices.EqualFunc(got, want, slices.Equal[[]float64]) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The over-dispersion that counts were drawn with is found again, whether or not
// all flows grow; without any it is about 0.
func TestOverDispersionOfYears(t *testing.T) {
	for _, c := range []struct{ alpha, growth float64 }{{0, 1}, {0.01, 1}, {0.01, 1.5}, {0.09, 0.8}} {
		rng := rand.New(rand.NewPCG(7, 8))
		dist := portable.NewPoisson(rand.NewPCG(9, 10))
		means := make([]float64, 4000)
		for i := range means {
			means[i] = 50 + 400*rng.Float64()
		}
		years, scale := make(Years, 4), 1.0
		for y := range years {
			for _, mean := range means {
				rate := mean * scale
				if c.alpha > 0 {
					rate *= portable.Gamma(1/c.alpha, rng) * c.alpha
				}
				years[y] = append(years[y], dist.Draw(rate))
			}
			scale *= c.growth
		}
		if got := float64(years.OverDispersion()); math.Abs(got-c.alpha) > 0.1*c.alpha+0.0005 {
			t.Errorf("α %v with growth %v: estimated %v", c.alpha, c.growth, got)
		}
	}
	for _, y := range []Years{nil, {{1, 2}}, {{0, 0}, {1, 2}}, {{5, 5}, {5, 5}}} {
		if got := y.OverDispersion(); got != 0 {
			t.Errorf("%v: %v, want 0", y, got)
		}
	}
}

// driftCase has two footprints of three areas each; in the second year area 2
// goes to the other footprint's provider.
func driftCase(t *testing.T) (m *flow.Matrix, years Years, borders [][2]int32) {
	t.Helper()
	rows := func(moved bool) [][]float64 {
		out := [][]float64{{900, 20}, {800, 30}, {700, 40}, {30, 900}, {20, 800}, {40, 700}}
		if moved {
			out[2] = []float64{40, 700}
		}
		return out
	}
	before, after := rows(false), rows(true)
	sum := rows(false)
	for a := range sum {
		for p := range sum[a] {
			sum[a][p] = 2*before[a][p] + after[a][p]
		}
	}
	m = footprinttest.Table(t, sum...)
	years = YearsOn(m, []*flow.Matrix{footprinttest.Table(t, before...), footprinttest.Table(t, before...), footprinttest.Table(t, after...)})
	return m, years, [][2]int32{{0, 1}, {1, 2}, {2, 3}, {3, 4}}
}

// Runs that draw from years show what moved between two of them, and nothing
// between two that are alike.
func TestDriftIsFound(t *testing.T) {
	m, years, borders := driftCase(t)
	method := func(seed uint64) footprint.Method {
		return leiden.Leiden{Seed: seed, Jobs: 1, Effort: 1, Constraints: footprint.Constraints{Footprints: 2}}
	}
	base, err := method(1).Partition(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var first []footprint.Partition
	for _, jobs := range []int{1, 3} {
		b := Bootstrap{Runs: 31, Seed: 4, Jobs: jobs, OverDispersion: 0.01, Years: years}
		runs, failed, err := b.Partitions(t.Context(), m, method)
		if err != nil || failed > 0 {
			t.Fatal(failed, err)
		}
		if first == nil {
			first = runs
		}
		for i := range runs {
			if !slices.Equal(runs[i].Areas, first[i].Areas) {
				t.Errorf("run %d differs with %d jobs", i, jobs)
			}
		}
	}
	drift, err := MeasureDrift(base, first, 3, borders)
	if err != nil {
		t.Fatal(err)
	}
	if len(drift) != 2 || drift[0].From != 0 || drift[0].To != 1 || drift[1].From != 1 || drift[1].To != 2 {
		t.Fatalf("got %+v", drift)
	}
	if d := drift[0]; len(d.Areas)+len(d.Borders) > 0 {
		t.Errorf("between two years alike: %+v", d)
	}
	d := drift[1]
	if len(d.Areas) != 1 || d.Areas[0].Area != 2 || d.Areas[0].From != base.Areas[0] || d.Areas[0].To != base.Areas[3] {
		t.Errorf("areas that moved: %+v", d.Areas)
	}
	if len(d.Borders) != 2 || d.Borders[0].A != 1 || d.Borders[0].B != 2 || !(d.Borders[0].After > d.Borders[0].Before) || d.Borders[1].A != 2 || !(d.Borders[1].After < d.Borders[1].Before) {
		t.Errorf("borders that moved: %+v", d.Borders)
	}
}

// Of sure areas, those that lie elsewhere in the year left out count against the
// confidence; by hand.
func TestCalibrateYears(t *testing.T) {
	two := footprint.IDs(2)
	home := footprint.Partition{Areas: []int32{0, 0, 0, 1, 1, 1}, Providers: []int32{0, 1}, IDs: two}
	away := footprint.Partition{Areas: []int32{0, 0, 1, 1, 1, 1}, Providers: []int32{0, 1}, IDs: two}
	// Years 0 and 1 are at home; in year 2 area 2 is away.
	runs := []footprint.Partition{home, home, away, home, home, away, {}}
	got, err := CalibrateYears(home, runs, 3)
	if err != nil {
		t.Fatal(err)
	}
	// Left out 0 or 1: five areas sure, which lie the same way, and area 2 is not
	// sure (half) and lies the same way. Left out 2: six sure, of which five.
	want := Calibration{Years: 3, Sure: 5, Others: 1, SureSame: 15.0 / 16, OthersSame: 1}
	if got.Years != want.Years || got.Sure != want.Sure || got.Others != want.Others || math.Abs(got.SureSame-want.SureSame) > 1e-12 || got.OthersSame != want.OthersSame {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, err := CalibrateYears(home, []footprint.Partition{home, {}, {}}, 3); err != nil || got != (Calibration{}) {
		t.Errorf("one year only: %+v, %v", got, err)
	}
}

// A year of another matrix is refused; a year without any run is passed over.
func TestYearsThatDoNotFit(t *testing.T) {
	m, years, borders := driftCase(t)
	b := Bootstrap{Runs: 3, Years: Years{years[0], years[1][:4]}}
	if _, _, err := b.Partitions(t.Context(), m, nil); err == nil {
		t.Error("a year with too few counts is taken")
	}
	home := footprint.Partition{Areas: []int32{0, 0, 0, 1, 1, 1}, Providers: []int32{0, 1}, IDs: footprint.IDs(2)}
	drift, err := MeasureDrift(home, []footprint.Partition{home, {}, home}, 3, borders)
	if err != nil || len(drift) != 1 || drift[0].From != 0 || drift[0].To != 2 {
		t.Errorf("got %+v, %v", drift, err)
	}
}
