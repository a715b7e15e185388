package score

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// Worked by hand: the values 10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 30 have
// the mean 155/12 and moving ranges that add up to 2+1+2+3+2+1+2+3+2+1+19 = 38.
func TestXmRByHand(t *testing.T) {
	c := XmR([]float64{10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 30}, SPCRules{})
	mean := 155. / 12
	reach := 2.66 * 38 / 11
	if !footprinttest.Near(c.Mean, mean, 1e-12) || !footprinttest.Near(c.Upper, mean+reach, 1e-12) || !footprinttest.Near(c.Lower, mean-reach, 1e-12) {
		t.Errorf("got %v, %v to %v; want %v, %v to %v", c.Mean, c.Lower, c.Upper, mean, mean-reach, mean+reach)
	}
	if !slices.Equal(c.Signals[11], []Signal{{"beyond_limit", true}}) {
		t.Errorf("got %v for the last point", c.Signals[11])
	}
	for i, s := range c.Signals[:11] {
		for _, sig := range s {
			if sig.Rule != "shift" || sig.Up {
				t.Errorf("point %d: got %v", i, sig)
			}
		}
	}
}

func TestXmRRules(t *testing.T) {
	nan := math.NaN()
	has := func(c Control, i int, rule string, up bool) bool {
		return slices.Contains(c.Signals[i], Signal{rule, up})
	}
	// Seven above the mean, five far enough below it.
	shift := XmR([]float64{5, 6, 5, 6, 5, 6, 5, 1, 0, 1, 0, 1}, SPCRules{})
	for i := range 7 {
		if !has(shift, i, "shift", true) {
			t.Errorf("point %d of 7 above the mean does not signal", i)
		}
	}
	if has(shift, 8, "shift", false) {
		t.Error("5 below the mean signal a shift")
	}
	// A missing month breaks the run.
	if broken := XmR([]float64{5, 6, 5, nan, 5, 6, 5, 1, 0, 1, 0, 1}, SPCRules{}); has(broken, 0, "shift", true) {
		t.Error("a run goes on over a missing month")
	}
	trend := XmR([]float64{5, 1, 2, 3, 4, 5, 6, 2, 5, 3, 4, 3}, SPCRules{})
	for i := 1; i <= 6; i++ {
		if !has(trend, i, "trend", true) {
			t.Errorf("point %d of 6 rising does not signal", i)
		}
	}
	if has(trend, 0, "trend", true) || has(trend, 7, "trend", true) {
		t.Error("a point outside the trend signals")
	}
	if five := XmR([]float64{5, 1, 2, 3, 4, 5, 2, 2, 5, 3, 4, 3}, SPCRules{}); has(five, 3, "trend", true) {
		t.Error("5 rising points signal a trend")
	}
	// Mean 1/3 of 12, limits near ±: two high points beside each other.
	two := XmR([]float64{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2.9, 3}, SPCRules{})
	if !has(two, 10, "two_of_three", true) || !has(two, 11, "two_of_three", true) || has(two, 9, "two_of_three", true) {
		t.Errorf("got %v", two.Signals)
	}
	for _, none := range [][]float64{nil, {1}, {nan, nan}, {1, nan, 2}} {
		if c := XmR(none, SPCRules{}); !math.IsNaN(c.Mean) || len(c.Signals) != len(none) {
			t.Errorf("%v: got %+v, want no chart", none, c)
		}
	}
}

func TestTrajectory(t *testing.T) {
	date := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	target := definition.Target{Set: true, Value: 0.95, By: date("2018-12-31"), Baseline: definition.Step{Value: 0.85, By: date("2016-12-31")}, Steps: []definition.Step{{Value: 0.90, By: date("2017-12-31")}}}
	for _, tc := range []struct {
		day  string
		want float64
	}{
		{"2016-06-30", math.NaN()},
		{"2016-12-31", 0.85},
		{"2017-12-31", 0.90},
		{"2018-12-31", 0.95},
		{"2020-01-01", 0.95},
		{"2017-07-02", 0.85 + 0.05*183/365},
		{"2018-03-31", 0.90 + 0.05*90/365},
	} {
		if got := target.At(date(tc.day), math.NaN()); !footprinttest.Near(got, tc.want, 1e-12) && !(math.IsNaN(got) && math.IsNaN(tc.want)) {
			t.Errorf("%s: got %v, want %v", tc.day, got, tc.want)
		}
	}
	if got := (definition.Target{}).At(date("2018-01-01"), math.NaN()); !math.IsNaN(got) {
		t.Errorf("no target: got %v", got)
	}
	if got := (definition.Target{Set: true, Value: 3}).At(date("2018-01-01"), math.NaN()); got != 3 {
		t.Errorf("a standard without a date: got %v", got)
	}
}

