package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/flow/portable"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

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
		k := float64(q * float64(len(s)-1))
		i := int(k)
		j := min(i+1, len(s)-1)
		return s[i] + float64((k-float64(i))*(s[j]-s[i]))
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
func sizeRanges(c *sweep.Comparison, fams []family, o SweepOptions) (*Chart, error) {
	shown := fams[0]
	for _, f := range fams {
		if slices.Contains(f.settings, c.Recommendation.Setting) {
			shown = f
		}
	}
	people := c.Number.People > 0
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
	boxes, chosen, official := boxesOf(c, shown, o, people)
	if len(boxes) == 0 {
		return nil, nil
	}
	for _, b := range boxes {
		p.Add(b)
	}
	for _, b := range boxes {
		if b.chosen {
			p.Title.Text = joinLines(fmt.Sprintf("%d footprints have from %s to %s %s", int(b.x), roughly(b.least), roughly(b.most), p.Y.Label.Text), o.Notice)
		}
	}
	p.X.Tick.Marker = chartTicks{chartNumber}
	p.Y.Scale, p.Y.Tick.Marker = logScale{}, logTicks{}
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
		if err := planningScale(p, o.Scale); err != nil {
			return nil, err
		}
	}
	p.Y.Min, p.Y.Max = p.Y.Min*0.85, p.Y.Max*portable.Pow(p.Y.Max/p.Y.Min, 0.3) // room for the legend
	return &Chart{Name: "sizes", plot: p, width: 18 * vg.Centimeter, height: 11 * vg.Centimeter}, nil
}

// boxesOf are the sizes of a family's settings, one for each number of
// footprints, the recommended setting's where it has that number, and those of
// the official map. chosen is the recommended number, −1 for none.
func boxesOf(c *sweep.Comparison, shown family, o SweepOptions, people bool) (boxes []sizeBox, chosen int, official bool) {
	seen := map[int]bool{}
	chosen = -1
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
	if m := o.Official; m != nil {
		if sizes := sizesOf(&m.Measures, people); len(sizes) > 0 {
			b := newSizeBox(float64(m.Measures.Footprints)+0.8, sizes) // beside a setting with as many
			b.official, official = true, true
			boxes = append(boxes, b)
		}
	}
	return boxes, chosen, official
}

// planningScale draws how many people a footprint is planned for, from the least
// to the most.
func planningScale(p *plot.Plot, scale sweep.PlanningScale) error {
	for _, y := range []float64{scale.Least, scale.Most} {
		line, err := plotter.NewLine(plotter.XYs{{X: p.X.Min, Y: y}, {X: p.X.Max, Y: y}})
		if err != nil {
			return err
		}
		line.LineStyle = draw.LineStyle{Color: chartGrey, Width: vg.Points(0.8), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}}
		p.Add(line)
		if y == scale.Least {
			p.Legend.Add("planning scale", line)
		}
	}
	return nil
}
