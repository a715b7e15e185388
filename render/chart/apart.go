package chart

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/sweep"
	"stpmap/render/layer"
)

// matrixGrid draws a square matrix as cells in colours.
type matrixGrid struct {
	values [][]float64
	fill   []color.Color
	top    float64
}

// class is the place of a value in the ramp.
func (g matrixGrid) class(v float64) int {
	if !(g.top > 0) {
		return 0
	}
	return min(len(g.fill)-1, int(v/g.top*float64(len(g.fill))))
}

// Plot implements plot.Plotter; what is not known stays white.
func (g matrixGrid) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for i, row := range g.values {
		for j, v := range row {
			if math.IsNaN(v) {
				continue
			}
			x, y := float64(j), float64(i)
			c.FillPolygon(g.fill[g.class(v)], []vg.Point{{X: trX(x - 0.5), Y: trY(y - 0.5)}, {X: trX(x + 0.5), Y: trY(y - 0.5)}, {X: trX(x + 0.5), Y: trY(y + 0.5)}, {X: trX(x - 0.5), Y: trY(y + 0.5)}})
		}
	}
}

// settingTicks labels settings by γ or K, and method where there are several.
func settingTicks(c *sweep.Comparison, several bool, most int) plot.ConstantTicks {
	var out plot.ConstantTicks
	every := (len(c.Settings) + most - 1) / most
	for i := range c.Settings {
		t := plot.Tick{Value: float64(i)}
		if i%every == 0 {
			s := &c.Settings[i]
			switch {
			case s.Asked > 0:
				t.Label = "exactly " + strconv.Itoa(s.Asked)
			case !math.IsNaN(s.Resolution):
				t.Label = strconv.FormatFloat(s.Resolution, 'g', 3, 64)
			}
			if several {
				t.Label = strings.TrimSpace(s.Method + " " + t.Label)
			}
		}
		out = append(out, t)
	}
	return out
}

// settingsHeatMap is the variation of information between settings.
func settingsHeatMap(c *sweep.Comparison, fams []family, o SweepOptions) (*Chart, error) {
	n := len(c.Settings)
	if n < 2 {
		return nil, nil
	}
	classes := layer.MostClasses("viridis")
	ramp, err := layer.Ramp("viridis", classes)
	if err != nil {
		return nil, err
	}
	g := matrixGrid{values: c.VI}
	for _, hex := range ramp {
		rgb, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
		if err != nil {
			return nil, err
		}
		g.fill = append(g.fill, color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xff})
	}
	for _, row := range c.VI {
		for _, v := range row {
			if v > g.top {
				g.top = v
			}
		}
	}
	p := newChart(farthest(c.VI, func(k int) int { return c.Settings[k].Footprints }), o.Notice)
	label := "resolution γ"
	if len(fams) > 1 || !byResolution(c, fams) {
		label = "setting"
	}
	p.X.Label.Text, p.Y.Label.Text = label, label
	p.Add(g)
	ticks := settingTicks(c, len(fams) > 1, 20)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks, ticks
	// The axis would run on under the legend, and its ticks into the upright labels.
	p.X.LineStyle.Width, p.X.Tick.LineStyle.Width, p.X.Tick.Length = 0, 0, 0
	p.X.Tick.Label.Rotation = math.Pi / 2
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = plottext.XRight, plottext.YCenter
	p.X.Min, p.Y.Min, p.Y.Max = -0.5, -0.5, float64(n)-0.5
	p.X.Max = float64(float64(n)*1.42) - 0.5 // room for the legend
	p.Legend.Top = true
	p.Legend.Add("how far apart:")
	p.Legend.Add("variation of")
	p.Legend.Add("information (nats)")
	for k := range g.fill {
		step := g.top / float64(classes)
		p.Legend.Add(fmt.Sprintf("%.2f to %.2f", float64(k)*step, float64(k+1)*step), swatch{fill: g.fill[k]})
	}
	width, height := 18*vg.Centimeter, 14*vg.Centimeter
	return &Chart{Name: "vi", plot: p, width: width, height: height}, nil
}
