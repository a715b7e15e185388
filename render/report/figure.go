package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stpmap/render/internal/markup"
)

// ErrFigure is a chart that is no SVG, or has nothing to draw.
var ErrFigure = errors.New("chart cannot be drawn")

// Chart is a figure of the report: SVG made elsewhere.
type Figure struct {
	Title, Caption string // Caption says in words what is to be seen
	// Scripts, links, animation and outside resources are taken out of SVG, and
	// inline styles become attributes, as the page's security policy allows none
	// of them.
	SVG string
}

func (c *Figure) markup() (string, error) {
	s, err := cleanSVG(c.SVG, c.Title)
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
		opacity font-size font-weight font-style text-anchor dominant-baseline alignment-baseline baseline-shift letter-spacing rotate textLength lengthAdjust
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
			return "", fmt.Errorf("%w: %w", ErrFigure, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			if depth == 0 {
				if name != "svg" || seen {
					return "", fmt.Errorf("%w: its root is <%s>", ErrFigure, name)
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
		return "", fmt.Errorf("%w: it is empty", ErrFigure)
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
			keep("viewBox", "0 0 "+markup.Decimal(w)+" "+markup.Decimal(h))
		}
	}
	if root {
		keep("role", "img")
	}
	return out
}
