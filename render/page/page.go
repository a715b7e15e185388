package page

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Page is the size of a printed map or a slide, always landscape.
type Paper string

// The pages. The zero value is A4.
const (
	A4    Paper = "A4"   // 297 × 210 mm
	A3    Paper = "A3"   // 420 × 297 mm
	Slide Paper = "16:9" // 338.7 × 190.5 mm, as slide programs have it
)

// Size is the page's width and height in millimetres. The error names the
// pages there are.
func (p Paper) Size() (width, height float64, err error) {
	switch p {
	case "", A4:
		return 297, 210, nil
	case A3:
		return 420, 297, nil
	case Slide:
		return 338.667, 190.5, nil
	}
	return 0, 0, fmt.Errorf("no page is called %q; there are A4, A3 and 16:9", string(p))
}

// Box is a rectangle on the page in millimetres, y down.
type Box struct{ X, Y, W, H float64 }

// Sheet is where the parts of a map stand on a page: the same on paper in QGIS
// and in pictures.
type Sheet struct {
	W, H                              float64
	Title, Subtitle, Frame, Key, Foot Box
	Unit                              float64 // text sizes are for 1; larger pages have larger text
	FootLines                         []string
}

// FootPoints is the size of the text at the foot.
const FootPoints = 7.5

// NewSheet lays out a page, with room for a subtitle where there is one, and for
// the lines at the foot. The error is that of Size.
func NewSheet(p Paper, subtitled bool, foot string) (Sheet, error) {
	w, h, err := p.Size()
	if err != nil {
		return Sheet{}, err
	}
	unit := math.Max(1, h/210*0.9)
	m := 10 * unit
	key := 66 * unit
	s := Sheet{W: w, H: h, Unit: unit}
	s.Title = Box{m, 8 * unit, w - 2*m, 10 * unit}
	top := s.Title.Y + s.Title.H + 1*unit
	if subtitled {
		s.Subtitle = Box{m, top - 0.5*unit, w - 2*m, 6 * unit}
		top += 7 * unit
	}
	// Programs set the same text in fonts of their own, some a sixth wider.
	s.FootLines = FlowText(foot, (w-2*m)/1.16, FootPoints*unit, false)
	lines := float64(min(max(len(s.FootLines), 1), 8))
	high := (lines*FootPoints*Millimetre*1.3 + 1) * unit
	s.Foot = Box{m, h - 6*unit - high, w - 2*m, high}
	s.Frame = Box{m, top, w - 2*m - key - 4*unit, s.Foot.Y - top - 2*unit}
	s.Key = Box{w - m - key, top, key, s.Frame.H}
	return s, nil
}

// Fit widens a bound to the shape of a frame, with a margin, so that what
// it holds lies in the middle.
func Fit(b orb.Bound, width, height float64) orb.Bound {
	dx, dy := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	if dx <= 0 && dy <= 0 {
		dx, dy = 1, 1
	}
	scale := math.Max(dx/width, dy/height) * 1.06
	cx, cy := (b.Min[0]+b.Max[0])/2, (b.Min[1]+b.Max[1])/2
	return orb.Bound{
		Min: orb.Point{cx - scale*width/2, cy - scale*height/2},
		Max: orb.Point{cx + scale*width/2, cy + scale*height/2},
	}
}

// ScaleBar is the length in kilometres of a bar about a quarter of the frame
// wide, a round number.
func ScaleBar(frameKilometres float64) float64 {
	if !(frameKilometres > 0) || math.IsInf(frameKilometres, 0) {
		return 1
	}
	return layer.RoundDown(frameKilometres * 0.3)
}

// The colours of text and hatching, and the millimetres of a point of type.
const (
	InkColour  = "#202124"
	PaleColour = "#5f6368"
	HatchInk   = "#787878"
	Millimetre = 25.4 / 72
)

// Ring is the box's outline.
func (b Box) Ring() [][]orb.Point {
	return [][]orb.Point{{{b.X, b.Y}, {b.X + b.W, b.Y}, {b.X + b.W, b.Y + b.H}, {b.X, b.Y + b.H}}}
}

// SeaColour lies behind the map, so that the neutral of a diverging ramp still
// looks like land.
const SeaColour = "#e9eef2"
