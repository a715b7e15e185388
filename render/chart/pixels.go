package chart

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"stpmap/flow/portable"
	"stpmap/render/internal/raster"
)

// pixels is a canvas of pixels. The plot library's own gives other bytes on
// other processors.
type pixels struct {
	pen
	img           *raster.Image
	width, height vg.Length
	dots          float64 // pixels to a point
	saved         []pen
}

// pen is what Push keeps.
type pen struct {
	line    vg.Length
	dashes  []vg.Length
	offset  vg.Length
	colour  color.NRGBA
	turning matrix
}

// matrix takes (x, y) to (a·x + c·y + e, b·x + d·y + f).
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(x, y float64) orb.Point {
	return orb.Point{float64(m.a*x) + float64(m.c*y) + m.e, float64(m.b*x) + float64(m.d*y) + m.f}
}

func newPixels(width, height vg.Length, dpi float64) *pixels {
	dots := dpi / vg.Inch.Points()
	p := &pixels{img: raster.New(int(math.Round(width.Points()*dots)), int(math.Round(height.Points()*dots))), width: width, height: height, dots: dots}
	p.turning = matrix{a: 1, d: 1}
	vg.Initialize(p)
	return p
}

// Size implements vg.CanvasSizer.
func (p *pixels) Size() (width, height vg.Length) { return p.width, p.height }

// WriteTo writes the image as PNG.
func (p *pixels) WriteTo(w io.Writer) (int64, error) {
	counting := &counter{w: w}
	err := p.img.Encode(counting)
	return counting.n, err
}

type counter struct {
	w io.Writer
	n int64
}

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// SetLineWidth implements vg.Canvas.
func (p *pixels) SetLineWidth(w vg.Length) { p.line = w }

// SetLineDash implements vg.Canvas.
func (p *pixels) SetLineDash(dashes []vg.Length, offset vg.Length) {
	p.dashes, p.offset = slices.Clone(dashes), offset
}

// SetColor implements vg.Canvas.
func (p *pixels) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	p.colour = color.NRGBAModel.Convert(c).(color.NRGBA)
}

// Rotate implements vg.Canvas.
func (p *pixels) Rotate(radians float64) {
	sin, cos := portable.Sincos(radians)
	p.then(matrix{a: cos, b: sin, c: -sin, d: cos})
}

// Translate implements vg.Canvas.
func (p *pixels) Translate(by vg.Point) {
	p.then(matrix{a: 1, d: 1, e: by.X.Points(), f: by.Y.Points()})
}

// Scale implements vg.Canvas.
func (p *pixels) Scale(x, y float64) { p.then(matrix{a: x, d: y}) }

// then turns what is drawn from now on by n first.
func (p *pixels) then(n matrix) {
	m := p.turning
	x, y, o := m.apply(n.a, n.b), m.apply(n.c, n.d), m.apply(n.e, n.f)
	p.turning = matrix{x[0] - m.e, x[1] - m.f, y[0] - m.e, y[1] - m.f, o[0], o[1]}
}

// Push implements vg.Canvas.
func (p *pixels) Push() { p.saved = append(p.saved, p.pen) }

// Pop implements vg.Canvas.
func (p *pixels) Pop() {
	p.pen = p.saved[len(p.saved)-1]
	p.saved = p.saved[:len(p.saved)-1]
}

// pixel is where a position in points lies, y downwards, to the next 1,024th of a
// pixel: the plot library's positions differ in their last digits between
// processors.
func (p *pixels) pixel(x, y float64) orb.Point {
	at := p.turning.apply(x, y)
	return orb.Point{snapped(at[0] * p.dots), snapped((p.height.Points() - at[1]) * p.dots)}
}

func snapped(x float64) float64 { return math.Round(x*1024) / 1024 }

// Fill implements vg.Canvas.
func (p *pixels) Fill(path vg.Path) {
	var rings [][]orb.Point
	for _, l := range p.lines(path) {
		rings = append(rings, l.points)
	}
	p.img.Fill(rings, p.colour)
}

// Stroke implements vg.Canvas. A line thinner than a pixel is a paler one of a
// pixel's width.
func (p *pixels) Stroke(path vg.Path) {
	width := p.line.Points() * p.dots
	if width <= 0 {
		return
	}
	colour := p.colour
	if width < 1 {
		colour.A = uint8(float64(float64(colour.A)*math.Max(width, 0.15)) + 0.5)
		width = 1
	}
	var outline [][]orb.Point
	for _, l := range p.lines(path) {
		pieces, closed := [][]orb.Point{l.points}, l.closed
		if len(p.dashes) > 0 {
			pieces, closed = p.dashed(l), false
		}
		outline = append(outline, raster.Strokes(pieces, raster.Pen{Width: width, Closed: closed, Flat: true})...)
	}
	p.img.Fill(outline, colour)
}

