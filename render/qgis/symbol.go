package qgis

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"stpmap/render/internal/markup"
	"stpmap/render/layer"
)

// uuid is a name-based identifier in the form QGIS wants, the same every time.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte("stpmap\x00" + strings.Join(parts, "\x00")))
	h := hex.EncodeToString(sum[:16])
	return "{" + h[:8] + "-" + h[8:12] + "-5" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32] + "}"
}

// qgisColour writes #rrggbb and an opacity in [0, 1] as QGIS does.
func qgisColour(c string, opacity float64) string {
	r, g, b := layer.RGB(c)
	return fmt.Sprintf("%d,%d,%d,%d", r, g, b, int(float64(opacity*255)+0.5))
}

func options(m *markup.Writer, kv ...string) {
	m.Start("Option", "type", "Map")
	for i := 0; i+1 < len(kv); i += 2 {
		m.Empty("Option", "name", kv[i], "type", "QString", "value", kv[i+1])
	}
	m.End()
}

func symbolLayer(m *markup.Writer, class string, kv ...string) {
	m.Start("layer", "class", class, "enabled", "1", "locked", "0", "pass", "0")
	options(m, kv...)
}

// overridden closes a symbol layer with properties taken from expressions:
// name, expression, name, expression …
func overridden(m *markup.Writer, ne ...string) {
	m.Start("data_defined_properties")
	m.Start("Option", "type", "Map")
	m.Empty("Option", "name", "name", "type", "QString", "value", "")
	if len(ne) == 0 {
		m.Empty("Option", "name", "properties")
	} else {
		m.Start("Option", "name", "properties", "type", "Map")
		for i := 0; i+1 < len(ne); i += 2 {
			m.Start("Option", "name", ne[i], "type", "Map")
			m.Empty("Option", "name", "active", "type", "bool", "value", "true")
			m.Empty("Option", "name", "expression", "type", "QString", "value", ne[i+1])
			m.Empty("Option", "name", "type", "type", "int", "value", "3")
			m.End()
		}
		m.End()
	}
	m.Empty("Option", "name", "type", "type", "QString", "value", "collection")
	m.End()
	m.End()
}

// sizeExpression is the exact size of a feature's symbol.
func sizeExpression(l *layer.Layer) string {
	at := l.SizeField()
	k := layer.KindOf(l.Geometry)
	top := l.Largest(at)
	if at < 0 || !(top > 0) || k == layer.AreaKind {
		return ""
	}
	lo, hi := l.Style.SizeRange(k)
	q := quoteName(l.Fields[at].Name)
	share := fmt.Sprintf("min(1, max(0, %s) / %s)", q, markup.Decimal(top))
	if k == layer.PointKind {
		share = "sqrt(" + share + ")"
	}
	return fmt.Sprintf("coalesce(max(%s, %s * %s), %s)", markup.Decimal(lo), markup.Decimal(hi), share, markup.Decimal(lo))
}

// writeSymbol writes the symbol of an entry of a layer's legend; size is the
// layer's sizeExpression.
func writeSymbol(m *markup.Writer, l *layer.Layer, name, size string, e layer.Entry) {
	k := layer.KindOf(l.Geometry)
	typ := map[layer.Kind]string{layer.PointKind: "marker", layer.LineKind: "line", layer.AreaKind: "fill"}[k]
	m.Start("symbol", "name", name, "type", typ, "alpha", markup.Decimal(l.Style.Alpha()), "clip_to_extent", "1", "force_rhr", "0")
	expr := ""
	if !e.Class.Hatched || l.Style.Kind != layer.StyleSizedPoints {
		expr = size
	}
	switch k {
	case layer.AreaKind:
		fillSymbol(m, &l.Style, &e.Class, name)
	case layer.LineKind:
		lineSymbol(m, &e, expr)
	case layer.PointKind:
		markerSymbol(m, &l.Style, &e, expr)
	}
	m.End()
}

// outlineWidth is the width of an outline in millimetres.
func outlineWidth(s *layer.Style) string {
	if s.Width > 0 {
		return markup.Decimal(s.Width)
	}
	return "0.2"
}

