package render

import (
	"math"
	"slices"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/paulmach/orb"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"stpmap/render/internal/words"
)

// Liberation Sans (SIL Open Font License 1.1) draws the text of PNGs and
// measures that of SVGs: it is as wide as Arial, letter by letter.
var fonts = sync.OnceValue(func() [2]*sfnt.Font {
	var out [2]*sfnt.Font
	for i, ttf := range [...][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("render: embedded font: " + err.Error())
		}
		out[i] = f
	}
	return out
})

func fontOf(bold bool) *sfnt.Font {
	if bold {
		return fonts()[1]
	}
	return fonts()[0]
}

// textWidth is the width of a line in millimetres.
func textWidth(text string, points float64, bold bool) float64 {
	const ppem = 1000
	f := fontOf(bold)
	var buf sfnt.Buffer
	var sum fixed.Int26_6
	for _, r := range text {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if adv, err := f.GlyphAdvance(&buf, i, fixed.I(ppem), 0); err == nil {
			sum += adv
		}
	}
	return float64(sum) / 64 / ppem * points * millimetre
}

// clipText shortens a line to a width, with an ellipsis.
func clipText(text string, width, points float64, bold bool) string {
	if textWidth(text, points, bold) <= width {
		return text
	}
	rs := []rune(text)
	for n := len(rs) - 1; n > 0; n-- {
		if s := strings.TrimRight(string(rs[:n]), " ,;") + "…"; textWidth(s, points, bold) <= width {
			return s
		}
	}
	return "…"
}

// flow breaks a text at spaces into lines of at most a width.
func flowText(text string, width, points float64, bold bool) []string {
	var out []string
	for para := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, w := range strings.Fields(para) {
			longer := w
			if line != "" {
				longer = line + " " + w
			}
			if line != "" && textWidth(longer, points, bold) > width {
				out = append(out, line)
				longer = w
			}
			line = longer
		}
		if line != "" {
			out = append(out, clipText(line, width, points, bold))
		}
	}
	return out
}

// foot is the notice, then sources and version.
func (a About) foot() string {
	s := a.Notice
	if s != "" && s[len(s)-1] != '.' {
		s += "."
	}
	if c := a.credits(); c != "" {
		if s != "" {
			s += "\n"
		}
		s += c
	}
	return s
}

// drawHeadings writes the title, the line under it and the lines at the foot.
func drawHeadings(c canvas, p *Picture, s sheet) {
	u := s.unit
	line := func(b box, text string, points float64, bold bool, colour string) {
		for points > 8*u && textWidth(text, points, bold) > b.w {
			points -= 0.5
		}
		c.text(label{x: b.x, y: b.y + b.h/2 + points*millimetre*0.36, points: points, bold: bold, colour: colour, text: clipText(text, b.w, points, bold)})
	}
	if p.Title != "" {
		line(s.title, oneLine(p.Title), 20*u, true, inkColour)
	}
	if p.Subtitle != "" {
		line(s.subtitle, oneLine(p.Subtitle), 11*u, false, paleColour)
	}
	y := s.foot.y + footPoints*u*millimetre
	for _, t := range s.footLines {
		c.text(label{x: s.foot.x, y: y, points: footPoints * u, colour: paleColour, text: t})
		y += footPoints * u * millimetre * 1.3
	}
}

// oneLine makes a text that may hold line breaks fit one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// drawLabels writes the features' labels where they fit, in the order of the
// features: one that would lie on another is left out.
func drawLabels(c canvas, layers []*Layer, place func(orb.Point) orb.Point, s sheet) {
	type rect struct{ x0, y0, x1, y1 float64 }
	var taken []rect
	// Areas first: they are what the map is about.
	order := slices.Clone(layers)
	slices.SortStableFunc(order, func(a, b *Layer) int { return int(geometryKind(b.Geometry)) - int(geometryKind(a.Geometry)) })
	seen := map[string]bool{}
	for _, l := range order {
		if !l.labelled() {
			continue
		}
		k := geometryKind(l.Geometry)
		at := l.FieldIndex(l.Style.LabelField)
		for i := range l.Features {
			f := &l.Features[i]
			text := clipText(oneLine(valueText(f.Values[at])), 45*s.unit, 7*s.unit, false)
			if text == "" || f.Geometry == nil || emptyGeometry(f.Geometry) {
				continue
			}
			points := 7 * s.unit
			if k == areaKind {
				points = 8 * s.unit
			}
			var p orb.Point
			switch g := f.Geometry.(type) {
			case orb.MultiPolygon:
				p = LabelPoint(g)
			case orb.Polygon:
				p = LabelPoint(orb.MultiPolygon{g})
			default:
				p = f.Geometry.Bound().Center()
			}
			// Two layers over the same places are labelled once.
			key := text + "\x00" + decimal(math.Round(p[0]*1e3)) + "\x00" + decimal(math.Round(p[1]*1e3))
			if seen[key] {
				continue
			}
			seen[key] = true
			q := place(p)
			if !finite(q) {
				continue
			}
			if k == pointKind {
				q[1] -= 1.6 * s.unit
			}
			w, h := textWidth(text, points, k == areaKind), points*millimetre
			r := rect{q[0] - w/2 - 0.3, q[1] - h/2 - 0.2, q[0] + w/2 + 0.3, q[1] + h/2 + 0.2}
			if r.x0 < s.frame.x || r.x1 > s.frame.x+s.frame.w || r.y0 < s.frame.y || r.y1 > s.frame.y+s.frame.h ||
				slices.ContainsFunc(taken, func(o rect) bool { return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1 }) {
				continue
			}
			taken = append(taken, r)
			c.text(label{x: q[0], y: q[1] + h*0.36, points: points, bold: k == areaKind, anchor: middle, colour: inkColour, halo: true, text: text})
		}
	}
}

