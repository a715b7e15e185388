// Package raster fills polygons and letters into pixels. Lines become polygons
// too, so that one rasteriser draws all, with the same bytes on every processor.
//
// In: rings in pixels, y downwards. Out: an image. It imports flow/portable only.
package raster

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

	"stpmap/flow/portable"
)

// Image is what is drawn on. It begins white.
type Image struct {
	pixels *image.RGBA
	vec    vector.Rasterizer
	glyph  sfnt.Buffer
}

// New is an image of a width and height in pixels.
func New(width, height int) *Image {
	m := &Image{pixels: image.NewRGBA(image.Rect(0, 0, width, height))}
	draw.Draw(m.pixels, m.pixels.Bounds(), image.White, image.Point{}, draw.Src)
	return m
}

// Encode writes the image as PNG. The best compression would take four times as
// long for a hundredth of the size.
func (m *Image) Encode(w io.Writer) error { return png.Encode(w, m.pixels) }

// tile is the largest part of an image that is drawn at once. Up to this size the
// rasteriser counts in whole numbers, beyond it in floating-point numbers, whose
// last digits differ between processors.
const tile = 512

// Fill paints the union of rings of one orientation, or the area between rings
// of both.
func (m *Image) Fill(rings [][]orb.Point, colour color.NRGBA) {
	box := pixelsOf(rings).Intersect(m.pixels.Bounds())
	for y := box.Min.Y; y < box.Max.Y; y += tile {
		for x := box.Min.X; x < box.Max.X; x += tile {
			m.fill(rings, image.Rect(x, y, min(x+tile, box.Max.X), min(y+tile, box.Max.Y)), colour)
		}
	}
}

// fill paints what of rings lies in a box.
func (m *Image) fill(rings [][]orb.Point, box image.Rectangle, colour color.NRGBA) {
	m.vec.Reset(box.Dx(), box.Dy())
	m.vec.DrawOp = draw.Over
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	for _, ring := range rings {
		for i, p := range ring {
			x, y := float32(p[0]-ox), float32(p[1]-oy)
			if i == 0 {
				m.vec.MoveTo(x, y)
			} else {
				m.vec.LineTo(x, y)
			}
		}
		m.vec.ClosePath()
	}
	m.vec.Draw(m.pixels, box, image.NewUniform(colour), image.Point{})
}

// pixelsOf is the box of the pixels that rings touch; empty where there are none.
func pixelsOf(rings [][]orb.Point) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, ring := range rings {
		for _, p := range ring {
			x0, y0 = math.Min(x0, p[0]), math.Min(y0, p[1])
			x1, y1 = math.Max(x1, p[0]), math.Max(y1, p[1])
		}
	}
	if !(x0 <= x1 && y0 <= y1) {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1))+1, int(math.Ceil(y1))+1)
}

// Pen is how lines are drawn.
type Pen struct {
	Width  float64 // in pixels
	Closed bool    // the last position is joined to the first
	Flat   bool    // ends are cut, and joints that hardly turn are left; else all are round
}

// Strokes is the outline of lines: a quadrangle for each segment and a disc for
// each joint, all of one orientation, so that overlaps add up to one.
func Strokes(lines [][]orb.Point, pen Pen) [][]orb.Point {
	h := pen.Width / 2
	disc := circle(h)
	var out [][]orb.Point
	for _, line := range lines {
		for i, p := range line {
			if pen.Width > 1.2 && !(pen.Flat && pen.smooth(line, i)) {
				out = append(out, moved(disc, p))
			}
			if i+1 == len(line) && !pen.Closed {
				break
			}
			if q := line[(i+1)%len(line)]; q != p {
				out = append(out, quadrangle(p, q, h))
			}
		}
	}
	return out
}

// smooth says whether a line ends at a position or hardly turns there: by less
// than 10 degrees.
func (pen Pen) smooth(line []orb.Point, i int) bool {
	if !pen.Closed && (i == 0 || i == len(line)-1) {
		return true
	}
	before, p, after := line[(i+len(line)-1)%len(line)], line[i], line[(i+1)%len(line)]
	x1, y1, x2, y2 := p[0]-before[0], p[1]-before[1], after[0]-p[0], after[1]-p[1]
	return float64(x1*x2)+float64(y1*y2) > 0.985*portable.Hypot(x1, y1)*portable.Hypot(x2, y2)
}

