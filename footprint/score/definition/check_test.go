package definition

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"stpmap/flow/fault"
	"stpmap/flow/yamlfile"
)

// reasons are the sentences of a list of faults.
func reasons(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var list *fault.List
	if !errors.As(err, &list) {
		t.Fatalf("got %v, want a *fault.List", err)
	}
	var out []string
	for _, f := range list.List {
		out = append(out, f.Err.Error())
	}
	return out
}

// A set put together in a program is checked as one that is read; each fault has
// its sentence.
func TestCheckInWords(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name   string
		change func(d *Definitions, ind *Indicator)
		want   []string
	}{
		{"nothing", func(*Definitions, *Indicator) {}, nil},
		{"id", func(_ *Definitions, i *Indicator) { i.ID = "-a" }, []string{`an id is letters, digits, '_', '-' and '.': "-a"`}},
		{"level", func(_ *Definitions, i *Indicator) { i.Level = "ward" }, []string{`unknown level: "ward" (one of provider, area, footprint)`}},
		{"attribution", func(_ *Definitions, i *Indicator) { i.Attribution = "both" }, []string{`unknown attribution: "both" (one of residents, providers)`}},
		{"transform", func(_ *Definitions, i *Indicator) { i.Transform = "cube" }, []string{`unknown transform: "cube" (one of arcsine, log, sqrt, none)`}},
		{"transform of another kind", func(_ *Definitions, i *Indicator) { i.Transform = Log }, []string{`arcsine is for a proportion, log and sqrt for a rate or ratio: "log" of a proportion`}},
		{"polarity", func(_ *Definitions, i *Indicator) { i.Polarity = 2 }, []string{"unknown polarity: 2"}},
		{"per", func(_ *Definitions, i *Indicator) { i.Per = 100 }, []string{"a proportion has no per"}},
		{"negative per", func(_ *Definitions, i *Indicator) { i.Kind, i.Per = Rate, -1 }, []string{"per must be above 0: -1"}},
		{"margin", func(_ *Definitions, i *Indicator) { i.Margin = math.Inf(1) }, []string{"margin must not be negative: +Inf"}},
		{"kind", func(_ *Definitions, i *Indicator) { i.Kind = "share" }, []string{`unknown kind: "share" (one of proportion, rate, ratio, mean, band, money)`}},
		{"domain and weight", func(_ *Definitions, i *Indicator) { i.Domain, i.Weight = "e", math.NaN() }, []string{`unknown domain: "e"`, "a weight is a finite number, not negative: NaN"}},
		{"target that is no number", func(_ *Definitions, i *Indicator) { i.Target = Target{Set: true, Value: math.NaN()} }, []string{"target is not a finite number: NaN"}},
		{"target and step out of range", func(_ *Definitions, i *Indicator) {
			i.Target = Target{Set: true, Value: 1.5, By: day(2020), Steps: []Step{{-0.5, day(2019)}}}
		}, []string{"target of a proportion must be from 0 to 1, or from 0% to 100%: 1.5", "target of a proportion must be from 0 to 1, or from 0% to 100%: -0.5"}},
		{"steps out of order", func(_ *Definitions, i *Indicator) {
			i.Target = Target{Set: true, Value: 0.5, By: day(2022), Steps: []Step{{0.4, day(2020)}, {0.45, day(2020)}}}
		}, []string{"the dates of baseline, steps and target must rise"}},
		{"target on the day of its baseline", func(_ *Definitions, i *Indicator) {
			i.Target = Target{Set: true, Value: 0.5, By: day(2020), Baseline: Step{0.4, day(2020)}}
		}, []string{"the dates of baseline, steps and target must rise"}},
		{"bands of another kind", func(_ *Definitions, i *Indicator) { i.Bands = []string{"good"} }, []string{"bands belong to the kind band, not proportion"}},
		{"one band", func(_ *Definitions, i *Indicator) { i.Kind, i.Bands = Band, []string{"good"} }, []string{"a band indicator needs at least two bands, best first"}},
		{"bands", func(_ *Definitions, i *Indicator) {
			i.Kind, i.Bands, i.FailingFrom = Band, []string{"good", "good"}, 1
		}, []string{`duplicate band: "good"`, "failing_from must be from 2 to 2: 1", "a band indicator's bands stand best first, so that its polarity is lower"}},
		{"domains in a ring", func(d *Definitions, _ *Indicator) {
			d.Domains = []Domain{{ID: "d", Parent: "e"}, {ID: "e", Parent: "d"}}
		}, []string{`cycle of domains through "d"`, `cycle of domains through "e"`}},
		{"parent and weight of a domain", func(d *Definitions, _ *Indicator) {
			d.Domains = append(d.Domains, Domain{ID: "e", Parent: "f", Weight: math.Inf(1)})
		}, []string{"a weight is a finite number, not negative: +Inf", `unknown domain: "f"`}},
		{"lenders in a ring of others", func(d *Definitions, i *Indicator) {
			b, c := *i, *i
			b.ID, c.ID, i.DenominatorFrom, b.DenominatorFrom, c.DenominatorFrom = "b", "c", "b", "c", "b"
			d.Indicators = append(d.Indicators, b, c)
		}, []string{`cycle of denominators through "a"`, `cycle of denominators through "b"`, `cycle of denominators through "c"`}},
		{"none", func(d *Definitions, _ *Indicator) { d.Indicators = nil }, []string{"no indicators"}},
	} {
		d := &Definitions{
			Domains:    []Domain{{ID: "d", Weight: math.NaN()}},
			Indicators: append(make([]Indicator, 0, 3), Indicator{ID: "a", Domain: "d", Kind: Proportion, Level: AreaLevel, Polarity: HigherIsBetter, Weight: 1}),
		}
		c.change(d, &d.Indicators[0])
		if got := reasons(t, d.Check()); !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

// A trajectory by hand: 0.6 at the start of 2020, 0.8 ten days on, 0.9 after
// ten more, and that from then on.
func TestExpectedByHand(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2020, 1, d, 0, 0, 0, 0, time.UTC) }
	way := Target{Set: true, Value: 0.9, By: day(21), Baseline: Step{0.6, day(1)}, Steps: []Step{{0.8, day(11)}}}
	steps := way
	steps.Baseline = Step{}
	stepped := way
	stepped.Stepped = true
	nan := math.NaN()
	for _, c := range []struct {
		name string
		t    Target
		on   time.Time
		want float64
	}{
		{"before the baseline", way, day(1).AddDate(0, 0, -1), nan},
		{"at the baseline", way, day(1), 0.6},
		{"half way to the step", way, day(6), 0.7},
		{"at the step", way, day(11), 0.8},
		{"half way to the goal", way, day(16), 0.85},
		{"at the goal", way, day(21), 0.9},
		{"after it", way, day(30), 0.9},
		{"without baseline, before the step", steps, day(10), nan},
		{"without baseline, after the step", steps, day(13), 0.82},
		{"stepped, before the step", stepped, day(10), 0.6},
		{"stepped, from the step on", stepped, day(11), 0.8},
		{"stepped, before the goal", stepped, day(20), 0.8},
		{"stepped, at the goal", stepped, day(21), 0.9},
		{"no date of the goal", Target{Set: true, Value: 0.9}, day(5), 0.9},
		{"no day", way, time.Time{}, 0.9},
		{"no target", Target{Value: 0.9}, day(5), nan},
	} {
		if got := c.t.At(c.on, math.NaN()); !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if !way.HasTrajectory() || !steps.HasTrajectory() || (Target{Set: true, By: day(5)}).HasTrajectory() {
		t.Error("a trajectory is a dated goal with a baseline or steps before it")
	}
}

