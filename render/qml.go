package render

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// WriteQML writes the QGIS style of a layer, to lie beside the file of the
// same stem: its symbols, labels, and the columns' readable names. Every
// feature is drawn: a value without a class of its own is hatched as "Other".
// Sized symbols are in proportion to their number, area for points and width
// for lines. The error wraps ErrLayerName or ErrLayerShape if the layer is
// faulty, or is the writer's.
func WriteQML(w io.Writer, l Layer) error {
	if err := l.Check(); err != nil {
		return err
	}
	m := newMarkup(w)
	m.raw("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")
	m.start("qgis", "version", "3.22.0", "styleCategories", "Symbology|Labeling|Fields|Rendering",
		"labelsEnabled", flag(l.labelled()), "hasScaleBasedVisibilityFlag", "0",
		"simplifyDrawingHints", "1", "simplifyDrawingTol", "1", "simplifyLocal", "1", "simplifyMaxScale", "1", "simplifyAlgorithm", "0")
	writeStyle(m, &l)
	m.text("layerGeometryType", geometryNumber(l.Geometry))
	m.end()
	return m.close()
}

// writeStyle writes what a .qml and a project's <maplayer> share.
func writeStyle(m *markup, l *Layer) {
	writeRenderer(m, l)
	writeLabels(m, l)
	m.text("blendMode", "0")
	m.text("featureBlendMode", "0")
	m.text("layerOpacity", "1")
	m.start("aliases")
	for i, f := range l.Fields {
		m.empty("alias", "index", strconv.Itoa(i), "field", f.Name, "name", f.Alias)
	}
	m.end()
	if f := l.nameField(); f != "" {
		m.text("previewExpression", quoteName(f))
	}
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// geometryNumber is QGIS's number of a kind of geometry.
func geometryNumber(name string) string {
	switch geometryKind(name) {
	case pointKind:
		return "0"
	case lineKind:
		return "1"
	case areaKind:
		return "2"
	}
	return "4"
}

func (l *Layer) labelled() bool {
	return l.FieldIndex(l.Style.LabelField) >= 0 && geometryKind(l.Geometry) != noKind
}

// nameField is the column that stands for a feature in lists and tips.
func (l *Layer) nameField() string {
	for _, n := range [...]string{"name", l.Style.LabelField, "footprint", "code"} {
		if l.FieldIndex(n) >= 0 {
			return n
		}
	}
	return ""
}

// quoteName writes a column in QGIS's expression language.
func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// quoteText writes a string in QGIS's expression language.
func quoteText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

const otherLabel = "Other"

// legendEntry is one symbol of a layer as clients list it.
type legendEntry struct {
	class  Class
	filter string  // QGIS expression; "ELSE" for the rest; empty for all
	size   float64 // millimetres: points and lines
	scale  bool    // shows the scale of sized symbols, not a class
}

// entries are a layer's symbols in legend order. Every feature fits exactly
// one of them.
func (l *Layer) entries() []legendEntry {
	s := &l.Style
	k := geometryKind(l.Geometry)
	lo, hi := s.sizeRange(k)
	base := hi
	switch {
	case l.sizeField() >= 0:
		base = (lo + hi) / 2
	case s.Width > 0 && k == lineKind:
		base = s.Width
	case k == lineKind:
		base = 0.4
	case k == pointKind:
		base = 2.4
	}
	other := Class{Label: otherLabel, Colour: NotRated, Hatched: true}
	switch s.Kind {
	case StyleCategories, StyleGraduated:
		at := l.FieldIndex(s.Field)
		if at < 0 {
			break
		}
		var out []legendEntry
		q := quoteName(s.Field)
		first, needOther := true, false
		for _, c := range s.Classes {
			e := legendEntry{class: c, size: base}
			switch {
			case s.Kind == StyleCategories && known(c.Value) == nil:
				e.filter = q + " IS NULL"
			case s.Kind == StyleCategories:
				e.filter = q + " = " + expressionValue(c.Value)
			case c.forUnknown():
				e.filter = q + " IS NULL"
			case first || c.Lower == c.Upper:
				e.filter = fmt.Sprintf("%s >= %s AND %s <= %s", q, decimal(c.Lower), q, decimal(c.Upper))
				first = false
			default:
				e.filter = fmt.Sprintf("%s > %s AND %s <= %s", q, decimal(c.Lower), q, decimal(c.Upper))
			}
			out = append(out, e)
		}
		class := s.classifier()
		for i := range l.Features {
			if class(l.Features[i].Values[at]) < 0 {
				needOther = true
				break
			}
		}
		if needOther || len(out) == 0 {
			out = append(out, legendEntry{class: other, filter: "ELSE", size: base})
		}
		return out
	}
	one := Class{Label: l.Title, Colour: s.Colour}
	if one.Colour == "" {
		one.Colour = "#77aadd"
	}
	if at := l.sizeField(); at >= 0 {
		return l.sizeEntries(one, at)
	}
	return []legendEntry{{class: one, size: base}}
}

// keyEntries are the entries of a picture's legend: those of the layer, and the
// scale of sizes where points differ in class and size.
func (l *Layer) keyEntries() []legendEntry {
	es := l.entries()
	at := l.sizeField()
	if l.Style.Kind != StyleCategories || at < 0 || geometryKind(l.Geometry) != pointKind {
		return es
	}
	for _, e := range l.sizeEntries(Class{Colour: l.Style.Colour}, at) {
		if e.filter != "ELSE" {
			e.class.Label += " " + strings.ToLower(l.Fields[at].Alias)
			es = append(es, e)
		}
	}
	return es
}

// sizeEntries cut a layer of one colour by size, so that the legend has a
// scale; each symbol is still drawn in exact proportion.
func (l *Layer) sizeEntries(one Class, at int) []legendEntry {
	s, k := &l.Style, geometryKind(l.Geometry)
	top := l.top(at)
	q := quoteName(l.Fields[at].Name)
	sizes := legendSizes(top)
	var out []legendEntry
	for i, v := range sizes {
		c := one
		e := legendEntry{class: c, size: s.sized(k, v, top), scale: true}
		e.class.Label = "about " + plainNumber(v)
		// Between two round numbers the cut lies at their geometric mean.
		var parts []string
		if i > 0 {
			parts = append(parts, q+" < "+decimal(math.Sqrt(v*sizes[i-1])))
		}
		if i+1 < len(sizes) {
			parts = append(parts, q+" >= "+decimal(math.Sqrt(v*sizes[i+1])))
		}
		if len(parts) == 0 {
			parts = append(parts, q+" IS NOT NULL")
		}
		e.filter = strings.Join(parts, " AND ")
		out = append(out, e)
	}
	unknown := false
	for i := range l.Features {
		if _, ok := numeric(l.Features[i].Values[at]); !ok {
			unknown = true
		}
	}
	if unknown || len(out) == 0 {
		lo, _ := s.sizeRange(k)
		c := Class{Label: "Not known", Colour: NotRated, Hatched: true}
		if len(out) == 0 && !unknown {
			c = one
		}
		out = append(out, legendEntry{class: c, filter: "ELSE", size: lo, scale: true})
	}
	return out
}

func expressionValue(v any) string {
	switch x := v.(type) {
	case string:
		return quoteText(x)
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case int:
		return strconv.Itoa(x)
	case float64:
		return decimal(x)
	}
	return quoteText(fmt.Sprint(v))
}

// categoryValue is a class value as QGIS compares it: the text of the value,
// and empty for whatever no other category holds.
func categoryValue(v any) (value, typ string) {
	switch x := known(v).(type) {
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
		return decimal(x), "double"
	}
	return fmt.Sprint(v), "string"
}

func writeRenderer(m *markup, l *Layer) {
	k := geometryKind(l.Geometry)
	if k == noKind {
		m.empty("renderer-v2", "type", "nullSymbol")
		return
	}
	es := l.entries()
	common := []string{"symbollevels", "0", "forceraster", "0", "referencescale", "-1", "enableorderby", "0"}
	plain := l.Style.Kind == StyleGraduated && len(es) > 0 &&
		!slices.ContainsFunc(es, func(e legendEntry) bool { return e.filter == "ELSE" || e.class.forUnknown() })
	switch {
	case l.Style.Kind == StyleCategories && l.FieldIndex(l.Style.Field) >= 0:
		m.start("renderer-v2", append([]string{"type", "categorizedSymbol", "attr", l.Style.Field}, common...)...)
		m.start("categories")
		rest := false
		for i, e := range es {
			value, typ := categoryValue(e.class.Value)
			if e.filter == "ELSE" {
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
			m.empty("category", "value", value, "type", typ, "label", e.class.Label, "symbol", strconv.Itoa(i), "render", "true")
		}
		m.end()
	case plain:
		m.start("renderer-v2", append([]string{"type", "graduatedSymbol", "attr", l.Style.Field, "graduatedMethod", "GraduatedColor"}, common...)...)
		m.start("ranges")
		for i, e := range es {
			m.empty("range", "lower", decimal(e.class.Lower), "upper", decimal(e.class.Upper),
				"label", e.class.Label, "symbol", strconv.Itoa(i), "render", "true")
		}
		m.end()
	case len(es) > 0 && es[0].filter != "":
		m.start("renderer-v2", append([]string{"type", "RuleRenderer"}, common...)...)
		m.start("rules", "key", uuid(l.Name, "rules"))
		for i, e := range es {
			m.empty("rule", "filter", e.filter, "label", e.class.Label, "symbol", strconv.Itoa(i), "key", uuid(l.Name, "rule", strconv.Itoa(i)))
		}
		m.end()
	default:
		m.start("renderer-v2", append([]string{"type", "singleSymbol"}, common...)...)
	}
	m.start("symbols")
	for i, e := range es {
		writeSymbol(m, l, strconv.Itoa(i), e)
	}
	m.end()
	m.empty("rotation")
	m.empty("sizescale")
	m.end()
}

func writeLabels(m *markup, l *Layer) {
	if !l.labelled() {
		return
	}
	size, weight, priority := "8", "50", "5"
	placement := []string{"placement", "1", "centroidInside", "1", "fitInPolygonOnly", "0", "polygonPlacementFlags", "2"}
	switch geometryKind(l.Geometry) {
	case areaKind:
		size, weight, priority = "8.5", "63", "8"
	case pointKind:
		placement = []string{"placement", "6", "offsetType", "1", "dist", "0.6"}
	case lineKind:
		placement = []string{"placement", "3"}
	}
	m.start("labeling", "type", "simple")
	m.start("settings", "calloutType", "simple")
	m.start("text-style", "fieldName", l.Style.LabelField, "isExpression", "0", "fontSize", size, "fontSizeUnit", "Point",
		"fontWeight", weight, "textColor", "32,33,36,255", "textOpacity", "1", "multilineHeight", "0.9", "blendMode", "0")
	m.empty("text-buffer", "bufferDraw", "1", "bufferSize", "0.7", "bufferSizeUnits", "MM", "bufferColor", "255,255,255,255",
		"bufferOpacity", "0.85", "bufferNoFill", "1", "bufferJoinStyle", "128", "bufferBlendMode", "0")
	m.end()
	m.empty("text-format", "wrapChar", "", "autoWrapLength", "18", "useMaxLineLengthForAutoWrap", "1", "multilineAlign", "1",
		"formatNumbers", "0", "decimals", "3", "plussign", "0")
	m.empty("placement", append(placement, "priority", priority, "centroidWhole", "1", "geometryGeneratorEnabled", "0")...)
	// Names of many points would cover a map of the whole country.
	many := geometryKind(l.Geometry) == pointKind && len(l.Features) > 30
	m.empty("rendering", "drawLabels", "1", "displayAll", "0", "obstacle", "1", "obstacleFactor", "1", "labelPerPart", "0",
		"minFeatureSize", "0", "scaleVisibility", flag(many), "scaleMin", "0", "scaleMax", "1200000", "fontLimitPixelSize", "0", "limitNumLabels", "0", "upsidedownLabels", "0", "zIndex", "0", "mergeLines", "0")
	m.end()
	m.end()
}
