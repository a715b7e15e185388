package attribution

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// monthly is a series of these labels; those with a * have no figures.
func monthly(t *testing.T, labels ...string) *Series {
	t.Helper()
	empty := map[string]bool{}
	for i, l := range labels {
		if name, ok := strings.CutSuffix(l, "*"); ok {
			labels[i], empty[name] = name, true
		}
	}
	periods, ordered := parsePeriods(labels)
	if !ordered {
		t.Fatalf("%v have no order", labels)
	}
	s := &Series{Periods: periods, Figures: make([][]Figure, len(periods))}
	for p := range periods {
		if !empty[periods[p].Label] {
			s.Figures[p] = []Figure{{Code: "A", Numerator: float64(p + 1), Denominator: 100}}
		}
	}
	return s
}

func day(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// The latest window is the last period with figures within the limits; of months
// it is the year up to it.
func TestLatest(t *testing.T) {
	fourteen := []string{"2016-01", "2016-02", "2016-03", "2016-04", "2016-05", "2016-06", "2016-07", "2016-08", "2016-09", "2016-10", "2016-11", "2016-12", "2017-01", "2017-02"}
	for _, c := range []struct {
		name     string
		labels   []string
		from, to string
		want     string // label and periods
	}{
		{"years", []string{"2015/16", "2016/17"}, "", "", "2016/17 [1]"},
		{"years to a day", []string{"2015/16", "2016/17"}, "", "2016-12-31", "2015/16 [0]"},
		{"years from a day on", []string{"2015/16", "2016/17"}, "2017-03-31", "", ""},
		{"a year without figures", []string{"2015/16", "2016/17*"}, "", "", "2015/16 [0]"},
		{"a year of months", fourteen, "", "", "2016-03 to 2017-02 [2 3 4 5 6 7 8 9 10 11 12 13]"},
		{"months to a day", fourteen, "", "2016-12-31", "2016-01 to 2016-12 [0 1 2 3 4 5 6 7 8 9 10 11]"},
		{"few months", []string{"2016-11", "2016-12"}, "", "", "2016-11 to 2016-12 [0 1]"},
		{"a month that lacks", []string{"2016-10", "2016-11*", "2016-12"}, "", "", "2016-10 to 2016-12 [0 2]"},
		{"one month", []string{"2016-12"}, "", "", "2016-12 [0]"},
		{"quarters", []string{"2017 Q1", "2017 Q2"}, "", "", "2017 Q2 [1]"},
		{"the limit is its last day", []string{"2016-11", "2016-12"}, "", "2016-12-31", "2016-11 to 2016-12 [0 1]"},
		{"nothing in the limits", []string{"2016-11"}, "2016-12-01", "2017-12-01", ""},
		{"no figures", []string{"2016-11*", "2016-12*"}, "", "", ""},
	} {
		w, ok := monthly(t, slices.Clone(c.labels)...).Latest(day(c.from), day(c.to))
		got := ""
		if ok {
			got = fmt.Sprintf("%s %v", w.Label, w.Periods)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if ok && (w.Start.After(w.End) || w.Start.IsZero()) {
			t.Errorf("%s: from %v to %v", c.name, w.Start, w.End)
		}
	}
}

// A named window is a period of the series, or its months in a longer time.
func TestNamedWindow(t *testing.T) {
	months := []string{"2016-03", "2016-04", "2016-05", "2017-03", "2017-04"}
	for _, c := range []struct {
		labels       []string
		label, want  string
		of           string
		unknown      bool
		first, last_ string
	}{
		{months, "2016-04", "2016-04 [1]", "2016-04", false, "2016-04-01", "2016-04-30"},
		{months, "2016/17", "2016-04 to 2017-03 [1 2 3]", "2016-04 to 2017-03, 3 months added up", false, "2016-04-01", "2017-03-31"},
		{months, "2016-17", "2016-04 to 2017-03 [1 2 3]", "2016-04 to 2017-03, 3 months added up", false, "2016-04-01", "2017-03-31"},
		{months, "2016", "2016-03 to 2016-05 [0 1 2]", "2016-03 to 2016-05, 3 months added up", false, "2016-03-01", "2016-05-31"},
		{months, "2016 Q2", "2016-04 to 2016-05 [1 2]", "2016-04 to 2016-05, 2 months added up", false, "2016-04-01", "2016-05-31"},
		{months, "2019", "", "", true, "", ""},
		{months, "later", "", "", true, "", ""},
		{[]string{"2015/16", "2016/17"}, "2016-17", "2016/17 [1]", "2016/17", false, "2016-04-01", "2017-03-31"},
	} {
		w, err := monthly(t, slices.Clone(c.labels)...).Named(c.label)
		if c.unknown {
			if !errors.Is(err, ErrUnknownPeriod) {
				t.Errorf("%s: got %+v, %v, want ErrUnknownPeriod", c.label, w, err)
			}
			continue
		}
		if got := fmt.Sprintf("%s %v", w.Label, w.Periods); err != nil || got != c.want || w.Of() != c.of {
			t.Errorf("%s: got %q (%q, %v), want %q (%q)", c.label, got, w.Of(), err, c.want, c.of)
		}
		if w.Start.Format(time.DateOnly) != c.first || w.End.Format(time.DateOnly) != c.last_ {
			t.Errorf("%s: from %v to %v, want %s to %s", c.label, w.Start, w.End, c.first, c.last_)
		}
	}
}

func TestYearBefore(t *testing.T) {
	for end, want := range map[string]string{"2017-02-28": "2016-02-29", "2016-02-29": "2015-02-28", "2017-03-31": "2016-03-31", "2016-12-31": "2015-12-31"} {
		if got := yearBefore(day(end)).Format(time.DateOnly); got != want {
			t.Errorf("the year before %s ends on %s, want %s", end, got, want)
		}
	}
}

// Months are added up by entity: counts in whole, values as a mean with the error
// of a mean.
func TestPool(t *testing.T) {
	s := monthly(t, "2017-01", "2017-02", "2017-03")
	counted := func(code string, num, den float64) Figure {
		return Figure{Code: code, Numerator: num, Denominator: den, share: 1}
	}
	s.Figures = [][]Figure{
		{counted("B", 3, 30), counted("A", 1, 10)},
		{counted("A", 2, 20)},
		{counted("B", 5, 50), counted("A", 4, 40)},
	}
	got := s.Pool(&definition.Indicator{Kind: definition.Proportion}, s.window([]int{0, 1, 2}))
	if len(got) != 2 || got[0].Code != "A" || got[0].Numerator != 7 || got[0].Denominator != 70 || got[1].Numerator != 8 || got[1].Denominator != 80 || got[0].share != 1 {
		t.Errorf("got %+v, want A 7 of 70 and B 8 of 80", got)
	}
	if one := s.Pool(&definition.Indicator{}, s.window([]int{1})); len(one) != 1 || one[0].Numerator != 2 {
		t.Errorf("one month: %+v", one)
	}
	value := func(x, error95 float64) Figure {
		return Figure{Code: "A", Value: x, lower: x - error95, upper: x + error95, share: 1}
	}
	s.Figures = [][]Figure{{value(10, 3)}, {value(14, 4)}, {value(12, 12)}}
	mean := s.Pool(&definition.Indicator{Kind: definition.Mean}, s.window([]int{0, 1, 2}))[0]
	if reach := math.Sqrt(9+16+144) / 3; math.Abs(mean.Value-12) > 1e-12 || math.Abs(mean.upper-12-reach) > 1e-9 || math.Abs(mean.lower-12+reach) > 1e-9 {
		t.Errorf("got %+v, want 12 within %v", mean, reach)
	}
	s.Figures = [][]Figure{{{Code: "A", Value: 1}}, {{Code: "A", Value: 3}}, nil}
	if band := s.Pool(&definition.Indicator{Kind: definition.Band}, s.window([]int{0, 1})); len(band) != 1 || band[0].Value != 3 {
		t.Errorf("bands cannot be added up, and the last is 3: %+v", band)
	}
}

// Draws of a count have its mean and its variance, from few patients to many.
func TestPoisson(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 20_000
	for _, mean := range []float64{0, 0.4, 3, 12, 29.9, 30, 200, 5000} {
		sum, squares := 0.0, 0.0
		for range n {
			x := poisson(rng, mean)
			if x < 0 || x != math.Trunc(x) {
				t.Fatalf("a count of %v about %v", x, mean)
			}
			sum, squares = sum+x, squares+float64(x*x)
		}
		got := sum / n
		variance := squares/n - float64(got*got)
		if reach := 4.5*math.Sqrt(mean/n) + 1e-12; math.Abs(got-mean) > reach {
			t.Errorf("about %v: a mean of %v, beyond chance (%v)", mean, got, reach)
		}
		if mean > 0 && math.Abs(variance/mean-1) > 0.08+3/math.Sqrt(mean*n) {
			t.Errorf("about %v: a variance of %v", mean, variance)
		}
	}
}

// Resampled flows keep their mean and their totals by provider, change nothing of
// what they come from, and are the same for the same stream.
func TestResample(t *testing.T) {
	b := flow.NewBuilder()
	for a := range 4 {
		for j := range 3 {
			if err := b.Add(fmt.Sprintf("A%d", a), fmt.Sprintf("P%d", j), flow.Exactly(float64(5+20*a*j))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Add("A0", "PX", flow.Exactly(0.001)); err != nil { // draws nobody, nearly always
		t.Fatal(err)
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	a := NewAttributor(m, footprint.FromGroups(m, []string{"F1", "F1", "F2", "F2"}, []string{"F1", "F2", "F2", "F1"}), nil)
	before := slices.Clone(a.flow)
	const draws = 3000
	mean, rng := make([]float64, len(a.flow)), rand.New(rand.NewPCG(5, 5))
	for range draws {
		r := a.Resample(rng)
		for j := range r.prov {
			sum := 0.0
			for k := r.ptr[j]; k < r.ptr[j+1]; k++ {
				sum += r.flow[k]
				mean[k] += r.flow[k] / draws
			}
			if math.Abs(sum-r.total[j]) > 1e-9 {
				t.Fatalf("provider %d: %v patients, and %v are noted", j, sum, r.total[j])
			}
		}
	}
	for k, want := range before {
		if want < 1 {
			continue // kept as seen where nobody was drawn
		}
		if math.Abs(mean[k]-want) > 4.5*math.Sqrt(want/draws) {
			t.Errorf("flow %d: %v on average, want %v", k, mean[k], want)
		}
	}
	if !slices.Equal(before, a.flow) {
		t.Error("the flows that were drawn from have changed")
	}
	one, two := a.Resample(rand.New(rand.NewPCG(9, 1))), a.Resample(rand.New(rand.NewPCG(9, 1)))
	if !slices.Equal(one.flow, two.flow) || slices.Equal(one.flow, a.flow) {
		t.Error("the same stream gives other flows, or the flows that were seen")
	}
	last := len(a.prov) - 1
	if k := a.ptr[last]; one.flow[k] != before[k] || one.total[last] != a.total[last] {
		t.Errorf("a provider that drew nobody has %v, want %v", one.flow[k], before[k])
	}
}

// What is added keeps its error within that of any one month and of none.
func TestAddedIsSurerThanOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for range 100 {
		var list []Figure
		widest, sum := 0.0, 0.0
		for range 2 + rng.IntN(11) {
			x, reach := rng.Float64(), rng.Float64()
			list = append(list, Figure{Value: x, lower: x - interval.Z95*reach, upper: x + interval.Z95*reach})
			widest, sum = max(widest, interval.Z95*reach), sum+x
		}
		got := added(list)
		if reach := (got.upper - got.lower) / 2; math.Abs(got.Value-sum/float64(len(list))) > 1e-12 || reach > widest || reach < 0 {
			t.Fatalf("%d months: %v within %v, and the widest is %v", len(list), got.Value, reach, widest)
		}
	}
}
