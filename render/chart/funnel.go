package chart

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/score"
)

// funnel is an indicator of each footprint against how much it rests on, with
// the limits of chance.
func funnel(f *score.Funnel, notice string) (Chart, error) {
	p := newChart(chartTitle(&f.Indicator), notice)
	p.X.Label.Text = cmp.Or(f.Indicator.Denominator, "denominator")
	p.Y.Label.Text = f.Indicator.Unit
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Tick.Marker = chartTicks{func(v float64) string { return chartNumber(math.Round(v*1e9) / 1e9) }}
	if strings.TrimSpace(f.Indicator.Unit) == "%" {
		p.Y.Tick.Marker = chartTicks{percentTick}
	}
	p.Legend.Top, p.Legend.Left = true, false
	if err := funnelLimits(p, f); err != nil {
		return Chart{}, err
	}
	if err := funnelPoints(p, f); err != nil {
		return Chart{}, err
	}
	// Room at the right for the legend, which may not lie over points.
	lo, hi := f.Sizes[0], f.Sizes[len(f.Sizes)-1]
	p.X.Min, p.X.Max = lo-0.02*(hi-lo), hi+0.5*(hi-lo)
	if err := labelOutliers(p, f); err != nil {
		return Chart{}, err
	}
	return Chart{Name: "funnel_" + f.Indicator.ID, Title: chartTitle(&f.Indicator), plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
}

// funnelLimits draws the limits, the centre, and the target where there is one.
func funnelLimits(p *plot.Plot, f *score.Funnel) error {
	level := func(v float64) []float64 { return slices.Repeat([]float64{v}, len(f.Sizes)) }
	type limit struct {
		name   string
		y      []float64
		colour color.Color
		width  float64
		dashes []vg.Length
	}
	limits := []limit{
		{"", f.NaiveLower998, chartPale, 1, nil},
		{"99.8%, sampling error alone", f.NaiveUpper998, chartPale, 1, nil},
		{"", f.Lower95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"95%, with over-dispersion", f.Upper95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"", f.Lower998, chartInk, 0.8, nil},
		{"99.8%, with over-dispersion", f.Upper998, chartInk, 0.8, nil},
		{"all footprints", level(f.Centre), chartInk, 1.2, nil},
	}
	if !math.IsNaN(f.Target) {
		limits = append(limits, limit{"target", level(f.Target), chartTarget, 1.2, []vg.Length{vg.Points(1.5), vg.Points(2)}})
	}
	for _, s := range limits {
		xys := make(plotter.XYs, len(s.y))
		for i := range s.y {
			xys[i] = plotter.XY{X: f.Sizes[i], Y: s.y[i]}
		}
		l, err := plotter.NewLine(xys)
		if err != nil {
			return err
		}
		l.Color, l.Width, l.Dashes = s.colour, vg.Points(s.width), s.dashes
		p.Add(l)
		if s.name != "" {
			p.Legend.Add(s.name, l)
		}
	}
	return nil
}

// funnelPoints draws the footprints, by their band.
func funnelPoints(p *plot.Plot, f *score.Funnel) error {
	for _, g := range []struct {
		name   string
		is     func(band int) bool
		colour color.Color
		shape  draw.GlyphDrawer
	}{
		{"as expected", func(b int) bool { return b == 0 }, chartGrey, draw.CircleGlyph{}},
		{"worse", func(b int) bool { return b > 0 }, chartWorse, draw.PyramidGlyph{}},
		{"better", func(b int) bool { return b < 0 }, chartBetter, draw.BoxGlyph{}},
	} {
		var xys plotter.XYs
		for _, pt := range f.Points {
			if g.is(pt.Band) {
				xys = append(xys, plotter.XY{X: pt.Denominator, Y: pt.Value})
			}
		}
		if len(xys) == 0 {
			continue
		}
		s, err := plotter.NewScatter(xys)
		if err != nil {
			return err
		}
		s.GlyphStyle = draw.GlyphStyle{Color: g.colour, Radius: vg.Points(3), Shape: g.shape}
		p.Add(s)
		p.Legend.Add(g.name, s)
	}
	return nil
}

// labelOutliers names the points beyond the 99.8% limit, and then those beyond
// the 95% limit, where there is room.
func labelOutliers(p *plot.Plot, f *score.Funnel) error {
	points := slices.Clone(f.Points)
	slices.SortStableFunc(points, func(a, b score.FunnelPoint) int { return cmp.Compare(math.Abs(b.Z), math.Abs(a.Z)) })
	w, h := (p.X.Max-p.X.Min)*0.07, (p.Y.Max-p.Y.Min)*0.05
	var labels plotter.XYLabels
	for _, pt := range points {
		if pt.Band == 0 {
			continue
		}
		at := plotter.XY{X: pt.Denominator, Y: pt.Value}
		if slices.ContainsFunc(labels.XYs, func(o plotter.XY) bool { return math.Abs(o.X-at.X) < w && math.Abs(o.Y-at.Y) < h }) {
			continue
		}
		labels.XYs, labels.Labels = append(labels.XYs, at), append(labels.Labels, pt.Footprint)
	}
	if len(labels.XYs) == 0 {
		return nil
	}
	l, err := plotter.NewLabels(labels)
	if err != nil {
		return err
	}
	for i := range l.TextStyle {
		l.TextStyle[i].Font.Variant, l.TextStyle[i].Font.Size, l.TextStyle[i].Color = "Sans", vg.Points(7), chartInk
	}
	l.Offset = vg.Point{X: vg.Points(4), Y: vg.Points(2)}
	p.Add(l)
	return nil
}
