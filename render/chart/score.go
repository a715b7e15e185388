package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"stpmap/footprint/score"
	"stpmap/footprint/score/definition"
	"stpmap/render/layer"
)

// Chart is a drawing of a score, to be written in one or more formats.
type Chart struct {
	Name          string // file stem: caterpillar, heatmap, funnel_<indicator>
	Title         string // for people
	plot          *plot.Plot
	width, height vg.Length
}

// Colours of the charts, told apart with any colour vision and in grey by their
// lightness: what is worse is orange and dark, what is better purple.
var (
	chartInk      = color.RGBA{0x26, 0x26, 0x26, 0xff}
	chartGrey     = color.RGBA{0x8c, 0x8c, 0x8c, 0xff}
	chartPale     = color.RGBA{0xd9, 0xd9, 0xd9, 0xff}
	chartWorse    = color.RGBA{0xb3, 0x58, 0x06, 0xff}
	chartBetter   = color.RGBA{0x54, 0x27, 0x88, 0xff}
	chartTarget   = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	chartBands    = [5]color.RGBA{{0x54, 0x27, 0x88, 0xff}, {0xb2, 0xab, 0xd2, 0xff}, {0xf7, 0xf7, 0xf7, 0xff}, {0xfd, 0xb8, 0x63, 0xff}, {0xb3, 0x58, 0x06, 0xff}}
	chartBandText = [5]string{"better, beyond 99.8%", "better, beyond 95%", "as expected", "worse, beyond 95%", "worse, beyond 99.8%"}
)

// maxChartRows is how many footprints a chart with a row for each shows: the
// worst.
const maxChartRows = 150

