package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// maxLegend is the most classes a legend lists at its full size on paper.
const maxLegend = 12

// legendType is the type of a legend: sizes in points and millimetres on A4,
// and how many characters make a line.
type legendType struct {
	title, text             float64
	above, space            float64
	symbolWidth, symbolHigh float64
	wrapTitle, wrap         int
}

var (
	roomyLegend   = legendType{9, 8, 4, 1.2, 6, 3.6, 34, 38}
	compactLegend = legendType{8, 5.8, 3, 0.4, 4, 2.1, 38, 54}
)

// height is how much a legend of layers takes up on A4.
func (t *legendType) height(layers []*Layer) float64 {
	h := 0.0
	for _, l := range layers {
		title, listed := l.legendTitle(true)
		h += t.above + 0.42*t.title*float64(lineCount(title, t.wrapTitle))
		if listed {
			for _, e := range l.keyEntries() {
				h += t.space + math.Max(t.symbolHigh, 0.38*t.text*float64(lineCount(e.class.Label, t.wrap)))
			}
		}
	}
	return h
}

func lineCount(text string, n int) int { return 1 + strings.Count(wrapText(text, n, "\n"), "\n") }

// fitLegend chooses a type in which a legend fits its place; false where none
// does, and long lists are left out.
func fitLegend(layers []*Layer, height float64) (t legendType, long bool) {
	for _, t := range [...]legendType{roomyLegend, compactLegend} {
		if t.height(layers) <= height {
			return t, true
		}
	}
	return roomyLegend, false
}

// seaColour lies behind the map, so that the neutral of a diverging ramp still
// looks like land.
const seaColour = "#e9eef2"

// Item types of QGIS print layouts (QgsLayoutItemRegistry::ItemType).
const (
	layoutPage     = "65638"
	layoutMap      = "65639"
	layoutLabel    = "65641"
	layoutLegend   = "65642"
	layoutScaleBar = "65646"
)

func (p *Project) layout(m *markup, s sheet, extent orb.Bound) {
	m.start("Layout", "name", "Map", "units", "mm", "printResolution", "300", "worldFileMap", "")
	m.empty("Snapper", "tolerance", "5", "snapToGrid", "0", "snapToGuides", "1", "snapToItems", "1")
	m.empty("Grid", "resolution", "10", "resUnits", "mm", "offsetX", "0", "offsetY", "0", "offsetUnits", "mm")
	m.start("PageCollection")
	m.start("symbol", "name", "", "type", "fill", "alpha", "1", "clip_to_extent", "1", "force_rhr", "0")
	symbolLayer(m, "SimpleFill", "color", "255,255,255,255", "style", "solid", "outline_style", "no")
	m.end()
	m.end()
	p.item(m, layoutPage, "page", box{0, 0, s.w, s.h}, 0, false, "background", "true")
	m.end()
	m.empty("GuideCollection", "visible", "1")
	m.end()

	p.label(m, "title", s.title, p.Title, 20*s.unit, true, inkColour, 32)
	if p.Subtitle != "" {
		p.label(m, "subtitle", s.subtitle, p.Subtitle, 11*s.unit, false, paleColour, 32)
	}
	p.label(m, "sources", s.foot, strings.Join(s.footLines, "\n"), footPoints*s.unit, false, paleColour, 32)

	p.item(m, layoutMap, "map", s.frame, 1, true, "background", "true", "mapRotation", "0", "followPreset", "false", "keepLayerSet", "false",
		"drawCanvasItems", "true", "labelMargin", "1,mm", "mapFlags", "0", "isTemporal", "0")
	m.empty("Extent", "xmin", decimal(extent.Min[0]), "ymin", decimal(extent.Min[1]), "xmax", decimal(extent.Max[0]), "ymax", decimal(extent.Max[1]))
	m.empty("LayerSet")
	m.end()
	p.legend(m, s)
	p.scaleBar(m, s, extent)

	m.empty("customproperties")
	m.empty("Atlas", "enabled", "0", "coverageLayer", "", "hideCoverage", "0", "pageNameExpression", "", "sortFeatures", "0", "filterFeatures", "0",
		"filenamePattern", "'map_'||@atlas_featurenumber")
	m.end()
}

