package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/score"
	"stpmap/footprint/score/definition"
)

// cellGrid draws the cells of a heat map.
type cellGrid struct {
	z       [][]float64
	failing [][]score.Answer
	aside   []bool // columns of another year than the score
}

// bandOf is the class of a z score, 0 for the best to 4 for the worst.
func bandOf(z float64) int {
	class := 2
	for _, limit := range []float64{1.959963984540054, 3.090232306167814} {
		if z > limit {
			class++
		} else if z < -limit {
			class--
		}
	}
	return class
}

// Plot draws one rectangle a cell; what is not known is left white with a
// stroke through it, and what fails has a point.
func (g cellGrid) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	edge := draw.LineStyle{Color: color.White, Width: vg.Points(0.6)}
	stroke := draw.LineStyle{Color: chartGrey, Width: vg.Points(0.6)}
	for i, row := range g.z {
		y := float64(len(g.z) - 1 - i)
		for k, z := range row {
			x := float64(k)
			box := []vg.Point{{X: trX(x - 0.5), Y: trY(y - 0.5)}, {X: trX(x + 0.5), Y: trY(y - 0.5)}, {X: trX(x + 0.5), Y: trY(y + 0.5)}, {X: trX(x - 0.5), Y: trY(y + 0.5)}}
			if math.IsNaN(z) {
				if g.failing[i][k] == score.Unknown {
					c.StrokeLines(stroke, []vg.Point{box[0], box[2]})
					continue
				}
				z = 0
			}
			fill := color.Color(chartBands[bandOf(z)])
			if g.aside[k] {
				fill = chartPale
			}
			c.FillPolygon(fill, box)
			c.StrokeLines(edge, append(box, box[0]))
			if g.aside[k] {
				continue
			}
			if g.failing[i][k] == score.Yes {
				c.DrawGlyph(draw.GlyphStyle{Color: chartInk, Radius: vg.Points(1.6), Shape: draw.CircleGlyph{}}, vg.Point{X: trX(x), Y: trY(y)})
			}
		}
	}
}

// swatch is a key of the heat map's legend.
type swatch struct {
	fill  color.Color
	point bool
	none  bool
}

// Thumbnail draws the key.
func (s swatch) Thumbnail(c *draw.Canvas) {
	r := c.Rectangle
	box := []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
	switch {
	case s.none:
		c.StrokeLines(draw.LineStyle{Color: chartGrey, Width: vg.Points(0.6)}, []vg.Point{r.Min, r.Max})
	case s.point:
		c.DrawGlyph(draw.GlyphStyle{Color: chartInk, Radius: vg.Points(1.8), Shape: draw.CircleGlyph{}}, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2})
	default:
		c.FillPolygon(s.fill, box)
		c.StrokeLines(draw.LineStyle{Color: chartPale, Width: vg.Points(0.4)}, append(box, box[0]))
	}
}

func heatMap(h *score.HeatMap, names map[string]string, notice string) Chart {
	rows := h.Footprints[:min(len(h.Footprints), maxChartRows)]
	how := "Each indicator against the other footprints, the worst footprints first"
	if len(rows) < len(h.Footprints) {
		how += fmt.Sprintf(" (%d of %d)", len(rows), len(h.Footprints))
	}
	p := newChart(failing(h.Footprints), joinLines(how, notice))
	p.Y.Tick.Marker = rowTicks(rows, names)
	columns := make(plot.ConstantTicks, len(h.Indicators))
	for k, ind := range h.Indicators {
		columns[k] = plot.Tick{Value: float64(k), Label: columnName(&ind)}
		if h.Aside[k] {
			columns[k].Label += " (" + h.Periods[k] + ")"
		}
	}
	p.X.Tick.Marker = columns
	p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = math.Pi/3, plottext.XRight, plottext.YCenter
	p.X.Tick.Length, p.Y.Tick.Length = 0, 0
	p.X.LineStyle.Width, p.Y.LineStyle.Width = 0, 0
	n := float64(len(h.Indicators))
	p.Y.Min, p.Y.Max = -0.5, float64(len(rows))-0.5
	// The legend stands to the right of the cells.
	const room = 7.5
	p.X.Min, p.X.Max = -0.5, n-0.5+room
	p.Add(cellGrid{h.Z[:len(rows)], h.Failing[:len(rows)], h.Aside})
	p.Legend.Top = true
	for class := 4; class >= 0; class-- {
		p.Legend.Add(chartBandText[class], swatch{fill: chartBands[class]})
	}
	p.Legend.Add("fails", swatch{point: true})
	p.Legend.Add("not known", swatch{none: true})
	if slices.Contains(h.Aside, true) {
		p.Legend.Add("another year: not counted", swatch{fill: chartPale})
	}
	width := 8.5*vg.Centimeter + vg.Length(vg.Length(n+room)*0.7*vg.Centimeter)
	return Chart{Name: "heatmap", Title: "Every indicator of every footprint", plot: p, width: width, height: max(11*vg.Centimeter, 7.9*vg.Centimeter+vg.Length(vg.Length(len(rows))*0.42*vg.Centimeter))}
}

// columnName is the name of an indicator at the foot of a column.
func columnName(ind *definition.Indicator) string {
	const most = 48
	if r := []rune(chartTitle(ind)); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return chartTitle(ind)
}
