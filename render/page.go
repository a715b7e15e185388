package render

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Page is the size of a printed map or a slide, always landscape.
type Page string

// The pages. The zero value is A4.
const (
	A4    Page = "A4"   // 297 × 210 mm
	A3    Page = "A3"   // 420 × 297 mm
	Slide Page = "16:9" // 338.7 × 190.5 mm, as slide programs have it
)

// Size is the page's width and height in millimetres. The error names the
// pages there are.
func (p Page) Size() (width, height float64, err error) {
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

// box is a rectangle on the page in millimetres, y down.
type box struct{ x, y, w, h float64 }

// sheet is where the parts of a map stand on a page: the same on paper in QGIS
// and in pictures.
type sheet struct {
	w, h                              float64
	title, subtitle, frame, key, foot box
	unit                              float64 // text sizes are for 1; larger pages have larger text
	footLines                         []string
}

// footPoints is the size of the text at the foot.
const footPoints = 7.5

func newSheet(p Page, subtitled bool, foot string) (sheet, error) {
	w, h, err := p.Size()
	if err != nil {
		return sheet{}, err
	}
	unit := math.Max(1, h/210*0.9)
	m := 10 * unit
	key := 66 * unit
	s := sheet{w: w, h: h, unit: unit}
	s.title = box{m, 8 * unit, w - 2*m, 10 * unit}
	top := s.title.y + s.title.h + 1*unit
	if subtitled {
		s.subtitle = box{m, top - 0.5*unit, w - 2*m, 6 * unit}
		top += 7 * unit
	}
	// Programs set the same text in fonts of their own, some a sixth wider.
	s.footLines = flowText(foot, (w-2*m)/1.16, footPoints*unit, false)
	lines := float64(min(max(len(s.footLines), 1), 8))
	high := (lines*footPoints*millimetre*1.3 + 1) * unit
	s.foot = box{m, h - 6*unit - high, w - 2*m, high}
	s.frame = box{m, top, w - 2*m - key - 4*unit, s.foot.y - top - 2*unit}
	s.key = box{w - m - key, top, key, s.frame.h}
	return s, nil
}

// fitted widens a bound to the shape of a frame, with a margin, so that what
// it holds lies in the middle.
func fitted(b orb.Bound, width, height float64) orb.Bound {
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

// projectedBound is the envelope of the layers' points after projection, which
// may bend the edges of their envelope in degrees.
func projectedBound(project func(orb.Point) orb.Point, layers ...*Layer) (orb.Bound, bool) {
	b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	found := false
	for _, l := range layers {
		for i := range l.Features {
			eachPoint(l.Features[i].Geometry, func(p orb.Point) {
				p = project(p)
				if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
					return
				}
				found = true
				b.Min = orb.Point{math.Min(b.Min[0], p[0]), math.Min(b.Min[1], p[1])}
				b.Max = orb.Point{math.Max(b.Max[0], p[0]), math.Max(b.Max[1], p[1])}
			})
		}
	}
	return b, found
}

// eachPoint visits the points that bound a geometry; holes lie within.
func eachPoint(g orb.Geometry, visit func(orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		visit(g)
	case orb.MultiPoint:
		for _, p := range g {
			visit(p)
		}
	case orb.LineString:
		for _, p := range g {
			visit(p)
		}
	case orb.MultiLineString:
		for _, l := range g {
			eachPoint(l, visit)
		}
	case orb.Polygon:
		if len(g) > 0 {
			eachPoint(orb.LineString(g[0]), visit)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachPoint(p, visit)
		}
	}
}

// scaleBar is the length in kilometres of a bar about a quarter of the frame
// wide, a round number.
func scaleBar(frameKilometres float64) float64 {
	if !(frameKilometres > 0) || math.IsInf(frameKilometres, 0) {
		return 1
	}
	return roundDown(frameKilometres * 0.3)
}

// credits are the lines at the foot of every map.
func (a About) credits() string {
	s := ""
	for i, src := range a.Sources {
		if i > 0 {
			s += " "
		}
		s += src
		if len(src) > 0 && src[len(src)-1] != '.' {
			s += "."
		}
	}
	if s != "" {
		s = "Sources: " + s
	}
	if a.Version != "" {
		if s != "" {
			s += " "
		}
		s += "Made with stpmap " + a.Version
		if len(a.FlowSHA256) >= 8 {
			s += ", flows " + a.FlowSHA256[:8]
		}
		s += "."
	}
	return s
}