// trendScene has one indicator in several periods.
func trendScene(t testing.TB, periods []string, num func(provider string, i int) float64) *Result {
	t.Helper()
	m, p := footprinttest.HandWorked(t)
	var rows []attribution.Observation
	for i, period := range periods {
		for _, code := range []string{"P", "Q"} {
			o := row(code, "i00", num(code, i), 1000)
			o.Period = period
			rows = append(rows, o)
		}
	}
	return mustRun(t, Input{Matrix: m, Partition: p, Observations: rows, Definitions: plain(1, func(_ int, ind *definition.Indicator) {
		ind.Target = definition.Target{Set: true, Value: 0.95, By: time.Date(2018, 12, 31, 0, 0, 0, 0, time.UTC), Baseline: definition.Step{Value: 0.85, By: time.Date(2016, 12, 31, 0, 0, 0, 0, time.UTC)}}
	}), Options: Options{Draws: -1, View: attribution.Providers}})
}

func TestTrends(t *testing.T) {
	r := trendScene(t, []string{"2017", "2018"}, func(code string, i int) float64 {
		return map[string]float64{"P": 900, "Q": 880}[code] + float64(i)*map[string]float64{"P": 2, "Q": -60}[code]
	})
	if len(r.Trends) != 4 {
		t.Fatalf("got %d rows, want 2 footprints in 2 periods", len(r.Trends))
	}
	f1, f2 := r.Trends[1], r.Trends[3]
	if f1.Direction != "unclear" || !footprinttest.Near(f1.Change, 0.002, 1e-12) || f1.ChangeLower >= 0 || f1.ChangeUpper <= 0 || f1.OnTrack != No || f1.Expected != 0.95 {
		t.Errorf("got %+v", f1)
	}
	if f2.Direction != "worse" || !footprinttest.Near(f2.Change, -0.06, 1e-12) || f2.ChangeUpper >= 0 {
		t.Errorf("got %+v", f2)
	}
	if f := r.Trends[0]; f.Direction != "" || !math.IsNaN(f.Change) || f.OnTrack != Yes || f.Expected != 0.9 && !footprinttest.Near(f.Expected, 0.9, 1e-12) {
		t.Errorf("got %+v, want the first period without a change", f)
	}
	// The latest period is scored unless another is asked for.
	if r.Indicators[0].Period != "2018" || r.Indicators[0].Numerator != 902 {
		t.Errorf("got %+v", r.Indicators[0])
	}

	var months []string
	for i := range 14 {
		months = append(months, fmt.Sprintf("%d-%02d", 2017+i/12, i%12+1))
	}
	r = trendScene(t, months, func(code string, i int) float64 {
		if code == "Q" && i == 13 {
			return 500
		}
		return 900 + float64(i%3)
	})
	last := r.Trends[len(r.Trends)-1]
	if !slices.Contains(last.Signals, Signal{"beyond_limit", false}) || math.IsNaN(last.Mean) {
		t.Errorf("got %+v, want a point beyond the limit", last)
	}
	if first := r.Trends[13]; len(first.Signals) != 0 {
		t.Errorf("got %+v, want nothing for F1", first)
	}
}

func TestExplain(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	r := mustRun(t, Input{
		Matrix: m, Partition: p, Names: []string{"North", ""}, ProviderNames: []string{"Peel Hospital", "Queens"},
		Observations: []attribution.Observation{row("P", "i00", 700, 1000), row("Q", "i00", 480, 500), row("P", "i01", 950, 1000), row("Q", "i01", 450, 500)},
		Definitions: plain(2, func(i int, ind *definition.Indicator) {
			ind.Name, ind.Unit = []string{"Seen in time", "Treated"}[i], "%"
		}), Options: quick(100),
	})
	e, err := r.Explain("F1")
	if err != nil {
		t.Fatal(err)
	}
	// F1 has 800 of P's cases and 200 of Q's: 752 within of 1,000, 148 short of 900.
	// P alone is short: 0.8 × (900 − 700) = 160.
	got := e.Domains[0].Indicators[0]
	if !footprinttest.Near(got.Excess, 148, 1e-9) || len(got.Carriers) != 1 || got.Carriers[0].Code != "P" || !footprinttest.Near(got.Carriers[0].Excess, 160, 1e-9) || got.Carriers[0].Share != 1 {
		t.Errorf("got %+v", got)
	}
	text := e.Text()
	for _, want := range []string{
		"North (F1) is rated 4, where 1 is the best and 4 the worst.", "Of 1 rated domains, 1 fails: d00.",
		"Seen in time: 75.2% (72.4% to 77.8%). Target: at least 90.0%. It is missed by 14.8 points, about 148 of 1,000 cases.",
		"Peel Hospital (P) accounts for 100% of the shortfall; its own figure is 70.0%.", "Treated: 94.0% (92.4% to 95.3%). Target: at least 90.0%. It is met.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, err := r.Explain("F9"); !errors.Is(err, ErrUnknownFootprint) {
		t.Errorf("got %v, want ErrUnknownFootprint", err)
	}
}

