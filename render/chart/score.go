package chart

import (
	"cmp"
	"fmt"
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
	names := namesOf(r, notice)
	if rows := r.Caterpillar(); len(rows) > 0 {
		c, err := caterpillar(rows, names, r.Options, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	if h := r.HeatMap(); len(h.Footprints) > 0 && len(h.Indicators) > 0 {
		charts = append(charts, heatMap(h, names, notice))
	}
	for _, id := range r.Measured {
		f, ok := r.Funnel(id)
		if !ok {
			continue
		}
		c, err := funnel(f, names, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	return fit(charts), nil
}

func chartTitle(ind *definition.Indicator) string { return cmp.Or(ind.Name, ind.ID) }

// namesOf are the names of footprints, by id; the mark of synthetic data stands
// once, in the notice.
func namesOf(r *score.Result, notice string) map[string]string {
	rows := r.League()
	var all []string
	for _, f := range rows {
		all = append(all, f.Name)
	}
	end := ""
	if notice != "" {
		end = shareEnd(all)
	}
	names := make(map[string]string, len(rows))
	for _, f := range rows {
		names[f.Footprint] = strings.TrimSuffix(f.Name, end)
	}
	return names
}

// failing is the message of charts of all footprints.
func failing(rows []score.FootprintRow) string {
	n := 0
	for i := range rows {
		if rows[i].AcrossAreas() {
			n++
		}
	}
	switch n {
	case 0:
		return fmt.Sprintf("None of %d footprints fails in several areas of care", len(rows))
	case 1:
		return fmt.Sprintf("One of %d footprints fails in several areas of care", len(rows))
	}
	return fmt.Sprintf("%d of %d footprints fail in several areas of care", n, len(rows))
}

// rowTicks name the rows of a chart from the top.
func rowTicks(rows []score.FootprintRow, names map[string]string) plot.ConstantTicks {
	ticks := make(plot.ConstantTicks, len(rows))
	for i, f := range rows {
		name := f.Footprint
		if n := names[f.Footprint]; n != "" && n != name {
			name = shortName(n) + " (" + f.Footprint + ")"
		}
		ticks[i] = plot.Tick{Value: float64(len(rows) - 1 - i), Label: name}
	}
	return ticks
}
