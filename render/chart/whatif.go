package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Receiver is a provider with the patients that it would gain.
type Receiver struct {
	Name      string
	Gains     []float64 // by model; NaN where it says nothing
	Low, High float64   // interval of the model in use; NaN for none
}

// Receivers draws who gains patients, a row each, the first on top, with a mark
// for each model and a bar for the interval of the one in use. nil without rows.
func Receivers(rows []Receiver, models []string, notice string) (*Chart, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	p := newChart(shortName(rows[0].Name)+" would get most of the patients", notice)
	p.X.Label.Text, p.X.Tick.Marker = "more patients", chartTicks{chartNumber}
	ticks := make(plot.ConstantTicks, len(rows))
	for i, r := range rows {
		ticks[i] = plot.Tick{Value: float64(len(rows) - 1 - i), Label: shortName(r.Name)}
	}
	p.Y.Tick.Marker, p.Y.Tick.Length, p.Y.LineStyle.Width = ticks, 0, 0
	p.Y.Min, p.Y.Max = -0.7, float64(len(rows))-0.3
	if err := addIntervals(p, rows); err != nil {
		return nil, err
	}
	for k, name := range models {
		if err := addPoints(p, name, k, gainsOf(rows, k)); err != nil {
			return nil, err
		}
	}
	p.Legend.Top = false
	p.X.Min = min(0, p.X.Min)
	widen(&p.X, 0.04)
	c := Chart{Name: "receivers", Title: "Who would treat the patients", plot: p, width: 18 * vg.Centimeter, height: vg.Length(3+0.6*float64(len(rows))) * vg.Centimeter}
	return &fit([]Chart{c})[0], nil
}

// shortName keeps names of an axis within its room.
func shortName(name string) string {
	if r := []rune(name); len(r) > 46 {
		return strings.TrimSpace(string(r[:45])) + "…"
	}
	return name
}

// gainsOf are the points of one model, a little apart from those of the others.
func gainsOf(rows []Receiver, k int) (xys plotter.XYs) {
	for i, r := range rows {
		if !math.IsNaN(r.Gains[k]) {
			xys = append(xys, plotter.XY{X: r.Gains[k], Y: float64(len(rows)-1-i) + float64(0.12*(1-float64(k)))})
		}
	}
	return xys
}

// addIntervals draws the intervals.
func addIntervals(p *plot.Plot, rows []Receiver) error {
	type spans struct {
		plotter.XYs
		plotter.XErrors
	}
	var bars spans
	for i, r := range rows {
		if math.IsNaN(r.Low) || math.IsNaN(r.High) {
			continue
		}
		middle := (r.Low + r.High) / 2
		bars.XYs = append(bars.XYs, plotter.XY{X: middle, Y: float64(len(rows) - 1 - i)})
		bars.XErrors = append(bars.XErrors, struct{ Low, High float64 }{middle - r.Low, r.High - middle})
	}
	if len(bars.XYs) == 0 {
		return nil
	}
	drawn, err := plotter.NewXErrorBars(bars)
	if err != nil {
		return err
	}
	drawn.LineStyle = draw.LineStyle{Color: chartGrey, Width: vg.Points(2)}
	drawn.CapWidth = vg.Points(4)
	p.Add(drawn)
	return nil
}
