package chart

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"stpmap/flow/portable"
)

// Chart is a drawing of a score, to be written in one or more formats.
type Chart struct {
	Name          string // file stem: caterpillar, heatmap, funnel_<indicator>
	Title         string // its message
	notes         string // that stand under the message
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

// Write writes a chart as "svg" or "png", or as "page": an SVG without its title,
// for a page that has that as text.
func (c Chart) Write(w io.Writer, format string) error {
	var canvas interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch format {
	case "svg", "page":
		canvas = vgsvg.New(c.width, c.height)
	case "png":
		canvas = newPixels(c.width, c.height, 150)
	default:
		return fmt.Errorf("a chart is svg, png or page, not %q", format)
	}
	page := draw.New(canvas)
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	margin := 0.3 * vg.Centimeter
	p := *c.plot
	if format == "page" {
		p.Title.Text = c.notes
	}
	p.Draw(draw.Crop(page, margin, -margin, margin, -margin))
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
	ticks := niceTicks(lo, hi)
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

func percentTick(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e4, 'f', -1, 64) + "%"
}

// widen gives an axis room at both ends.
func widen(a *plot.Axis, part float64) {
	if d := a.Max - a.Min; d > 0 {
		a.Min, a.Max = a.Min-float64(part*d), a.Max+float64(part*d)
	} else {
		a.Min, a.Max = a.Min-0.5, a.Max+0.5
	}
}

// logTicks labels 1, 2 and 5 times the powers of ten.
type logTicks struct{}

// Ticks implements plot.Ticker.
func (logTicks) Ticks(lo, hi float64) []plot.Tick {
	var out []plot.Tick
	if !(lo > 0) {
		return out
	}
	wide := portable.Log10(hi/lo) > 2.5
	for e := math.Floor(portable.Log10(lo)); e <= math.Ceil(portable.Log10(hi)); e++ {
		for d := 1; d < 10; d++ {
			v := float64(d) * portable.Pow(10, e)
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
