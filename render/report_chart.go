package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ErrChart is a chart that is no SVG, or has nothing to draw.
var ErrChart = errors.New("chart cannot be drawn")

// Chart is a figure of the report: a Plot, or SVG made elsewhere.
type Chart struct {
	Title, Caption string // Caption says in words what is to be seen
	Plot           *Plot
	// SVG is used where Plot is nil. Scripts, links, animation and outside
	// resources are taken out, and inline styles become attributes, as the page's
	// security policy allows none of them.
	SVG string
}

// Plot is a chart of numbers against numbers.
type Plot struct {
	XTitle, YTitle     string
	XPercent, YPercent bool // shares, shown times 100
	Series             []Series
	Lines              []float64 // horizontal reference lines, as a target
	XNames             []string  // where not nil, x counts these from 0
}

// Series is a set of points. Points whose X or Y is not finite are left out.
type Series struct {
	Name         string
	X, Y         []float64
	Lower, Upper []float64 // of Y; nil: no intervals
	Join         bool      // joined by a line, in the order given
	Tips         []string  // what each point is; nil: none
}

func (c *Chart) markup() (string, error) {
	var s string
	var err error
	if c.Plot != nil {
		s, err = c.Plot.svg(c.Title)
	} else {
		s, err = cleanSVG(c.SVG, c.Title)
	}
	if err != nil {
		return "", fmt.Errorf("chart %q: %w", c.Title, err)
	}
	return s, nil
}

// allowedSVG are the elements and attributes that a chart may have; neither
// runs code nor loads anything.
var (
	allowedSVG = set("svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath linearGradient radialGradient stop pattern marker")

	allowedSVGAttributes = set(`class viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height transform
		fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
		opacity font-size font-family font-weight font-style text-anchor dominant-baseline alignment-baseline baseline-shift letter-spacing rotate textLength lengthAdjust
		clip-path clip-rule clipPathUnits id offset stop-color stop-opacity gradientUnits gradientTransform patternUnits patternContentUnits patternTransform
		markerWidth markerHeight refX refY orient marker-start marker-mid marker-end role aria-label aria-hidden color visibility display`)
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// cleanSVG copies what is allowed of an SVG, under a title for those who do not
// see it.
func cleanSVG(in, title string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(in))
	d.Entity = map[string]string{} // the five of XML only
	var out bytes.Buffer
	depth, skip := 0, 0
	seen := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrChart, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			if depth == 0 {
				if name != "svg" || seen {
					return "", fmt.Errorf("%w: its root is <%s>", ErrChart, name)
				}
				seen = true
			}
			depth++
			if skip > 0 || !allowedSVG[name] {
				skip++
				continue
			}
			out.WriteString("<" + name)
			attrs := cleanAttributes(tok.Attr, depth == 1)
			if depth == 1 {
				attrs = append(attrs, xml.Attr{Name: xml.Name{Local: "aria-label"}, Value: title})
			}
			for _, a := range attrs {
				out.WriteString(" " + a.Name.Local + `="`)
				_ = xml.EscapeText(&out, []byte(a.Value))
				out.WriteString(`"`)
			}
			out.WriteString(">")
		case xml.EndElement:
			depth--
			if skip > 0 {
				skip--
				continue
			}
			out.WriteString("</" + tok.Name.Local + ">")
		case xml.CharData:
			if skip == 0 && depth > 0 {
				_ = xml.EscapeText(&out, tok)
			}
		}
	}
	if !seen {
		return "", fmt.Errorf("%w: it is empty", ErrChart)
	}
	return out.String(), nil
}