// OfScore draws a score: a caterpillar plot of the ranks, a heat map of
// footprints by indicators, and a funnel plot of each indicator that has counts.
// notice, where not empty, stands in every title. The same score gives the same
// bytes.
func OfScore(r *score.Result, notice string) ([]Chart, error) {
	var charts []Chart
	if rows := r.Caterpillar(); len(rows) > 0 {
		c, err := caterpillar(rows, r.Options, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	if h := r.HeatMap(); len(h.Footprints) > 0 && len(h.Indicators) > 0 {
		charts = append(charts, heatMap(h, notice))
	}
	for _, id := range r.Measured {
		f, ok := r.Funnel(id)
		if !ok {
			continue
		}
		c, err := funnel(f, notice)
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	return charts, nil
}

// Write writes a chart as "svg" or "png".
func (c Chart) Write(w io.Writer, format string) error {
	var canvas interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch format {
	case "svg":
		canvas = vgsvg.New(c.width, c.height)
	case "png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(c.width, c.height), vgimg.UseDPI(150))}
	default:
		return fmt.Errorf("a chart is svg or png, not %q", format)
	}
	page := draw.New(canvas)
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	margin := 0.3 * vg.Centimeter
	c.plot.Draw(draw.Crop(page, margin, -margin, margin, -margin))
	_, err := canvas.WriteTo(w)
	return err
}

// newChart is a plot in our letters.
func newChart(title, notice string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	if notice != "" {
		p.Title.Text += "\n" + notice
	}
	p.Title.Padding = vg.Points(8)
	styles := []*plottext.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle}
	for i, size := range []vg.Length{11, 9, 9, 8, 8, 8} {
		styles[i].Font.Variant = "Sans"
		styles[i].Font.Size = vg.Points(float64(size))
		styles[i].Color = chartInk
	}
	p.Legend.Padding = vg.Points(2)
	p.Legend.ThumbnailWidth = vg.Points(18)
	return p
}

// chartNumber writes a number of an axis, with commas.
func chartNumber(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	if v < 0 {
		whole = "-" + whole
	}
	return whole
}

// chartTicks are the usual ticks with other labels.
type chartTicks struct{ label func(float64) string }

// Ticks gives at most six labelled ticks, so that long numbers keep apart.
func (t chartTicks) Ticks(lo, hi float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(lo, hi)
	labelled := 0
	for _, k := range ticks {
		if k.Label != "" {
			labelled++
		}
	}
	every, n := (labelled+5)/6, 0
	for i := range ticks {
		if ticks[i].Label == "" {
			continue
		}
		ticks[i].Label = ""
		if n%every == 0 {
			ticks[i].Label = t.label(ticks[i].Value)
		}
		n++
	}
	return ticks
}

func chartTitle(ind *definition.Indicator) string { return cmp.Or(ind.Name, ind.ID) }

func funnel(f *score.Funnel, notice string) (Chart, error) {
	p := newChart(chartTitle(&f.Indicator), notice)
	p.X.Label.Text = cmp.Or(f.Indicator.Denominator, "denominator")
	p.Y.Label.Text = f.Indicator.Unit
	percent := strings.TrimSpace(f.Indicator.Unit) == "%"
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Tick.Marker = chartTicks{func(v float64) string {
		if percent {
			return strconv.FormatFloat(math.Round(v*1e6)/1e4, 'f', -1, 64) + "%"
		}
		return chartNumber(math.Round(v*1e9) / 1e9)
	}}
	p.Legend.Top, p.Legend.Left = true, false

	line := func(y []float64, c color.Color, width float64, dashes ...vg.Length) (*plotter.Line, error) {
		xys := make(plotter.XYs, len(y))
		for i := range y {
			xys[i] = plotter.XY{X: f.Sizes[i], Y: y[i]}
		}
		l, err := plotter.NewLine(xys)
		if err != nil {
			return nil, err
		}
		l.Color, l.Width, l.Dashes = c, vg.Points(width), dashes
		p.Add(l)
		return l, nil
	}
	level := func(v float64) []float64 { return slices.Repeat([]float64{v}, len(f.Sizes)) }
	for _, s := range []struct {
		name   string
		y      []float64
		colour color.Color
		width  float64
		dashes []vg.Length
	}{
		{"", f.NaiveLower998, chartPale, 1, nil},
		{"99.8%, sampling error alone", f.NaiveUpper998, chartPale, 1, nil},
		{"", f.Lower95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"95%, with over-dispersion", f.Upper95, chartGrey, 0.8, []vg.Length{vg.Points(4), vg.Points(3)}},
		{"", f.Lower998, chartInk, 0.8, nil},
		{"99.8%, with over-dispersion", f.Upper998, chartInk, 0.8, nil},
		{"all footprints", level(f.Centre), chartInk, 1.2, nil},
	} {
		l, err := line(s.y, s.colour, s.width, s.dashes...)
		if err != nil {
			return Chart{}, err
		}
		if s.name != "" {
			p.Legend.Add(s.name, l)
		}
	}
	if !math.IsNaN(f.Target) {
		l, err := line(level(f.Target), chartTarget, 1.2, vg.Points(1.5), vg.Points(2))
		if err != nil {
			return Chart{}, err
		}
		p.Legend.Add("target", l)
	}
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
			return Chart{}, err
		}
		s.GlyphStyle = draw.GlyphStyle{Color: g.colour, Radius: vg.Points(3), Shape: g.shape}
		p.Add(s)
		p.Legend.Add(g.name, s)
	}
	// Room at the right for the legend, which may not lie over points.
	lo, hi := f.Sizes[0], f.Sizes[len(f.Sizes)-1]
	p.X.Min, p.X.Max = lo-0.02*(hi-lo), hi+0.5*(hi-lo)
	if err := labelOutliers(p, f); err != nil {
		return Chart{}, err
	}
	return Chart{Name: "funnel_" + f.Indicator.ID, Title: chartTitle(&f.Indicator), plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
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

// rowTicks name the rows of a chart from the top.
func rowTicks(rows []score.FootprintRow) plot.ConstantTicks {
	ticks := make(plot.ConstantTicks, len(rows))
	for i, f := range rows {
		name := f.Footprint
		if f.Name != "" && f.Name != f.Footprint {
			name += " " + f.Name
		}
		if r := []rune(name); len(r) > 52 {
			name = strings.TrimSpace(string(r[:51])) + "…"
		}
		ticks[i] = plot.Tick{Value: float64(len(rows) - 1 - i), Label: name}
	}
	return ticks
}

func caterpillar(rows []score.FootprintRow, opt score.Options, notice string) (Chart, error) {
	all := len(rows)
	rows = rows[:min(len(rows), maxChartRows)]
	title := "Ranks, the worst first"
	if len(rows) < all {
		title += fmt.Sprintf(" (%d of %d)", len(rows), all)
	}
	p := newChart(title, notice)
	p.X.Label.Text = "rank from the worst"
	p.Y.Tick.Marker = rowTicks(rows)
	p.Y.Tick.Length, p.Y.LineStyle.Width = 0, 0
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Min, p.Y.Max = -0.7, float64(len(rows))-0.3
	p.X.Min, p.X.Max = 0, 1.12*float64(all)+1 // room for the legend
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
		p.Add(cut)
	}
	p.Legend.Top = true // the worst stand at the left: their right is free
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
		p.Add(s)
		p.Legend.Add(fmt.Sprintf("rating %d", rating), s)
	}
	return Chart{Name: "caterpillar", Title: "Ranks and how sure they are", plot: p, width: 20 * vg.Centimeter, height: 3.2*vg.Centimeter + vg.Length(len(rows))*0.42*vg.Centimeter}, nil
}

// cellGrid draws the cells of a heat map.
type cellGrid struct {
	z       [][]float64
	failing [][]score.Answer
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
			c.FillPolygon(chartBands[bandOf(z)], box)
			c.StrokeLines(edge, append(box, box[0]))
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

func heatMap(h *score.HeatMap, notice string) Chart {
	rows := h.Footprints[:min(len(h.Footprints), maxChartRows)]
	title := "Indicators against the other footprints, the worst footprints first"
	if len(rows) < len(h.Footprints) {
		title += fmt.Sprintf(" (%d of %d)", len(rows), len(h.Footprints))
	}
	p := newChart(title, notice)
	p.Y.Tick.Marker = rowTicks(rows)
	columns := make(plot.ConstantTicks, len(h.Indicators))
	for k, ind := range h.Indicators {
		columns[k] = plot.Tick{Value: float64(k), Label: ind.ID}
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
	p.Add(cellGrid{h.Z[:len(rows)], h.Failing[:len(rows)]})
	p.Legend.Top = true
	for class := 4; class >= 0; class-- {
		p.Legend.Add(chartBandText[class], swatch{fill: chartBands[class]})
	}
	p.Legend.Add("fails", swatch{point: true})
	p.Legend.Add("not known", swatch{none: true})
	width := 8.5*vg.Centimeter + vg.Length(n+room)*0.7*vg.Centimeter
	return Chart{Name: "heatmap", Title: "Every indicator of every footprint", plot: p, width: width, height: max(9*vg.Centimeter, 4*vg.Centimeter+vg.Length(len(rows))*0.42*vg.Centimeter)}
}
