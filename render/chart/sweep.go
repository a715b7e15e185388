package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
	"stpmap/render/layer"
)

// SweepChart is a drawing of a sweep, to be written in one or more formats:
// curve, stability, vi or sizes.
type SweepChart = Chart

// OfficialMap is a map that others drew, as a point on the charts of a sweep.
type OfficialMap struct {
	Name     string // for the legend
	Measures footprint.Measures
}

// SweepOptions are what the charts of a sweep show besides the sweep.
type SweepOptions struct {
	Official *OfficialMap // nil if there is none
	Scale    sweep.PlanningScale
	Notice   string // stands in every title, where not empty
}

// seriesColours are those of Okabe and Ito (2008) that keep apart on white,
// falling in use; each goes with a glyph and a dash of its own.
var seriesColours = []color.RGBA{
	{0x00, 0x72, 0xb2, 0xff}, {0xd5, 0x5e, 0x00, 0xff}, {0x00, 0x9e, 0x73, 0xff}, {0xcc, 0x79, 0xa7, 0xff}, {0x56, 0xb4, 0xe9, 0xff}, {0xe6, 0x9f, 0x00, 0xff}, {0x26, 0x26, 0x26, 0xff},
}

var seriesGlyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{},
}

func seriesGlyph(i int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: seriesColours[i%len(seriesColours)], Radius: vg.Points(2.2), Shape: seriesGlyphs[i%len(seriesGlyphs)]}
}

func seriesLine(i int) draw.LineStyle {
	l := draw.LineStyle{Color: seriesColours[i%len(seriesColours)], Width: vg.Points(0.9)}
	if k := i % 4; k > 0 {
		l.Dashes = []vg.Length{vg.Points(float64(6 - k)), vg.Points(2)}
	}
	return l
}

// family is the settings of one method and quality, by rising number.
type family struct {
	name     string
	settings []int
}

func families(c *sweep.Comparison) []family {
	var out []family
	for i := range c.Settings {
		s := &c.Settings[i]
		if s.Footprints == 0 {
			continue
		}
		name := s.Method
		if (s.Method == "leiden" || s.Method == "louvain") && s.Quality != footprint.Modularity {
			name += ", " + s.Quality.String()
		}
		k := slices.IndexFunc(out, func(f family) bool { return f.name == name })
		if k < 0 {
			out = append(out, family{name: name})
			k = len(out) - 1
		}
		out[k].settings = append(out[k].settings, i)
	}
	return out
}

// OfSweep draws a sweep: containment against the number of footprints
// (curve), stability of the settings (stability), variation of information
// between settings (vi), and the sizes of the footprints (sizes). Charts that
// have nothing to show are left out. The same comparison gives the same bytes.
func OfSweep(c *sweep.Comparison, o SweepOptions) ([]SweepChart, error) {
	fams := families(c)
	if len(fams) == 0 {
		return nil, nil
	}
	var charts []SweepChart
	for _, draw := range []func(*sweep.Comparison, []family, SweepOptions) (*SweepChart, error){containmentCurve, stabilityProfile, settingsHeatMap, sizeRanges} {
		chart, err := draw(c, fams, o)
		if err != nil {
			return nil, err
		}
		if chart != nil {
			charts = append(charts, *chart)
		}
	}
	return charts, nil
}

// addPoints adds a line with points and its name.
func addPoints(p *plot.Plot, name string, i int, xys plotter.XYs) error {
	if len(xys) == 0 {
		return nil
	}
	line, points, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.LineStyle, points.GlyphStyle = seriesLine(i), seriesGlyph(i)
	p.Add(line, points)
	p.Legend.Add(name, line, points)
	return nil
}

// addMark adds one point with a name for the legend and a text beside it.
func addMark(p *plot.Plot, name, label string, at plotter.XY, g draw.GlyphStyle, above bool) error {
	s, err := plotter.NewScatter(plotter.XYs{at})
	if err != nil {
		return err
	}
	s.GlyphStyle = g
	p.Add(s)
	p.Legend.Add(name, s)
	if label == "" {
		return nil
	}
	text, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{at}, Labels: []string{label}})
	if err != nil {
		return err
	}
	text.TextStyle[0].Font.Variant, text.TextStyle[0].Font.Size, text.TextStyle[0].Color = "Sans", vg.Points(8), chartInk
	text.Offset = vg.Point{X: vg.Points(6), Y: vg.Points(4)}
	if !above {
		text.TextStyle[0].XAlign = plottext.XRight
		text.Offset = vg.Point{X: vg.Points(-6), Y: vg.Points(-12)}
	}
	p.Add(text)
	return nil
}

