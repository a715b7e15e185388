package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// uuid is a name-based identifier in the form QGIS wants, the same every time.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte("stpmap\x00" + strings.Join(parts, "\x00")))
	h := hex.EncodeToString(sum[:16])
	return "{" + h[:8] + "-" + h[8:12] + "-5" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32] + "}"
}

// qgisColour writes #rrggbb and an opacity in [0, 1] as QGIS does.
func qgisColour(c string, opacity float64) string {
	r, g, b := rgb(c)
	return fmt.Sprintf("%d,%d,%d,%d", r, g, b, int(opacity*255+0.5))
}

func options(m *markup, kv ...string) {
	m.start("Option", "type", "Map")
	for i := 0; i+1 < len(kv); i += 2 {
		m.empty("Option", "name", kv[i], "type", "QString", "value", kv[i+1])
	}
	m.end()
}

func symbolLayer(m *markup, class string, kv ...string) {
	m.start("layer", "class", class, "enabled", "1", "locked", "0", "pass", "0")
	options(m, kv...)
}

// overridden closes a symbol layer with properties taken from expressions:
// name, expression, name, expression …
func overridden(m *markup, ne ...string) {
	m.start("data_defined_properties")
	m.start("Option", "type", "Map")
	m.empty("Option", "name", "name", "type", "QString", "value", "")
	if len(ne) == 0 {
		m.empty("Option", "name", "properties")
	} else {
		m.start("Option", "name", "properties", "type", "Map")
		for i := 0; i+1 < len(ne); i += 2 {
			m.start("Option", "name", ne[i], "type", "Map")
			m.empty("Option", "name", "active", "type", "bool", "value", "true")
			m.empty("Option", "name", "expression", "type", "QString", "value", ne[i+1])
			m.empty("Option", "name", "type", "type", "int", "value", "3")
			m.end()
		}
		m.end()
	}
	m.empty("Option", "name", "type", "type", "QString", "value", "collection")
	m.end()
	m.end()
}

// sizeExpression is the exact size of a feature's symbol.
func sizeExpression(l *Layer) string {
	at := l.sizeField()
	k := geometryKind(l.Geometry)
	top := l.top(at)
	if at < 0 || !(top > 0) || k == areaKind {
		return ""
	}
	lo, hi := l.Style.sizeRange(k)
	q := quoteName(l.Fields[at].Name)
	share := fmt.Sprintf("min(1, max(0, %s) / %s)", q, decimal(top))
	if k == pointKind {
		share = "sqrt(" + share + ")"
	}
	return fmt.Sprintf("coalesce(max(%s, %s * %s), %s)", decimal(lo), decimal(hi), share, decimal(lo))
}

func writeSymbol(m *markup, l *Layer, name string, e legendEntry) {
	s, c := &l.Style, &e.class
	alpha := s.Opacity
	if !(alpha > 0 && alpha <= 1) {
		alpha = 1
	}
	k := geometryKind(l.Geometry)
	typ := map[kind]string{pointKind: "marker", lineKind: "line", areaKind: "fill"}[k]
	m.start("symbol", "name", name, "type", typ, "alpha", decimal(alpha), "clip_to_extent", "1", "force_rhr", "0")
	outline, style, width := s.Outline, "solid", s.Width
	if outline == "" {
		outline, style = c.Colour, "no"
	}
	if width <= 0 {
		width = 0.2
	}
	expr := ""
	if !c.Hatched || s.Kind != StyleSizedPoints {
		expr = sizeExpression(l)
	}
	switch k {
	case areaKind:
		symbolLayer(m, "SimpleFill", "color", qgisColour(c.Colour, 1), "style", "solid", "joinstyle", "round",
			"outline_color", qgisColour(outline, 1), "outline_style", style, "outline_width", decimal(width), "outline_width_unit", "MM",
			"offset", "0,0", "offset_unit", "MM")
		m.end()
		if c.Hatched {
			symbolLayer(m, "LinePatternFill", "angle", "45", "color", "120,120,120,255", "distance", "1.6", "distance_unit", "MM",
				"line_width", "0.25", "line_width_unit", "MM", "offset", "0", "offset_unit", "MM")
			m.start("symbol", "name", "@"+name+"@1", "type", "line", "alpha", "1", "clip_to_extent", "1", "force_rhr", "0")
			symbolLayer(m, "SimpleLine", "line_color", "120,120,120,255", "line_style", "solid", "line_width", "0.25", "line_width_unit", "MM", "capstyle", "flat", "joinstyle", "bevel")
			m.end()
			m.end()
			m.end()
		}
	case lineKind:
		line := "solid"
		if c.Hatched {
			line = "dot"
		}
		symbolLayer(m, "SimpleLine", "line_color", qgisColour(lineColour(c), 1), "line_style", line, "line_width", decimal(e.size), "line_width_unit", "MM",
			"capstyle", "round", "joinstyle", "round", "offset", "0", "offset_unit", "MM")
		if expr != "" {
			overridden(m, "outlineWidth", expr)
		}
		m.end()
	case pointKind:
		icon := map[Icon]string{IconCircle: "circle", IconSquare: "square", IconDiamond: "diamond", IconTriangle: "triangle", IconCross: "cross_fill", IconStar: "star"}[c.Icon]
		if icon == "" {
			icon = "circle"
		}
		fill := qgisColour(c.Colour, 1)
		if c.Hatched {
			fill = qgisColour("#ffffff", 0.4)
		}
		edge := s.Outline
		if edge == "" {
			edge = "#ffffff"
		}
		if c.Hatched {
			edge = "#787878"
		}
		symbolLayer(m, "SimpleMarker", "name", icon, "color", fill, "size", decimal(e.size), "size_unit", "MM", "scale_method", "diameter",
			"outline_color", qgisColour(edge, 1), "outline_style", "solid", "outline_width", decimal(width), "outline_width_unit", "MM",
			"angle", "0", "joinstyle", "bevel", "offset", "0,0", "offset_unit", "MM", "horizontal_anchor_point", "1", "vertical_anchor_point", "1")
		if expr != "" {
			overridden(m, "size", expr)
		}
		m.end()
	}
	m.end()
}

func lineColour(c *Class) string {
	if c.Hatched {
		return "#787878"
	}
	return c.Colour
}