func cleanAttributes(in []xml.Attr, root bool) []xml.Attr {
	var out []xml.Attr
	size := map[string]string{}
	viewBox := false
	keep := func(name, value string) {
		// A reference may only be to a part of the same chart.
		if rest := strings.ReplaceAll(strings.ToLower(value), "url(#", ""); strings.Contains(rest, "url(") || strings.Contains(rest, "expression(") || strings.ContainsRune(rest, '\\') {
			return
		}
		if root && (name == "width" || name == "height") {
			size[name] = strings.TrimRight(value, "pxtcmin ")
			return
		}
		viewBox = viewBox || name == "viewBox"
		for i := range out {
			if out[i].Name.Local == name { // a style wins over an attribute
				out[i].Value = value
				return
			}
		}
		out = append(out, xml.Attr{Name: xml.Name{Local: name}, Value: value})
	}
	for _, a := range in {
		if a.Name.Space == "" && allowedSVGAttributes[a.Name.Local] && !(root && a.Name.Local == "aria-label") {
			keep(a.Name.Local, a.Value)
		}
	}
	for _, a := range in {
		if a.Name.Space != "" || a.Name.Local != "style" {
			continue
		}
		for decl := range strings.SplitSeq(a.Value, ";") {
			name, value, ok := strings.Cut(decl, ":")
			if name = strings.TrimSpace(name); ok && allowedSVGAttributes[name] && name != "id" && name != "d" {
				keep(name, strings.TrimSpace(value))
			}
		}
	}
	if root && !viewBox {
		w, errW := strconv.ParseFloat(size["width"], 64)
		h, errH := strconv.ParseFloat(size["height"], 64)
		if errW == nil && errH == nil && w > 0 && h > 0 {
			keep("viewBox", "0 0 "+decimal(w)+" "+decimal(h))
		}
	}
	if root {
		keep("role", "img")
	}
	return out
}

// axis is a scale with round ticks.
type axis struct {
	lo, hi, step float64
}

func newAxis(lo, hi float64, most int) axis {
	if lo == hi {
		pad := math.Max(math.Abs(lo)*0.1, 0.5)
		lo, hi = lo-pad, hi+pad
	}
	raw := (hi - lo) / float64(most)
	step := roundDown(raw)
	for step < raw {
		next := roundDown(step * 2.5)
		if next <= step {
			next = step * 2
		}
		step = next
	}
	return axis{math.Floor(lo/step+1e-9) * step, math.Ceil(hi/step-1e-9) * step, step}
}

func (a axis) at(v float64) float64 { return (v - a.lo) / (a.hi - a.lo) }

func (a axis) ticks() []float64 {
	var out []float64
	for i := 0; ; i++ {
		v := a.lo + float64(i)*a.step
		if v > a.hi+a.step/2 {
			return out
		}
		out = append(out, v)
	}
}

func (a axis) text(v float64, percent bool) string {
	step := a.step
	unit := ""
	if percent {
		v, step, unit = v*100, step*100, "%"
	}
	decimals := 0
	for s := step; decimals < 6 && math.Abs(s-math.Round(s)) > 1e-6; s *= 10 {
		decimals++
	}
	return groupDigits(v, decimals) + unit
}

const (
	plotWidth, plotHeight = 640.0, 360.0
	plotLeft, plotRight   = 64.0, 16.0
	plotTop, plotBottom   = 14.0, 48.0
)

