package qgis

import (
	"strings"

	"github.com/paulmach/orb"

	"stpmap/flow/plaintext"
	"stpmap/render/internal/markup"
	"stpmap/render/page"
)

// atlas is a layout of one page for each footprint: its name, a map of it, what
// is known of it in words, scale, key and sources. Without a layer of footprints
// there is none.
func (p *Project) atlas(m *markup.Writer, extent orb.Bound) error {
	f := p.layer("footprints")
	if f == nil || !hasPlainName(&f.Layer) {
		return nil
	}
	s, err := page.NewSheet(p.Page, true, p.About.Foot())
	if err != nil {
		return err
	}
	p.openLayout(m, "Page for each footprint", s)
	name := ofPage(f.Layer.NameField())
	p.expression(m, "title", s.Title, "[% coalesce("+name+", 'Turn on the preview of the atlas: each footprint has a page') %]", 20*s.Unit, true, page.InkColour)
	p.expression(m, "subtitle", s.Subtitle, plaintext.QGIS(p.Title), 11*s.Unit, false, page.PaleColour)
	p.expression(m, "sources", s.Foot, plaintext.QGIS(strings.Join(s.FootLines, "\n")), page.FootPoints*s.Unit, false, page.PaleColour)

	p.mapItem(m, "map of a footprint", s, extent, true)
	half := s
	half.Key.H = float64(s.Key.H / 2)
	p.expression(m, "facts", half.Key, factLines(f), 9*s.Unit, false, page.InkColour)
	half.Key.Y += half.Key.H
	p.legend(m, "legend of a footprint", "map of a footprint", half)
	p.atlasScale(m, s)

	m.Empty("customproperties")
	m.Empty("Atlas", "enabled", "1", "coverageLayer", f.ID(), "coverageLayerName", plaintext.QGIS(f.Title()), "coverageLayerSource", f.Datasource(), "coverageLayerProvider", "ogr",
		"hideCoverage", "0", "pageNameExpression", quoteName("footprint"), "sortFeatures", "1", "sortKey", quoteName("footprint"), "sortAscending", "1", "filterFeatures", "0",
		"filenamePattern", "'footprint_'||"+quoteName("footprint"))
	m.End()
	return nil
}

// ofPage is the value of a field for the footprint of a page. A page that is shown
// without the atlas has no footprint, and the value is unknown there: with the
// field's name alone QGIS would show the expression itself.
func ofPage(field string) string {
	return "attribute(@atlas_feature, '" + strings.ReplaceAll(field, "'", "''") + "')"
}

// factLines are the facts of a footprint, one a line.
func factLines(f *ProjectLayer) string {
	var lines []string
	for _, one := range facts(&f.Layer, ofPage) {
		lines = append(lines, one.title+": [% "+one.expression+" %]")
	}
	return strings.Join(lines, "\n")
}

// expression places a text in which QGIS fills in the values of a footprint. The
// caller makes sure that no name stands in it.
func (p *Project) expression(m *markup.Writer, id string, b page.Box, text string, points float64, bold bool, colour string) {
	p.placeText(m, id+" of a footprint", b, text, points, bold, colour, 32)
}

// atlasScale is a scale bar that fits the page whatever the footprint's size.
func (p *Project) atlasScale(m *markup.Writer, s page.Sheet) {
	u := s.Unit
	p.item(m, layoutScaleBar, "scale bar of a footprint", page.Box{X: s.Key.X, Y: s.Key.Y + s.Key.H - float64(13*u), W: s.Key.W, H: float64(12 * u)}, 4, false,
		"background", "false", "style", "Single Box", "unitType", "km", "unitLabel", "km", "numMapUnitsPerScaleBarUnit", "1", "numSegments", "2", "numSegmentsLeft", "0",
		"numUnitsPerSegment", "5", "segmentSizeMode", "1", "segmentMillimeters", "10", "minBarWidth", markup.Decimal(25*u), "maxBarWidth", markup.Decimal(55*u),
		"height", markup.Decimal(2*u), "boxContentSpace", "1", "labelBarSpace", "1.5", "labelVerticalPlacement", "0", "labelHorizontalPlacement", "0",
		"outlineWidth", "0.2", "lineJoinStyle", "miter", "lineCapStyle", "square", "alignment", "0", "mapUuid", uuid("layout", "map of a footprint"), "numSubdivisions", "1", "subdivisionsHeight", "1.5")
	scaleStyle(m, u)
	m.End()
}