func drawLegend(c canvas, layers []*Layer, s sheet) {
	u := s.unit
	t, long := fitLegend(layers, (s.key.h-14*u)/u)
	y, end := s.key.y, s.key.y+s.key.h-14*u
	for n, l := range layers {
		title, listed := l.legendTitle(long)
		if n > 0 {
			y += t.above * u
		}
		for _, text := range flowText(title, s.key.w, t.title*u, true) {
			y += 0.42 * t.title * u
			if y > end {
				return
			}
			c.text(label{x: s.key.x, y: y, points: t.title * u, bold: true, colour: inkColour, text: text})
		}
		y += 0.6 * u
		if !listed {
			continue
		}
		es := l.keyEntries()
		wide := t.symbolWidth * u
		for _, e := range es {
			if geometryKind(l.Geometry) == pointKind {
				wide = math.Max(wide, e.size*u)
			}
		}
		for i, e := range es {
			text := flowText(e.class.Label, s.key.w-wide-2*u, t.text*u, false)
			lh := 0.4 * t.text * u
			high := math.Max(t.symbolHigh*u, lh*float64(len(text)))
			if geometryKind(l.Geometry) == pointKind {
				high = math.Max(high, e.size*u)
			}
			y += t.space * u
			if y+high > end {
				c.text(label{x: s.key.x, y: y + lh, points: t.text * u, colour: paleColour, text: "and " + words.Counted(len(es)-i, "more class")})
				return
			}
			drawKeySymbol(c, l, e, box{s.key.x, y + (high-t.symbolHigh*u)/2, wide, t.symbolHigh * u}, u)
			ty := y + high/2 - lh*float64(len(text))/2 + lh*0.75
			for _, line := range text {
				c.text(label{x: s.key.x + wide + 2*u, y: ty, points: t.text * u, colour: inkColour, text: line})
				ty += lh
			}
			y += high
		}
	}
}

func drawKeySymbol(c canvas, l *Layer, e legendEntry, b box, unit float64) {
	opacity := l.Style.Opacity
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	switch geometryKind(l.Geometry) {
	case areaKind:
		c.shape(shape{lines: b.ring(), closed: true, fill: e.class.Colour, stroke: darker(e.class.Colour, 0.75), width: 0.1, opacity: opacity})
		if e.class.Hatched {
			c.shape(hatch(b.ring(), unit))
		}
	case lineKind:
		c.shape(shape{lines: [][]orb.Point{{{b.x, b.y + b.h/2}, {b.x + b.w, b.y + b.h/2}}}, stroke: lineColour(&e.class), width: e.size * unit, opacity: opacity})
	case pointKind:
		c.shape(symbolShape(&l.Style, &e, orb.Point{b.x + b.w/2, b.y + b.h/2}, e.size*unit, opacity, ""))
	}
}

func drawScaleBar(c canvas, s sheet, frameKilometres float64) {
	km := scaleBar(frameKilometres)
	u := s.unit
	w := km / frameKilometres * s.frame.w
	// A narrow key column takes a shorter bar.
	for w > s.key.w-16*u && km > 0 {
		km = roundDown(km * 0.6)
		w = km / frameKilometres * s.frame.w
	}
	x, y := s.key.x+2*u, s.key.y+s.key.h-4*u
	c.shape(shape{lines: box{x, y, w, 1.6 * u}.ring(), closed: true, fill: "#ffffff", stroke: inkColour, width: 0.2})
	c.shape(shape{lines: box{x, y, w / 2, 1.6 * u}.ring(), closed: true, fill: inkColour})
	for i, t := range [...]string{"0", plainNumber(km / 2), plainNumber(km) + " km"} {
		c.text(label{x: x + w/2*float64(i), y: y - 1.2*u, points: 8 * u, anchor: middle, colour: inkColour, text: t})
	}
}
