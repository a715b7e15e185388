package attribution

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/definition"
)

// Whole numbers that add up: each is its quota rounded down or up, unless a cap
// is in the way, and none is over its cap.
func TestApportionKeepsTotals(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 1))
	for trial := range 300 {
		n := 1 + rng.IntN(8)
		shares, sum := make([]float64, n), 0.0
		for i := range shares {
			shares[i] = rng.Float64()
			sum += shares[i]
		}
		total := float64(rng.IntN(500))
		for i := range shares {
			shares[i] *= total / sum
		}
		var caps []float64
		if trial%3 == 0 {
			caps = make([]float64, n)
			for i := range caps {
				caps[i] = math.Ceil(shares[i] + float64(rng.IntN(3)))
			}
		}
		got, all := apportion(shares, total, caps), 0.0
		for i, x := range got {
			all += x
			if x != math.Trunc(x) || caps != nil && x > caps[i] {
				t.Fatalf("quotas %v, caps %v: got %v", shares, caps, got)
			}
			if caps == nil && math.Abs(x-shares[i]) >= 1+1e-6 {
				t.Errorf("quota %v became %v", shares[i], x)
			}
		}
		if all != total {
			t.Errorf("quotas %v of %v became %v, which is %v", shares, total, got, all)
		}
	}
}

// The shares of an entity add up to one, and its weights by footprint to its
// patients or people, whatever the level and the view.
func TestSplitSharesOutAll(t *testing.T) {
	for seed := range uint64(5) {
		m, p, _ := randomCase(t, seed, 40, 12, 4)
		people := make([]float64, len(m.Areas()))
		for i := range people {
			people[i] = float64(10 + i)
		}
		a := NewAttributor(m, p, people)
		for _, c := range []struct {
			level  definition.Level
			view   View
			n      int
			weight func(i int) float64
		}{
			{definition.ProviderLevel, Residents, len(m.Providers()), m.ColumnTotal},
			{definition.ProviderLevel, Providers, len(m.Providers()), m.ColumnTotal},
			{definition.AreaLevel, Residents, len(m.Areas()), func(i int) float64 { return people[i] }},
			{definition.FootprintLevel, Residents, p.Len(), func(int) float64 { return 1 }},
		} {
			for i := range c.n {
				shares, weights, last := 0.0, 0.0, int32(-1)
				a.Split(c.level, c.view, int32(i), func(f int32, share, weight float64) {
					if f <= last || int(f) > p.Len() {
						t.Errorf("seed %d, %s %d: footprint %d after %d", seed, c.level, i, f, last)
					}
					last = f
					shares, weights = shares+share, weights+weight
				})
				if !footprinttest.Near(shares, 1, 1e-12) || !footprinttest.Near(weights, c.weight(i), 1e-12) {
					t.Errorf("seed %d, %s %d: shares add up to %v and weights to %v, want 1 and %v", seed, c.level, i, shares, weights, c.weight(i))
				}
			}
		}
		a.Split(definition.ProviderLevel, Residents, -1, func(f int32, share, weight float64) {
			if int(f) != p.Len() || share != 1 || weight != 0 {
				t.Errorf("seed %d: what has no flow goes to %d, %v and %v", seed, f, share, weight)
			}
		})
	}
}

// Values weighted by flow and coverage, worked out area by area: of each patient
// in a footprint, the value of the provider where it reported.
func TestWeightedValuesAreaByArea(t *testing.T) {
	for seed := range uint64(5) {
		m, p, _ := randomCase(t, seed, 40, 12, 4)
		rng := rand.New(rand.NewPCG(seed, 9))
		value := make([]float64, len(m.Providers()))
		var rows []Observation
		for j, code := range m.Providers() {
			value[j] = math.NaN()
			if rng.IntN(4) > 0 {
				value[j] = float64(1+rng.IntN(99)) / 100
				rows = append(rows, valueObs(code, "x", value[j]))
			}
		}
		got := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, rows...)
		sum, known, all := make([]float64, p.Len()), make([]float64, p.Len()), make([]float64, p.Len())
		for a, f := range p.Areas {
			ps, ws := m.Row(a)
			for k, j := range ps {
				if f < 0 {
					continue
				}
				all[f] += ws[k]
				if !math.IsNaN(value[j]) {
					sum[f] += ws[k] * value[j]
					known[f] += ws[k]
				}
			}
		}
		for f := range sum {
			if !footprinttest.Near(got.Value[f], sum[f]/known[f], 1e-12) || !footprinttest.Near(got.Coverage[f], known[f]/all[f], 1e-12) || !got.Weighted {
				t.Errorf("seed %d, %s: %v of coverage %v, want %v of %v", seed, p.IDs[f], got.Value[f], got.Coverage[f], sum[f]/known[f], known[f]/all[f])
			}
		}
	}
}