var (
	recommendedGlyph = draw.GlyphStyle{Color: chartInk, Radius: vg.Points(4.2), Shape: draw.RingGlyph{}}
	officialGlyph    = draw.GlyphStyle{Color: chartWorse, Radius: vg.Points(4.5), Shape: draw.PyramidGlyph{}}
)

func percentTick(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e4, 'f', -1, 64) + "%"
}

// containmentCurve is the share of patients inside against the number of
// footprints.
func containmentCurve(c *sweep.Comparison, fams []family, o SweepOptions) (*SweepChart, error) {
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
		if err := addMark(p, "recommended", fmt.Sprintf("%d footprints, %.1f%%", s.Footprints, 100*at.Y), at, recommendedGlyph, true); err != nil {
			return nil, err
		}
	}
	if m := o.Official; m != nil && m.Measures.Footprints > 0 {
		at := plotter.XY{X: float64(m.Measures.Footprints), Y: m.Measures.InsideShare}
		if err := addMark(p, m.Name, fmt.Sprintf("%d, %.1f%%", m.Measures.Footprints, 100*at.Y), at, officialGlyph, false); err != nil {
			return nil, err
		}
	}
	widen(&p.X, 0.03)
	widen(&p.Y, 0.05)
	return &SweepChart{Name: "curve", plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
}

// widen gives an axis room at both ends.
func widen(a *plot.Axis, part float64) {
	if d := a.Max - a.Min; d > 0 {
		a.Min, a.Max = a.Min-part*d, a.Max+part*d
	} else {
		a.Min, a.Max = a.Min-0.5, a.Max+0.5
	}
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

// stabilityProfile is the agreement of a setting's runs with each other, over
// seeds and over resampled flows.
func stabilityProfile(c *sweep.Comparison, fams []family, o SweepOptions) (*SweepChart, error) {
	p := newChart("Stability of the settings", o.Notice)
	p.Y.Label.Text = "mean pairwise agreement of runs (AMI)"
	p.Y.Tick.Marker = chartTicks{func(v float64) string { return chartNumber(math.Round(v*1e6) / 1e6) }}
	place := func(s *sweep.SettingSummary) float64 { return float64(s.Footprints) }
	p.X.Label.Text, p.X.Tick.Marker = "footprints", chartTicks{chartNumber}
	if byResolution(c, fams) {
		place = func(s *sweep.SettingSummary) float64 { return s.Resolution }
		p.X.Label.Text, p.X.Scale, p.X.Tick.Marker = "resolution γ", plot.LogScale{}, logTicks{}
	}
	n := 0
	for i, f := range fams {
		for _, kind := range []struct {
			name string
			of   func(*sweep.SettingSummary) float64
		}{
			{"over seeds", func(s *sweep.SettingSummary) float64 { return s.Stability }},
			{"over resampled flows", func(s *sweep.SettingSummary) float64 { return s.ResampledStability }},
		} {
			var xys plotter.XYs
			for _, k := range f.settings {
				if s := &c.Settings[k]; !math.IsNaN(kind.of(s)) {
					xys = append(xys, plotter.XY{X: place(s), Y: kind.of(s)})
				}
			}
			slices.SortStableFunc(xys, func(a, b plotter.XY) int {
				switch {
				case a.X < b.X:
					return -1
				case a.X > b.X:
					return 1
				}
				return 0
			})
			name := kind.name
			if len(fams) > 1 {
				name = f.name + " " + name
			}
			style := i
			if kind.name != "over seeds" {
				style = i + len(fams)
			}
			n += len(xys)
			if err := addPoints(p, name, style, xys); err != nil {
				return nil, err
			}
		}
	}
	if n == 0 {
		return nil, nil
	}
	if k := c.Recommendation.Setting; k >= 0 && !math.IsNaN(c.Settings[k].Stability) {
		s := &c.Settings[k]
		if err := addMark(p, fmt.Sprintf("recommended (%d footprints)", s.Footprints), "", plotter.XY{X: place(s), Y: s.Stability}, recommendedGlyph, true); err != nil {
			return nil, err
		}
	}
	// The legend stands below the points, which lie near 1.
	p.Legend.Top, p.Legend.Left = false, false
	if p.Y.Max > p.Y.Min {
		p.Y.Min -= (0.25 + 0.12*float64(len(fams))) * (p.Y.Max - p.Y.Min)
	} else {
		p.Y.Min -= 0.05
	}
	p.Y.Max = math.Max(1, p.Y.Max) + 0.03*(p.Y.Max-p.Y.Min)
	return &SweepChart{Name: "stability", plot: p, width: 18 * vg.Centimeter, height: 10 * vg.Centimeter}, nil
}

// logTicks labels 1, 2 and 5 times the powers of ten.
type logTicks struct{}

// Ticks implements plot.Ticker.
func (logTicks) Ticks(lo, hi float64) []plot.Tick {
	var out []plot.Tick
	if !(lo > 0) {
		return out
	}
	wide := math.Log10(hi/lo) > 2.5
	for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
		for d := 1; d < 10; d++ {
			v := float64(d) * math.Pow(10, e)
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if d == 1 || !wide && (d == 2 || d == 5) {
				t.Label = chartNumber(math.Round(v*1e6) / 1e6)
			}
			out = append(out, t)
		}
	}
	return out
}

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
				t.Label = "K " + strconv.Itoa(s.Asked)
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
func settingsHeatMap(c *sweep.Comparison, fams []family, o SweepOptions) (*SweepChart, error) {
	n := len(c.Settings)
	if n < 2 {
		return nil, nil
	}
	const classes = 7
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
	p := newChart("How far the settings' maps are apart", o.Notice)
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
	p.X.Max = float64(n)*1.42 - 0.5 // room for the legend
	p.Legend.Top = true
	p.Legend.Add("variation of")
	p.Legend.Add("information (nats)")
	for k := range g.fill {
		step := g.top / classes
		p.Legend.Add(fmt.Sprintf("%.2f to %.2f", float64(k)*step, float64(k+1)*step), swatch{fill: g.fill[k]})
	}
	width, height := 18*vg.Centimeter, 14*vg.Centimeter
	return &SweepChart{Name: "vi", plot: p, width: width, height: height}, nil
}

