package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Histogram is how values of many maps lie, and one map's value among them.
type Histogram struct {
	Name    string // of the statistic's column
	Title   string // for people, with its unit
	Values  []float64
	Weights []float64 // nil where each value counts alike
	Value   float64   // of the map that stands out; NaN for none
	Label   string    // of that map
	Settled bool      // the values place the map: all maps are listed, or the draws have converged
	Shares  bool      // the values are shares, for the axis
	Notice  string    // stands in the title, where not empty
}

// mostBins is the greatest number of bars.
const mostBins = 40

// OfHistogram draws bars, and a line at the map's value; the title says where that
// lies. Of whole numbers that
// lie close, each has a bar. Values that are not known have none; where no value
// is known, that is an error.
func OfHistogram(h Histogram) (Chart, error) {
	if !h.keepKnown() {
		return Chart{}, fmt.Errorf("%s: no value is known, so there is nothing to draw", h.Title)
	}
	p := newChart(h.message(), h.Notice)
	low, wide, shares := h.bins()
	bars := make(histogramBars, len(shares))
	for i, share := range shares {
		bars[i] = histogramBar{low + float64(float64(i)*wide), low + float64(float64(i+1)*wide), share}
	}
	p.Add(bars)
	p.X.Label.Text, p.Y.Label.Text = h.Title, "share of maps"
	p.X.Tick.Marker, p.Y.Tick.Marker = chartTicks{chartNumber}, chartTicks{percentTick}
	if h.Shares {
		p.X.Tick.Marker = chartTicks{percentTick}
	}
	p.Y.Min = 0
	if !math.IsNaN(h.Value) {
		line, err := plotter.NewLine(plotter.XYs{{X: h.Value, Y: 0}, {X: h.Value, Y: p.Y.Max}})
		if err != nil {
			return Chart{}, err
		}
		line.LineStyle = draw.LineStyle{Color: chartWorse, Width: vg.Points(2)}
		p.Add(line)
		top := p.Y.Max
		p.Y.Max *= 1.12 // room for the name
		widen(&p.X, 0.04)
		p.Add(lineTop{h.Label, h.Value, float64(top * 1.05)})
	} else {
		widen(&p.X, 0.04)
	}
	c := Chart{Name: "histogram_" + h.Name, Title: h.Title, plot: p, width: 14 * vg.Centimeter, height: 8 * vg.Centimeter}
	return fit([]Chart{c})[0], nil
}

// lineTop names an upright line, on the side where there is more room.
type lineTop struct {
	name string
	x, y float64
}

// Plot implements plot.Plotter.
func (l lineTop) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	style := p.X.Tick.Label
	style.Font.Size, style.Color, style.YAlign, style.Rotation = vg.Points(8), chartWorse, plottext.YCenter, 0
	at := vg.Point{X: trX(l.x) + vg.Points(4), Y: trY(l.y)}
	style.XAlign = plottext.XLeft
	if l.x > (p.X.Min+p.X.Max)/2 {
		style.XAlign, at.X = plottext.XRight, at.X-vg.Points(8)
	}
	c.FillText(style, at, l.name)
}

// keepKnown leaves out what is not a number; false where nothing is left.
func (h *Histogram) keepKnown() bool {
	var values, weights []float64
	for i, x := range h.Values {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		values = append(values, x)
		if h.Weights != nil {
			weights = append(weights, h.Weights[i])
		}
	}
	h.Values, h.Weights = values, weights
	return len(values) > 0
}

// bins gives the start, the width and the share of values of each bar.
func (h Histogram) bins() (low, width float64, shares []float64) {
	low, high, whole := math.Inf(1), math.Inf(-1), true
	for _, x := range h.Values {
		low, high, whole = min(low, x), max(high, x), whole && x == math.Trunc(x)
	}
	n := mostBins
	switch {
	case high == low:
		n, width = 1, max(math.Abs(low)/50, 1e-6)
		low -= width / 2
	case whole && high-low < mostBins:
		n, width = int(high-low)+1, 1
		low -= 0.5
	default:
		width = (high - low) / float64(n)
	}
	shares = make([]float64, n)
	total := 0.0
	for i, x := range h.Values {
		w := 1.0
		if h.Weights != nil {
			w = h.Weights[i]
		}
		shares[min(n-1, max(0, int((x-low)/width)))] += w
		total += w
	}
	for i := range shares {
		shares[i] /= total
	}
	return low, width, shares
}

// histogramBar is a bar from one value to another.
type histogramBar struct{ from, to, share float64 }

// histogramBars draws bars.
type histogramBars []histogramBar

// Plot implements plot.Plotter.
func (b histogramBars) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, bar := range b {
		x, y, top := trX(bar.from), trX(bar.to), trY(bar.share)
		c.FillPolygon(chartBands[1], []vg.Point{{X: x, Y: trY(0)}, {X: y, Y: trY(0)}, {X: y, Y: top}, {X: x, Y: top}})
	}
}

// DataRange implements plot.DataRanger.
func (b histogramBars) DataRange() (xmin, xmax, ymin, ymax float64) {
	for _, bar := range b {
		ymax = max(ymax, bar.share)
	}
	return b[0].from, b[len(b)-1].to, 0, ymax
}
