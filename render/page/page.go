package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// Paper is the size of a printed map or a slide.
type Paper string

// The pages. The zero value is A4. A4 and A3 can stand upright in pictures.
const (
	A4     Paper = "A4"     // 297 × 210 mm
	A3     Paper = "A3"     // 420 × 297 mm
	Slide  Paper = "16:9"   // 338.7 × 190.5 mm, as slide programs have it
	Square Paper = "square" // 190.5 × 190.5 mm, which is 1,080 dots at 144 to the inch
)

// PaperOf is the page of a name, in capitals or not; a name of none stays as it is.
func PaperOf(name string) Paper {
	for _, p := range []Paper{A4, A3, Slide, Square} {
		if strings.EqualFold(name, string(p)) {
			return p
		}
	}
	return Paper(name)
}

// Size is the page's width and height in millimetres, lying. The error names the
// pages there are.
func (p Paper) Size() (width, height float64, err error) {
	switch p {
	case "", A4:
		return 297, 210, nil
	case A3:
		return 420, 297, nil
	case Slide:
		return 338.667, 190.5, nil
	case Square:
		return 190.5, 190.5, nil
	}
	return 0, 0, fmt.Errorf("no page is called %q; there are A4, A3, 16:9 and square", string(p))
}

// Turns says whether the page can stand upright.
func (p Paper) Turns() bool { return p == "" || p == A4 || p == A3 }

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

// Plan says how the parts of a sheet lie.
type Plan struct {
	Upright bool
	// Below is the height of a key under the map, in millimetres; 0 puts it at the
	// side.
	Below float64
	// Beside is the width of a key at the side, in millimetres on A4; 0 means 66.
	Beside float64
}

// NewSheet lays out a page that lies, with the key at the side, with room for a
// subtitle where there is one, and for the lines at the foot. The error is that of
// Size.
func NewSheet(p Paper, subtitled bool, foot string) (Sheet, error) {
	return Plan{}.Sheet(p, subtitled, foot)
}

// Sheet lays out a page, with room for a subtitle where there is one, and for the
// lines at the foot. The error is that of Size.
func (plan Plan) Sheet(p Paper, subtitled bool, foot string) (Sheet, error) {
	w, h, err := p.Size()
	if err != nil {
		return Sheet{}, err
	}
	unit := math.Max(1, h/210*0.9)
	if plan.Upright {
		w, h = h, w
	}
	m := float64(10 * unit)
	s := Sheet{W: w, H: h, Unit: unit}
	s.Title = Box{m, float64(8 * unit), w - float64(2*m), float64(10 * unit)}
	top := s.Title.Y + s.Title.H + float64(1*unit)
	if subtitled {
		s.Subtitle = Box{m, top - float64(0.5*unit), w - float64(2*m), 6 * unit}
		top += float64(7 * unit)
	}
	s.FootLines = s.FootText(foot)
	lines := float64(min(max(len(s.FootLines), 1), 8))
	high := float64((float64(lines*FootPoints*Millimetre*1.3) + 1) * unit)
	s.Foot = Box{m, h - float64(6*unit) - high, w - float64(2*m), high}
	bottom := s.Foot.Y - float64(2*unit)
	if plan.Below > 0 {
		s.Key = Box{m, bottom - plan.Below, w - float64(2*m), plan.Below}
		s.Frame = Box{m, top, w - float64(2*m), s.Key.Y - top - float64(3*unit)}
		return s, nil
	}
	key := float64(66 * unit)
	if plan.Beside > 0 {
		key = float64(plan.Beside * unit)
	}
	s.Frame = Box{m, top, w - float64(2*m) - key - float64(4*unit), bottom - top}
	s.Key = Box{w - m - key, top, key, s.Frame.H}
	return s, nil
}

// FootText is a text in lines for the foot of the sheet. Programs set the same text
// in fonts of their own, some a sixth wider.
func (s *Sheet) FootText(text string) []string {
	return FlowText(text, (s.W-float64(20*s.Unit))/1.16, FootPoints*s.Unit, false)
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
