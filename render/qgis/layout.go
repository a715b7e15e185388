package qgis

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/flow/plaintext"
	"stpmap/flow/portable"
	"stpmap/render/internal/markup"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// Item types of QGIS print layouts (QgsLayoutItemRegistry::ItemType).
const (
	layoutPage     = "65638"
	layoutMap      = "65639"
	layoutLabel    = "65641"
	layoutLegend   = "65642"
	layoutScaleBar = "65646"
)

// openLayout begins a layout of one page.
func (p *Project) openLayout(m *markup.Writer, name string, s page.Sheet) {
	m.Start("Layout", "name", name, "units", "mm", "printResolution", "300", "worldFileMap", "")
	m.Empty("Snapper", "tolerance", "5", "snapToGrid", "0", "snapToGuides", "1", "snapToItems", "1")
	m.Empty("Grid", "resolution", "10", "resUnits", "mm", "offsetX", "0", "offsetY", "0", "offsetUnits", "mm")
	m.Start("PageCollection")
	m.Start("symbol", "name", "", "type", "fill", "alpha", "1", "clip_to_extent", "1", "force_rhr", "0")
	symbolLayer(m, "SimpleFill", "color", "255,255,255,255", "style", "solid", "outline_style", "no")
	m.End()
	m.End()
	p.item(m, layoutPage, "page", page.Box{X: 0, Y: 0, W: s.W, H: s.H}, 0, false, "background", "true")
	m.End()
	m.Empty("GuideCollection", "visible", "1")
	m.End()
}

// layout is the print layout of the whole map, with the names that its codes stand
// for.
func (p *Project) layout(m *markup.Writer, s page.Sheet) error {
	s, names, err := p.withNames(s)
	if err != nil {
		return err
	}
	extent := p.extent(s.Frame.W, s.Frame.H)
	p.openLayout(m, "Map", s)
	p.label(m, "title", s.Title, p.Title, 20*s.Unit, true, page.InkColour, 32)
	if p.Subtitle != "" {
		p.label(m, "subtitle", s.Subtitle, p.Subtitle, 11*s.Unit, false, page.PaleColour, 32)
	}
	p.label(m, "sources", s.Foot, strings.Join(s.FootLines, "\n"), page.FootPoints*s.Unit, false, page.PaleColour, 32)

	p.mapItem(m, "map", s, extent, false)
	p.legend(m, "legend", "map", s)
	names.write(p, m, s)
	p.scaleBar(m, s, extent)

	m.Empty("customproperties")
	m.Empty("Atlas", "enabled", "0", "coverageLayer", "", "hideCoverage", "0", "pageNameExpression", "", "sortFeatures", "0", "filterFeatures", "0",
		"filenamePattern", "'map_'||@atlas_featurenumber")
	m.End()
	return nil
}

func (p *Project) item(m *markup.Writer, typ, id string, b page.Box, z int, frame bool, more ...string) {
	key := uuid("layout", id)
	place := fmt.Sprintf("%s,%s,mm", markup.Decimal(round3(b.X)), markup.Decimal(round3(b.Y)))
	attrs := []string{
		"type", typ, "id", id, "uuid", key, "templateUuid", key, "groupUuid", "", "position", place, "positionOnPage", place,
		"size", fmt.Sprintf("%s,%s,mm", markup.Decimal(round3(b.W)), markup.Decimal(round3(b.H))), "zValue", strconv.Itoa(z), "referencePoint", "0", "itemRotation", "0",
		"frame", strconv.FormatBool(frame), "outlineWidthM", "0.2,mm", "frameJoinStyle", "miter", "visibility", "1", "excludeFromExports", "0",
		"opacity", "1", "blendMode", "0", "positionLock", "false",
	}
	m.Start("LayoutItem", append(attrs, more...)...)
	m.Empty("FrameColor", "red", "154", "green", "160", "blue", "166", "alpha", "255")
	r, g, bl := uint8(255), uint8(255), uint8(255)
	if typ == layoutMap {
		r, g, bl = layer.RGB(page.SeaColour)
	}
	m.Empty("BackgroundColor", "red", strconv.Itoa(int(r)), "green", strconv.Itoa(int(g)), "blue", strconv.Itoa(int(bl)), "alpha", "255")
}

