package chart

import (
	"cmp"
	"strings"

	"gonum.org/v1/plot"

	"stpmap/footprint/score"
	"stpmap/footprint/score/definition"
)

// OfScore draws a score: a caterpillar plot of the ranks, a heat map of
// footprints by indicators, and a funnel plot of each indicator that has counts.
// notice, where not empty, stands in every title. The same score gives the same
// bytes.
func OfScore(r *score.Result, notice string) ([]Chart, error) {
	var charts []Chart
	if rows := r.Caterpillar(); len(rows) > 0 {
		c, err := caterpillar(rows, r.Options, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	if h := r.HeatMap(); len(h.Footprints) > 0 && len(h.Indicators) > 0 {
		charts = append(charts, heatMap(h, notice))
	}
	for _, id := range r.Measured {
		f, ok := r.Funnel(id)
		if !ok {
			continue
		}
		c, err := funnel(f, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	return charts, nil
}

func chartTitle(ind *definition.Indicator) string { return cmp.Or(ind.Name, ind.ID) }

// rowTicks name the rows of a chart from the top.
func rowTicks(rows []score.FootprintRow) plot.ConstantTicks {
	ticks := make(plot.ConstantTicks, len(rows))
	for i, f := range rows {
		name := f.Title()
		if code := " (" + f.Footprint + ")"; len([]rune(name)) > 52 && strings.HasSuffix(name, code) {
			name = strings.TrimSpace(string([]rune(f.Name)[:51-len(code)])) + "…" + code
		}
		ticks[i] = plot.Tick{Value: float64(len(rows) - 1 - i), Label: name}
	}
	return ticks
}
