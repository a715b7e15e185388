package picture

import (
	"io"

	"stpmap/render/page"
)

// Drawing is a picture whose shapes have their places on the page, to be written
// more than once: what WriteSVG and WritePNG would work out anew.
type Drawing struct {
	title string
	sheet page.Sheet
	ops   []func(canvas)
}

// NewDrawing works out a picture. The error wraps ErrLayerName or
// ErrLayerShape.
func NewDrawing(p Map) (*Drawing, error) {
	s, err := p.sheet()
	if err != nil {
		return nil, err
	}
	d := &Drawing{title: p.Title, sheet: s}
	p.draw(d, s)
	return d, nil
}

// WriteSVG is the function of that name for the picture.
func (d *Drawing) WriteSVG(w io.Writer) error {
	c := newSVG(w, d.sheet, d.title)
	d.on(c)
	return c.close()
}

// WritePNG is the function of that name for the picture.
func (d *Drawing) WritePNG(w io.Writer, dpi int) error {
	scale, err := pixels(dpi)
	if err != nil {
		return err
	}
	c := newBitmap(d.sheet, scale)
	d.on(c)
	return c.encode(w)
}

func (d *Drawing) on(c canvas) {
	for _, op := range d.ops {
		op(c)
	}
}

func (d *Drawing) begin(name string) { d.ops = append(d.ops, func(c canvas) { c.begin(name) }) }
func (d *Drawing) end()              { d.ops = append(d.ops, canvas.end) }
func (d *Drawing) shape(s shape)     { d.ops = append(d.ops, func(c canvas) { c.shape(s) }) }
func (d *Drawing) text(t label)      { d.ops = append(d.ops, func(c canvas) { c.text(t) }) }
