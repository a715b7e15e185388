package score

import (
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

// dated is an observation of a rate in a period: events in 100,000 cases.
func dated(entity, indicator, period string, num, den float64) attribution.Observation {
	o := row(entity, indicator, num, den)
	o.Period = period
	return o
}

// births scores stillbirths of two providers, P's given for every 10,000 births,
// against a target.
func births(t *testing.T, target definition.Target, p map[string]float64) *Result {
	t.Helper()
	m, part := footprinttest.HandWorked(t)
	defs := plain(1, func(_ int, ind *definition.Indicator) {
		ind.Kind, ind.Per, ind.Polarity, ind.Target, ind.Margin = definition.Rate, 1000, definition.LowerIsBetter, target, 0
	})
	var rows []attribution.Observation
	for period, events := range p {
		rows = append(rows, dated("P", "i00", period, events, 10000), dated("Q", "i00", period, 40, 10000))
	}
	return mustRun(t, Input{Matrix: m, Partition: part, Observations: rows, Definitions: defs, Options: Options{Draws: -1, View: attribution.Providers}})
}

// A figure is held against what was due in its own year; indicators, trend, depth
// and words say the same. Values are exact to 1e-9.
func TestTargetsAtTheirDate(t *testing.T) {
	date := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	linear := definition.Target{Set: true, Value: 2.35, By: date("2030-12-31"), Baseline: definition.Step{Value: 4.7, By: date("2010-12-31")}}
	stepped := linear
	stepped.Stepped, stepped.Steps = true, []definition.Step{{Value: 4, By: date("2019-12-31")}, {Value: 3, By: date("2025-12-31")}}
	own := definition.Target{Set: true, Own: true, Value: 0.5, By: date("2030-12-31"), Baseline: definition.Step{By: date("2010-12-31")}}
	nan := math.NaN()
	halfWay := 4.7 - 2.35*3653/7305 // days from 2010 to 2020, and to 2030
	for _, c := range []struct {
		name      string
		target    definition.Target
		p         map[string]float64
		goal, due float64
		standing  Standing
		word      string
	}{
		{"ahead of a line", linear, map[string]float64{"2020": 30}, 2.35, halfWay, Ahead, "It is ahead by 0.525."},
		{"behind a line", linear, map[string]float64{"2020": 36}, 2.35, halfWay, Behind, "It is behind by 0.0752."},
		{"missed after the date", linear, map[string]float64{"2031": 25}, 2.35, 2.35, Missed, "It is missed by 0.15."},
		{"met after the date", linear, map[string]float64{"2031": 23}, 2.35, 2.35, Met, "It is met."},
		{"before the baseline", linear, map[string]float64{"2009": 30}, 2.35, nan, NotDue, "was not due yet"},
		{"ahead of a step", stepped, map[string]float64{"2020": 36}, 2.35, 4, Ahead, "It is ahead by 0.4."},
		{"behind a later step", stepped, map[string]float64{"2026": 36}, 2.35, 3, Behind, "It is behind by 0.6."},
		{"ahead of its own", own, map[string]float64{"2010": 60, "2020": 40}, 3, 6 - 3*3653./7305, Ahead, "It is ahead by 0.5."},
		{"behind its own", own, map[string]float64{"2010": 40, "2020": 36}, 2, 4 - 2*3653./7305, Behind, "It is behind by 0.6"},
		{"its own missed", own, map[string]float64{"2010": 40, "2031": 36}, 2, 2, Missed, "It is missed by 1.6."},
		{"its own, unknown", own, map[string]float64{"2020": 36}, nan, nan, "", "All footprints together"},
	} {
		r := births(t, c.target, c.p)
		got := r.Indicators[0]
		same := func(a, b float64) bool { return footprinttest.Near(a, b, 1e-9) || math.IsNaN(a) && math.IsNaN(b) }
		if !same(got.Target, c.goal) || !same(got.TargetAtPeriod, c.due) || got.Standing != c.standing || !same(got.Gap, got.Value-c.due) {
			t.Errorf("%s: got %+v, want goal %v, due %v, %q", c.name, got, c.goal, c.due, c.standing)
		}
		if want := map[Standing]Answer{Ahead: Yes, Met: Yes, Behind: No, Missed: No}[c.standing]; got.OnTrack != want || got.MeetsTarget != want {
			t.Errorf("%s: got on track %q, meets %q, want %q", c.name, got.OnTrack, got.MeetsTarget, want)
		}
		for _, x := range r.Trends {
			if x.Footprint == got.Footprint && x.Period == got.Period && (!same(x.Expected, c.due) || x.OnTrack != got.OnTrack || x.Standing != c.standing && c.standing != NotDue) {
				t.Errorf("%s: trend says %+v", c.name, x)
			}
		}
		e, err := r.Explain("F1")
		if err != nil || !strings.Contains(e.Text(), c.word) {
			t.Errorf("%s: no %q in\n%s", c.name, c.word, e.Text())
		}
		if c.due == c.due {
			// Depth is measured from what is due: (value − due)/SD of the two.
			q := r.Indicators[1]
			sd := math.Abs(got.Value-q.Value) / math.Sqrt2
			if d := max(0, bounded((got.Value-c.due)/sd)); !footprinttest.Near(r.Footprints[0].Depth, d, 1e-9) {
				t.Errorf("%s: got depth %v, want %v", c.name, r.Footprints[0].Depth, d)
			}
		}
	}
}

// One score is of one year. Others are said and not counted, unless asked for.
func TestPeriods(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	var rows []attribution.Observation
	for _, code := range []string{"P", "Q"} {
		for _, period := range []string{"2016/17", "2017/18"} {
			rows = append(rows, dated(code, "i00", period, 900, 1000), dated(code, "i01", period, 800, 1000))
		}
		rows = append(rows, dated(code, "i02", "2014/15", 700, 1000), dated(code, "i03", "2018-03", 950, 1000))
	}
	in := Input{Matrix: m, Partition: p, Observations: rows, Definitions: plain(4, nil), Options: Options{Draws: -1}}
	said := func(r *Result, text string) bool { return strings.Contains(strings.Join(r.Notes, "\n"), text) }
	r := mustRun(t, in)
	if !slices.Equal(r.Aside, []string{"i02 (2014/15)"}) || r.Mixed || r.Footprints[0].IndicatorsRated != 3 || !said(r, "not counted: i02 (2014/15)") {
		t.Errorf("got aside %v, %+v, %v", r.Aside, r.Footprints[0], r.Notes)
	}
	h := r.HeatMap()
	if !slices.Equal(h.Aside, []bool{false, false, true, false}) || h.Periods[2] != "2014/15" {
		t.Errorf("got %v, %v", h.Aside, h.Periods)
	}
	if !strings.Contains(r.Evidence(), "Not counted, as of another year: i02 (2014/15).") {
		t.Errorf("got %q", r.Evidence())
	}
	in.Options.MixedPeriods = true
	r = mustRun(t, in)
	if len(r.Aside) != 0 || !r.Mixed || r.Footprints[0].IndicatorsRated != 4 || !said(r, "mixes periods") || !strings.Contains(r.Evidence(), "periods are mixed") {
		t.Errorf("got aside %v, mixed %v, %v", r.Aside, r.Mixed, r.Notes)
	}
	in.Options = Options{Draws: -1, Period: "2016/17"}
	r = mustRun(t, in)
	if len(r.Aside) != 0 || r.Mixed || r.Footprints[0].IndicatorsRated != 2 || r.Period != "2016/17" {
		t.Errorf("got %v, %v, %+v", r.Aside, r.Period, r.Footprints[0])
	}
}

// Months are added up over the twelve that end with the latest, or over the year
// that is asked for; numerators and denominators alike, exactly.
func TestMonthsAreAddedUp(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	var rows []attribution.Observation
	for i := range 18 {
		period := fmt.Sprintf("%d-%02d", 2016+(i+9)/12, (i+9)%12+1) // 2016-10 to 2018-03
		for _, code := range []string{"P", "Q"} {
			rows = append(rows, dated(code, "i00", period, 900+float64(i), 1000))
		}
	}
	in := Input{Matrix: m, Partition: p, Observations: rows, Definitions: plain(1, nil), Options: Options{Draws: -1, View: attribution.Providers}}
	r := mustRun(t, in)
	got := r.Indicators[0]
	if got.Period != "2017-04 to 2018-03" || got.Denominator != 12000 || got.Numerator != 12*900+(6+17)*12/2 {
		t.Errorf("got %+v, want the twelve months to March 2018", got)
	}
	if !strings.Contains(strings.Join(r.Notes, "\n"), "2017-04 to 2018-03, 12 months added up") {
		t.Errorf("got %v", r.Notes)
	}
	in.Options.Period = "2016/17"
	if got := mustRun(t, in).Indicators[0]; got.Denominator != 6000 || got.Period != "2016-10 to 2017-03" {
		t.Errorf("got %+v, want the six months of 2016/17", got)
	}
	in.Options.Period = "2017-12"
	if got := mustRun(t, in).Indicators[0]; got.Denominator != 1000 {
		t.Errorf("got %+v, want one month", got)
	}
}

// Of values alone nothing is known about their error: no range of ranks. Four
// periods of their own past give one; so does an interval.
func TestUnknownErrorIsNotNone(t *testing.T) {
	sc := newScene(t, 11, 6, 4, 2)
	values := func(periods int) []attribution.Observation {
		rows := slices.Clone(sc.rows)
		for i := range rows {
			if rows[i].Period = fmt.Sprint(2017); rows[i].Indicator == "i00" {
				share := rows[i].Numerator / rows[i].Denominator
				rows[i].Numerator, rows[i].Denominator, rows[i].Value = math.NaN(), math.NaN(), share
				for p := 1; p < periods; p++ {
					past := rows[i]
					past.Period, past.Value = fmt.Sprint(2017-p), share+0.01*float64(p%2)
					rows = append(rows, past)
				}
			}
		}
		return rows
	}
	in := sc.input(quick(200))
	in.Observations = values(1)
	r := mustRun(t, in)
	for _, f := range r.Footprints {
		if !f.Rated || f.RankLow != 0 || f.RankHigh != 0 || !math.IsNaN(f.PWorst) {
			t.Errorf("got %+v, want a rank without a range", f)
		}
	}
	if r.Indicators[0].Error != UnknownError || !strings.Contains(strings.Join(r.Notes, "\n"), "i00 is not known") {
		t.Errorf("got %q, %v", r.Indicators[0].Error, r.Notes)
	}
	in.Observations = values(4)
	r = mustRun(t, in)
	if r.Indicators[0].Error != FromPast || r.Footprints[0].RankLow == 0 {
		t.Errorf("got %q, %+v, want a range from the past", r.Indicators[0].Error, r.Footprints[0])
	}
	// Steps of 0.01 up and down: the standard deviation is 0.01/√2.
	if got := r.measures[0].empirical[0]; !footprinttest.Near(got, 0.01/math.Sqrt2, 1e-12) {
		t.Errorf("got %v, want 0.01/√2", got)
	}
	// Counts of another indicator stay what they are.
	if r.Indicators[len(sc.p.IDs)].Error != FromCounts {
		t.Errorf("got %+v", r.Indicators[len(sc.p.IDs)])
	}
}

// Where footprints hardly differ, depth stays under ten, in their order.
func TestDepthIsBounded(t *testing.T) {
	for _, u := range []float64{0, 0.5, -3, 5} {
		if bounded(u) != u {
			t.Errorf("%v became %v", u, bounded(u))
		}
	}
	last := 5.0
	for _, u := range []float64{5.1, 7, 30, 1e3, 1e6} {
		if b := bounded(u); !(b > last && b < 10) || bounded(-u) != -b {
			t.Errorf("%v became %v after %v", u, b, last)
		}
		last = bounded(u)
	}
	if bounded(math.Inf(1)) != 10 || !math.IsNaN(bounded(math.NaN())) {
		t.Error("the ends are not kept")
	}
	sc := newScene(t, 12, 6, 2)
	for i := range sc.rows {
		sc.rows[i].Denominator, sc.rows[i].Numerator = 1e9, 5e8+float64(i%7)
	}
	r := mustRun(t, sc.input(quick(-1)))
	for _, f := range r.Footprints {
		if !(f.Depth > 5 && f.Depth < 10) {
			t.Errorf("got depth %v, want below 10", f.Depth)
		}
	}
}

// Shared-out figures keep their fractions: a value is the exact quotient, and
// only what is published is whole.
func TestNoRoundingNoise(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	r := mustRun(t, Input{
		Matrix: m, Partition: p, Definitions: plain(1, nil), Options: quick(-1),
		Observations: []attribution.Observation{row("P", "i00", 7, 11), row("Q", "i00", 5, 9)},
	})
	// F1 has 0.8 of P's and 0.4 of Q's cases.
	if got, want := r.Indicators[0], (7*0.8+5*0.4)/(11*0.8+9*0.4); !footprinttest.Near(got.Value, want, 1e-15) || got.Numerator != 8 || got.Denominator != 12 {
		t.Errorf("got %+v, want %v and 8 of 12", got, want)
	}
}

// Leaving figures out never makes coverage rise, and an indicator without figures
// changes nothing but coverage.
func TestCoverageNeverRises(t *testing.T) {
	sc := newScene(t, 13, 8, 9, 1)
	in := sc.input(quick(100))
	last := mustRun(t, in)
	for k := range 9 {
		in.Observations = slices.DeleteFunc(slices.Clone(in.Observations), func(o attribution.Observation) bool { return o.Indicator == fmt.Sprintf("i%02d", (k*4)%9) })
		if len(in.Observations) == 0 {
			break
		}
		r := mustRun(t, in)
		for f := range r.Footprints {
			a, b := r.Footprints[f], last.Footprints[f]
			if !(a.Coverage < b.Coverage) || a.IndicatorsRated >= b.IndicatorsRated || a.DomainsRated > b.DomainsRated || a.Rated && !b.Rated {
				t.Fatalf("%+v after %+v", a, b)
			}
		}
		last = r
	}
	in = sc.input(quick(100))
	want := mustRun(t, in)
	in.Definitions = plain(10, nil) // i09, in a domain of its own
	in.Definitions.Indicators[9].Domain = "new"
	in.Definitions.Domains = append(in.Definitions.Domains, definition.Domain{ID: "new", Weight: 1})
	got := mustRun(t, in)
	for f := range got.Footprints {
		a, b := got.Footprints[f], want.Footprints[f]
		if !(a.Coverage < b.Coverage) || a.Domains != b.Domains+1 || a.Indicators != b.Indicators+1 {
			t.Errorf("got %+v, want less coverage than %+v", a, b)
		}
		a.Coverage, a.Domains, a.Indicators, a.Unrated = b.Coverage, b.Domains, b.Indicators, b.Unrated
		alike(t, a, b, 0)
	}
}

// Flows that are drawn again move the residents' view and not the providers'.
func TestFlowsAreDrawnAgain(t *testing.T) {
	sc := newScene(t, 14, 8, 4)
	effect := func(view attribution.View) (float64, bool) {
		in := sc.input(Options{Draws: 800, Seed: 1, FixedChoices: true, View: view})
		for _, row := range mustRun(t, in).Sensitivity {
			if row.Item == "attribution" {
				return row.TotalEffect, true
			}
		}
		return 0, false
	}
	if e, ok := effect(attribution.Residents); !ok || !(e > 0) {
		t.Errorf("got effect %v, %v, want one", e, ok)
	}
	if _, ok := effect(attribution.Providers); ok {
		t.Error("no flow enters the providers' view")
	}
}

// A set in the shape of the oversight framework: scores of 1 to 4, averaged, with
// fixed limits and an override. Worked out by hand.
func TestOversight(t *testing.T) {
	sc := newScene(t, 15, 4, 2)
	sc.defs = plain(2, func(i int, ind *definition.Indicator) {
		ind.Domain = fmt.Sprintf("d%d", i)
		if i == 0 {
			ind.Scores = []float64{0.95, 0.9, 0.8}
		}
	})
	sc.defs.Domains = []definition.Domain{{ID: "d0", Weight: 1}, {ID: "d1", Weight: 1}}
	sc.defs.Aggregation, sc.defs.Cuts, sc.defs.Override = "oversight", &[3]float64{1.5, 2.5, 3.5}, definition.Override{Domain: "d1", AtBest: 3}
	sc.rows = nil
	for s, shares := range [][2]float64{{0.96, 0.99}, {0.92, 0.98}, {0.85, 0.97}, {0.97, 0.80}} {
		for h := range 2 {
			for i, share := range shares {
				sc.rows = append(sc.rows, row(fmt.Sprintf("P%02d%d", s, h), fmt.Sprintf("i%02d", i), share*10000, 10000))
			}
		}
	}
	r := mustRun(t, sc.input(Options{Draws: 100, Seed: 1, View: attribution.Providers}))
	// i00 scores 1, 2, 3, 1 by its values; i01 by rank 1, 2, 3, 4.
	for f, want := range []struct {
		score  float64
		rating int
	}{{1, 1}, {2, 2}, {3, 3}, {2.5, 3}} {
		got := r.Footprints[f]
		if !footprinttest.Near(got.Score, want.score, 1e-12) || got.Rating != want.rating || got.Overridden != (f == 3) || got.RankLow == 0 {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
