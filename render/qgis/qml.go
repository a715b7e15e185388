package qgis

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"stpmap/flow/plaintext"
	"stpmap/render/internal/markup"
	"stpmap/render/layer"
)

// WriteQML writes the QGIS style of a layer, to lie beside the file of the
// same stem: its symbols, labels, and the columns' readable names. Every
// feature is drawn: a value without a class of its own is hatched as "Other".
// Sized symbols are in proportion to their number, area for points and width
// for lines. The error wraps ErrLayerName or ErrLayerShape if the layer is
// faulty, or is the writer's.
func WriteQML(w io.Writer, l layer.Layer) error {
	if err := l.Check(); err != nil {
		return err
	}
	m := markup.New(w)
	m.Raw("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")
	m.Start("qgis", "version", "3.22.0", "styleCategories", "Symbology|Labeling|Fields|Rendering|MapTips",
		"labelsEnabled", flag(l.Labelled()), "hasScaleBasedVisibilityFlag", "0",
		"simplifyDrawingHints", "1", "simplifyDrawingTol", "1", "simplifyLocal", "1", "simplifyMaxScale", "1", "simplifyAlgorithm", "0")
	writeStyle(m, &l)
	m.Text("layerGeometryType", geometryNumber(l.Geometry))
	m.End()
	return m.Close()
}

// writeStyle writes what a .qml and a project's <maplayer> share.
func writeStyle(m *markup.Writer, l *layer.Layer) {
	writeRenderer(m, l)
	writeLabels(m, l)
	m.Text("blendMode", "0")
	m.Text("featureBlendMode", "0")
	m.Text("layerOpacity", "1")
	m.Start("aliases")
	for i, f := range l.Fields {
		m.Empty("alias", "index", strconv.Itoa(i), "field", f.Name, "name", plaintext.QGIS(f.Alias))
	}
	m.End()
	if f := l.NameField(); f != "" {
		m.Text("previewExpression", quoteName(f))
		m.Text("mapTip", mapTip(f))
	}
}

