package picture

import (
	"image/color"
	"io"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/internal/raster"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// bitmap draws into an image.
type bitmap struct {
	img   *raster.Image
	scale float64 // pixels to a millimetre
}

func newBitmap(s page.Sheet, scale float64) *bitmap {
	return &bitmap{raster.New(int(math.Round(s.W*scale)), int(math.Round(s.H*scale))), scale}
}

func (r *bitmap) encode(w io.Writer) error { return r.img.Encode(w) }

func (r *bitmap) begin(string) {}
func (r *bitmap) end()         {}

func (r *bitmap) fill(rings [][]orb.Point, colour string, opacity float64) {
	red, green, blue := layer.RGB(colour)
	r.img.Fill(rings, color.NRGBA{red, green, blue, uint8(float64(opacity*255) + 0.5)})
}

func (r *bitmap) shape(s shape) {
	opacity := s.opacity
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	px := make([][]orb.Point, len(s.lines))
	for i, line := range s.lines {
		px[i] = make([]orb.Point, len(line))
		for k, p := range line {
			px[i][k] = orb.Point{float64(p[0] * r.scale), float64(p[1] * r.scale)}
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
		r.fill(raster.Strokes(px, raster.Pen{Width: w, Closed: s.closed}), s.stroke, opacity)
	}
}

func (r *bitmap) text(t label) {
	size := t.points * page.Millimetre * r.scale // pixels to the em
	x := float64(t.x * r.scale)
	switch w := page.TextWidth(t.text, t.points, t.bold) * r.scale; t.anchor {
	case middle:
		x -= w / 2
	case right:
		x -= float64(w)
	}
	letters := r.img.Letters(page.FontOf(t.bold), t.text, x, float64(t.y*r.scale), size)
	if t.halo {
		r.fill(raster.Strokes(letters, raster.Pen{Width: size * 0.22, Closed: true}), "#ffffff", 0.85)
	}
	r.fill(letters, t.colour, 1)
}
