package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/score"
)

// funnel is an indicator of each footprint against how much it rests on, with
// the limits of chance. names are those of footprints, by id.
func funnel(f *score.Funnel, names map[string]string, notice string) (Chart, error) {
	p := newChart(funnelMessage(f), joinLines("Limits allow for chance and the usual differences between footprints.\nPale lines allow for chance alone.", notice))
	p.X.Label.Text = cmp.Or(f.Indicator.Denominator, "denominator")
	p.Y.Label.Text = f.Indicator.Unit
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Tick.Marker = chartTicks{func(v float64) string { return chartNumber(math.Round(v*1e9) / 1e9) }}
	if strings.TrimSpace(f.Indicator.Unit) == "%" {
		p.Y.Label.Text = "% of " + p.X.Label.Text
		p.Y.Tick.Marker = chartTicks{percentTick}
	}
	if err := funnelLimits(p, f); err != nil {
		return Chart{}, err
	}
	if err := funnelPoints(p, f); err != nil {
		return Chart{}, err
	}
	// The lines are named at their right ends.
	lo, hi := f.Sizes[0], f.Sizes[len(f.Sizes)-1]
	p.X.Min, p.X.Max = lo-float64(0.02*(hi-lo)), hi+float64(0.13*(hi-lo))
	widen(&p.Y, 0.04)
	if err := labelOutliers(p, f, names); err != nil {
		return Chart{}, err
	}
	return Chart{Name: "funnel_" + f.Indicator.ID, Title: chartTitle(&f.Indicator), plot: p, width: 18 * vg.Centimeter, height: 11.5 * vg.Centimeter}, nil
}

// funnelMessage says how many footprints differ by more than chance.
func funnelMessage(f *score.Funnel) string {
	worse, better := 0, 0
	for _, pt := range f.Points {
		switch {
		case pt.Band > 0:
			worse++
		case pt.Band < 0:
			better++
		}
	}
	title := chartTitle(&f.Indicator)
	switch {
	case worse > 0 && better > 0:
		return fmt.Sprintf("%s: %d of %d footprints are worse than expected, %d better", title, worse, len(f.Points), better)
	case worse == 1:
		return fmt.Sprintf("%s: one of %d footprints is worse than expected", title, len(f.Points))
	case worse > 0:
		return fmt.Sprintf("%s: %d of %d footprints are worse than expected", title, worse, len(f.Points))
	case better > 0:
		return fmt.Sprintf("%s: none of %d footprints is worse than expected, %d better", title, len(f.Points), better)
	}
	return fmt.Sprintf("%s: none of %d footprints is out of line", title, len(f.Points))
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
		{"", f.NaiveUpper998, chartPale, 1, nil},
		{"95% limit", f.Lower95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"95% limit", f.Upper95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"99.8% limit", f.Lower998, chartInk, 0.8, nil},
		{"99.8% limit", f.Upper998, chartInk, 0.8, nil},
		{"all together", level(f.Centre), chartInk, 1.2, nil},
	}
	if !math.IsNaN(f.Target) {
		limits = append(limits, limit{"target", level(f.Target), chartTarget, 1.2, []vg.Length{vg.Points(1.5), vg.Points(2)}})
	}
	var ends []lineEnd
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
			ends = append(ends, lineEnd{s.name, xys[len(xys)-1]})
		}
	}
	p.Add(lineEnds(ends))
	return nil
}

// funnelPoints draws the footprints, by their band.
func funnelPoints(p *plot.Plot, f *score.Funnel) error {
	for _, g := range []struct {
		is     func(band int) bool
		colour color.Color
		shape  draw.GlyphDrawer
	}{
		{func(b int) bool { return b == 0 }, chartGrey, draw.CircleGlyph{}},
		{func(b int) bool { return b > 0 }, chartWorse, draw.PyramidGlyph{}},
		{func(b int) bool { return b < 0 }, chartBetter, draw.BoxGlyph{}},
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
	}
	return nil
}

// labelOutliers names the points beyond the 99.8% limit, and then those beyond
// the 95% limit, where there is room: by their places where these are known, at
// the side where the name stays on the chart.
func labelOutliers(p *plot.Plot, f *score.Funnel, names map[string]string) error {
	points := slices.Clone(f.Points)
	slices.SortStableFunc(points, func(a, b score.FunnelPoint) int { return cmp.Compare(math.Abs(b.Z), math.Abs(a.Z)) })
	h := (p.Y.Max - p.Y.Min) * 0.045
	var labels plotter.XYLabels
	var before []bool
	for _, pt := range points {
		at := plotter.XY{X: pt.Denominator, Y: pt.Value}
		if pt.Band == 0 || slices.ContainsFunc(labels.XYs, func(o plotter.XY) bool { return math.Abs(o.Y-at.Y) < h && math.Abs(o.X-at.X) < (p.X.Max-p.X.Min)*0.45 }) {
			continue
		}
		labels.XYs, labels.Labels = append(labels.XYs, at), append(labels.Labels, shortName(cmp.Or(names[pt.Footprint], pt.Footprint)))
		before = append(before, leftward(p, f, at, labels.Labels[len(labels.Labels)-1]))
	}
	if len(labels.XYs) == 0 {
		return nil
	}
	for i, name := range labels.Labels {
		one, err := plotter.NewLabels(plotter.XYLabels{XYs: labels.XYs[i : i+1], Labels: []string{name}})
		if err != nil {
			return err
		}
		style := &one.TextStyle[0]
		style.Font.Variant, style.Font.Size, style.Color, style.YAlign = "Sans", vg.Points(7), chartInk, plottext.YCenter
		one.Offset = vg.Point{X: vg.Points(5)}
		if before[i] {
			// Pages have fonts a fifth wider.
			style.XAlign, one.Offset.X = plottext.XRight, vg.Points(-5)-style.Width(name)/5
		}
		p.Add(one)
	}
	return nil
}

// leftward says whether a name stands better to the left of its point than to the
// right: where it lies over fewer points, and stays short of the limits' names.
func leftward(p *plot.Plot, f *score.Funnel, at plotter.XY, name string) bool {
	const letter = 0.0092 // of the chart's width
	wide, high := float64(float64(len([]rune(name)))*letter*(p.X.Max-p.X.Min)), (p.Y.Max-p.Y.Min)*0.03
	over := [2]int{}
	for _, pt := range f.Points {
		if pt.Denominator != at.X && math.Abs(pt.Value-at.Y) < high {
			switch d := pt.Denominator - at.X; {
			case d > 0 && d < wide:
				over[0]++
			case d < 0 && -d < wide:
				over[1]++
			}
		}
	}
	if at.X+wide > f.Sizes[len(f.Sizes)-1] {
		over[0] += len(f.Points)
	}
	if at.X-wide < p.X.Min {
		over[1] += len(f.Points)
	}
	return over[1] < over[0]
}