func (p *Project) item(m *markup, typ, id string, b box, z int, frame bool, more ...string) {
	key := uuid("layout", id)
	place := fmt.Sprintf("%s,%s,mm", decimal(round3(b.x)), decimal(round3(b.y)))
	attrs := []string{
		"type", typ, "id", id, "uuid", key, "templateUuid", key, "groupUuid", "", "position", place, "positionOnPage", place,
		"size", fmt.Sprintf("%s,%s,mm", decimal(round3(b.w)), decimal(round3(b.h))), "zValue", strconv.Itoa(z), "referencePoint", "0", "itemRotation", "0",
		"frame", strconv.FormatBool(frame), "outlineWidthM", "0.2,mm", "frameJoinStyle", "miter", "visibility", "1", "excludeFromExports", "0",
		"opacity", "1", "blendMode", "0", "positionLock", "false",
	}
	m.start("LayoutItem", append(attrs, more...)...)
	m.empty("FrameColor", "red", "154", "green", "160", "blue", "166", "alpha", "255")
	r, g, bl := uint8(255), uint8(255), uint8(255)
	if typ == layoutMap {
		r, g, bl = rgb(seaColour)
	}
	m.empty("BackgroundColor", "red", strconv.Itoa(int(r)), "green", strconv.Itoa(int(g)), "blue", strconv.Itoa(int(bl)), "alpha", "255")
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// label places a text; valign is Qt's flag for its vertical place.
func (p *Project) label(m *markup, id string, b box, text string, points float64, bold bool, colour string, valign int) {
	p.item(m, layoutLabel, id, b, 2, false, "background", "false", "labelText", text, "htmlState", "0", "halign", "1", "valign", strconv.Itoa(valign), "marginX", "0", "marginY", "0")
	font(m, "LabelFont", points, bold)
	r, g, bl := rgb(colour)
	m.empty("FontColor", "red", strconv.Itoa(int(r)), "green", strconv.Itoa(int(g)), "blue", strconv.Itoa(int(bl)), "alpha", "255")
	m.end()
}

// font writes Qt's description of the generic sans serif.
func font(m *markup, name string, points float64, bold bool) {
	weight := "50"
	if bold {
		weight = "75"
	}
	m.empty(name, "description", "Sans Serif,"+decimal(math.Round(points*10)/10)+",-1,5,"+weight+",0,0,0,0,0", "style", "")
}

func (p *Project) legend(m *markup, s sheet) {
	u := s.unit
	var shown []*Layer
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		if !g.Hidden && !l.Layer.Style.Hidden && geometryKind(l.Layer.Geometry) != noKind {
			shown = append(shown, &l.Layer)
		}
	})
	t, long := fitLegend(shown, (s.key.h-14*u)/u)
	p.item(m, layoutLegend, "legend", box{s.key.x, s.key.y, s.key.w, s.key.h - 14*s.unit}, 3, false, "background", "false", "title", "", "titleAlignment", "1",
		"map_uuid", uuid("layout", "map"), "resizeToContents", "1", "columnCount", "1", "splitLayer", "0", "equalColumnWidth", "0", "boxSpace", "0",
		"columnSpace", "2", "symbolWidth", decimal(t.symbolWidth*u), "symbolHeight", decimal(t.symbolHigh*u), "symbolAlignment", "1", "lineSpacing", "1", "wrapChar", "\u2028",
		"fontColor", "#202124", "minSymbolSize", "0", "maxSymbolSize", "0", "legendFilterByAtlas", "0", "rasterBorder", "0", "rasterBorderWidth", "0", "rasterBorderColor", "0,0,0,255")
	m.start("styles")
	style := func(name string, points float64, bold bool, space ...string) {
		m.start("style", append([]string{"name", name, "alignment", "1", "indent", "0"}, space...)...)
		font(m, "styleFont", points*u, bold)
		m.end()
	}
	style("title", 11, true, "marginBottom", decimal(2*u))
	style("group", 10, true, "marginTop", decimal(t.above*u))
	style("subgroup", t.title, true, "marginTop", decimal(t.above*u))
	style("symbol", t.text, false, "marginTop", decimal(t.space*u))
	style("symbolLabel", t.text, false, "marginTop", decimal(t.space*u), "marginLeft", decimal(2*u))
	m.end()
	m.start("layer-tree-group")
	m.empty("customproperties")
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		if g.Hidden || l.Layer.Style.Hidden || geometryKind(l.Layer.Geometry) == noKind {
			return
		}
		m.start("layer-tree-layer", "id", l.id(), "name", l.title(), "source", l.datasource(), "providerKey", "ogr",
			"checked", "Qt::Checked", "expanded", "1", "legend_exp", "", "legend_split_behavior", "0", "patch_size", "-1,-1")
		title, shown := l.Layer.legendTitle(long)
		m.start("customproperties")
		m.start("Option", "type", "Map")
		m.empty("Option", "name", "cached_name", "type", "QString", "value", l.title())
		m.empty("Option", "name", "legend/title-label", "type", "QString", "value", wrapText(title, t.wrapTitle, "\u2028"))
		m.empty("Option", "name", "legend/title-style", "type", "QString", "value", "subgroup")
		if !shown {
			m.empty("Option", "name", "legend/node-order", "type", "QString", "value", "empty")
		} else {
			for i, e := range l.Layer.entries() {
				m.empty("Option", "name", "legend/label-"+strconv.Itoa(i), "type", "QString", "value", wrapText(e.class.Label, t.wrap, "\u2028"))
			}
		}
		m.end()
		m.end()
		m.end()
	})
	m.end()
	m.end()
}