// What an indicator leaves unsaid follows from its kind.
func TestWhatFollowsFromTheKind(t *testing.T) {
	for _, c := range []struct {
		ind       Indicator
		per       float64
		polarity  Polarity
		transform Transform
	}{
		{Indicator{Kind: Proportion, Polarity: HigherIsBetter}, 1, HigherIsBetter, Arcsine},
		{Indicator{Kind: Rate, Per: 1000, Polarity: Neutral}, 1000, Neutral, Sqrt},
		{Indicator{Kind: Ratio, Polarity: LowerIsBetter}, 1, LowerIsBetter, Log},
		{Indicator{Kind: Ratio, Transform: Identity}, 1, Neutral, Identity},
		{Indicator{Kind: Mean}, 1, Neutral, Identity},
		{Indicator{Kind: Money}, 1, Neutral, Identity},
		{Indicator{Kind: Band, Polarity: HigherIsBetter}, 1, LowerIsBetter, Identity},
	} {
		if c.ind.EffectivePer() != c.per || c.ind.EffectivePolarity() != c.polarity || c.ind.EffectiveTransform() != c.transform {
			t.Errorf("%s: per %v, polarity %v, transform %q", c.ind.Kind, c.ind.EffectivePer(), c.ind.EffectivePolarity(), c.ind.EffectiveTransform())
		}
	}
}

