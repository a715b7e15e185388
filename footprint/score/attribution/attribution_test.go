package attribution

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

func obs(entity, indicator string, num, den float64) Observation {
	o := NewObservation(entity, indicator, "")
	o.Numerator, o.Denominator = num, den
	return o
}

func valueObs(entity, indicator string, value float64) Observation {
	o := NewObservation(entity, indicator, "")
	o.Value = value
	return o
}

// attributeAll reads observations and attributes the only indicator.
func attributeAll(t testing.TB, m *flow.Matrix, p footprint.Partition, ind definition.Indicator, view View, population []float64, rows ...Observation) *Attributed {
	t.Helper()
	ind.ID, ind.Domain = "x", "d"
	defs := &definition.Definitions{Domains: []definition.Domain{{ID: "d", Weight: math.NaN()}}, Indicators: []definition.Indicator{ind}}
	in := &TableInput{Matrix: m, Partition: p, Observations: rows, Known: []string{"GONE"}}
	tab, err := ReadTable(in, defs)
	if err != nil {
		t.Fatal(err)
	}
	s := tab.Series[0]
	return NewAttributor(m, p, population).Attribute(&ind, s.Level, s.Figures[len(s.Figures)-1], view)
}

func TestAttributionByHand(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	// P: 900 of 1,001 in time; its 1,000 patients live 800 to F1, 200 to F2.
	// Q: 450 of 500; its 500 patients live 200 to F1, 300 to F2.
	//
	// Residents' denominators: F1 1001·0.8 + 500·0.4 = 1000.8, F2 500.2 → 1001
	// and 500 by largest remainder (0.8 against 0.2). Numerators: F1 900·0.8 +
	// 450·0.4 = 900, F2 450.
	rows := []Observation{obs("P", "x", 900, 1001), obs("Q", "x", 450, 500)}
	at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, rows...)
	if !slices.Equal(at.WholeNumerator[:2], []float64{900, 450}) {
		t.Errorf("residents: got numerators %v, want 900 and 450", at.WholeNumerator)
	}
	if !slices.Equal(at.WholeDenominator[:2], []float64{1001, 500}) {
		t.Errorf("residents: got denominators %v, want 1001 and 500", at.WholeDenominator)
	}
	if !footprinttest.Near(at.Value[0], 900/1000.8, 1e-15) || at.Weighted || at.Coverage[0] != 1 {
		t.Errorf("residents: got %+v", at)
	}
	at = attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Providers, nil, rows...)
	if !slices.Equal(at.WholeNumerator[:2], []float64{900, 450}) || !slices.Equal(at.WholeDenominator[:2], []float64{1001, 500}) {
		t.Errorf("providers: got %v over %v, want the providers' own", at.WholeNumerator, at.WholeDenominator)
	}

	// Q silent: half of B's and most of C's care is unknown, and nothing else.
	at = attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, rows[0])
	if at.Coverage[0] != 0.8 || at.Coverage[1] != 0.4 {
		t.Errorf("got coverage %v, want 800/1000 and 200/500", at.Coverage)
	}
	at = attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Providers, nil, rows[0])
	if !math.IsNaN(at.Value[1]) || at.Coverage[1] != 0 || !math.IsNaN(at.WholeNumerator[1]) {
		t.Errorf("got %+v, want F2 unknown, not 0", at)
	}

	// B placed nowhere: what its people used is unattributed, and adds up.
	p.Areas[1] = footprint.Unplaced
	at = attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, rows...)
	// F1 1001·0.6 = 600.6, F2 1001·0.2 + 500·0.6 = 500.2, none 1001·0.2 + 500·0.4 = 400.2
	if !slices.Equal(at.WholeDenominator, []float64{601, 500, 400}) || !slices.Equal(at.WholeNumerator, []float64{540, 450, 360}) {
		t.Errorf("got %v over %v, want 540 450 360 over 601 500 400", at.WholeNumerator, at.WholeDenominator)
	}
}