// legendTitle is what stands above a layer's classes, and whether they are
// listed: with long, a list of many categories is too.
func (l *Layer) legendTitle(long bool) (title string, listed bool) {
	title = l.Style.LegendTitle
	if title == "" {
		title = l.Title
	}
	if title == "" {
		title = l.Name
	}
	if !long && l.Style.Kind == StyleCategories && len(l.entries()) > maxLegend {
		title += ": "
		if l.labelled() {
			title += "named on the map; "
		}
		return title + "colours only tell neighbours apart", false
	}
	return title, true
}

// wrapText breaks a text at spaces into lines of at most n characters.
func wrapText(text string, n int, mark string) string {
	out, line := "", 0
	start := 0
	word := func(w string) {
		k := len([]rune(w))
		switch {
		case line == 0:
		case line+1+k > n:
			out += mark
			line = 0
		default:
			out += " "
			line++
		}
		out += w
		line += k
	}
	for i, r := range text {
		if r == ' ' || r == '\n' {
			if i > start {
				word(text[start:i])
			}
			start = i + 1
		}
	}
	if start < len(text) {
		word(text[start:])
	}
	return out
}

func (p *Project) scaleBar(m *markup, s sheet, extent orb.Bound) {
	width := extent.Max[0] - extent.Min[0]
	km := width / 1000
	if p.CRS == 4326 {
		km = width * 111.32 * math.Cos((extent.Min[1]+extent.Max[1])/2*math.Pi/180)
	}
	bar := scaleBar(km)
	u := s.unit
	p.item(m, layoutScaleBar, "scale bar", box{s.key.x, s.key.y + s.key.h - 13*u, s.key.w, 12 * u}, 4, false,
		"background", "false", "style", "Single Box", "unitType", "km", "unitLabel", "km", "numMapUnitsPerScaleBarUnit", "1", "numSegments", "2", "numSegmentsLeft", "0",
		"numUnitsPerSegment", decimal(bar/2), "segmentSizeMode", "0", "segmentMillimeters", decimal(round3(bar/2/km*s.frame.w)), "minBarWidth", "20", "maxBarWidth", "80",
		"height", decimal(2*u), "boxContentSpace", "1", "labelBarSpace", "1.5", "labelVerticalPlacement", "0", "labelHorizontalPlacement", "0",
		"outlineWidth", "0.2", "lineJoinStyle", "miter", "lineCapStyle", "square", "alignment", "0", "mapUuid", uuid("layout", "map"), "numSubdivisions", "1", "subdivisionsHeight", "1.5")
	m.start("text-style", "fontSize", decimal(8*u), "fontSizeUnit", "Point", "fontWeight", "50", "textColor", "32,33,36,255", "textOpacity", "1", "multilineHeight", "1", "blendMode", "0")
	m.end()
	m.empty("fillColor", "red", "32", "green", "33", "blue", "36", "alpha", "255")
	m.empty("fillColor2", "red", "255", "green", "255", "blue", "255", "alpha", "255")
	m.empty("strokeColor", "red", "32", "green", "33", "blue", "36", "alpha", "255")
	m.end()
}