func (p *Plot) svg(title string) (string, error) {
	xs, ys := span{}, span{}
	for _, s := range p.Series {
		if len(s.X) != len(s.Y) || s.Lower != nil && len(s.Lower) != len(s.Y) || s.Upper != nil && len(s.Upper) != len(s.Y) || s.Tips != nil && len(s.Tips) != len(s.Y) {
			return "", fmt.Errorf("%w: series %q has columns of different length", ErrChart, s.Name)
		}
		for i := range s.X {
			if orNull(s.X[i]) == nil || orNull(s.Y[i]) == nil {
				continue
			}
			xs.add(s.X[i])
			ys.add(s.Y[i])
			if s.Lower != nil {
				ys.add(s.Lower[i])
			}
			if s.Upper != nil {
				ys.add(s.Upper[i])
			}
		}
	}
	if xs.empty() {
		return "", fmt.Errorf("%w: no point is known", ErrChart)
	}
	for _, v := range p.Lines {
		ys.add(v)
	}
	x, y := newAxis(xs.lo, xs.hi, 8), newAxis(ys.lo, ys.hi, 6)
	if p.XNames != nil {
		x = axis{-0.5, float64(len(p.XNames)) - 0.5, 1}
	}
	w, h := plotWidth-plotLeft-plotRight, plotHeight-plotTop-plotBottom
	px := func(v float64) float64 { return plotLeft + x.at(v)*w }
	py := func(v float64) float64 { return plotTop + (1-y.at(v))*h }
	var b bytes.Buffer
	m := newMarkup(&b)
	legend := 0.0
	if len(p.Series) > 1 {
		legend = 20
	}
	m.start("svg", "viewBox", fmt.Sprintf("0 %s %s %s", short(-legend), short(plotWidth), short(plotHeight+legend)), "role", "img", "aria-label", title, "class", "plot")
	for _, v := range y.ticks() {
		m.empty("line", "class", "grid", "x1", short(plotLeft), "x2", short(plotWidth-plotRight), "y1", short(py(v)), "y2", short(py(v)))
		m.text("text", y.text(v, p.YPercent), "x", short(plotLeft-8), "y", short(py(v)+4), "text-anchor", "end")
	}
	if p.XNames != nil {
		every := max(1, int(math.Ceil(float64(len(p.XNames))/24)))
		for i := 0; i < len(p.XNames); i += every {
			m.text("text", clipText(oneLine(p.XNames[i]), 30, 9, false), "x", short(px(float64(i))), "y", short(plotHeight-plotBottom+18), "text-anchor", "middle", "class", "small")
		}
	} else {
		for _, v := range x.ticks() {
			m.empty("line", "class", "tick", "x1", short(px(v)), "x2", short(px(v)), "y1", short(plotHeight-plotBottom), "y2", short(plotHeight-plotBottom+5))
			m.text("text", x.text(v, p.XPercent), "x", short(px(v)), "y", short(plotHeight-plotBottom+19), "text-anchor", "middle")
		}
	}
	m.empty("line", "class", "axis", "x1", short(plotLeft), "x2", short(plotWidth-plotRight), "y1", short(plotHeight-plotBottom), "y2", short(plotHeight-plotBottom))
	m.text("text", p.XTitle, "x", short(plotLeft+w/2), "y", short(plotHeight-8), "text-anchor", "middle", "class", "name")
	m.text("text", p.YTitle, "transform", fmt.Sprintf("translate(14 %s) rotate(-90)", short(plotTop+h/2)), "text-anchor", "middle", "class", "name")
	for _, v := range p.Lines {
		m.empty("line", "class", "target", "x1", short(plotLeft), "x2", short(plotWidth-plotRight), "y1", short(py(v)), "y2", short(py(v)))
	}
	at := plotLeft
	for i, s := range p.Series {
		class := "s" + strconv.Itoa(i%6)
		m.start("g", "class", class)
		if s.Join {
			var d strings.Builder
			pen := "M"
			for k := range s.X {
				if orNull(s.X[k]) == nil || orNull(s.Y[k]) == nil {
					pen = "M" // a gap
					continue
				}
				d.WriteString(pen + short(px(s.X[k])) + " " + short(py(s.Y[k])))
				pen = "L"
			}
			m.empty("path", "class", "join", "d", d.String())
		}
		for k := range s.X {
			if orNull(s.X[k]) == nil || orNull(s.Y[k]) == nil {
				continue
			}
			cx, cy := short(px(s.X[k])), short(py(s.Y[k]))
			if s.Lower != nil && s.Upper != nil && orNull(s.Lower[k]) != nil && orNull(s.Upper[k]) != nil {
				m.empty("line", "class", "range", "x1", cx, "x2", cx, "y1", short(py(s.Lower[k])), "y2", short(py(s.Upper[k])))
			}
			if s.Tips == nil || s.Tips[k] == "" {
				m.empty("circle", "cx", cx, "cy", cy, "r", "3.5")
				continue
			}
			m.start("circle", "cx", cx, "cy", cy, "r", "3.5")
			m.text("title", s.Tips[k])
			m.end()
		}
		m.end()
		if legend > 0 {
			m.start("g", "class", class)
			m.empty("circle", "cx", short(at+5), "cy", "-6", "r", "4")
			m.end()
			m.text("text", s.Name, "x", short(at+14), "y", "-2")
			at += 30 + textWidth(s.Name, 12, false)/millimetre
		}
	}
	m.end()
	if err := m.close(); err != nil {
		return "", err
	}
	return b.String(), nil
}

// span is the range of some numbers.
type span struct {
	lo, hi float64
	some   bool
}

func (s *span) add(v float64) {
	if orNull(v) == nil {
		return
	}
	if !s.some {
		s.lo, s.hi, s.some = v, v, true
	}
	s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
}

func (s *span) empty() bool { return !s.some }
