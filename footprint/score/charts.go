package score

import (
	"math"
	"slices"

	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/interval"
)

// FunnelPoint is a footprint in a funnel plot.
type FunnelPoint struct {
	Footprint          string
	Denominator, Value float64
	Z                  float64 // higher is worse
	Band               int     // −2 to 2
}

// Funnel is the figures of a funnel plot: values against the size of their
// denominators, with limits about the pooled value. The limits allow for the
// variance between footprints, as Z and Band do; the naive ones for sampling
// error alone.
type Funnel struct {
	Indicator definition.Indicator
	Points    []FunnelPoint
	Centre    float64
	Target    float64 // NaN where there is none
	// Sizes are denominators, rising, at which the limits are given.
	Sizes                                []float64
	Lower95, Upper95, Lower998, Upper998 []float64
	NaiveLower998, NaiveUpper998         []float64
}

// funnelSteps is how many points the limits are given at.
const funnelSteps = 100

// Funnel gives the funnel plot of an indicator; false where it has no counts
// that a limit could be drawn from.
func (r *Result) Funnel(id string) (*Funnel, bool) {
	for _, m := range r.measures {
		if m.ind.ID != id || m.out.transform == definition.Identity {
			continue
		}
		f := &Funnel{Indicator: *m.ind, Centre: m.out.pooled, Target: math.NaN()}
		if m.ind.Target.Set && !m.ind.Target.Own && len(m.aim.at) > 0 {
			f.Target = m.aim.at[0]
		}
		lo, hi := math.Inf(1), 0.0
		for _, row := range r.Indicators {
			if row.Indicator != id || !row.Used {
				continue
			}
			f.Points = append(f.Points, FunnelPoint{row.Footprint, row.Denominator, row.Value, row.Z, row.Band})
			lo, hi = min(lo, row.Denominator), max(hi, row.Denominator)
		}
		if len(f.Points) == 0 {
			return nil, false
		}
		lo, hi = lo*0.8, hi*1.05
		for i := range funnelSteps {
			// Evenly on the square-root scale: where the limits bend most.
			x := math.Sqrt(lo) + (math.Sqrt(hi)-math.Sqrt(lo))*float64(i)/(funnelSteps-1)
			n := x * x
			f.Sizes = append(f.Sizes, n)
			f.Lower95, f.Upper95 = append(f.Lower95, m.out.limit(n, -interval.Z95, true)), append(f.Upper95, m.out.limit(n, interval.Z95, true))
			f.Lower998, f.Upper998 = append(f.Lower998, m.out.limit(n, -interval.Z998, true)), append(f.Upper998, m.out.limit(n, interval.Z998, true))
			f.NaiveLower998, f.NaiveUpper998 = append(f.NaiveLower998, m.out.limit(n, -interval.Z998, false)), append(f.NaiveUpper998, m.out.limit(n, interval.Z998, false))
		}
		return f, true
	}
	return nil, false
}

// Caterpillar is the figures of a caterpillar plot: the rated footprints, worst
// first, with the interval of their ranks.
func (r *Result) Caterpillar() []FootprintRow {
	return slices.DeleteFunc(r.League(), func(f FootprintRow) bool { return !f.Rated })
}

// HeatMap is the figures of a heat map: footprints, worst first, by indicators.
type HeatMap struct {
	Footprints []FootprintRow
	Indicators []definition.Indicator
	// Z by footprint and indicator, higher is worse; NaN unknown. Failing
	// likewise.
	Z       [][]float64
	Failing [][]Answer
	// Periods of the indicators, and Aside those of another year than the score.
	Periods []string
	Aside   []bool
}

// HeatMap gives the heat map of all indicators that are judged.
func (r *Result) HeatMap() *HeatMap {
	h := &HeatMap{Footprints: r.League()}
	at := map[[2]string]IndicatorRow{}
	for _, row := range r.Indicators {
		at[[2]string{row.Footprint, row.Indicator}] = row
	}
	for _, m := range r.measures {
		if m.ind.EffectivePolarity() != definition.Neutral {
			h.Indicators = append(h.Indicators, *m.ind)
			h.Periods, h.Aside = append(h.Periods, m.window.Label), append(h.Aside, m.aside)
		}
	}
	for _, f := range h.Footprints {
		var z []float64
		var failing []Answer
		for _, ind := range h.Indicators {
			row := at[[2]string{f.Footprint, ind.ID}]
			z, failing = append(z, row.Z), append(failing, row.Failing)
		}
		h.Z, h.Failing = append(h.Z, z), append(h.Failing, failing)
	}
	return h
}