// mapTip is what QGIS shows of a feature under the pointer, as HTML: the name, with
// what HTML would take for markup as text.
func mapTip(field string) string {
	if strings.Contains(field, "]") { // would end the expression
		return ""
	}
	return "[% replace(replace(" + quoteName(field) + ", '&', '&amp;'), '<', '&lt;') %]"
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// geometryNumber is QGIS's number of a kind of geometry.
func geometryNumber(name string) string {
	switch layer.KindOf(name) {
	case layer.PointKind:
		return "0"
	case layer.LineKind:
		return "1"
	case layer.AreaKind:
		return "2"
	}
	return "4"
}

// categoryValue is a class value as QGIS compares it: the text of the value,
// and empty for whatever no other category holds.
func categoryValue(v any) (value, typ string) {
	switch x := layer.Known(v).(type) {
	case nil:
		return "", "NULL"
	case string:
		return x, "string"
	case bool:
		return strconv.FormatBool(x), "bool"
	case int64:
		return strconv.FormatInt(x, 10), "long"
	case int:
		return strconv.Itoa(x), "long"
	case float64:
		return markup.Decimal(x), "double"
	}
	return fmt.Sprint(v), "string"
}

func writeRenderer(m *markup.Writer, l *layer.Layer) {
	k := layer.KindOf(l.Geometry)
	if k == layer.NoKind {
		m.Empty("renderer-v2", "type", "nullSymbol")
		return
	}
	es := l.Entries()
	common := []string{"symbollevels", "0", "forceraster", "0", "referencescale", "-1", "enableorderby", "0"}
	plain := l.Style.Kind == layer.StyleGraduated && len(es) > 0 &&
		!slices.ContainsFunc(es, func(e layer.Entry) bool { return e.Takes == layer.TakesRest || e.Class.ForUnknown() })
	switch {
	case l.Style.Kind == layer.StyleCategories && l.FieldIndex(l.Style.Field) >= 0:
		m.Start("renderer-v2", append([]string{"type", "categorizedSymbol", "attr", l.Style.Field}, common...)...)
		m.Start("categories")
		rest := false
		for i, e := range es {
			value, typ := categoryValue(e.Class.Value)
			if e.Takes == layer.TakesRest {
				value, typ = "", "string"
			}
			if value == "" {
				// QGIS has one category for whatever no other holds; a second
				// would never be drawn.
				if rest {
					continue
				}
				rest = true
			}
			m.Empty("category", "value", value, "type", typ, "label", plaintext.QGIS(e.Class.Label), "symbol", strconv.Itoa(i), "render", "true")
		}
		m.End()
	case plain:
		m.Start("renderer-v2", append([]string{"type", "graduatedSymbol", "attr", l.Style.Field, "graduatedMethod", "GraduatedColor"}, common...)...)
		m.Start("ranges")
		for i, e := range es {
			m.Empty("range", "lower", markup.Decimal(e.Class.Lower), "upper", markup.Decimal(e.Class.Upper),
				"label", plaintext.QGIS(e.Class.Label), "symbol", strconv.Itoa(i), "render", "true")
		}
		m.End()
	case len(es) > 0 && es[0].Takes != layer.TakesAll:
		m.Start("renderer-v2", append([]string{"type", "RuleRenderer"}, common...)...)
		m.Start("rules", "key", uuid(l.Name, "rules"))
		for i, e := range es {
			m.Empty("rule", "filter", filter(l, &e), "label", plaintext.QGIS(e.Class.Label), "symbol", strconv.Itoa(i), "key", uuid(l.Name, "rule", strconv.Itoa(i)))
		}
		m.End()
	default:
		m.Start("renderer-v2", append([]string{"type", "singleSymbol"}, common...)...)
	}
	m.Start("symbols")
	size := sizeExpression(l)
	for i, e := range es {
		writeSymbol(m, l, strconv.Itoa(i), size, e)
	}
	m.End()
	m.Empty("rotation")
	m.Empty("sizescale")
	m.End()
}

func writeLabels(m *markup.Writer, l *layer.Layer) {
	if !l.Labelled() {
		return
	}
	size, weight, priority := "8", "50", "5"
	placement := []string{"placement", "1", "centroidInside", "1", "fitInPolygonOnly", "0", "polygonPlacementFlags", "2"}
	switch layer.KindOf(l.Geometry) {
	case layer.AreaKind:
		size, weight, priority = "8.5", "63", "8"
	case layer.PointKind:
		placement = []string{"placement", "6", "offsetType", "1", "dist", "0.6"}
	case layer.LineKind:
		placement = []string{"placement", "3"}
	}
	m.Start("labeling", "type", "simple")
	m.Start("settings", "calloutType", "simple")
	m.Start("text-style", "fieldName", l.Style.LabelField, "isExpression", "0", "fontSize", size, "fontSizeUnit", "Point",
		"fontWeight", weight, "textColor", "32,33,36,255", "textOpacity", "1", "multilineHeight", "0.9", "blendMode", "0")
	m.Empty("text-buffer", "bufferDraw", "1", "bufferSize", "0.7", "bufferSizeUnits", "MM", "bufferColor", "255,255,255,255",
		"bufferOpacity", "0.85", "bufferNoFill", "1", "bufferJoinStyle", "128", "bufferBlendMode", "0")
	m.End()
	m.Empty("text-format", "wrapChar", "", "autoWrapLength", "18", "useMaxLineLengthForAutoWrap", "1", "multilineAlign", "1",
		"formatNumbers", "0", "decimals", "3", "plussign", "0")
	m.Empty("placement", append(placement, "priority", priority, "centroidWhole", "1", "geometryGeneratorEnabled", "0")...)
	// Names of many points would cover a map of the whole country.
	many := layer.KindOf(l.Geometry) == layer.PointKind && len(l.Features) > 30
	m.Empty("rendering", "drawLabels", "1", "displayAll", "0", "obstacle", "1", "obstacleFactor", "1", "labelPerPart", "0",
		"minFeatureSize", "0", "scaleVisibility", flag(many), "scaleMin", "0", "scaleMax", "1200000", "fontLimitPixelSize", "0", "limitNumLabels", "0", "upsidedownLabels", "0", "zIndex", "0", "mergeLines", "0")
	m.End()
	m.End()
}
