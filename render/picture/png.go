package picture

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"stpmap/render/layer"
	"stpmap/render/page"
)

// raster draws into pixels. Lines and letters become polygons, so that one
// rasteriser draws all.
type raster struct {
	img   *image.RGBA
	scale float64 // pixels to a millimetre
	vec   vector.Rasterizer
	glyph sfnt.Buffer
}

func newRaster(s page.Sheet, scale float64) *raster {
	r := &raster{scale: scale, img: image.NewRGBA(image.Rect(0, 0, int(math.Round(s.W*scale)), int(math.Round(s.H*scale))))}
	draw.Draw(r.img, r.img.Bounds(), image.White, image.Point{}, draw.Src)
	return r
}

func (r *raster) encode(w io.Writer) error {
	// The best compression takes four times as long for a hundredth of the size.
	return png.Encode(w, r.img)
}

func (r *raster) begin(string) {}
func (r *raster) end()         {}

// fill paints the union of rings of one orientation, or the area between rings
// of both, in pixels.
func (r *raster) fill(rings [][]orb.Point, colour string, opacity float64) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, ring := range rings {
		for _, p := range ring {
			x0, y0 = math.Min(x0, p[0]), math.Min(y0, p[1])
			x1, y1 = math.Max(x1, p[0]), math.Max(y1, p[1])
		}
	}
	if !(x0 <= x1 && y0 <= y1) {
		return
	}
	box := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1))+1, int(math.Ceil(y1))+1)
	if box = box.Intersect(r.img.Bounds()); box.Empty() {
		return
	}
	r.vec.Reset(box.Dx(), box.Dy())
	r.vec.DrawOp = draw.Over
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	for _, ring := range rings {
		for i, p := range ring {
			x, y := float32(p[0]-ox), float32(p[1]-oy)
			if i == 0 {
				r.vec.MoveTo(x, y)
			} else {
				r.vec.LineTo(x, y)
			}
		}
		r.vec.ClosePath()
	}
	red, green, blue := layer.RGB(colour)
	r.vec.Draw(r.img, box, image.NewUniform(color.NRGBA{red, green, blue, uint8(opacity*255 + 0.5)}), image.Point{})
}

func (r *raster) shape(s shape) {
	opacity := s.opacity
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	px := make([][]orb.Point, len(s.lines))
	for i, line := range s.lines {
		px[i] = make([]orb.Point, len(line))
		for k, p := range line {
			px[i][k] = orb.Point{p[0] * r.scale, p[1] * r.scale}
		}
	}
	if s.fill != "" {
		r.fill(px, s.fill, opacity)
	}
	if s.stroke != "" && s.width > 0 {
		// A line thinner than a pixel is a paler one of a pixel's width.
		w := s.width * r.scale
		if w < 1 {
			opacity *= math.Max(w, 0.15)
			w = 1
		}
		r.fill(strokes(px, s.closed, w), s.stroke, opacity)
	}
}

// strokes is the outline of lines of a width: a quadrangle for each segment
// and a disc for each joint, all of one orientation, so that overlaps add up
// to one.
func strokes(lines [][]orb.Point, closed bool, width float64) [][]orb.Point {
	h := width / 2
	var disc []orb.Point
	n := max(8, int(math.Ceil(h*4)))
	for i := range n {
		a := -2 * math.Pi * float64(i) / float64(n)
		disc = append(disc, orb.Point{h * math.Cos(a), h * math.Sin(a)})
	}
	var out [][]orb.Point
	for _, line := range lines {
		for i, p := range line {
			if width > 1.2 {
				ring := make([]orb.Point, n)
				for k, d := range disc {
					ring[k] = orb.Point{p[0] + d[0], p[1] + d[1]}
				}
				out = append(out, ring)
			}
			j := i + 1
			if j == len(line) {
				if !closed {
					break
				}
				j = 0
			}
			q := line[j]
			dx, dy := q[0]-p[0], q[1]-p[1]
			d := math.Hypot(dx, dy)
			if d == 0 {
				continue
			}
			nx, ny := -dy/d*h, dx/d*h
			out = append(out, []orb.Point{{p[0] + nx, p[1] + ny}, {q[0] + nx, q[1] + ny}, {q[0] - nx, q[1] - ny}, {p[0] - nx, p[1] - ny}})
		}
	}
	return out
}

func (r *raster) text(t label) {
	f := page.FontOf(t.bold)
	size := t.points * page.Millimetre * r.scale // pixels to the em
	x := t.x * r.scale
	switch w := page.TextWidth(t.text, t.points, t.bold) * r.scale; t.anchor {
	case middle:
		x -= w / 2
	case right:
		x -= w
	}
	const em = 1000
	k := size / em
	y := t.y * r.scale
	var glyphs [][]orb.Point
	for _, c := range t.text {
		i, err := f.GlyphIndex(&r.glyph, c)
		if err != nil {
			continue
		}
		segments, err := f.LoadGlyph(&r.glyph, i, fixed.I(em), nil)
		if err == nil {
			glyphs = append(glyphs, flatten(segments, x, y, k)...)
		}
		if adv, err := f.GlyphAdvance(&r.glyph, i, fixed.I(em), 0); err == nil {
			x += float64(adv) / 64 * k
		}
	}
	if t.halo {
		r.fill(strokes(glyphs, true, size*0.22), "#ffffff", 0.85)
	}
	r.fill(glyphs, t.colour, 1)
}

// flatten turns a glyph's curves into rings in pixels.
func flatten(segments sfnt.Segments, x, y, k float64) [][]orb.Point {
	at := func(p fixed.Point26_6) orb.Point {
		return orb.Point{x + float64(p.X)/64*k, y + float64(p.Y)/64*k}
	}
	var out [][]orb.Point
	var last orb.Point
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out = append(out, nil)
			last = at(s.Args[0])
			out[len(out)-1] = append(out[len(out)-1], last)
			continue
		case sfnt.SegmentOpLineTo:
			last = at(s.Args[0])
			out[len(out)-1] = append(out[len(out)-1], last)
			continue
		}
		const steps = 6
		a, b, c := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
		for i := 1; i <= steps; i++ {
			t := float64(i) / steps
			u := 1 - t
			var p orb.Point
			for d := range p {
				if s.Op == sfnt.SegmentOpQuadTo {
					p[d] = u*u*last[d] + 2*u*t*a[d] + t*t*b[d]
				} else {
					p[d] = u*u*u*last[d] + 3*u*u*t*a[d] + 3*u*t*t*b[d] + t*t*t*c[d]
				}
			}
			out[len(out)-1] = append(out[len(out)-1], p)
		}
		last = b
		if s.Op == sfnt.SegmentOpCubeTo {
			last = c
		}
	}
	return out
}
