package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"stpmap/footprint/sweep"
)

// stabilityProfile is the agreement of a setting's runs with each other, over
// seeds and over resampled flows.
func stabilityProfile(c *sweep.Comparison, fams []family, o SweepOptions) (*Chart, error) {
	p := newChart("Stability of the settings", o.Notice)
	p.Y.Label.Text = "mean pairwise agreement of runs (AMI)"
	p.Y.Tick.Marker = chartTicks{func(v float64) string { return chartNumber(math.Round(v*1e6) / 1e6) }}
	place := func(s *sweep.SettingSummary) float64 { return float64(s.Footprints) }
	p.X.Label.Text, p.X.Tick.Marker = "footprints", chartTicks{chartNumber}
	if byResolution(c, fams) {
		place = func(s *sweep.SettingSummary) float64 { return s.Resolution }
		p.X.Label.Text, p.X.Scale, p.X.Tick.Marker = "resolution γ", logScale{}, logTicks{}
	}
	n, err := agreementLines(p, c, fams, place)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, nil
	}
	if k := c.Recommendation.Setting; k >= 0 && !math.IsNaN(c.Settings[k].Stability) {
		s := &c.Settings[k]
		p.Title.Text = joinLines(fmt.Sprintf("Runs that make %d footprints agree by %.2f, where 1 is the same map", s.Footprints, s.Stability), o.Notice)
		if err := addMark(p, fmt.Sprintf("recommended (%d footprints)", s.Footprints), "", plotter.XY{X: place(s), Y: s.Stability}, recommendedGlyph, true); err != nil {
			return nil, err
		}
	}
	// The legend stands below the points, which lie near 1.
	p.Legend.Top, p.Legend.Left = false, false
	if p.Y.Max > p.Y.Min {
		p.Y.Min -= float64((0.25 + float64(0.12*float64(len(fams)))) * (p.Y.Max - p.Y.Min))
	} else {
		p.Y.Min -= 0.05
	}
	p.Y.Max = math.Max(1, p.Y.Max) + float64(0.03*(p.Y.Max-p.Y.Min))
	return &Chart{Name: "stability", plot: p, width: 18 * vg.Centimeter, height: 10 * vg.Centimeter}, nil
}

// byResolution reports whether all settings have a resolution above 0, so that
// an axis of resolutions can show them.
func byResolution(c *sweep.Comparison, fams []family) bool {
	for _, f := range fams {
		for _, k := range f.settings {
			if !(c.Settings[k].Resolution > 0) {
				return false
			}
		}
	}
	return true
}

// agreementLines draws two lines for each family, over seeds and over resampled
// flows, and gives how many points they have.
func agreementLines(p *plot.Plot, c *sweep.Comparison, fams []family, place func(*sweep.SettingSummary) float64) (points int, err error) {
	kinds := []struct {
		name string
		of   func(*sweep.SettingSummary) float64
	}{
		{"over seeds", func(s *sweep.SettingSummary) float64 { return s.Stability }},
		{"over resampled flows", func(s *sweep.SettingSummary) float64 { return s.ResampledStability }},
	}
	for i, f := range fams {
		for k, kind := range kinds {
			var xys plotter.XYs
			for _, k := range f.settings {
				if s := &c.Settings[k]; !math.IsNaN(kind.of(s)) {
					xys = append(xys, plotter.XY{X: place(s), Y: kind.of(s)})
				}
			}
			slices.SortStableFunc(xys, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
			name := kind.name
			if len(fams) > 1 {
				name = f.name + " " + name
			}
			points += len(xys)
			if err := addPoints(p, name, i+k*len(fams), xys); err != nil {
				return 0, err
			}
		}
	}
	return points, nil
}
