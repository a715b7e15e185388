package picture

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/internal/labelpoint"
	"stpmap/render/internal/markup"
	"stpmap/render/internal/words"
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

// drawLabels writes the features' labels where they fit, in the order of the
// features: one that would lie on another is left out.
func drawLabels(c canvas, layers []*layer.Layer, place func(orb.Point) orb.Point, s page.Sheet) {
	type rect struct{ x0, y0, x1, y1 float64 }
	var taken []rect
	// Areas first: they are what the map is about.
	order := slices.Clone(layers)
	slices.SortStableFunc(order, func(a, b *layer.Layer) int { return int(layer.KindOf(b.Geometry)) - int(layer.KindOf(a.Geometry)) })
	seen := map[string]bool{}
	for _, l := range order {
		if !l.Labelled() {
			continue
		}
		k := layer.KindOf(l.Geometry)
		at := l.FieldIndex(l.Style.LabelField)
		for i := range l.Features {
			f := &l.Features[i]
			text := page.ClipText(oneLine(layer.ValueText(f.Values[at])), 45*s.Unit, 7*s.Unit, false)
			if text == "" || f.Geometry == nil || layer.Empty(f.Geometry) {
				continue
			}
			points := 7 * s.Unit
			if k == layer.AreaKind {
				points = 8 * s.Unit
			}
			var p orb.Point
			switch g := f.Geometry.(type) {
			case orb.MultiPolygon:
				p = labelpoint.LabelPoint(g)
			case orb.Polygon:
				p = labelpoint.LabelPoint(orb.MultiPolygon{g})
			default:
				p = f.Geometry.Bound().Center()
			}
			// Two layers over the same places are labelled once.
			key := text + "\x00" + markup.Decimal(math.Round(p[0]*1e3)) + "\x00" + markup.Decimal(math.Round(p[1]*1e3))
			if seen[key] {
				continue
			}
			seen[key] = true
			q := place(p)
			if !layer.Drawable(q) {
				continue
			}
			if k == layer.PointKind {
				q[1] -= float64(1.6 * s.Unit)
			}
			w, h := page.TextWidth(text, points, k == layer.AreaKind), points*page.Millimetre
			r := rect{q[0] - w/2 - 0.3, q[1] - h/2 - 0.2, q[0] + w/2 + 0.3, q[1] + h/2 + 0.2}
			if r.x0 < s.Frame.X || r.x1 > s.Frame.X+s.Frame.W || r.y0 < s.Frame.Y || r.y1 > s.Frame.Y+s.Frame.H ||
				slices.ContainsFunc(taken, func(o rect) bool { return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1 }) {
				continue
			}
			taken = append(taken, r)
			c.text(label{x: q[0], y: q[1] + float64(h*0.36), points: points, bold: k == layer.AreaKind, anchor: middle, colour: page.InkColour, halo: true, text: text})
		}
	}
}

func drawLegend(c canvas, layers []*layer.Layer, s page.Sheet) {
	u := s.Unit
	t, long := page.FitLegend(layers, (s.Key.H-float64(14*u))/u)
	y, end := s.Key.Y, s.Key.Y+s.Key.H-float64(14*u)
	for n, l := range layers {
		title, listed := l.LegendTitle(long)
		if n > 0 {
			y += float64(t.Above * u)
		}
		for _, text := range page.FlowText(title, s.Key.W, t.Title*u, true) {
			y += float64(0.42 * t.Title * u)
			if y > end {
				return
			}
			c.text(label{x: s.Key.X, y: y, points: t.Title * u, bold: true, colour: page.InkColour, text: text})
		}
		y += float64(0.6 * u)
		if !listed {
			continue
		}
		es := l.KeyEntries()
		wide := t.SymbolWidth * u
		for _, e := range es {
			if layer.KindOf(l.Geometry) == layer.PointKind {
				wide = math.Max(wide, e.Size*u)
			}
		}
		for i, e := range es {
			text := page.FlowText(e.Class.Label, s.Key.W-wide-float64(2*u), t.Text*u, false)
			lh := float64(0.4 * t.Text * u)
			high := math.Max(t.SymbolHigh*u, lh*float64(len(text)))
			if layer.KindOf(l.Geometry) == layer.PointKind {
				high = math.Max(high, e.Size*u)
			}
			y += float64(t.Space * u)
			if y+high > end {
				c.text(label{x: s.Key.X, y: y + lh, points: t.Text * u, colour: page.PaleColour, text: "and " + words.Counted(len(es)-i, "more class")})
				return
			}
			drawKeySymbol(c, l, e, page.Box{X: s.Key.X, Y: y + (high-float64(t.SymbolHigh*u))/2, W: wide, H: float64(t.SymbolHigh * u)}, u)
			ty := y + high/2 - lh*float64(len(text))/2 + float64(lh*0.75)
			for _, line := range text {
				c.text(label{x: s.Key.X + wide + float64(2*u), y: ty, points: t.Text * u, colour: page.InkColour, text: line})
				ty += lh
			}
			y += high
		}
	}
}

func drawKeySymbol(c canvas, l *layer.Layer, e layer.Entry, b page.Box, unit float64) {
	opacity := l.Style.Opacity
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	switch layer.KindOf(l.Geometry) {
	case layer.AreaKind:
		c.shape(shape{lines: b.Ring(), closed: true, fill: e.Class.Colour, stroke: layer.Darker(e.Class.Colour, 0.75), width: 0.1, opacity: opacity})
		if e.Class.Hatched {
			c.shape(hatch(b.Ring(), unit))
		}
	case layer.LineKind:
		c.shape(shape{lines: [][]orb.Point{{{b.X, b.Y + b.H/2}, {b.X + b.W, b.Y + b.H/2}}}, stroke: layer.LineColour(&e.Class), width: e.Size * unit, opacity: opacity})
	case layer.PointKind:
		c.shape(symbolShape(&l.Style, &e, orb.Point{b.X + b.W/2, b.Y + b.H/2}, e.Size*unit, opacity, ""))
	}
}

func drawScaleBar(c canvas, s page.Sheet, frameKilometres float64) {
	km := page.ScaleBar(frameKilometres)
	u := s.Unit
	w := km / frameKilometres * s.Frame.W
	// A narrow key column takes a shorter bar.
	for w > s.Key.W-float64(16*u) && km > 0 {
		km = layer.RoundDown(km * 0.6)
		w = km / frameKilometres * s.Frame.W
	}
	x, y := s.Key.X+float64(2*u), s.Key.Y+s.Key.H-float64(4*u)
	c.shape(shape{lines: page.Box{X: x, Y: y, W: w, H: float64(1.6 * u)}.Ring(), closed: true, fill: "#ffffff", stroke: page.InkColour, width: 0.2})
	c.shape(shape{lines: page.Box{X: x, Y: y, W: w / 2, H: float64(1.6 * u)}.Ring(), closed: true, fill: page.InkColour})
	for i, t := range [...]string{"0", layer.PlainNumber(km / 2), layer.PlainNumber(km) + " km"} {
		c.text(label{x: x + float64(w/2*float64(i)), y: y - float64(1.2*u), points: 8 * u, anchor: middle, colour: page.InkColour, text: t})
	}
}