// The rows of a table may come in any order.
func TestOrderOfRowsChangesNothing(t *testing.T) {
	m, p, rows := randomCase(t, 7, 40, 12, 4)
	ind := definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}
	want := attributeAll(t, m, p, ind, Residents, nil, rows...)
	rng := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got := attributeAll(t, m, p, ind, Residents, nil, rows...)
		if !slices.Equal(got.Numerator, want.Numerator) || !slices.Equal(got.Denominator, want.Denominator) || !slices.Equal(got.Value, want.Value) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
}

// What is wrong with a table, each with its place and its sentence, and what is
// only worth a note.
func TestTableInWords(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	nan := math.NaN()
	defs := &definition.Definitions{Domains: []definition.Domain{{ID: "d"}}, Indicators: []definition.Indicator{
		{ID: "x", Domain: "d", Kind: definition.Proportion, Level: definition.ProviderLevel, Unit: "%"},
		{ID: "b", Domain: "d", Kind: definition.Band, Level: definition.ProviderLevel, Polarity: definition.LowerIsBetter, Bands: []string{"good", "fair", "bad"}, FailingFrom: 3},
		{ID: "r", Domain: "d", Kind: definition.Rate, Level: definition.ProviderLevel, DenominatorFrom: "x"},
	}}
	at := func(o Observation, period string) Observation { o.Period = period; return o }
	label := valueObs("P", "b", nan)
	label.Label = "poor"
	outside := valueObs("P", "x", 0.5)
	outside.Lower, outside.Upper = 0.6, 0.7
	for _, c := range []struct {
		name         string
		rows         []Observation
		faults, note []string
	}{
		{"unknown", []Observation{obs("R", "x", 1, 2), obs("P", "x", 1, 2)}, []string{`t.csv:1:1: unknown entity: "R" is no area, provider or footprint`}, nil},
		{"levels", []Observation{obs("P", "x", 1, 2), obs("Q", "x", 1, 2), obs("F1", "x", 1, 2)}, []string{`t.csv:3:1: rows of different levels of one indicator would be counted twice: "F1" is not a provider as others of x are`}, nil},
		{"doubled", []Observation{at(obs("P", "x", 1, 2), "2017"), at(obs("P", "x", 2, 3), "2017")}, []string{"t.csv:2:1: doubled entity, indicator and period: P, x, 2017"}, nil},
		{"above", []Observation{obs("P", "x", 3, 2)}, []string{"t.csv:1:3: numerator above denominator: 3 of 2"}, nil},
		{"nothing of something", []Observation{obs("P", "r", 3, 0)}, []string{"t.csv:1:5: denominator must be above 0: P has 3"}, nil},
		{"no denominator", []Observation{obs("P", "x", 3, nan)}, []string{"t.csv:1:5: denominator must be above 0: a proportion needs a denominator"}, nil},
		{"negative", []Observation{obs("P", "x", 3, -4), obs("Q", "x", -1, 4)}, []string{"t.csv:1:5: negative figure: -4", "t.csv:2:3: negative figure: -1"}, nil},
		{"infinite", []Observation{obs("P", "x", math.Inf(-1), 2)}, []string{"t.csv:1:3: not a finite number: -Inf"}, nil},
		{"interval", []Observation{outside}, []string{"t.csv:1:7: value outside its interval: 0.5 in 0.6 to 0.7"}, nil},
		{"label", []Observation{label}, []string{`t.csv:1:7: not one of the bands of b: "poor" (one of good, fair, bad)`}, nil},
		{"band", []Observation{valueObs("P", "b", 1.5)}, []string{"t.csv:1:7: not one of the bands of b: 1.5 (1 to 3)"}, nil},
		{"halves", []Observation{at(obs("P", "x", 1, nan), "2016"), at(obs("P", "x", nan, 2), "2017")}, []string{`t.csv:2:1: numerator and denominator of different periods: P has the denominator of "2017" and the numerator of "2016"`}, nil},
		{"lent", []Observation{at(obs("P", "x", 1, 2), "2016"), at(obs("P", "r", 1, nan), "2017")}, []string{`t.csv:2:1: numerator and denominator of different periods: P has the numerator of "2017" and, from x, the denominator of "2016"`}, nil},
		{"half", []Observation{obs("P", "x", nan, 2)}, []string{"t.csv:1:1: neither numerator nor value: P"}, nil},
		{"another level", []Observation{obs("A", "x", 1, 2), obs("B", "x", 1, 2)}, nil, []string{"x is defined for providers and given for areas: taken as given"}},
		{"shares", []Observation{valueObs("P", "x", 0.9)}, nil, []string{"no value of x is above 1: taken as shares, not per cent"}},
		{"no definition", []Observation{obs("P", "z", 1, 2), obs("P", "y", 1, 2), obs("Q", "y", 1, 2), obs("Q", "z", 1, 2)}, nil, []string{`2 rows of "y" are not scored: it has no definition`, `2 rows of "z" are not scored: it has no definition`}},
		{"words for periods", []Observation{at(obs("P", "x", 1, 2), "before"), at(obs("P", "x", 1, 2), "2017")}, nil, []string{"the periods of x are not all dates: the last in the order of their text is the latest"}},
		{"0 of 0", []Observation{obs("P", "x", 0, 0), obs("Q", "x", 0, 0)}, nil, []string{"2 rows of x are 0 of 0: not reported, not zero"}},
	} {
		for i := range c.rows {
			o := &c.rows[i]
			o.Source, o.Line = "t.csv", i+1
			o.Column.Entity, o.Column.Numerator, o.Column.Denominator, o.Column.Value = 1, 3, 5, 7
		}
		table, err := ReadTable(&TableInput{Matrix: m, Partition: p, Observations: c.rows}, defs)
		var faults, notes []string
		var list *fault.List
		if errors.As(err, &list) {
			for _, f := range list.List {
				faults = append(faults, f.Error())
			}
		}
		if table != nil {
			notes = table.Notes
		}
		if !slices.Equal(faults, c.faults) || !slices.Equal(notes, c.note) {
			t.Errorf("%s:\ngot  %q, notes %q\nwant %q, notes %q", c.name, faults, notes, c.faults, c.note)
		}
	}
	// Unknown entities are let through on request, and reach no footprint.
	in := &TableInput{Matrix: m, Partition: p, Observations: []Observation{obs("R", "x", 1, 2), obs("P", "x", 3, 4)}, AllowUnknown: true}
	table, err := ReadTable(in, defs)
	if err != nil {
		t.Fatal(err)
	}
	if f := table.Series[0].Figures[0]; len(f) != 2 || f[0].Entity != 0 || f[1].Code != "R" || f[1].Entity != -1 {
		t.Errorf("got %+v", f)
	}
}