func TestTables(t *testing.T) {
	sc := newScene(t, 9, 6, 4, 1)
	sc.p.Areas[0] = -1 // something unattributed
	rows := slices.DeleteFunc(slices.Clone(sc.rows), func(o attribution.Observation) bool {
		return o.Indicator == "i02" && strings.HasPrefix(o.Entity, "P03")
	})
	in := sc.input(quick(200))
	in.Observations, in.Options.View = rows, attribution.Providers
	r := mustRun(t, in)
	in.Options.View = attribution.Residents
	res := mustRun(t, in)
	for _, tc := range []struct {
		name  string
		write func(w *bytes.Buffer) error
		want  []string
		rows  int
	}{
		{
			"indicators", func(w *bytes.Buffer) error { return res.WriteIndicators(w) },
			[]string{"footprint", "indicator", "domain", "numerator", "denominator", "value", "lower", "upper", "target", "gap", "meets_target", "z", "band", "coverage"},
			4*6 + 4,
		},
		{
			"scores", func(w *bytes.Buffer) error { return r.WriteScores(w) },
			[]string{"footprint", "name", "score", "rating", "rank", "rank_low", "rank_high", "p_worst", "domains_failing", "domains_rated", "depth", "coverage"},
			6,
		},
		{"sensitivity", func(w *bytes.Buffer) error { return r.WriteSensitivity(w) }, []string{"kind", "item", "first_order"}, 4 + 8 + 4},
		{"trend", func(w *bytes.Buffer) error { return r.WriteTrends(w) }, []string{"footprint", "indicator", "period"}, 0},
	} {
		var b bytes.Buffer
		if err := tc.write(&b); err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(table[0][:len(tc.want)], tc.want) {
			t.Errorf("%s: got columns %v, want %v first", tc.name, table[0], tc.want)
		}
		if len(table)-1 != tc.rows {
			t.Errorf("%s: got %d rows, want %d", tc.name, len(table)-1, tc.rows)
		}
		for _, row := range table {
			for _, cell := range row {
				if strings.Contains(cell, "NaN") || strings.Contains(cell, "Inf") {
					t.Errorf("%s: %v", tc.name, row)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := r.WriteIndicators(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "F04,i02,d01,,,,,,0.9,,,,,0,") {
		t.Errorf("a missing indicator is not empty:\n%s", b.String())
	}
	s := r.Summary()
	if s.Footprints != 6 || s.Indicators != 4 || s.Rated+s.NotRated != 6 || len(s.Worst) != min(5, s.Rated) {
		t.Errorf("got %+v", s)
	}
	b.Reset()
	if err := r.WriteLeague(&b, 3); err != nil || strings.Count(b.String(), "\n") != 5 || !strings.Contains(b.String(), "and 3 more") {
		t.Errorf("got %v\n%s", err, b.String())
	}
	for v, want := range map[float64]string{0.1: "0.1", 1e-7: "1e-07", 54398334: "54398334", -0.5: "-0.5", 1e22: "1e+22"} {
		if got := Number(v); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestChartFigures(t *testing.T) {
	r := mustRun(t, newScene(t, 4, 9, 5, 2).input(quick(100)))
	f, ok := r.Funnel("i00")
	if !ok || len(f.Points) != 9 || len(f.Sizes) != funnelSteps || !slices.IsSorted(f.Sizes) {
		t.Fatalf("got %+v", f)
	}
	for i := range f.Sizes {
		if !(f.Lower998[i] < f.Lower95[i] && f.Lower95[i] < f.Centre && f.Centre < f.Upper95[i] && f.Upper95[i] < f.Upper998[i]) || f.NaiveLower998[i] < f.Lower998[i] {
			t.Fatalf("limits at %v are out of order", f.Sizes[i])
		}
	}
	if _, ok := r.Funnel("nothing"); ok {
		t.Error("a funnel of an unknown indicator")
	}
	if c := r.Caterpillar(); len(c) != 9 || c[0].Rank != 1 {
		t.Errorf("got %+v", c)
	}
	if h := r.HeatMap(); len(h.Z) != 9 || len(h.Z[0]) != 5 || h.Footprints[0].Footprint != "F03" || !(h.Z[0][0] > 0) {
		t.Errorf("got %+v", h)
	}
}
