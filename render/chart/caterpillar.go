package chart

import (
	"cmp"
	"fmt"
	"image/color"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/score"
	"stpmap/render/layer"
)

func caterpillar(rows []score.FootprintRow, names map[string]string, opt score.Options, notice string) (Chart, error) {
	all := len(rows)
	rows = rows[:min(len(rows), maxChartRows)]
	how := "Ranks, the worst first"
	if len(rows) < all {
		how += fmt.Sprintf(" (%d of %d)", len(rows), all)
	}
	p := newChart(worstMessage(rows[0], names, all), joinLines(how, notice))
	p.X.Label.Text = "rank from the worst"
	p.Y.Tick.Marker = rowTicks(rows, names)
	p.Y.Tick.Length, p.Y.LineStyle.Width = 0, 0
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Min, p.Y.Max = -0.7, float64(len(rows))-0.3
	p.X.Min, p.X.Max = 0, float64(1.06*float64(all))+1
	ratings := layer.Ratings()
	byRating := make([]plotter.XYs, 5)
	type spans struct {
		plotter.XYs
		plotter.XErrors
	}
	var lines spans
	for i, f := range rows {
		y := float64(len(rows) - 1 - i)
		byRating[f.Rating] = append(byRating[f.Rating], plotter.XY{X: float64(f.Rank), Y: y})
		if f.RankLow > 0 {
			lines.XYs = append(lines.XYs, plotter.XY{X: f.MedianRank, Y: y})
			lines.XErrors = append(lines.XErrors, struct{ Low, High float64 }{f.MedianRank - float64(f.RankLow), float64(f.RankHigh) - f.MedianRank})
		}
	}
	if opt.Worst < all {
		cut, err := plotter.NewLine(plotter.XYs{{X: float64(opt.Worst) + 0.5, Y: p.Y.Min}, {X: float64(opt.Worst) + 0.5, Y: p.Y.Max}})
		if err != nil {
			return Chart{}, err
		}
		cut.Color, cut.Width, cut.Dashes = chartGrey, vg.Points(0.8), []vg.Length{vg.Points(3), vg.Points(3)}
		p.Add(cut, lineEnds{{fmt.Sprintf("the worst %d", opt.Worst), plotter.XY{X: float64(opt.Worst) + 0.5, Y: 0}}})
	}
	if len(lines.XYs) > 0 {
		bars, err := plotter.NewXErrorBars(lines)
		if err != nil {
			return Chart{}, err
		}
		bars.Color, bars.Width, bars.CapWidth = chartGrey, vg.Points(1.4), vg.Points(4)
		p.Add(bars)
		medians, err := plotter.NewScatter(lines.XYs)
		if err != nil {
			return Chart{}, err
		}
		medians.GlyphStyle = draw.GlyphStyle{Color: chartGrey, Radius: vg.Points(2.5), Shape: draw.CrossGlyph{}}
		p.Add(medians)
		p.X.Label.Text += fmt.Sprintf(" (point: as stated; cross and bar: median and 90%% of %s draws)", chartNumber(float64(opt.Draws)))
	}
	for rating := 4; rating >= 1; rating-- {
		if len(byRating[rating]) == 0 {
			continue
		}
		s, err := plotter.NewScatter(byRating[rating])
		if err != nil {
			return Chart{}, err
		}
		r, g, b := layer.RGB(ratings[rating-1])
		s.GlyphStyle = draw.GlyphStyle{Color: color.RGBA{r, g, b, 0xff}, Radius: vg.Points(3.2), Shape: draw.CircleGlyph{}}
		ring, err := plotter.NewScatter(byRating[rating]) // the palest are seen by it
		if err != nil {
			return Chart{}, err
		}
		ring.GlyphStyle = draw.GlyphStyle{Color: chartInk, Radius: vg.Points(3.2), Shape: draw.RingGlyph{}}
		p.Add(s, ring)
	}
	p.Add(ratingStarts(rows))
	return Chart{Name: "caterpillar", Title: "Ranks and how sure they are", plot: p, width: 20 * vg.Centimeter, height: 3.2*vg.Centimeter + vg.Length(vg.Length(len(rows))*0.42*vg.Centimeter)}, nil
}

// ratingStarts names each rating at the first row that has it, after its bar.
func ratingStarts(rows []score.FootprintRow) lineEnds {
	words := [...]string{1: " (best)", 4: " (worst)"}
	var out lineEnds
	said := 0
	for i, f := range rows {
		if f.Rating == said || f.Rating == 0 {
			continue
		}
		said = f.Rating
		x := max(float64(f.RankHigh), float64(f.Rank)) + 0.3
		out = append(out, lineEnd{fmt.Sprintf("rating %d%s", said, words[said]), plotter.XY{X: x, Y: float64(len(rows) - 1 - i)}})
	}
	return out
}

// worstMessage says which footprint is the worst, and how sure that is.
func worstMessage(f score.FootprintRow, names map[string]string, all int) string {
	text := fmt.Sprintf("%s is the worst of %d", cmp.Or(names[f.Footprint], f.Footprint), all)
	switch {
	case f.RankLow == 0:
	case f.RankLow == f.RankHigh:
		text += " in at least 90% of draws"
	default:
		text += fmt.Sprintf("; its rank lies from %d to %d", f.RankLow, f.RankHigh)
	}
	return text
}
