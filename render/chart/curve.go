package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"stpmap/footprint/sweep"
)

// containmentCurve is the share of patients inside against the number of
// footprints.
func containmentCurve(c *sweep.Comparison, fams []family, o SweepOptions) (*Chart, error) {
	p := newChart("Containment against the number of footprints", o.Notice)
	p.X.Label.Text, p.Y.Label.Text = "footprints", "patients treated inside their footprint"
	p.X.Tick.Marker, p.Y.Tick.Marker = chartTicks{chartNumber}, chartTicks{percentTick}
	p.Legend.Top = true
	for i, f := range fams {
		var xys plotter.XYs
		for _, k := range f.settings {
			s := &c.Settings[k]
			xys = append(xys, plotter.XY{X: float64(s.Footprints), Y: s.Representative.InsideShare})
		}
		slices.SortStableFunc(xys, func(a, b plotter.XY) int {
			if a.X != b.X {
				return int(a.X - b.X)
			}
			switch {
			case a.Y > b.Y:
				return -1
			case a.Y < b.Y:
				return 1
			}
			return 0
		})
		if err := addPoints(p, f.name, i, xys); err != nil {
			return nil, err
		}
	}
	if k := c.Recommendation.Setting; k >= 0 {
		s := &c.Settings[k]
		at := plotter.XY{X: float64(s.Footprints), Y: s.Representative.InsideShare}
		p.Title.Text = joinLines(fmt.Sprintf("%d footprints keep %.1f%% of patients inside", s.Footprints, 100*at.Y), o.Notice)
		if err := addMark(p, "recommended", fmt.Sprintf("recommended: %d footprints, %.1f%%", s.Footprints, 100*at.Y), at, recommendedGlyph, true); err != nil {
			return nil, err
		}
	}
	if m := o.Official; m != nil && m.Measures.Footprints > 0 {
		at := plotter.XY{X: float64(m.Measures.Footprints), Y: m.Measures.InsideShare}
		if err := addMark(p, m.Name, fmt.Sprintf("%s: %d, %.1f%%", m.Name, m.Measures.Footprints, 100*at.Y), at, officialGlyph, false); err != nil {
			return nil, err
		}
	}
	if len(fams) == 1 { // what is shown stands beside it
		p.Legend = plot.NewLegend()
	}
	widen(&p.X, 0.03)
	widen(&p.Y, 0.05)
	return &Chart{Name: "curve", plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
}
