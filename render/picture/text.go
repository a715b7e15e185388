package picture

import (
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
	"stpmap/render/page"
)

// drawHeadings writes the title, the line under it and the lines at the foot.
func drawHeadings(c canvas, p *Map, s page.Sheet) {
	u := s.Unit
	line := func(b page.Box, text string, points float64, bold bool, colour string) {
		for points > 8*u && page.TextWidth(text, points, bold) > b.W {
			points -= 0.5
		}
		c.text(label{x: b.X, y: b.Y + b.H/2 + float64(points*page.Millimetre*0.36), points: points, bold: bold, colour: colour, text: page.ClipText(text, b.W, points, bold)})
	}
	if p.Title != "" {
		line(s.Title, oneLine(p.Title), 20*u, true, page.InkColour)
	}
	if p.Subtitle != "" {
		line(s.Subtitle, oneLine(p.Subtitle), 11*u, false, page.PaleColour)
	}
	y := s.Foot.Y + float64(page.FootPoints*u*page.Millimetre)
	for _, t := range s.FootLines {
		c.text(label{x: s.Foot.X, y: y, points: page.FootPoints * u, colour: page.PaleColour, text: t})
		y += float64(page.FootPoints * u * page.Millimetre * 1.3)
	}
}

// oneLine makes a text that may hold line breaks fit one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func drawKeySymbol(c canvas, l *layer.Layer, e layer.Entry, b page.Box, unit float64) {
	opacity := l.Style.Opacity
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	switch layer.KindOf(l.Geometry) {
	case layer.AreaKind:
		if e.Class.Overlay {
			c.shape(shape{lines: b.Ring(), closed: true, fill: "#ffffff", stroke: page.HatchInk, width: 0.1})
			drawOverlay(c, &e.Class, shape{lines: b.Ring()}, unit)
			return
		}
		c.shape(shape{lines: b.Ring(), closed: true, fill: e.Class.Colour, stroke: layer.Darker(e.Class.Colour, 0.75), width: 0.1, opacity: opacity})
		if e.Class.Hatched {
			c.shape(hatch(b.Ring(), hatchGap, unit))
		}
	case layer.LineKind:
		c.shape(shape{lines: [][]orb.Point{{{b.X, b.Y + b.H/2}, {b.X + b.W, b.Y + b.H/2}}}, stroke: layer.LineColour(&e.Class), width: e.Size * unit, opacity: opacity})
	case layer.PointKind:
		c.shape(symbolShape(&l.Style, &e, orb.Point{b.X + b.W/2, b.Y + b.H/2}, e.Size*unit, opacity, ""))
	}
}

// barLength is the length of a scale bar on a frame, both in millimetres; the frame
// is so many kilometres wide.
func barLength(frameKilometres, frame float64) float64 {
	return page.ScaleBar(frameKilometres) / frameKilometres * frame * 0.6
}

// drawScaleBar draws the scale in a corner of the map.
func (s *scene) drawScaleBar(c canvas) {
	u := s.sheet.Unit
	kilometres := s.sheet.Frame.W / s.main.scale / 1000
	km := layer.RoundDown(page.ScaleBar(kilometres) * 0.6)
	w := km / kilometres * s.sheet.Frame.W
	x, y := s.bar.X+float64(3*u), s.bar.Y+s.bar.H-float64(2*u)
	c.shape(shape{lines: page.Box{X: x, Y: y, W: w, H: float64(1.2 * u)}.Ring(), closed: true, fill: "#ffffff", stroke: page.InkColour, width: 0.2})
	c.shape(shape{lines: page.Box{X: x, Y: y, W: w / 2, H: float64(1.2 * u)}.Ring(), closed: true, fill: page.InkColour})
	for i, t := range [...]string{"0", layer.PlainNumber(km / 2), layer.PlainNumber(km) + " km"} {
		if i == 1 && w < 16*u {
			continue // the texts would touch
		}
		c.text(label{x: x + float64(w/2*float64(i)), y: y - float64(1.2*u), points: 7 * u, anchor: middle, colour: page.InkColour, text: t})
	}
}