// mapItem places the map; it follows the atlas from footprint to footprint, or
// shows an extent.
func (p *Project) mapItem(m *markup.Writer, id string, s page.Sheet, extent orb.Bound, follows bool) {
	p.item(m, layoutMap, id, s.Frame, 1, true, "background", "true", "mapRotation", "0", "followPreset", "false", "keepLayerSet", "false",
		"drawCanvasItems", "true", "labelMargin", "1,mm", "mapFlags", "0", "isTemporal", "0")
	m.Empty("Extent", "xmin", markup.Decimal(extent.Min[0]), "ymin", markup.Decimal(extent.Min[1]), "xmax", markup.Decimal(extent.Max[0]), "ymax", markup.Decimal(extent.Max[1]))
	m.Empty("LayerSet")
	if follows {
		m.Empty("AtlasMap", "atlasDriven", "1", "scalingMode", "2", "margin", "0.1")
	}
	m.End()
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// label places a text; valign is Qt's flag for its vertical place.
func (p *Project) label(m *markup.Writer, id string, b page.Box, text string, points float64, bold bool, colour string, valign int) {
	p.placeText(m, id, b, plaintext.QGIS(text), points, bold, colour, valign)
}

// placeText places a text that QGIS reads expressions in.
func (p *Project) placeText(m *markup.Writer, id string, b page.Box, text string, points float64, bold bool, colour string, valign int) {
	p.item(m, layoutLabel, id, b, 2, false, "background", "false", "labelText", text, "htmlState", "0", "halign", "1", "valign", strconv.Itoa(valign), "marginX", "0", "marginY", "0")
	font(m, "LabelFont", points, bold)
	r, g, bl := layer.RGB(colour)
	m.Empty("FontColor", "red", strconv.Itoa(int(r)), "green", strconv.Itoa(int(g)), "blue", strconv.Itoa(int(bl)), "alpha", "255")
	m.End()
}

// font writes Qt's description of the generic sans serif.
func font(m *markup.Writer, name string, points float64, bold bool) {
	weight := "50"
	if bold {
		weight = "75"
	}
	m.Empty(name, "description", "Sans Serif,"+markup.Decimal(math.Round(points*10)/10)+",-1,5,"+weight+",0,0,0,0,0", "style", "")
}

// legend is the key to a map item.
func (p *Project) legend(m *markup.Writer, id, of string, s page.Sheet) {
	u := s.Unit
	t, long := page.FitLegend(p.shown(), legendHeight(s))
	p.item(m, layoutLegend, id, page.Box{X: s.Key.X, Y: s.Key.Y, W: s.Key.W, H: s.Key.H - float64(14*s.Unit)}, 3, false, "background", "false", "title", "", "titleAlignment", "1",
		"map_uuid", uuid("layout", of), "resizeToContents", "1", "columnCount", "1", "splitLayer", "0", "equalColumnWidth", "0", "boxSpace", "0",
		"columnSpace", "2", "symbolWidth", markup.Decimal(t.SymbolWidth*u), "symbolHeight", markup.Decimal(t.SymbolHigh*u), "symbolAlignment", "1", "lineSpacing", "1", "wrapChar", "\u2028",
		"fontColor", "#202124", "minSymbolSize", "0", "maxSymbolSize", "0", "legendFilterByAtlas", "0", "rasterBorder", "0", "rasterBorderWidth", "0", "rasterBorderColor", "0,0,0,255")
	m.Start("styles")
	style := func(name string, points float64, bold bool, space ...string) {
		m.Start("style", append([]string{"name", name, "alignment", "1", "indent", "0"}, space...)...)
		font(m, "styleFont", points*u, bold)
		m.End()
	}
	style("title", 11, true, "marginBottom", markup.Decimal(2*u))
	style("group", 10, true, "marginTop", markup.Decimal(t.Above*u))
	style("subgroup", t.Title, true, "marginTop", markup.Decimal(t.Above*u))
	style("symbol", t.Text, false, "marginTop", markup.Decimal(t.Space*u))
	style("symbolLabel", t.Text, false, "marginTop", markup.Decimal(t.Space*u), "marginLeft", markup.Decimal(2*u))
	m.End()
	m.Start("layer-tree-group")
	m.Empty("customproperties")
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		if g.Hidden || l.Layer.Style.Hidden || layer.KindOf(l.Layer.Geometry) == layer.NoKind {
			return
		}
		m.Start("layer-tree-layer", "id", l.ID(), "name", plaintext.QGIS(l.Title()), "source", l.Datasource(), "providerKey", "ogr",
			"checked", "Qt::Checked", "expanded", "1", "legend_exp", "", "legend_split_behavior", "0", "patch_size", "-1,-1")
		title, shown := l.Layer.LegendTitle(long)
		m.Start("customproperties")
		m.Start("Option", "type", "Map")
		m.Empty("Option", "name", "cached_name", "type", "QString", "value", plaintext.QGIS(l.Title()))
		m.Empty("Option", "name", "legend/title-label", "type", "QString", "value", plaintext.QGIS(page.WrapText(title, t.WrapTitle, "\u2028")))
		m.Empty("Option", "name", "legend/title-style", "type", "QString", "value", "subgroup")
		if !shown {
			m.Empty("Option", "name", "legend/node-order", "type", "QString", "value", "empty")
		} else {
			for i, e := range l.Layer.Entries() {
				m.Empty("Option", "name", "legend/label-"+strconv.Itoa(i), "type", "QString", "value", plaintext.QGIS(page.WrapText(e.Class.Label, t.Wrap, "\u2028")))
			}
		}
		m.End()
		m.End()
		m.End()
	})
	m.End()
	m.End()
}

