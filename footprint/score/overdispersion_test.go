package score

import (
	"math"
	"slices"
	"testing"

	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/dispersion"
)

// Two made-up sets of units. The wants were computed apart in Python from the
// formulas of Spiegelhalter (2005), as the CQC's intelligent monitoring and
// R's FunnelPlotR state them, with R's type 7 quantiles.
var (
	casesWithin = []float64{840, 455, 1210, 300, 610, 95, 720, 1500, 260, 505, 880, 1020}
	casesAll    = []float64{1000, 500, 1300, 400, 650, 100, 800, 1600, 350, 520, 1000, 1100}
	observed    = []float64{120, 80, 210, 60, 45, 300, 150, 98, 77, 133}
	expected    = []float64{100, 90, 190, 70, 40, 280, 170, 95, 60, 150}
)

func attributedCounts(num, den []float64, per float64) *attribution.Attributed {
	at := &attribution.Attributed{
		Numerator: append(slices.Clone(num), 0), Denominator: append(slices.Clone(den), 0),
		Value: slices.Repeat([]float64{math.NaN()}, len(num)), StandardError: slices.Repeat([]float64{math.NaN()}, len(num)),
	}
	for i := range num {
		at.Value[i] = num[i] / den[i] * per
	}
	return at
}

func all(n int) []bool { return slices.Repeat([]bool{true}, n) }

func TestOverdispersedZ(t *testing.T) {
	for _, tc := range []struct {
		name      string
		ind       definition.Indicator
		num, den  []float64
		phi, tau2 float64
		z         []float64
	}{
		{
			"proportion, arcsine",
			definition.Indicator{Kind: definition.Proportion},
			casesWithin, casesAll, 21.124540367103517, 0.0072879403132355735,
			[]float64{
				-1.0483621461606045, 0.1790837220237411, 0.6271893389269223, -2.2832080347842627, 0.7969774420081207, 0.9600667456004172,
				-0.014382640935616265, 0.7860064024148606, -2.3622049690952647, 1.6998786112562314, -0.3829121721893346, 0.5471893194732037,
			},
		},
		{
			"ratio, log",
			definition.Indicator{Kind: definition.Ratio},
			observed, expected, 1.7802485568143394, 0.00795756634186749,
			[]float64{
				1.2019642853916275, -1.0205697437275942, 0.6799858491831899, -1.1911529979236828, 0.5307273240740538,
				0.4369078629078103, -1.2588728450581308, 0.06550491715047073, 1.4588894112335864, -1.1845373394622798,
			},
		},
		{
			"rate, square root",
			definition.Indicator{Kind: definition.Rate, Per: 1000},
			observed, expected, 1.7598302586841155, 0.001943245539358229,
			[]float64{
				1.2579390213307968, -0.990531443346039, 0.6983276278591375, -1.1449654223502974, 0.5451630961236804,
				0.44566115841191356, -1.221853891376512, 0.06598455281877859, 1.5509031515841976, -1.1506740845180332,
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := findOutliers(&tc.ind, attributedCounts(tc.num, tc.den, tc.ind.EffectivePer()), all(len(tc.num)))
			if !footprinttest.Near(o.Phi, tc.phi, 1e-9) || !footprinttest.Near(o.Tau2, tc.tau2, 1e-12) {
				t.Errorf("got φ %v and τ² %v, want %v and %v", o.Phi, o.Tau2, tc.phi, tc.tau2)
			}
			for f, want := range tc.z {
				if !footprinttest.Near(o.z(f), want, 1e-9) {
					t.Errorf("unit %d: got z %v, want %v", f, o.z(f), want)
				}
			}
			// The funnel is the same statement drawn: a unit's value lies on the
			// limit at its own z.
			for f := range tc.z {
				value := tc.num[f] / tc.den[f] * tc.ind.EffectivePer()
				if got := o.limit(tc.den[f], o.z(f), true); !footprinttest.Near(got, value, 1e-9) {
					t.Errorf("unit %d: got limit %v, want its value %v", f, got, value)
				}
			}
		})
	}
}

func TestOverdispersionEdges(t *testing.T) {
	if d := dispersion.Overdispersion(nil, nil, 0); d.Tau2 != 0 || d.Units != 0 {
		t.Errorf("no units: got %+v", d)
	}
	// As alike as sampling error allows: nothing between units.
	if d := dispersion.Overdispersion([]float64{0.1, -0.1, 0.05, -0.05}, []float64{1, 1, 1, 1}, 0); d.Tau2 != 0 || !(d.Phi > 0 && d.Phi < 1) {
		t.Errorf("got %+v, want τ² of 0", d)
	}
	if d := dispersion.Overdispersion([]float64{1, 2, 3}, []float64{0, 0, 0}, 2); !(d.Tau2 > 0) || !math.IsNaN(d.Phi) {
		t.Errorf("no standard errors: got %+v, want the variance of the values", d)
	}
	if got := dispersion.Winsorise([]float64{10, 0, 5, 1, 9, 2, 8, 3, 7, 4, 6}, 0.1); !slices.Equal(got, []float64{9, 1, 5, 1, 9, 2, 8, 3, 7, 4, 6}) {
		t.Errorf("got %v", got)
	}
	// A zero among ratios: the logarithm gives way to the square root.
	num := slices.Clone(observed)
	num[0] = 0
	o := findOutliers(&definition.Indicator{Kind: definition.Ratio}, attributedCounts(num, expected, 1), all(len(num)))
	if o.transform != definition.Sqrt || !(o.z(0) < -3) {
		t.Errorf("got %v, z %v", o.transform, o.z(0))
	}
}