// polyline is a part of a path in pixels.
type polyline struct {
	points []orb.Point
	closed bool
}

// lines flattens a path.
func (p *pixels) lines(path vg.Path) []polyline {
	var all []polyline
	for _, c := range path {
		to := p.pixel(c.Pos.X.Points(), c.Pos.Y.Points())
		if c.Type == vg.MoveComp || len(all) == 0 {
			all = append(all, polyline{})
		}
		l := &all[len(all)-1]
		switch c.Type {
		case vg.MoveComp, vg.LineComp:
			l.points = append(l.points, to)
		case vg.ArcComp:
			l.points = append(l.points, p.arc(c)...)
		case vg.CurveComp:
			l.points = append(l.points, p.curve(l.points[len(l.points)-1], c, to)...)
		case vg.CloseComp:
			l.closed = true
		default:
			panic(fmt.Sprintf("chart: a path has no component %d", c.Type))
		}
	}
	return all
}

// arc is positions along a part of a circle, a pixel or two apart.
func (p *pixels) arc(c vg.PathComp) []orb.Point {
	r := c.Radius.Points()
	n := max(4, int(math.Ceil(math.Abs(c.Angle)*r*p.dots/1.5)))
	out := make([]orb.Point, n+1)
	for i := range out {
		sin, cos := portable.Sincos(c.Start + float64(c.Angle*float64(i)/float64(n)))
		out[i] = p.pixel(c.Pos.X.Points()+float64(r*cos), c.Pos.Y.Points()+float64(r*sin))
	}
	return out
}

func (p *pixels) curve(from orb.Point, c vg.PathComp, to orb.Point) []orb.Point {
	const steps = 16
	control := make([]orb.Point, len(c.Control))
	for i, q := range c.Control {
		control[i] = p.pixel(q.X.Points(), q.Y.Points())
	}
	if len(control) == 1 {
		return raster.Quadratic(from, control[0], to, steps)
	}
	return raster.Cubic(from, control[0], control[1], to, steps)
}

// dashed cuts a line into its dashes.
func (p *pixels) dashed(l polyline) [][]orb.Point {
	points := l.points
	if l.closed {
		points = append(slices.Clone(points), points[0])
	}
	pattern, left, k := make([]float64, len(p.dashes)), 0.0, 0
	for i, d := range p.dashes {
		pattern[i] = float64(d.Points() * p.dots)
	}
	for left = pattern[0] - float64(p.offset.Points()*p.dots); left <= 0; {
		k++
		left += pattern[k%len(pattern)]
	}
	out := [][]orb.Point{{points[0]}}
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		length := portable.Hypot(to[0]-from[0], to[1]-from[1])
		done := 0.0
		for length-done > left {
			done += left
			at := between(from, to, done/length)
			out[len(out)-1] = append(out[len(out)-1], at)
			out = append(out, []orb.Point{at})
			k++
			left = pattern[k%len(pattern)]
		}
		left -= length - done
		out[len(out)-1] = append(out[len(out)-1], to)
	}
	return everyOther(out, k)
}

// everyOther keeps the dashes of pieces, of which the last is number last of the
// pattern: the even ones.
func everyOther(pieces [][]orb.Point, last int) [][]orb.Point {
	var dashes [][]orb.Point
	for i, piece := range pieces {
		if number := last - (len(pieces) - 1 - i); number%2 == 0 {
			dashes = append(dashes, piece)
		}
	}
	return dashes
}

func between(a, b orb.Point, part float64) orb.Point {
	return orb.Point{a[0] + float64((b[0]-a[0])*part), a[1] + float64((b[1]-a[1])*part)}
}

// FillString implements vg.Canvas.
func (p *pixels) FillString(f font.Face, at vg.Point, text string) {
	letters := p.img.Letters(f.Face, text, 0, 0, f.Font.Size.Points())
	for _, ring := range letters {
		for i, q := range ring {
			ring[i] = p.pixel(at.X.Points()+q[0], at.Y.Points()-q[1])
		}
	}
	p.img.Fill(letters, p.colour)
}

// DrawImage implements vg.Canvas; no chart has an image in it.
func (p *pixels) DrawImage(vg.Rectangle, image.Image) { panic("chart: no chart draws an image") }