func (p *Project) scaleBar(m *markup.Writer, s page.Sheet, extent orb.Bound) {
	width := extent.Max[0] - extent.Min[0]
	km := width / 1000
	if p.CRS == 4326 {
		km = width * 111.32 * portable.Cos((extent.Min[1]+extent.Max[1])/2*math.Pi/180)
	}
	bar := page.ScaleBar(km)
	u := s.Unit
	p.item(m, layoutScaleBar, "scale bar", page.Box{X: s.Key.X, Y: s.Key.Y + s.Key.H - float64(13*u), W: s.Key.W, H: float64(12 * u)}, 4, false,
		"background", "false", "style", "Single Box", "unitType", "km", "unitLabel", "km", "numMapUnitsPerScaleBarUnit", "1", "numSegments", "2", "numSegmentsLeft", "0",
		"numUnitsPerSegment", markup.Decimal(bar/2), "segmentSizeMode", "0", "segmentMillimeters", markup.Decimal(round3(bar/2/km*s.Frame.W)), "minBarWidth", "20", "maxBarWidth", "80",
		"height", markup.Decimal(2*u), "boxContentSpace", "1", "labelBarSpace", "1.5", "labelVerticalPlacement", "0", "labelHorizontalPlacement", "0",
		"outlineWidth", "0.2", "lineJoinStyle", "miter", "lineCapStyle", "square", "alignment", "0", "mapUuid", uuid("layout", "map"), "numSubdivisions", "1", "subdivisionsHeight", "1.5")
	scaleStyle(m, u)
	m.End()
}

// scaleStyle is the letters and colours of a scale bar.
func scaleStyle(m *markup.Writer, u float64) {
	m.Start("text-style", "fontSize", markup.Decimal(8*u), "fontSizeUnit", "Point", "fontWeight", "50", "textColor", "32,33,36,255", "textOpacity", "1", "multilineHeight", "1", "blendMode", "0")
	m.End()
	m.Empty("fillColor", "red", "32", "green", "33", "blue", "36", "alpha", "255")
	m.Empty("fillColor2", "red", "255", "green", "255", "blue", "255", "alpha", "255")
	m.Empty("strokeColor", "red", "32", "green", "33", "blue", "36", "alpha", "255")
}
