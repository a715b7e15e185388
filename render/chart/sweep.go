package chart

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

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
func OfSweep(c *sweep.Comparison, o SweepOptions) ([]Chart, error) {
	fams := families(c)
	if len(fams) == 0 {
		return nil, nil
	}
	var charts []Chart
	for _, draw := range []func(*sweep.Comparison, []family, SweepOptions) (*Chart, error){containmentCurve, stabilityProfile, settingsHeatMap, sizeRanges} {
		chart, err := draw(c, fams, o)
		if err != nil {
			return nil, err
		}
		if chart != nil {
			charts = append(charts, *chart)
		}
	}
	return fit(charts), nil
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