// The view of the indicator comes before that which was asked for.
func TestViewOf(t *testing.T) {
	for _, c := range []struct {
		of   definition.Attribution
		view View
		want View
	}{
		{definition.DefaultAttribution, "", Residents},
		{definition.DefaultAttribution, Providers, Providers},
		{definition.ByResidents, Providers, Residents},
		{definition.ByProviders, Residents, Providers},
	} {
		if got := ViewOf(&definition.Indicator{Attribution: c.of}, c.view); got != c.want {
			t.Errorf("%q under %q: %q", c.of, c.view, got)
		}
	}
}

// Lengths of periods, and a period that the table does not have.
func TestPeriodsByHand(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		p    Period
		want int
	}{
		{Period{}, 0},
		{Period{Start: day(2017, 3, 6), End: day(2017, 3, 6)}, 1},
		{Period{Start: day(2017, 2, 1), End: day(2017, 2, 28)}, 1},
		{Period{Start: day(2017, 4, 1), End: day(2017, 6, 30)}, 3},
		{Period{Start: day(2017, 4, 1), End: day(2018, 3, 31)}, 12},
	} {
		if got := c.p.Months(); got != c.want {
			t.Errorf("%v to %v: %d months, want %d", c.p.Start, c.p.End, got, c.want)
		}
	}
	periods, _ := parsePeriods([]string{"2016/17", "2017/18"})
	_, err := FindPeriod(periods, "soon")
	if want := `no figures of the period "soon" (the table has 2016/17, 2017/18)`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Without populations areas count by their patients.
func TestPeopleOfAreas(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	if got := NewAttributor(m, p, nil).People; !slices.Equal(got, []float64{600, 400, 500}) {
		t.Errorf("got %v, want the patients of A, B and C", got)
	}
	p.Areas[1] = footprint.Unplaced
	a := NewAttributor(m, p, []float64{5, 6, 7})
	if got := a.base(definition.AreaLevel, Residents); !slices.Equal(got, []float64{5, 7, 6}) {
		t.Errorf("people by footprint %v, want 5, 7 and 6 in none", got)
	}
	if got := a.base(definition.ProviderLevel, Residents); !slices.Equal(got, []float64{600, 500, 400}) {
		t.Errorf("resident patients %v", got)
	}
	if got := a.base(definition.ProviderLevel, Providers); !slices.Equal(got, []float64{1000, 500, 0}) {
		t.Errorf("treated patients %v", got)
	}
}
