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
	names Names
	ops   []func(canvas)
	more  [][]func(canvas) // of the pages of names, in a PDF
}

// Names says what became of the names that the picture should show.
func (d *Drawing) Names() Names { return d.names }

// NewDrawing works out a picture. The error wraps ErrLayerName or
// ErrLayerShape.
func NewDrawing(p Map) (*Drawing, error) {
	s, err := p.scene()
	if err != nil {
		return nil, err
	}
	d := &Drawing{title: p.Title, sheet: s.sheet, names: s.names}
	s.draw(d)
	for _, k := range s.nameKeys() {
		one := &Drawing{}
		s.drawNames(one, k)
		d.more = append(d.more, one.ops)
	}
	return d, nil
}

// WriteSVG is the function of that name for the picture.
func (d *Drawing) WriteSVG(w io.Writer) error {
	c := newSVG(w, d.sheet, d.title)
	d.on(c)
	return c.close()
}

// WritePDF is the function of that name for the picture.
func (d *Drawing) WritePDF(w io.Writer) error {
	c := newPDF(d.sheet, d.title)
	d.on(c)
	for _, ops := range d.more {
		c.doc.AddPage()
		(&Drawing{ops: ops}).on(c)
	}
	return c.write(w)
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