func TestAttributionKinds(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	t.Run("percentages weighted by flow", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel, Unit: "%"}, Residents, nil, valueObs("P", "x", 90), valueObs("Q", "x", 80))
		if !footprinttest.Near(at.Value[0], (0.9*800+0.8*200)/1000, 1e-12) || !footprinttest.Near(at.Value[1], (0.9*200+0.8*300)/500, 1e-12) || !at.Weighted {
			t.Errorf("got %v, weighted %v", at.Value, at.Weighted)
		}
		if !math.IsNaN(at.Numerator[0]) {
			t.Errorf("got a numerator %v out of percentages", at.Numerator[0])
		}
	})
	t.Run("intervals instead of denominators", func(t *testing.T) {
		a, b := valueObs("P", "x", 0.9), valueObs("Q", "x", 0.8)
		a.Lower, a.Upper, b.Lower, b.Upper = 0.9-interval.Z95*0.01, 0.9+interval.Z95*0.01, 0.8-interval.Z95*0.02, 0.8+interval.Z95*0.02
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, a, b)
		if want := math.Hypot(800*0.01, 200*0.02) / 1000; !footprinttest.Near(at.StandardError[0], want, 1e-9) {
			t.Errorf("got standard error %v, want %v", at.StandardError[0], want)
		}
	})
	t.Run("observed over expected", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Ratio, Level: definition.ProviderLevel}, Residents, nil, obs("P", "x", 110, 100.5), obs("Q", "x", 60, 50.25))
		if !slices.Equal(at.Numerator[:2], []float64{112, 58}) || !footprinttest.Near(at.Denominator[0], 100.5*0.8+50.25*0.4, 1e-12) {
			t.Errorf("got %v over %v, want 112 and 58 observed", at.Numerator, at.Denominator)
		}
		if !footprinttest.Near(at.Value[0], 112/at.Denominator[0], 1e-12) {
			t.Errorf("got %v", at.Value[0])
		}
	})
	t.Run("bands", func(t *testing.T) {
		b := valueObs("Q", "x", math.NaN())
		b.Label = " Requires Improvement"
		ind := definition.Indicator{Kind: definition.Band, Polarity: definition.LowerIsBetter, Level: definition.ProviderLevel, Bands: []string{"outstanding", "good", "requires improvement", "inadequate"}, FailingFrom: 3}
		at := attributeAll(t, m, p, ind, Residents, nil, valueObs("P", "x", 2), b)
		if !footprinttest.Near(at.Value[0], 0.2, 1e-12) || !footprinttest.Near(at.Value[1], 0.6, 1e-12) || !footprinttest.Near(at.Shares[0][1], 0.8, 1e-12) {
			t.Errorf("got %v, shares %v", at.Value, at.Shares)
		}
	})
	t.Run("money", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Money, Level: definition.ProviderLevel}, Residents, nil, obs("P", "x", -1000, 20000), obs("Q", "x", 501, 10000))
		if got := at.WholeNumerator[0] + at.WholeNumerator[1] + at.WholeNumerator[2]; got != -499 || at.WholeNumerator[0] != -600 {
			t.Errorf("got %v, want -600 and 101", at.WholeNumerator)
		}
	})
	t.Run("areas", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.AreaLevel}, Providers, []float64{10, 30, 20}, obs("A", "x", 5, 10), obs("C", "x", 8, 9))
		if !slices.Equal(at.Numerator[:2], []float64{5, 8}) || at.Coverage[0] != 0.25 || at.Coverage[1] != 1 {
			t.Errorf("got %v, coverage %v", at.Numerator, at.Coverage)
		}
	})
	t.Run("footprints", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.FootprintLevel, Unit: "%"}, Residents, nil, valueObs("F2", "x", 70))
		if !math.IsNaN(at.Value[0]) || at.Value[1] != 0.7 || at.Weighted || at.Coverage[0] != 0 || at.Coverage[1] != 1 {
			t.Errorf("got %+v", at)
		}
	})
	t.Run("known without flow", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, Residents, nil, obs("P", "x", 9, 10), obs("GONE", "x", 3, 4))
		if at.Denominator[2] != 4 || at.Numerator[2] != 3 {
			t.Errorf("got %v over %v, want 3 of 4 unattributed", at.Numerator, at.Denominator)
		}
	})
	t.Run("rate without a denominator", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Rate, Per: 1000, Level: definition.ProviderLevel}, Residents, nil, obs("P", "x", 10, math.NaN()), obs("Q", "x", 5, math.NaN()))
		if !at.Weighted || !footprinttest.Near(at.Value[0], 10.0/1000*1000, 1e-12) || !math.IsNaN(at.Denominator[0]) {
			t.Errorf("got %+v, want 10 per 1,000 patients of the flows", at)
		}
	})
	t.Run("fixed attribution", func(t *testing.T) {
		at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel, Attribution: definition.ByProviders}, Residents, nil, obs("P", "x", 9, 10), obs("Q", "x", 3, 4))
		if at.Denominator[0] != 10 {
			t.Errorf("got %v, want the provider's own 10", at.Denominator)
		}
	})
}