// fillSymbol fills an area, and hatches what is not known.
func fillSymbol(m *markup.Writer, s *layer.Style, c *layer.Class, name string) {
	if c.Overlay {
		overlaySymbol(m, c, name)
		return
	}
	outline, style := s.Outline, "solid"
	if outline == "" {
		outline, style = c.Colour, "no"
	}
	symbolLayer(m, "SimpleFill", "color", qgisColour(c.Colour, 1), "style", "solid", "joinstyle", "round",
		"outline_color", qgisColour(outline, 1), "outline_style", style, "outline_width", outlineWidth(s), "outline_width_unit", "MM",
		"offset", "0,0", "offset_unit", "MM")
	m.End()
	if !c.Hatched {
		return
	}
	linePattern(m, name, "120,120,120,255", 1.6)
}

// linePattern fills an area with diagonal lines, so many millimetres apart.
func linePattern(m *markup.Writer, name, colour string, gap float64) {
	symbolLayer(m, "LinePatternFill", "angle", "45", "color", colour, "distance", markup.Decimal(gap), "distance_unit", "MM",
		"line_width", "0.25", "line_width_unit", "MM", "offset", "0", "offset_unit", "MM")
	m.Start("symbol", "name", "@"+name+"@1", "type", "line", "alpha", "1", "clip_to_extent", "1", "force_rhr", "0")
	symbolLayer(m, "SimpleLine", "line_color", colour, "line_style", "solid", "line_width", "0.25", "line_width_unit", "MM", "capstyle", "flat", "joinstyle", "bevel")
	m.End()
	m.End()
	m.End()
}

// overlaySymbol draws the lines of an area over what lies under it.
func overlaySymbol(m *markup.Writer, c *layer.Class, name string) {
	symbolLayer(m, "SimpleFill", "color", "255,255,255,0", "style", "no", "outline_style", "no")
	m.End()
	if c.Lines > 0 {
		linePattern(m, name, qgisColour(c.Colour, 1), c.Lines)
	}
}

// lineSymbol draws a line; expr is its width where it goes by a number.
func lineSymbol(m *markup.Writer, e *layer.Entry, expr string) {
	line := "solid"
	if e.Class.Hatched {
		line = "dot"
	}
	symbolLayer(m, "SimpleLine", "line_color", qgisColour(layer.LineColour(&e.Class), 1), "line_style", line, "line_width", markup.Decimal(e.Size), "line_width_unit", "MM",
		"capstyle", "round", "joinstyle", "round", "offset", "0", "offset_unit", "MM")
	if expr != "" {
		overridden(m, "outlineWidth", expr)
	}
	m.End()
}

// icons are QGIS's names of the shapes of points.
var icons = map[layer.Icon]string{
	layer.IconCircle: "circle", layer.IconSquare: "square", layer.IconDiamond: "diamond",
	layer.IconTriangle: "triangle", layer.IconCross: "cross_fill", layer.IconStar: "star",
}

// markerSymbol draws a point; expr is its size where it goes by a number.
func markerSymbol(m *markup.Writer, s *layer.Style, e *layer.Entry, expr string) {
	icon := cmp.Or(icons[e.Class.Icon], "circle")
	fill, edge := qgisColour(e.Class.Colour, 1), cmp.Or(s.Outline, "#ffffff")
	if e.Class.Hatched {
		fill, edge = qgisColour("#ffffff", 0.4), "#787878"
	}
	symbolLayer(m, "SimpleMarker", "name", icon, "color", fill, "size", markup.Decimal(e.Size), "size_unit", "MM", "scale_method", "diameter",
		"outline_color", qgisColour(edge, 1), "outline_style", "solid", "outline_width", outlineWidth(s), "outline_width_unit", "MM",
		"angle", "0", "joinstyle", "bevel", "offset", "0,0", "offset_unit", "MM", "horizontal_anchor_point", "1", "vertical_anchor_point", "1")
	if expr != "" {
		overridden(m, "size", expr)
	}
	m.End()
}