// sizeBox is the spread of the footprints' sizes in one map.
type sizeBox struct {
	x                  float64
	least, most        float64
	low, middle, upper float64 // quartiles
	official           bool
	chosen             bool
}

func newSizeBox(x float64, sizes []float64) sizeBox {
	s := slices.Clone(sizes)
	slices.Sort(s)
	at := func(q float64) float64 {
		k := q * float64(len(s)-1)
		i := int(k)
		j := min(i+1, len(s)-1)
		return s[i] + (k-float64(i))*(s[j]-s[i])
	}
	return sizeBox{x: x, least: s[0], most: s[len(s)-1], low: at(0.25), middle: at(0.5), upper: at(0.75)}
}

// Plot implements plot.Plotter: a thin line from the least to the most, a thick
// one over the middle half, a point at the median.
func (b sizeBox) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	tone, radius := color.Color(seriesColours[0]), 2.0
	switch {
	case b.official:
		tone, radius = chartWorse, 3.2
	case b.chosen:
		tone, radius = chartInk, 3.2
	}
	x := trX(b.x)
	c.StrokeLines(draw.LineStyle{Color: tone, Width: vg.Points(0.6)}, []vg.Point{{X: x, Y: trY(b.least)}, {X: x, Y: trY(b.most)}})
	c.StrokeLines(draw.LineStyle{Color: tone, Width: vg.Points(2.4)}, []vg.Point{{X: x, Y: trY(b.low)}, {X: x, Y: trY(b.upper)}})
	shape := draw.GlyphDrawer(draw.CircleGlyph{})
	if b.official {
		shape = draw.PyramidGlyph{}
	}
	c.DrawGlyph(draw.GlyphStyle{Color: tone, Radius: vg.Points(radius), Shape: shape}, vg.Point{X: x, Y: trY(b.middle)})
}

// DataRange implements plot.DataRanger.
func (b sizeBox) DataRange() (xmin, xmax, ymin, ymax float64) { return b.x, b.x, b.least, b.most }

// boxKey is a sizeBox in the legend.
type boxKey struct {
	tone  color.Color
	shape draw.GlyphDrawer
}