// circle is a disc of a radius around the origin.
func circle(radius float64) []orb.Point {
	n := max(8, int(math.Ceil(radius*4)))
	disc := make([]orb.Point, n)
	for i := range disc {
		sin, cos := portable.Sincos(-2 * math.Pi * float64(i) / float64(n))
		disc[i] = orb.Point{float64(radius * cos), float64(radius * sin)}
	}
	return disc
}

func moved(ring []orb.Point, by orb.Point) []orb.Point {
	out := make([]orb.Point, len(ring))
	for i, p := range ring {
		out[i] = orb.Point{by[0] + p[0], by[1] + p[1]}
	}
	return out
}

// quadrangle is the segment from p to q, h wide at both sides.
func quadrangle(p, q orb.Point, h float64) []orb.Point {
	dx, dy := q[0]-p[0], q[1]-p[1]
	d := portable.Hypot(dx, dy)
	nx, ny := float64(-dy/d*h), float64(dx/d*h)
	return []orb.Point{{p[0] + nx, p[1] + ny}, {q[0] + nx, q[1] + ny}, {q[0] - nx, q[1] - ny}, {p[0] - nx, p[1] - ny}}
}

// Letters is the outline of a line of text that begins at (x, y), on its base
// line, in letters of a size in pixels to the em.
func (m *Image) Letters(f *sfnt.Font, text string, x, y, size float64) [][]orb.Point {
	const em = 1000
	k := size / em
	var glyphs [][]orb.Point
	for _, c := range text {
		i, err := f.GlyphIndex(&m.glyph, c)
		if err != nil {
			continue
		}
		segments, err := f.LoadGlyph(&m.glyph, i, fixed.I(em), nil)
		if err == nil {
			glyphs = append(glyphs, flatten(segments, x, y, k)...)
		}
		if adv, err := f.GlyphAdvance(&m.glyph, i, fixed.I(em), 0); err == nil {
			x += float64(float64(adv) / 64 * k)
		}
	}
	return glyphs
}

// flatten turns a glyph's curves into rings in pixels.
func flatten(segments sfnt.Segments, x, y, k float64) [][]orb.Point {
	at := func(p fixed.Point26_6) orb.Point {
		return orb.Point{x + float64(float64(p.X)/64*k), y + float64(float64(p.Y)/64*k)}
	}
	var out [][]orb.Point
	var last orb.Point
	for _, s := range segments {
		a, b, c := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out, last = append(out, []orb.Point{a}), a
			continue
		case sfnt.SegmentOpLineTo:
			last = a
			out[len(out)-1] = append(out[len(out)-1], a)
			continue
		case sfnt.SegmentOpQuadTo:
			out[len(out)-1] = append(out[len(out)-1], Quadratic(last, a, b, 6)...)
			last = b
		default:
			out[len(out)-1] = append(out[len(out)-1], Cubic(last, a, b, c, 6)...)
			last = c
		}
	}
	return out
}

// Quadratic is positions along a quadratic Bézier curve, without its beginning.
func Quadratic(from, control, to orb.Point, steps int) []orb.Point {
	out := make([]orb.Point, steps)
	for i := range out {
		t := float64(i+1) / float64(steps)
		u := 1 - t
		for d := range out[i] {
			out[i][d] = float64(u*u*from[d]) + float64(2*u*t*control[d]) + float64(t*t*to[d])
		}
	}
	return out
}

// Cubic is positions along a cubic Bézier curve, without its beginning.
func Cubic(from, first, second, to orb.Point, steps int) []orb.Point {
	out := make([]orb.Point, steps)
	for i := range out {
		t := float64(i+1) / float64(steps)
		u := 1 - t
		for d := range out[i] {
			out[i][d] = float64(u*u*u*from[d]) + float64(3*u*u*t*first[d]) + float64(3*u*t*t*second[d]) + float64(t*t*t*to[d])
		}
	}
	return out
}