func TestApportion(t *testing.T) {
	for _, tc := range []struct {
		name   string
		quotas []float64
		total  float64
		caps   []float64
		want   []float64
	}{
		{"largest remainder", []float64{1.4, 1.35, 0.25}, 3, nil, []float64{2, 1, 0}},
		{"tie to the first", []float64{0.5, 0.5}, 1, nil, []float64{1, 0}},
		{"almost whole", []float64{2.9999999999, 1.0000000001}, 4, nil, []float64{3, 1}},
		{"negative", []float64{-1.5, -0.5, 3}, 1, nil, []float64{-1, -1, 3}},
		{"caps", []float64{0.9, 0.6, 0.5}, 2, []float64{0, 2, 1}, []float64{0, 1, 1}},
		{"full caps", []float64{0.9, 0.1}, 1, []float64{0, 1}, []float64{0, 1}},
	} {
		if got := apportion(tc.quotas, tc.total, tc.caps); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

// randomCase is a seeded matrix with some areas and providers unplaced, and
// whole-number proportions for some of its providers.
func randomCase(t testing.TB, seed uint64, areas, providers, footprints int) (*flow.Matrix, footprint.Partition, []Observation) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0))
	b := flow.NewBuilder()
	for a := range areas {
		for range 4 {
			if err := b.Add(fmt.Sprintf("A%04d", a), fmt.Sprintf("P%03d", rng.IntN(providers)), flow.Exactly(float64(1+rng.IntN(500)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{Areas: make([]int32, len(m.Areas())), Providers: make([]int32, len(m.Providers()))}
	for f := range footprints {
		p.IDs = append(p.IDs, fmt.Sprintf("F%02d", f+1))
	}
	for i := range p.Areas {
		p.Areas[i] = int32(rng.IntN(footprints+1)) - 1
	}
	for j := range p.Providers {
		p.Providers[j] = int32(rng.IntN(footprints+1)) - 1
	}
	var rows []Observation
	for _, code := range m.Providers() {
		if rng.IntN(8) > 0 {
			den := rng.IntN(100000)
			rows = append(rows, obs(code, "x", float64(rng.IntN(den+1)), float64(den)))
		}
	}
	return m, p, rows
}

func TestTotalsAreConserved(t *testing.T) {
	for seed := range uint64(30) {
		m, p, rows := randomCase(t, seed, 60, 17, 5)
		var num, den float64
		for _, o := range rows {
			num, den = num+o.Numerator, den+o.Denominator
		}
		for _, view := range []View{Residents, Providers} {
			at := attributeAll(t, m, p, definition.Indicator{Kind: definition.Proportion, Level: definition.ProviderLevel}, view, nil, rows...)
			var n, d float64
			for f := range at.WholeNumerator {
				x, y := at.WholeNumerator[f], at.WholeDenominator[f]
				if math.IsNaN(x) {
					continue
				}
				if x != math.Trunc(x) || y != math.Trunc(y) || x > y || x < 0 {
					t.Fatalf("seed %d, %s: got %v of %v", seed, view, x, y)
				}
				n, d = n+x, d+y
			}
			if n != num || d != den {
				t.Fatalf("seed %d, %s: got %v of %v, want %v of %v", seed, view, n, d, num, den)
			}
		}
	}
}

func TestTableFaults(t *testing.T) {
	m, p := footprinttest.HandWorked(t)
	bands := definition.Indicator{ID: "b", Domain: "d", Kind: definition.Band, Level: definition.ProviderLevel, Polarity: definition.LowerIsBetter, Bands: []string{"good", "bad"}, FailingFrom: 2}
	defs := &definition.Definitions{Domains: []definition.Domain{{ID: "d"}}, Indicators: []definition.Indicator{
		{ID: "x", Domain: "d", Kind: definition.Proportion, Level: definition.ProviderLevel},
		bands,
		{ID: "r", Domain: "d", Kind: definition.Rate, Level: definition.ProviderLevel, DenominatorFrom: "x"},
		{ID: "o", Domain: "d", Kind: definition.Ratio, Level: definition.ProviderLevel},
	}}
	nan := math.NaN()
	in2017 := func(o Observation, period string) Observation { o.Period = period; return o }
	interval := valueObs("P", "x", 0.5)
	interval.Lower, interval.Upper = 0.6, 0.7
	wrongBand := valueObs("P", "b", nan)
	wrongBand.Label = "fair"
	for _, tc := range []struct {
		name string
		err  error
		line int
		rows []Observation
	}{
		{"numerator above denominator", ErrNumeratorAbove, 2, []Observation{obs("P", "x", 1, 2), obs("Q", "x", 3, 2)}},
		{"unknown entity", ErrUnknownEntity, 2, []Observation{obs("P", "x", 1, 2), obs("R", "x", 1, 2)}},
		{"doubled", ErrDoubled, 2, []Observation{obs("P", "x", 1, 2), obs("P", "x", 1, 2)}},
		{"doubled, in a period", ErrDoubled, 2, []Observation{in2017(obs("P", "x", 1, 2), "2017"), in2017(obs("P", "x", 1, 2), "2017")}},
		{"different periods", ErrPeriods, 2, []Observation{in2017(obs("P", "x", 1, nan), "2016/17"), in2017(obs("P", "x", nan, 2), "2017/18")}},
		{"lent denominator of another period", ErrPeriods, 2, []Observation{in2017(obs("P", "x", 1, 2), "2016/17"), in2017(obs("P", "r", 1, nan), "2017/18")}},
		{"mixed levels", ErrMixedLevels, 3, []Observation{obs("P", "x", 1, 2), obs("Q", "x", 1, 2), obs("A", "x", 1, 2)}},
		{"negative", ErrNegative, 1, []Observation{obs("P", "x", -1, 2)}},
		{"nothing expected", ErrDenominator, 1, []Observation{obs("P", "o", 1, 0)}},
		{"no denominator", ErrDenominator, 1, []Observation{obs("P", "x", 1, nan)}},
		{"denominator alone", ErrNoFigure, 1, []Observation{obs("P", "x", nan, 2)}},
		{"infinite", ErrNotFinite, 1, []Observation{obs("P", "x", 1, math.Inf(1))}},
		{"outside its interval", ErrInterval, 1, []Observation{interval}},
		{"not a band", ErrBand, 1, []Observation{wrongBand}},
		{"no such band", ErrBand, 1, []Observation{valueObs("P", "b", 3)}},
		{"share above 1", ErrNumeratorAbove, 1, []Observation{valueObs("P", "x", 1.5)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for i := range tc.rows {
				tc.rows[i].Source, tc.rows[i].Line = "figures.csv", i+1
			}
			_, err := ReadTable(&TableInput{Matrix: m, Partition: p, Observations: tc.rows}, defs)
			var faults *fault.List
			if !errors.As(err, &faults) || !errors.Is(err, tc.err) {
				t.Fatalf("got %v, want %v", err, tc.err)
			}
			if f := faults.List[0]; f.Line != tc.line || f.File != "figures.csv" {
				t.Errorf("got %v, want line %d", f, tc.line)
			}
		})
	}
	// What is no fault: halves of one period, blanks, 0 of 0, undefined indicators.
	tab, err := ReadTable(&TableInput{Matrix: m, Partition: p, Observations: []Observation{
		obs("P", "x", 1, nan), obs("P", "x", nan, 2), obs("Q", "x", nan, nan), obs("A", "y", 1, 2), obs("Q", "o", 0, 0), obs("P", "o", 1, 2),
		obs("P", "r", 1, nan),
	}}, defs)
	if err != nil {
		t.Fatal(err)
	}
	if s := tab.Series[0]; len(s.Figures[0]) != 1 || s.Figures[0][0].Denominator != 2 {
		t.Errorf("got %+v, want 1 of 2", s.Figures)
	}
	if s := tab.Series[1]; s.Figures[0][0].Denominator != 2 {
		t.Errorf("got %+v, want the denominator that x lends", s.Figures)
	}
	if len(tab.Notes) != 2 {
		t.Errorf("got notes %q, want one on y and one on 0 of 0", tab.Notes)
	}
}

func BenchmarkAttribution(b *testing.B) {
	m, p, rows := randomCase(b, 1, 6791, 139, 44)
	ind := definition.Indicator{ID: "x", Domain: "d", Kind: definition.Proportion, Level: definition.ProviderLevel}
	defs := &definition.Definitions{Domains: []definition.Domain{{ID: "d"}}, Indicators: []definition.Indicator{ind}}
	tab, err := ReadTable(&TableInput{Matrix: m, Partition: p, Observations: rows}, defs)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a := NewAttributor(m, p, nil)
		for range 20 {
			a.Attribute(&ind, definition.ProviderLevel, tab.Series[0].Figures[0], Residents)
		}
	}
}