// Thumbnail implements plot.Thumbnailer.
func (k boxKey) Thumbnail(c *draw.Canvas) {
	r := c.Rectangle
	y := (r.Min.Y + r.Max.Y) / 2
	c.StrokeLines(draw.LineStyle{Color: k.tone, Width: vg.Points(0.6)}, []vg.Point{{X: r.Min.X, Y: y}, {X: r.Max.X, Y: y}})
	quarter := (r.Max.X - r.Min.X) / 4
	c.StrokeLines(draw.LineStyle{Color: k.tone, Width: vg.Points(2.4)}, []vg.Point{{X: r.Min.X + quarter, Y: y}, {X: r.Max.X - quarter, Y: y}})
	c.DrawGlyph(draw.GlyphStyle{Color: k.tone, Radius: vg.Points(2.4), Shape: k.shape}, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: y})
}

// sizesOf gives the people of each footprint, or the patients where people are
// not known; only sizes above 0, which a logarithmic axis can show.
func sizesOf(m *footprint.Measures, people bool) []float64 {
	var out []float64
	for _, f := range m.ByFootprint {
		x := f.Resident.Published
		if people {
			x = f.Population
		}
		if x > 0 && !math.IsInf(x, 0) {
			out = append(out, x)
		}
	}
	return out
}

// sizeRanges shows the sizes of the footprints of each setting of the first
// family, or of the recommended one's.
func sizeRanges(c *sweep.Comparison, fams []family, o SweepOptions) (*SweepChart, error) {
	shown := fams[0]
	for _, f := range fams {
		if slices.Contains(f.settings, c.Recommendation.Setting) {
			shown = f
		}
	}
	people := c.People > 0
	p := newChart("Sizes of the footprints", o.Notice)
	if len(fams) > 1 {
		p.Title.Text = "Sizes of the footprints: " + shown.name
		if o.Notice != "" {
			p.Title.Text += "\n" + o.Notice
		}
	}
	p.X.Label.Text, p.Y.Label.Text = "footprints", "patients"
	if people {
		p.Y.Label.Text = "people"
	}
	var boxes []sizeBox
	seen := map[int]bool{}
	chosen := -1
	if k := c.Recommendation.Setting; k >= 0 {
		chosen = c.Settings[k].Footprints
	}
	for _, k := range shown.settings {
		s := &c.Settings[k]
		if seen[s.Footprints] || s.Footprints == chosen && k != c.Recommendation.Setting {
			continue
		}
		if sizes := sizesOf(&s.Representative, people); len(sizes) > 0 {
			b := newSizeBox(float64(s.Footprints), sizes)
			b.chosen = k == c.Recommendation.Setting
			boxes = append(boxes, b)
			seen[s.Footprints] = true
		}
	}
	official := false
	if m := o.Official; m != nil {
		if sizes := sizesOf(&m.Measures, people); len(sizes) > 0 {
			b := newSizeBox(float64(m.Measures.Footprints)+0.8, sizes) // beside a setting with as many
			b.official, official = true, true
			boxes = append(boxes, b)
		}
	}
	if len(boxes) == 0 {
		return nil, nil
	}
	for _, b := range boxes {
		p.Add(b)
	}
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, logTicks{}
	widen(&p.X, 0.03)
	p.Legend.Top = true
	p.Legend.Add("least, middle half, median, most", boxKey{seriesColours[0], draw.CircleGlyph{}})
	if chosen > 0 {
		p.Legend.Add("recommended", boxKey{chartInk, draw.CircleGlyph{}})
	}
	if official {
		p.Legend.Add(o.Official.Name, boxKey{chartWorse, draw.PyramidGlyph{}})
	}
	if people && o.Scale.Least > 0 {
		for _, y := range []float64{o.Scale.Least, o.Scale.Most} {
			line, err := plotter.NewLine(plotter.XYs{{X: p.X.Min, Y: y}, {X: p.X.Max, Y: y}})
			if err != nil {
				return nil, err
			}
			line.LineStyle = draw.LineStyle{Color: chartGrey, Width: vg.Points(0.8), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}}
			p.Add(line)
			if y == o.Scale.Least {
				p.Legend.Add("planning scale", line)
			}
		}
	}
	p.Y.Min, p.Y.Max = p.Y.Min*0.85, p.Y.Max*math.Pow(p.Y.Max/p.Y.Min, 0.3) // room for the legend
	return &SweepChart{Name: "sizes", plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
}
