package picture

import (
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
	"stpmap/render/page"
)

// Map is a map for a slide or a page: title, key, scale bar, sources and notice
// around the layers. Where names crowd, a part of it is drawn again, larger, in a
// free corner.
type Map struct {
	Title, Subtitle string
	// Layers are drawn with the first on top; those that Style.Hidden hides are
	// left out, and so are layers without geometry.
	Layers []layer.Layer
	Page   page.Paper
	// Project takes a point from WGS84 degrees to metres, as the national grid;
	// nil is a plane that is true to scale in the middle of the map.
	Project func(orb.Point) orb.Point
	About   layer.About
	// Tiles draws each area as tiles of equal numbers of people, in place of its
	// ground.
	Tiles bool
}

// ErrPicture is a picture that cannot be drawn at the size asked for.
var ErrPicture = errors.New("picture cannot be drawn")

// WriteSVG draws the picture as SVG 1.1, in millimetres, with a group for each
// layer and a tooltip for each feature. It names no font by file and needs no
// network. The same picture gives the same bytes. The error wraps ErrLayerName
// or ErrLayerShape, or is the writer's.
func WriteSVG(w io.Writer, p Map) error {
	s, err := p.scene()
	if err != nil {
		return err
	}
	c := newSVG(w, s.sheet, p.Title)
	s.draw(c)
	return c.close()
}

// WritePNG draws the same picture in pixels, dpi to the inch; 0 means 144,
// which makes a 16:9 page 1920 pixels wide. dpi may be 20 to 400, or the error
// wraps ErrPicture.
func WritePNG(w io.Writer, p Map, dpi int) error {
	scale, err := pixels(dpi)
	if err != nil {
		return err
	}
	s, err := p.scene()
	if err != nil {
		return err
	}
	c := newBitmap(s.sheet, scale)
	s.draw(c)
	return c.encode(w)
}

// WritePDF draws the same picture as a page of PDF: lines and fills stay lines and
// fills, and its text can be searched. It carries its fonts. Names that have no
// room beside the map follow on pages of their own.
func WritePDF(w io.Writer, p Map) error {
	d, err := NewDrawing(p)
	if err != nil {
		return err
	}
	return d.WritePDF(w)
}

// pixels to a millimetre.
func pixels(dpi int) (float64, error) {
	if dpi == 0 {
		dpi = 144
	}
	if dpi < 20 || dpi > 400 {
		return 0, fmt.Errorf("%d dots to the inch: %w: 20 to 400 can be", dpi, ErrPicture)
	}
	return float64(dpi) / 25.4, nil
}

// canvas takes shapes in millimetres, y down. Later shapes lie on top.
type canvas interface {
	// begin and end bracket the shapes of one layer.
	begin(name string)
	end()
	shape(s shape)
	text(t label)
}

// shape is a set of rings or lines with how to paint them.
type shape struct {
	lines   [][]orb.Point
	closed  bool
	fill    string // empty: none
	stroke  string // empty: none
	width   float64
	opacity float64
	tip     string // what the shape is, for a pointer or a screen reader
}

type anchor int8

const (
	left anchor = iota
	middle
	right
)

// label is a line of text with its baseline's left, middle or right at a place.
type label struct {
	x, y   float64
	points float64
	bold   bool
	anchor anchor
	colour string
	halo   bool
	text   string
}

func (p *Map) shown() []*layer.Layer {
	var out []*layer.Layer
	for i := range p.Layers {
		if l := &p.Layers[i]; !l.Style.Hidden && layer.KindOf(l.Geometry) != layer.NoKind {
			out = append(out, l)
		}
	}
	return out
}