// A domain weighs what it says, or what its judged indicators weigh together.
func TestDomainWeightsByHand(t *testing.T) {
	nan := math.NaN()
	d := &Definitions{
		Domains: []Domain{{ID: "said", Weight: 5}, {ID: "sum", Weight: nan}, {ID: "empty", Weight: nan}, {ID: "off", Weight: 0}},
		Indicators: []Indicator{
			{ID: "a", Domain: "said", Weight: 9, Polarity: HigherIsBetter},
			{ID: "b", Domain: "sum", Weight: 2, Polarity: LowerIsBetter},
			{ID: "c", Domain: "sum", Weight: 1.5, Polarity: HigherIsBetter},
			{ID: "n", Domain: "sum", Weight: 7, Polarity: Neutral},
			{ID: "o", Domain: "off", Weight: 3, Polarity: HigherIsBetter},
		},
	}
	if got := d.DomainWeights(); !slices.Equal(got, []float64{5, 3.5, 0, 0}) {
		t.Errorf("got %v", got)
	}
	if ind, ok := d.Indicator("c"); !ok || ind.Weight != 1.5 || d.Index("z") != -1 || d.DomainIndex("sum") != 1 {
		t.Errorf("got %+v, %d and %d", ind, d.Index("z"), d.DomainIndex("sum"))
	}
	if _, ok := d.Indicator("z"); ok {
		t.Error("an indicator that is not there was found")
	}
}

// Numbers, dates and polarities as cells write them.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		cell string
		want float64
		err  string
	}{
		{"0.95", 0.95, ""},
		{"66.7%", 0.667, ""},
		{"7 %", 0.07, ""},
		{"1e3", 1000, ""},
		{"-4", -4, ""},
		{"1e3%", 0, `not a number: "1e3%"`},
		{"ten", 0, `not a number: "ten"`},
		{"NaN", 0, `not a number: "NaN"`},
		{"Inf", 0, `not a number: "Inf"`},
		{"%", 0, `not a number: "%"`},
	} {
		var got float64
		said := ""
		if err := number(&got)(c.cell); err != nil {
			said = err.Error()
		}
		if got != c.want || said != c.err {
			t.Errorf("%q: %v and %q, want %v and %q", c.cell, got, said, c.want, c.err)
		}
	}
	var when time.Time
	if err := day(&when)("31/12/2018"); err == nil || err.Error() != `not a date as 2018-12-31: "31/12/2018"` {
		t.Errorf("got %v", err)
	}
	for _, p := range []Polarity{LowerIsBetter, Neutral, HigherIsBetter} {
		if got, err := ParsePolarity(p.String()); err != nil || got != p {
			t.Errorf("%v is read as %v, %v", p, got, err)
		}
	}
	if got, err := ParsePolarity("lower_is_better"); err != nil || got != LowerIsBetter {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := ParsePolarity("up"); err == nil || err.Error() != `unknown polarity: "up" (one of higher, lower, neutral)` {
		t.Errorf("got %v", err)
	}
}

// Faults of a table are found all at once, each at its cell.
func TestReadCSVInWords(t *testing.T) {
	const head = "id,domain,kind,level,weight,failing_from,verified,domain_weight\n"
	for _, c := range []struct {
		name, table string
		want        []string
	}{
		{"two weights of a domain", head + "a,d,rate,area,,,,2\nb,d,rate,area,,,,3\n", []string{`t.csv:3:18: domain "d" has two weights`}},
		{"more cells", head + "a,d,rate,area,,,,,1\n", []string{"t.csv:2:19: more cells than headings"}},
		{"heading twice", "id,domain,kind,level,ID\n", []string{`t.csv:1:22: duplicate field: "ID"`}},
		{"cells", head + "a,d,rate,area,x,two,maybe,\n", []string{`t.csv:2:15: not a number: "x"`, `t.csv:2:17: not a whole number: "two"`, `t.csv:2:21: expected true or false: "maybe"`}},
		{"too long", strings.Repeat("x", yamlfile.MaxBytes+1), []string{"t.csv: definitions cannot be read: longer than 262144 bytes"}},
		{"no rows", head, []string{"t.csv: no indicators"}},
	} {
		_, err := ReadCSV(strings.NewReader(c.table))
		var list *fault.List
		if !errors.As(err, &list) {
			t.Errorf("%s: got %v, want a *fault.List", c.name, err)
			continue
		}
		var got []string
		for _, f := range list.List {
			f.File = "t.csv"
			got = append(got, f.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

// A set and its YAML are found by name, or refused with the names there are.
func TestBuiltinByName(t *testing.T) {
	if !slices.Contains(BuiltinNames(), Default) {
		t.Errorf("the default set %q is not among %v", Default, BuiltinNames())
	}
	_, err := BuiltinYAML("dashboard")
	want := `unknown set of definitions: "dashboard" (one of headline-2017, stp-dashboard-2017, outcomes-2012, maternity, oversight-2025)`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
